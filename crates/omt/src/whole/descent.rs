//! Local search for the weights of one neuron: one weight at a time, from several starts, with kicks.

use super::grid::{Grid, add};
use bdnn::Stop;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// A walk over weight vectors, by the grid's bounds: those are costs where the grid is exact, and close to them elsewhere.
pub(crate) struct Descent<'a> {
    grid: &'a Grid,
    bound: i32,
    values: i32,
    weights: Vec<i32>,
    hopes: Vec<i64>,
    cost: u64,
    cells: Vec<i64>,
    /// Weight vectors looked at.
    pub(crate) tried: u64,
}

impl<'a> Descent<'a> {
    /// A walk that stands at these weights and tries so many values of one weight at a time.
    pub(crate) fn new(grid: &'a Grid, bound: i32, values: u32, weights: Vec<i32>) -> Self {
        let values = i32::try_from(values).unwrap_or(i32::MAX);
        let mut descent = Self { grid, bound, values, weights, hopes: vec![], cost: 0, cells: vec![], tried: 0 };
        descent.stand();
        descent
    }

    fn stand(&mut self) {
        self.grid.hopes(&self.weights, &self.weights, &mut self.hopes);
        self.cost = self.grid.bound(&self.hopes, &mut self.cells);
        self.tried += 1;
    }

    /// Walks until `until` vectors have been looked at; `found` hears of those that are better than all before, and says whether to go on.
    pub(crate) fn walk(
        &mut self,
        until: u64,
        rng: &mut ChaCha8Rng,
        stop: &Stop<'_>,
        found: &mut dyn FnMut(&[i32], u64) -> bool,
    ) {
        let (mut best, mut least) = (self.weights.clone(), self.cost);
        if !found(&best, least) || self.weights.is_empty() {
            return;
        }
        while self.tried < until && !stop() {
            while self.improve(rng, stop) && self.tried < until && !stop() {}
            if self.cost < least {
                (best, least) = (self.weights.clone(), self.cost);
                if !found(&best, least) {
                    return;
                }
            } else if rng.random_range(0..8) > 0 {
                self.weights.clone_from(&best);
            }
            let kicks = rng.random_range(1..=3.min(self.weights.len()));
            for _ in 0..kicks {
                let j = rng.random_range(0..self.weights.len());
                self.weights[j] = rng.random_range(-self.bound..=self.bound);
            }
            self.stand();
        }
    }

    /// Looks once at every weight, in random order; whether the cost fell. Moves that change nothing are made, too.
    fn improve(&mut self, rng: &mut ChaCha8Rng, stop: &Stop<'_>) -> bool {
        let before = self.cost;
        let mut order: Vec<usize> = (0..self.weights.len()).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, rng.random_range(0..=at));
        }
        for j in order {
            if stop() {
                break;
            }
            let here = self.weights[j];
            for _ in 0..self.values.min(2 * self.bound) {
                let near = (2 * self.bound <= self.values) || rng.random_range(0..2) == 0;
                let reach = if near { 1.max(self.bound / self.values) } else { self.bound };
                let next = (here + rng.random_range(-reach..=reach)).clamp(-self.bound, self.bound);
                if next != self.weights[j] {
                    self.try_weight(j, next);
                }
            }
        }
        self.cost < before
    }

    fn try_weight(&mut self, j: usize, next: i32) {
        let change = i64::from(next - self.weights[j]);
        let turn = |hopes: &mut Vec<i64>, by: i64| {
            add(hopes, &self.grid.up[j], by);
            add(hopes, &self.grid.down[j], by);
        };
        turn(&mut self.hopes, change);
        let cost = self.grid.bound(&self.hopes, &mut self.cells);
        self.tried += 1;
        if cost <= self.cost {
            (self.cost, self.weights[j]) = (cost, next);
        } else {
            turn(&mut self.hopes, -change);
        }
    }
}

/// Where the local search starts: nowhere, and the difference of the means of both classes, feature by feature in units of its mean size, at
/// two lengths.
pub(super) fn starts(grid: &Grid, bound: i32) -> Vec<Vec<i32>> {
    let mean = |j: usize, points: std::ops::Range<usize>| {
        let weight: i64 = grid.weights[points.clone()].iter().sum();
        let sum: f64 = points.map(|k| (grid.up[j][k] + grid.down[j][k]) as f64 * grid.weights[k] as f64).sum();
        sum / (weight.max(1) as f64)
    };
    let all = grid.points.len();
    let differences: Vec<f64> = (0..grid.inputs())
        .map(|j| (mean(j, 0..grid.firing) - mean(j, grid.firing..all)) / grid.influence[j].max(1.0) * all as f64)
        .collect();
    let largest = differences.iter().fold(0.0_f64, |most, d| most.max(d.abs()));
    #[allow(clippy::cast_possible_truncation)]
    let rounded = |times: f64| -> Vec<i32> {
        let limit = f64::from(bound);
        differences
            .iter()
            .map(|d| (d / largest.max(f64::MIN_POSITIVE) * times * limit).round().clamp(-limit, limit) as i32)
            .collect()
    };
    vec![rounded(1.0), rounded(2.0), vec![0; grid.inputs()]]
}
