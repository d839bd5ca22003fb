//! Branch and bound over boxes of weight vectors.

use super::grid::{Grid, add};
use bdnn::Stop;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Nodes between two looks at the clock.
const STOP_INTERVAL: u64 = 256;

/// All weight vectors between two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Open {
    /// No neuron of the box costs less.
    pub(crate) bound: u64,
    pub(crate) low: Box<[i32]>,
    pub(crate) high: Box<[i32]>,
}

/// An open box in the order of its turn: the least bound first, of equals the latest.
#[derive(Debug)]
pub(super) struct Ranked {
    pub(super) order: u64,
    pub(super) open: Open,
}

impl Ranked {
    fn rank(&self) -> (Reverse<u64>, u64) {
        (Reverse(self.open.bound), self.order)
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}

/// A box at hand, with its hopes.
struct Node {
    open: Open,
    hopes: Vec<i64>,
}

/// What became of a part of the tree.
#[derive(Debug, Default)]
pub(crate) struct Slice {
    /// What is left of it, the last found first.
    pub(crate) open: Vec<Open>,
    /// Boxes bounded.
    pub(crate) nodes: u64,
    /// The most splits from the start of the slice.
    pub(crate) depth: u32,
}

/// Explores `root` depth first for at most `budget` nodes: `settle` gets every single weight vector whose bound is below the best cost, and
/// returns the best cost from then on.
pub(crate) fn explore(
    grid: &Grid,
    root: Open,
    budget: u64,
    mut upper: u64,
    stop: &Stop<'_>,
    settle: &mut dyn FnMut(&[i32], u64) -> u64,
) -> Slice {
    let mut slice = Slice::default();
    let (mut cells, mut order, mut spare) = (Vec::new(), Vec::new(), Vec::new());
    let mut hopes = Vec::new();
    grid.hopes(&root.low, &root.high, &mut hopes);
    let mut stack = vec![Node { open: root, hopes }];
    let mut look = STOP_INTERVAL;
    while let Some(node) = stack.pop() {
        if node.open.bound >= upper {
            spare.push(node.hopes);
            continue;
        }
        let stopped = slice.nodes >= look && stop();
        if slice.nodes >= budget || stopped {
            slice.open = std::iter::once(node).chain(stack.into_iter().rev()).map(|node| node.open).collect();
            return slice;
        }
        if slice.nodes >= look {
            look += STOP_INTERVAL;
        }
        let Some(feature) = widest(grid, &node.open) else {
            if grid.bias && grid.sharp_bound(&node.hopes, &mut order) >= upper {
                spare.push(node.hopes);
                continue;
            }
            upper = upper.min(settle(&node.open.low, node.open.bound));
            // Exact sums over all points take their time.
            look = look.min(slice.nodes);
            spare.push(node.hopes);
            continue;
        };
        let mut children = split(grid, node, feature, &mut spare);
        slice.nodes += 2;
        for child in &mut children {
            child.open.bound = child.open.bound.max(grid.bound(&child.hopes, &mut cells));
        }
        children.sort_by_key(|child| std::cmp::Reverse(child.open.bound));
        stack.extend(children);
        slice.depth = slice.depth.max(u32::try_from(stack.len()).unwrap_or(u32::MAX));
    }
    slice
}

/// The feature to split: where the width of its weights moves the points most.
fn widest(grid: &Grid, open: &Open) -> Option<usize> {
    let width = |j: usize| open.high[j] - open.low[j];
    let moved = |j: usize| f64::from(width(j)) * grid.influence[j];
    (0..grid.inputs()).filter(|&j| width(j) > 0).max_by(|&a, &b| moved(a).total_cmp(&moved(b)).then(b.cmp(&a)))
}

/// The two halves of a box; their bounds are its own.
fn split(grid: &Grid, node: Node, feature: usize, spare: &mut Vec<Vec<i64>>) -> [Node; 2] {
    let (low, high) = (node.open.low[feature], node.open.high[feature]);
    let middle = low + (high - low) / 2;
    let mut lower = Node { hopes: spare.pop().unwrap_or_default(), open: node.open.clone() };
    lower.hopes.clone_from(&node.hopes);
    lower.open.high[feature] = middle;
    add(&mut lower.hopes, &grid.up[feature], i64::from(middle - high));
    let mut upper = node;
    upper.open.low[feature] = middle + 1;
    add(&mut upper.hopes, &grid.down[feature], i64::from(middle + 1 - low));
    [lower, upper]
}
