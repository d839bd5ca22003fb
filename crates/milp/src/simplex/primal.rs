//! The primal simplex: first it minimises the sum of infeasibilities, then the objective.

use super::basis::VarStatus;
use super::core::Core;
use super::dual::Guard;
use super::primal_ratio::Leaving;
use super::status::Phase;
use super::{Limits, LpStatus, Simplex, Stage};
use crate::tolerances::DEVEX_RESET;

/// How the entering variable is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pricing {
    /// Largest squared reduced cost relative to its Devex reference weight.
    Devex,
    /// The eligible variable of least index, against cycling.
    Bland,
}

impl Simplex {
    /// Iterates to an optimal basis of the working problem, a proof of infeasibility or unboundedness, or a
    /// limit. Bounds that were shifted on the way are the true ones again at the end.
    pub(super) fn primal_simplex(&mut self, limits: &Limits, first: u64) -> Stage {
        let mut guard = Guard::new(&self.core);
        let mut pricing = Pricing::Devex;
        let mut phase = None;
        self.core.devex.fill(1.0);
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
            let infeasible = self.core.primal_infeasibilities() > 0;
            let now = if infeasible { Phase::One } else { Phase::Two };
            self.core.price_phase(now, phase);
            phase = Some(now);
            let Some(q) = self.core.choose_entering(pricing) else {
                if !self.core.fresh {
                    self.core.refresh_duals();
                    phase = None;
                    continue;
                }
                if self.core.bounds_shifted {
                    self.core.restore_bounds();
                    self.core.recompute();
                    phase = None;
                    if self.core.primal_infeasibilities() > 0 {
                        return Stage::Done;
                    }
                    continue;
                }
                return match now {
                    Phase::One => self.claim_infeasible_by_phase_one(),
                    Phase::Two => Stage::Done,
                };
            };
            self.core.ftran_column(q);
            let direction = if self.core.dual[q] < 0.0 { 1.0 } else { -1.0 };
            let leaving = self.core.choose_leaving(q, direction, now);
            let Some(leaving) = leaving else {
                if !self.core.fresh {
                    self.core.refresh_duals();
                    phase = None;
                    continue;
                }
                if self.core.bounds_shifted {
                    self.core.restore_bounds();
                    self.core.recompute();
                    phase = None;
                    continue;
                }
                let proven = now == Phase::Two && self.claim_unbounded(q, direction);
                return if proven { Stage::Proven(LpStatus::Unbounded) } else { Stage::Trouble };
            };
            let step = match leaving {
                Leaving::Flip => self.core.primal_flip(q, direction),
                Leaving::Row { position, to, step } => {
                    self.core.btran_row(position);
                    self.core.price();
                    if !self.core.pivot_is_sound(position, q) {
                        if guard.trouble()
                            || self.core.lu.updates() == 0
                            || self.core.refactor_and_recompute(limits.budget).is_err()
                        {
                            return Stage::Trouble;
                        }
                        phase = None;
                        continue;
                    }
                    self.core.primal_iteration(q, position, to, direction * step);
                    step
                }
            };
            if guard.stalls(step) {
                if self.core.bounds_shifted {
                    pricing = Pricing::Bland;
                } else {
                    self.core.perturb_bounds();
                }
            } else if step > crate::tolerances::DEGENERATE_STEP {
                pricing = Pricing::Devex;
            }
        }
    }
}

impl Core {
    /// Makes `dual` the reduced costs of the phase: in phase one of the sum of infeasibilities, whose costs change with
    /// every iteration, so they are computed each time; in phase two they are kept up by the pivots.
    fn price_phase(&mut self, now: Phase, before: Option<Phase>) {
        match now {
            Phase::One => self.compute_phase_one_duals(),
            Phase::Two if before != Some(Phase::Two) => self.compute_duals(),
            Phase::Two => {}
        }
        if before != Some(now) {
            self.devex.fill(1.0);
        }
    }

    /// Values and duals anew from the factors.
    fn refresh_duals(&mut self) {
        self.compute_duals();
        self.recompute();
    }

    /// Reduced costs of the sum of infeasibilities: cost -1 below the lower bound, +1 above the upper one.
    fn compute_phase_one_duals(&mut self) {
        self.rho.clear();
        for position in 0..self.m {
            if self.infeasibility[position] > 0.0 {
                let below = self.base_value[position] < self.base_lower[position];
                self.rho.insert(position, if below { -1.0 } else { 1.0 });
            }
        }
        self.lu.btran(&mut self.rho);
        self.price();
        self.dual.fill(0.0);
        for &var in &self.alpha_row.index {
            self.dual[var as usize] = -self.alpha_row.values[var as usize];
        }
        self.mark_duals_stale();
    }

    fn choose_entering(&self, pricing: Pricing) -> Option<usize> {
        let mut best = (0.0, None);
        for var in 0..self.n + self.m {
            let violation = self.dual_violation(var);
            if violation > self.dual_tolerance {
                if pricing == Pricing::Bland {
                    return Some(var);
                }
                let merit = violation * violation;
                if merit > best.0 * self.devex[var] {
                    best = (merit / self.devex[var], Some(var));
                }
            }
        }
        best.1
    }

    /// Moves the entering variable across to its other bound; returns the length of the step.
    fn primal_flip(&mut self, q: usize, direction: f64) -> f64 {
        let range = self.work_upper[q] - self.work_lower[q];
        self.update_primal(direction * range);
        self.status[q] = if direction > 0.0 { VarStatus::Upper } else { VarStatus::Lower };
        self.rest(q);
        self.iterations += 1;
        self.fresh = false;
        range
    }

    /// Carries out the pivot: `change` is what the entering variable moves by.
    fn primal_iteration(&mut self, q: usize, r: usize, to: VarStatus, change: f64) {
        let leaving = self.basic[r];
        let theta = self.dual[q] / self.column.values[r];
        self.update_devex(q, r);
        self.update_dual(theta, leaving, q);
        self.update_primal(change);
        let value = self.value[q] + change;
        self.update_factor(r, q, value, to);
        self.weights[r] = 1.0;
    }

    /// Devex reference weights after the pivot (Harris 1973; Forrest and Goldfarb 1992, section 4).
    fn update_devex(&mut self, q: usize, r: usize) {
        let alpha = self.column.values[r];
        let entering = self.devex[q];
        for &var in &self.alpha_row.index {
            let var = var as usize;
            let ratio = self.alpha_row.values[var] / alpha;
            self.devex[var] = self.devex[var].max(ratio * ratio * entering);
        }
        let leaving = (entering / (alpha * alpha)).max(1.0);
        if leaving > DEVEX_RESET {
            self.devex.fill(1.0);
        } else {
            self.devex[self.basic[r]] = leaving;
        }
    }
}
