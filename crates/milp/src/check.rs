//! The answer check: how far a point is from satisfying a model, in the units of its author.

use crate::model::{Model, VarKind};
use crate::outcome::Violations;

impl Violations {
    /// The largest violations of `x` (length `num_vars()`) on `model`. Rows are summed with compensation, so that the
    /// figures show the point's error and not the check's. Cost O(non-zeros).
    #[must_use]
    pub fn of(model: &Model, x: &[f64]) -> Self {
        let mut out = Self::default();
        for (var, &x) in model.variables.iter().zip(x) {
            out.bound = out.bound.max(outside(x, var.lower, var.upper));
            if var.kind == VarKind::Integer {
                out.integrality = out.integrality.max((x - x.round()).abs());
            }
        }
        for row in &model.rows {
            let (activity, _) = activity(row, x);
            out.row = out.row.max(outside(activity, row.lower, row.upper));
        }
        out
    }
}

/// Whether `x` satisfies `model`: integer columns within `integrality` of a whole number, bounds and rows within
/// `feasibility`, where a bound or row whose value or largest term exceeds 1 may be violated by that multiple of the
/// tolerance (floating point offers no more).
#[must_use]
pub fn is_feasible(model: &Model, x: &[f64], feasibility: f64, integrality: f64) -> bool {
    let columns = model.variables.iter().zip(x).all(|(var, &x)| {
        let whole = var.kind == VarKind::Continuous || (x - x.round()).abs() <= integrality;
        x.is_finite() && whole && outside(x, var.lower, var.upper) <= feasibility * x.abs().max(1.0)
    });
    columns
        && model.rows.iter().all(|row| {
            let (activity, largest) = activity(row, x);
            outside(activity, row.lower, row.upper) <= feasibility * largest.max(1.0)
        })
}

/// Distance of a value from an interval.
fn outside(value: f64, lower: f64, upper: f64) -> f64 {
    (lower - value).max(value - upper).max(0.0)
}

/// Sum of a row's terms (Neumaier's compensated summation) and the largest magnitude among them.
fn activity(row: &crate::model::Row, x: &[f64]) -> (f64, f64) {
    let (mut sum, mut lost, mut largest) = (0.0_f64, 0.0, 0.0_f64);
    for &(var, coefficient) in &row.terms {
        let term = coefficient * x[var.index()];
        let next = sum + term;
        lost += if sum.abs() >= term.abs() { (sum - next) + term } else { (term - next) + sum };
        sum = next;
        largest = largest.max(term.abs());
    }
    (sum + lost, largest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_violation() {
        let mut model = Model::new("t");
        let x = model.add_var("x", 0.0, 1.0, 0.0, VarKind::Integer);
        let y = model.add_var("y", f64::NEG_INFINITY, 2.0, 0.0, VarKind::Continuous);
        model.add_row("r", 1.0, 3.0, [(x, 1.0), (y, 2.0)]);
        let of = |point: &[f64]| Violations::of(&model, point);
        assert_eq!(of(&[1.0, 1.0]), Violations::default());
        assert_eq!(of(&[0.5, 1.0]).integrality, 0.5);
        assert_eq!(of(&[1.0, 2.5]).bound, 0.5);
        assert_eq!(of(&[1.0, 2.5]).row, 3.0);
        assert_eq!(of(&[0.0, 0.25]).row, 0.5);
        assert!(is_feasible(&model, &[1.0, 1.0], 1e-9, 1e-9));
        assert!(!is_feasible(&model, &[1.0, 1.1], 1e-9, 1e-9));
        assert!(!is_feasible(&model, &[0.5, 1.0], 1e-9, 1e-9));
        assert!(!is_feasible(&model, &[1.0, f64::NAN], 1e-9, 1e-9));
    }
}
