//! The state of the simplex between two solves, as a checkpoint has it: all that the next solve depends on but for the problem and the
//! bounds of its columns, which are set anew.

use serde::{Deserialize, Serialize};

use super::scaling::Scaling;
use super::{Basis, Simplex, VarStatus};
use crate::lu::SavedLu;

/// See the module. Vectors are over all n + m variables, or by basis position (m).
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedSimplex {
    /// Factors between the units of the model and those of the simplex, and that of costs.
    scaling: Vec<f64>,
    cost: f64,
    /// The packed basis, its variables by position, and their weights.
    basis: Vec<u8>,
    basic: Vec<u32>,
    weights: Vec<f64>,
    /// Reduced costs, where they are those of the factors.
    duals: Option<Vec<f64>>,
    lu: SavedLu,
    iterations: u64,
}

impl Simplex {
    /// Its state after a solve. Cost: its size.
    pub(crate) fn save(&self) -> SavedSimplex {
        let core = &self.core;
        SavedSimplex {
            scaling: core.scaling.variable.clone(),
            cost: core.scaling.cost,
            basis: self.basis().packed(),
            basic: core.basic.iter().map(|&var| var as u32).collect(),
            weights: core.weights.clone(),
            duals: (core.factored && core.duals_valid).then(|| core.dual.clone()),
            lu: core.lu.save(core.factored),
            iterations: core.iterations,
        }
    }

    /// Goes on from a state of a problem with these rows and columns; `None`, and the simplex is not to be used any more, if it is of another.
    pub(crate) fn restore(&mut self, saved: SavedSimplex) -> Option<()> {
        let (total, m) = (self.problem.num_vars(), self.problem.num_rows);
        let is_factor = |factor: &f64| factor.is_finite() && *factor > 0.0;
        let basis = Basis::unpacked(&saved.basis, total)?;
        let mut unseen: Vec<bool> = basis.status.iter().map(|status| *status == VarStatus::Basic).collect();
        let basic: Vec<usize> = saved.basic.iter().map(|&var| var as usize).collect();
        let is_head = basic.len() == m && unseen.iter().filter(|is_basic| **is_basic).count() == m;
        let is_each = basic.iter().all(|&var| unseen.get_mut(var).is_some_and(std::mem::take));
        let fits = is_head
            && is_each
            && saved.scaling.len() == total
            && saved.scaling.iter().chain([&saved.cost]).all(is_factor)
            && saved.weights.len() == m
            && saved.weights.iter().all(|weight| *weight > 0.0)
            && saved.duals.as_ref().is_none_or(|duals| duals.len() == total);
        if !fits {
            return None;
        }
        let scaling = Scaling { variable: saved.scaling, cost: saved.cost };
        self.core.rescale(&self.problem, scaling, &self.options, &self.lower, &self.upper, &basis);
        let core = &mut self.core;
        core.basic = basic;
        core.weights = saved.weights;
        core.iterations = saved.iterations;
        core.factored = core.lu.restore(m, saved.lu)?;
        core.duals_valid = core.factored && saved.duals.is_some();
        if let Some(duals) = saved.duals {
            core.dual = duals;
        }
        Some(())
    }
}
