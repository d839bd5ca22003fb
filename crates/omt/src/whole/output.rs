//! One neuron of a network without hidden layer: the best one known, what is proven, and the work on a part of its tree.

use super::cut;
use super::grid::Grid;
use super::lattice::Lattice;
use super::tree::{Open, Slice, explore};
use crate::linear::Task;
use bdnn::{Budget, Problem};

/// One neuron of the network.
#[derive(Clone, Debug)]
pub(super) struct Output {
    pub(super) task: Task,
    pub(super) weights: Vec<i32>,
    pub(super) bias: f64,
    /// Of the best neuron and proven, without the task's base.
    pub(super) cost: u64,
    pub(super) bound: u64,
    /// The least cost of a neuron whose bias no float is.
    pub(super) unrealised: u64,
}

/// A neuron that a slice found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) weights: Vec<i32>,
    pub(super) bias: f64,
    pub(super) cost: u64,
}

/// The work of one slice.
pub(super) struct Part {
    pub(super) slice: Slice,
    pub(super) found: Option<Found>,
    pub(super) unrealised: u64,
    pub(super) settled: u64,
}

impl Output {
    /// Output `output` with the better one of the neurons that do the same at every point.
    pub(super) fn new(problem: &Problem, lattice: &Lattice, output: usize) -> Self {
        let task = Task::of_output(problem, output);
        let silent = lattice.bias && task.cost(|_| false) < task.cost(|_| true);
        let bias = if silent { -problem.epsilon.unwrap_or(1.0) } else { 0.0 };
        let cost = task.cost(|_| !silent);
        Self { weights: vec![0; lattice.inputs], bias, cost, bound: 0, unrealised: u64::MAX, task }
    }
}

/// The best neuron with these weights, and whether its bias is a float; `None` where margin or radius allow none.
pub(super) fn settle(lattice: &Lattice, task: &Task, weights: &[i32]) -> Option<(Found, bool)> {
    let whole: Vec<i64> = weights.iter().map(|&w| i64::from(w)).collect();
    let (values, reach) = (lattice.values(&whole), lattice.reach(&whole));
    let cut = cut::best(lattice, task, &values, &reach)?;
    let (bias, realised) = lattice.bias(&values, &reach, |i| Some(cut.fires[i]));
    Some((Found { weights: weights.to_vec(), bias, cost: cut.cost }, realised))
}

/// Explores one box for at most `budget` nodes.
pub(super) fn explore_part(
    grid: &Grid,
    lattice: &Lattice,
    output: &Output,
    root: Open,
    nodes: u64,
    budget: &Budget<'_>,
) -> Part {
    let (mut found, mut least, mut unrealised, mut settled) = (None, output.cost, u64::MAX, 0);
    let slice = explore(grid, root, nodes, output.cost, &|| budget.stop(), &mut |weights, _| {
        settled += 1;
        match settle(lattice, &output.task, weights) {
            Some((better, true)) if better.cost < least => {
                least = better.cost;
                found = Some(better);
            }
            Some((better, false)) if better.cost < least => unrealised = unrealised.min(better.cost),
            _ => {}
        }
        least
    });
    Part { slice, found, unrealised, settled }
}
