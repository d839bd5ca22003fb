//! Which variable is decided next, and to which value: activities that decay, and the values tried last.

use super::heap::Heap;
use super::literal::{Lit, Var};
use super::trail::Trail;
use serde::{Deserialize, Serialize};

/// The order of decisions (reference 3 of the module).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Order {
    heap: Heap,
    increment: f64,
    /// Factor by which activities decay at a conflict.
    decay: f64,
    pub(super) phases: Vec<bool>,
    /// Undoing does not change phases: what is undone was not chosen.
    pub(super) keep_phases: bool,
}

impl Order {
    /// Without variables.
    pub(super) fn new(decay: f64) -> Self {
        Self { heap: Heap::default(), increment: 1.0, decay, phases: Vec::new(), keep_phases: false }
    }

    pub(super) fn new_var(&mut self) {
        self.phases.push(false);
        self.heap.push_var(0.0);
    }

    pub(super) fn activity(&self, var: Var) -> f64 {
        self.heap.activity(var)
    }

    /// Raises a variable's activity before the search.
    pub(super) fn prefer(&mut self, var: Var, by: f64) {
        self.heap.bump(var, by);
    }

    /// A literal took part in a conflict.
    pub(super) fn bump(&mut self, lit: Lit) {
        if self.heap.bump(lit.var(), self.increment) {
            let factor = 1.0 / self.heap.activity(lit.var());
            self.heap.rescale(factor);
            self.increment *= factor;
        }
    }

    /// A conflict is over.
    pub(super) fn decay(&mut self) {
        self.increment /= self.decay;
    }

    /// A literal was undone.
    pub(super) fn undone(&mut self, lit: Lit) {
        if !self.keep_phases {
            self.phases[lit.var().index()] = lit.polarity();
        }
        self.heap.insert(lit.var());
    }

    /// The free variable of highest activity, with its phase.
    pub(super) fn next(&mut self, trail: &Trail) -> Option<Lit> {
        while let Some(var) = self.heap.pop() {
            let lit = var.is(self.phases[var.index()]);
            if trail.is_free(lit) {
                return Some(lit);
            }
        }
        None
    }
}
