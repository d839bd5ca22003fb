//! Bounds that rows imply for columns that have none: what a safe dual bound leans on.
//!
//! Entry point: [`implied_bounds`]. Only the first finite bound of each side is looked for; how tight it is matters little, for
//! it is multiplied by rounding errors. Every step rounds outwards, wide enough for data that stand for decimals.

use crate::simplex::LpProblem;
use crate::tolerances::{LARGEST_DEDUCED_BOUND, rounding_margin};

/// Passes over the rows: each may carry a bound one row further, and such chains may go on for ever.
const PASSES: usize = 12;

/// The least or greatest activity of a row: finite part, sum of magnitudes, number of infinite terms.
#[derive(Clone, Copy, Default)]
struct End {
    sum: f64,
    size: f64,
    infinite: usize,
}

impl End {
    fn add(&mut self, term: f64) {
        if term.is_finite() {
            self.sum += term;
            self.size += term.abs();
        } else {
            self.infinite += 1;
        }
    }
}

/// Bounds of the n columns that every point within the given bounds (n + m) keeps, and for which `cost'x <= ceiling`. Cost:
/// the non-zeros, for a few passes.
pub(crate) fn implied_bounds(problem: &LpProblem, lower: &[f64], upper: &[f64], ceiling: f64) -> (Vec<f64>, Vec<f64>) {
    let n = problem.num_cols();
    let (mut low, mut high) = (lower[..n].to_vec(), upper[..n].to_vec());
    let rows = problem.columns.transpose(problem.num_rows);
    let objective: Vec<(usize, f64)> = problem.cost.iter().copied().enumerate().filter(|(_, c)| *c != 0.0).collect();
    for _ in 0..PASSES {
        let mut news = false;
        if ceiling.is_finite() {
            news |= pass(objective.iter().copied(), f64::NEG_INFINITY, ceiling, &mut low, &mut high);
        }
        for i in 0..problem.num_rows {
            news |= pass(rows.column(i), lower[n + i], upper[n + i], &mut low, &mut high);
        }
        if !news {
            break;
        }
    }
    (low, high)
}

/// What one row adds; true if it is anything.
fn pass(
    terms: impl Iterator<Item = (usize, f64)> + Clone,
    lower: f64,
    upper: f64,
    low: &mut [f64],
    high: &mut [f64],
) -> bool {
    let (mut least, mut greatest, mut count, mut open) = (End::default(), End::default(), 0, false);
    for (j, a) in terms.clone() {
        least.add(if a > 0.0 { a * low[j] } else { a * high[j] });
        greatest.add(if a > 0.0 { a * high[j] } else { a * low[j] });
        open |= low[j].is_infinite() || high[j].is_infinite();
        count += 1;
    }
    if !open {
        return false;
    }
    let mut news = false;
    let mut lean = |end: End, side: f64, towards_upper: bool| {
        if side.is_infinite() || end.infinite > 1 {
            return;
        }
        let margin = rounding_margin(count + 2, end.size + side.abs());
        for (j, a) in terms.clone() {
            // The bound that this side gives, and the one that the term itself stands at in the sum.
            let gives_upper = (a > 0.0) == towards_upper;
            let (given, own) = if gives_upper { (high[j], low[j]) } else { (low[j], high[j]) };
            if given.is_finite() || end.infinite == 1 && own.is_finite() {
                continue;
            }
            let others = if own.is_finite() { end.sum - a * own } else { end.sum };
            let limit = (side - others + if towards_upper { margin } else { -margin }) / a;
            let slack = 4.0 * f64::EPSILON * limit.abs() + f64::MIN_POSITIVE;
            if limit.abs() <= LARGEST_DEDUCED_BOUND {
                if gives_upper {
                    high[j] = limit + slack
                } else {
                    low[j] = limit - slack
                }
                news = true;
            }
        }
    };
    lean(least, upper, true);
    lean(greatest, lower, false);
    news
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Model, VarKind};

    #[test]
    fn bounds_travel_from_row_to_row() {
        let inf = f64::INFINITY;
        let mut model = Model::new("t");
        let [x, y, z, free] = ["x", "y", "z", "w"].map(|name| {
            let lower = if name == "w" { -inf } else { 0.0 };
            model.add_var(name, lower, inf, 1.0, VarKind::Continuous)
        });
        model.add_row("xy", -inf, 10.0, [(x, 1.0), (y, 2.0)]);
        model.add_row("yz", 0.0, inf, [(y, 3.0), (z, -1.0)]);
        model.add_row("wz", -4.0, 4.0, [(free, -0.5), (z, 1.0)]);
        let problem = LpProblem::from_model(&model);
        let (low, high) = implied_bounds(&problem, &problem.lower, &problem.upper, inf);
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-12 * b.abs().max(1.0);
        assert!(near(high[0], 10.0) && near(high[1], 5.0) && near(high[2], 15.0), "{high:?}");
        assert!(high[0] >= 10.0 && high[1] >= 5.0 && high[2] >= 15.0, "outwards");
        assert!(near(low[3], -8.0) && near(high[3], 38.0), "{low:?} {high:?}");
        let (_, cut) = implied_bounds(&problem, &problem.lower, &problem.upper, 3.0);
        assert!(cut.iter().all(|bound| bound.is_finite()));
    }
}
