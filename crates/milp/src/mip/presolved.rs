//! The search on a reduced model ([`crate::presolve`]), told in terms of the model as it was given.
//!
//! Entry point: [`solve`]. Statuses, bounds and objectives are the same for both models; points come back in rationals and are checked
//! against the original. Whatever that leaves in doubt, and the ray of an unbounded model, is looked for without presolve.

use ::budget::Instant;
use ::budget::observe::{Incumbent, On, What};

use super::incumbent::Scale;
use super::telling::start_of;
use super::within::{solve_scaled, solve_within, unsearched};
use crate::budget::deadline;
use crate::check::{dot, holds_at, is_feasible, outside, row_activity};
use crate::control::{Control, Event, Hooks, Interest, ProgressRow};
use crate::model::{Model, Sense, VarKind};
use crate::number::{approximately, decimal};
use crate::options::Options;
use crate::outcome::{Outcome, Status, Verified, Violations};
use crate::presolve::{Duals, Presolved, Reduction, presolve};
use crate::tolerances::{POSTSOLVE_SECONDS, VIOLATIONS_EFFECT};
use crate::{Budget, Error, Quiet};

/// Solves a model whose points nobody judges.
///
/// # Errors
/// Those of the search.
pub(super) fn solve<'a>(
    model: &'a Model,
    options: &'a Options,
    (budget, hooks): (&'a Budget<'a>, &'a Hooks<'a>),
) -> Result<Outcome, Error> {
    let began = Instant::now();
    let reduction = match presolve(model, &options.parameters, budget) {
        Presolved::Infeasible if !has_tolerance(model) => return Ok(unsearched(model, Status::Infeasible, hooks)),
        // What no point satisfies exactly may have points within tolerance, and those count: the search decides that.
        Presolved::Same | Presolved::Infeasible => {
            // Setting up a search takes long.
            return match budget.ask() {
                Some(status) => Ok(unsearched(model, status, hooks)),
                None => solve_within(model, options, (budget, hooks), None),
            };
        }
        Presolved::Smaller(reduction) => reduction,
    };
    let seconds = began.elapsed().as_secs_f64();
    // Points count that are points of the original model within its tolerances.
    let counts = |x: &[f64], budget: &Budget<'_>| {
        let x = reduction.restore_floats(x, budget);
        x.is_some_and(|x| is_feasible(model, &x, options.feasibility_tolerance, 0.0))
    };
    let mut interpreter = Interpreter { model, reduction: &reduction, hooks, seconds };
    let is_linear = model.has_integers() && !reduction.model.has_integers();
    if is_linear {
        interpreter.tell(What::Start(start_of(model)));
    }
    let reduced = {
        let options = Options { start: options.start.as_ref().map(|x| reduction.carry(x)), ..options.clone() };
        let hooks = Hooks::new(&mut interpreter).judged_by(Some(&counts)).keeping(hooks.checkpoint());
        solve_scaled(&reduction.model, &options, (budget, &hooks), None, Scale::of(model))
    };
    let found = match &reduced {
        Ok(Outcome { status, statistics, .. }) => Found {
            is_empty: *status == Status::Infeasible,
            nodes: statistics.nodes,
            iterations: statistics.lp_iterations,
        },
        Err(_) => Found::default(),
    };
    let mut outcome = match reduced.ok().and_then(|reduced| translated(reduced, &reduction, model, options, budget)) {
        Some(outcome) => outcome,
        None => {
            let mut outcome = again(model, options, budget, found)?;
            outcome.statistics.seconds = began.elapsed().as_secs_f64() - seconds;
            outcome
        }
    };
    if is_linear && let Some(objective) = outcome.objective {
        interpreter.tell(What::Incumbent(Incumbent { node: 0, source: 'R', objective }));
    }
    let statistics = &mut outcome.statistics;
    statistics.seconds += seconds;
    // Nothing was known before the search.
    statistics.primal_dual_integral += seconds;
    statistics.removed_rows = (model.num_rows() - reduction.model.num_rows()) as u64;
    statistics.removed_columns = (model.num_vars() - reduction.model.num_vars()) as u64;
    Ok(outcome)
}

