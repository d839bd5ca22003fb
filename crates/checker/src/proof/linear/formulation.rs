//! Whether a model is a formulation of a training problem: no network with the margin is lost, and none costs more in it.
//!
//! The walk goes through the columns and the rows that `docs/certificate-format.md` lists, in order, and compares each with
//! that of the file. What has no numbers of the data in it is compared exactly (sides and bounds may be weaker). The rows of
//! activations and the costs of regularisation hold rounded numbers; there the walk proves that the row holds for every network
//! all the same, by the bounds on pre-activations of `docs/model.md`. What rounding can add to the objective is returned.

mod restrictions;

use super::super::problem::Problem;
use super::distances::Distances;
use super::rounded::{Rounded, Step};
use crate::model::{Model, Row, Sense, Terms, shorten};
use crate::network::setting::{Domain, Setting};
use crate::network::{Loss, Norm};
use crate::number::Rational;
use std::collections::BTreeMap;
use std::ops::Range;

/// Parts whose activations order the neurons of a layer.
const ORDER_PARTS: usize = 10;

/// Proves that every network has a point of the model whose objective exceeds its own by at most what is returned.
pub(super) fn compare(problem: &Problem, epsilon: &Rational, model: &Model) -> Step<Rational> {
    if model.sense != Sense::Minimise {
        return Err("the objective is maximised".to_owned());
    }
    let scaler = &problem.setting.scaler;
    let scaled = |point: &[Rational]| -> Vec<Rational> {
        let maps = scaler.shift.iter().zip(&scaler.divisor);
        // Divisors are positive: the reader saw to that.
        point.iter().zip(maps).map(|(raw, (shift, divisor))| (raw - shift) / divisor).collect()
    };
    let distances = Distances::new(problem.points.iter().map(|point| scaled(&point.value)).collect())?;
    let bound = match &problem.setting.domain {
        Domain::Continuous => Rational::ONE,
        Domain::Integer(bound) => bound.clone(),
    };
    let mut walk = Walk {
        problem,
        setting: &problem.setting,
        epsilon,
        model,
        distances,
        bound,
        costs: vec![],
        rows: 0,
        weights: vec![],
        activations: vec![],
        offset: Rational::ZERO,
    };
    let widths = problem.setting.widths();
    for (k, (&inputs, &outputs)) in widths.iter().zip(widths.iter().skip(1)).enumerate() {
        walk.layer(k, inputs, outputs)?;
    }
    walk.loss()?;
    walk.limits()?;
    walk.restrictions()?;
    walk.order()?;
    walk.finish()
}

/// What a column costs in the objective of the problem.
struct Cost {
    cost: Rational,
    /// The cost in the file may differ, and the column takes values from 0 to this.
    up_to: Option<Rational>,
}

/// The activations of a layer, by part and neuron.
struct Activations {
    first: usize,
    outputs: usize,
}

impl Activations {
    fn at(&self, part: usize, j: usize) -> usize {
        self.first + part * self.outputs + j
    }
}

/// How large a pre-activation gets, perturbations included.
struct Reach {
    /// a - rho >= -resting where a neuron rests.
    resting: Rational,
    /// a + rho <= firing where it fires.
    firing: Rational,
}

struct Walk<'a> {
    problem: &'a Problem,
    setting: &'a Setting,
    epsilon: &'a Rational,
    model: &'a Model,
    distances: Distances,
    /// B.
    bound: Rational,
    /// Of each column that was found.
    costs: Vec<Cost>,
    /// Rows that were found.
    rows: usize,
    /// The column of the first weight of each layer.
    weights: Vec<usize>,
    /// By layer.
    activations: Vec<Activations>,
    offset: Rational,
}

impl<'a> Walk<'a> {
    /// The next column, whose bounds are no tighter than these.
    fn column(&mut self, name: &str, integer: bool, [low, high]: [&Rational; 2], cost: Cost) -> Step<usize> {
        let index = self.costs.len();
        let Some(column) = self.model.columns.get(index) else {
            return Err(format!("column `{name}` is missing at the end"));
        };
        if column.name != name {
            return Err(format!("column `{}` stands where `{name}` should", shorten(&column.name)));
        }
        if column.integer != integer {
            return Err(format!("column `{name}` must {}be integer", if integer { "" } else { "not " }));
        }
        if column.lower.as_ref().is_some_and(|lower| lower > low)
            || column.upper.as_ref().is_some_and(|upper| upper < high)
        {
            return Err(format!("the bounds of column `{name}` exclude networks"));
        }
        self.costs.push(cost);
        Ok(index)
    }

