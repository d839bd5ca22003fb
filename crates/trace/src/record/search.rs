//! Lines about what a search does.

use super::defaults::{is_one, is_zero, one};
use budget::observe::Ending;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A tree of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tree<'a> {
    /// Its number: 1, 2, .. in the order in which they are begun.
    pub tree: u64,
    /// What searches it, in words.
    pub search: Cow<'a, str>,
    /// Which tree of this search, from 0.
    #[serde(default)]
    pub index: u32,
}

/// A new node.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node<'a> {
    /// Its number: 1, 2, .. in the order of creation, over all trees.
    pub id: u64,
    /// The parent's number, which came before; 0 (left out) for the root of a tree.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub parent: u64,
    /// Which tree; 1 is left out. A tree may have several roots: cases that a problem is divided into at the start.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub tree: u64,
    /// Which side of the parent.
    #[serde(default)]
    pub dir: Direction,
    /// What was branched on: a column's name, or a neuron at a point; none for a root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub var: Option<Cow<'a, str>>,
    /// The new bound of it, or the value it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The bound it inherits, or what is known as it is made.
    #[serde(default)]
    pub bound: Option<f64>,
    /// Its distance from the root.
    pub depth: u32,
}

/// The side of a child.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// The upper bound was lowered; for a neuron: it is silent.
    #[serde(rename = "L")]
    Left,
    /// The lower bound was raised; for a neuron: it fires.
    #[serde(rename = "R")]
    Right,
    /// Neither: a root, or a part of another kind.
    #[default]
    #[serde(rename = "M", other)]
    Middle,
}

/// The end of a node, one for each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct End<'a> {
    /// Its number.
    pub id: u64,
    /// What became of it; `None` is something that this version does not know.
    #[serde(rename = "as", with = "crate::ending::in_words")]
    pub ending: Option<Ending>,
    /// The bound it had: none if it has no point.
    #[serde(default)]
    pub bound: Option<f64>,
    /// Fractional integer columns of its relaxation: sum of their distances from whole numbers, and how many they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frac: Option<(f64, u64)>,
    /// What might have been branched on instead, the best first, with scores; only of nodes that are branched on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<(Cow<'a, str>, f64)>,
}

/// A better solution.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incumbent {
    /// The node at hand, 0 outside of the tree.
    #[serde(default)]
    pub id: u64,
    /// The letter of the progress table for what found it.
    pub by: char,
    /// Its objective.
    pub objective: f64,
}

/// A better bound.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// The bound, `None` if it is infinite.
    pub value: Option<f64>,
}

/// A linear program.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lp {
    /// The node at hand, 0 outside of the tree.
    #[serde(default)]
    pub id: u64,
    /// Simplex iterations.
    pub iterations: u64,
    /// Wall seconds.
    #[serde(default)]
    pub time: f64,
}

/// A round of cuts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cuts {
    /// The node at hand, 0 outside of the tree.
    #[serde(default)]
    pub id: u64,
    /// Which round, from 1.
    pub round: u32,
    /// How many of each kind.
    #[serde(default)]
    pub kind: Map<String, Value>,
    /// The bound before.
    pub before: Option<f64>,
    /// The bound after.
    pub after: Option<f64>,
}

/// A conflict, and the clause or row learned from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The node or case at hand, 0 where there is no tree.
    #[serde(default)]
    pub id: u64,
    /// Which it is of all, from 1.
    pub count: u64,
    /// Entries of what was learned, 0 if nothing was.
    pub size: u32,
    /// Levels of decision in it (glue), 0 where there are none.
    #[serde(default)]
    pub lbd: u32,
    /// The level where it was met.
    #[serde(default)]
    pub level: u32,
    /// The level the search went back to.
    #[serde(default)]
    pub backjump: u32,
}

/// A core: errors of which at least one has to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Core {
    /// How many there are so far.
    pub count: u64,
    /// How many errors it holds, 0 where it is not told.
    #[serde(default)]
    pub size: u32,
    /// By how much it raises the bound.
    #[serde(default)]
    pub weight: u64,
}

/// Restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restart {
    /// How many there were so far.
    pub count: u64,
}

/// How a case stands after a round.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Its node.
    pub id: u64,
    /// Its bound.
    pub bound: Option<f64>,
    /// Conflicts in it so far.
    pub conflicts: u64,
    /// Learned clauses that it keeps.
    pub learned: u64,
}
