//! Exact engines from the start that a short local search makes, and with turns of it beside them: the one that
//! [`Method::Auto`](crate::Method::Auto) takes for a problem (local search alone where exact search would not end), or one that was asked for.

use crate::choice::{Choice, EngineName};
use crate::error::Error;
use crate::parameters::AutoParameters;
use bdnn::{
    After, Budget, Engine, EngineError, Event, Network, Problem, Progress, Quiet, Request, SearchRow, Statistics,
    Status, Telling, Training, WeightDomain, What, outputs,
};
use budget::checkpoint::Unreadable;
use budget::{Checkpoint, Instant, Settings};
use formulation::{Milp, Size, Use};
use heuristics::Validation;
use heuristics::local_search::{self, Confirmed, LocalSearch};
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicBool, Ordering};

/// [`Method::Auto`](crate::Method::Auto) as an engine, for problems that did not come from a [`Trainer`](crate::Trainer).
///
/// ```
/// use heaviside::{Architecture, Auto, Engine, Limits, Loss, Points, Problem, Request, Scaler, WeightDomain};
///
/// let points = Points::merge(1, 2, &[0.0, 1.0, 2.0], &[0, 1, 0], Scaler::identity(1));
/// let architecture =
///     Architecture { inputs: 1, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
/// let problem = Problem::new(points, architecture, Loss::Hamming);
/// let training = Auto.train(Request::new(&problem, &Limits::default()))?;
/// assert_eq!((training.loss, training.bound), (1, 1.0));
/// # Ok::<(), heaviside::EngineError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Auto;

impl Engine for Auto {
    fn name(&self) -> &'static str {
        "auto"
    }

    fn train(&self, request: Request<'_>) -> Result<Training, EngineError> {
        let Request { problem, limits, .. } = request;
        let choice = choose(problem, None, &limits.settings);
        let with_margin = needs_margin(choice.engine, problem)
            .then(|| Problem { epsilon: Some(problem.margin()), ..problem.clone() });
        let problem = with_margin.as_ref().unwrap_or(problem);
        // The same run: a margin is what the engine takes.
        let request = request.with_problem(problem).with_checkpoint(request.checkpoint);
        Ok(train(choice, request).map(|(_, training)| training)?)
    }
}

/// [`Method::Omt`](crate::Method::Omt) as an engine: the conflict-driven engine from the start of a short local search, which then has turns
/// beside it. [`omt::Exact`] goes without.
#[derive(Clone, Copy, Debug, Default)]
pub struct Omt;

impl Engine for Omt {
    fn name(&self) -> &'static str {
        EngineName::Omt.as_str()
    }

    fn supports(&self, problem: &Problem) -> Result<(), String> {
        omt::Exact.supports(problem)
    }

    fn train(&self, request: Request<'_>) -> Result<Training, EngineError> {
        let Request { problem, limits, .. } = request;
        problem.check()?;
        omt::supports(problem)?;
        Ok(train(omt(problem, &limits.settings), request).map(|(_, training)| training)?)
    }
}

/// The conflict-driven engine, asked for on a problem that it takes.
pub(crate) fn omt(problem: &Problem, settings: &Settings) -> Choice {
    Choice::insisting(EngineName::Omt, format!("asked for; {}", omt::search_of(problem, settings)))
}

/// The exact engine that [`Auto`] would take; `None` where exact search would not end.
#[must_use]
pub fn exact_engine(problem: &Problem) -> Option<EngineName> {
    let engine = choose(problem, None, &Settings::default()).engine;
    (engine != EngineName::LocalSearch).then_some(engine)
}

/// The exact engine that takes the problem, unless it is hopelessly large: then local search, by the rows of `validation` if there
/// are any.
pub(crate) fn choose(problem: &Problem, validation: Option<Validation>, settings: &Settings) -> Choice {
    let parameters: AutoParameters = settings.of();
    let proves = "exact search would not end; the bound is what conflicting labels force";
    let local_search = |reason| Choice::alone(EngineName::LocalSearch, reason, LocalSearch { validation });
    match omt::supports(problem) {
        Ok(()) if activations(problem) > parameters.most_activations => {
            let neurons: usize = problem.architecture.widths()[1..].iter().sum();
            let points = problem.points.len();
            local_search(format!("{points} distinct points and {neurons} neurons: {proves}"))
        }
        Ok(()) => Choice::primed(EngineName::Omt, omt::search_of(problem, settings)),
        Err(lack) => {
            let lack = format!("the conflict-driven engine does not apply: {lack}");
            if is_large(problem, &parameters) {
                let size = format!("and the MILP has some {:.1} million entries", Size::of(problem).entries / 1e6);
                return local_search(format!("{lack}, {size}: {proves}"));
            }
            match Milp.supports(problem) {
                Ok(()) => Choice::primed(EngineName::Milp, lack),
                Err(why) => local_search(format!("{lack}, and the MILP does not: {why}")),
            }
        }
    }
}

