//! The best labellings in place of one best network: after the training, whose network they begin with.
//!
//! Entry points: [`check`] before a run, [`list`] after it.

use crate::choice::{Choice, EngineName};
use crate::error::Error;
use bdnn::pool::{Pool, Solutions};
use bdnn::{After, Limits, Network, Problem, Request, Solution, Status, Training, outputs};
use omt::labellings;

/// Whether so many solutions can be listed by the engine that was chosen.
///
/// # Errors
/// What stands in the way.
pub(crate) fn check(wanted: usize, proof: bool, choice: &Choice, problem: &Problem) -> Result<(), Error> {
    if proof && wanted > 1 {
        return Err(Error::ProofOfSolutions);
    }
    match choice.engine {
        EngineName::Omt => labellings::supports(problem)
            .map_err(|lack| Error::OneSolution(format!("it does not take this problem: {lack}"))),
        engine => Err(Error::OneSolution(format!("here trains {} ({})", engine.as_str(), choice.reason))),
    }
}

/// Trees of one search that a training tells at most: a second engine may go on with what the first one has begun.
const TREES_BEFORE: u32 = 2;

/// The `wanted` best labellings, from what a training ended with. Its network, bound, status and work become those of both runs.
///
/// # Errors
/// As [`omt::solutions`].
pub(crate) fn list(request: Request<'_>, wanted: usize, training: &mut Training) -> Result<Solutions, Error> {
    let problem = request.problem;
    // Bounds on a loss are whole.
    let bound = if training.bound.is_finite() { training.bound.max(0.0).ceil() as u64 } else { 0 };
    let mut solutions = if matches!(training.status, Status::Heuristic | Status::Infeasible) {
        let mut pool = Pool::new(wanted);
        if let Some(network) = &training.network {
            pool.offer(problem, network);
        }
        let none = training.status == Status::Infeasible;
        pool.close((!none).then_some(bound), if none { Status::Optimal } else { training.status })
    } else {
        let (done, limits) = (training.statistics.clone(), request.limits);
        let nodes = if limits.nodes == u64::MAX { u64::MAX } else { limits.nodes.saturating_sub(done.conflicts) };
        let limits = Limits { nodes, ..limits.clone() };
        let after = After { progress: request.progress, done: &done, bound: training.bound, trees: TREES_BEFORE };
        let first = training.network.clone();
        let request = request.with_limits(&limits).with_start(first.as_ref()).with_progress(&after);
        let (second, solutions) = omt::solutions(request, wanted, bound)?;
        together(training, second, &solutions);
        solutions
    };
    for solution in &mut solutions.list {
        let network = Network { layers: std::mem::take(&mut solution.network.layers) };
        solution.network = outputs::even(problem, network);
    }
    Ok(solutions)
}

/// What the two runs say of the best network.
fn together(training: &mut Training, second: Training, solutions: &Solutions) {
    let (done, more) = (&mut training.statistics, second.statistics);
    done.nodes += more.nodes;
    done.conflicts += more.conflicts;
    done.lp_iterations += more.lp_iterations;
    done.seconds += more.seconds;
    if let Some(best) = solutions.list.first()
        && (training.network.is_none() || best.loss < training.loss)
    {
        training.network = Some(best.network.clone());
        training.loss = best.loss;
        training.objective = best.loss as f64;
    }
    if training.status != Status::Optimal && training.network.is_some() {
        let proven = solutions.others.map_or(training.objective, |others| (others as f64).min(training.objective));
        training.bound = training.bound.max(proven);
        training.status = if training.bound >= training.objective { Status::Optimal } else { second.status };
    }
}

/// A solution as the end of a run of its own, for its model: the best claims what the training claims, the others that better networks may
/// exist.
pub(crate) fn claimed(solution: &Solution, training: &Training) -> Training {
    let as_good = solution.loss == training.loss;
    Training {
        status: if as_good { training.status } else { Status::Heuristic },
        network: Some(solution.network.clone()),
        loss: solution.loss,
        objective: solution.loss as f64,
        ..training.clone()
    }
}
