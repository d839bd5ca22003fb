//! A solve of a model as it stands, within a budget: what [`super::solve`] does with the model given, and [`super::presolved`] with the reduced one.

use super::incumbent::Scale;
use super::linear;
use super::report::{Progress, Report};
use super::search::Search;
use super::state::State;
use crate::control::Hooks;
use crate::model::{Model, Sense};
use crate::options::Options;
use crate::outcome::{Outcome, Status, Verified, Violations};
use crate::proof::Certificate;
use crate::simplex::bound_without_rows;
use crate::verify::Units;
use crate::{Budget, Error, Quiet};

/// The outcome of a model before any search: it has no points, or a limit came first.
pub(super) fn unsearched(model: &Model, status: Status, hooks: &Hooks) -> Outcome {
    let mut report = Report::new(Units::of(model));
    let bound = if status == Status::Infeasible { f64::INFINITY } else { bound_by_columns(model) };
    let progress = Progress { source: 'E', open: 0, depth: 0, bound, incumbent: None };
    report.note(progress, *hooks.borrow_mut());
    Outcome {
        status,
        verified: if status == Status::Infeasible { Verified::Exact } else { Verified::Rigorous },
        objective: None,
        bound: report.units().bound(bound),
        violations: Violations::default(),
        solution: None,
        exact_solution: None,
        ray: None,
        duals: None,
        statistics: report.finish(),
    }
}

/// Solves a model as it stands, from the root to the end.
///
/// # Errors
/// Those of the search.
pub(super) fn solve_within<'a>(
    model: &'a Model,
    options: &'a Options,
    within: (&'a Budget<'a>, &'a Hooks<'a>),
    certificate: Option<&'a mut Certificate>,
) -> Result<Outcome, Error> {
    solve_scaled(model, options, within, certificate, Scale::of(model))
}

/// The same, for a model reduced from one of which gaps are measured.
///
/// # Errors
/// Those of the search.
pub(super) fn solve_scaled<'a>(
    model: &'a Model,
    options: &'a Options,
    (budget, hooks): (&'a Budget<'a>, &'a Hooks<'a>),
    certificate: Option<&'a mut Certificate>,
    scale: Scale,
) -> Result<Outcome, Error> {
    if !model.has_integers() && !hooks.has_plugins() {
        return linear::solve(model, options, (budget, hooks), certificate);
    }
    let mut search = Search::new(model, options, (budget, hooks), certificate, scale);
    search.tell_start();
    let status = match State::to_resume(hooks)? {
        Some(State::Tree(tree)) => search.resume(*tree)?,
        at_root => {
            let variables = search.relaxation.problem().num_vars();
            let basis = at_root.map(|state| state.root_basis(variables)).transpose()?;
            match search.root(basis.as_ref())? {
                Some(status) => status,
                None => search.run()?,
            }
        }
    };
    search.tell_rest();
    let status = search.certify_rest(search.settled(status))?;
    if status != Status::Unbounded {
        return Ok(search.outcome(status));
    }
    if hooks.restrict() {
        // Rows that nobody has stated yet may bound it.
        (search.kept_bound, search.ray) = (f64::NEG_INFINITY, None);
        return Ok(search.outcome(Status::Unresolved));
    }
    // Unbounded if there is a feasible point at all.
    let mut certificate = search.certificate.take();
    let mut feasibility = model.clone();
    feasibility.variables.iter_mut().for_each(|var| var.cost = 0.0);
    feasibility.offset = 0.0;
    let (mut quiet, options) = (Quiet, Options { start: None, cutoff: None, ..options.clone() });
    let point = solve_within(&feasibility, &options, (budget, &Hooks::new(&mut quiet)), None)?;
    // That there is none needs no objective: once more, to write down why.
    if let Some(certificate) = certificate.as_deref_mut().filter(|certificate| certificate.is_open())
        && point.status == Status::Infeasible
    {
        solve_within(&feasibility, &options, (budget, &Hooks::new(&mut quiet)), Some(certificate))?;
    }
    search.kept_bound = f64::NEG_INFINITY;
    let mut outcome = search.outcome(match (point.status, &point.exact_solution) {
        (Status::Optimal, Some(_)) => Status::Unbounded,
        (Status::Optimal, None) => Status::Unresolved,
        (other, _) => other,
    });
    if outcome.status != Status::Unbounded {
        outcome.ray = None;
    }
    if !matches!(outcome.status, Status::Unbounded | Status::Infeasible) {
        // It is open whether there are points; nothing bounds the objective, and a point is no more than that.
        outcome.bound = Units::of(model).bound(f64::NEG_INFINITY);
        outcome.objective = point.solution.as_ref().map(|x| model.objective_of_decimals(x));
    }
    if point.solution.is_some() {
        outcome.verified = if outcome.status == Status::Unbounded { Verified::Exact } else { point.verified };
    }
    outcome.violations = point.violations;
    outcome.solution = point.solution;
    outcome.exact_solution = point.exact_solution;
    if let (Some(certificate), Some(point), Some(ray)) = (certificate, &outcome.exact_solution, &outcome.ray) {
        certificate.unbounded(point.clone(), ray.clone());
    }
    Ok(outcome)
}

/// What the varying part of the (minimised) objective is not below by the bounds of the columns alone. Cost O(columns).
fn bound_by_columns(model: &Model) -> f64 {
    let sign = if model.sense == Sense::Maximise { -1.0 } else { 1.0 };
    let varying = model.columns_by_id().filter(|(j, _)| !model.is_fixed(*j));
    bound_without_rows(0.0, varying.map(|(_, var)| (sign * var.cost, var.lower, var.upper)))
}
