//! What reports and exports say of a node.

use crate::Branch;
use crate::RebuiltTree;
use crate::record::Direction;
use budget::observe::Ending;

/// What becomes of a node, in the order of legends.
pub(super) const ENDINGS: [Option<Ending>; 8] = [
    Some(Ending::Branched),
    Some(Ending::Infeasible),
    Some(Ending::Conflict),
    Some(Ending::Fathomed),
    Some(Ending::Integer),
    Some(Ending::Unresolved),
    Some(Ending::Open),
    None,
];

/// The branching that made a node, in ASCII signs: `x <= 0`; none of a root.
pub(super) fn change(node: &Branch) -> Option<String> {
    let name = node.var.as_ref()?;
    let Some(value) = node.value else { return Some(name.clone()) };
    let sign = match node.dir {
        Direction::Left => "<=",
        Direction::Right => ">=",
        Direction::Middle => "=",
    };
    Some(format!("{name} {sign} {}", super::text::number(value)))
}

/// How many nodes the subtree of each node has, itself included.
pub(super) fn sizes(tree: &RebuiltTree) -> Vec<u64> {
    let nodes = tree.nodes();
    let mut sizes = vec![1; nodes.len()];
    for (place, node) in nodes.iter().enumerate().rev() {
        if let Some(parent) = node.parent {
            sizes[parent] += sizes[place];
        }
    }
    sizes
}
