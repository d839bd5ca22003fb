//! What the simplex may claim: every result is rechecked on the unscaled problem.

use super::bound::SafeBound;
use super::{LpStatus, Simplex, Stage, VarStatus};
use crate::tolerances::{PRICE_DROP, RAY_FEASIBILITY, ROW_ROUNDING};

impl Simplex {
    /// Values, duals and objective in the units of the model; values within tolerance of a bound are moved onto it.
    pub(super) fn extract(&mut self) {
        self.extract_values();
        for (var, x) in self.primal.iter_mut().enumerate() {
            *x = x.max(self.lower[var]).min(self.upper[var]);
        }
        self.extract_duals();
        self.objective = self.problem.objective(&self.primal);
    }

    fn extract_values(&mut self) {
        let core = &self.core;
        for var in 0..core.n {
            if core.status[var] != VarStatus::Basic {
                self.primal[var] = core.value[var] * core.scaling.variable[var];
            }
        }
        for (&var, &x) in core.basic.iter().zip(&core.base_value) {
            if var < core.n {
                self.primal[var] = x * core.scaling.variable[var];
            }
        }
    }

    /// Duals in the units of the model, from the reduced costs of the logicals.
    pub(super) fn extract_duals(&mut self) {
        let core = &self.core;
        for var in 0..core.n {
            self.reduced_costs[var] = core.dual[var] * core.scaling.cost / core.scaling.variable[var];
        }
        for (i, y) in self.row_duals.iter_mut().enumerate() {
            let logical = core.n + i;
            let scaled = core.dual[logical] - core.work_cost[logical];
            // What is left of a cancellation is no multiplier.
            let scaled = if scaled.abs() > PRICE_DROP { scaled } else { 0.0 };
            *y = scaled * core.scaling.cost / core.scaling.variable[logical];
        }
    }

    /// Extracts the solution and checks it: the basic values before they are moved onto bounds, and the rows from
    /// the original coefficients.
    pub(super) fn extract_and_check_optimal(&mut self) -> bool {
        let core = &self.core;
        let within = core.basic.iter().zip(&core.base_value).all(|(&var, &x)| {
            let x = x * core.scaling.variable[var];
            let slack = self.allowance(x.abs());
            x >= self.lower[var] - slack && x <= self.upper[var] + slack
        });
        if !within {
            return false;
        }
        self.extract();
        if self.rows_hold() {
            return true;
        }
        // The moves onto bounds may add up in a row; the basic solution as it is has violations of single bounds.
        self.extract_values();
        self.objective = self.problem.objective(&self.primal);
        self.rows_hold()
    }

    fn rows_hold(&self) -> bool {
        let (n, m) = (self.core.n, self.core.m);
        let (mut activity, mut size) = (vec![0.0; m], vec![0.0; m]);
        for (j, &x) in self.primal.iter().enumerate() {
            if x != 0.0 {
                for (i, a) in self.problem.columns.column(j) {
                    activity[i] += a * x;
                    size[i] += (a * x).abs();
                }
            }
        }
        (0..m).all(|i| {
            let slack = self.allowance(size[i]);
            activity[i] >= self.lower[n + i] - slack && activity[i] <= self.upper[n + i] + slack
        })
    }

    /// The tolerance for a sum whose terms have this total size: absolute, plus what rounding does.
    fn allowance(&self, size: f64) -> f64 {
        self.options.primal_tolerance + ROW_ROUNDING * size
    }

    /// Judges whether row r of the inverse, as multipliers of the rows, proves that there is no feasible point.
    pub(super) fn claim_infeasible(&mut self, r: usize) -> Stage {
        let sign = if self.core.base_value[r] < self.core.base_lower[r] { -1.0 } else { 1.0 };
        self.claim_infeasible_by(sign)
    }

    /// The same for the duals of the sum of infeasibilities, left in `rho` by phase one.
    pub(super) fn claim_infeasible_by_phase_one(&mut self) -> Stage {
        self.claim_infeasible_by(1.0)
    }

    /// The proof must hold with the sides of the rows relaxed by the tolerance; if it holds only for the exact ones,
    /// there may be points that satisfy every row within tolerance.
    fn claim_infeasible_by(&mut self, sign: f64) -> Stage {
        let core = &self.core;
        let n = core.n;
        let largest = core.rho.iter().fold(0.0_f64, |top, (_, v)| top.max(v.abs()));
        let mut y = vec![0.0; core.m];
        let mut relief = 0.0;
        for (i, multiplier) in core.rho.iter().filter(|(_, multiplier)| multiplier.abs() > PRICE_DROP * largest) {
            // Row factors turn multipliers of the scaled rows into multipliers of the original ones.
            y[i] = sign * multiplier / largest * core.scaling.row(n + i);
            relief += y[i].abs() * self.options.primal_tolerance;
        }
        let SafeBound { value: bound, rigorous } = self.safe_bound_of(&y, false);
        if bound <= 0.0 || core.bounds_shifted {
            return Stage::Trouble;
        }
        if bound <= relief && !core.relaxed {
            return Stage::Marginal;
        }
        self.farkas = Some(y);
        self.farkas_is_rigorous = rigorous;
        Stage::Proven(LpStatus::Infeasible)
    }

    /// The column at hand as a ray: checks on the original problem that it keeps every bound and lowers the
    /// objective.
    pub(super) fn claim_unbounded(&mut self, q: usize, direction: f64) -> bool {
        let core = &self.core;
        let mut ray = vec![0.0; core.n];
        if q < core.n {
            ray[q] = direction * core.scaling.variable[q];
        }
        for (i, alpha) in core.column.iter() {
            let var = core.basic[i];
            if var < core.n {
                ray[var] = -direction * alpha * core.scaling.variable[var];
            }
        }
        let largest = ray.iter().fold(0.0_f64, |top, v| top.max(v.abs()));
        ray.iter_mut().for_each(|v| *v /= largest);
        let proven = largest > 0.0 && self.is_ray(&ray);
        if proven {
            self.ray = Some(ray);
        }
        proven
    }

    fn is_ray(&self, ray: &[f64]) -> bool {
        let (n, m) = (self.core.n, self.core.m);
        let (mut slope, mut slope_size) = (0.0, 0.0);
        let (mut activity, mut size) = (vec![0.0; m], vec![0.0; m]);
        for (j, &x) in ray.iter().enumerate() {
            slope += self.problem.cost[j] * x;
            slope_size += (self.problem.cost[j] * x).abs();
            for (i, a) in self.problem.columns.column(j) {
                activity[i] += a * x;
                size[i] += (a * x).abs();
            }
        }
        let keeps = |var: usize, change: f64, size: f64| {
            (change >= -RAY_FEASIBILITY * size || self.lower[var] == f64::NEG_INFINITY)
                && (change <= RAY_FEASIBILITY * size || self.upper[var] == f64::INFINITY)
        };
        slope < -RAY_FEASIBILITY * slope_size
            && ray.iter().enumerate().all(|(j, &x)| keeps(j, x, 1.0))
            && (0..m).all(|i| keeps(n + i, activity[i], size[i].max(1.0)))
    }
}
