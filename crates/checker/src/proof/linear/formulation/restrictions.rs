//! Directions and numbers of features: what the model adds for them.
//!
//! A hidden neuron *rises* if a path of non-zero weights leads to it from a feature with a direction, the product of its weights having the sign
//! asked for, and *falls* if one leads there with the other sign. For every network that keeps to the directions the true answers satisfy the rows:
//! a positive weight hands both on as they are, a negative one exchanged, and the output does not fall. Neither complements nor orders of neurons
//! change whether a network keeps to them, nor do zeros in place of weights.

use super::{Step, Terms, Walk};
use crate::number::Rational;

impl Walk<'_> {
    /// The bounds of a weight of layer `k` from input `l`: one sign only without hidden layers, where the feature has a direction.
    pub(super) fn weight_bounds(&self, k: usize, l: usize) -> [Rational; 2] {
        let direct =
            if k == 0 && self.setting.hidden.is_empty() { self.setting.restrictions.direction(l) } else { None };
        match direct {
            None => [-&self.bound, self.bound.clone()],
            Some(true) => [Rational::ZERO, self.bound.clone()],
            Some(false) => [-&self.bound, Rational::ZERO],
        }
    }

    pub(super) fn restrictions(&mut self) -> Step<()> {
        if !self.setting.restrictions.monotone.is_empty() && !self.setting.hidden.is_empty() {
            self.directions()?;
        }
        self.features()
    }

    fn binary(&mut self, name: &str) -> Step<usize> {
        self.free_of_cost(name, true, [&Rational::ZERO, &Rational::ONE])
    }

    fn directions(&mut self) -> Step<()> {
        let setting = self.setting;
        let (bound, widths) = (self.bound.clone(), setting.widths());
        let mut trends: Vec<Vec<[usize; 2]>> = vec![];
        for (k, &outputs) in setting.hidden.iter().enumerate() {
            let mut layer = vec![];
            for j in 0..outputs {
                layer
                    .push([self.binary(&format!("rise_{}_{j}", k + 1))?, self.binary(&format!("fall_{}_{j}", k + 1))?]);
            }
            trends.push(layer);
        }
        let first = self.weights.first().copied().unwrap_or(0);
        for (j, &[rise, fall]) in trends.first().into_iter().flatten().enumerate() {
            for monotone in &setting.restrictions.monotone {
                let (l, rises) = monotone.value;
                let w = first + j * setting.inputs + l;
                let s = if rises { Rational::ONE } else { -Rational::ONE };
                for (what, column, sign) in [("rises", rise, -&s), ("falls", fall, s.clone())] {
                    let terms = vec![(column, bound.clone()), (w, sign)];
                    self.at_least(&format!("{what}_1_{j}_{l}"), terms, &Rational::ZERO)?;
                }
            }
        }
        for (k, pair) in widths.windows(2).enumerate().skip(1) {
            let &[inputs, outputs] = pair else { continue };
            let (first, name) = (self.weights.get(k).copied().unwrap_or(0), k + 1);
            for j in 0..outputs {
                let own = trends.get(k).and_then(|layer| layer.get(j)).copied();
                for (l, &[rise, fall]) in trends.get(k - 1).into_iter().flatten().enumerate() {
                    let w = first + j * inputs + l;
                    // A weight of this sign makes `to` of what is `from`; where there is no `to`, it must not be.
                    let mut rows: Vec<(&str, Rational, usize, Option<usize>)> = vec![];
                    if let Some([rises, _]) = own {
                        rows.push(("rise_rise", Rational::ONE, rise, Some(rises)));
                        rows.push(("fall_rise", -Rational::ONE, fall, Some(rises)));
                    }
                    let falls = own.map(|[_, falls]| falls);
                    rows.push(("rise_fall", -Rational::ONE, rise, falls));
                    rows.push(("fall_fall", Rational::ONE, fall, falls));
                    for (what, sign, from, to) in rows {
                        let mut terms: Terms = vec![(w, -sign), (from, -&bound)];
                        terms.extend(to.map(|to| (to, bound.clone())));
                        self.at_least(&format!("{what}_{name}_{j}_{l}"), terms, &-&bound)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn features(&mut self) -> Step<()> {
        let setting = self.setting;
        let Some(most) = setting.restrictions.fewer_features(setting.inputs) else { return Ok(()) };
        let (bound, first) = (self.bound.clone(), self.weights.first().copied().unwrap_or(0));
        let mut features = vec![];
        for l in 0..setting.inputs {
            features.push(self.binary(&format!("v_{l}"))?);
        }
        let outputs = setting.widths().get(1).copied().unwrap_or(0);
        for j in 0..outputs {
            for (l, &v) in features.iter().enumerate() {
                self.both_sides("used", &format!("{j}_{l}"), (v, &bound), first + j * setting.inputs + l)?;
            }
        }
        let terms = features.into_iter().map(|v| (v, Rational::ONE)).collect();
        self.at_most("features", terms, &Rational::from(most))
    }
}
