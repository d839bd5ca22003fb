//! The best solutions of a model in place of one, two of which are the same where all whole columns agree.
//!
//! Entry point: [`solutions`]. Branch and bound goes on past its best points: each one that it finds is taken into the pool and excluded, and what the
//! worst of a full pool reaches closes nodes. There is no presolve, whose points stand for others, and cuts follow from rows and integrality alone; so no solution
//! is lost. The invariant is that of [`crate::solve_disjunction`], by which this is done: no point that is not in the pool is better than the bound.

use ::budget::Instant;
use ::budget::checkpoint::Checkpoint;
use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::check::bound_below;
use crate::control::{Control, Judgement, Stopping};
use crate::mip::{Disjunction, solve, solve_disjunction};
use crate::model::{Datum, Model, Sense, VarId, VarKind, refuse_special};
use crate::number::decimal;
use crate::options::Options;
use crate::outcome::{Outcome, Statistics, Status, Verified};
use crate::{Error, Rational};

/// Why models with special constraints have no pool.
const NO_SPECIAL: &str =
    "several solutions are found of models without such constraints; write it with binary columns and rows";

/// A solution of a [`Pool`].
#[derive(Clone, Debug)]
pub struct Solution {
    /// The values of all columns (length `num_vars()`), the best ones beside its whole columns.
    pub point: Vec<f64>,
    /// The same without rounding, where it is known: it satisfies the model exactly.
    pub exact: Option<Vec<Rational>>,
    /// Its objective, in the sense of the model.
    pub objective: f64,
    /// On what it rests, as for the point of an [`Outcome`].
    pub verified: Verified,
}

/// The best solutions of a model, and what is proven of all others.
#[derive(Clone, Debug)]
pub struct Pool {
    /// Best first.
    pub solutions: Vec<Solution>,
    /// How many were asked for.
    pub wanted: usize,
    /// [`Status::Optimal`]: no solution is missing that is better than the last one listed by more than the gap asked for; else what ended the search.
    pub status: Status,
    /// No solution that is not listed is better, as proven, in the sense of the model; `None`: there are no others.
    pub others: Option<f64>,
    /// Work done beyond the first run.
    pub statistics: Statistics,
}

impl Pool {
    /// Whether no better solution is missing.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.status == Status::Optimal
    }
}

/// Whether several solutions can be found of a model.
///
/// # Errors
/// [`Error::Model`] for special constraints, by the name of the first, and for models without integer columns.
pub fn supports(model: &Model) -> Result<(), Error> {
    refuse_special(model, NO_SPECIAL)?;
    if model.has_integers() {
        return Ok(());
    }
    let message = "solutions are told apart by integer columns, of which there are none".to_owned();
    Err(Error::Model { model: model.name.clone(), message })
}

/// Finds the `wanted` (1 at least) best solutions of a model with integer columns, each with other values of these and the best values of continuous columns
/// beside them; `first` is what [`crate::solve`] says of the model, whose solution is one of them. The limits of `options` hold for this run, nodes of `first` included.
///
/// Costs as many nodes as the solutions have, and those of which bounds are better than the objective of the last one: where fewer exist than are wanted, all of
/// them are enumerated.
///
/// ```
/// use milp::pool::solutions;
/// use milp::{Model, Options, Quiet, Sense, VarKind};
///
/// let mut model = Model::new("knapsack");
/// model.sense = Sense::Maximise;
/// let mut item = |name, worth| model.add_var(name, 0.0, 1.0, worth, VarKind::Integer);
/// let (x, y, z) = (item("x", 5.0), item("y", 4.0), item("z", 3.0));
/// model.add_row("weight", f64::NEG_INFINITY, 5.0, [(x, 2.0), (y, 3.0), (z, 1.0)]);
/// let options = Options::default();
/// let first = milp::solve(&model, &options, &mut Quiet)?;
/// let pool = solutions(&model, 3, &first, &options, &mut Quiet)?;
/// let objectives: Vec<f64> = pool.solutions.iter().map(|solution| solution.objective).collect();
/// assert_eq!(objectives, [9.0, 8.0, 7.0]);
/// assert!(pool.complete() && pool.others.is_some_and(|others| others <= 7.0));
/// # Ok::<(), milp::Error>(())
/// ```
///
/// # Errors
/// Those of [`supports`] and of [`crate::solve_disjunction`].
pub fn solutions(
    model: &Model,
    wanted: usize,
    first: &Outcome,
    options: &Options,
    control: &mut dyn Control,
) -> Result<Pool, Error> {
    supports(model)?;
    options.check()?;
    let wanted = wanted.max(1);
    let mut pool = Pool {
        solutions: Vec::new(),
        wanted,
        status: Status::Optimal,
        others: None,
        statistics: Statistics::default(),
    };
    match first.status {
        Status::Infeasible => return Ok(pool),
        Status::Unbounded => {
            (pool.status, pool.others) = (Status::Unbounded, Some(first.bound));
            return Ok(pool);
        }
        _ => {}
    }
    let mut collector = Collector {
        model,
        options,
        began: Instant::now(),
        control,
        wanted,
        found: Vec::new(),
        seen: BTreeSet::new(),
        error: None,
    };
    if let (Some(point), Some(objective)) = (&first.solution, first.objective) {
        let (point, exact, verified) = (point.clone(), first.exact_solution.clone(), first.verified);
        collector.seen.insert(collector.key(&point));
        collector.insert(Solution { point, exact, objective, verified });
    }
    // The relaxation may be unbounded: such a search would have no bounds.
    if first.bound.is_infinite() {
        (pool.status, pool.others) = (first.status, Some(first.bound));
        pool.solutions = collector.found.into_iter().map(|(_, solution)| solution).collect();
        return Ok(pool);
    }
    let options = Options {
        node_limit: options.node_limit.saturating_sub(first.statistics.nodes),
        start: None,
        ..options.clone()
    };
    let Disjunction { status, bound, statistics, .. } =
        solve_disjunction(&[model], &options, &mut collector, Checkpoint::default())?;
    let Collector { found, error, .. } = collector;
    let found: Vec<Solution> = found.into_iter().map(|(_, solution)| solution).collect();
    if let Some(error) = error {
        return Err(error);
    }
    pool.status = if status == Status::Infeasible { Status::Optimal } else { status };
    let is_all = pool.status == Status::Optimal && found.len() < wanted;
    // What is not below one of two bounds is not below the better one.
    let bound = if model.sense == Sense::Maximise { bound.min(first.bound) } else { bound.max(first.bound) };
    pool.others = (!is_all).then_some(bound);
    (pool.solutions, pool.statistics) = (found, statistics);
    Ok(pool)
}

