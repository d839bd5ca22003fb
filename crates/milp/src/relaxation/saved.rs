//! A relaxation as a checkpoint has it, without the rows that were added.

use serde::{Deserialize, Serialize};
use std::time::Duration;

use super::{ExactRelaxation, Relaxation};
use crate::simplex::{NewRow, SavedSimplex};

/// What the next solve depends on but for rows and bounds.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedRelaxation {
    simplex: SavedSimplex,
    /// Whether rationals were asked before, the work that they took, and the seconds.
    is_exact: bool,
    exact_work: u64,
    exact_seconds: f64,
}

impl Relaxation<'_> {
    /// The state after a solve. Cost: its size.
    pub fn save(&self) -> SavedRelaxation {
        SavedRelaxation {
            simplex: self.simplex.save(),
            is_exact: self.exact.is_some(),
            exact_work: self.exact_work,
            exact_seconds: self.exact_time.as_secs_f64(),
        }
    }

    /// Goes on from a state of a relaxation with these rows; `None`, and it is not to be used any more, if it is of another.
    pub fn restore(&mut self, saved: SavedRelaxation) -> Option<()> {
        self.simplex.restore(saved.simplex)?;
        if saved.is_exact {
            self.exact = Some(ExactRelaxation::with_rows(self.model?, &self.added));
        }
        self.exact_work = saved.exact_work;
        self.exact_time = Duration::try_from_secs_f64(saved.exact_seconds).ok()?;
        Some(())
    }

    /// Adds rows that were kept; `None` if they are none of columns of this relaxation.
    pub fn restore_rows(&mut self, rows: Vec<NewRow>) -> Option<()> {
        let n = self.problem().num_cols();
        let is_row = |row: &NewRow| {
            let mut terms = row.terms.iter();
            !row.lower.is_nan() && !row.upper.is_nan() && terms.all(|(j, a)| *j < n && a.is_finite())
        };
        if !rows.iter().all(is_row) {
            return None;
        }
        if !rows.is_empty() {
            self.add_rows(rows);
        }
        Some(())
    }
}
