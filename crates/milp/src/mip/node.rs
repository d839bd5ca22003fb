//! Nodes of the tree and the queue of open ones.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::domain::{BoundChange, Path};
use crate::proof::Place;
use crate::simplex::Basis;

/// The branching that made a node, for the pseudo-costs: how far the column was moved, from which objective.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin {
    pub change: BoundChange,
    /// Distance from the relaxation's value to the new bound.
    pub distance: f64,
    /// Objective of the parent's relaxation.
    pub objective: f64,
}

/// An open node: the box is the path's, then the branching's.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Number in order of creation.
    pub id: u64,
    pub depth: u32,
    /// Proven lower bound on every point below (minimisation).
    pub bound: f64,
    pub path: Option<Arc<Path>>,
    pub origin: Option<Origin>,
    /// Optimal basis of the parent's relaxation.
    pub basis: Option<Arc<Basis>>,
    /// Where the node hangs in the certificate, and the line of its branching; `None` at the root and without one.
    pub place: Option<(Place, u64)>,
}

/// Best bound first; of equal ones the deepest, then the youngest.
struct Ranked(Node);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let bound = other.0.bound.total_cmp(&self.0.bound);
        bound.then(self.0.depth.cmp(&other.0.depth)).then(self.0.id.cmp(&other.0.id))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

/// Open nodes.
#[derive(Default)]
pub(crate) struct NodeQueue {
    heap: BinaryHeap<Ranked>,
}

impl NodeQueue {
    pub fn push(&mut self, node: Node) {
        self.heap.push(Ranked(node));
    }

    /// The node of least bound.
    pub fn pop(&mut self) -> Option<Node> {
        self.heap.pop().map(|Ranked(node)| node)
    }

    /// The least bound among open nodes, infinite when there are none.
    pub fn bound(&self) -> f64 {
        self.heap.peek().map_or(f64::INFINITY, |Ranked(node)| node.bound)
    }

    pub fn len(&self) -> usize {
        self.heap.len()
    }

    pub fn clear(&mut self) {
        self.heap.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_bound_then_deepest_then_youngest() {
        let mut queue = NodeQueue::default();
        for (id, bound, depth) in [(0, 2.0, 9), (1, 1.0, 3), (2, 1.0, 4), (3, 1.0, 4), (4, f64::NEG_INFINITY, 0)] {
            queue.push(Node { id, depth, bound, path: None, origin: None, basis: None, place: None });
        }
        assert_eq!(queue.bound(), f64::NEG_INFINITY);
        let order: Vec<u64> = std::iter::from_fn(|| queue.pop()).map(|node| node.id).collect();
        assert_eq!(order, [4, 3, 2, 1, 0]);
        assert_eq!(queue.bound(), f64::INFINITY);
    }
}
