//! What the search is given: clauses, an objective, and neurons whose patterns must be separable.

use super::literal::{Lit, Var};
use crate::theory::{Geometry, Side};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One neuron: which literal asserts which side of which site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Neuron {
    /// Index into [`Formula::layers`].
    pub layer: usize,
    /// For each site the literals that assert `Fires` and `Silent`; `None` if nothing ever does.
    pub atoms: Vec<[Option<Lit>; 2]>,
}

/// A pseudo-Boolean constraint: the weights (positive) of true literals (each once) add up to at most this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// The literals with their weights.
    pub terms: Vec<(Lit, u64)>,
    /// The most that they may add up to.
    pub most: u64,
}

/// A propositional formula modulo separability, with a linear objective over penalty literals.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Formula {
    /// Number of variables.
    pub variables: u32,
    /// Clauses; every literal's variable is below `variables`.
    #[serde(skip)]
    pub clauses: Vec<Vec<Lit>>,
    /// Penalties: a true literal costs its weight (positive).
    pub objective: Vec<(Lit, u64)>,
    /// Cost of every solution beside the penalties.
    pub offset: u64,
    /// What every solution keeps to beside the clauses.
    pub limits: Vec<Limit>,
    /// Layers' geometries.
    #[serde(with = "budget::checkpoint::shared::list")]
    pub layers: Vec<Arc<Geometry>>,
    /// Neurons.
    pub neurons: Vec<Neuron>,
}

impl Formula {
    /// A new variable.
    pub fn variable(&mut self) -> Var {
        self.variables += 1;
        Var(self.variables - 1)
    }

    /// Adds a clause.
    pub fn clause(&mut self, literals: impl IntoIterator<Item = Lit>) {
        self.clauses.push(literals.into_iter().collect());
    }
}

/// Index of a side in [`Neuron::atoms`].
#[must_use]
pub(super) fn side_index(side: Side) -> usize {
    match side {
        Side::Fires => 0,
        Side::Silent => 1,
    }
}