/// Points times neurons.
fn activations(problem: &Problem) -> usize {
    problem.architecture.widths()[1..].iter().sum::<usize>().saturating_mul(problem.points.len())
}

/// Whether the MILP is too large for a default, and for a run that does not begin with local search.
pub(crate) fn is_large(problem: &Problem, parameters: &AutoParameters) -> bool {
    Size::of(problem).entries > parameters.most_entries as f64
}

/// Whether an engine takes the problem with a margin only: the MILP always does; prices on the size of real weights mean nothing
/// without one (a neuron can be scaled down at will).
pub(crate) fn needs_margin(engine: EngineName, problem: &Problem) -> bool {
    let sizes = problem.l1 > 0.0 && problem.architecture.weights == WeightDomain::Continuous;
    problem.epsilon.is_none() && (engine == EngineName::Milp || sizes)
}

/// Runs what was chosen. The choice returned says which engine has the last word. Outputs come back in one scale ([`bdnn::outputs`]).
pub(crate) fn train(choice: Choice, request: Request<'_>) -> Result<(Choice, Training), Error> {
    let (choice, mut training) = match &choice.alone {
        Some(engine) => {
            let has_hidden = !request.problem.architecture.hidden.is_empty();
            let training = if choice.engine == EngineName::Milp && has_hidden {
                from_first(&**engine, request)?
            } else {
                engine.train(request).map_err(Error::of_engine)?
            };
            (choice, training)
        }
        None => primed(choice, request)?,
    };
    training.network = training.network.map(|network| outputs::even(request.problem, network));
    Ok((choice, training))
}

/// What stands around the states of a chain: how far it has come.
#[derive(Serialize, Deserialize)]
enum Phase {
    /// Local search makes the start.
    Priming,
    /// It goes on alone, for this reason.
    Alone(String),
    /// The exact engine searches, from the best network so far if there is one.
    Exact(Option<Network>),
}

/// A short local search, then the exact engine from where it ended.
fn primed(choice: Choice, request: Request<'_>) -> Result<(Choice, Training), Error> {
    let began = Instant::now();
    let Request { problem, limits, progress, checkpoint, .. } = request;
    let turns = turns(choice.engine, request);
    Telling::new(progress).start(problem);
    let priming = Priming::new(progress);
    let budget = Budget::new(limits, &priming);
    let resumed = checkpoint.resumed::<(Phase, Vec<u8>)>().map_err(unreadable)?;
    let (phase, state) = resumed.map_or((None, None), |(phase, state)| (Some(phase), Some(state)));
    // A start cut short by a limit on rounds is not where a longer run would begin.
    let unbent = if limits.nodes >= turns.0 { checkpoint } else { Checkpoint::default() };
    let around = |phase: &Phase| unbent.around(phase).map_err(unreadable);
    let keeper = around(&Phase::Priming)?;
    let alone = |beside: local_search::Beside<'_>, why: String, state: Option<&[u8]>| {
        priming.tell_all();
        progress.event(&Event::new(0, What::Engine(EngineName::LocalSearch.as_str())));
        let keeper = around(&Phase::Alone(why.clone()))?;
        let training = beside.alone(Checkpoint::within(keeper.as_ref(), state))?;
        Ok((Choice { engine: EngineName::LocalSearch, reason: why, ..choice.clone() }, training))
    };
    let request = request.with_progress(&priming);
    let (beside, first) = match phase {
        Some(Phase::Alone(why)) => {
            return alone(local_search::Beside::idle(request, &budget, turns)?, why, state.as_deref());
        }
        Some(Phase::Exact(first)) => {
            let first = first.map(|network| Confirmed::new(problem, network)).transpose();
            let first = first.map_err(|_| unreadable(Unreadable::inconsistent()))?;
            (local_search::Beside::idle(request, &budget, turns)?, first)
        }
        Some(Phase::Priming) | None => {
            let request = request.with_checkpoint(Checkpoint::within(keeper.as_ref(), state.as_deref()));
            let beside = local_search::Beside::prime(request, &budget, turns)?;
            if matches!(beside.status(), Status::Optimal | Status::Interrupted) {
                let reason = format!("made the start for {} and left it nothing to do", choice.engine.as_str());
                return Ok((Choice { engine: EngineName::LocalSearch, reason, ..choice }, beside.over()));
            }
            if let Some(why) = hopeless(&choice, problem, &beside, &budget, &limits.settings.of()) {
                return alone(beside, why, None);
            }
            let first = beside.best().cloned();
            (beside, first)
        }
    };
    let state = state.as_deref().filter(|_| beside.is_idle());
    let keeper = around(&Phase::Exact(first.as_ref().map(|best| best.network.clone())))?;
    let request = request.with_progress(progress).with_checkpoint(Checkpoint::within(keeper.as_ref(), state));
    let engine = choice.engine;
    let exact = |request: Request<'_>, mut beside: local_search::Beside<'_>| {
        let training = match engine {
            EngineName::Milp => {
                drop(beside);
                formulation::train(request)?
            }
            _ => omt::train_beside(request, &mut beside)?,
        };
        Ok((training, ()))
    };
    let (training, ()) = after(request, began, (beside, first), exact)?;
    Ok((choice, training))
}

