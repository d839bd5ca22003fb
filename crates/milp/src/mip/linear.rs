//! Linear programs: one simplex run, checked.

use std::sync::Arc;

use super::certify::closing_deadline;
use super::domain::Domain;
use super::relaxation::{Effort, Relaxation, Verdict};
use super::report::{Progress, Report};
use super::sign;
use crate::control::Hooks;
use crate::model::Model;
use crate::options::Options;
use crate::outcome::{Outcome, Status, Violations};
use crate::proof::Certificate;
use crate::simplex::LpProblem;
use crate::{Budget, Error};

/// Solves a model without integer columns. The bound is the safe dual bound; where a column without the bound that its
/// reduced cost leans on leaves none, it is the objective of the basis, optimal within tolerances.
///
/// # Errors
/// [`Error::Numerical`] when no result of the simplex passes its checks.
pub(super) fn solve(
    model: &Model,
    options: &Options,
    (budget, hooks): (&Budget, &Hooks),
    certificate: Option<&mut Certificate>,
) -> Result<Outcome, Error> {
    let sign = sign(model);
    let mut report = Report::new(sign);
    let problem = Arc::new(LpProblem::from_model(model));
    let mut relaxation = Relaxation::new(model, problem, options);
    let verdict = relaxation.solve(Effort::full(), budget)?;
    if let Some(certificate) = certificate {
        let (lower, upper) = relaxation.bounds();
        let n = model.num_vars();
        let mut domain = Domain::new(lower[..n].to_vec(), upper[..n].to_vec());
        let ended = if let Verdict::Stopped(status) = verdict { status } else { Status::Optimal };
        budget.renew(closing_deadline(ended, report.start(), options));
        certificate.linear(&mut domain, &relaxation.basis().status, &relaxation.row_proof(), budget);
    }
    let (status, bound) = match verdict {
        Verdict::Solved => {
            let bound = relaxation.bound();
            (Status::Optimal, if bound.is_finite() { bound } else { relaxation.objective() })
        }
        Verdict::Infeasible | Verdict::Cutoff => (Status::Infeasible, f64::INFINITY),
        Verdict::Unbounded => (Status::Unbounded, f64::NEG_INFINITY),
        Verdict::Stopped(status) => (status, f64::NEG_INFINITY),
        Verdict::Undecided | Verdict::OutOfIterations => {
            return Err(Error::Numerical(format!("no basis of model '{}' passes its checks", model.name)));
        }
    };
    let has_point = matches!(status, Status::Optimal | Status::Unbounded);
    let solution = has_point.then(|| relaxation.solution().to_vec());
    report.statistics.lp_iterations = relaxation.iterations();
    let incumbent = solution.as_ref().map(|_| relaxation.objective());
    report.note(Progress { source: 'R', open: 0, depth: 0, bound, incumbent }, *hooks.borrow_mut());
    let duals =
        (status == Status::Optimal).then(|| relaxation.simplex().row_duals().iter().map(|y| sign * y).collect());
    Ok(Outcome {
        status,
        objective: solution.as_ref().map(|x| model.objective(x)),
        bound: sign * bound,
        violations: solution.as_ref().map_or(Violations::default(), |x| Violations::of(model, x)),
        solution,
        duals,
        statistics: report.finish(),
    })
}