/// What the search on the reduced model has come to.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    /// No point satisfies the model exactly.
    is_empty: bool,
    nodes: u64,
    iterations: u64,
}

/// The search on the model as it is given. Where no point satisfies it exactly that is the answer, unless one within tolerance turns up
/// in a fraction of the work that showed it.
fn again(model: &Model, options: &Options, budget: &Budget, found: Found) -> Result<Outcome, Error> {
    let left = options.node_limit.saturating_sub(found.nodes);
    let most =
        if found.is_empty { (found.nodes / 4).saturating_add(options.parameters.tolerance_nodes) } else { u64::MAX };
    let options = Options { node_limit: left.min(most), ..options.clone() };
    let mut quiet = Quiet;
    let mut outcome = solve_within(model, &options, (budget, &Hooks::new(&mut quiet)), None)?;
    outcome.statistics.nodes += found.nodes;
    outcome.statistics.lp_iterations += found.iterations;
    if found.is_empty && outcome.solution.is_none() {
        outcome.status = Status::Infeasible;
        outcome.verified = Verified::Rigorous;
        outcome.bound = if model.sense == Sense::Maximise { f64::NEG_INFINITY } else { f64::INFINITY };
        (outcome.objective, outcome.ray) = (None, None);
    } else if outcome.status == Status::NodeLimit && most < left {
        // Nobody has asked for that limit.
        outcome.status = Status::Unresolved;
    }
    Ok(outcome)
}

/// Whether points count that violate the model a little: not where all columns are whole.
fn has_tolerance(model: &Model) -> bool {
    model.variables.iter().any(|var| var.kind == VarKind::Continuous)
}

/// What an outcome says of the original model; `None` if that is to be found out without presolve.
fn translated(
    reduced: Outcome,
    reduction: &Reduction,
    model: &Model,
    options: &Options,
    budget: &Budget,
) -> Option<Outcome> {
    // An optimum beyond floats is one that nobody could be told.
    let is_told = reduced.status != Status::Optimal || reduced.objective.is_some_and(f64::is_finite);
    // Where no point satisfies the reduced model exactly, there may be points of the original within tolerance.
    // Below a cutoff nobody asks for them.
    let is_doubtful = reduced.status == Status::Infeasible && options.cutoff.is_none() && has_tolerance(model);
    if matches!(reduced.status, Status::Unbounded | Status::Unresolved) || is_doubtful || !is_told {
        return None;
    }
    // A limit that ended the search leaves time to say what it has found.
    let late = Budget::default().until(deadline(Instant::now(), POSTSOLVE_SECONDS));
    let budget = if budget.over().is_some() { &late } else { budget };
    let exact = reduced.exact_solution.as_ref().and_then(|x| reduction.restore(x, budget));
    let holds = exact.as_ref().is_none_or(|exact| holds_at(model, exact, budget));
    if !holds && budget.over().is_none() {
        return None;
    }
    let exact = exact.filter(|_| holds);
    let mut solution = match &exact {
        Some(exact) => Some(exact.iter().map(|x| approximately(x) + 0.0).collect::<Vec<f64>>()),
        // Floats have few digits: that takes no longer than printing them.
        None => reduced.solution.as_ref().and_then(|x| reduction.restore_floats(x, &Budget::default())),
    };
    let mut objective = reduced.objective;
    let duals = reduced.duals.as_ref().filter(|_| !model.has_integers());
    let duals = duals.map(|duals| reduction.restore_float_duals(duals));
    if exact.is_none() {
        // Tolerances of the reduced model are not those of the original.
        let counts = |x: &Vec<f64>| is_feasible(model, x, options.feasibility_tolerance, 0.0);
        let settles = |x: &Vec<f64>| counts(x) && duals.as_ref().is_none_or(|duals| is_worth_little(model, x, duals));
        if reduced.status == Status::Optimal && !solution.as_ref().is_some_and(settles) {
            return None;
        }
        solution = solution.filter(counts);
        objective = solution.as_ref().map(|x| model.objective_of_decimals(x));
    }
    // A point of whole columns alone that counts has no tolerance.
    let whole = || Some(solution.as_ref().filter(|_| !has_tolerance(model))?.iter().map(|&x| decimal(x)).collect());
    let exact = exact.or_else(whole);
    // An exact point that there was no time for is one of floats.
    let is_rounded = reduced.exact_solution.is_some() && exact.is_none();
    Some(Outcome {
        verified: if is_rounded { Verified::Tolerance } else { reduced.verified },
        violations: match (&solution, &exact) {
            (Some(x), None) => Violations::of(model, x),
            _ => Violations::default(),
        },
        solution,
        exact_solution: exact,
        objective,
        ray: None,
        duals: duals.map(|duals| sensed(duals.rows, model.sense)),
        ..reduced
    })
}

