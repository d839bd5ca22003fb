//! The door: which of the crate's searches trains a problem.

use crate::engine::{Style, search};
use crate::error::Error;
use crate::search::NoProof;
use crate::start::confirm;
use crate::{few, linear, single, supports, whole};
use bdnn::learning::{self, Start};
use bdnn::{Companion, Limits, Network, Problem, Progress, Training};
use budget::Instant;

/// A search for the networks of some problems.
trait Way {
    /// Whether it trains this problem, which [`supports`] has let pass.
    fn takes(&self, problem: &Problem) -> bool;

    /// Trains a sound problem that it [takes](Self::takes).
    fn train(
        &self,
        problem: &Problem,
        limits: &Limits,
        start: Option<&Network>,
        companion: Option<&mut dyn Companion>,
        progress: &dyn Progress,
    ) -> Result<Training, Error>;
}

/// Independent neurons: no hidden layer.
struct Neurons;

/// Independent neurons with whole weights.
struct WholeNeurons;

/// One neuron in every hidden layer.
struct OneBit;

/// Any layers: clauses over activation patterns, the dual tree where there are few dimensions.
struct Patterns;

/// In the order in which they are asked; the last takes everything.
const WAYS: [&dyn Way; 4] = [&Neurons, &WholeNeurons, &OneBit, &Patterns];

impl Way for Neurons {
    fn takes(&self, problem: &Problem) -> bool {
        linear::supports(problem).is_ok()
    }

    fn train(
        &self,
        problem: &Problem,
        limits: &Limits,
        start: Option<&Network>,
        companion: Option<&mut dyn Companion>,
        progress: &dyn Progress,
    ) -> Result<Training, Error> {
        let companion = companion.map(|companion| companion as &mut dyn Companion);
        Ok(linear::train_beside(problem, limits, start, companion, progress)?)
    }
}

impl Way for WholeNeurons {
    fn takes(&self, problem: &Problem) -> bool {
        whole::applies(problem)
    }

    fn train(
        &self,
        problem: &Problem,
        limits: &Limits,
        start: Option<&Network>,
        companion: Option<&mut dyn Companion>,
        progress: &dyn Progress,
    ) -> Result<Training, Error> {
        let companion = companion.map(|companion| companion as &mut dyn Companion);
        whole::train(problem, limits, start, companion, progress)
    }
}

impl Way for OneBit {
    fn takes(&self, problem: &Problem) -> bool {
        single::applies(problem)
    }

    fn train(
        &self,
        problem: &Problem,
        limits: &Limits,
        start: Option<&Network>,
        _companion: Option<&mut dyn Companion>,
        progress: &dyn Progress,
    ) -> Result<Training, Error> {
        single::train(problem, limits, start, progress)
    }
}

impl Way for Patterns {
    fn takes(&self, _problem: &Problem) -> bool {
        true
    }

    fn train(
        &self,
        problem: &Problem,
        limits: &Limits,
        start: Option<&Network>,
        _companion: Option<&mut dyn Companion>,
        progress: &dyn Progress,
    ) -> Result<Training, Error> {
        let start = confirm(problem, start)?;
        Ok(search(problem, limits, start, progress, Style::of(&limits.settings.of()), &mut |_, _| Box::new(NoProof)))
    }
}

/// Trains to proven optimality: see the crate's documentation. Networks whose outputs are independent neurons are [`linear::train`]'s, and
/// networks with one neuron in every hidden layer are solved by the same search; in few dimensions both go through the dual tree
/// first.
///
/// # Errors
/// [`Error::Problem`] if the problem is not sound, [`Error::Unsupported`] if it is not this engine's (see [`supports`]),
/// [`Error::Start`] if the start network does not satisfy the problem.
pub fn train(
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    progress: &dyn Progress,
) -> Result<Training, Error> {
    run(problem, limits, start, None, progress)
}

/// As [`train`], with a companion that looks for better networks in turns, where outputs are independent neurons; elsewhere the engine has
/// a local search of its own.
///
/// # Errors
/// As [`train`].
pub fn train_beside(
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    companion: &mut dyn Companion,
    progress: &dyn Progress,
) -> Result<Training, Error> {
    run(problem, limits, start, Some(companion), progress)
}

/// The conflict-driven engine as a [`bdnn::Engine`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Omt;

impl bdnn::Engine for Omt {
    fn name(&self) -> &'static str {
        "omt"
    }

    fn supports(&self, problem: &Problem) -> Result<(), String> {
        problem.check().map_err(|error| error.to_string())?;
        supports(problem).map_err(|reason| reason.to_string())
    }

    fn train(
        &self,
        problem: &Problem,
        limits: &Limits,
        start: Option<&Network>,
        progress: &dyn Progress,
    ) -> Result<Training, bdnn::EngineError> {
        Ok(train(problem, limits, start, progress)?)
    }
}

fn run(
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    companion: Option<&mut dyn Companion>,
    progress: &dyn Progress,
) -> Result<Training, Error> {
    let began = Instant::now();
    problem.check()?;
    supports(problem)?;
    let learned = if start.is_some() {
        None
    } else {
        match learning::start(problem, limits, progress) {
            Start::Over(training) => return Ok(training),
            Start::Network(network, _) => Some(network),
            Start::Nothing => whole::start(problem, limits, progress),
        }
    };
    let start = start.or(learned.as_ref());
    let spent = began.elapsed().as_secs_f64();
    let limits = Limits { time: limits.time - spent, ..limits.clone() };
    let way = WAYS.into_iter().find(|way| way.takes(problem)).unwrap_or(&Patterns);
    match few::train(problem, &limits, start, progress)? {
        few::End::Over(training) => Ok(training),
        few::End::GaveUp(first) => few::go_on(&limits, first, progress, |limits, start, progress| {
            way.train(problem, limits, start, companion, progress)
        }),
        few::End::Declined => {
            let limits = Limits { time: limits.time - (began.elapsed().as_secs_f64() - spent), ..limits };
            way.train(problem, &limits, start, companion, progress)
        }
    }
}
