//! Lines about the run: what is asked, how far it is, what came of it.

use super::defaults::{is_one, one};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// What is searched, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Start<'a> {
    /// The version of the format.
    pub v: u32,
    /// The command, `train` or `solve`.
    #[serde(default)]
    pub command: Cow<'a, str>,
    /// The engine, as `--method` names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<Cow<'a, str>>,
    /// What is solved.
    #[serde(default)]
    pub problem: Problem<'a>,
    /// Options that decide what the search does, by their names on the command line.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub options: Map<String, Value>,
    /// The seed.
    #[serde(default)]
    pub seed: u64,
}

/// What is solved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Problem<'a> {
    /// The name of the model or of the data file, without its folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'a, str>>,
    /// Whether the objective is to be large; losses are to be small.
    #[serde(default)]
    pub maximise: bool,
    /// Rows of the model, or distinct points.
    #[serde(default)]
    pub rows: u64,
    /// Columns of the model, or neurons.
    #[serde(default)]
    pub columns: u64,
    /// Columns that have to be whole.
    #[serde(default)]
    pub integers: u64,
    /// SHA-256 of what was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<Cow<'a, str>>,
    /// What else is known: features, classes, widths of layers.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// Another engine goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Engine<'a> {
    /// Its name, as in tables and JSON.
    pub name: Cow<'a, str>,
}

/// Nodes that a tree may have in the end, by what is drawn out: see [`crate::TreeProgress::estimates`]. `None` where a measure leads nowhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Estimates {
    /// The tree weight.
    pub weight: Option<f64>,
    /// The share of leaves among nodes.
    pub leaf_frequency: Option<f64>,
    /// The sum of subtree gaps.
    pub subtree_gaps: Option<f64>,
    /// The gap.
    pub gap: Option<f64>,
    /// The number of open nodes.
    pub open: Option<f64>,
}

/// How far a tree is; each measure is one of [`crate::TreeProgress`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measures {
    /// Which tree; 1 is left out.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub tree: u64,
    /// Nodes that have ended.
    pub ended: u64,
    /// Nodes that are open.
    pub open: u64,
    /// Sum of 2^-depth over leaves that are closed, for each root: 1 when all are.
    pub weight: f64,
    /// Closed leaves, less a half, among the nodes that have ended: near 1/2 in the end.
    #[serde(default)]
    pub leaf_frequency: f64,
    /// The sum of subtree gaps, from 1 to 0.
    #[serde(default)]
    pub subtree_gaps: f64,
    /// The gap in [0, 1].
    #[serde(default)]
    pub gap: f64,
    /// Nodes that the tree may have in the end.
    #[serde(default)]
    pub estimates: Estimates,
}

/// The limit on the size of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The limit, in bytes before packing.
    pub bytes: u64,
}

/// Sums over a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Nodes that were made.
    pub nodes: u64,
    /// How many ended how, by the words of traces.
    #[serde(default)]
    pub ended: Map<String, Value>,
    /// The deepest node.
    #[serde(default)]
    pub depth: u32,
    /// Better solutions.
    #[serde(default)]
    pub incumbents: u64,
    /// Linear programs.
    #[serde(default)]
    pub lps: u64,
    /// Their simplex iterations.
    #[serde(default)]
    pub iterations: u64,
    /// Conflicts.
    #[serde(default)]
    pub conflicts: u64,
    /// Entries of all that was learned.
    #[serde(default)]
    pub learned: u64,
    /// Cores.
    #[serde(default)]
    pub cores: u64,
    /// Restarts.
    #[serde(default)]
    pub restarts: u64,
    /// Lines that the limit or `--trace-every` left out.
    #[serde(default)]
    pub left_out: u64,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finish<'a> {
    /// The status, as in tables and JSON.
    pub status: Cow<'a, str>,
    /// The best objective.
    #[serde(default)]
    pub objective: Option<f64>,
    /// The proven bound.
    #[serde(default)]
    pub bound: Option<f64>,
    /// How far the best solution was from the final one, as a share in [0, 1], over the seconds (Berthold 2013).
    #[serde(default)]
    pub primal_integral: f64,
    /// How far the bound was from the final solution, likewise.
    #[serde(default)]
    pub dual_integral: f64,
    /// How far both were apart, likewise.
    #[serde(default)]
    pub primal_dual_integral: f64,
    /// What the run counted, by name.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub statistics: Map<String, Value>,
}
