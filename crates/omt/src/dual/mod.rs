//! The dual tree: exact training in few dimensions, by branch and bound over cells of weight space that are made when they are
//! needed.
//!
//! Every data point is a hyperplane in the space of a neuron's weights ([`arrangement`]), and the neurons with one activation pattern
//! are a cell between these hyperplanes. One lazy binary tree of cones ([`tree`], [`cone`]) holds them all; the search ([`search`]) takes a
//! node for each hidden neuron and bounds what such a tuple loses by what its cones decide ([`output`]) and by disjoint sets of points of which
//! one must be wrong ([`cores`], from pairs in [`conflicts`]).
//!
//! Entry points: [`promises`], [`search`], [`Search::advance`]. One hidden layer or none, two classes, continuous weights with biases,
//! ideal semantics.
//!
//! Exactness: signs are decided by floats with a bound on their error ([`minors`]) or in whole numbers; cells are never flat, so a leaf is a
//! dichotomy that some neuron has, in special position as well. Bounds hold at every moment.
//!
//! References: H. Edelsbrunner, Algorithms in Combinatorial Geometry, 1987 (arrangements and their duals); the works named in [`cone`].

mod arena;
mod arrangement;
mod cone;
mod conflicts;
mod cores;
mod judge;
mod mask;
mod matching;
mod minors;
mod multipliers;
mod output;
mod parameters;
mod rank;
mod search;
mod signs;
#[cfg(test)]
mod tests;
mod told;
mod tree;

pub(crate) use arrangement::{Arrangement, MOST_UNITS};
pub(crate) use judge::{Account, Judge, MOST, Verdict};
pub use parameters::Parameters;
pub(crate) use search::{Found, Search};
pub(crate) use told::Listener;
pub(crate) use tree::Tree;

use crate::encode::Threshold;
use crate::linear::{Geometry, Task};
use bdnn::{Problem, Stop, WeightDomain};
use std::sync::Arc;

/// Whether the tree alone is the best search for a problem: two classes, at most one hidden layer of few neurons, few dimensions, not too many
/// rows, and nothing that it cannot say. Data of too many digits are found out by [`search`] alone. Cost O(m n) where there are more features
/// than dimensions; `false` once `stop` says so.
pub(crate) fn promises(problem: &Problem, parameters: &Parameters, stop: &Stop<'_>) -> bool {
    let architecture = &problem.architecture;
    let few = match architecture.hidden[..] {
        [] => true,
        [neurons] => neurons <= parameters.alone_neurons,
        _ => false,
    };
    few && architecture.bias
        && architecture.classes == 2
        && architecture.weights == WeightDomain::Continuous
        && problem.epsilon.is_none()
        && problem.robust.is_none()
        && problem.partition.is_none()
        && problem.points.units() <= MOST_UNITS
        && rank::at_most(&problem.points, parameters.alone_rank, stop)
}

/// The search for a problem of one hidden layer (or none) and two classes whose output neuron computes one of `functions`, over its first layer's
/// points; `labels`: for a pool of labellings, which decide points that cost nothing as well. `None` where there are too many dimensions, digits or
/// units of weight, or once `stop` says so.
pub(crate) fn search(
    problem: &Problem,
    points: &Geometry,
    functions: Vec<Threshold>,
    labels: bool,
    parameters: &Parameters,
    stop: &Stop<'_>,
) -> Option<Search> {
    Search::new(Arc::new(tree(problem, points, labels, parameters, stop)?), functions, labels)
}

/// The same for proofs; nothing is claimed yet.
pub(crate) fn judge(
    problem: &Problem,
    points: &Geometry,
    functions: Vec<Threshold>,
    parameters: &Parameters,
    stop: &Stop<'_>,
) -> Option<Judge> {
    Judge::new(tree(problem, points, false, parameters, stop)?, functions)
}

fn tree(problem: &Problem, points: &Geometry, labels: bool, parameters: &Parameters, stop: &Stop<'_>) -> Option<Tree> {
    let costs = (0..problem.points.len()).map(|i| (problem.point_loss(i, &[true]), problem.point_loss(i, &[false])));
    Tree::new(Arrangement::new(points, &Task::new(costs), labels, stop)?, *parameters, stop)
}