/// Rounds of a start, and its share of a limit of time. Where there are so many activations that proofs are long or hopeless, a good start is worth
/// more rounds.
fn turns(engine: EngineName, Request { problem, limits, .. }: Request<'_>) -> (u64, f64) {
    let parameters: AutoParameters = limits.settings.of();
    let quick = engine == EngineName::Omt && omt::has_few_dimensions(problem, &limits.settings);
    let many = !quick && activations(problem) > parameters.many_activations;
    (if many { parameters.long_priming_rounds } else { parameters.priming_rounds }, parameters.priming_share)
}

/// The conflict-driven engine as `search` calls it, from the start of a short local search, which then has turns beside it: whatever the start, and
/// without checkpoints.
pub(crate) fn beside<T>(
    request: Request<'_>,
    search: impl FnOnce(Request<'_>, local_search::Beside<'_>) -> Result<(Training, T), Error>,
) -> Result<(Training, T), Error> {
    let began = Instant::now();
    let request = request.with_checkpoint(Checkpoint::default());
    Telling::new(request.progress).start(request.problem);
    let priming = Priming::new(request.progress);
    let budget = Budget::new(request.limits, &priming);
    let turns = turns(EngineName::Omt, request);
    let beside = local_search::Beside::prime(request.with_progress(&priming), &budget, turns)?;
    let first = beside.best().cloned();
    after(request, began, (beside, first), search)
}

