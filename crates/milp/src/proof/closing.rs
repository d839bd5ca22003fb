//! What closes a node, and what it must come to.

use dashu::rational::RBig;

/// A node that is closed: a line that holds under its branchings.
#[derive(Clone, Debug)]
pub(crate) struct Closed {
    pub line: u64,
    /// The bound on the objective (minimised, without constant) that the line states; `None` for a contradiction.
    pub bound: Option<RBig>,
}

impl Closed {
    /// Whether it is enough.
    pub fn reaches(&self, wanted: &Wanted) -> bool {
        self.bound.as_ref().is_none_or(|bound| wanted.is_met_by(bound))
    }
}

/// What a node must come to before it counts as closed, beside a contradiction, which always does.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    /// Any bound on the objective.
    Any,
    /// At least this one (minimised, without constant).
    Bound(RBig),
    /// Nothing less.
    Contradiction,
}

impl Wanted {
    pub(super) fn is_met_by(&self, bound: &RBig) -> bool {
        match self {
            Self::Any => true,
            Self::Bound(wanted) => bound >= wanted,
            Self::Contradiction => false,
        }
    }
}
