//! What one search can teach others that share its tree: what it has observed of columns, and the rows it has learned.

use crate::VarId;
use crate::bounds::BoundChange;
use crate::model::Row;

/// An observation for pseudo-costs, see [`super::branching`].
#[derive(Clone, Debug)]
pub(crate) enum Observation {
    /// The relaxation's objective rose by so much when the change moved the column so far.
    Gain { change: BoundChange, gain: f64, distance: f64 },
    /// Propagation deduced so many bounds from the change, or found its child empty.
    Visit { change: BoundChange, deductions: usize, empty: bool },
    /// The relaxation found the child of the change empty.
    Empty(BoundChange),
    /// A conflict of these columns.
    Conflict(Box<[VarId]>),
}

/// What a search has found out in a round, in order.
#[derive(Debug, Default)]
pub(crate) struct Lessons {
    pub observations: Vec<Observation>,
    /// Rows that hold for every point better than the best one of the round's end.
    pub rows: Vec<Row>,
}
