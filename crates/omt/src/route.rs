//! The door: which of the crate's searches trains a problem.

use crate::engine::{Style, search};
use crate::error::Error;
use crate::start::confirm;
use crate::{dual, features, few, linear, relaxed, single, supports, whole};
use bdnn::budget::never;
use bdnn::learning::{self, Start};
use bdnn::{Companion, Network, Problem, Request, Telling, Training};
use budget::{Checkpoint, Instant, Settings};
use serde::{Deserialize, Serialize};

/// A search for the networks of some problems.
struct Way {
    /// Whether it trains this problem, which [`supports`] has let pass.
    takes: fn(&Problem) -> bool,
    /// What it searches, for reports.
    words: &'static str,
    /// Trains a sound problem that it takes.
    train: fn(Request<'_>, Option<&mut dyn Companion>) -> Result<Training, Error>,
}

/// In the order in which they are asked: independent neurons (no hidden layer), the same with whole weights, one neuron in every hidden
/// layer.
const WAYS: [Way; 3] = [
    Way {
        takes: |problem| linear::supports(problem).is_ok(),
        words: "branch and bound over cores",
        train: |request, companion| Ok(linear::train_beside(request, companion)?),
    },
    Way { takes: whole::applies, words: "branch and bound over boxes of whole weights", train: whole::train },
    Way {
        takes: single::applies,
        words: "branch and bound over cores, for each use of the one bit",
        train: |request, _| single::train(request),
    },
];

/// What takes everything else: clauses over activation patterns, the dual tree where there are few dimensions.
const PATTERNS: Way = Way {
    takes: |_| true,
    words: "clauses over activation patterns",
    train: |request, companion| {
        let start = confirm(request.problem, request.start)?;
        let style = Style::of(&request.limits.settings.of());
        Ok(search(request, start, style, companion)?.0)
    },
};

/// Trains to proven optimality: see the crate's documentation. Networks whose outputs are independent neurons are [`linear::train`]'s, and
/// networks with one neuron in every hidden layer are solved by the same search; in few dimensions both go through the dual tree
/// first. Networks are those that the search comes by, from a start that costs nothing if the request has none: [`train_beside`] goes on with a
/// heuristic.
///
/// # Errors
/// [`Error::Problem`] if the problem is not sound, [`Error::Unsupported`] if it is not this engine's (see [`supports`]),
/// [`Error::Start`] if the start network does not satisfy the problem.
pub fn train(request: Request<'_>) -> Result<Training, Error> {
    run(request, None)
}

/// As [`train`], with a companion that looks for better networks in turns, counted by work; no turns where a network has one neuron in every hidden
/// layer, and none over sets of features.
///
/// # Errors
/// As [`train`].
pub fn train_beside(request: Request<'_>, companion: &mut dyn Companion) -> Result<Training, Error> {
    run(request, Some(companion))
}

/// What [`train`] searches on a problem that [`supports`] lets pass, in words for reports. Cost: the problem's dimensions are counted, O(m n)
/// at most.
///
/// ```
/// use bdnn::{Architecture, Loss, Points, Problem, Scaler, WeightDomain};
///
/// let points = Points::merge(1, 2, &[0.0, 1.0, 2.0], &[0, 1, 0], Scaler::identity(1));
/// let weights = WeightDomain::Integer(1);
/// let architecture = Architecture { inputs: 1, hidden: vec![], classes: 2, bias: true, weights };
/// let problem = Problem::new(points, architecture, Loss::Hamming);
/// assert_eq!(omt::search_of(&problem, &Default::default()), "branch and bound over boxes of whole weights");
/// ```
#[must_use]
pub fn search_of(problem: &Problem, settings: &Settings) -> String {
    if let Some((sets, first)) = features::described(problem).zip(features::first(problem)) {
        return format!("for {sets}: {}", search_of(&first, settings));
    }
    let words = way(problem).words;
    if relaxed::applies(problem, settings) {
        format!("{words}, above a bound by the dual tree")
    } else if !has_few_dimensions(problem, settings) {
        words.to_owned()
    } else if few::applies(problem) {
        format!("the dual tree over cells of weight space, then {words}")
    } else {
        "the dual tree over cells of weight space".to_owned()
    }
}

/// Whether the search is over cells of weight space, for data of few dimensions: it proves so fast that a good start saves it little. Cost
/// O(m n) for m points of n features.
///
/// ```
/// use bdnn::{Architecture, Loss, Points, Problem, Scaler, WeightDomain};
///
/// let points = Points::merge(1, 2, &[0.0, 1.0, 2.0], &[0, 1, 0], Scaler::identity(1));
/// let weights = WeightDomain::Continuous;
/// let architecture = Architecture { inputs: 1, hidden: vec![2], classes: 2, bias: true, weights };
/// let problem = Problem::new(points, architecture, Loss::Hamming);
/// assert!(omt::has_few_dimensions(&problem, &Default::default()));
/// ```
#[must_use]
pub fn has_few_dimensions(problem: &Problem, settings: &Settings) -> bool {
    if let Some(first) = features::first(problem) {
        return has_few_dimensions(&first, settings);
    }
    Style::of(&settings.of()).of_problem(problem).dual && dual::promises(problem, &settings.of(), &never)
}

/// The first that takes the problem.
fn way(problem: &Problem) -> Way {
    WAYS.into_iter().find(|way| (way.takes)(problem)).unwrap_or(PATTERNS)
}

/// The conflict-driven engine as a [`bdnn::Engine`], without a local search beside it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Exact;

impl bdnn::Engine for Exact {
    fn name(&self) -> &'static str {
        "omt"
    }

