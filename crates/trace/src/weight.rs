//! How much of each tree of a run is searched, told in memory that does not grow with the tree.

use crate::dyadic::Dyadic;
use crate::series::{Kind, Series};
use budget::observe::{Ending, Event, Tree, What};

/// Smoothing constants of each measure, by Hendel, Anderson, Le Bodic and Pfetsch (2022).
const WEIGHT: Kind = Kind { first: 0.0, last: 1.0, alpha: 0.65, beta: 0.15 };
const LEAVES: Kind = Kind { first: -0.5, last: 0.5, alpha: 0.3, beta: 0.33 };

/// What is searched of one tree.
#[derive(Clone, Debug)]
pub struct TreeWeight {
    /// Which.
    pub tree: Tree,
    /// Nodes that were made.
    pub nodes: u64,
    /// Nodes that have ended.
    pub ended: u64,
    /// Those of them that were closed and not branched on.
    pub leaves: u64,
    /// Nodes without a parent.
    pub roots: u64,
    weight: Dyadic,
    by_weight: Series,
    by_leaves: Series,
}

impl TreeWeight {
    pub(crate) fn new(tree: Tree) -> Self {
        let (weight, [by_weight, by_leaves]) = (Dyadic::default(), [WEIGHT, LEAVES].map(Series::new));
        Self { tree, nodes: 0, ended: 0, leaves: 0, roots: 0, weight, by_weight, by_leaves }
    }

    /// Nodes that are open.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.nodes - self.ended
    }

    /// The sum of 2^-depth over closed leaves, exactly.
    #[must_use]
    pub fn exact_weight(&self) -> &Dyadic {
        &self.weight
    }

    /// The sum of 2^-depth over closed leaves, for each root: from 0 to 1.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn weight(&self) -> f64 {
        self.weight.to_f64() / self.roots.max(1) as f64
    }

    /// Whether every node that was made is closed.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.roots > 0 && self.weight.is(self.roots)
    }

    /// Closed leaves, less a half, among the nodes that have ended: near 1/2 in the end.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn leaf_frequency(&self) -> f64 {
        if self.ended == 0 { -0.5 } else { (self.leaves as f64 - 0.5) / self.ended as f64 }
    }

    /// Nodes that the tree may have in the end: by the tree weight, or else by the share of leaves.
    #[must_use]
    pub fn size(&self) -> Option<f64> {
        let [by_weight, by_leaves] = self.estimates();
        by_weight.or(by_leaves)
    }

    /// Nodes that the tree may have in the end, by its weight and by the share of leaves.
    pub(crate) fn estimates(&self) -> [Option<f64>; 2] {
        [&self.by_weight, &self.by_leaves].map(|series| self.estimate(series))
    }

    /// A tree of so many leaves whose other nodes have two children each, and no fewer nodes than there are.
    #[allow(clippy::cast_precision_loss)]
    pub(crate) fn estimate(&self, series: &Series) -> Option<f64> {
        if self.open() == 0 && self.nodes > 0 {
            return Some(self.nodes as f64);
        }
        Some((2.0 * series.leaves()? - self.roots as f64).max(self.nodes as f64))
    }

    pub(crate) fn node(&mut self, parent: u64) {
        self.nodes += 1;
        self.roots += u64::from(parent == 0);
    }

    /// A node has ended; whether it is a closed leaf.
    pub(crate) fn end(&mut self, depth: u32, ending: Ending) -> bool {
        self.ended += 1;
        if matches!(ending, Ending::Branched | Ending::Open) {
            return false;
        }
        self.leaves += 1;
        self.weight.add(depth);
        self.by_weight.take(self.leaves, self.weight());
        self.by_leaves.take(self.leaves, self.leaf_frequency());
        true
    }
}

/// The trees of a run by what an observer hears of them, as far as their weights go: some 20 nanoseconds an event, where a [`Forest`](crate::Forest)
/// keeps a book of open nodes. Interest in [`budget::Interest::TREE`] is all it takes.
///
/// ```
/// use budget::observe::{Node, Tree};
/// use budget::{Event, What};
/// use trace::Weights;
///
/// let (tree, mut weights) = (Tree::of("branch and bound"), Weights::default());
/// let node = Node { tree, id: 1, parent: 0, depth: 0, branching: None, bound: 0.0 };
/// weights.hear(&Event::new(0, What::Node(node)));
/// assert_eq!(weights.current().map(|tree| (tree.nodes, tree.weight())), Some((1, 0.0)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Weights {
    trees: Vec<TreeWeight>,
    /// Which tree was spoken of last.
    last: usize,
}

impl Weights {
    /// The trees, in the order in which they were begun.
    #[must_use]
    pub fn trees(&self) -> &[TreeWeight] {
        &self.trees
    }

    /// The tree that was spoken of last.
    #[must_use]
    pub fn current(&self) -> Option<&TreeWeight> {
        self.trees.get(self.last)
    }

    /// Takes an event.
    pub fn hear(&mut self, event: &Event) {
        match &event.what {
            What::Node(node) => self.enter(node.tree).node(node.parent),
            What::End(end) => {
                self.enter(end.tree).end(end.depth, end.ending);
            }
            _ => {}
        }
    }

    /// A tree that is spoken of.
    fn enter(&mut self, tree: Tree) -> &mut TreeWeight {
        if self.trees.get(self.last).is_none_or(|last| last.tree != tree) {
            let known = self.trees.iter().position(|known| known.tree == tree);
            self.last = known.unwrap_or(self.trees.len());
            if known.is_none() {
                self.trees.push(TreeWeight::new(tree));
            }
        }
        &mut self.trees[self.last]
    }
}
