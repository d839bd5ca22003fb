//! What processing a node comes to, and what closes it.

use std::sync::Arc;

use super::branching::Candidate;
use super::propagation::Conflict;
use crate::Status;
use crate::bounds::{Reason, RowProof};
use crate::proof::Closed;

/// What processing a node came to.
pub(super) enum Evaluation {
    Closed,
    /// Closed in floating point, but the certificate has no proof of it, only this.
    Unproven(Option<Closed>),
    Branch {
        candidate: Candidate,
        bound: f64,
        objective: f64,
    },
    Stopped(Status),
}

/// What closes a node.
pub(super) enum Ground {
    /// A row or a pair of bounds that cannot be met.
    Conflict(Conflict),
    /// The multipliers of the relaxation.
    Proof(Option<Arc<RowProof>>),
    /// All integer columns are fixed, and floating point has no proof.
    Pattern,
}

impl Ground {
    /// The conflict between the bounds in force and a reason.
    pub(super) fn of_reason(reason: Reason) -> Self {
        Self::Conflict(Conflict { row: None, reason, change: None })
    }
}
