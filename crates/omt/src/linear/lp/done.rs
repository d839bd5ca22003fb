//! What work has been done.

use serde::{Deserialize, Serialize};

/// Work of a tree or several.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(in crate::linear) struct Done {
    /// Multiplications, about.
    pub work: u64,
    /// Nodes branched, and nodes bounded.
    pub nodes: u64,
    pub evaluations: u64,
    /// Pivots of both simplex methods.
    pub pivots: u64,
    /// Cores proven, and guesses refused.
    pub cores: u64,
    pub refused: u64,
    /// Decisions forced by bounds.
    pub forced: u64,
}

impl Done {
    pub(in crate::linear) fn plus(self, other: Self) -> Self {
        Self {
            work: self.work + other.work,
            nodes: self.nodes + other.nodes,
            evaluations: self.evaluations + other.evaluations,
            pivots: self.pivots + other.pivots,
            cores: self.cores + other.cores,
            refused: self.refused + other.refused,
            forced: self.forced + other.forced,
        }
    }
}
