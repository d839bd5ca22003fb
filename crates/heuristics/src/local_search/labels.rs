//! What outputs cost.

use super::bits::Bits;
use bdnn::{Loss, Problem};

/// How many units at each point want what.
#[derive(Clone, Debug)]
pub(super) struct Labels {
    points: usize,
    classes: usize,
    outputs: usize,
    /// The loss counts rows with any wrong output of several.
    joint: bool,
    /// Units of each class at each point, `classes` a point; all together fit in a word, but several outputs may cost them each.
    counts: Vec<i32>,
    totals: Vec<i32>,
}

impl Labels {
    pub(super) fn new(problem: &Problem) -> Self {
        let (points, classes) = (problem.points.len(), problem.points.num_classes());
        let number = |count: &u32| i32::try_from(*count).unwrap_or(i32::MAX);
        let counts: Vec<i32> = (0..points).flat_map(|i| problem.points.counts(i).iter().map(number)).collect();
        let totals = counts.chunks(classes).map(|counts| counts.iter().sum()).collect();
        let outputs = problem.architecture.outputs();
        Self { points, classes, outputs, joint: problem.loss == Loss::ZeroOne && outputs > 1, counts, totals }
    }

    /// Whether what an output costs depends on the others.
    pub(super) fn joint(&self) -> bool {
        self.joint
    }

    /// What it saves that output `l` fires at point `i`, if outputs cost each by itself.
    pub(super) fn saves(&self, l: usize, i: usize) -> i32 {
        let class = if self.outputs == 1 { 1 } else { l };
        2 * self.counts[i * self.classes + class] - self.totals[i]
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

    /// The loss of all points.
    pub(super) fn loss(&self, outputs: &[Bits]) -> u64 {
        let mut loss = 0_i64;
        for i in 0..self.points {
            loss += if self.joint {
                let firing = || outputs.iter().enumerate().filter(|(_, bits)| bits.get(i));
                i64::from(self.joint_cost(i, firing().count(), firing().map(|(l, _)| l).sum()))
            } else {
                let cost = |(l, bits): (usize, &Bits)| {
                    let class = if self.outputs == 1 { 1 } else { l };
                    let count = self.counts[i * self.classes + class];
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
