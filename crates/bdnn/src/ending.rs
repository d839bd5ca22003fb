//! What a run returns that a limit ends before it has a network of its own.

use crate::start;
use crate::{Budget, Network, Problem, Statistics, Status, Training, exact};

/// The end of a run whose search did not even begin: its start, or the most frequent answer, and what the data alone prove.
#[must_use]
pub fn unstarted(problem: &Problem, budget: &Budget<'_>, start: Option<(Network, u64)>) -> Training {
    ended(problem, budget, start, budget.ended().unwrap_or(Status::Unresolved))
}

/// The same end, with the reason for it.
#[must_use]
pub fn ended(problem: &Problem, budget: &Budget<'_>, start: Option<(Network, u64)>, status: Status) -> Training {
    let (network, loss) = start.map_or((None, 0), |(network, loss)| (Some(network), loss));
    let training = Training {
        status,
        objective: network.as_ref().map_or(f64::INFINITY, |network| problem.objective(network, loss)),
        network,
        loss,
        bound: problem.floor() as f64,
        statistics: Statistics { seconds: budget.seconds(), ..Statistics::default() },
    };
    with_some_network(problem, training)
}

/// The same end with the status it deserves ([`Training::within_gap`]); where a limit or doubt left no network, with one that gives all points the
/// most frequent answer, if the problem allows it. Cost: one exact forward pass without weights.
#[must_use]
pub fn with_some_network(problem: &Problem, training: Training) -> Training {
    if training.network.is_some() || !(training.status.is_limit() || training.status == Status::Unresolved) {
        return training.within_gap();
    }
    let confirmed = |network: Network| exact::check(problem, &network).ok().map(|loss| (network, loss));
    match start::constant(problem).and_then(confirmed) {
        Some((network, loss)) => {
            let objective = problem.objective(&network, loss);
            Training { network: Some(network), loss, objective, ..training }.within_gap()
        }
        None => training,
    }
}
