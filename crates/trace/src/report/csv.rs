//! CSV: a row a node, for programs that study trees.

use super::nodes::sizes;
use super::run::Run;
use crate::ending::word;
use crate::record::Direction;
use std::io::{self, Write};

const HEAD: [&str; 16] = [
    "id",
    "parent",
    "tree",
    "depth",
    "side",
    "variable",
    "value",
    "bound",
    "closing",
    "made_seconds",
    "made_work",
    "ended_seconds",
    "ended_work",
    "fractional",
    "fractional_sum",
    "subtree",
];

/// Writes the tree of a run: a head and a row a node, fields that are not known empty. `subtree` counts the nodes below and the node.
///
/// # Errors
/// What the writer says.
pub fn csv(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let nodes = run.tree.nodes();
    let sizes = sizes(&run.tree);
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(HEAD)?;
    let text = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
    let count = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
    for (node, size) in nodes.iter().zip(sizes) {
        writer.write_record([
            node.id.to_string(),
            node.parent.map_or(0, |parent| nodes[parent].id).to_string(),
            node.tree.to_string(),
            node.depth.to_string(),
            match node.dir {
                Direction::Left => "L",
                Direction::Right => "R",
                Direction::Middle => "M",
            }
            .to_owned(),
            node.var.clone().unwrap_or_default(),
            text(node.value),
            text(node.bound),
            word(node.ending).to_owned(),
            node.made.0.to_string(),
            node.made.1.to_string(),
            text(node.ended.map(|ended| ended.0)),
            count(node.ended.map(|ended| ended.1)),
            count(node.frac.map(|frac| frac.1)),
            text(node.frac.map(|frac| frac.0)),
            size.to_string(),
        ])?;
    }
    writer.flush()
}
