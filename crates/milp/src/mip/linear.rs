//! Linear programs: one simplex run, and what it proves.

use ::budget::Instant;
use std::sync::Arc;

use super::report::{Progress, Report};
use super::reserve::closing_end;
use super::state::State;
use crate::bounds::Domain;
use crate::control::Hooks;
use crate::model::Model;
use crate::options::Options;
use crate::outcome::{Outcome, Status, Violations};
use crate::proof::Certificate;
use crate::relaxation::{Effort, Relaxation, Verdict};
use crate::simplex::LpProblem;
use crate::verify::{Units, settle};
use crate::{Budget, Error};

/// Solves a model without integer columns.
///
/// # Errors
/// Those of the simplex, other than numerical failure, after which exact arithmetic decides.
pub(super) fn solve(
    model: &Model,
    options: &Options,
    (budget, hooks): (&Budget, &Hooks),
    certificate: Option<&mut Certificate>,
) -> Result<Outcome, Error> {
    let units = Units::of(model);
    let mut report = Report::new(units.clone());
    let problem = Arc::new(LpProblem::varying(model));
    let mut relaxation = Relaxation::new(model, problem, options);
    if let Some(state) = State::to_resume(hooks)? {
        relaxation.load_basis(&state.root_basis(relaxation.problem().num_vars())?);
    }
    let verdict = relaxation.solve(Effort::full(), budget)?;
    if let Verdict::Stopped(_) = verdict {
        State::Root(relaxation.basis().packed()).keep(hooks);
    }
    let began = Instant::now();
    let claim = settle(model, options, &mut relaxation, verdict, budget);
    report.statistics.verify_seconds = began.elapsed().as_secs_f64();
    if let Some(certificate) = certificate {
        let (lower, upper) = relaxation.bounds();
        let n = model.num_vars();
        let mut domain = Domain::new(lower[..n].to_vec(), upper[..n].to_vec());
        let ended = if let Verdict::Stopped(status) = verdict { status } else { Status::Optimal };
        budget.renew(closing_end(ended, report.start(), options, certificate.seconds_to_write()));
        certificate.linear(&mut domain, &relaxation.basis().status, &relaxation.row_proof(), budget);
    }
    report.statistics.lp_iterations = relaxation.iterations();
    let progress = Progress { source: 'R', open: 0, depth: 0, bound: claim.bound, incumbent: claim.objective };
    report.note_claim(progress, *hooks.borrow_mut());
    Ok(Outcome {
        status: claim.status,
        verified: claim.verified,
        violations: match (&claim.point, &claim.exact) {
            (Some(x), None) => Violations::of(model, x),
            _ => Violations::default(),
        },
        solution: claim.point,
        exact_solution: claim.exact,
        ray: claim.ray,
        objective: claim.objective,
        bound: claim.bound,
        duals: claim.duals,
        statistics: report.finish(),
    })
}
