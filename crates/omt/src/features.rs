//! Networks that look at few features, because they may not look at more or because each has a price: the best network over each set of them, one
//! set after the other.
//!
//! A set of k features is a problem of k dimensions, where the searches of this crate are at their best; there are few such sets where k is small. A set
//! is over once its bound reaches the best network of all sets, and never begins if what its conflicting labels force (and its features cost) does. Sets on
//! which a network is learned that costs little come first. Under a limit alone smaller sets need no search of their own: a weight may be 0. With a price on
//! each weight that is not 0 (l0), and without hidden layers, so that a weight is a feature, all sets count.

use crate::Parameters;
use crate::error::Error;
use crate::start::confirm;
use bdnn::ending::with_some_network;
use bdnn::{
    Budget, Layer, Limits, Monotone, Network, Points, Problem, Progress, Request, Restrictions, Scaler, SearchRow,
    Statistics, Status, Telling, Training, exact, learning, start,
};
use budget::checkpoint::Within;
use budget::{Checkpoint, GapIntegral};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sets that are searched, at most. It says which problems are taken, and so it is the same for all.
const MOST_SETS: usize = 20_000;

/// The sizes of the sets that count; constants, which need no feature, are looked at beforehand.
fn sizes(problem: &Problem) -> RangeInclusive<usize> {
    let features = problem.architecture.inputs;
    let most = problem.restrictions.fewer_features(features).unwrap_or(features);
    if problem.l0 > 0.0 { 1..=most } else { most..=most }
}

/// How many sets there are, if they are not too many and the problem has a limit or a price of this kind; `None` otherwise.
pub(crate) fn sets(problem: &Problem) -> Option<usize> {
    let architecture = &problem.architecture;
    let features = architecture.inputs;
    let limited = problem.restrictions.fewer_features(features).is_some();
    let priced = problem.l0 > 0.0 && architecture.hidden.is_empty() && architecture.outputs() == 1;
    if !(priced || limited && problem.l0 == 0.0) || problem.l1 != 0.0 || problem.partition.is_some() {
        return None;
    }
    let sizes = sizes(problem);
    if *sizes.end() == 0 {
        return None;
    }
    let mut all = 0;
    for size in sizes {
        let mut count = 1_usize;
        for i in 0..size.min(features - size) {
            count = count.checked_mul(features - i)? / (i + 1);
        }
        all += count;
        if all > MOST_SETS {
            return None;
        }
    }
    Some(all)
}

/// The problem over some of the features (ascending), none of which it must do without.
fn over(problem: &Problem, set: &[usize]) -> Problem {
    let points = &problem.points;
    let (features, classes) = (set.len(), points.num_classes());
    let rows: Vec<f64> = (0..points.len()).flat_map(|i| set.iter().map(move |&l| points.raw(i)[l])).collect();
    let counts: Vec<u32> = (0..points.len()).flat_map(|i| points.counts(i).iter().copied()).collect();
    let scaler = points.scaler();
    let of = |values: &[f64]| set.iter().map(|&l| values[l]).collect();
    let scaler = Scaler { shift: of(&scaler.shift), divisor: of(&scaler.divisor) };
    let place =
        |one: &Monotone| Some(Monotone { feature: set.binary_search(&one.feature).ok()?, direction: one.direction });
    let monotone = problem.restrictions.monotone.iter().filter_map(place).collect();
    let mut part = Problem {
        points: Points::weighted(features, classes, &rows, &counts, scaler),
        restrictions: Restrictions { monotone, max_features: None },
        l0: 0.0,
        ..problem.clone()
    };
    part.architecture.inputs = features;
    part
}

/// The problem over the first features, as many as a set has at most: what it takes to search any set. `None` without [`sets`].
pub(crate) fn first(problem: &Problem) -> Option<Problem> {
    sets(problem)?;
    Some(over(problem, &(0..*sizes(problem).end()).collect::<Vec<_>>()))
}

/// The sets in words, for reports.
pub(crate) fn described(problem: &Problem) -> Option<String> {
    let (count, sizes) = (sets(problem)?, sizes(problem));
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let (least, most) = (*sizes.start(), *sizes.end());
    let up_to = if least < most { "up to " } else { "" };
    Some(format!("each of {count} set{} of {up_to}{most} feature{}", plural(count), plural(most)))
}

/// The network on all `features`, of one over a set.
fn lifted(network: Network, set: &[usize], features: usize) -> Network {
    let Network { mut layers } = network;
    let first = &layers[0];
    let mut wide = Layer { biases: first.biases.clone(), ..Layer::zeros(features, first.outputs) };
    for j in 0..first.outputs {
        for (&l, &w) in set.iter().zip(first.neuron(j)) {
            wide.weights[j * features + l] = w;
        }
    }
    layers[0] = wide;
    Network { layers }
}

