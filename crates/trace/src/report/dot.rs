//! DOT: the tree for Graphviz.

use super::nodes::change;
use super::run::Run;
use super::text::{number, plain};
use crate::ending::word;
use crate::record::Direction;
use budget::observe::Ending;
use std::io::{self, Write};

/// Writes the tree of a run: a node for each of its nodes with number, bound and colour of its end, and an edge for each branching.
///
/// # Errors
/// What the writer says.
pub fn dot(run: &Run, out: &mut dyn Write) -> io::Result<()> {
    let nodes = run.tree.nodes();
    writeln!(out, "digraph tree {{")?;
    writeln!(out, "  node [shape=circle, style=filled, fontsize=10, fontname=\"sans-serif\"];")?;
    writeln!(out, "  edge [arrowhead=none, fontsize=9, fontname=\"sans-serif\"];")?;
    let children = run.tree.children();
    for (place, node) in nodes.iter().enumerate() {
        let bound = node.bound.map_or_else(String::new, |bound| format!("\\n{}", number(bound)));
        let (fill, shape) = look(node.ending);
        let word = word(node.ending);
        writeln!(
            out,
            "  {0} [label=\"{0}{bound}\", fillcolor=\"{fill}\", shape={shape}, tooltip=\"{word}\"];",
            node.id
        )?;
        // Children to the left come first, whatever was made first.
        let mut below = children[place].clone();
        below.sort_by_key(|child| nodes[*child].dir != Direction::Left);
        for child in below {
            let change = change(&nodes[child]).map_or_else(String::new, |change| quoted(&change));
            writeln!(out, "  {} -> {} [label=\"{change}\"];", node.id, nodes[child].id)?;
        }
    }
    writeln!(out, "}}")
}

/// Colour and shape: apart for eyes that see no colours, too.
fn look(ending: Option<Ending>) -> (&'static str, &'static str) {
    match ending {
        Some(Ending::Branched) => ("#dfe3e8", "circle"),
        Some(Ending::Infeasible) => ("#f2b48c", "box"),
        Some(Ending::Conflict) => ("#e3b5d2", "triangle"),
        Some(Ending::Fathomed) => ("#9ecbe8", "invtriangle"),
        Some(Ending::Integer) => ("#8fd9bd", "diamond"),
        Some(Ending::Unresolved) => ("#ecd68a", "octagon"),
        _ => ("#ffffff", "circle"),
    }
}

/// For a string of DOT.
fn quoted(text: &str) -> String {
    plain(text).replace('\\', "\\\\").replace('"', "\\\"")
}
