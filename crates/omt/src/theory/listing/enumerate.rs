//! Every way a neuron with whole weights can fire on given points.
//!
//! For each weight vector the points are sorted by their projections, and every threshold between two values that lie
//! far enough apart is a dichotomy. Arithmetic is exact ([`Lattice`]), in `i128` where sums fit and in big integers where they do not.

use crate::whole::Lattice;
use bdnn::{Norm, Stop};
use dashu::base::UnsignedAbs;
use dashu::integer::{IBig, UBig};
use numerics::whole::gcd;
use std::ops::{Add, Sub};

/// Most words of 64 bits the enumeration may write before duplicates go.
pub(super) const MAX_WORDS: f64 = 3e7;

/// Most points.
pub const MAX_POINTS: usize = 1024;

/// Integers the enumeration computes with.
trait Whole: Clone + Ord + Add<Output = Self> + Sub<Output = Self> {}
impl Whole for i128 {}
impl Whole for IBig {}

/// How many weight vectors there are.
pub(super) fn vectors(inputs: usize, bound: u32) -> f64 {
    (2.0 * f64::from(bound) + 1.0).powi(i32::try_from(inputs).unwrap_or(i32::MAX))
}

/// Words of the patterns of so many weight vectors with so many projections each.
#[allow(clippy::cast_precision_loss)]
pub(super) fn words(vectors: f64, values: f64, points: usize) -> f64 {
    vectors * values * (points.div_ceil(64) + 1) as f64
}

/// The enumeration over a lattice.
pub(super) struct Enumeration<'a>(pub(super) &'a Lattice);

impl Enumeration<'_> {
    /// Words the enumeration writes at most: weight vectors, times distinct projections of one, times words a pattern.
    #[allow(clippy::cast_precision_loss)]
    fn words(&self) -> f64 {
        let points = self.0.points();
        let mut values = 1.0;
        if self.0.bias {
            // Projections of one weight vector lie on the grid of the coordinates, within the sum of the features' ranges.
            let ranges = (0..self.0.inputs).map(|j| {
                let column = || (0..points).map(|i| self.0.at(i, j));
                column().max().zip(column().min()).map_or(0.0, |(most, least)| (most - least).to_f64().value())
            });
            values = (self.0.bound as f64 * ranges.sum::<f64>() / self.grid() + 2.0).min(points as f64 + 1.0);
        }
        words(vectors(self.0.inputs, u32::try_from(self.0.bound).unwrap_or(u32::MAX)), values, points)
    }

    /// The greatest common divisor of all differences of coordinates within one feature, at least 1.
    fn grid(&self) -> f64 {
        let mut grid = UBig::ZERO;
        for j in 0..self.0.inputs {
            for i in 1..self.0.points() {
                grid = gcd(&grid, &(self.0.at(i, j) - self.0.at(0, j)).unsigned_abs());
            }
        }
        grid.to_f64().value().max(1.0)
    }

    /// Whether listing all dichotomies stays within the budget.
    pub(super) fn affordable(&self) -> bool {
        self.0.points() <= MAX_POINTS && self.words() <= MAX_WORDS
    }

    /// All dichotomies, sorted and distinct: bit i for point i, with the number of a weight vector each (see
    /// [`weights_of`]). The points must fit: at most 64 W of them. `None` once `stop` says so.
    pub(super) fn dichotomies<const W: usize>(&self, stop: &Stop<'_>) -> Option<Vec<([u64; W], u64)>> {
        let largest = self.0.each().map(UnsignedAbs::unsigned_abs).max();
        let scale =
            IBig::from(largest.unwrap_or_default()) + &self.0.radius + self.0.margin.clone().unwrap_or_default();
        let sums = scale * IBig::from(self.0.bound) * IBig::from(4 * self.0.inputs + 4);
        if i128::try_from(&sums).is_ok() {
            self.list::<i128, W>(|value| i128::try_from(value).unwrap_or(0), stop)
        } else {
            self.list::<IBig, W>(IBig::clone, stop)
        }
    }

    fn list<T: Whole, const W: usize>(
        &self,
        number: impl Fn(&IBig) -> T,
        stop: &Stop<'_>,
    ) -> Option<Vec<([u64; W], u64)>> {
        let points = self.0.points();
        let columns = (0..self.0.inputs).map(|j| (0..points).map(|i| number(&self.0.at(i, j))).collect()).collect();
        let zero = number(&IBig::ZERO);
        // reach(w) by the dual norm of w, which is at most bound * inputs.
        let most = usize::try_from(self.0.bound).unwrap_or(0) * self.0.inputs.max(1);
        let reaches = (0..=most).map(|k| number(&(&self.0.radius * IBig::from(k)))).collect();
        let mut walk = Walk::<T, W> {
            lattice: self.0,
            columns,
            reaches,
            margin: self.0.margin.as_ref().map(number),
            zero: zero.clone(),
            order: (0..points).collect(),
            found: Vec::new(),
            distinct: 0,
            stop,
            stopped: false,
        };
        let values = vec![zero; points];
        walk.descend(0, &values, 0, 0, 0, false);
        walk.thin();
        (!walk.stopped).then_some(walk.found)
    }
}

