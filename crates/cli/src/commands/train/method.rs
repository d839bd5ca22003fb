//! Which engine trains, and why.

use crate::args::{Prepared, SplitArgs, SplitEngineName, validation};
use crate::failure::Failure;
use bdnn::formulation::margin;
use bdnn::{Budget, Limits, Network, Problem, Progress, SearchRow, Status, Training};
use clap::ValueEnum;
use heuristics::{Validation, local_search, split};
use std::time::Instant;

/// Rounds of local search that make a start for an exact engine: a few hundredths of a second on small data. Where there
/// are so many activations (points times neurons) that proofs are long or hopeless, a good start is worth more of them.
const PRIMING_ROUNDS: [u64; 2] = [2, 12];
const MANY_ACTIVATIONS: usize = 5_000;
/// The share of a time limit they may take.
const PRIMING_SHARE: f64 = 0.1;
/// Activations (points times neurons) beyond which exact search is not a default: it would not end.
const MOST_ACTIVATIONS: usize = 200_000;
/// Entries of a MILP beyond which it is not a default.
const MOST_ENTRIES: usize = 1_000_000;

/// What `--method` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MethodName {
    /// A short local search, then the conflict-driven engine wherever it applies, else the MILP; local search alone where exact search
    /// would not end, and in turns beside it without hidden layers. The report says which and why
    Auto,
    /// Conflict-driven search over activation patterns
    Omt,
    /// The MILP that `formulate` writes, every incumbent recounted exactly
    Milp,
    /// Parallel local search, at any size; --node-limit counts its rounds. Proves nothing beyond the loss that conflicting
    /// labels force. With --validation the network that does best there is kept. Without limits it ends when 32 rounds,
    /// and as many as there were until the last better network, bring nothing better
    LocalSearch,
    /// Iterative data splitting: train on few parts of the data, split where the loss is, again and again; with
    /// --validation, the network that does best there is kept. Proves no more than its engine proves on all points
    Split,
}

/// The engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// [`omt::train`].
    Omt,
    /// [`bdnn::milp_training::train`].
    Milp,
    /// [`heuristics::local_search::train`].
    LocalSearch,
    /// [`heuristics::split::train`].
    Split,
}

/// An engine and the reason for it.
#[derive(Clone, Debug)]
pub struct Choice {
    pub engine: Engine,
    pub reason: String,
    /// Whether a short local search makes the start.
    primed: bool,
    /// For data splitting, the engine of the reduced problems and the options.
    split: Option<(Engine, split::Options)>,
    /// For local search, the rows that choose the network.
    validation: Option<Validation>,
}

impl MethodName {
    /// The engine for `--proof`: one whose search a proof follows.
    pub fn that_proves(self) -> Result<Self, Failure> {
        match self {
            Self::Auto | Self::Omt => Ok(Self::Omt),
            Self::Milp => Ok(Self::Milp),
            Self::LocalSearch | Self::Split => {
                Err(Failure::Input("--proof needs an engine that proves: --method auto, omt or milp".to_owned()))
            }
        }
    }
}

impl Engine {
    /// The word used in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Omt => "omt",
            Self::Milp => "milp",
            Self::LocalSearch => "local-search",
            Self::Split => "split",
        }
    }
}