/// Takes what branch and bound finds, and lets none of it count there.
struct Collector<'a> {
    model: &'a Model,
    options: &'a Options,
    began: Instant,
    control: &'a mut dyn Control,
    wanted: usize,
    /// Best first, by what each has of the objective, to be small: floats would take different ones for the same.
    found: Vec<(Rational, Solution)>,
    /// The whole columns that were looked at.
    seen: BTreeSet<Vec<u64>>,
    error: Option<Error>,
}

/// What whole columns make.
enum Completion {
    /// The best solution with them.
    Solution(Solution),
    /// None.
    Empty,
    /// Neither is known.
    Unknown,
}

impl Collector<'_> {
    fn is_whole(&self, j: usize) -> bool {
        self.model.variables[j].kind == VarKind::Integer
    }

    /// The values of the whole columns, as bits.
    fn key(&self, point: &[f64]) -> Vec<u64> {
        let whole = (0..point.len()).filter(|&j| self.is_whole(j));
        whole.map(|j| (point[j].round() + 0.0).to_bits()).collect()
    }

    fn insert(&mut self, solution: Solution) {
        let value = match &solution.exact {
            Some(exact) => self.model.exact_objective(exact.iter().map(Cow::Borrowed)),
            None => self.model.exact_objective(solution.point.iter().map(|&x| Cow::Owned(decimal(x)))),
        };
        let value = if self.model.sense == Sense::Maximise { -value } else { value };
        let place = self.found.partition_point(|(other, _)| *other <= value);
        self.found.insert(place, (value, solution));
        self.found.truncate(self.wanted);
    }

    /// The best solution with the whole columns of a point.
    fn complete(&self, point: &[f64]) -> Result<Completion, Error> {
        if (0..point.len()).all(|j| self.is_whole(j)) {
            let point: Vec<f64> = point.iter().map(|x| x.round() + 0.0).collect();
            let objective = self.model.objective_of_decimals(&point);
            let exact = Some(point.iter().map(|&x| decimal(x)).collect());
            return Ok(Completion::Solution(Solution { point, exact, objective, verified: Verified::Exact }));
        }
        let mut fixed = self.model.clone();
        for (j, var) in (0..).map(VarId).zip(&mut fixed.variables).filter(|(j, _)| self.is_whole(j.index())) {
            let value = point[j.index()].round() + 0.0;
            (var.lower, var.upper, var.kind) = (value, value, VarKind::Continuous);
            fixed.decimals.state(Datum::Lower(j), value, decimal(value));
            fixed.decimals.state(Datum::Upper(j), value, decimal(value));
        }
        let time_limit = self.options.time_limit - self.began.elapsed().as_secs_f64();
        let options = Options { time_limit: time_limit.max(0.0), start: None, ..self.options.clone() };
        let outcome = solve(&fixed, &options, &mut Stopping(&*self.control))?;
        Ok(match (outcome.status, outcome.solution, outcome.objective) {
            (Status::Optimal, Some(point), Some(objective)) => {
                let (exact, verified) = (outcome.exact_solution, outcome.verified);
                Completion::Solution(Solution { point, exact, objective, verified })
            }
            (Status::Infeasible, ..) => Completion::Empty,
            _ => Completion::Unknown,
        })
    }
}

impl Control for Collector<'_> {
    fn should_stop(&self) -> bool {
        self.error.is_some() || self.control.should_stop()
    }

    /// No point counts; those that are known are excluded as if there were none.
    fn judge(&mut self, point: &[f64]) -> Judgement {
        let key = self.key(point);
        if !self.seen.contains(&key) {
            match self.complete(point) {
                Ok(Completion::Solution(solution)) => self.insert(solution),
                Ok(Completion::Empty) => {}
                Ok(Completion::Unknown) => return Judgement::Reject,
                Err(error) => {
                    self.error = Some(error);
                    return Judgement::Reject;
                }
            }
            self.seen.insert(key);
        }
        Judgement::Infeasible
    }

    /// As much as the last one has, and no more: what is dropped has that at least.
    fn ceiling(&self) -> Option<f64> {
        let (value, _) = self.found.last().filter(|_| self.found.len() == self.wanted)?;
        let least = bound_below(value);
        Some(if self.model.sense == Sense::Maximise { -least } else { least })
    }
}
