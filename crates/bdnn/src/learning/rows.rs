//! The points in units in which every feature has mean 0 and deviation 1, without a copy of them.

use crate::Points;
use crate::chunks::{CHUNK, in_chunks};
use rayon::prelude::*;
use std::ops::Range;

/// Rows that tell mean and deviation.
const SAMPLE: usize = 1 << 14;

/// z = ((x - centre) / unit, 1) of every point x; with a last coordinate 0 instead of 1, and no centre, without biases.
/// A linear form of z is one of x and a constant, so the points are read where they stand.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    points: &'a Points,
    centre: Vec<f64>,
    unit: Vec<f64>,
    bias: f64,
}

impl<'a> Rows<'a> {
    pub(super) fn new(points: &'a Points, bias: bool) -> Self {
        let (len, dim) = (points.len(), points.num_features());
        let sample = || (0..len).step_by(len.div_ceil(SAMPLE).max(1)).map(|i| points.scaled(i));
        let share = 1.0 / sample().count().max(1) as f64;
        let mut centre = vec![0.0; dim];
        if bias {
            sample().for_each(|x| centre.iter_mut().zip(x).for_each(|(c, x)| *c += share * x));
        }
        let mut unit = vec![0.0; dim];
        for x in sample() {
            unit.iter_mut().zip(x).zip(&centre).for_each(|((u, x), c)| *u += share * (x - c) * (x - c));
        }
        for unit in &mut unit {
            *unit = if *unit > 0.0 && unit.is_finite() { unit.sqrt() } else { 1.0 };
        }
        Self { points, centre, unit, bias: f64::from(u8::from(bias)) }
    }

    /// Number of points.
    pub(super) fn len(&self) -> usize {
        self.points.len()
    }

    /// Length of z.
    pub(super) fn dim(&self) -> usize {
        self.unit.len() + 1
    }

    /// The form w z as weights and constant over the scaled features.
    pub(super) fn form(&self, w: &[f64]) -> (Vec<f64>, f64) {
        let weights: Vec<f64> = w.iter().zip(&self.unit).map(|(w, unit)| w / unit).collect();
        let shift: f64 = weights.iter().zip(&self.centre).map(|(w, c)| w * c).sum();
        (weights, self.bias * w[self.unit.len()] - shift)
    }

    /// w z of every point, into `out` (length m). Cost O(m n).
    pub(super) fn apply(&self, w: &[f64], out: &mut [f64]) {
        let (weights, constant) = self.form(w);
        let fill = |(chunk, out): (usize, &mut [f64])| {
            for (at, a) in out.iter_mut().enumerate() {
                *a = constant + dot(&weights, self.points.scaled(chunk * CHUNK + at));
            }
        };
        if out.len() <= CHUNK {
            fill((0, out));
        } else {
            out.par_chunks_mut(CHUNK).enumerate().for_each(fill);
        }
    }

    /// The sum of `pull(i)` times z over all points, into `out` (length of z); points of pull 0 cost nothing. Cost O(m n).
    pub(super) fn gather(&self, pull: impl Fn(usize) -> f64 + Sync, out: &mut [f64]) {
        self.collect(|i, _| pull(i), out);
    }

    /// The sum of `weight(i)` (d z) z over all points, into `out` (length of z). Cost O(m n), points of weight 0 none.
    pub(super) fn curve(&self, weight: impl Fn(usize) -> f64 + Sync, d: &[f64], out: &mut [f64]) {
        let (weights, constant) = self.form(d);
        let pull = |i: usize, x: &[f64]| match weight(i) {
            0.0 => 0.0,
            weight => weight * (constant + dot(&weights, x)),
        };
        self.collect(pull, out);
    }

    fn collect(&self, pull: impl Fn(usize, &[f64]) -> f64 + Sync, out: &mut [f64]) {
        let dim = self.unit.len();
        let part = |range: Range<usize>| {
            let mut sums = vec![0.0; dim + 1];
            for i in range {
                let x = self.points.scaled(i);
                let pull = pull(i, x);
                if pull != 0.0 {
                    sums.iter_mut().zip(x).for_each(|(sum, x)| *sum += pull * x);
                    sums[dim] += pull;
                }
            }
            sums
        };
        out.fill(0.0);
        for part in in_chunks(self.len(), part) {
            out.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        }
        let all = out[dim];
        for ((sum, unit), centre) in out.iter_mut().zip(&self.unit).zip(&self.centre) {
            *sum = (*sum - all * centre) / unit;
        }
        out[dim] = self.bias * all;
    }
}

/// The inner product in four sums, which the compiler can keep in one register.
fn dot(w: &[f64], x: &[f64]) -> f64 {
    let (w, x) = (w.chunks_exact(4), x.chunks_exact(4));
    let rest: f64 = w.remainder().iter().zip(x.remainder()).map(|(w, x)| w * x).sum();
    let mut sums = [0.0; 4];
    for (w, x) in w.zip(x) {
        for k in 0..4 {
            sums[k] += w[k] * x[k];
        }
    }
    sums.iter().sum::<f64>() + rest
}
