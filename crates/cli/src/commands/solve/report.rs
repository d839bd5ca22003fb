//! A model and what came of it, in words.

use super::args::SolveArgs;
use super::{iis, solutions};
use crate::commands::certified::side_of_bounds;
use crate::commands::parameters::set;
use crate::format::{self, Pairs};
use bdnn::shortest;
use milp::iis::Subsystem;
use milp::pool::Pool;
use milp::{Model, Options, Outcome, Status, VarKind, Violations};

pub(super) fn headline(model: &Model) -> String {
    let integers = model.variables.iter().filter(|var| var.kind == VarKind::Integer).count();
    let special = &model.special;
    let kinds = [
        (special.semi.len(), "semi-continuous column"),
        (special.sets.len(), "special ordered set"),
        (special.indicators.len(), "indicator"),
    ];
    let kinds = kinds.into_iter().filter(|(count, _)| *count > 0);
    let kinds: String = kinds.map(|(count, what)| format!(", {}", format::plural(count as u64, what))).collect();
    format!(
        "model {}: {} rows, {} columns ({} integer), {} non-zeros{kinds}",
        if model.name.is_empty() { "without a name" } else { &model.name },
        model.num_rows(),
        model.num_vars(),
        integers,
        model.num_nonzeros()
    )
}

/// Why a run has no result although no limit stopped it.
pub(super) fn reason(outcome: &Outcome) -> Option<String> {
    if outcome.solution.is_some() && outcome.objective.is_none() {
        let beyond = "the objective is beyond 1.8e308, which no float holds; what is printed holds";
        return (outcome.status == Status::Unresolved).then(|| beyond.to_owned());
    }
    let undecided = "neither floating point nor the exact arithmetic that is allowed could decide";
    (outcome.status == Status::Unresolved).then(|| match outcome.statistics.unresolved {
        0 => format!("{undecided}; what is printed holds"),
        nodes => format!("{undecided} {}; what is printed holds", format::plural(nodes, "node")),
    })
}

/// The closing report: `exact` is the objective where its float is another number or there is none.
pub(super) fn report(
    args: &SolveArgs,
    (model, outcome): (&Model, &Outcome),
    exact: Option<&str>,
    (subsystem, pool): (Option<&Subsystem>, Option<&Pool>),
) -> String {
    let mut pairs = Pairs::default();
    let statistics = &outcome.statistics;
    let status = outcome.status.as_str();
    pairs.push("status", reason(outcome).map_or_else(|| status.to_owned(), |reason| format!("{status}: {reason}")));
    pairs.push("verified", outcome.verified.as_str());
    let exact = exact.map(str::to_owned).or_else(|| hidden_digits(outcome));
    pairs.push("objective", format::objective(outcome.objective, exact.as_deref()));
    if let Some(exact) = exact.filter(|_| outcome.objective.is_some()) {
        // Of a fraction with its nearest float only the fraction is exact.
        pairs.push("exactly", exact.split_once(" (=").map_or(&*exact, |(_, fraction)| fraction.trim_end_matches(')')));
    }
    pairs.push("bound", format::bound(outcome.bound, side_of_bounds(model)));
    pairs.push("gap", format::percent(outcome.gap()));
    if outcome.solution.is_some() {
        let violations = outcome.violations;
        pairs.push(
            "largest violation",
            format!(
                "bounds {}, rows {}{}",
                format::at_most(violations.bound),
                format::at_most(violations.row),
                if model.has_integers() {
                    format!(", integrality {}", format::at_most(violations.integrality))
                } else {
                    String::new()
                }
            ),
        );
    }
    if let Some(set) = set(&args.limits.settings()) {
        pairs.push("parameters", set);
    }
    pairs.push("nodes", statistics.nodes.to_string());
    pairs.push("LP iterations", statistics.lp_iterations.to_string());
    if model.has_integers() || !model.special.is_empty() {
        let none = "none: a certificate has no lines for them".to_owned();
        pairs.push("cuts", if args.certificate.is_some() { none } else { statistics.cuts.to_string() });
    }
    if let Some(pool) = pool {
        solutions::report(model, pool, &mut pairs);
    }
    if args.iis.is_some() {
        iis::report((model, outcome), subsystem, &mut pairs);
    }
    pairs.push("primal-dual integral", format::seconds(statistics.primal_dual_integral));
    let apart = [
        subsystem.map(|subsystem| (subsystem.seconds, "the infeasible subsystem")),
        pool.map(|pool| (pool.statistics.seconds, "the other solutions")),
    ];
    let apart: String =
        apart.iter().flatten().map(|(time, what)| format!(", and {} for {what}", format::seconds(*time))).collect();
    pairs.push("time", format::seconds(statistics.seconds) + &apart);
    if outcome.solution.is_some() && args.solution.is_none() && model.num_vars() > 0 {
        pairs.push("values", "--solution FILE writes them (- for standard output), --json has them");
    }
    pairs.to_string()
}

/// What of the model a start does not satisfy, beyond the tolerances, in words. Columns that its file leaves out are 0.
pub(super) fn broken_by(model: &Model, x: &[f64]) -> Option<String> {
    let Options { feasibility_tolerance, integrality_tolerance, .. } = Options::default();
    if milp::check::is_feasible(model, x, feasibility_tolerance, integrality_tolerance) {
        return None;
    }
    let Violations { bound, row, integrality } = Violations::of(model, x);
    let parts = [("bounds", bound), ("rows", row), ("whole columns", integrality)];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, by)| *by > 0.0)
        .map(|(what, by)| format!("{what} are violated by up to {}", format::value(by)))
        .collect();
    Some(if parts.is_empty() { "the model is not satisfied exactly".to_owned() } else { parts.join(", ") })
}

/// All digits of an objective that a float holds, where it is exact and the report rounds it.
fn hidden_digits(outcome: &Outcome) -> Option<String> {
    let objective = outcome.objective.filter(|_| outcome.exact_solution.is_some())?;
    (format::precise(objective).parse() != Ok(objective)).then(|| shortest(objective))
}
