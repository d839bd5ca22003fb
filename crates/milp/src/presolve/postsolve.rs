//! From a point of the reduced model back to one of the original, step by step, in rationals; the same for duals of linear models.
//!
//! Each step stands beside the reduction that it takes back; here they are put in a row. A point that satisfies the reduced model exactly
//! comes back as one that satisfies the original exactly, with the same objective. Duals that prove it optimal there prove it here.

use std::ops::{Div, Mul, Neg, Sub};

use dashu::rational::RBig;

use super::columns::Unlocked;
use super::fixed::Fixed;
use super::parallel_columns::{Merged, Outdone};
use super::parallel_rows::Doubled;
use super::rows::{Bounding, Forcing};
use super::slack::Slack;
use super::substitution::Substituted;
use crate::model::{RowId, VarId};
use crate::number::approximately;

/// What duals are counted in: floats, where they are those of a simplex, or rationals.
pub(crate) trait Number:
    Clone + Default + PartialOrd + Neg<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// The number, or the one nearest to it.
    fn of(exact: &RBig) -> Self;
}

impl Number for RBig {
    fn of(exact: &RBig) -> Self {
        exact.clone()
    }
}

impl Number for f64 {
    fn of(exact: &RBig) -> Self {
        approximately(exact)
    }
}

/// Duals of the rows, and what they leave of the costs of the columns (minimised): `costs - A'y`. Positive where a lower side or bound
/// binds.
#[derive(Clone, Debug)]
pub(crate) struct Duals<N> {
    pub rows: Vec<N>,
    pub columns: Vec<N>,
}

impl<N: Number> Duals<N> {
    /// Takes the reduced cost of a column if the bound that it pays for is one that has `moved` (lower, upper).
    pub fn take(&mut self, j: VarId, moved: [bool; 2]) -> Option<N> {
        taken(&mut self.columns[j.index()], moved)
    }

    /// The same for the dual of a row and its sides.
    pub fn take_row(&mut self, i: RowId, moved: [bool; 2]) -> Option<N> {
        taken(&mut self.rows[i.index()], moved)
    }

    /// What the duals leave of the cost of a column with these entries.
    pub fn left(&self, cost: &RBig, entries: &[(RowId, RBig)]) -> N {
        entries.iter().fold(N::of(cost), |left, (i, a)| left - N::of(a) * self.rows[i.index()].clone())
    }
}

fn taken<N: Number>(dual: &mut N, moved: [bool; 2]) -> Option<N> {
    let zero = N::default();
    (*dual > zero && moved[0] || *dual < zero && moved[1]).then(|| std::mem::take(dual))
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
    pub fn restore_duals<N: Number>(&self, duals: &mut Duals<N>) {
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
