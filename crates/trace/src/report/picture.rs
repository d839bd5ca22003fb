//! The trees: what the page shows of them, and their nodes as its program reads them, columns in JSON, packed. About 15 bytes a node.

use super::run::Run;
use super::section::{Section, side_by_side};
use crate::record::Direction;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use budget::observe::Ending;
use flate2::Compression;
use flate2::write::GzEncoder;
use maud::html;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::Write;

/// The section of the page.
pub(super) fn section(runs: &[Run]) -> Option<Section> {
    if runs.iter().all(|run| run.tree.nodes().is_empty()) {
        return None;
    }
    let deepest = runs.iter().flat_map(|run| run.tree.nodes()).map(|node| node.depth).max().unwrap_or(0);
    let body = html! {
        p class="soft" {
            "Every leaf has the same width, so a subtree is as wide as it is large; children to the left lowered an upper bound, those to the \
             right raised a lower one. Select a node by click or arrow keys; the wheel zooms once the picture has the focus."
        }
        div class="controls" {
            label { "Colour "
                select id="tree-colour" {
                    @for (value, word) in [("reason", "reason of closing"), ("bound", "bound"), ("depth", "depth"), ("age", "age"),
                        ("variable", "branching variable")] {
                        option value=(value) { (word) }
                    }
                }
            }
            label { "Height by "
                select id="tree-y" { option value="depth" { "depth" } option value="bound" { "bound" } }
            }
            label { "Collapse below depth "
                select id="tree-collapse" {
                    option value="" { "none" }
                    @for depth in 0..deepest.min(40) { option value=(depth) { (depth) } }
                }
            }
            label { "Find " input id="tree-find" type="search" size="16" placeholder="number or variable"; }
            span { button type="button" id="tree-next" { "Next" } output id="tree-found" for="tree-find" {} }
            label { "As of " input id="tree-time" type="range" min="0" max="1000" value="1000"; }
            span { output id="tree-when" for="tree-time" { "the end" } button type="button" id="tree-play" { "Play" } }
            span {
                button type="button" id="tree-out" aria-label="Zoom out" { "−" }
                button type="button" id="tree-in" aria-label="Zoom in" { "+" }
                button type="button" id="tree-fit" { "Fit" }
            }
        }
        (side_by_side(runs, |k, run| html! {
            @if run.tree.nodes().is_empty() {
                p { "This run has no tree." }
            } @else {
                figure class="tree" data-tree=(format!("tree-data-{k}")) data-sense=(if run.maximises() { "max" } else { "min" }) {
                    canvas tabindex="0" role="application" aria-label=(format!("The tree of {}, {} nodes", run.short_name(), run.tree.nodes().len()))
                        aria-describedby="tree-keys" {}
                    div class="tip" hidden {}
                    div class="legend" {}
                    p class="node" aria-live="polite" {}
                    details class="data" {
                        summary { "Table: the node, the way to it and its children" }
                        div class="scroll" tabindex="0" role="region" aria-label="The node, the way to it and its children" {
                            table class="family" {
                                thead { tr { @for head in ["node", "branching", "depth", "bound", "closed as", "nodes in its subtree"] {
                                    th scope="col" { (head) } } } }
                                tbody {}
                            }
                        }
                    }
                }
            }
        }))
        details class="keys" id="tree-keys" {
            summary { "Keys of the tree" }
            dl class="keys-list" {
                @for (keys, does) in [("← → ↑ ↓", "select the neighbour, the parent, the first child"), ("Shift ← → ↑ ↓", "move the picture"),
                    ("+ −", "zoom in and out around the selected node"), ("[ ]", "lower and higher"), ("0", "fit"),
                    ("Enter", "collapse the subtree, or show it again (also double click)"), ("Home", "the root"), ("/", "find")] {
                    dt { kbd { (keys) } } dd { (does) }
                }
            }
        }
    };
    Some(Section { id: "tree", title: "Tree", body })
}

