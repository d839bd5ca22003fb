//! Nodes of the tree and the queue of open ones.

use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::{BTreeSet, BinaryHeap};
use std::sync::Arc;

use crate::NodeOrder;
use crate::bounds::{BoundChange, Path};
use crate::proof::Place;
use crate::simplex::Basis;

/// The branching that made a node, for the pseudo-costs: how far the column was moved, from which objective.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
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
    /// What a caller's selection says of it.
    pub key: Option<f64>,
}

/// The least key first; of equal ones that of the highest rank, then the youngest.
struct Ranked {
    node: Node,
    /// The bound; depth first, minus the depth.
    key: f64,
    /// The depth, or minus that.
    rank: i64,
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = other.key.total_cmp(&self.key);
        key.then(self.rank.cmp(&other.rank)).then(self.node.id.cmp(&other.node.id))
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

/// Open nodes. Of equal bounds the deepest comes first, unless the tree may be infinite: then the one nearest to the root,
/// so that none waits for ever.
pub(crate) struct NodeQueue {
    heap: BinaryHeap<Ranked>,
    /// Where nodes come in another order than that of their bounds: these, as they are ordered, with the nodes' numbers.
    bounds: BTreeSet<(i64, u64)>,
    order: NodeOrder,
    /// Whether nodes have keys of a caller.
    has_keys: bool,
    is_fair: bool,
}

impl NodeQueue {
    /// An empty queue; `has_keys` if a caller gives the nodes keys.
    pub fn new(order: NodeOrder, has_keys: bool) -> Self {
        Self { heap: BinaryHeap::new(), bounds: BTreeSet::new(), order, has_keys, is_fair: false }
    }

    /// From now on nodes near the root go before deep ones, whatever the order; for an empty queue.
    pub fn be_fair(&mut self) {
        self.is_fair = true;
    }

    pub fn is_fair(&self) -> bool {
        self.is_fair
    }

    /// Cost O(log(open nodes)).
    pub fn push(&mut self, node: Node) {
        let depth = i64::from(node.depth);
        let (mut key, mut rank) = (node.bound, if self.is_fair { -depth } else { depth });
        if !self.by_bound() {
            self.bounds.insert((ordered(node.bound), node.id));
            key = -(depth as f64);
            if self.has_keys {
                (key, rank) = (node.key.unwrap_or(f64::NEG_INFINITY), 0);
            }
        }
        self.heap.push(Ranked { key, rank, node });
    }

    /// Whether nodes come in the order of their bounds.
    pub fn by_bound(&self) -> bool {
        self.is_fair || self.order == NodeOrder::BestBound && !self.has_keys
    }

    /// The next node. Cost O(log(open nodes)).
    pub fn pop(&mut self) -> Option<Node> {
        let Ranked { node, .. } = self.heap.pop()?;
        self.bounds.remove(&(ordered(node.bound), node.id));
        Some(node)
    }

    /// The least bound among open nodes, infinite when there are none. Cost O(1), or O(log(open nodes)) where they come in another
    /// order.
    pub fn bound(&self) -> f64 {
        if self.by_bound() {
            return self.heap.peek().map_or(f64::INFINITY, |ranked| ranked.node.bound);
        }
        self.bounds.first().map_or(f64::INFINITY, |(bound, _)| unordered(*bound))
    }

    /// Takes all nodes out, in no order.
    pub fn drain(&mut self) -> impl Iterator<Item = Node> + '_ {
        self.bounds.clear();
        self.heap.drain().map(|ranked| ranked.node)
    }

    /// All nodes, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Node> {
        self.heap.iter().map(|ranked| &ranked.node)
    }

    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    pub fn len(&self) -> usize {
        self.heap.len()
    }

    pub fn clear(&mut self) {
        self.heap.clear();
        self.bounds.clear();
    }
}

/// A whole number for each float, in their order (that of `f64::total_cmp`).
fn ordered(value: f64) -> i64 {
    flipped(value.to_bits().cast_signed())
}

/// The float of [`ordered`].
fn unordered(number: i64) -> f64 {
    f64::from_bits(flipped(number).cast_unsigned())
}

/// Negative numbers with all bits but the sign flipped.
fn flipped(bits: i64) -> i64 {
    bits ^ ((bits >> 63) & i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_bound_then_deepest_then_youngest() {
        let mut queue = NodeQueue::new(NodeOrder::BestBound, false);
        for (id, bound, depth) in [(0, 2.0, 9), (1, 1.0, 3), (2, 1.0, 4), (3, 1.0, 4), (4, f64::NEG_INFINITY, 0)] {
            queue.push(Node { id, depth, bound, path: None, origin: None, basis: None, place: None, key: None });
        }
        assert_eq!(queue.bound(), f64::NEG_INFINITY);
        let order: Vec<u64> = std::iter::from_fn(|| queue.pop()).map(|node| node.id).collect();
        assert_eq!(order, [4, 3, 2, 1, 0]);
        assert_eq!(queue.bound(), f64::INFINITY);
        queue.be_fair();
        for (id, depth) in [(0, 9), (1, 3), (2, 4)] {
            queue.push(Node { id, depth, bound: 0.0, path: None, origin: None, basis: None, place: None, key: None });
        }
        let order: Vec<u64> = std::iter::from_fn(|| queue.pop()).map(|node| node.id).collect();
        assert_eq!(order, [1, 2, 0]);
        let mut queue = NodeQueue::new(NodeOrder::DepthFirst, false);
        for (id, bound, depth) in [(0, 1.0, 3), (1, 2.0, 9), (2, -1.0, 1), (3, 5.0, 3)] {
            queue.push(Node { id, depth, bound, path: None, origin: None, basis: None, place: None, key: None });
        }
        assert_eq!(queue.bound(), -1.0);
        let order: Vec<u64> = std::iter::from_fn(|| queue.pop()).map(|node| node.id).collect();
        assert_eq!(order, [1, 3, 0, 2]);
    }

    #[test]
    fn keys_of_callers_come_before_all() {
        let mut queue = NodeQueue::new(NodeOrder::BestBound, true);
        for (id, bound, key) in [(0, 2.0, 3.0), (1, -1.5, 5.0), (2, 7.0, -4.0), (3, f64::INFINITY, -4.0)] {
            queue.push(Node {
                id,
                depth: 1,
                bound,
                path: None,
                origin: None,
                basis: None,
                place: None,
                key: Some(key),
            });
        }
        let mut seen = Vec::new();
        while !queue.is_empty() {
            let least = queue.bound();
            seen.push((queue.pop().unwrap().id, least));
        }
        assert_eq!(seen, [(3, -1.5), (2, -1.5), (0, -1.5), (1, -1.5)]);
        assert_eq!(queue.bound(), f64::INFINITY);
    }

    #[test]
    fn floats_keep_their_order_as_whole_numbers() {
        let all = [f64::NEG_INFINITY, -1e300, -2.0, -1e-300, -0.0, 0.0, 5e-324, 1.0, f64::MAX, f64::INFINITY];
        assert!(all.windows(2).all(|pair| ordered(pair[0]) < ordered(pair[1])));
        assert!(all.iter().all(|&value| unordered(ordered(value)).to_bits() == value.to_bits()));
    }
}