/// All sets of `most` of so many features, in lexicographic order.
fn all_sets(features: usize, most: usize) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = vec![vec![]];
    for size in 0..most {
        let longer = |set: &Vec<usize>| {
            let from = set.last().map_or(0, |last| last + 1);
            (from..features + size + 1 - most).map(|l| [&set[..], &[l]].concat()).collect::<Vec<_>>()
        };
        sets = sets.iter().flat_map(longer).collect();
    }
    sets
}

/// A set and what is known of it.
#[derive(Clone, Serialize, Deserialize)]
struct Candidate {
    set: Vec<usize>,
    /// What its features cost.
    price: f64,
    /// No network over it has a smaller objective.
    bound: f64,
    /// The objective of a network that was learned.
    guess: f64,
}

/// The best network of all sets.
struct Best {
    network: Network,
    loss: u64,
    objective: f64,
}

impl Best {
    /// `None` if the network does not satisfy the problem.
    fn new(problem: &Problem, network: Network) -> Option<Self> {
        let loss = exact::check(problem, &network).ok()?;
        let objective = problem.objective(&network, loss);
        Some(Self { network, loss, objective })
    }
}

/// What a set must stay below to be worth a search.
fn ceiling(best: Option<&Best>) -> f64 {
    best.map_or(f64::INFINITY, |best| best.objective)
}

/// Ends the search of a set once its bound reaches a loss.
struct Enough<'a> {
    progress: &'a dyn Progress,
    loss: f64,
    met: AtomicBool,
}

impl Progress for Enough<'_> {
    fn should_stop(&self) -> bool {
        self.met.load(Ordering::Relaxed) || self.progress.should_stop()
    }

    fn row(&self, row: &SearchRow) {
        self.met.fetch_or(row.bound >= self.loss, Ordering::Relaxed);
    }
}

/// What stands around the states of the search for a set: all sets, the best network, the set's number, and work done before: searches, nodes,
/// conflicts and pivots.
#[derive(Serialize, Deserialize)]
struct Frame {
    sets: Vec<Candidate>,
    network: Option<Network>,
    at: usize,
    done: [u64; 4],
}

