//! Local search over networks of any shape, one neuron at a time.
//!
//! Entry point: [`train`].
//!
//! Invariant: every network that leaves this module has passed [`bdnn::exact::check`].

mod confirm;

pub use confirm::Confirmed;

use crate::Error;
use bdnn::formulation::margin;
use bdnn::milp_training::start;
use bdnn::{Limits, Network, Problem, Progress, Statistics, Status, Training};
use std::time::Instant;

/// Trains by local search, from `start` if there is one. `limits.nodes` counts rounds.
///
/// # Errors
/// [`Error::Problem`] if the problem makes no sense, [`Error::Start`] if `start` does not satisfy it.
pub fn train(
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    progress: &dyn Progress,
) -> Result<Training, Error> {
    let began = Instant::now();
    problem.check()?;
    let mut best = start.map(|network| Confirmed::new(problem, network.clone())).transpose()?;
    let with_margin = Problem { epsilon: Some(margin(problem)), ..problem.clone() };
    for network in start::networks(&with_margin) {
        let Ok(confirmed) = Confirmed::new(problem, network) else { continue };
        if best.as_ref().is_none_or(|best| confirmed.objective < best.objective) {
            progress.incumbent(&confirmed.network, confirmed.objective);
            best = Some(confirmed);
        }
    }
    let bound = problem.floor() as f64;
    let closed = best.as_ref().is_some_and(|best| best.objective - bound <= limits.gap * best.objective);
    let status = if closed { Status::Optimal } else { Status::Heuristic };
    let statistics = Statistics { seconds: began.elapsed().as_secs_f64(), ..Statistics::default() };
    let (loss, objective) = best.as_ref().map_or((0, f64::INFINITY), |best| (best.loss, best.objective));
    Ok(Training { status, network: best.map(|best| best.network), loss, objective, bound, statistics })
}
