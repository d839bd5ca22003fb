//! What a search tells while it runs: events as plain structs, for tables, traces and whoever studies the search.
//!
//! Entry points: [`Event`]; an observer (`bdnn::Progress`, `milp::Control`) says once, before a run, in which kinds it has an
//! [`Interest`], and engines make no event of another kind: where nobody listens a run costs a test of a flag for each node.
//! That is less than runs of one program differ by: even a listener of all events that does nothing takes 0.93 to 1.01 of the time of none in
//! branch and bound with 15,000 to 20,000 events in 2 to 5 seconds, and 1.01 of it in the exact engine (11 events in 0.07 seconds)
//! (`cargo run -p heaviside-acceptance --example events`, 2026-11-29, two shared cores at a load of six, the shortest of nine runs each).
//!
//! Invariants of the tree: numbers count from 1 in the order of creation, a parent is told before its children, and every node
//! that was told has exactly one [`End`] before [`What::Finish`]. So the sum of 2^-depth over all nodes that end otherwise than
//! [`Ending::Branched`] is 1. Values are in the sense of the model. Nothing is allocated for an event and there are no strings;
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
    /// Learning: [`What::Conflict`], [`What::Core`], [`What::Restart`], [`What::Part`].
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
    /// A case of the problem was divided.
    Part(Part),
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

/// A new node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Its number.
    pub id: u64,
    /// That of its parent, 0 for the root.
    pub parent: u64,
    /// 0 for the root.
    pub depth: u32,
    /// The branching that made it, `None` for the root.
    pub branching: Option<Branching>,
    /// The bound it inherits.
    pub bound: f64,
}

/// A bound of a column that makes a child.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Branching {
    /// The column, by index.
    pub column: u32,
    /// Whether the value is the new upper bound (a child to the left); else it is the new lower one.
    pub is_upper: bool,
    /// The new bound.
    pub value: f64,
}

/// The end of a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct End {
    /// Its number.
    pub id: u64,
    /// Its depth.
    pub depth: u32,
    /// What became of it.
    pub ending: Ending,
    /// The bound it had.
    pub bound: f64,
}

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lp {
    /// The node at hand, 0 outside of the tree.
    pub node: u64,
    /// Simplex iterations.
    pub iterations: u64,
}

/// A conflict and the clause or row learned from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The node at hand, 0 where there is no tree.
    pub node: u64,
    /// Entries of what was learned, 0 if nothing was.
    pub size: u32,
    /// Levels of decision in it (glue), 0 where there are none.
    pub glue: u32,
}

/// A core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Core {
    /// How many there are so far.
    pub count: u64,
    /// The bound.
    pub bound: u64,
}

/// Restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Restart {
    /// How many there were so far.
    pub count: u64,
}

/// A case that was divided in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The case, and the one that takes its other half.
    pub cases: [u64; 2],
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
