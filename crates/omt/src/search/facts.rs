//! What is known of literals that no search will undo.

use super::proof::Step;
use serde::{Deserialize, Serialize};

/// Literals that are true at level 0, as the proof has them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Facts {
    /// By variable: the unit clause of a literal at level 0, once it is in the proof.
    pub(super) units: Vec<Option<Step>>,
    /// Literals at the front of the trail whose unit clauses are in the proof.
    pub(super) certified: usize,
}

impl Facts {
    pub(super) fn new_var(&mut self) {
        self.units.push(None);
    }
}
