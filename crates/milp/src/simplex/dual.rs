//! The dual simplex: dual feasible throughout, it drives the basic variables into their bounds.

use super::basis::VarStatus;
use super::core::Core;
use super::{Limits, LpStatus, Simplex, Stage};
use crate::tolerances::{
    DEGENERATE_STEP, PIVOT_DISAGREEMENT, PIVOT_DISAGREEMENT_SMALL, PIVOT_WEAK, RUN_AWAY, STALL, STEEPEST_EDGE_FLOOR,
    TROUBLES,
};

impl Simplex {
    /// Iterates from a dual feasible basis (for the working costs) until the basis is primal feasible, the problem is
    /// proven infeasible, the cutoff is proven, or a limit is met.
    pub(super) fn dual_simplex(&mut self, limits: &Limits, first: u64) -> Stage {
        let mut guard = Guard::new(&self.core);
        loop {
            if self.core.wants_refactor() && self.core.refactor_and_recompute(limits.budget).is_err() {
                return Stage::Trouble;
            }
            if let Some(limit) = limits.exceeded(self.core.iterations - first, self.core.n + self.core.m) {
                return Stage::Limit(limit);
            }
            if guard.runs_away(&self.core) {
                return Stage::Trouble;
            }
            if self.cutoff_is_proven(limits, &mut guard) {
                return Stage::Proven(LpStatus::Cutoff);
            }
            let Some(r) = self.core.choose_row() else {
                if self.core.fresh {
                    return Stage::Done;
                }
                self.core.recompute();
                continue;
            };
            self.core.btran_row(r);
            self.core.price();
            let Some(q) = self.core.choose_column(r) else {
                if !self.core.fresh {
                    self.core.recompute();
                    continue;
                }
                return self.claim_infeasible(r);
            };
            self.core.ftran_column(q);
            if !self.core.pivot_is_sound(r, q) {
                // Another pivot is chosen after new factors; with fresh ones the disagreement is no accident.
                if guard.trouble()
                    || self.core.lu.updates() == 0
                    || self.core.refactor_and_recompute(limits.budget).is_err()
                {
                    return Stage::Trouble;
                }
                continue;
            }
            let theta = self.core.dual_iteration(r, q);
            if guard.stalls(theta) {
                self.core.perturb_costs();
            }
        }
    }

    /// Dual phase one: the same loop on the problem whose bounds are [-1000, 1000] for free variables, [0, 1] and
    /// [-1, 0] for one-sided ones and [0, 0] for boxed ones. Its optimum is zero if and only if the problem is dual
    /// feasible (Koberstein 2005, section 4.2).
    pub(super) fn dual_phase_one(&mut self, limits: &Limits, first: u64) -> Stage {
        self.core.box_for_phase_one();
        let stage = self.dual_simplex(&Limits { cutoff: f64::INFINITY, ..*limits }, first);
        self.core.restore_bounds();
        self.core.restore_costs();
        if self.core.ensure_factored(limits.budget).is_err() {
            return Stage::Trouble;
        }
        self.core.flip_to_dual_feasibility();
        match stage {
            // The boxed problem contains the origin: this is rounding, and the primal simplex will decide.
            Stage::Proven(_) | Stage::Marginal | Stage::Trouble => Stage::Done,
            other => other,
        }
    }

    /// Whether the dual objective has passed the cutoff and the safe bound from the duals at hand confirms it.
    fn cutoff_is_proven(&mut self, limits: &Limits, guard: &mut Guard) -> bool {
        if limits.cutoff == f64::INFINITY || self.core.iterations < guard.next_cutoff_check {
            return false;
        }
        let objective = self.core.work_objective * self.core.scaling.cost + self.problem.offset;
        if objective < limits.cutoff {
            return false;
        }
        self.extract_duals();
        let bound = self.safe_objective_bound();
        guard.cutoff_wait *= 2;
        guard.next_cutoff_check = self.core.iterations + guard.cutoff_wait;
        bound.rigorous && bound.value >= limits.cutoff
    }
}

/// Watches one run of the loop for stalling and repeated trouble.
pub(super) struct Guard {
    degenerate: usize,
    allowed: usize,
    troubles: usize,
    last_iteration: u64,
    next_cutoff_check: u64,
    cutoff_wait: u64,
}