/// Minimised duals in the sense of the model.
fn sensed(duals: Vec<f64>, sense: Sense) -> Vec<f64> {
    let sign = if sense == Sense::Maximise { -1.0 } else { 1.0 };
    duals.into_iter().map(|dual| sign * dual + 0.0).collect()
}

/// Whether what a point violates is worth little by the duals (see [`VIOLATIONS_EFFECT`]).
fn is_worth_little(model: &Model, x: &[f64], duals: &Duals<f64>) -> bool {
    let columns = model.variables.iter().zip(x).zip(&duals.columns);
    let of_bounds: f64 = columns.map(|((var, &x), dual)| dual.abs() * outside(x, var.lower, var.upper)).sum();
    let rows = model.rows.iter().zip(&duals.rows).filter(|(_, dual)| **dual != 0.0);
    let of_rows: f64 = rows.map(|(row, dual)| dual.abs() * outside(row_activity(row, x).0, row.lower, row.upper)).sum();
    let costs = model.variables.iter().zip(x).map(|(var, &x)| (var.cost, x));
    let unit = model.variables.iter().fold(0.0_f64, |top, var| top.max(var.cost.abs())).min(1.0);
    of_bounds + of_rows <= VIOLATIONS_EFFECT * dot(costs).0.abs().max(unit)
}

/// Tells the caller of the original model what happens in the reduced one.
struct Interpreter<'a, 'h> {
    model: &'a Model,
    reduction: &'a Reduction,
    hooks: &'a Hooks<'h>,
    /// What reducing took.
    seconds: f64,
}

impl Interpreter<'_, '_> {
    /// Tells what a search would, where there is none.
    fn tell(&self, what: What) {
        if self.interest().wants(Interest::BOUNDS) {
            self.hooks.borrow_mut().event(&Event::new(0, what));
        }
    }

    fn column(&self, on: On) -> On {
        match on {
            On::Column(column) => On::Column(self.reduction.original(column)),
            other => other,
        }
    }

    fn translated(&self, what: What) -> What {
        match what {
            What::Start(_) => What::Start(start_of(self.model)),
            What::Node(mut node) => {
                if let Some(branching) = &mut node.branching {
                    branching.on = self.column(branching.on);
                }
                What::Node(node)
            }
            What::End(mut end) => {
                end.candidates = end.candidates.map(|one| one.map(|(on, score)| (self.column(on), score)));
                What::End(end)
            }
            other => other,
        }
    }
}

impl Control for Interpreter<'_, '_> {
    fn interest(&self) -> Interest {
        self.hooks.borrow().interest()
    }

    fn columns(&mut self, _names: &mut dyn Iterator<Item = &str>) {
        self.hooks.borrow_mut().columns(&mut self.model.variables.iter().map(|var| var.name.as_str()));
    }

