//! The lines of a trace, version 1. What each field means stands in `docs/trace-format.md` as well.
//!
//! Rules of the format: fields and kinds of lines may be added under one version, none is renamed or changes its meaning; readers pass
//! over what they do not know. A number that is infinite is `null` (`None` here): a bound of a node that has none yet, or of one that
//! holds no point. Values are in the sense of the model. All that a clock decides are [`Line::t`], [`Lp::time`], the integrals of [`Finish`]
//! and the entries of its statistics whose names end in `seconds`; everything else is the same for every run under limits in nodes.

use crate::network::Network;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// The version that is written and read.
pub const VERSION: u32 = 1;

/// One line: what happened, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line<'a> {
    /// What happened.
    #[serde(flatten)]
    pub record: Record<'a>,
    /// Wall seconds since the start.
    #[serde(default)]
    pub t: f64,
    /// Work since the start, by a clock that is the same on every machine: nodes or decisions, and pivots.
    #[serde(default)]
    pub w: u64,
}

/// The kinds of lines, by the field `e`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "e", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Record<'a> {
    /// The first line.
    Start(Start<'a>),
    /// Another engine than the one announced goes on alone.
    Engine(Engine<'a>),
    /// A tree is begun, before its first node; the first one, too.
    Tree(Tree<'a>),
    /// A node was made.
    Node(Node<'a>),
    /// A node is done with.
    End(End<'a>),
    /// A better solution.
    Incumbent(Incumbent),
    /// A better bound on the optimum.
    Bound(Bound),
    /// A linear program was solved.
    Lp(Lp),
    /// A round of cuts.
    Cuts(Cuts),
    /// A conflict, one of every `--trace-every`.
    Conflict(Conflict),
    /// A core.
    Core(Core),
    /// The search started again from the top.
    Restart(Restart),
    /// How a case stands.
    Case(Case),
    /// How far the tree is, now and then.
    Measures(Measures),
    /// The limit on the size of the trace is met: nodes, programs, conflicts and cases are told no more.
    Limit(Limit),
    /// Sums over the whole run, also of what was not told; before the last line.
    Totals(Totals),
    /// The network that training found.
    Network(Network<'a>),
    /// The last line.
    Finish(Finish<'a>),
    /// A kind that this version does not know.
    #[serde(other)]
    Unknown,
}

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
    /// What became of it.
    #[serde(rename = "as")]
    pub closing: Closing,
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

/// What becomes of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Closing {
    /// It has children.
    Branched,
    /// It has no point.
    Infeasible,
    /// It holds nothing better than the best solution.
    Fathomed,
    /// Its relaxation gave a solution.
    Integer,
    /// Propagation met a conflict.
    Conflict,
    /// It was given up, and its bound is kept.
    Unresolved,
    /// It was still open when the search ended.
    Open,
    /// Something that this version does not know.
    #[serde(other)]
    Other,
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
    /// How many ended how, by the words of [`Closing`].
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

#[allow(clippy::trivially_copy_pass_by_ref)] // serde wants it so
fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde wants it so
fn is_one(number: &u64) -> bool {
    *number == 1
}

fn one() -> u64 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Plane, Wrong};

    fn map(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).expect("an object")
    }

    /// One of each kind, and the line it makes.
    fn records() -> Vec<(Record<'static>, &'static str)> {
        let problem = Problem {
            name: Some("p.mps".into()),
            rows: 3,
            columns: 5,
            integers: 2,
            more: map(r#"{"features":4}"#),
            ..Problem::default()
        };
        let start =
            Start { v: 1, command: "solve".into(), problem, options: map(r#"{"node-limit":9}"#), ..Start::default() };
        let node = Node {
            id: 5,
            parent: 2,
            tree: 1,
            dir: Direction::Left,
            var: Some("u_1_38_1".into()),
            value: Some(0.0),
            bound: Some(1.0),
            depth: 3,
        };
        let end = End {
            id: 5,
            closing: Closing::Branched,
            bound: Some(1.5),
            frac: Some((7.02, 39)),
            candidates: vec![("x".into(), 0.8)],
        };
        let root =
            Node { parent: 0, tree: 2, dir: Direction::Middle, var: None, value: None, bound: None, ..node.clone() };
        vec![
            (
                Record::Start(start),
                r#"{"e":"start","v":1,"command":"solve","problem":{"name":"p.mps","maximise":false,"rows":3,"columns":5,"integers":2,"features":4},"options":{"node-limit":9},"seed":0,"t":0.25,"w":17}"#,
            ),
            (Record::Engine(Engine { name: "omt".into() }), r#"{"e":"engine","name":"omt","t":0.25,"w":17}"#),
            (
                Record::Tree(Tree { tree: 2, search: "cases".into(), index: 0 }),
                r#"{"e":"tree","tree":2,"search":"cases","index":0,"t":0.25,"w":17}"#,
            ),
            (
                Record::Node(node),
                r#"{"e":"node","id":5,"parent":2,"dir":"L","var":"u_1_38_1","value":0.0,"bound":1.0,"depth":3,"t":0.25,"w":17}"#,
            ),
            (Record::Node(root), r#"{"e":"node","id":5,"tree":2,"dir":"M","bound":null,"depth":3,"t":0.25,"w":17}"#),
            (
                Record::End(end),
                r#"{"e":"end","id":5,"as":"branched","bound":1.5,"frac":[7.02,39],"candidates":[["x",0.8]],"t":0.25,"w":17}"#,
            ),
            (
                Record::Incumbent(Incumbent { id: 5, by: 'T', objective: 6.0 }),
                r#"{"e":"incumbent","id":5,"by":"T","objective":6.0,"t":0.25,"w":17}"#,
            ),
            (Record::Bound(Bound { value: Some(1.0) }), r#"{"e":"bound","value":1.0,"t":0.25,"w":17}"#),
            (
                Record::Lp(Lp { id: 1, iterations: 7, time: 0.5 }),
                r#"{"e":"lp","id":1,"iterations":7,"time":0.5,"t":0.25,"w":17}"#,
            ),
            (
                Record::Cuts(Cuts {
                    id: 1,
                    round: 1,
                    kind: map(r#"{"gomory":12}"#),
                    before: Some(1.0),
                    after: Some(2.0),
                }),
                r#"{"e":"cuts","id":1,"round":1,"kind":{"gomory":12},"before":1.0,"after":2.0,"t":0.25,"w":17}"#,
            ),
            (
                Record::Conflict(Conflict { id: 1, count: 9, size: 3, lbd: 2, level: 5, backjump: 1 }),
                r#"{"e":"conflict","id":1,"count":9,"size":3,"lbd":2,"level":5,"backjump":1,"t":0.25,"w":17}"#,
            ),
            (
                Record::Core(Core { count: 1, size: 4, weight: 1 }),
                r#"{"e":"core","count":1,"size":4,"weight":1,"t":0.25,"w":17}"#,
            ),
            (Record::Restart(Restart { count: 2 }), r#"{"e":"restart","count":2,"t":0.25,"w":17}"#),
            (
                Record::Case(Case { id: 1, bound: Some(2.0), conflicts: 30, learned: 10 }),
                r#"{"e":"case","id":1,"bound":2.0,"conflicts":30,"learned":10,"t":0.25,"w":17}"#,
            ),
            (
                Record::Measures(Measures {
                    tree: 1,
                    ended: 3,
                    open: 2,
                    weight: 0.5,
                    leaf_frequency: 0.25,
                    subtree_gaps: 0.75,
                    gap: 1.0,
                    estimates: Estimates { weight: Some(7.0), ..Estimates::default() },
                }),
                r#"{"e":"measures","ended":3,"open":2,"weight":0.5,"leaf_frequency":0.25,"subtree_gaps":0.75,"gap":1.0,"estimates":{"weight":7.0,"leaf_frequency":null,"subtree_gaps":null,"gap":null,"open":null},"t":0.25,"w":17}"#,
            ),
            (Record::Limit(Limit { bytes: 1000 }), r#"{"e":"limit","bytes":1000,"t":0.25,"w":17}"#),
            (
                Record::Totals(Totals { nodes: 3, ended: map(r#"{"branched":1}"#), ..Totals::default() }),
                r#"{"e":"totals","nodes":3,"ended":{"branched":1},"depth":0,"incumbents":0,"lps":0,"iterations":0,"conflicts":0,"learned":0,"cores":0,"restarts":0,"left_out":0,"t":0.25,"w":17}"#,
            ),
            (
                Record::Network(Network {
                    features: vec!["a".into(), "b".into()],
                    classes: vec!["no".into(), "yes".into()],
                    rows: 9,
                    errors: 1,
                    wrong: vec![Wrong { row: 3, class: 1, predicted: 0, core: vec![1, 3] }],
                    plane: Some(Plane {
                        low: [0.0, 0.0],
                        high: [1.0, 2.0],
                        cells: vec![(0, vec![[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])],
                        lines: vec![(1, [[0.0, 2.0], [1.0, 0.0], [1.0, 1.0]])],
                        points: vec![(3, [0.5, 0.25], 1, 0)],
                    }),
                }),
                r#"{"e":"network","features":["a","b"],"classes":["no","yes"],"rows":9,"errors":1,"wrong":[{"row":3,"class":1,"predicted":0,"core":[1,3]}],"plane":{"low":[0.0,0.0],"high":[1.0,2.0],"cells":[[0,[[0.0,0.0],[1.0,0.0],[0.0,2.0]]]],"lines":[[1,[[0.0,2.0],[1.0,0.0],[1.0,1.0]]]],"points":[[3,[0.5,0.25],1,0]]},"t":0.25,"w":17}"#,
            ),
            (
                Record::Finish(Finish {
                    status: "optimal".into(),
                    objective: Some(6.0),
                    bound: Some(6.0),
                    primal_integral: 0.5,
                    dual_integral: 0.25,
                    primal_dual_integral: 0.75,
                    statistics: map(r#"{"nodes":3}"#),
                }),
                r#"{"e":"finish","status":"optimal","objective":6.0,"bound":6.0,"primal_integral":0.5,"dual_integral":0.25,"primal_dual_integral":0.75,"statistics":{"nodes":3},"t":0.25,"w":17}"#,
            ),
        ]
    }

    #[test]
    fn every_kind_is_written_and_read_back() {
        for (record, text) in records() {
            let line = Line { record, t: 0.25, w: 17 };
            assert_eq!(serde_json::to_string(&line).expect("it is plain"), text);
            let read: Line = serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(read, line);
        }
    }

    /// The table of kinds in the documentation is that of the code.
    #[test]
    fn every_kind_is_tried() {
        let source = include_str!("record.rs");
        let kinds =
            source.split("pub enum Record").nth(1).and_then(|rest| rest.split("\n}").next()).expect("it is here");
        let count = kinds.lines().filter(|line| line.ends_with("),")).count();
        let kinds = records().iter().filter(|(record, _)| !matches!(record, Record::Unknown)).count();
        assert_eq!(kinds, count + 1, "one kind has two forms");
    }

    #[test]
    fn what_is_unknown_is_passed_over() {
        let read = |text: &str| serde_json::from_str::<Line>(text).expect(text);
        assert_eq!(read(r#"{"e":"weather","sun":[1,{"a":2}],"t":1.0,"w":3}"#).record, Record::Unknown);
        let line = read(r#"{"e":"bound","value":2,"certain":true,"t":1,"w":3}"#);
        assert_eq!(line, Line { record: Record::Bound(Bound { value: Some(2.0) }), t: 1.0, w: 3 });
        let line = read(r#"{"e":"end","id":1,"as":"eaten","bound":null}"#);
        let end = End { id: 1, closing: Closing::Other, bound: None, frac: None, candidates: vec![] };
        assert_eq!(line.record, Record::End(end));
    }

    #[test]
    fn infinite_bounds_are_null() {
        let line = Line { record: Record::Bound(Bound { value: None }), t: 0.0, w: 0 };
        assert_eq!(serde_json::to_string(&line).expect("plain"), r#"{"e":"bound","value":null,"t":0.0,"w":0}"#);
    }
}
