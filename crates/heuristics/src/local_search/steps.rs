//! Steps for one neuron whose plane is not free: whole weights, margins, balls, parts.
//!
//! A step changes one weight or two (whole weights: by 1 or to any small value; real ones: by a random amount, or all of
//! them along a direction), and the best allowed bias is found by a sweep ([`super::cuts`]). Weights whose change the
//! smoothed loss asks for most go first. Steps that cost nothing are taken, and a walk that is stuck is shaken.

use super::cuts::{Cut, Cutter};
use super::descent::{Plane, Task, WIDTHS};
use super::orthogonal::Basis;
use super::rules::{Rules, clamp};
use crate::tolerances::WEIGHT_GRID;
use bdnn::WeightDomain;
use rand::{Rng, RngExt};

/// How much farther than needed a subgradient step for room goes: between 1, which never quite arrives, and 2, from where on such steps
/// need not converge.
const BEYOND: f64 = 1.25;

/// The place of a walk, and room to work in.
#[derive(Clone, Debug, Default)]
pub(super) struct Steps {
    w: Vec<f64>,
    sums: Vec<f64>,
    cut: Cut,
    /// Of the weights.
    price: f64,
    best: Vec<f64>,
    trial: Vec<f64>,
    trial_sums: Vec<f64>,
    pulls: Vec<f64>,
    order: Vec<(f64, usize)>,
    near: Vec<(f64, u32)>,
    basis: Basis,
    cutter: Cutter,
    /// Sweeps since the start.
    pub(super) sweeps: u64,
}

impl Steps {
    /// Stands at the weights of `plane`, moved into their domain, with their best bias.
    pub(super) fn stand(&mut self, task: Task<'_>, rules: &Rules, plane: &Plane) {
        self.w.clone_from(&plane.w);
        self.normalise(rules);
        self.settle(task, rules);
    }

    /// Where it stands, its pre-activations without bias, and what it costs.
    pub(super) fn place(&self) -> (Plane, &[f64], i64) {
        (Plane { w: self.w.clone(), bias: self.cut.bias }, &self.sums, self.cut.cost)
    }

    /// Stands at the weights of `plane` without those whose loss costs less than the `price` of their size, the smallest given up first, until
    /// `stop` says so; whether there were any. Cost O(m n), and O(n + m log m) a weight.
    pub(super) fn drop_weights(
        &mut self,
        task: Task<'_>,
        rules: &Rules,
        plane: &Plane,
        price: impl Fn(f64) -> f64,
        stop: &dyn Fn() -> bool,
    ) -> bool {
        let (mut cost, mut dropped) = (task.cost(plane), false);
        self.stand(task, rules, plane);
        let size = |w: &[f64]| w.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
        let mut order: Vec<usize> = (0..self.w.len()).filter(|&r| self.w[r] != 0.0).collect();
        order.sort_by(|&r, &s| self.w[r].abs().total_cmp(&self.w[s].abs()));
        for r in order {
            if stop() {
                break;
            }
            let w = self.w[r];
            let largest = size(&self.w);
            self.trial_sums.clone_from(&self.sums);
            self.w[r] = 0.0;
            let smaller = size(&self.w) < largest;
            if smaller {
                // What is left fills the box.
                self.trial.clone_from(&self.w);
                self.normalise(rules);
                task.columns.combine(&self.w, 0.0, &mut self.trial_sums);
            } else {
                self.trial_sums.iter_mut().zip(task.columns.column(r)).for_each(|(sum, x)| *sum -= w * x);
            }
            self.sweeps += 1;
            let cut = self.cutter.best(rules, &self.w, &self.trial_sums, task.saves);
            if ((cut.cost - cost) as f64) < price(w) {
                std::mem::swap(&mut self.sums, &mut self.trial_sums);
                (self.cut, cost, dropped) = (cut, cut.cost, true);
            } else {
                if smaller {
                    std::mem::swap(&mut self.w, &mut self.trial);
                }
                self.w[r] = w;
            }
        }
        if dropped {
            // Sums that follow from one another gather roundings.
            self.normalise(rules);
            self.settle(task, rules);
        }
        dropped
    }

