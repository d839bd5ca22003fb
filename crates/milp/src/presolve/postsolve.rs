//! From a point of the reduced model back to one of the original, step by step, in rationals; the same for duals of linear models.
//!
//! Each step stands beside the reduction that it takes back; here they are put in a row. A point that satisfies the reduced model exactly
//! comes back as one that satisfies the original exactly, with the same objective. Duals that prove it optimal there prove it here.

use dashu::rational::RBig;

use super::columns::Unlocked;
use super::fixed::Fixed;
use super::parallel_columns::{Merged, Outdone};
use super::parallel_rows::Doubled;
use super::rows::{Bounding, Forcing};
use super::slack::Slack;
use super::substitution::Substituted;

/// Duals of the rows, and what they leave of the costs of the columns (minimised): `costs - A'y`. Positive where a lower side or bound
/// binds.
#[derive(Clone, Debug)]
pub(crate) struct Duals {
    pub rows: Vec<RBig>,
    pub columns: Vec<RBig>,
}

/// What takes one reduction back.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Fixed(Fixed),
    Substituted(Substituted),
    Slack(Slack),
    Unlocked(Unlocked),
    Merged(Merged),
    Outdone(Outdone),
    /// For duals alone, as those that follow.
    Bounding(Bounding),
    Forcing(Forcing),
    Doubled(Doubled),
}

impl Step {
    /// Fills in what the reduction took out, from what was left.
    pub fn restore(&self, x: &mut [RBig]) {
        match self {
            Self::Fixed(step) => step.restore(x),
            Self::Substituted(step) => step.restore(x),
            Self::Slack(step) => step.restore(x),
            Self::Unlocked(step) => step.restore(x),
            Self::Merged(step) => step.restore(x),
            Self::Outdone(_) | Self::Bounding(_) | Self::Forcing(_) | Self::Doubled(_) => {}
        }
    }

    /// The same for duals, which are zero where a step says nothing.
    pub fn restore_duals(&self, duals: &mut Duals) {
        match self {
            Self::Fixed(step) => step.restore_duals(duals),
            Self::Substituted(step) => step.restore_duals(duals),
            Self::Slack(step) => step.restore_duals(duals),
            Self::Merged(step) => step.restore_duals(duals),
            Self::Bounding(step) => step.restore_duals(duals),
            Self::Forcing(step) => step.restore_duals(duals),
            Self::Doubled(step) => step.restore_duals(duals),
            Self::Unlocked(_) | Self::Outdone(_) => {}
        }
    }

    /// What the reduction makes of a point of the model before it.
    pub fn carry(&self, x: &mut [f64]) {
        match self {
            Self::Merged(step) => step.carry(x),
            Self::Outdone(step) => step.carry(x),
            _ => {}
        }
    }
}

/// What duals of rows leave of the cost of a column with these entries.
pub(super) fn reduced_cost(cost: &RBig, entries: &[(crate::RowId, RBig)], duals: &Duals) -> RBig {
    entries.iter().fold(cost.clone(), |left, (i, a)| left - a * &duals.rows[i.index()])
}