/// Depth-first over weight vectors, carrying the projections.
struct Walk<'a, T, const W: usize> {
    lattice: &'a Lattice,
    /// Coordinates feature by feature.
    columns: Vec<Vec<T>>,
    reaches: Vec<T>,
    margin: Option<T>,
    zero: T,
    order: Vec<usize>,
    found: Vec<([u64; W], u64)>,
    /// Length of `found` after the last thinning.
    distinct: usize,
    stop: &'a Stop<'a>,
    stopped: bool,
}

impl<T: Whole, const W: usize> Walk<'_, T, W> {
    /// Chooses weight `j` and those after it. `signed`: a weight before is not zero. With biases dichotomies come in
    /// complements, so the first weight that is not zero is positive.
    fn descend(&mut self, j: usize, values: &[T], code: u64, sum: i64, most: i64, signed: bool) {
        let bound = self.lattice.bound;
        if j == self.lattice.inputs {
            self.stopped = self.stopped || (self.stop)();
        }
        if self.stopped {
            return;
        }
        if j == self.lattice.inputs {
            let norm = if self.lattice.norm == Norm::Linf { sum } else { most };
            self.cut(values, code, usize::try_from(norm).unwrap_or(0));
            return;
        }
        let base = u64::try_from(2 * bound + 1).unwrap_or(1);
        let from = if signed || !self.lattice.bias { -bound } else { 0 };
        let column = std::mem::take(&mut self.columns[j]);
        let mut values = values.to_vec();
        for _ in from..0 {
            values.iter_mut().zip(&column).for_each(|(v, x)| *v = v.clone() - x.clone());
        }
        self.columns[j] = column;
        for w in from..=bound {
            let digit = u64::try_from(w + bound).unwrap_or(0);
            self.descend(j + 1, &values, code * base + digit, sum + w.abs(), most.max(w.abs()), signed || w != 0);
            if w < bound {
                values.iter_mut().zip(&self.columns[j]).for_each(|(v, x)| *v = v.clone() + x.clone());
            }
        }
    }

    /// Lists the thresholds of one weight vector.
    fn cut(&mut self, values: &[T], code: u64, norm: usize) {
        let reach = self.reaches[norm].clone();
        let far_enough =
            |top: T| self.margin.as_ref().map_or(top < self.zero, |m| top.clone() + m.clone() <= self.zero);
        if !self.lattice.bias {
            let fires = |v: &T| *v >= self.zero;
            let kept =
                values.iter().all(|v| if fires(v) { *v >= reach } else { far_enough(v.clone() + reach.clone()) });
            if kept {
                let mut pattern = [0; W];
                values.iter().enumerate().for_each(|(i, v)| pattern[i / 64] |= u64::from(fires(v)) << (i % 64));
                self.found.push((pattern, code));
            }
            return;
        }
        let mut order = std::mem::take(&mut self.order);
        order.sort_unstable_by(|&a, &b| values[b].cmp(&values[a]));
        let mirrored = mirror(code, self.lattice);
        let mut all = [0_u64; W];
        order.iter().for_each(|&i| all[i / 64] |= 1 << (i % 64));
        let mut pattern = [0_u64; W];
        for (k, &i) in order.iter().enumerate() {
            pattern[i / 64] |= 1 << (i % 64);
            let wide = match order.get(k + 1) {
                Some(&next) => {
                    values[next] < values[i]
                        && far_enough(values[next].clone() - values[i].clone() + reach.clone() + reach.clone())
                }
                None => true,
            };
            if wide {
                self.found.push((pattern, code));
                self.found.push((std::array::from_fn(|w| all[w] & !pattern[w]), mirrored));
            }
        }
        self.order = order;
        if self.found.len() > 2 * self.distinct + (1 << 16) {
            self.thin();
        }
    }

    fn thin(&mut self) {
        self.found.sort_unstable();
        self.found.dedup_by_key(|entry| entry.0);
        self.distinct = self.found.len();
    }
}

/// The number of the negated weight vector.
fn mirror(code: u64, lattice: &Lattice) -> u64 {
    let base = u64::try_from(2 * lattice.bound + 1).unwrap_or(1);
    base.pow(u32::try_from(lattice.inputs).unwrap_or(0)) - 1 - code
}

/// The weight vector with this number: its digits to the base 2 `bound` + 1, most significant first, less `bound`.
pub(super) fn weights_of(mut code: u64, inputs: usize, bound: i64) -> Vec<i64> {
    let base = u64::try_from(2 * bound + 1).unwrap_or(1);
    let mut weights = vec![0; inputs];
    for weight in weights.iter_mut().rev() {
        *weight = i64::try_from(code % base).unwrap_or(0) - bound;
        code /= base;
    }
    weights
}