/// A row a node, column by column. Numbers, times and work are differences to the row before, ends to the making of their node.
#[derive(Serialize)]
struct Columns<'a> {
    names: Vec<&'a str>,
    id: Vec<i64>,
    /// Rows back to the parent, 0 for a root.
    up: Vec<usize>,
    depth: Vec<u32>,
    /// A letter a node.
    side: String,
    /// By place in `names`, -1 for none.
    variable: Vec<i64>,
    value: Vec<Option<f64>>,
    bound: Vec<Option<f64>>,
    /// A letter a node.
    #[serde(rename = "as")]
    closing: String,
    fractional: Vec<Option<u64>>,
    sum: Vec<Option<f64>>,
    made_work: Vec<i64>,
    /// Microseconds, as all times.
    made_time: Vec<i64>,
    end_work: Vec<Option<i64>>,
    end_time: Vec<Option<i64>>,
}

/// The tree of a run, packed by gzip and written in base 64.
pub(super) fn packed(run: &Run) -> String {
    let json = serde_json::to_vec(&columns(run)).unwrap_or_default();
    let mut packer = GzEncoder::new(vec![], Compression::best());
    // A vector takes all.
    let bytes = packer.write_all(&json).and_then(|()| packer.finish()).unwrap_or_default();
    STANDARD.encode(bytes)
}

fn columns<'a>(run: &'a Run) -> Columns<'a> {
    let nodes = run.tree.nodes();
    let mut names = vec![];
    let mut places = BTreeMap::new();
    let mut place = |name: &'a str| -> i64 {
        *places.entry(name).or_insert_with(|| {
            names.push(name);
            names.len() as i64 - 1
        })
    };
    let variable = nodes.iter().map(|node| node.var.as_deref().map_or(-1, &mut place)).collect();
    Columns {
        id: differences(nodes.iter().map(|node| whole(node.id))),
        up: nodes.iter().enumerate().map(|(k, node)| node.parent.map_or(0, |parent| k - parent)).collect(),
        depth: nodes.iter().map(|node| node.depth).collect(),
        side: nodes
            .iter()
            .map(|node| match node.dir {
                Direction::Left => 'L',
                Direction::Right => 'R',
                Direction::Middle => 'M',
            })
            .collect(),
        variable,
        value: nodes.iter().map(|node| node.value).collect(),
        bound: nodes.iter().map(|node| node.bound.map(short)).collect(),
        closing: nodes.iter().map(|node| letter(node.ending)).collect(),
        fractional: nodes.iter().map(|node| node.frac.map(|frac| frac.1)).collect(),
        sum: nodes.iter().map(|node| node.frac.map(|frac| short(frac.0))).collect(),
        made_work: differences(nodes.iter().map(|node| whole(node.made.1))),
        made_time: differences(nodes.iter().map(|node| microseconds(node.made.0))),
        end_work: nodes.iter().map(|node| node.ended.map(|ended| whole(ended.1) - whole(node.made.1))).collect(),
        end_time: nodes
            .iter()
            .map(|node| node.ended.map(|ended| microseconds(ended.0) - microseconds(node.made.0)))
            .collect(),
        names,
    }
}

fn differences(values: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut last = 0;
    values.map(|value| value - std::mem::replace(&mut last, value)).collect()
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn microseconds(seconds: f64) -> i64 {
    (seconds * 1e6).round() as i64
}

/// Nine significant digits: what a picture and its words can show.
fn short(value: f64) -> f64 {
    format!("{value:.8e}").parse().unwrap_or(value)
}

fn letter(ending: Option<Ending>) -> char {
    match ending {
        Some(Ending::Branched) => 'b',
        Some(Ending::Infeasible) => 'i',
        Some(Ending::Conflict) => 'c',
        Some(Ending::Fathomed) => 'f',
        Some(Ending::Integer) => 'n',
        Some(Ending::Open) => 'o',
        _ => 'u',
    }
}
