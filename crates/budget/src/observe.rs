//! What a search tells while it runs: events as plain structs, for tables, traces and whoever studies the search.
//!
//! Entry points: [`Event`]; an observer (`bdnn::Progress`, `milp::Control`) says once, before a run, in which kinds it has an
//! [`Interest`], and engines make no event of another kind: where nobody listens a run costs a test of a flag for each node.
//! That is less than runs of one program differ by: even a listener of all events that does nothing takes 0.93 to 1.01 of the time of none in
//! branch and bound with 15,000 to 20,000 events in 2 to 5 seconds, and 1.01 of it in the exact engine (11 events in 0.07 seconds)
//! (`cargo run -p heaviside-acceptance --example events`, 2026-11-29, two shared cores at a load of six, the shortest of nine runs each; before the dual tree told
//! its tree, of which docs/trace-format.md says what a trace costs).
//!
//! Invariants of a tree: numbers count from 1 in the order of creation, a parent is told before its children and ends after they were told, and every
//! node that was told has exactly one [`End`] before [`What::Finish`]. So the sum of 2^-depth over all nodes that end otherwise than
//! [`Ending::Branched`] is the number of roots. Values are in the sense of the model. Nothing is allocated for an event and there are no strings;
//! times are for the observer to take, while [`Event::work`] is the same on every machine.

use std::ops::BitOr;

/// Which events an observer wants to hear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interest(u8);

impl Interest {
    /// None.
    pub const NONE: Self = Self(0);
    /// Lines of the progress table: [`What::Row`].
    pub const ROWS: Self = Self(1);
    /// The tree: [`What::Node`], [`What::End`].
    pub const TREE: Self = Self(1 << 1);
    /// Start, finish, better solutions and bounds.
    pub const BOUNDS: Self = Self(1 << 2);
    /// Linear programs: [`What::Lp`].
    pub const PROGRAMS: Self = Self(1 << 3);
    /// Learning: [`What::Conflict`], [`What::Core`], [`What::Restart`], [`What::Case`], [`What::Cuts`].
    pub const LEARNING: Self = Self(1 << 4);
    /// All.
    pub const ALL: Self = Self(u8::MAX);

    /// Whether some of `kinds` is wanted.
    #[must_use]
    pub fn wants(self, kinds: Self) -> bool {
        self.0 & kinds.0 != 0
    }
}

impl BitOr for Interest {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Work done so far, by a clock that is the same on every machine: nodes or conflicts, and pivots.
    pub work: u64,
    /// What happened.
    pub what: What,
}

impl Event {
    /// After so much work.
    #[must_use]
    pub fn new(work: u64, what: What) -> Self {
        Self { work, what }
    }
}

/// The kinds of events.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum What {
    /// A search begins.
    Start(Start),
    /// Another engine than the one announced goes on alone: its name, as in tables and JSON. Comes in any case, as rows do.
    Engine(&'static str),
    /// A line for the progress table.
    Row(Row),
    /// A node of the tree was made.
    Node(Node),
    /// A node of the tree is done with.
    End(End),
    /// A better solution.
    Incumbent(Incumbent),
    /// A better bound on the optimum.
    Bound(f64),
    /// A relaxation was solved.
    Lp(Lp),
    /// A conflict was met.
    Conflict(Conflict),
    /// Cores were found.
    Core(Core),
    /// The search started again from the top.
    Restart(Restart),
    /// How a case of the problem stands after a round.
    Case(Case),
    /// A round of cuts.
    Cuts(Cuts),
    /// The search is over.
    Finish(Finish),
}

/// How large what is searched is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Start {
    /// Rows of the model, or points.
    pub rows: u64,
    /// Columns of the model, or neurons.
    pub columns: u64,
    /// Columns that have to be whole.
    pub integers: u64,
    /// Whether the objective is to be large.
    pub maximise: bool,
}

/// One line of the progress table, the same columns for every engine (0 where an engine has none).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Row {
    /// One letter for what caused the line.
    pub source: char,
    /// Nodes processed.
    pub nodes: u64,
    /// Nodes still open.
    pub open: u64,
    /// Depth of the node at hand.
    pub depth: u32,
    /// Proven bound on the objective.
    pub bound: f64,
    /// Best objective so far, `None` before the first.
    pub incumbent: Option<f64>,
    /// Learned clauses, lemmas or cores in use.
    pub learned: u64,
    /// Conflicts.
    pub conflicts: u64,
    /// Simplex iterations (pivots).
    pub lp_iterations: u64,
    /// Wall seconds since the start.
    pub seconds: f64,
}