impl Guard {
    pub fn new(core: &Core) -> Self {
        let size = (core.n + core.m) as u64;
        Self {
            degenerate: 0,
            allowed: STALL.max(core.m / STALL),
            troubles: 0,
            last_iteration: core.iterations + RUN_AWAY * (size + RUN_AWAY),
            next_cutoff_check: 0,
            cutoff_wait: 1,
        }
    }

    /// Whether the loop has made far more iterations than a problem of this size takes: it cycles, in spite of
    /// perturbation, for some reason of rounding.
    pub fn runs_away(&self, core: &Core) -> bool {
        core.iterations >= self.last_iteration
    }

    /// Counts a step; true when steps of no length have become too many since the last answer.
    pub fn stalls(&mut self, step: f64) -> bool {
        if step.abs() <= DEGENERATE_STEP {
            self.degenerate += 1;
        }
        let stalled = self.degenerate > self.allowed;
        if stalled {
            self.degenerate = 0;
            self.allowed *= 4;
        }
        stalled
    }

    /// Counts a numerical trouble; true when there were too many.
    pub fn trouble(&mut self) -> bool {
        self.troubles += 1;
        self.troubles > TROUBLES
    }
}

impl Core {
    /// The position whose squared infeasibility is largest relative to its steepest-edge weight.
    pub fn choose_row(&self) -> Option<usize> {
        let mut best = (0.0, None);
        for (i, (&violation, &weight)) in self.infeasibility.iter().zip(&self.weights).enumerate() {
            if violation > best.0 * weight {
                best = (violation / weight, Some(i));
            }
        }
        best.1
    }

    /// Whether the pivot is large enough and computed alike from its row and its column.
    pub fn pivot_is_sound(&self, r: usize, q: usize) -> bool {
        let (by_row, by_column) = (self.alpha_row.values[q], self.column.values[r]);
        let disagreement = (by_row - by_column).abs();
        by_column.abs() > PIVOT_WEAK
            && disagreement
                <= PIVOT_DISAGREEMENT * (1.0 + by_column.abs()).min(by_column.abs() * PIVOT_DISAGREEMENT_SMALL)
    }

    /// Carries out the pivot on row r and column q; returns the dual step.
    fn dual_iteration(&mut self, r: usize, q: usize) -> f64 {
        let leaving = self.basic[r];
        let to = if self.base_value[r] < self.base_lower[r] { VarStatus::Lower } else { VarStatus::Upper };
        let theta = self.dual[q] / self.column.values[r];
        self.apply_flips();
        self.ftran_steepest();
        self.update_dual(theta, leaving, q);
        let bound = if to == VarStatus::Lower { self.base_lower[r] } else { self.base_upper[r] };
        let delta = self.base_value[r] - bound;
        let step = delta / self.column.values[r];
        self.work_objective += theta * delta;
        self.update_primal(step);
        self.update_weights(r);
        let value = self.value[q] + step;
        self.update_factor(r, q, value, to);
        theta
    }

    /// Steepest-edge weights after the pivot on row r (Forrest and Goldfarb 1992, Dual I).
    fn update_weights(&mut self, r: usize) {
        let alpha = self.column.values[r];
        let weight = self.rho.norm_squared();
        for &i in &self.column.index {
            let i = i as usize;
            if i != r {
                let ratio = self.column.values[i] / alpha;
                let updated = self.weights[i] + ratio * (ratio * weight - 2.0 * self.tau.values[i]);
                self.weights[i] = updated.max(STEEPEST_EDGE_FLOOR);
            }
        }
        self.weights[r] = (weight / (alpha * alpha)).max(STEEPEST_EDGE_FLOOR);
    }

    /// Installs the bounds of phase one and puts the non-basic variables where their reduced costs want them.
    fn box_for_phase_one(&mut self) {
        for var in 0..self.n + self.m {
            let (lower, upper) = match (self.lower[var].is_finite(), self.upper[var].is_finite()) {
                (true, true) => (0.0, 0.0),
                (true, false) => (0.0, 1.0),
                (false, true) => (-1.0, 0.0),
                (false, false) => (-1000.0, 1000.0),
            };
            (self.work_lower[var], self.work_upper[var]) = (lower, upper);
            if self.status[var] != VarStatus::Basic {
                self.status[var] = if self.dual[var] >= 0.0 { VarStatus::Lower } else { VarStatus::Upper };
                self.rest(var);
            }
        }
        self.bounds_shifted = true;
        self.recompute();
    }
}