    fn event(&mut self, event: &Event) {
        self.hooks.borrow_mut().event(&Event::new(event.work, self.translated(event.what)));
    }

    fn progress(&mut self, row: &ProgressRow) {
        self.hooks.borrow_mut().progress(&ProgressRow { seconds: row.seconds + self.seconds, ..*row });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// A knapsack that takes hundreds of nodes.
    fn knapsack() -> Model {
        let mut model = Model::new("knapsack");
        model.sense = Sense::Maximise;
        let weight = |j: u32| f64::from(1000 + (j * j * 37 + j * 11) % 97);
        let x: Vec<_> =
            (0..40).map(|j| model.add_var("", 0.0, 1.0, weight(j) + f64::from(j % 3), VarKind::Integer)).collect();
        let half = x.iter().map(|var| weight(var.0)).sum::<f64>() / 2.0;
        model.add_row("", f64::NEG_INFINITY, half.floor() + 0.5, x.iter().map(|&var| (var, weight(var.0))));
        model
    }

    /// The search for points within tolerance has few nodes; that is not a limit of the caller's.
    #[test]
    fn limits_that_nobody_has_set_are_not_told_of() {
        let model = knapsack();
        let mut options = Options::default();
        options.parameters.cut_rounds = 0;
        let status = |node_limit: u64, is_empty: bool| {
            let options = Options { node_limit, ..options.clone() };
            let found = Found { is_empty, nodes: 0, iterations: 0 };
            let outcome = again(&model, &options, &Budget::default(), found).unwrap();
            assert!(outcome.solution.is_some());
            outcome.status
        };
        assert_eq!(status(u64::MAX, true), Status::Unresolved);
        assert_eq!(status(20, true), Status::NodeLimit);
        assert_eq!(status(20, false), Status::NodeLimit);
    }

    /// Where time ends before the exact point is held against the model, nothing is called exact but whole numbers, which have no other digits.
    #[test]
    fn exact_points_are_those_that_were_checked() {
        exact_points(VarKind::Continuous, Verified::Tolerance);
        exact_points(VarKind::Integer, Verified::Exact);
    }

    /// What a point is called that there was no time for, in a model of whole columns and one of this kind.
    fn exact_points(last: VarKind, unchecked: Verified) {
        let mut model = Model::new("bounds");
        model.add_var("", 0.0, 3.0, 1.0, last);
        for j in 0..20_000 {
            let x = model.add_var("", 0.0, 3.0, 1.0, VarKind::Integer);
            model.add_row("", f64::from(j % 3) - 0.5, f64::INFINITY, [(x, 1.0)]);
        }
        let options = Options::default();
        let presolved = presolve(&model, &options.parameters, &Budget::default());
        let Presolved::Smaller(reduction) = presolved else { panic!("all rows go") };
        let (mut quiet, budget) = (Quiet, Budget::default());
        let within = (&budget, &Hooks::new(&mut quiet));
        let reduced = solve_scaled(&reduction.model, &options, within, None, Scale::of(&model)).unwrap();
        assert_eq!((reduced.status, reduced.verified), (Status::Optimal, Verified::Exact));
        let run = |patience: usize| {
            let asked = Cell::new(0);
            let stop = || asked.replace(asked.get() + 1) >= patience;
            let budget = Budget::default().stopped_by(&stop);
            (translated(reduced.clone(), &reduction, &model, &options, &budget).expect("a point"), asked.get())
        };
        let (outcome, questions) = run(usize::MAX);
        assert!(outcome.verified == Verified::Exact && outcome.exact_solution.is_some() && questions > 3);
        for patience in 0..questions {
            let (outcome, _) = run(patience);
            assert_eq!((outcome.status, outcome.verified), (Status::Optimal, unchecked), "{patience}");
            assert_eq!(outcome.exact_solution.is_some(), unchecked == Verified::Exact);
            assert!(outcome.solution.is_some());
        }
    }
}
