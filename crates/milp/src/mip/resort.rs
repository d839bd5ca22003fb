//! The last resort of a run that a limit has ended before it found a point: that nearest to 0.
//!
//! Many large models (packing, covering by penalties) hold there, and a run may be over before their first relaxation is solved.

use ::budget::Instant;

use crate::Rational;
use crate::budget::{Budget, deadline};
use crate::check::{holds_at, is_bound_of};
use crate::control::Control;
use crate::model::{Datum, Model, VarId, VarKind, Variable};
use crate::number::approximately;
use crate::options::Options;
use crate::outcome::{Outcome, Status, Verified, Violations};
use crate::proof::Certificate;
use crate::tolerances::POSTSOLVE_SECONDS;
use std::borrow::Cow;

/// What a column costs, as work.
const COLUMN: usize = 64;

/// What is told of an outcome: a point wherever one is at hand, in numbers that floats hold.
pub(super) fn told(
    outcome: Outcome,
    (model, options): (&Model, &Options),
    (control, has_all_rows): (&dyn Control, bool),
    certificate: Option<&mut Certificate>,
) -> Outcome {
    let counts = has_all_rows && !control.judges() && options.cutoff.is_none();
    let outcome = if counts { nearest_to_zero(outcome, model, certificate) } else { outcome };
    outcome.within_floats()
}

/// Takes the point nearest to 0 for the best, in an outcome that has none because a limit came first. Cost O(non-zeros), in rationals where
/// columns are not 0, and a fraction of a second at most.
fn nearest_to_zero(outcome: Outcome, model: &Model, certificate: Option<&mut Certificate>) -> Outcome {
    let limits = [Status::TimeLimit, Status::NodeLimit, Status::Interrupted];
    if outcome.solution.is_some() || !limits.contains(&outcome.status) {
        return outcome;
    }
    let budget = Budget::default().until(deadline(Instant::now(), POSTSOLVE_SECONDS));
    let Some(exact) = point(model, &budget).filter(|exact| holds_at(model, exact, &budget)) else { return outcome };
    let solution: Vec<f64> = exact.iter().map(approximately).collect();
    // What a certificate proves is not known here.
    let is_best =
        certificate.is_none() && is_bound_of(&model.exact_objective(exact.iter().map(Cow::Borrowed)), outcome.bound);
    if let Some(certificate) = certificate {
        certificate.offer(exact.clone());
    }
    let (status, verified) =
        if is_best { (Status::Optimal, Verified::Exact) } else { (outcome.status, Verified::Rigorous) };
    Outcome {
        status,
        verified,
        objective: Some(model.objective_of_decimals(&solution)),
        violations: Violations::default(),
        solution: Some(solution),
        exact_solution: Some(exact),
        ..outcome
    }
}

/// What is nearest to 0 within the bounds of each column, and whole where that is; `None` if the budget is over first.
fn point(model: &Model, budget: &Budget<'_>) -> Option<Vec<Rational>> {
    let value = |(j, var): (VarId, &Variable)| {
        if budget.spend(COLUMN) {
            return None;
        }
        let lower = model.decimals.side(Datum::Lower(j), var.lower).unwrap_or_default();
        let upper = model.decimals.side(Datum::Upper(j), var.upper).unwrap_or_default();
        let nearest = if lower > Rational::ZERO { lower } else { upper.min(Rational::ZERO) };
        Some(match var.kind {
            VarKind::Integer if nearest > Rational::ZERO => Rational::from(nearest.ceil()),
            VarKind::Integer => Rational::from(nearest.floor()),
            VarKind::Continuous => nearest,
        })
    };
    model.columns_by_id().map(value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Quiet, solve, solve_certified};

    fn model() -> Model {
        let mut model = Model::new("t");
        let x = model.add_var("x", 0.0, 9.0, 1.0, VarKind::Integer);
        let y = model.add_var("y", 0.5, 9.0, 1.0, VarKind::Integer);
        let z = model.add_var("z", f64::NEG_INFINITY, -0.1, -1.0, VarKind::Continuous);
        model.add_row("r", 0.0, 1.0, [(x, 3.0), (y, 1.0)]);
        model.add_row("s", -1.0, 5.0, [(x, 2.0), (z, 1.0)]);
        model
    }

    #[test]
    fn a_limit_leaves_the_point_nearest_to_zero() {
        let model = model();
        let none = Options { time_limit: 0.0, ..Options::default() };
        let outcome = solve(&model, &none, &mut Quiet).unwrap();
        assert_eq!((outcome.status, outcome.verified), (Status::TimeLimit, Verified::Rigorous));
        assert_eq!((outcome.solution.as_deref(), outcome.objective), (Some([0.0, 1.0, -0.1].as_slice()), Some(1.1)));
        let mut certificate = Certificate::new(&model, &std::env::temp_dir()).unwrap();
        let outcome = solve_certified(&model, &none, &mut Quiet, &mut certificate).unwrap();
        assert_eq!(outcome.objective, Some(1.1));
        let proven = certificate.write(&model, &mut std::io::sink()).unwrap();
        assert_eq!(proven.upper, Some(1.1), "{proven:?}");
    }

    /// Columns alone bound the objective from below, and the point is there.
    #[test]
    fn a_point_that_meets_the_bound_is_optimal() {
        let mut model = Model::new("t");
        let [x, y] = ["x", "y"].map(|name| model.add_var(name, 0.0, 9.0, 1.0, VarKind::Integer));
        model.add_row("r", f64::NEG_INFINITY, 1.0, [(x, 1.0), (y, -1.0)]);
        let none = Options { time_limit: 0.0, ..Options::default() };
        let outcome = solve(&model, &none, &mut Quiet).unwrap();
        assert_eq!((outcome.objective, outcome.bound), (Some(0.0), 0.0));
        assert_eq!((outcome.status, outcome.verified), (Status::Optimal, Verified::Exact));
    }

    #[test]
    fn it_has_to_satisfy_all_rows() {
        let mut model = model();
        model.rows[0].lower = 2.0;
        model.rows[0].upper = 2.0;
        let none = Options { time_limit: 0.0, ..Options::default() };
        assert_eq!(solve(&model, &none, &mut Quiet).unwrap().solution, None);
    }
}