    fn free_of_cost(&mut self, name: &str, integer: bool, bounds: [&Rational; 2]) -> Step<usize> {
        self.column(name, integer, bounds, Cost { cost: Rational::ZERO, up_to: None })
    }

    /// The next row.
    fn row(&mut self, name: &str) -> Step<&'a Row> {
        let Some(row) = self.model.rows.get(self.rows) else {
            return Err(format!("row `{name}` is missing at the end"));
        };
        if row.name != name {
            return Err(format!("row `{}` stands where `{name}` should", shorten(&row.name)));
        }
        self.rows += 1;
        Ok(row)
    }

    /// The next row, which is `terms >= lower` or weaker.
    fn at_least(&mut self, name: &str, terms: Terms, lower: &Rational) -> Step<()> {
        self.exactly(name, terms, Some(lower), None)
    }

    /// The next row, which is `terms <= upper` or weaker.
    fn at_most(&mut self, name: &str, terms: Terms, upper: &Rational) -> Step<()> {
        self.exactly(name, terms, None, Some(upper))
    }

    fn exactly(
        &mut self,
        name: &str,
        mut terms: Terms,
        lower: Option<&Rational>,
        upper: Option<&Rational>,
    ) -> Step<()> {
        let row = self.row(name)?;
        terms.sort_by_key(|(column, _)| *column);
        if row.terms != terms {
            return Err(format!("row `{name}` has other coefficients"));
        }
        let weaker = row.lower.as_ref().is_none_or(|found| lower.is_some_and(|lower| found <= lower))
            && row.upper.as_ref().is_none_or(|found| upper.is_some_and(|upper| found >= upper));
        if weaker { Ok(()) } else { Err(format!("the sides of row `{name}` exclude networks")) }
    }

    /// Columns and rows of layer `k`, from 0; names count from 1.
    fn layer(&mut self, k: usize, inputs: usize, outputs: usize) -> Step<()> {
        let (zero, one) = (Rational::ZERO, Rational::ONE);
        let name = k + 1;
        let integer = self.setting.domain != Domain::Continuous;
        let weights = self.costs.len();
        self.weights.push(weights);
        for j in 0..outputs {
            for l in 0..inputs {
                let [low, high] = self.weight_bounds(k, l);
                self.free_of_cost(&format!("w_{name}_{j}_{l}"), integer, [&low, &high])?;
            }
        }
        let biases = self.costs.len();
        if self.setting.bias {
            let [low, high] = self.bias_bounds(k, inputs);
            for j in 0..outputs {
                self.free_of_cost(&format!("b_{name}_{j}"), false, [&low, &high])?;
            }
        }
        let norms = self.regularisation(k, inputs, weights..biases)?;
        let activations = Activations { first: self.costs.len(), outputs };
        for p in 0..self.problem.parts {
            for j in 0..outputs {
                // With biases every hidden neuron fires on the first part: complementing it changes nothing else.
                let anchored = p == 0 && self.setting.bias && k < self.setting.hidden.len();
                let low = if anchored { &one } else { &zero };
                self.free_of_cost(&format!("u_{name}_{p}_{j}"), true, [low, &one])?;
            }
        }
        let bias = |j: usize| self.setting.bias.then_some(biases + j);
        if k == 0 {
            for i in 0..self.distances.points.len() {
                let reach = self.first_reach(i);
                for j in 0..outputs {
                    let point = self.distances.points.get(i).map_or(&[][..], Vec::as_slice);
                    let first = weights + j * inputs;
                    let value: Terms = (first..).zip(point.iter().cloned()).collect();
                    let ball = norms.get(j).map_or(&[][..], Vec::as_slice);
                    let part = self.problem.part_of.get(i).copied().unwrap_or(0);
                    let u = activations.at(part, j);
                    self.activation(&format!("1_{i}_{j}"), &value, bias(j), ball, u, &reach)?;
                }
            }
        } else {
            let products = self.products(k, inputs, outputs, weights)?;
            let reach = self.later_reach(inputs);
            for p in 0..self.problem.parts {
                for j in 0..outputs {
                    let first = products + (p * outputs + j) * inputs;
                    let value: Terms = (first..first + inputs).map(|s| (s, Rational::ONE)).collect();
                    let u = activations.at(p, j);
                    self.activation(&format!("{name}_{p}_{j}"), &value, bias(j), &[], u, &reach)?;
                }
            }
        }
        self.activations.push(activations);
        Ok(())
    }

    /// -max(B X, epsilon) and max(B X - epsilon, 0): room for what a neuron that is not constant needs, and for constant ones.
    fn bias_bounds(&self, k: usize, inputs: usize) -> [Rational; 2] {
        let size = match k {
            0 => self.distances.norms.iter().max().cloned().unwrap_or_default(),
            _ => Rational::from(inputs),
        };
        let most = &self.bound * size;
        [-(&most).max(self.epsilon).clone(), (most - self.epsilon).max(Rational::ZERO)]
    }

    fn first_reach(&self, i: usize) -> Reach {
        let of = |sizes: &[Rational]| &self.bound * sizes.get(i).cloned().unwrap_or_default();
        if self.setting.bias {
            return self.with_bias(&of(&self.distances.farthest));
        }
        let ball = match &self.setting.robust {
            None => Rational::ZERO,
            Some((Norm::Linf, radius)) => radius * &self.bound * Rational::from(self.setting.inputs),
            Some((Norm::L1, radius)) => radius * &self.bound,
        };
        let most = of(&self.distances.norms) + ball;
        Reach { resting: most.clone(), firing: most }
    }

    fn later_reach(&self, inputs: usize) -> Reach {
        let most = &self.bound * Rational::from(inputs);
        if self.setting.bias { self.with_bias(&most) } else { Reach { resting: most.clone(), firing: most } }
    }

    /// From B times the distance to the farthest point, which may rest where this one fires, and the other way round.
    fn with_bias(&self, spread: &Rational) -> Reach {
        let firing = (spread - self.epsilon).max(Rational::ZERO);
        Reach { resting: spread.max(self.epsilon).clone(), firing }
    }

    /// Absolute values, indicators and norms of the weights in these columns. With robust training, for each neuron the columns
    /// whose sum bounds the norm of its weights.
    fn regularisation(&mut self, k: usize, inputs: usize, weights: Range<usize>) -> Step<Vec<Vec<usize>>> {
        let (zero, one) = (Rational::ZERO, Rational::ONE);
        let bound = self.bound.clone();
        let name = k + 1;
        let ball =
            self.setting.robust.as_ref().filter(|(_, radius)| k == 0 && !radius.is_zero()).map(|(norm, _)| *norm);
        let (l0, l1) = (self.setting.l0.clone(), self.setting.l1.clone());
        let (with_magnitudes, with_indicators) = (!l1.is_zero() || ball == Some(Norm::Linf), !l0.is_zero());
        let mut magnitudes = vec![];
        for w in weights.clone() {
            let at = w - weights.start;
            let which = format!("{name}_{}_{}", at / inputs, at % inputs);
            if with_magnitudes {
                let cost = Cost { cost: l1.clone(), up_to: Some(bound.clone()) };
                let xi = self.column(&format!("xi_{which}"), false, [&zero, &bound], cost)?;
                self.both_sides("abs", &which, (xi, &one), w)?;
                magnitudes.push(xi);
            }
            if with_indicators {
                let cost = Cost { cost: l0.clone(), up_to: Some(Rational::ONE) };
                let z = self.column(&format!("z_{which}"), true, [&zero, &one], cost)?;
                self.both_sides("zero", &which, (z, &bound), w)?;
            }
        }
        match ball {
            None => Ok(vec![]),
            Some(Norm::Linf) => Ok(magnitudes.chunks(inputs).map(<[usize]>::to_vec).collect()),
            Some(Norm::L1) => {
                let mut norms = vec![];
                for (j, first) in weights.step_by(inputs).enumerate() {
                    let norm = self.free_of_cost(&format!("norm_{j}"), false, [&zero, &bound])?;
                    for l in 0..inputs {
                        self.both_sides("norm", &format!("{j}_{l}"), (norm, &one), first + l)?;
                    }
                    norms.push(vec![norm]);
                }
                Ok(norms)
            }
        }
    }

    /// `a column - w >= 0` and `a column + w >= 0`.
    fn both_sides(&mut self, name: &str, which: &str, (column, a): (usize, &Rational), w: usize) -> Step<()> {
        for (side, sign) in [("hi", -Rational::ONE), ("lo", Rational::ONE)] {
            let terms = vec![(column, a.clone()), (w, sign)];
            self.at_least(&format!("{name}_{side}_{which}"), terms, &Rational::ZERO)?;
        }
        Ok(())
    }

    /// The products s of weights of layer `k` and activations before it; gives the first of their columns.
    fn products(&mut self, k: usize, inputs: usize, outputs: usize, weights: usize) -> Step<usize> {
        let (bound, least) = (self.bound.clone(), -&self.bound);
        let (zero, one, minus) = (Rational::ZERO, Rational::ONE, -Rational::ONE);
        let first = self.costs.len();
        for p in 0..self.problem.parts {
            for j in 0..outputs {
                for l in 0..inputs {
                    let name = format!("{}_{p}_{j}_{l}", k + 1);
                    let s = self.free_of_cost(&format!("s_{name}"), false, [&least, &bound])?;
                    let w = weights + j * inputs + l;
                    let Some(u) = self.activations.last().map(|before| before.at(p, l)) else { continue };
                    let off = |a: &Rational| vec![(s, one.clone()), (u, a.clone())];
                    let on = |a: &Rational| vec![(s, one.clone()), (w, minus.clone()), (u, a.clone())];
                    self.at_most(&format!("and_off_hi_{name}"), off(&least), &zero)?;
                    self.at_least(&format!("and_off_lo_{name}"), off(&bound), &zero)?;
                    self.at_most(&format!("and_on_hi_{name}"), on(&bound), &bound)?;
                    self.at_least(&format!("and_on_lo_{name}"), on(&least), &least)?;
                }
            }
        }
        Ok(first)
    }

    /// The two rows that tie `u` to a pre-activation a = value + bias under perturbations of up to rho = radius * (sum of the
    /// columns `ball`, if they are magnitudes or a norm). Weights (and products) are at most B in magnitude.
    fn activation(
        &mut self,
        name: &str,
        value: &[(usize, Rational)],
        bias: Option<usize>,
        ball: &[usize],
        u: usize,
        reach: &Reach,
    ) -> Step<()> {
        let radius = self.setting.robust.as_ref().map_or(Rational::ZERO, |(_, radius)| radius.clone());
        let rounded = Rounded { value, bias, ball, radius, u, bound: self.bound.clone() };
        let excludes = |name: String| Err(format!("row `{name}` excludes networks"));

        // Where u = 1, a - rho >= 0; where u = 0, a - rho >= -resting.
        let fire = format!("fire_{name}");
        let row = self.row(&fire)?;
        let (switch, error) = rounded.read(row, false).map_err(|what| format!("row `{fire}`: {what}"))?;
        let holds = |lower: &Rational| &switch - &error >= *lower && -(&reach.resting + &error) >= *lower;
        if row.upper.is_some() || !row.lower.as_ref().is_none_or(holds) {
            return excludes(fire);
        }

        // Where u = 1, a + rho <= firing; where u = 0, a + rho <= -epsilon.
        let rest = format!("rest_{name}");
        let row = self.row(&rest)?;
        let (switch, error) = rounded.read(row, true).map_err(|what| format!("row `{rest}`: {what}"))?;
        let holds = |upper: &Rational| &reach.firing + &error + &switch <= *upper && &error - self.epsilon <= *upper;
        if row.lower.is_some() || !row.upper.as_ref().is_none_or(holds) {
            return excludes(rest);
        }
        Ok(())
    }

    /// How many rows of each class a part has, of the classes that it has rows of.
    fn counts(&self) -> Vec<BTreeMap<usize, u64>> {
        let mut counts = vec![BTreeMap::new(); self.problem.parts];
        let rows = self.problem.row_points.iter().zip(&self.problem.row_classes);
        for ((&point, &class), &units) in rows.zip(&self.problem.row_units) {
            let part = self.problem.part_of.get(point).copied().unwrap_or(0);
            if let Some(counts) = counts.get_mut(part).filter(|_| units > 0) {
                *counts.entry(class).or_default() += u64::from(units);
            }
        }
        counts
    }

    /// Whether output `j` should fire for rows of a class.
    fn wanted(&self, class: usize, j: usize) -> bool {
        if self.setting.classes == 2 { class == 1 } else { class == j }
    }

    fn loss(&mut self) -> Step<()> {
        let Some(last) = self.activations.pop() else { return Err("there is no layer".to_owned()) };
        let by_output = self.setting.loss == Loss::Hamming || self.setting.classes == 2;
        for (p, counts) in self.counts().into_iter().enumerate() {
            if !by_output {
                self.zero_one(p, &counts, &last)?;
                continue;
            }
            for j in 0..last.outputs {
                let rows: u64 = counts.values().sum();
                let ones: u64 =
                    counts.iter().filter(|&(&class, _)| self.wanted(class, j)).map(|(_, count)| count).sum();
                let (ones, zeros) = (Rational::from(ones), Rational::from(rows - ones));
                if let Some(slot) = self.costs.get_mut(last.at(p, j)) {
                    slot.cost += zeros - &ones;
                }
                self.offset += ones;
            }
        }
        self.activations.push(last);
        Ok(())
    }

    /// One binary for each class with rows in the part: the outputs are not those of the class.
    fn zero_one(&mut self, p: usize, counts: &BTreeMap<usize, u64>, last: &Activations) -> Step<()> {
        let (zero, one) = (Rational::ZERO, Rational::ONE);
        let mut errors = vec![];
        for (&class, &count) in counts {
            let cost = Cost { cost: Rational::from(count), up_to: None };
            let e = self.column(&format!("e_{p}_{class}"), true, [&zero, &one], cost)?;
            errors.push((e, Rational::ONE));
            for j in 0..last.outputs {
                let wanted = self.wanted(class, j);
                let (sign, right) = if wanted { (Rational::ONE, &one) } else { (-Rational::ONE, &zero) };
                let terms = vec![(e, Rational::ONE), (last.at(p, j), sign)];
                self.at_least(&format!("wrong_{p}_{class}_{j}"), terms, right)?;
            }
        }
        if errors.len() > 1 {
            // The outputs are right for at most one class.
            let wrong = Rational::from(errors.len() - 1);
            self.at_least(&format!("floor_{p}"), errors, &wrong)?;
        }
        Ok(())
    }

    /// Rows of class 0 are wrong where the one output fires, rows of class 1 where it rests.
    fn limits(&mut self) -> Step<()> {
        let setting = self.setting;
        if setting.error_limits.is_empty() {
            return Ok(());
        }
        let counts = self.counts();
        for limit in &setting.error_limits {
            let Some(last) = self.activations.last() else { return Err("there is no layer".to_owned()) };
            let rows = counts.iter().map(|counts| counts.get(&limit.class).copied().unwrap_or(0)).enumerate();
            let rows: Vec<(usize, u64)> = rows.filter(|&(_, rows)| rows > 0).collect();
            if rows.is_empty() {
                continue;
            }
            let all = rows.iter().map(|&(_, rows)| rows).fold(0, u64::saturating_add);
            let terms = rows.into_iter().map(|(p, rows)| (last.at(p, 0), Rational::from(rows))).collect();
            let (name, most) = (format!("errors_{}", limit.class), limit.most.value);
            if limit.class == 1 {
                self.at_least(&name, terms, &Rational::from(all.saturating_sub(most)))?;
            } else {
                self.at_most(&name, terms, &Rational::from(most))?;
            }
        }
        Ok(())
    }

    /// Hidden neurons stand in falling lexicographic order of their activations on the first parts.
    fn order(&mut self) -> Step<()> {
        let first = usize::from(self.setting.bias).min(self.problem.parts);
        let parts = first..self.problem.parts.min(first + ORDER_PARTS);
        if parts.is_empty() {
            return Ok(());
        }
        for k in 0..self.setting.hidden.len() {
            let Some(&Activations { first, outputs }) = self.activations.get(k) else { continue };
            let layer = Activations { first, outputs };
            for j in 1..outputs {
                let digits = parts.clone().rev().zip((0..).map(|place| Rational::from(1_u32 << place)));
                let terms =
                    digits.flat_map(|(p, digit)| [(layer.at(p, j - 1), digit.clone()), (layer.at(p, j), -digit)]);
                let terms: Terms = terms.collect();
                self.at_least(&format!("order_{}_{}", k + 1, j - 1), terms, &Rational::ZERO)?;
            }
        }
        Ok(())
    }

    /// Nothing else stands in the model, and its objective is that of the problem; gives what rounded costs may add.
    fn finish(self) -> Step<Rational> {
        if let Some(column) = self.model.columns.get(self.costs.len()) {
            return Err(format!("column `{}` has no meaning", shorten(&column.name)));
        }
        if let Some(row) = self.model.rows.get(self.rows) {
            return Err(format!("row `{}` has no meaning", shorten(&row.name)));
        }
        if self.model.offset != self.offset {
            return Err("the constant of the objective is not that of the problem".to_owned());
        }
        let mut excess = Rational::ZERO;
        let mut terms = self.model.objective.iter().peekable();
        for (index, Cost { cost, up_to }) in self.costs.into_iter().enumerate() {
            let found =
                terms.next_if(|(column, _)| *column == index).map_or(Rational::ZERO, |(_, found)| found.clone());
            let difference = found - cost;
            match up_to {
                Some(most) => excess += difference.max(Rational::ZERO) * most,
                None if difference.is_zero() => {}
                None => {
                    let name = self.model.columns.get(index).map_or("", |column| column.name.as_str());
                    return Err(format!("column `{}` has another cost in the objective", shorten(name)));
                }
            }
        }
        Ok(excess)
    }
}
