//! How far the trees of a run are, while it runs: numbers over all of them, tree weights, and how large they may become.

use crate::gaps::SubtreeGaps;
use crate::record::Estimates;
use crate::series::{Kind, Series};
use crate::weight::TreeWeight;
use budget::observe::{self, Ending, Event, What};
use std::collections::BTreeMap;
use std::ops::Deref;

/// Smoothing constants of each measure, by Hendel, Anderson, Le Bodic and Pfetsch (2022).
const SUBTREES: Kind = Kind { first: 1.0, last: 0.0, alpha: 0.6, beta: 0.15 };
const GAP: Kind = Kind { first: 0.0, last: 1.0, alpha: 0.6, beta: 0.15 };
const OPEN: Kind = Kind { first: 0.0, last: 0.0, alpha: 0.6, beta: 0.15 };

/// One tree of a run: its [weight](TreeWeight), and measures that take its bounds.
#[derive(Clone, Debug)]
pub struct TreeProgress {
    searched: TreeWeight,
    gaps: SubtreeGaps,
    best: Option<f64>,
    series: [Series; 3],
}

impl Deref for TreeProgress {
    type Target = TreeWeight;

    fn deref(&self) -> &TreeWeight {
        &self.searched
    }
}

impl TreeProgress {
    fn new(tree: observe::Tree, best: Option<f64>) -> Self {
        let mut gaps = SubtreeGaps::default();
        best.into_iter().for_each(|best| gaps.better(best));
        Self { searched: TreeWeight::new(tree), gaps, best, series: [SUBTREES, GAP, OPEN].map(Series::new) }
    }

    /// The sum of subtree gaps: from 1 to 0.
    #[must_use]
    pub fn subtree_gaps(&self) -> f64 {
        self.gaps.value()
    }

    /// The gap in [0, 1] between the least bound of open nodes and the best solution.
    #[must_use]
    pub fn gap(&self) -> f64 {
        let bound = self.gaps.bound();
        budget::share_open(self.best, self.best.map_or(bound, |best| best.min(bound)))
    }

    /// Nodes that the tree may have in the end, by each measure.
    #[must_use]
    pub fn estimates(&self) -> Estimates {
        let [weight, leaf_frequency] = self.searched.estimates();
        let [subtree_gaps, gap, open] = std::array::from_fn(|k| self.estimate(&self.series[k]));
        Estimates { weight, leaf_frequency, subtree_gaps, gap, open }
    }

    fn node(&mut self, number: u64, parent: u64, bound: f64) {
        self.searched.node(parent);
        self.gaps.node(number, parent, bound);
    }

    #[allow(clippy::cast_precision_loss)]
    fn end(&mut self, number: u64, depth: u32, ending: Ending) {
        self.gaps.end(number);
        if self.searched.end(depth, ending) {
            let gap = if self.open() == 0 { 0.0 } else { self.gap() };
            let (leaves, values) = (self.leaves, [self.subtree_gaps(), 1.0 - gap, self.open() as f64]);
            self.series.iter_mut().zip(values).for_each(|(series, value)| series.take(leaves, value));
        }
    }
}

/// The trees of a run by what an observer hears of them. Interest in [`budget::Interest::TREE`] and
/// [`budget::Interest::BOUNDS`] is all it takes; a node costs O(log n) for n open ones, and memory is that of the open nodes.
///
/// ```
/// use budget::observe::{End, Ending, Node, Tree};
/// use budget::{Event, What};
/// use trace::Forest;
///
/// let (tree, mut forest) = (Tree::of("branch and bound"), Forest::default());
/// let node = |id, parent, depth| What::Node(Node { tree, id, parent, depth, branching: None, bound: 0.0 });
/// let end = |id, depth, ending| {
///     What::End(End { tree, id, depth, ending, bound: 0.0, frac: None, candidates: Default::default() })
/// };
/// for what in [node(1, 0, 0), node(2, 1, 1), node(3, 1, 1), end(1, 0, Ending::Branched), end(3, 1, Ending::Infeasible)] {
///     forest.hear(&Event::new(0, what));
/// }
/// let progress = &forest.trees()[0];
/// assert_eq!((progress.weight(), progress.open(), progress.size()), (0.5, 1, Some(3.0)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Forest {
    trees: Vec<TreeProgress>,
    /// Numbers over all trees of the nodes that are open, by tree and number there.
    open: BTreeMap<(usize, u64), u64>,
    /// Which tree was spoken of last.
    last: usize,
    nodes: u64,
    maximise: bool,
    /// To be minimised.
    best: Option<f64>,
}

impl Forest {
    /// The trees, in the order in which they were begun.
    #[must_use]
    pub fn trees(&self) -> &[TreeProgress] {
        &self.trees
    }

    /// The tree that was spoken of last.
    #[must_use]
    pub fn current(&self) -> Option<&TreeProgress> {
        self.trees.get(self.last)
    }

    /// Nodes of all trees.
    #[must_use]
    pub fn nodes(&self) -> u64 {
        self.nodes
    }

    /// The place of a tree in [`Forest::trees`].
    #[must_use]
    pub fn place(&self, tree: observe::Tree) -> Option<usize> {
        self.trees.iter().position(|known| known.tree == tree)
    }

    /// The number over all trees of a node that is open; a node outside of a tree has none.
    #[must_use]
    pub fn number(&self, tree: observe::Tree, id: u64) -> Option<u64> {
        self.open.get(&(self.place(tree)?, id)).copied()
    }

    /// The number over all trees of a node of the tree that was spoken of last; 0 if it is none.
    #[must_use]
    pub fn current_number(&self, id: u64) -> u64 {
        self.open.get(&(self.last, id)).copied().unwrap_or(0)
    }

    /// Takes an event.
    pub fn hear(&mut self, event: &Event) {
        match &event.what {
            What::Start(start) => self.maximise = start.maximise,
            What::Node(node) => {
                let place = self.enter(node.tree);
                self.nodes += 1;
                let parent = self.open.get(&(place, node.parent)).copied().unwrap_or(0);
                self.open.insert((place, node.id), self.nodes);
                let bound = self.minimised(node.bound);
                self.trees[place].node(self.nodes, parent, bound);
            }
            What::End(end) => {
                let place = self.enter(end.tree);
                if let Some(number) = self.open.remove(&(place, end.id)) {
                    self.trees[place].end(number, end.depth, end.ending);
                }
            }
            What::Incumbent(incumbent) => {
                let objective = self.minimised(incumbent.objective);
                if self.best.is_none_or(|best| objective < best) {
                    self.best = Some(objective);
                    for tree in &mut self.trees {
                        tree.best = self.best;
                        tree.gaps.better(objective);
                    }
                }
            }
            _ => {}
        }
    }

    fn minimised(&self, value: f64) -> f64 {
        if self.maximise { -value } else { value }
    }

    /// The place of a tree that is spoken of.
    fn enter(&mut self, tree: observe::Tree) -> usize {
        if self.trees.get(self.last).is_none_or(|last| last.tree != tree) {
            self.last = self.place(tree).unwrap_or_else(|| {
                self.trees.push(TreeProgress::new(tree, self.best));
                self.trees.len() - 1
            });
        }
        self.last
    }
}

#[cfg(test)]
mod tests;
