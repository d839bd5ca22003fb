//! What contradicts the trail.

use super::literal::Lit;
use super::proof::Step;
use serde::{Deserialize, Serialize};

/// A clause whose literals are all false.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Conflict {
    pub(super) literals: Vec<Lit>,
    /// What it is in the proof.
    pub(super) step: Step,
}
