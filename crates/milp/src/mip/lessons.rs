//! What one search can teach others that share its tree: what it has observed of columns, and the rows it has learned.

use serde::{Deserialize, Serialize};

use crate::VarId;
use crate::bounds::BoundChange;
use crate::model::Row;

/// An observation for pseudo-costs, see [`super::branching`].
#[derive(Clone, Debug, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Lessons {
    pub observations: Vec<Observation>,
    /// Rows that hold for every point better than the best one of the round's end.
    pub rows: Vec<Row>,
}

impl Lessons {
    /// Whether they speak of columns that there are.
    pub fn fit(&self, columns: usize) -> bool {
        let is_column = |var: &VarId| var.index() < columns;
        let speaks = |observation: &Observation| match observation {
            Observation::Gain { change, .. } | Observation::Visit { change, .. } | Observation::Empty(change) => {
                (change.var as usize) < columns
            }
            Observation::Conflict(of) => of.iter().all(is_column),
        };
        self.observations.iter().all(speaks) && self.rows.iter().all(|row| row_fits(row, columns))
    }
}

/// Whether a row that was read is one over these columns.
pub(super) fn row_fits(row: &Row, columns: usize) -> bool {
    let mut terms = row.terms.iter();
    !row.lower.is_nan() && !row.upper.is_nan() && terms.all(|(var, a)| var.index() < columns && a.is_finite())
}
