//! From a point of the reduced model back to one of the original, step by step, in rationals.
//!
//! Each step stands beside the reduction that it takes back; here they are put in a row. A point that satisfies the reduced model exactly
//! comes back as one that satisfies the original exactly, with the same objective.

use dashu::rational::RBig;

use super::columns::Unlocked;
use super::fixed::Fixed;
use super::parallel_columns::{Merged, Outdone};
use super::slack::Slack;
use super::substitution::Substituted;

/// What takes one reduction back.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Fixed(Fixed),
    Substituted(Substituted),
    Slack(Slack),
    Unlocked(Unlocked),
    Merged(Merged),
    Outdone(Outdone),
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
            Self::Outdone(_) => {}
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
