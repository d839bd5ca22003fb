//! What outputs cost, and what they cost a walk.
//!
//! Limits on errors ([`bdnn::ErrorLimit`]) are not conditions that a walk keeps to at every step. Errors of a class that has a limit cost a
//! walk more than they lose as long as there are too many of them, and less again where there is room ([`Labels::reprice`]); the networks
//! that a walk remembers are told apart by what they really are ([`Rank`]), prices of weights included.

use super::bits::Bits;
use bdnn::{Loss, Problem};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::sync::Arc;

/// What a network is worth: first how far its errors exceed limits, then its loss and what its weights cost.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Rank {
    /// Units of errors above their limits.
    pub(super) excess: u64,
    pub(super) loss: u64,
    /// Of weights, where they have a price.
    pub(super) price: f64,
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        let objective = |rank: &Self| rank.loss as f64 + rank.price;
        self.excess.cmp(&other.excess).then(objective(self).total_cmp(&objective(other)))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rank {}

impl Rank {
    /// Worse than any network.
    pub(super) const WORST: Self = Self { excess: u64::MAX, loss: u64::MAX, price: 0.0 };

    /// The rank of a network within the limits.
    pub(super) fn within(loss: u64) -> Self {
        Self { excess: 0, loss, price: 0.0 }
    }
}

/// How many units at each point want what.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Labels {
    points: usize,
    classes: usize,
    outputs: usize,
    /// The loss counts rows with any wrong output of several.
    joint: bool,
    /// Units of each class at each point, `classes` a point; all together fit in a word, but several outputs may cost them each.
    #[serde(skip)]
    counts: Arc<[i32]>,
    #[serde(skip)]
    totals: Arc<[i32]>,
    /// By class, what may be wrong; `None` without any limit.
    limits: Option<[u64; 2]>,
    /// With one output: what a unit of each class costs the walk. 1 without limits.
    prices: [i32; 2],
    dearest: i32,
}

impl Labels {
    /// The labels `of` a problem at the prices of these.
    pub(super) fn at_prices_of(&self, of: &Self) -> Self {
        Self { prices: self.prices, dearest: self.dearest, ..of.clone() }
    }

    pub(super) fn new(problem: &Problem) -> Self {
        let (points, classes) = (problem.points.len(), problem.points.num_classes());
        let number = |count: &u32| i32::try_from(*count).unwrap_or(i32::MAX);
        let counts: Arc<[i32]> = (0..points).flat_map(|i| problem.points.counts(i).iter().map(number)).collect();
        let totals: Arc<[i32]> = counts.chunks(classes).map(|counts| counts.iter().sum()).collect();
        let outputs = problem.architecture.outputs();
        let mut limits = None;
        for limit in &problem.error_limits {
            limits.get_or_insert([u64::MAX; 2])[limit.class] = limit.most;
        }
        // All points together still fit in a word.
        let all = totals.iter().map(|&total| i64::from(total)).sum::<i64>();
        let dearest = i32::try_from(i64::from(i32::MAX) / 2 / all.max(1)).unwrap_or(i32::MAX).max(1);
        let joint = problem.loss == Loss::ZeroOne && outputs > 1;
        Self { points, classes, outputs, joint, counts, totals, limits, prices: [1; 2], dearest }
    }

    /// Errors of each class, in units.
    fn errors(&self, output: &Bits) -> [u64; 2] {
        let mut errors = [0; 2];
        for i in 0..self.points {
            let wrong = usize::from(!output.get(i));
            errors[wrong] += u64::from(self.counts[2 * i + wrong].unsigned_abs());
        }
        errors
    }

    /// The rank of outputs whose loss, as walks see it, is `loss`.
    pub(super) fn rank(&self, outputs: &[Bits], loss: u64) -> Rank {
        let (Some(limits), [output]) = (self.limits, outputs) else { return Rank::within(loss) };
        let errors = self.errors(output);
        let excess = errors.iter().zip(limits).map(|(errors, most)| errors.saturating_sub(most)).sum();
        Rank { excess, loss: errors.iter().sum(), price: 0.0 }
    }

