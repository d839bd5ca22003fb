//! Geometric scaling to powers of two.
//!
//! The scaled matrix is `R A C`; `x = C x'`, `s = R^-1 s'`. Powers of two make the change of units exact, so that a
//! bound or a coefficient means the same number on both sides.

use crate::model::SparseColumns;
use crate::tolerances::{SCALING_EXPONENT, SCALING_GOOD_RANGE, SCALING_PASSES};

/// Factors between the units of the model and those of the simplex.
#[derive(Clone, Debug)]
pub(super) struct Scaling {
    /// Length n + m: model value = factor * scaled value, for structural variables and logicals.
    pub variable: Vec<f64>,
    /// Model cost = factor * scaled cost (after the variables are scaled).
    pub cost: f64,
}

impl Scaling {
    /// No change of units.
    pub fn identity(num_vars: usize) -> Self {
        Self { variable: vec![1.0; num_vars], cost: 1.0 }
    }

    /// Factors that bring the non-zeros of A (m x n) near 1: a few passes of the geometric mean of the extremes of
    /// each row and column, rounded to powers of two. A matrix within a small range already is left alone.
    pub fn geometric(a: &SparseColumns, num_rows: usize, cost: &[f64]) -> Self {
        let n = cost.len();
        let mut scaling = Self::identity(n + num_rows);
        let (low, high) = SCALING_GOOD_RANGE;
        if a.values.iter().any(|v| !(low..=high).contains(&v.abs())) {
            let (mut row, mut column) = (vec![1.0; num_rows], vec![1.0; n]);
            for _ in 0..SCALING_PASSES {
                geometric_pass(a, &mut row, &mut column);
            }
            for (factor, column) in scaling.variable[..n].iter_mut().zip(&column) {
                *factor = power_of_two(*column);
            }
            for (factor, row) in scaling.variable[n..].iter_mut().zip(&row) {
                *factor = 1.0 / power_of_two(*row);
            }
        }
        scaling.fit_cost(cost);
        scaling
    }

    /// Chooses the unit of the objective so that the largest scaled cost is moderate.
    fn fit_cost(&mut self, cost: &[f64]) {
        let largest = cost.iter().zip(&self.variable).fold(0.0_f64, |top, (c, f)| top.max((c * f).abs()));
        self.cost = match largest {
            0.0 => 1.0,
            small if small < 1.0 => power_of_two(small),
            large => power_of_two((large / crate::tolerances::SCALING_LARGEST_COST).max(1.0)),
        };
    }

    /// Factors for rows added later: their entries are brought near 1 under the column factors at hand.
    pub fn add_rows(&mut self, rows: &[super::NewRow]) {
        for row in rows {
            let sizes = row.terms.iter().map(|&(var, value)| (value * self.variable[var]).abs());
            let (low, high) = sizes.fold((f64::INFINITY, 0.0_f64), |(low, high), s| (low.min(s), high.max(s)));
            self.variable.push(if high > 0.0 { power_of_two((low * high).sqrt()) } else { 1.0 });
        }
    }

    /// The factor of the row of logical `n + i`: scaled row = factor * model row.
    pub fn row(&self, logical: usize) -> f64 {
        1.0 / self.variable[logical]
    }
}

fn geometric_pass(a: &SparseColumns, row: &mut [f64], column: &mut [f64]) {
    let mut extremes = vec![(f64::INFINITY, 0.0_f64); row.len()];
    for (j, factor) in column.iter().enumerate() {
        for (i, value) in a.column(j) {
            let size = value.abs() * factor;
            extremes[i] = (extremes[i].0.min(size), extremes[i].1.max(size));
        }
    }
    for (factor, &(low, high)) in row.iter_mut().zip(&extremes) {
        if high > 0.0 {
            *factor = 1.0 / (low * high).sqrt();
        }
    }
    for (j, factor) in column.iter_mut().enumerate() {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for (i, value) in a.column(j) {
            let size = value.abs() * row[i];
            (low, high) = (low.min(size), high.max(size));
        }
        if high > 0.0 {
            *factor = 1.0 / (low * high).sqrt();
        }
    }
}

/// The power of two nearest to a positive number on the logarithmic scale, within a safe range.
fn power_of_two(x: f64) -> f64 {
    2.0_f64.powi(x.log2().round().clamp(-SCALING_EXPONENT, SCALING_EXPONENT) as i32)
}
