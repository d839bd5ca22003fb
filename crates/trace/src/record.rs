//! The lines of a trace, version 1. What each field means stands in `docs/trace-format.md` as well.
//!
//! Rules of the format: fields and kinds of lines may be added under one version, none is renamed or changes its meaning; readers pass
//! over what they do not know. A number that is infinite is `null` (`None` here): a bound of a node that has none yet, or of one that
//! holds no point. Values are in the sense of the model. All that a clock decides are [`Line::t`], [`Lp::time`], the integrals of [`Finish`]
//! and the entries of its statistics whose names end in `seconds`; everything else is the same for every run under limits in nodes.

mod defaults;
mod run;
mod search;

use crate::network::Network;
pub use run::{Engine, Estimates, Finish, Limit, Measures, Problem, Start, Totals};
pub use search::{Bound, Case, Conflict, Core, Cuts, Direction, End, Incumbent, Lp, Node, Restart, Tree};
use serde::{Deserialize, Serialize};

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
    /// Work since the start, by a clock that is the same on every machine: nodes, decisions or tuples, and pivots.
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

#[cfg(test)]
mod tests;