/// Trains a problem with [`sets`], each of them by `search`.
///
/// # Errors
/// A start that does not fit; those of `search`.
pub(crate) fn train(
    request: Request<'_>,
    search: impl Fn(Request<'_>) -> Result<Training, Error>,
) -> Result<Training, Error> {
    let Request { problem, limits, progress, checkpoint, .. } = request;
    let budget = Budget::new(limits, progress);
    let given = confirm(problem, request.start)?;
    let mut best = given.and_then(|(network, _)| Best::new(problem, network));
    let (mut telling, mut gaps, mut done) = (Telling::new(progress), GapIntegral::default(), Statistics::default());
    let simple = start::networks(problem, &|| budget.stop()).chain(start::constant(problem));
    for network in simple.filter_map(|network| Best::new(problem, network)) {
        if network.objective < ceiling(best.as_ref()) {
            best = Some(network);
        }
        // There is time for one.
        if best.is_some() && budget.stop() {
            break;
        }
    }
    let resumed: Option<(Frame, Vec<u8>)> = checkpoint.resumed()?;
    let (mut from, mut searched, mut state) = (0, 0, None);
    let mut candidates = match resumed {
        Some((Frame { sets, network, at, done: [searches, nodes, conflicts, lp_iterations] }, inner)) => {
            if let Some(network) =
                confirm(problem, network.as_ref())?.and_then(|(network, _)| Best::new(problem, network))
            {
                best = Some(network);
            }
            (from, searched, state) = (at, searches, Some(inner));
            (done.nodes, done.conflicts, done.lp_iterations) = (nodes, conflicts, lp_iterations);
            sets
        }
        None => candidates(problem, limits.settings.of::<Parameters>().learned_sets, &mut best, &budget),
    };
    if let Some(best) = &best {
        progress.incumbent(&best.network, best.objective);
    }
    let mut status = None;
    for at in from..candidates.len() {
        let ceiling = ceiling(best.as_ref());
        let bound = least(&candidates).min(ceiling);
        let incumbent = best.as_ref().map(|best| best.objective);
        gaps.note(budget.seconds(), bound, incumbent);
        let (nodes, conflicts, seconds) = (searched, done.conflicts, budget.seconds());
        let open = (candidates.len() - at) as u64;
        telling.row(&SearchRow {
            source: ' ',
            nodes,
            open,
            bound,
            incumbent,
            conflicts,
            seconds,
            ..SearchRow::default()
        });
        if candidates[at].bound >= ceiling {
            continue;
        }
        let nodes = if limits.nodes == u64::MAX { u64::MAX } else { limits.nodes.saturating_sub(done.conflicts) };
        status = budget.ended().or((nodes == 0).then_some(Status::NodeLimit));
        if status.is_some() {
            break;
        }
        let frame = || Frame {
            sets: candidates.clone(),
            network: best.as_ref().map(|best| best.network.clone()),
            at,
            done: [searched, done.nodes, done.conflicts, done.lp_iterations],
        };
        let keeper = checkpoint.keeper.map(|keeper| Within::new(keeper, &frame())).transpose()?;
        let Candidate { set, bound, price, .. } = &mut candidates[at];
        let part = over(problem, set);
        let left = Limits { nodes, gap: 0.0, ..limits.after(budget.seconds()) };
        let enough = Enough { progress, loss: ceiling - *price, met: AtomicBool::new(false) };
        let state = state.take();
        let inner = Checkpoint::within(keeper.as_ref(), state.as_deref());
        let training = search(Request::new(&part, &left).with_progress(&enough).with_checkpoint(inner))?;
        searched += 1;
        done.nodes += training.statistics.nodes;
        done.conflicts += training.statistics.conflicts;
        done.lp_iterations += training.statistics.lp_iterations;
        *bound = bound.max(training.bound + *price);
        if enough.met.load(Ordering::Relaxed) {
            *bound = bound.max(ceiling);
        }
        if *bound < ceiling && training.status.is_limit() && !training.is_proven() {
            status = budget.ended().or(Some(training.status));
        }
        if let Some(network) = training.network {
            let found = Best::new(problem, lifted(network, set, problem.architecture.inputs));
            if let Some(found) = found.filter(|found| found.objective < ceiling) {
                progress.incumbent(&found.network, found.objective);
                best = Some(found);
            }
        }
        if status.is_some() {
            break;
        }
    }
    done.seconds = budget.seconds();
    done.primal_dual_integral = gaps.until(done.seconds);
    done.more.push(("sets of features", candidates.len() as f64));
    done.more.push(("sets searched", searched as f64));
    let (bound, ceiling) = (least(&candidates), ceiling(best.as_ref()));
    let proven = if best.is_none() { Status::Infeasible } else { Status::Optimal };
    let status = if bound >= ceiling { proven } else { status.unwrap_or(Status::Unresolved) };
    let (network, loss) = best.map_or((None, 0), |best| (Some(best.network), best.loss));
    let training = Training { status, network, loss, objective: ceiling, bound: bound.min(ceiling), statistics: done };
    Ok(with_some_network(problem, training).within_gap())
}

/// No network over any of the sets has a smaller objective.
fn least(candidates: &[Candidate]) -> f64 {
    candidates.iter().map(|candidate| candidate.bound).fold(f64::INFINITY, f64::min)
}

/// The sets in the order of what was learned on them, if they are `most` or fewer; `best` is the best network met on the way.
fn candidates(problem: &Problem, most: usize, best: &mut Option<Best>, budget: &Budget<'_>) -> Vec<Candidate> {
    let features = problem.architecture.inputs;
    let all: Vec<Vec<usize>> = sizes(problem).flat_map(|size| all_sets(features, size)).collect();
    let learns = all.len() <= most;
    let stop = || budget.stop();
    let mut candidates: Vec<Candidate> = vec![];
    for set in all {
        let price = problem.l0 * set.len() as f64;
        if stop() {
            let bound = problem.floor() as f64 + price;
            candidates.push(Candidate { set, price, bound, guess: f64::INFINITY });
            continue;
        }
        let part = over(problem, &set);
        let bound = part.floor() as f64 + price;
        let worth = learns && bound < ceiling(best.as_ref());
        let learned = worth.then(|| learning::network(&part, &stop)).flatten();
        let learned = learned.and_then(|network| Best::new(problem, lifted(network, &set, features)));
        let guess = learned.as_ref().map_or(f64::INFINITY, |learned| learned.objective);
        if guess < ceiling(best.as_ref()) {
            *best = learned;
        }
        candidates.push(Candidate { set, price, bound, guess });
    }
    candidates.sort_by(|a, b| a.guess.total_cmp(&b.guess).then(a.bound.total_cmp(&b.bound)));
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Loss, WeightDomain};

    #[test]
    fn sets_are_counted_and_listed() {
        for (features, most) in [(5, 2), (5, 3), (6, 1), (4, 3)] {
            let points = Points::merge(features, 2, &vec![0.0; features], &[0], Scaler::identity(features));
            let weights = WeightDomain::Continuous;
            let architecture = Architecture { inputs: features, hidden: vec![], classes: 2, bias: true, weights };
            let mut problem = Problem::new(points, architecture, Loss::Hamming);
            assert_eq!(sets(&problem), None);
            problem.restrictions.max_features = Some(most);
            let all = all_sets(features, most);
            assert_eq!(sets(&problem), Some(all.len()));
            problem.l0 = 0.5;
            let smaller: usize = (1..=most).map(|size| all_sets(features, size).len()).sum();
            assert_eq!(sets(&problem), Some(smaller));
            assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(all.iter().all(|set| set.len() == most && set.windows(2).all(|pair| pair[0] < pair[1])));
        }
    }
}