/// Picks the engine. A MILP needs a margin, so the problem gets the default one if the user gave none.
pub fn choose(
    method: MethodName,
    splitting: &SplitArgs,
    prepared: &Prepared,
    problem: &mut Problem,
) -> Result<Choice, Failure> {
    if let (Some(option), true) = (splitting.given(), method != MethodName::Split) {
        return Err(Failure::Input(format!("{option} is an option of --method split")));
    }
    let (engine, reason) = match method {
        MethodName::Auto => automatic(problem),
        MethodName::Omt => match omt::supports(problem) {
            Ok(()) => (Engine::Omt, "asked for".to_owned()),
            Err(lack) => {
                let message = format!("--method omt does not apply: {lack}; use --method milp or auto");
                return Err(Failure::Input(message));
            }
        },
        MethodName::Milp => (Engine::Milp, "asked for".to_owned()),
        MethodName::LocalSearch => (Engine::LocalSearch, "asked for".to_owned()),
        MethodName::Split => {
            let part = part_engine(splitting.engine(), problem)?;
            (Engine::Split, format!("with {} on the parts", part.as_str()))
        }
    };
    let parts = (engine == Engine::Split).then(|| part_engine(splitting.engine(), problem)).transpose()?;
    if engine == Engine::Milp || parts == Some(Engine::Milp) {
        problem.epsilon = Some(margin(problem));
    }
    let primed = method == MethodName::Auto && needs_start(engine);
    let split = parts.map(|part| (part, splitting.options(problem, prepared)));
    let validation = if engine == Engine::LocalSearch { validation(prepared) } else { None };
    Ok(Choice { engine, reason, primed, split, validation })
}

/// The engine for reduced problems, if it takes them.
fn part_engine(name: SplitEngineName, problem: &Problem) -> Result<Engine, Failure> {
    match name {
        SplitEngineName::LocalSearch => Ok(Engine::LocalSearch),
        SplitEngineName::Milp => Ok(Engine::Milp),
        SplitEngineName::Omt => match omt::supports(problem) {
            Ok(()) => Ok(Engine::Omt),
            Err(lack) => {
                Err(Failure::Input(format!("--split-engine omt does not apply: {lack}; use local-search or milp")))
            }
        },
    }
}

/// What `--method auto` does if it is an exact engine.
pub fn reach_of_exact(problem: &mut Problem) -> Option<Choice> {
    let (engine, reason) = automatic(problem);
    if engine == Engine::Milp {
        problem.epsilon = Some(margin(problem));
    }
    let primed = needs_start(engine);
    (engine != Engine::LocalSearch).then_some(Choice { engine, reason, primed, split: None, validation: None })
}

/// Whether a short local search before the engine pays.
fn needs_start(engine: Engine) -> bool {
    match engine {
        Engine::Omt | Engine::Milp | Engine::Split => true,
        Engine::LocalSearch => false,
    }
}

/// The exact engine that takes the problem, unless it is hopelessly large.
fn automatic(problem: &Problem) -> (Engine, String) {
    let proves = "exact search would not end; the bound is what conflicting labels force";
    match omt::supports(problem) {
        Ok(()) => {
            if activations(problem) > MOST_ACTIVATIONS {
                let neurons: usize = problem.architecture.widths()[1..].iter().sum();
                let points = problem.points.len();
                return (Engine::LocalSearch, format!("{points} distinct points and {neurons} neurons: {proves}"));
            }
            (Engine::Omt, "the conflict-driven engine takes this problem".to_owned())
        }
        Err(lack) => {
            let entries = milp_entries(problem);
            let lack = format!("the conflict-driven engine does not apply: {lack}");
            if entries > MOST_ENTRIES {
                let size = format!("and the MILP has some {:.1} million entries", entries as f64 / 1e6);
                return (Engine::LocalSearch, format!("{lack}, {size}: {proves}"));
            }
            (Engine::Milp, lack)
        }
    }
}

/// Points times neurons.
fn activations(problem: &Problem) -> usize {
    problem.architecture.widths()[1..].iter().sum::<usize>().saturating_mul(problem.points.len())
}

/// About how many entries the matrix of the MILP has: rows of the first layer, products of the later ones.
fn milp_entries(problem: &Problem) -> usize {
    let widths = problem.architecture.widths();
    let points = problem.points.len();
    let parts = problem.partition.as_ref().map_or(points, |parts| parts.iter().max().map_or(0, |most| most + 1));
    let first = points.saturating_mul(2 * widths[1]).saturating_mul(widths[0] + 2);
    let later = widths[1..].windows(2).map(|pair| parts.saturating_mul(12 * pair[0]).saturating_mul(pair[1]));
    later.fold(first, usize::saturating_add)
}