    /// Makes errors dearer of which these outputs have too many, and cheaper where one more is allowed; whether anything changed.
    pub(super) fn reprice(&mut self, outputs: &[Bits]) -> bool {
        let (Some(limits), [output]) = (self.limits, outputs) else { return false };
        let (errors, before) = (self.errors(output), self.prices);
        for (class, price) in self.prices.iter_mut().enumerate() {
            if errors[class] > limits[class] {
                *price = price.saturating_mul(2).min(self.dearest);
            } else if errors[class] < limits[class] {
                *price = (*price - price.div_euclid(4) - 1).max(1);
            }
        }
        self.prices != before
    }

    /// Whether what an output costs depends on the others.
    pub(super) fn joint(&self) -> bool {
        self.joint
    }

    /// What it saves that output `l` fires at point `i`, if outputs cost each by itself.
    pub(super) fn saves(&self, l: usize, i: usize) -> i32 {
        if self.outputs == 1 {
            return self.prices[1] * self.counts[2 * i + 1] - self.prices[0] * self.counts[2 * i];
        }
        2 * self.counts[i * self.classes + l] - self.totals[i]
    }

    /// How many rows at point `i` want output `l` to fire, and how many want it to rest.
    pub(super) fn wishes(&self, l: usize, i: usize) -> (i32, i32) {
        let class = if self.outputs == 1 { 1 } else { l };
        let fires = self.counts[i * self.classes + class];
        (fires, self.totals[i] - fires)
    }

    /// What output `l` should do at point `i` if the class that most rows carry is to be answered: positive to fire.
    pub(super) fn joint_wish(&self, l: usize, i: usize) -> i32 {
        let counts = &self.counts[i * self.classes..(i + 1) * self.classes];
        let most = counts.iter().copied().max().unwrap_or(0);
        if counts.iter().position(|&count| count == most) == Some(l) { most } else { -most }
    }

    /// The joint cost of point `i` when `firing` outputs fire and the sum of their numbers is `sum`.
    pub(super) fn joint_cost(&self, i: usize, firing: usize, sum: usize) -> i32 {
        self.totals[i] - if firing == 1 { self.counts[i * self.classes + sum] } else { 0 }
    }

    /// What several outputs save together, as a word; one that is full means as much as it holds.
    pub(super) fn together(saves: i64) -> i32 {
        i32::try_from(saves).unwrap_or(if saves > 0 { i32::MAX } else { -i32::MAX })
    }

    /// The loss of all points, at the prices of the walk.
    pub(super) fn loss(&self, outputs: &[Bits]) -> u64 {
        let mut loss = 0_i64;
        for i in 0..self.points {
            loss += if self.joint {
                let firing = || outputs.iter().enumerate().filter(|(_, bits)| bits.get(i));
                i64::from(self.joint_cost(i, firing().count(), firing().map(|(l, _)| l).sum()))
            } else {
                let cost = |(l, bits): (usize, &Bits)| {
                    if self.outputs == 1 {
                        let wrong = usize::from(!bits.get(i));
                        return i64::from(self.prices[wrong] * self.counts[2 * i + wrong]);
                    }
                    let count = self.counts[i * self.classes + l];
                    i64::from(if bits.get(i) { self.totals[i] - count } else { count })
                };
                outputs.iter().enumerate().map(cost).sum::<i64>()
            };
        }
        loss.unsigned_abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Points, Scaler, WeightDomain};

    /// Each output costs all units of a point: several together are more than a word holds.
    #[test]
    fn many_outputs_of_many_units() {
        let classes = 40;
        let points = Points::weighted(1, classes, &[0.0], &vec![2_500_000; classes], Scaler::identity(1));
        let architecture =
            Architecture { inputs: 1, hidden: vec![], classes, bias: true, weights: WeightDomain::Continuous };
        let problem = Problem::new(points, architecture, Loss::Hamming);
        let mut fires = Bits::zeros(1);
        fires.fill(|_| true);
        let (all, none) = (vec![fires; classes], vec![Bits::zeros(1); classes]);
        let labels = Labels::new(&problem);
        assert_eq!((labels.loss(&all), labels.loss(&none)), (3_900_000_000, 100_000_000));
        assert_eq!(labels.loss(&all), problem.point_loss(0, &vec![true; classes]));
        assert_eq!((Labels::together(-3_800_000_000), Labels::together(7)), (-i32::MAX, 7));
    }
}
