//! What is found: the members, and the model that they make.

use super::part::{Columns, Part, extract};
use crate::Budget;
use crate::model::Model;
use crate::outcome::Status;

/// A member of a [`Subsystem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// What it is.
    pub part: Part,
    /// Whether all others together have a point: proven, by that point or by the theorem of [`super::infeasible_subsystem`].
    pub is_needed: bool,
}

/// A part of a model that has no point.
#[derive(Clone, Debug)]
pub struct Subsystem {
    /// The members, rows before columns, each in the order of the model.
    pub members: Vec<Member>,
    /// The limit that came before all members were decided; `None` if none did.
    pub stopped: Option<Status>,
    /// Parts of the model that were solved.
    pub tests: u64,
    /// Branch-and-bound nodes of these.
    pub nodes: u64,
    /// Simplex iterations of these.
    pub lp_iterations: u64,
    /// Wall seconds.
    pub seconds: f64,
}

impl Subsystem {
    /// Whether nothing can be left out: every member is needed.
    #[must_use]
    pub fn is_irreducible(&self) -> bool {
        self.members.iter().all(|member| member.is_needed)
    }

    /// The subsystem as a model of its own, without an objective: its rows with the sides that are members, and the columns that stand in
    /// them or are members. Cost: the non-zeros of `model`, of which this is a subsystem.
    #[must_use]
    pub fn to_model(&self, model: &Model) -> Model {
        let set = self.members.iter().map(|member| member.part).collect();
        extract(model, &set, Columns::Used, &Budget::default()).unwrap_or_default()
    }
}