/// `search` after a local search that began with the run and has found `first`.
fn after<T>(
    request: Request<'_>,
    began: Instant,
    (mut beside, first): (local_search::Beside<'_>, Option<Confirmed>),
    search: impl FnOnce(Request<'_>, local_search::Beside<'_>) -> Result<(Training, T), Error>,
) -> Result<(Training, T), Error> {
    beside.hush();
    let spent = began.elapsed().as_secs_f64();
    let rest = request.limits.after(spent);
    let integral = beside.integral();
    let start = first.as_ref().map(|best| &best.network).or(request.start);
    let done = Statistics { seconds: spent, ..Statistics::default() };
    let later = After { progress: request.progress, done: &done, bound: f64::NEG_INFINITY, trees: 0 };
    let (mut training, more) = search(request.with_limits(&rest).with_start(start).with_progress(&later), beside)?;
    training.statistics.seconds += spent;
    training.statistics.primal_dual_integral += integral;
    training.statistics.more.push(("objective of the start", first.map_or(f64::INFINITY, |best| best.objective)));
    Ok((training, more))
}

fn unreadable(error: Unreadable) -> Error {
    Error::Checkpoint(error.to_string())
}

/// An engine from the network of a short local search, which it tells as its own start.
fn from_first(engine: &dyn Engine, request: Request<'_>) -> Result<Training, Error> {
    let began = Instant::now();
    let first = first(request)?;
    let spent = began.elapsed().as_secs_f64();
    let rest = request.limits.after(spent);
    let request = request.with_limits(&rest).with_start(first.as_ref().or(request.start));
    let mut training = engine.train(request).map_err(Error::of_engine)?;
    training.statistics.seconds += spent;
    training.statistics.primal_dual_integral += spent;
    Ok(training)
}

/// The network of a short local search of which nothing is told.
pub(crate) fn first(request: Request<'_>) -> Result<Option<Network>, Error> {
    let parameters: AutoParameters = request.limits.settings.of();
    let stop = || request.progress.should_stop();
    let quiet = Quiet(&stop);
    let budget = Budget::new(request.limits, &quiet);
    let turns = (parameters.priming_rounds, parameters.priming_share);
    let request = request.with_progress(&quiet).with_checkpoint(Checkpoint::default());
    let beside = local_search::Beside::prime(request, &budget, turns)?;
    Ok(beside.best().map(|best| best.network.clone()))
}

/// Why the engine chosen would not come to an end from this start.
fn hopeless(
    choice: &Choice,
    problem: &Problem,
    start: &local_search::Beside<'_>,
    budget: &Budget<'_>,
    parameters: &AutoParameters,
) -> Option<String> {
    let size = Size::of(problem);
    if choice.engine == EngineName::Milp && size.check(Use::Solve, budget.room()).is_err() {
        let [takes, left] = [size.bytes(Use::Solve), budget.room().unwrap_or(0) as f64].map(|bytes| bytes / 1e9);
        let size = format!("its model would take {takes:.1} GB where {left:.1} GB are left");
        return Some(format!("{}; {size}: local search goes on alone", choice.reason));
    }
    let errors = start.best()?.loss.saturating_sub(problem.floor());
    let far = activations(problem) > parameters.far_activations && errors > parameters.far_errors;
    (!choice.insists && far)
        .then(|| format!("a start with {errors} more errors than conflicting labels force: exact search would not end"))
}

/// The progress of the start: its better networks are rows of the table, its rounds no nodes, until it is all there is.
struct Priming<'a> {
    progress: &'a dyn Progress,
    all: AtomicBool,
}

impl<'a> Priming<'a> {
    fn new(progress: &'a dyn Progress) -> Self {
        Self { progress, all: AtomicBool::new(false) }
    }

    fn tell_all(&self) {
        self.all.store(true, Ordering::Relaxed);
    }
}

impl Progress for Priming<'_> {
    fn outer(&self) -> Option<&dyn Progress> {
        Some(self.progress)
    }

    fn row(&self, row: &SearchRow) {
        if self.all.load(Ordering::Relaxed) {
            self.progress.row(row);
        } else if row.source == 'H' {
            self.progress.row(&SearchRow { nodes: 0, ..*row });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Limits, Loss, Points, Scaler};

    /// Asked for or chosen, or with a proof to write, the engine has the same start and the same turns.
    #[test]
    fn the_engine_is_not_alone() {
        let mut state = 5_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        let rows: Vec<f64> = (0..90 * 6).map(|_| (next() % 40) as f64).collect();
        let labels: Vec<usize> = (0..90).map(|_| (next() % 2) as usize).collect();
        let points = Points::merge(6, 2, &rows, &labels, Scaler::identity(6));
        let weights = WeightDomain::Continuous;
        let architecture = Architecture { inputs: 6, hidden: vec![2], classes: 2, bias: true, weights };
        let problem = Problem::new(points, architecture, Loss::Hamming);
        let limits = Limits { nodes: 600, threads: 1, ..Limits::default() };
        let request = Request::new(&problem, &limits);
        let end = |training: Training| {
            let Statistics { conflicts, more, .. } = training.statistics;
            assert!(more.iter().any(|(name, _)| *name == "objective of the start"), "{more:?}");
            (training.loss, training.bound.to_bits(), conflicts)
        };
        let chosen = end(Auto.train(request).unwrap());
        assert_eq!(end(Omt.train(request).unwrap()), chosen);
        let search = |request: Request<'_>, mut other: local_search::Beside<'_>| {
            Ok((omt::train_beside(request, &mut other)?, other.best().map(|best| best.loss)))
        };
        let (training, found) = beside(request, search).unwrap();
        assert!(found.is_some_and(|loss| training.loss <= loss));
        assert_eq!(end(training), chosen);
    }
}