/// Runs the engine. The choice returned says which one has the last word.
pub fn train(
    choice: Choice,
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    progress: &dyn Progress,
) -> Result<(Choice, Training), Failure> {
    if let Some((part, options)) = &choice.split {
        let training = by_splitting(*part, options, problem, limits, start, progress)?;
        return Ok((choice, training));
    }
    if let Some(validation) = &choice.validation {
        let training = local_search::choose(problem, limits, start, progress, validation)?;
        return Ok((choice, training));
    }
    if !choice.primed {
        let training = run(choice.engine, problem, limits, start, progress)?;
        return Ok((choice, training));
    }
    let began = Instant::now();
    let rounds = PRIMING_ROUNDS[usize::from(activations(problem) > MANY_ACTIVATIONS)];
    let priming = Priming(progress);
    let budget = Budget::new(limits, &priming);
    let mut beside = local_search::Beside::prime(problem, (limits, &budget), (rounds, PRIMING_SHARE), start, &priming)?;
    if matches!(beside.status(), Status::Optimal | Status::Interrupted) {
        let reason = format!("made the start for {} and left it nothing to do", choice.engine.as_str());
        return Ok((Choice { engine: Engine::LocalSearch, reason, ..choice }, beside.over()));
    }
    beside.hush();
    let spent = began.elapsed().as_secs_f64();
    let rest = Limits { time: (limits.time - spent).max(0.0), ..limits.clone() };
    let (first, integral) = (beside.best().cloned(), beside.integral());
    let start = first.as_ref().map(|best| &best.network).or(start);
    let later = Later(progress, spent);
    let mut training = match choice.engine {
        Engine::Omt => omt::train_beside(problem, &rest, start, &mut beside, &later)?,
        engine => run(engine, problem, &rest, start, &later)?,
    };
    training.statistics.seconds += spent;
    training.statistics.primal_dual_integral += integral;
    training.statistics.more.push(("objective of the start", first.map_or(f64::INFINITY, |best| best.objective)));
    Ok((choice, training))
}

/// Data splitting; a failure of the engine below is its own.
fn by_splitting(
    part: Engine,
    options: &split::Options,
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    progress: &dyn Progress,
) -> Result<Training, Failure> {
    let engine = |problem: &Problem, limits: &Limits, start: Option<&Network>, progress: &dyn Progress| {
        run(part, problem, limits, start, progress).map_err(|failure| Box::new(failure) as split::EngineError)
    };
    split::train(problem, options, limits, start, progress, &engine).map_err(|error| match error {
        heuristics::Error::Engine(inner) => match inner.downcast::<Failure>() {
            Ok(failure) => *failure,
            Err(inner) => Failure::Heuristics(heuristics::Error::Engine(inner)),
        },
        error => Failure::Heuristics(error),
    })
}

/// Runs an engine that needs no other.
fn run(
    engine: Engine,
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    progress: &dyn Progress,
) -> Result<Training, Failure> {
    match engine {
        Engine::Omt => Ok(omt::train(problem, limits, start, progress)?),
        Engine::Milp => Ok(bdnn::milp_training::train(problem, limits, start, progress)?),
        Engine::LocalSearch => Ok(local_search::train(problem, limits, start, progress)?),
        Engine::Split => unreachable!("data splitting runs on another engine"),
    }
}

/// The progress of the start: its better networks are rows of the table, its rounds no nodes.
struct Priming<'a>(&'a dyn Progress);

impl Progress for Priming<'_> {
    fn should_stop(&self) -> bool {
        self.0.should_stop()
    }

    fn row(&self, row: &SearchRow) {
        if row.source == 'H' {
            self.0.row(&SearchRow { nodes: 0, ..row.clone() });
        }
    }
}

/// The progress of an engine that began so many seconds after the run.
struct Later<'a>(&'a dyn Progress, f64);

impl Progress for Later<'_> {
    fn should_stop(&self) -> bool {
        self.0.should_stop()
    }

    fn row(&self, row: &SearchRow) {
        self.0.row(&SearchRow { seconds: row.seconds + self.1, ..row.clone() });
    }
}
