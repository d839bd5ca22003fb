//! The tree of a search, rebuilt from a trace.

use crate::dyadic::Dyadic;
use crate::record::{Direction, Line, Record};
use budget::observe::Ending;

/// A node of a rebuilt tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Its number in the trace.
    pub id: u64,
    /// The parent, by place in [`RebuiltTree::nodes`]; `None` for a root.
    pub parent: Option<usize>,
    /// Which tree it belongs to, from 1.
    pub tree: u64,
    /// Its distance from the root.
    pub depth: u32,
    /// Which side of the parent.
    pub dir: Direction,
    /// What was branched on.
    pub var: Option<String>,
    /// The new bound of it.
    pub value: Option<f64>,
    /// The bound it had last: inherited until it ends. `None` if that is infinite.
    pub bound: Option<f64>,
    /// When it was made: seconds and work.
    pub made: (f64, u64),
    /// When it ended.
    pub ended: Option<(f64, u64)>,
    /// What became of it: [`Ending::Open`] where the trace has no end of it, `None` where the end is of a kind that this version does not know.
    pub ending: Option<Ending>,
    /// Sum and number of its fractional columns.
    pub frac: Option<(f64, u64)>,
}

/// The nodes of a trace, parents before their children. Takes about 150 bytes a node.
#[derive(Clone, Debug, Default)]
pub struct RebuiltTree {
    nodes: Vec<Branch>,
    strays: u64,
}

impl RebuiltTree {
    /// Takes a line of a trace; others than nodes and ends do nothing. Nodes whose numbers do not rise or whose parent is unknown, and second
    /// ends, are counted as strays: traces of ours have none.
    pub fn take(&mut self, line: &Line<'_>) {
        match &line.record {
            Record::Node(node) => {
                let parent = self.place(node.parent);
                let last = self.nodes.last().map_or(0, |last| last.id);
                if node.id <= last || (node.parent != 0 && parent.is_none()) {
                    self.strays += 1;
                    return;
                }
                self.nodes.push(Branch {
                    id: node.id,
                    parent,
                    tree: parent.map_or(node.tree, |parent| self.nodes[parent].tree),
                    depth: parent.map_or(0, |parent| self.nodes[parent].depth + 1),
                    dir: node.dir,
                    var: node.var.as_deref().map(str::to_owned),
                    value: node.value,
                    bound: node.bound,
                    made: (line.t, line.w),
                    ended: None,
                    ending: Some(Ending::Open),
                    frac: None,
                });
            }
            Record::End(end) => {
                let node = self.place(end.id).map(|place| &mut self.nodes[place]);
                match node.filter(|node| node.ended.is_none()) {
                    Some(node) => {
                        node.ended = Some((line.t, line.w));
                        node.ending = end.ending;
                        node.bound = end.bound;
                        node.frac = end.frac;
                    }
                    None => self.strays += 1,
                }
            }
            _ => {}
        }
    }

    /// The nodes in the order of their creation: parents stand before their children.
    #[must_use]
    pub fn nodes(&self) -> &[Branch] {
        &self.nodes
    }

    /// The place of a node in [`RebuiltTree::nodes`].
    #[must_use]
    pub fn place(&self, id: u64) -> Option<usize> {
        self.nodes.binary_search_by_key(&id, |node| node.id).ok()
    }

    /// Nodes and ends that had no place.
    #[must_use]
    pub fn strays(&self) -> u64 {
        self.strays
    }

    /// The numbers of the trees, ascending.
    #[must_use]
    pub fn trees(&self) -> Vec<u64> {
        let mut trees: Vec<u64> =
            self.nodes.iter().filter(|node| node.parent.is_none()).map(|node| node.tree).collect();
        trees.sort_unstable();
        trees.dedup();
        trees
    }

    /// Roots of a tree.
    #[must_use]
    pub fn roots(&self, tree: u64) -> u64 {
        self.nodes.iter().filter(|node| node.parent.is_none() && node.tree == tree).count() as u64
    }

    /// The children of each node, by place.
    #[must_use]
    pub fn children(&self) -> Vec<Vec<usize>> {
        let mut children = vec![vec![]; self.nodes.len()];
        for (place, node) in self.nodes.iter().enumerate() {
            if let Some(parent) = node.parent {
                children[parent].push(place);
            }
        }
        children
    }

    /// The sum of 2^-depth over the closed leaves of a tree; it is the number of its roots when no node is open.
    #[must_use]
    pub fn weight(&self, tree: u64) -> Dyadic {
        let mut sum = Dyadic::default();
        let is_closed =
            |node: &&Branch| node.tree == tree && !matches!(node.ending, Some(Ending::Branched | Ending::Open));
        self.nodes.iter().filter(is_closed).for_each(|node| sum.add(node.depth));
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reader;

    fn tree(lines: &str) -> RebuiltTree {
        let text = format!("{{\"e\":\"start\",\"v\":1}}\n{lines}");
        let mut tree = RebuiltTree::default();
        for line in Reader::new("t", text.as_bytes()).unwrap() {
            tree.take(&line.unwrap());
        }
        tree
    }

    #[test]
    fn a_tree_is_rebuilt() {
        let tree = tree(
            r#"{"e":"node","id":1,"dir":"M","bound":null,"depth":0}
{"e":"node","id":2,"parent":1,"dir":"L","var":"x","value":0,"bound":1.0,"depth":1,"t":0.5,"w":7}
{"e":"node","id":3,"parent":1,"dir":"R","var":"x","value":1,"bound":1.0,"depth":1}
{"e":"end","id":1,"as":"branched","bound":1.0,"frac":[0.5,1]}
{"e":"end","id":3,"as":"infeasible","bound":null,"t":1.0,"w":9}
"#,
        );
        assert_eq!((tree.nodes().len(), tree.trees(), tree.roots(1), tree.strays()), (3, vec![1], 1, 0));
        assert_eq!(tree.children(), [vec![1, 2], vec![], vec![]]);
        assert_eq!(tree.weight(1).to_f64(), 0.5);
        let left = &tree.nodes()[1];
        assert_eq!((left.made, left.ended, left.ending), ((0.5, 7), None, Some(Ending::Open)));
        assert_eq!((left.var.as_deref(), left.parent, left.depth), (Some("x"), Some(0), 1));
        let right = &tree.nodes()[tree.place(3).unwrap()];
        assert_eq!((right.ended, right.ending, right.bound), (Some((1.0, 9)), Some(Ending::Infeasible), None));
    }

    #[test]
    fn strays_are_counted() {
        let tree = tree(
            r#"{"e":"node","id":1,"bound":1,"depth":0}
{"e":"node","id":1,"bound":1,"depth":0}
{"e":"node","id":2,"parent":7,"bound":1,"depth":1}
{"e":"end","id":1,"as":"integer","bound":1}
{"e":"end","id":1,"as":"integer","bound":1}
{"e":"end","id":9,"as":"integer","bound":1}
"#,
        );
        assert_eq!((tree.nodes().len(), tree.strays()), (1, 4));
        assert!(tree.weight(1).is_one());
    }
}