    /// Real weights fill their box, on a grid; whole ones are rounded.
    fn normalise(&mut self, rules: &Rules) {
        clamp(&mut self.w, &rules.signs);
        if rules.weights != WeightDomain::Continuous {
            self.w.iter_mut().for_each(|w| *w = rules.weights.nearest(*w));
            return;
        }
        let largest = self.w.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
        if largest > 0.0 && largest.is_finite() {
            self.w.iter_mut().for_each(|w| *w = (*w / largest / WEIGHT_GRID).round() * WEIGHT_GRID);
        } else {
            self.w.fill(0.0);
        }
    }

    fn settle(&mut self, task: Task<'_>, rules: &Rules) {
        task.columns.combine(&self.w, 0.0, &mut self.sums);
        self.cut = self.cutter.best(rules, &self.w, &self.sums, task.saves);
        self.price = rules.price(&self.w);
        self.sweeps += 1;
    }

    /// What the place costs, its weights included.
    pub(super) fn total(&self) -> f64 {
        self.cut.cost as f64 + self.price
    }

    /// Walks for about `sweeps` sweeps and stays at the cheapest place met.
    pub(super) fn walk(
        &mut self,
        task: Task<'_>,
        rules: &Rules,
        sweeps: u64,
        rng: &mut impl Rng,
        stop: &dyn Fn() -> bool,
    ) {
        let end = self.sweeps + sweeps;
        self.best.clone_from(&self.w);
        let (mut best_cost, mut vain) = (self.total(), 0_u32);
        while self.sweeps < end && best_cost > 0.0 && task.columns.dim > 0 && !stop() {
            while self.round(task, rules, end, rng, stop) {}
            if self.total() < best_cost {
                (best_cost, vain) = (self.total(), 0);
                self.best.clone_from(&self.w);
            } else {
                vain += 1;
            }
            if self.sweeps >= end {
                break;
            }
            if vain.is_multiple_of(task.parameters.step_patience) {
                self.w.clone_from(&self.best);
            }
            self.shake(task, rules, rng);
        }
        if self.total() > best_cost {
            self.w.clone_from(&self.best);
            self.settle(task, rules);
        }
    }

    /// Changes a few weights at random.
    fn shake(&mut self, task: Task<'_>, rules: &Rules, rng: &mut impl Rng) {
        let dim = self.w.len();
        for _ in 0..rng.random_range(1..=(dim / 8).clamp(1, 8)) {
            let r = rng.random_range(0..dim);
            self.w[r] = rules.weights.nearest(self.w[r] + self.amount(rules, rng));
        }
        self.normalise(rules);
        self.settle(task, rules);
    }

    /// How much to change a weight by.
    fn amount(&self, rules: &Rules, rng: &mut impl Rng) -> f64 {
        let sign = if rng.random() { 1.0 } else { -1.0 };
        sign * match rules.weights {
            WeightDomain::Continuous => 10_f64.powf(rng.random_range(-2.5..0.3)),
            WeightDomain::Integer(bound) if bound > 3 && rng.random_range(0..4) == 0 => {
                f64::from(rng.random_range(1..=bound))
            }
            WeightDomain::Integer(_) => 1.0,
        }
    }

    /// Tries a step on each of some weights; whether any of them helped.
    fn round(&mut self, task: Task<'_>, rules: &Rules, end: u64, rng: &mut impl Rng, stop: &dyn Fn() -> bool) -> bool {
        let before = self.total();
        self.rank(task, rng);
        for at in 0..self.order.len().min(task.parameters.step_weights) {
            if self.sweeps >= end || stop() {
                return false;
            }
            let (pull, r) = self.order[at];
            // Mostly as the smoothed loss asks.
            let amount = self.amount(rules, rng);
            let amount = if rng.random_range(0..4) > 0 { amount.abs().copysign(pull) } else { amount };
            let to = rules.weights.nearest(self.w[r] + amount);
            self.trial.clone_from(&self.w);
            self.trial[r] = to;
            if rng.random_range(0..3) == 0 && self.order.len() > 1 {
                let (pull, s) = self.order[rng.random_range(0..self.order.len())];
                self.trial[s] = rules.weights.nearest(self.trial[s] + self.amount(rules, rng).abs().copysign(pull));
            }
            self.consider(task, rules);
        }
        if rules.priced() {
            self.give_up(task, rules, rng);
        }
        if rules.weights == WeightDomain::Continuous {
            self.turn(task, rules, rng);
            self.slide(task, rules, rng, stop);
            if rules.corridor(&self.w) > 0.0 && rules.parts.is_none() {
                self.widen(task, rules, stop);
            }
        }
        self.total() < before
    }