/// One of the trees of a run: engines that go on one after the other have a tree each, and some have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tree {
    /// What searches it, in words for reports.
    pub search: &'static str,
    /// Which of its trees, from 0.
    pub index: u32,
}

impl Tree {
    /// The first tree of a search.
    #[must_use]
    pub fn of(search: &'static str) -> Self {
        Self { search, index: 0 }
    }
}

/// A new node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// The tree.
    pub tree: Tree,
    /// Its number there.
    pub id: u64,
    /// That of its parent, 0 for a root.
    pub parent: u64,
    /// 0 for a root.
    pub depth: u32,
    /// The branching that made it, `None` for a root.
    pub branching: Option<Branching>,
    /// The bound it inherits, or what is known as it is made.
    pub bound: f64,
}

/// A bound that makes a child.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Branching {
    /// What is bounded.
    pub on: On,
    /// Whether the value is the new upper bound (a child to the left); else it is the new lower one.
    pub is_upper: bool,
    /// The new bound.
    pub value: f64,
}

/// What is branched on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum On {
    /// A column of the model, by index; an observer is told its name when the run starts.
    Column(u32),
    /// Whether a neuron fires at a part of the points.
    Unit {
        /// From 1.
        layer: u32,
        /// From 0.
        part: u32,
        /// From 0.
        neuron: u32,
    },
    /// Whether a point may be wrong, by number.
    Point(u32),
    /// A weight, or the last one the bias, by number.
    Weight(u32),
    /// Another variable of the search's own, by number.
    Other(u32),
}

/// The end of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// The tree.
    pub tree: Tree,
    /// Its number there.
    pub id: u64,
    /// Its depth.
    pub depth: u32,
    /// What became of it.
    pub ending: Ending,
    /// The bound it had.
    pub bound: f64,
    /// Fractional integer columns of its relaxation: sum of their distances from whole numbers, and how many they are.
    pub frac: Option<(f64, u32)>,
    /// What might have been branched on, the best first, with scores; `None` behind them.
    pub candidates: [Option<(On, f64)>; CANDIDATES],
}

/// Candidates that are told, at most.
pub const CANDIDATES: usize = 4;

/// What becomes of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// It has children.
    Branched,
    /// Its relaxation has no point.
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
}

/// A better solution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Incumbent {
    /// The node at hand, 0 outside of the tree.
    pub node: u64,
    /// The letter of the progress table for what found it.
    pub source: char,
    /// Its objective.
    pub objective: f64,
}

/// A relaxation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lp {
    /// The node at hand, 0 outside of the tree.
    pub node: u64,
    /// Simplex iterations.
    pub iterations: u64,
    /// Wall seconds.
    pub seconds: f64,
}

/// A conflict and the clause or row learned from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The tree, if there is one.
    pub tree: Option<Tree>,
    /// The node at hand, 0 where there is no tree.
    pub node: u64,
    /// Entries of what was learned, 0 if nothing was.
    pub size: u32,
    /// Levels of decision in it (glue), 0 where there are none.
    pub glue: u32,
    /// The level where it was met.
    pub level: u32,
    /// The level that the search went back to.
    pub backjump: u32,
}

/// A core: penalties of which at least one has to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Core {
    /// How many there are so far.
    pub count: u64,
    /// How many penalties it has.
    pub size: u32,
    /// By how much it raises the bound of the case it was found in.
    pub weight: u64,
}

/// Restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restart {
    /// How many there were so far.
    pub count: u64,
}

/// A case after a round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Case {
    /// The tree of cases.
    pub tree: Tree,
    /// Its node.
    pub node: u64,
    /// Its bound.
    pub bound: f64,
    /// Conflicts in it so far.
    pub conflicts: u64,
    /// Learned clauses that it keeps.
    pub learned: u64,
}

/// Cuts that were added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cuts {
    /// The node at hand.
    pub node: u64,
    /// Which round, from 1.
    pub round: u32,
    /// The kind.
    pub kind: &'static str,
    /// How many.
    pub count: u32,
    /// The bound before.
    pub before: f64,
    /// The bound after.
    pub after: f64,
}

/// How a search ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finish {
    /// The status, as in tables and JSON.
    pub status: &'static str,
    /// Best objective.
    pub incumbent: Option<f64>,
    /// Proven bound.
    pub bound: f64,
    /// Integral of the relative primal-dual gap, in seconds.
    pub primal_dual_integral: f64,
}