    fn supports(&self, problem: &Problem) -> Result<(), String> {
        problem.check().map_err(|error| error.to_string())?;
        supports(problem).map_err(|reason| reason.to_string())
    }

    fn train(&self, request: Request<'_>) -> Result<Training, bdnn::EngineError> {
        Ok(train(request)?)
    }
}

fn run(request: Request<'_>, companion: Option<&mut dyn Companion>) -> Result<Training, Error> {
    request.problem.check()?;
    supports(request.problem)?;
    let mut telling = Telling::new(request.progress);
    telling.start(request.problem);
    let training = by_way(request, companion)?;
    telling.finish(&training);
    Ok(training)
}

/// What stands around the states of a way.
#[derive(Serialize, Deserialize)]
struct Frame {
    /// The network that was learned, where no start was given.
    learned: Option<Network>,
    /// Whether the dual tree has had its turn, and what it left.
    second: bool,
    left: Option<few::Left>,
    /// Where a companion stood when it had its first turn before it.
    companion: Option<Vec<u8>>,
}

/// Trains by the first way that takes the problem; what costs nothing comes first.
fn by_way(request: Request<'_>, mut companion: Option<&mut dyn Companion>) -> Result<Training, Error> {
    let began = Instant::now();
    let Request { problem, limits, checkpoint, .. } = request;
    if features::sets(problem).is_some() {
        return features::train(request, |part| by_way(part, None));
    }
    let (mut frame, mut state) = match checkpoint.resumed::<(Frame, Vec<u8>)>()? {
        Some((frame, state)) => {
            // Engines that go on with one have its later states.
            if let (Some(companion), Some(state)) = (&mut companion, &frame.companion) {
                companion.restore(state)?;
            }
            (frame, Some(state))
        }
        None => {
            let learned = if request.start.is_some() {
                None
            } else {
                match learning::start(request) {
                    Start::Over(training) => return Ok(training),
                    Start::Network(network, _) => Some(network),
                    Start::Nothing => whole::start(request),
                }
            };
            let companion = companion.as_ref().and_then(|companion| companion.state());
            (Frame { learned, second: false, left: None, companion }, None)
        }
    };
    let learned = frame.learned.clone();
    let request = request.with_start(request.start.or(learned.as_ref()));
    let way = way(problem);
    let left = limits.after(began.elapsed().as_secs_f64());
    let mut keeps = true;
    if !frame.second {
        let keeper = checkpoint.around(&frame)?;
        let first = request.with_limits(&left).with_checkpoint(Checkpoint::within(keeper.as_ref(), state.as_deref()));
        let mut end = few::train(first, companion.as_mut().map(|other| &mut **other as &mut dyn Companion))?;
        if matches!(end, few::End::Declined) {
            end = relaxed::train(first)?;
        }
        match end {
            few::End::Over(training) => return Ok(training),
            few::End::GaveUp(first, short) => (frame.left, keeps) = (Some(few::Left::of(&first)), !short),
            few::End::Declined => {}
        }
        (frame.second, state) = (true, None);
    }
    let keeper = if keeps { checkpoint.around(&frame)? } else { None };
    let left = limits.after(began.elapsed().as_secs_f64());
    let request = request.with_limits(&left).with_checkpoint(Checkpoint::within(keeper.as_ref(), state.as_deref()));
    match &frame.left {
        Some(first) => few::go_on(request, first.training(problem)?, |request| (way.train)(request, companion)),
        None => (way.train)(request, companion),
    }
}