    /// Tries to do without a weight, and with another one in its place.
    fn give_up(&mut self, task: Task<'_>, rules: &Rules, rng: &mut impl Rng) {
        let used: Vec<usize> = (0..self.w.len()).filter(|&r| self.w[r] != 0.0).collect();
        if used.is_empty() {
            return;
        }
        for exchange in [false, true] {
            let out = used[rng.random_range(0..used.len())];
            self.trial.clone_from(&self.w);
            self.trial[out] = 0.0;
            if exchange && !self.order.is_empty() {
                let (pull, into) = self.order[rng.random_range(0..self.order.len().min(task.parameters.step_weights))];
                let amount = self.amount(rules, rng).abs().copysign(pull);
                self.trial[into] = rules.weights.nearest(self.trial[into] + amount);
            }
            self.consider(task, rules);
        }
    }

    /// Orders the weights by how much the loss smoothed over a random width asks for their change.
    fn rank(&mut self, task: Task<'_>, rng: &mut impl Rng) {
        let len = task.columns.len as f64;
        let spread = self.sums.iter().map(|s| (s + self.cut.bias).abs()).sum::<f64>() / len;
        let width =
            spread * (task.parameters.smoothing * WIDTHS[rng.random_range(0..WIDTHS.len())]) + f64::MIN_POSITIVE;
        self.pulls.clear();
        let bias = self.cut.bias;
        let pull = |(&sum, &saves): (&f64, &i32)| {
            let t = 1.0 - (sum + bias).abs() / width;
            if t > 0.0 { t * f64::from(saves) } else { 0.0 }
        };
        self.pulls.extend(self.sums.iter().zip(task.saves).map(pull));
        // A change of the bias comes for free, so only what goes beyond the mean counts.
        let mean = if task.bias { self.pulls.iter().sum::<f64>() / len } else { 0.0 };
        self.order.clear();
        for r in 0..self.w.len() {
            let column = task.columns.column(r);
            let pull: f64 = column.iter().zip(&self.pulls).map(|(x, p)| x * (p - mean)).sum();
            self.order.push((pull * rng.random_range(0.3..1.0), r));
        }
        self.order.sort_unstable_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then(a.1.cmp(&b.1)));
    }

    /// A step along the steepest direction or noise.
    fn turn(&mut self, task: Task<'_>, rules: &Rules, rng: &mut impl Rng) {
        let mut direction: Vec<f64> = if rng.random() {
            let mut pulls = vec![0.0; self.w.len()];
            self.order.iter().for_each(|&(pull, r)| pulls[r] = pull);
            task.metric.precondition(&mut pulls);
            pulls
        } else {
            let mut noise: Vec<f64> = self.w.iter().map(|_| rng.random_range(-1.0..1.0)).collect();
            task.metric.colour(&mut noise);
            noise
        };
        let size = |v: &[f64]| v.iter().map(|v| v.abs()).sum::<f64>();
        let length = size(&direction);
        if length <= 0.0 {
            return;
        }
        let step = 10_f64.powf(rng.random_range(-2.5..0.5)) * size(&self.w).max(1.0) / length;
        direction.iter_mut().zip(&self.w).for_each(|(v, w)| *v = w + step * *v);
        self.trial = direction;
        self.consider(task, rules);
    }

    /// A step along noise orthogonal to some of the sites nearest to the threshold, which then keep their place: the way
    /// along the edges of what is allowed.
    fn slide(&mut self, task: Task<'_>, rules: &Rules, rng: &mut impl Rng, stop: &dyn Fn() -> bool) {
        let (len, dim) = (task.columns.len, task.columns.dim);
        let bias = self.cut.bias;
        self.near.clear();
        self.near.extend(self.sums.iter().zip(0..).map(|(sum, i)| ((sum + bias).abs(), i)));
        let kept = rng.random_range(1..dim.max(2)).min(len);
        let pool = (2 * kept).min(len);
        if pool < len {
            self.near.select_nth_unstable_by(pool, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        }
        // One coordinate more for the bias, which is free to follow.
        self.basis.clear(dim + 1);
        let constant = f64::from(u8::from(task.bias));
        for at in 0..kept {
            if stop() {
                return;
            }
            let pick = rng.random_range(at..pool);
            self.near.swap(at, pick);
            let i = self.near[at].1 as usize;
            self.basis.add((0..dim).map(|r| task.columns.column(r)[i]).chain([constant]));
        }
        let mut direction: Vec<f64> = self.w.iter().map(|_| rng.random_range(-1.0..1.0)).collect();
        task.metric.colour(&mut direction);
        direction.push(0.0);
        self.basis.project_out(&mut direction);
        direction.truncate(dim);
        let size = |v: &[f64]| v.iter().map(|v| v.abs()).sum::<f64>();
        let length = size(&direction);
        if length <= 0.0 {
            return;
        }
        let step = 10_f64.powf(rng.random_range(-2.0..1.0)) * size(&self.w).max(1.0) / length;
        direction.iter_mut().zip(&self.w).for_each(|(v, w)| *v = w + step * *v);
        self.trial = direction;
        self.consider(task, rules);
    }

    /// Makes room for the best cut that would be allowed without margin and balls: subgradient steps on the width of its
    /// corridor (each as long as would do if nothing else came in the way: Polyak's), until it is wide enough.
    fn widen(&mut self, task: Task<'_>, rules: &Rules, stop: &dyn Fn() -> bool) {
        let cut = self.cutter.best(&rules.loose(), &self.w, &self.sums, task.saves);
        if cut.cost >= self.cut.cost {
            return;
        }
        let fires: Vec<bool> = self.sums.iter().map(|sum| sum + cut.bias >= 0.0).collect();
        let (mut w, mut sums) = (self.w.clone(), self.sums.clone());
        for _ in 0..task.parameters.widenings {
            if stop() {
                return;
            }
            self.sweeps += 1;
            let (mut low, mut high) = ((f64::INFINITY, 0), (f64::NEG_INFINITY, 0));
            for (i, (&sum, &fires)) in sums.iter().zip(&fires).enumerate() {
                if fires && sum < low.0 {
                    low = (sum, i);
                } else if !fires && sum > high.0 {
                    high = (sum, i);
                }
            }
            let lack = rules.corridor(&w) - (low.0 - high.0);
            if !lack.is_finite() {
                return;
            }
            if lack < 0.0 {
                self.trial = w;
                self.consider(task, rules);
                return;
            }
            let mut direction = rules.less_reach(&w);
            for (r, v) in direction.iter_mut().enumerate() {
                let column = task.columns.column(r);
                *v = 2.0 * *v + column[low.1] - column[high.1];
            }
            let square: f64 = direction.iter().map(|v| v * v).sum();
            if square <= 0.0 {
                return;
            }
            let step = BEYOND * (lack + rules.epsilon.max(f64::MIN_POSITIVE)) / square;
            w.iter_mut().zip(&direction).for_each(|(w, v)| *w += step * v);
            task.columns.combine(&w, 0.0, &mut sums);
        }
    }

    /// Moves to `trial` if that is no dearer, weights included.
    fn consider(&mut self, task: Task<'_>, rules: &Rules) {
        let was = std::mem::replace(&mut self.w, std::mem::take(&mut self.trial));
        self.normalise(rules);
        let changed = |r: &usize| self.w[*r] != was[*r];
        let changes = (0..was.len()).filter(changed).count();
        if changes == 0 {
            self.trial = std::mem::replace(&mut self.w, was);
            return;
        }
        if changes <= 2 {
            self.trial_sums.clone_from(&self.sums);
            for r in (0..was.len()).filter(changed) {
                let step = self.w[r] - was[r];
                self.trial_sums.iter_mut().zip(task.columns.column(r)).for_each(|(s, x)| *s += step * x);
            }
        } else {
            task.columns.combine(&self.w, 0.0, &mut self.trial_sums);
        }
        self.sweeps += 1;
        let (price, total) = (rules.price(&self.w), self.total());
        let hopeless = self.cutter.bound(rules, &self.trial_sums, task.saves) as f64 + price > total;
        let cut = if hopeless { None } else { Some(self.cutter.best(rules, &self.w, &self.trial_sums, task.saves)) };
        if let Some(cut) = cut.filter(|cut| cut.cost as f64 + price <= total) {
            (self.cut, self.price) = (cut, price);
            std::mem::swap(&mut self.sums, &mut self.trial_sums);
            self.trial = was;
        } else {
            self.trial = std::mem::replace(&mut self.w, was);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::{Columns, Metric};
    use super::super::parameters::Parameters;
    use super::*;
    use bdnn::{Architecture, Loss, Norm, Points, Problem, Robust, Scaler};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    /// Two parallel rows of points whose corridor is just wide enough for balls of radius 0.14 if the plane is parallel to
    /// them, and not where the walk stands.
    #[test]
    fn corridors_are_widened() {
        let rows: Vec<f64> = (0..=10).map(|i| f64::from(i) / 10.0).flat_map(|x| [x, x - 0.3, x, x + 0.3]).collect();
        let labels: Vec<usize> = (0..22).map(|i| i % 2).collect();
        let points = Points::merge(2, 2, &rows, &labels, Scaler::identity(2));
        let saves: Vec<i32> = (0..points.len()).map(|i| if points.counts(i)[1] > 0 { 1 } else { -1 }).collect();
        let values = (0..2).flat_map(|r| (0..points.len()).map(move |i| (i, r))).map(|(i, r)| points.scaled(i)[r]);
        let columns = Columns { values: values.collect(), len: points.len(), dim: 2 };
        let weights = WeightDomain::Continuous;
        let architecture = Architecture { inputs: 2, hidden: vec![], classes: 2, bias: true, weights };
        let mut problem = Problem::new(points, architecture, Loss::ZeroOne);
        problem.robust = Some(Robust { radius: 0.14, norm: Norm::Linf });
        let rules = Rules::new(&problem, 0);
        let parameters = &Parameters::default();
        let task =
            Task { columns: &columns, metric: &Metric::Plain, saves: &saves, bias: true, signs: &[], parameters };
        let mut steps = Steps::default();
        steps.stand(task, &rules, &Plane { w: vec![-0.9, 1.0], bias: 0.0 });
        assert!(steps.place().2 > 0, "no room yet");
        steps.widen(task, &rules, &|| false);
        assert_eq!(steps.place().2, 0);
    }

    /// Each weight costs more than all errors together, so all but one may go; told to stop, the walk gives up no more, and one question is
    /// asked a weight.
    #[test]
    fn a_wish_to_stop_is_heard_at_every_weight() {
        let (len, dim) = (30, 12);
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let values: Vec<f64> = (0..len * dim).map(|_| rng.random_range(-1.0..1.0)).collect();
        let columns = Columns { values, len, dim };
        let saves: Vec<i32> = columns.column(3).iter().map(|&x| if x > 0.0 { 1 } else { -1 }).collect();
        let weights = WeightDomain::Continuous;
        let architecture = Architecture { inputs: dim, hidden: vec![], classes: 2, bias: true, weights };
        let points = Points::merge(dim, 2, &vec![0.0; dim], &[0], Scaler::identity(dim));
        let problem = Problem { l0: 1.0, epsilon: Some(1e-4), ..Problem::new(points, architecture, Loss::ZeroOne) };
        let rules = Rules::new(&problem, 0);
        let parameters = &Parameters::default();
        let task =
            Task { columns: &columns, metric: &Metric::Plain, saves: &saves, bias: true, signs: &[], parameters };
        let plane =
            Plane { w: (0..dim).map(|r| if r == 3 { 1.0 } else { 0.01 * (r + 1) as f64 }).collect(), bias: 0.0 };
        for patience in [0, 1, 5, 100] {
            let asked = std::cell::Cell::new(0);
            let stop = || asked.replace(asked.get() + 1) >= patience;
            let mut steps = Steps::default();
            let dropped = steps.drop_weights(task, &rules, &plane, |_| 100.0, &stop);
            assert_eq!((dropped, asked.get()), (patience > 0, (patience + 1).min(dim)));
            let (found, sums, cost) = steps.place();
            assert_eq!(found.w.iter().filter(|w| **w == 0.0).count(), patience.min(dim));
            let fresh = Task { saves: &saves, ..task }.cost(&found);
            assert_eq!((fresh, sums.len()), (cost, len), "what it costs is what it says");
        }
        // A price below that of an error gives up no weight that is needed.
        let mut steps = Steps::default();
        assert!(steps.drop_weights(task, &rules, &plane, |_| 0.5, &|| false));
        assert!(steps.place().2 <= task.cost(&plane) && steps.place().0.w[3] != 0.0);
    }
}
