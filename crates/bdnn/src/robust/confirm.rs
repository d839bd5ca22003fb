//! What the search may believe: refutations by multipliers, and the decision in rationals where guesses fail.

use super::worst_case::WorstCase;
use crate::exact::{Dyadic, Inputs, Neuron};
use crate::separation::exact;
use crate::{Norm, Rational, Stop};
use budget::Effort;
use numerics::tolerances::{EXTRA_OPERATIONS, RELATIVE_PER_OPERATION};
use numerics::{RationalLp, Solution};
use std::cmp::Ordering;

/// The largest tableau (rows times columns) that is solved in rationals: a few seconds at most.
const LARGEST_EXACT: usize = 40_000;

/// The first layer around one point.
pub(super) struct Ball<'a> {
    pub(super) case: &'a WorstCase<'a>,
    pub(super) at: Inputs<'a>,
}

/// What rationals say of a set of activations.
pub(super) enum Exact {
    /// These moves have them.
    Feasible(Vec<Rational>),
    Infeasible,
    /// The program is too large to be worth it, or there is no time for it.
    TooLarge,
}

impl Ball<'_> {
    fn neuron(&self, j: usize) -> &Neuron {
        &self.case.network.layers[0][j]
    }

    /// `delta` shrunk into the ball, which rounding may have left by a hair.
    pub(super) fn inside(&self, mut delta: Vec<f64>) -> Vec<f64> {
        let ball = self.case.ball;
        let fits = |delta: &[f64]| match ball.norm {
            Norm::Linf => delta.iter().all(|d| d.abs() <= ball.radius),
            Norm::L1 => {
                let mut left = Dyadic::from_f64(ball.radius);
                delta.iter().for_each(|d| left.add(&Dyadic::from_f64(-d.abs())));
                left.sign() != Ordering::Less
            }
        };
        let mut step = EXTRA_OPERATIONS * RELATIVE_PER_OPERATION;
        while !fits(&delta) {
            delta.iter_mut().for_each(|d| *d *= 1.0 - step.min(1.0));
            step *= 2.0;
        }
        delta
    }

    /// The activations of the whole first layer at the point moved by `delta`, exactly.
    pub(super) fn activations(&self, delta: &[f64]) -> Vec<bool> {
        let neurons = self.case.network.layers[0].iter();
        neurons.map(|neuron| neuron.sign_moved(self.at, delta) != Ordering::Less).collect()
    }

    /// The same for moves in rationals.
    pub(super) fn activations_exactly(&self, delta: &[Rational]) -> Vec<bool> {
        let value = |neuron: &Neuron| {
            let terms = neuron.weights().iter().zip(delta);
            terms.fold(neuron.value(self.at.raw), |sum, (&w, d)| sum + exact(w) * d)
        };
        self.case.network.layers[0].iter().map(|neuron| value(neuron) >= Rational::ZERO).collect()
    }

    /// Whether the multipliers prove that no point of the ball has the activations `wanted`. Multipliers of the wrong
    /// sign, and of neurons without a wanted activation, are left out.
    pub(super) fn refutes(&self, multipliers: &[(usize, f64)], wanted: &[Option<bool>]) -> bool {
        let fits = |&&(j, mu): &&(usize, f64)| wanted[j].is_some_and(|fires| mu != 0.0 && (mu > 0.0) == fires);
        let multipliers: Vec<(usize, f64)> = multipliers.iter().filter(fits).copied().collect();
        multipliers.iter().all(|(_, mu)| mu.is_finite())
            && (self.surely_negative(&multipliers) || self.refutes_exactly(&multipliers))
    }

    /// Whether sum mu a + r ||sum mu w||_* < 0 whatever was rounded on the way (Higham 2002, section 3.1).
    fn surely_negative(&self, multipliers: &[(usize, f64)]) -> bool {
        let features = self.at.raw.len();
        let (mut value, mut magnitude, mut error) = (0.0, 0.0, 0.0);
        let mut normal = vec![0.0; features];
        let mut sizes = vec![0.0; features];
        for &(j, mu) in multipliers {
            let neuron = self.neuron(j);
            let a = neuron.estimate(self.at.scaled);
            value += mu * a.value;
            magnitude += (mu * a.value).abs();
            error += mu.abs() * a.error;
            for (k, &w) in neuron.weights().iter().enumerate() {
                normal[k] += mu * w;
                sizes[k] += (mu * w).abs();
            }
        }
        let radius = self.case.ball.radius;
        let norm = match self.case.ball.norm {
            Norm::Linf => normal.iter().map(|v: &f64| v.abs()).sum::<f64>(),
            Norm::L1 => normal.iter().fold(0.0, |most: f64, v| most.max(v.abs())),
        };
        // Every quantity takes part in fewer roundings than this; sizes bound the norm's terms.
        let operations = (multipliers.len() + features) as f64 + 2.0 * EXTRA_OPERATIONS;
        let rounding =
            operations * RELATIVE_PER_OPERATION * (magnitude + error + 2.0 * radius * sizes.iter().sum::<f64>());
        value + radius * norm + 2.0 * (error + rounding + f64::MIN_POSITIVE * operations) < 0.0
    }

    fn refutes_exactly(&self, multipliers: &[(usize, f64)]) -> bool {
        let Some(&(first, _)) = multipliers.first() else { return false };
        let features = self.at.raw.len();
        let mut sum = Dyadic::ZERO;
        let mut normal = vec![Dyadic::ZERO; features];
        for &(j, mu) in multipliers {
            let (neuron, mu) = (self.neuron(j), Dyadic::from_f64(mu));
            sum.add(&neuron.numerator(self.at.raw).times(&mu));
            for (v, &w) in normal.iter_mut().zip(neuron.weights()) {
                v.add(&mu.times(&Dyadic::from_f64(w)));
            }
        }
        let sizes = normal.iter().map(Dyadic::abs);
        let norm = match self.case.ball.norm {
            Norm::Linf => sizes.fold(Dyadic::ZERO, |mut sum, v| {
                sum.add(&v);
                sum
            }),
            Norm::L1 => sizes.fold(Dyadic::ZERO, |most, v| {
                let mut lead = v.clone();
                lead.add(&most.negated());
                if lead.sign() == Ordering::Greater { v } else { most }
            }),
        };
        let reach = norm.times(&Dyadic::from_f64(self.case.ball.radius));
        sum.add(&self.neuron(first).in_numerators(&reach));
        match sum.sign() {
            Ordering::Less => true,
            // Some neuron must rest, a < 0, so the sum would be strictly positive where it is feasible.
            Ordering::Equal => multipliers.iter().any(|&(_, mu)| mu < 0.0),
            Ordering::Greater => false,
        }
    }

    /// Decides in rationals whether a point of the ball has the activations `wanted`: the dual of
    /// max { gamma : a_j >= 0 where j fires, a_j <= -gamma where it rests, delta in the ball }, or of
    /// max { gamma : a_j >= gamma } where none has to rest.
    pub(super) fn decide(&self, wanted: &[Option<bool>], stop: &Stop<'_>) -> Exact {
        let rows: Vec<(usize, bool)> =
            wanted.iter().enumerate().filter_map(|(j, fires)| fires.map(|fires| (j, fires))).collect();
        let features = self.at.raw.len();
        let resting = rows.iter().any(|&(_, fires)| !fires);
        let by_parts = self.case.ball.norm == Norm::L1;
        let equations = if by_parts { 2 * features } else { features };
        if (equations + 1) * (rows.len() + 2 * equations) > LARGEST_EXACT {
            return Exact::TooLarge;
        }
        let mut rhs = vec![Rational::ZERO; equations];
        rhs.push(Rational::ONE);
        let mut lp = RationalLp::new(rhs);
        for &(j, fires) in &rows {
            let neuron = self.neuron(j);
            let sign = if fires { Rational::ONE } else { -Rational::ONE };
            let mut column: Vec<(usize, Rational)> = vec![];
            for (k, &w) in neuron.weights().iter().enumerate() {
                let entry = &sign * exact(w);
                if by_parts {
                    column.push((features + k, -entry.clone()));
                }
                column.push((k, entry));
            }
            if fires != resting {
                column.push((equations, Rational::ONE));
            }
            lp.column(sign * neuron.value(self.at.raw), column);
        }
        let radius = exact(self.case.ball.radius);
        for k in 0..features {
            if by_parts {
                lp.column(Rational::ZERO, [(k, Rational::ONE)]);
                lp.column(Rational::ZERO, [(features + k, Rational::ONE)]);
            } else {
                lp.column(radius.clone(), [(k, -Rational::ONE)]);
                lp.column(radius.clone(), [(k, Rational::ONE)]);
            }
        }
        if by_parts {
            lp.column(radius, (0..equations).map(|k| (k, -Rational::ONE)));
        }
        let Some(solution) = lp.solve_within(&mut Effort { words: u64::MAX, stop }) else { return Exact::TooLarge };
        match solution {
            Solution::Optimal { duals, objective: gamma, .. } => {
                let possible = if resting { gamma > Rational::ZERO } else { gamma >= Rational::ZERO };
                if !possible {
                    return Exact::Infeasible;
                }
                let part = |k: usize| if by_parts { duals[features + k].clone() } else { Rational::ZERO };
                Exact::Feasible((0..features).map(|k| part(k) - &duals[k]).collect())
            }
            // The firing neurons alone ask too much.
            Solution::Unbounded => Exact::Infeasible,
            // Some row has the norm's entry, and every equation has columns of both signs.
            Solution::Infeasible => unreachable!("multipliers exist"),
        }
    }
}
