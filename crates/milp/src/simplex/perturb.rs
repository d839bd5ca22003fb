//! Shifts of costs and bounds against degeneracy and infeasible starts; all are taken back before a result counts.

use super::basis::VarStatus;
use super::core::Core;
use crate::scatter::scatter;
use crate::tolerances::{BOUND_PERTURBATION, COST_PERTURBATION};

impl Core {
    /// Moves every cost a little in the direction that keeps its variable dual feasible, by amounts that no two
    /// variables share; so ties in the ratio test break (Koberstein 2005, section 6.2.3).
    pub fn perturb_costs(&mut self) {
        for var in 0..self.n + self.m {
            let (lower, upper) = (self.work_lower[var], self.work_upper[var]);
            if lower == upper {
                continue;
            }
            let up = match self.status[var] {
                VarStatus::Lower => true,
                VarStatus::Upper => false,
                VarStatus::Zero => continue,
                VarStatus::Basic => match (lower.is_finite(), upper.is_finite()) {
                    (true, false) => true,
                    (false, true) => false,
                    (true, true) => self.work_cost[var] >= 0.0,
                    (false, false) => continue,
                },
            };
            let size = COST_PERTURBATION * (1.0 + self.work_cost[var].abs()) * (1.0 + scatter(self.seed, var));
            self.work_cost[var] += if up { size } else { -size };
        }
        self.costs_shifted = true;
        self.compute_duals();
        self.shift_to_dual_feasibility();
    }

    /// Shifts the cost of each non-basic variable whose reduced cost has the wrong sign so that it becomes zero.
    pub fn shift_to_dual_feasibility(&mut self) {
        for var in 0..self.n + self.m {
            if self.dual_violation(var) > 0.0 {
                self.work_cost[var] -= self.dual[var];
                self.dual[var] = 0.0;
                self.costs_shifted = true;
            }
        }
        self.recompute();
    }

    /// Widens the bounds of the basic variables by tiny amounts that no two share, so that a degenerate vertex of the
    /// primal simplex falls apart.
    pub fn perturb_bounds(&mut self) {
        for position in 0..self.m {
            let var = self.basic[position];
            let size = |bound: f64| BOUND_PERTURBATION * (1.0 + bound.abs()) * (1.0 + scatter(self.seed, var));
            self.work_lower[var] -= size(self.work_lower[var]);
            self.work_upper[var] += size(self.work_upper[var]);
            self.load_base_bounds(position);
        }
        self.bounds_shifted = true;
    }
}
