//! The sum of subtree gaps: how much of the objective's range the open subtrees have still to close.
//!
//! Before there is a solution the whole tree is one subtree. With each better solution every open node becomes the root of a subtree of its
//! own; the sum of their gaps is scaled so that it does not jump. It falls from 1 to 0.
//!
//! Reference: O. Özaltın, B. Hunsaker, A. Schaefer, *Predicting the solution time of branch-and-bound algorithms for mixed-integer programs*,
//! INFORMS Journal on Computing 23 (2011).

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BinaryHeap};

/// A bound, to be minimised.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Key(f64);

impl Eq for Key {}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Open nodes of one subtree by bounds; those that have ended among them go when they come up.
#[derive(Clone, Debug, Default)]
struct Subtree {
    bounds: BinaryHeap<Reverse<(Key, u64)>>,
    gap: f64,
}

/// An open node.
#[derive(Clone, Copy, Debug)]
struct Open {
    subtree: usize,
    bound: f64,
}

/// The sum. A node costs O(log n), a better solution O(n log n) for n open nodes.
#[derive(Clone, Debug)]
pub struct SubtreeGaps {
    subtrees: Vec<Subtree>,
    open: BTreeMap<u64, Open>,
    /// As in a subtree, of all.
    bounds: BinaryHeap<Reverse<(Key, u64)>>,
    best: Option<f64>,
    sum: f64,
    scale: f64,
}

impl Default for SubtreeGaps {
    fn default() -> Self {
        Self {
            subtrees: vec![Subtree::default()],
            open: BTreeMap::new(),
            bounds: BinaryHeap::new(),
            best: None,
            sum: 0.0,
            scale: 1.0,
        }
    }
}

impl SubtreeGaps {
    /// A node was made, of this parent if it has one.
    pub fn node(&mut self, id: u64, parent: u64, bound: f64) {
        let subtree = self.open.get(&parent).map_or(0, |parent| parent.subtree);
        self.open.insert(id, Open { subtree, bound });
        self.subtrees[subtree].bounds.push(Reverse((Key(bound), id)));
        self.bounds.push(Reverse((Key(bound), id)));
        self.measure(subtree);
    }

    /// A node has ended.
    pub fn end(&mut self, id: u64) {
        if let Some(node) = self.open.remove(&id) {
            while self.bounds.peek().is_some_and(|Reverse((_, id))| !self.open.contains_key(id)) {
                self.bounds.pop();
            }
            self.measure(node.subtree);
        }
    }

    /// A better solution.
    pub fn better(&mut self, best: f64) {
        let value = self.value();
        self.best = Some(best);
        self.subtrees = Vec::with_capacity(self.open.len().max(1));
        self.sum = 0.0;
        for (place, (id, node)) in self.open.iter_mut().enumerate() {
            node.subtree = place;
            let gap = budget::share_open(self.best, node.bound.min(best));
            self.subtrees.push(Subtree { bounds: BinaryHeap::from([Reverse((Key(node.bound), *id))]), gap });
            self.sum += gap;
        }
        if self.subtrees.is_empty() {
            self.subtrees.push(Subtree::default());
        }
        self.scale = if self.sum > 0.0 { value / self.sum } else { 1.0 };
    }

    /// The least bound of open nodes, infinite if there are none.
    pub fn bound(&self) -> f64 {
        self.bounds.peek().map_or(f64::INFINITY, |Reverse((Key(bound), _))| *bound)
    }

    /// The sum, scaled.
    pub fn value(&self) -> f64 {
        (self.sum * self.scale).clamp(0.0, 1.0)
    }

    fn measure(&mut self, place: usize) {
        let subtree = &mut self.subtrees[place];
        while subtree.bounds.peek().is_some_and(|Reverse((_, id))| !self.open.contains_key(id)) {
            subtree.bounds.pop();
        }
        let gap = match subtree.bounds.peek() {
            Some(Reverse((Key(bound), _))) => {
                budget::share_open(self.best, self.best.map_or(*bound, |best| bound.min(best)))
            }
            None => 0.0,
        };
        self.sum += gap - std::mem::replace(&mut subtree.gap, gap);
        if self.open.is_empty() {
            self.sum = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_from_one_to_zero_without_a_jump() {
        let mut gaps = SubtreeGaps::default();
        gaps.node(1, 0, 0.0);
        assert_eq!(gaps.value(), 1.0);
        gaps.node(2, 1, 2.0);
        gaps.node(3, 1, 6.0);
        gaps.end(1);
        assert_eq!((gaps.value(), gaps.bound()), (1.0, 2.0));
        // Gaps 8/10 and 4/10.
        gaps.better(10.0);
        assert!((gaps.value() - 1.0).abs() < 1e-15);
        gaps.end(3);
        assert!((gaps.value() - 0.8 / 1.2).abs() < 1e-15);
        gaps.node(4, 2, 5.0);
        gaps.end(2);
        assert!((gaps.value() - 0.5 / 1.2).abs() < 1e-15);
        gaps.better(5.0);
        assert_eq!(gaps.value(), 0.0);
        gaps.end(4);
        assert_eq!((gaps.value(), gaps.bound()), (0.0, f64::INFINITY));
    }
}
