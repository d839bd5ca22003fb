//! The state of the simplex in scaled units, and how it is computed anew from the basis.

use super::basis::{Basis, VarStatus, resting_place};
use super::breakpoints::{DualBreakpoint, PrimalBreakpoint};
use super::options::SimplexOptions;
use super::problem::LpProblem;
use super::scaling::Scaling;
use crate::Budget;
use crate::lu::{Lu, SparseVector};
use crate::model::SparseColumns;
use crate::tolerances::{LU_UPDATES, PRIMAL_TOLERANCE_SCALED, REFINE_SCALE, RELAXED_SHARE, VALUE_ROUNDING};

/// No basis near the one at hand can be factored.
#[derive(Clone, Copy, Debug)]
pub(super) struct SingularBasis;

/// Working state. Vectors are over all n + m variables, or by basis position (length m) where said so.
#[derive(Clone, Debug)]
pub(super) struct Core {
    pub n: usize,
    pub m: usize,
    /// Seed of perturbations.
    pub seed: u64,
    pub scaling: Scaling,
    /// Scaled A by columns, and by rows (the columns of A').
    pub a: SparseColumns,
    pub a_rows: SparseColumns,
    /// True scaled costs and bounds.
    pub cost: Vec<f64>,
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
    /// Costs and bounds at work: shifted, perturbed, or those of dual phase one.
    pub work_cost: Vec<f64>,
    pub work_lower: Vec<f64>,
    pub work_upper: Vec<f64>,
    pub costs_shifted: bool,
    pub bounds_shifted: bool,
    /// Whether the sides of the rows are relaxed by most of the tolerance.
    pub relaxed: bool,
    /// Primal tolerance by variable and dual tolerance.
    pub tolerance: Vec<f64>,
    pub dual_tolerance: f64,
    primal_tolerance: f64,
    pub status: Vec<VarStatus>,
    /// Values of non-basic variables; those of basic ones are in `base_value`.
    pub value: Vec<f64>,
    /// Reduced costs; zero for basic variables.
    pub dual: Vec<f64>,
    /// By position: the basic variable, its value, working bounds, tolerance and squared infeasibility.
    pub basic: Vec<usize>,
    pub base_value: Vec<f64>,
    pub base_lower: Vec<f64>,
    pub base_upper: Vec<f64>,
    pub infeasibility: Vec<f64>,
    /// By position: dual steepest-edge weights, the squared norms of the rows of the inverse.
    pub weights: Vec<f64>,
    /// By variable: primal Devex reference weights.
    pub devex: Vec<f64>,
    pub lu: Lu,
    pub factored: bool,
    /// Whether values and duals were computed from the factors since the last pivot.
    pub fresh: bool,
    pub duals_valid: bool,
    pub iterations: u64,
    /// Objective of the working problem, scaled, kept along in the dual simplex.
    pub work_objective: f64,
    /// Row r of the inverse, the tableau row, the entering column, and two columns of scratch.
    pub rho: SparseVector,
    pub alpha_row: SparseVector,
    pub column: SparseVector,
    pub tau: SparseVector,
    pub flip_column: SparseVector,
    pub candidates: Vec<DualBreakpoint>,
    pub flips: Vec<(usize, f64)>,
    pub breakpoints: Vec<PrimalBreakpoint>,
    by_variable: Vec<f64>,
}

impl Core {
    /// Scales the problem; the slack or given basis is not factored yet.
    pub fn new(
        problem: &LpProblem,
        scaling: Scaling,
        options: &SimplexOptions,
        lower: &[f64],
        upper: &[f64],
        basis: &Basis,
    ) -> Self {
        let (n, m) = (problem.num_cols(), problem.num_rows);
        let total = n + m;
        let mut a = problem.columns.clone();
        for j in 0..n {
            for at in a.starts[j]..a.starts[j + 1] {
                a.values[at] *= scaling.variable[j] * scaling.row(n + a.rows[at] as usize);
            }
        }
        let a_rows = a.transpose(m);
        let mut cost: Vec<f64> =
            problem.cost.iter().zip(&scaling.variable).map(|(c, factor)| c * factor / scaling.cost).collect();
        cost.resize(total, 0.0);
        let tolerance = scaling.variable.iter().map(|&f| scaled_tolerance(options.primal_tolerance, f)).collect();
        let mut core = Self {
            n,
            m,
            work_cost: cost.clone(),
            cost,
            lower: vec![0.0; total],
            upper: vec![0.0; total],
            work_lower: vec![0.0; total],
            work_upper: vec![0.0; total],
            costs_shifted: false,
            bounds_shifted: false,
            relaxed: false,
            tolerance,
            dual_tolerance: options.dual_tolerance,
            primal_tolerance: options.primal_tolerance,
            seed: options.seed,
            status: Vec::new(),
            value: vec![0.0; total],
            dual: vec![0.0; total],
            basic: Vec::with_capacity(m),
            base_value: vec![0.0; m],
            base_lower: vec![0.0; m],
            base_upper: vec![0.0; m],
            infeasibility: vec![0.0; m],
            weights: vec![1.0; m],
            devex: vec![1.0; total],
            lu: Lu::default(),
            factored: false,
            fresh: false,
            duals_valid: false,
            iterations: 0,
            work_objective: 0.0,
            rho: SparseVector::new(m),
            alpha_row: SparseVector::new(total),
            column: SparseVector::new(m),
            tau: SparseVector::new(m),
            flip_column: SparseVector::new(m),
            candidates: Vec::new(),
            flips: Vec::new(),
            breakpoints: Vec::new(),
            by_variable: vec![1.0; total],
            scaling,
            a,
            a_rows,
        };
        for var in 0..total {
            core.set_bounds(var, lower[var], upper[var]);
        }
        core.reset_to(basis);
        core
    }

    /// Starts over with other units, keeping count of the iterations.
    pub fn rescale(
        &mut self,
        problem: &LpProblem,
        scaling: Scaling,
        options: &SimplexOptions,
        lower: &[f64],
        upper: &[f64],
        basis: &Basis,
    ) {
        let iterations = self.iterations;
        *self = Self::new(problem, scaling, options, lower, upper, basis);
        self.iterations = iterations;
    }

    /// Sets true bounds from model units.
    pub fn set_bounds(&mut self, var: usize, lower: f64, upper: f64) {
        let factor = self.scaling.variable[var];
        self.lower[var] = lower / factor;
        self.upper[var] = upper / factor;
        self.tolerance[var] = scaled_tolerance(self.primal_tolerance, factor);
        self.fresh = false;
    }

    /// Takes another basis, to be factored later. Weights of variables that stay basic are kept.
    pub fn reset_to(&mut self, basis: &Basis) {
        if self.status == basis.status {
            return;
        }
        self.by_variable.fill(1.0);
        for (&var, &weight) in self.basic.iter().zip(&self.weights) {
            self.by_variable[var] = weight;
        }
        self.status.clone_from(&basis.status);
        // A basis from before rows were added: their logicals are basic.
        self.status.resize(self.n + self.m, VarStatus::Basic);
        self.basic.clear();
        for (var, status) in self.status.iter_mut().enumerate() {
            if *status == VarStatus::Basic {
                if self.basic.len() < self.m {
                    self.basic.push(var);
                } else {
                    *status = VarStatus::Lower;
                }
            }
        }
        for row in 0..self.m {
            if self.basic.len() < self.m && self.status[self.n + row] != VarStatus::Basic {
                self.status[self.n + row] = VarStatus::Basic;
                self.basic.push(self.n + row);
            }
        }
        for (&var, weight) in self.basic.iter().zip(&mut self.weights) {
            *weight = self.by_variable[var];
        }
        self.forget_factors();
    }

    /// The factors are to be computed anew before they are used.
    pub fn forget_factors(&mut self) {
        self.factored = false;
        self.fresh = false;
        self.duals_valid = false;
    }

    /// Working costs and bounds become the true ones; non-basic variables rest on their bounds.
    pub fn start(&mut self) {
        self.restore_costs();
        self.restore_bounds();
        self.fresh = false;
    }

    /// True costs again; the duals are computed anew if they had been shifted.
    pub fn restore_costs(&mut self) {
        if self.costs_shifted {
            self.work_cost.copy_from_slice(&self.cost);
            self.costs_shifted = false;
            if self.factored {
                self.compute_duals();
            }
        }
    }

    /// True bounds again; non-basic variables rest on them. Basic values are to be computed anew.
    pub fn restore_bounds(&mut self) {
        self.work_lower.copy_from_slice(&self.lower);
        self.work_upper.copy_from_slice(&self.upper);
        if self.relaxed {
            for logical in self.n..self.n + self.m {
                let width = RELAXED_SHARE * self.primal_tolerance / self.scaling.variable[logical];
                self.work_lower[logical] -= width;
                self.work_upper[logical] += width;
            }
        }
        self.bounds_shifted = false;
        self.fresh = false;
        for var in 0..self.n + self.m {
            if self.status[var] != VarStatus::Basic {
                self.rest(var);
            }
        }
    }

    /// Splits the tolerance of the rows: most of it widens their sides, the rest is left to the basic values; or takes
    /// this back. Takes effect with the next [`Core::start`].
    pub fn relax_rows(&mut self, relaxed: bool) {
        if self.relaxed != relaxed {
            self.relaxed = relaxed;
            let share = if relaxed { 1.0 - RELAXED_SHARE } else { 1.0 };
            for logical in self.n..self.n + self.m {
                let tolerance = scaled_tolerance(self.primal_tolerance, self.scaling.variable[logical]);
                self.tolerance[logical] = share * tolerance;
            }
        }
    }

    /// Puts a non-basic variable on the working bound its status names, or on another if that one is not finite.
    pub fn rest(&mut self, var: usize) {
        let (lower, upper) = (self.work_lower[var], self.work_upper[var]);
        let fits = match self.status[var] {
            VarStatus::Lower => lower.is_finite(),
            VarStatus::Upper => upper.is_finite(),
            VarStatus::Zero => !lower.is_finite() && !upper.is_finite(),
            VarStatus::Basic => return,
        };
        if !fits {
            self.status[var] = resting_place(lower, upper);
        }
        self.value[var] = match self.status[var] {
            VarStatus::Lower => lower,
            VarStatus::Upper => upper,
            _ => 0.0,
        };
    }

    /// Factors the basis if needed and makes values and duals agree with it.
    pub fn ensure_factored(&mut self, budget: Option<&Budget>) -> Result<(), SingularBasis> {
        if !self.factored {
            return self.refactor_and_recompute(budget);
        }
        if !self.fresh {
            self.recompute();
        }
        Ok(())
    }

    /// Whether the factors are due to be computed anew.
    pub fn wants_refactor(&self) -> bool {
        !self.factored || self.lu.updates() >= LU_UPDATES || self.lu.is_bloated()
    }

    /// Factors the basis, swapping in logicals for dependent columns, and computes values and duals. When the budget ends
    /// before that, there are no factors and the basis is as it was.
    pub fn refactor_and_recompute(&mut self, budget: Option<&Budget>) -> Result<(), SingularBasis> {
        for (&var, &weight) in self.basic.iter().zip(&self.weights) {
            self.by_variable[var] = weight;
        }
        self.factored = false;
        self.duals_valid = false;
        for _ in 0..=self.m {
            let Err(deficiency) = self.lu.factor(&self.a, &mut self.basic, budget) else {
                self.factored = true;
                break;
            };
            if budget.is_some_and(|budget| budget.over().is_some()) {
                break;
            }
            for (&position, &row) in deficiency.positions.iter().zip(&deficiency.rows) {
                self.swap_in_logical(position as usize, row as usize);
            }
        }
        if !self.factored {
            return Err(SingularBasis);
        }
        for (&var, weight) in self.basic.iter().zip(&mut self.weights) {
            *weight = self.by_variable[var];
        }
        self.recompute();
        Ok(())
    }

    fn swap_in_logical(&mut self, position: usize, row: usize) {
        let leaving = self.basic[position];
        self.status[leaving] = resting_place(self.work_lower[leaving], self.work_upper[leaving]);
        self.rest(leaving);
        let logical = self.n + row;
        self.status[logical] = VarStatus::Basic;
        self.basic[position] = logical;
        self.by_variable[logical] = 1.0;
    }

    /// Values and, unless they are exact already, duals from the factors.
    pub fn recompute(&mut self) {
        self.compute_values();
        if !self.duals_valid {
            self.compute_duals();
        }
        self.compute_work_objective();
        self.fresh = true;
    }

    /// The duals at hand are not those of the working costs.
    pub fn mark_duals_stale(&mut self) {
        self.duals_valid = false;
    }

    /// Marks values and duals as updated by a pivot since they were computed.
    pub fn mark_pivoted(&mut self) {
        self.fresh = false;
        self.duals_valid = false;
    }

    /// Basic values `x_B = -B^-1 N x_N`.
    fn compute_values(&mut self) {
        let mut x = std::mem::take(&mut self.column);
        x.clear();
        self.subtract_columns(&mut x.values, false);
        x.gather();
        self.lu.ftran(&mut x);
        for position in 0..self.m {
            self.base_value[position] = x.values[position];
        }
        self.column = x;
        for position in 0..self.m {
            self.load_base_bounds(position);
        }
    }

    /// One step of iterative refinement for the basic values: pivots do without, a solution does not.
    pub fn refine_values(&mut self) {
        let mut x = std::mem::take(&mut self.column);
        // The residual is small; scaled up, it stays clear of the drop tolerance of the solve.
        x.clear();
        self.subtract_columns(&mut x.values, true);
        for entry in &mut x.values {
            *entry *= REFINE_SCALE;
        }
        x.gather();
        self.lu.ftran(&mut x);
        for (i, correction) in x.iter() {
            self.base_value[i] += correction / REFINE_SCALE;
        }
        self.column = x;
        for position in 0..self.m {
            self.measure(position);
        }
    }

    /// `out -= N x_N`, and also `B x_B` if asked.
    fn subtract_columns(&self, out: &mut [f64], with_basic: bool) {
        let mut subtract = |var: usize, x: f64| {
            if x == 0.0 {
            } else if var < self.n {
                for (i, a) in self.a.column(var) {
                    out[i] -= a * x;
                }
            } else {
                out[var - self.n] += x;
            }
        };
        for var in 0..self.n + self.m {
            if self.status[var] != VarStatus::Basic {
                subtract(var, self.value[var]);
            }
        }
        if with_basic {
            for (&var, &x) in self.basic.iter().zip(&self.base_value) {
                subtract(var, x);
            }
        }
    }

    /// Copies working bounds of a basic variable to its position and measures its infeasibility.
    pub fn load_base_bounds(&mut self, position: usize) {
        let var = self.basic[position];
        self.base_lower[position] = self.work_lower[var];
        self.base_upper[position] = self.work_upper[var];
        self.measure(position);
    }

    /// Squared violation of the working bounds at this position, zero within tolerance.
    pub fn measure(&mut self, position: usize) {
        let x = self.base_value[position];
        let violation = (self.base_lower[position] - x).max(x - self.base_upper[position]);
        // Beyond the tolerance and beyond what rounding makes of a large value.
        let slack = self.tolerance[self.basic[position]].max(VALUE_ROUNDING * x.abs());
        self.infeasibility[position] = if violation > slack { violation * violation } else { 0.0 };
    }

    /// Reduced costs from the working costs: `B'y = c_B`, `d_j = c_j - a_j'y`.
    pub fn compute_duals(&mut self) {
        let mut y = std::mem::take(&mut self.column);
        y.clear();
        for (position, &var) in self.basic.iter().enumerate() {
            y.insert(position, self.work_cost[var]);
        }
        self.lu.btran(&mut y);
        for var in 0..self.n {
            self.dual[var] = if self.status[var] == VarStatus::Basic {
                0.0
            } else {
                self.work_cost[var] - self.a.column(var).map(|(i, a)| a * y.values[i]).sum::<f64>()
            };
        }
        for row in 0..self.m {
            let var = self.n + row;
            let basic = self.status[var] == VarStatus::Basic;
            self.dual[var] = if basic { 0.0 } else { self.work_cost[var] + y.values[row] };
        }
        self.column = y;
        self.duals_valid = true;
    }

    fn compute_work_objective(&mut self) {
        let rest = (0..self.n + self.m).filter(|&var| self.status[var] != VarStatus::Basic);
        let resting: f64 = rest.map(|var| self.work_cost[var] * self.value[var]).sum();
        let basic: f64 = self.basic.iter().zip(&self.base_value).map(|(&var, x)| self.work_cost[var] * x).sum();
        self.work_objective = resting + basic;
    }

    /// Number of basic variables outside their working bounds.
    pub fn primal_infeasibilities(&self) -> usize {
        self.infeasibility.iter().filter(|&&violation| violation > 0.0).count()
    }

    /// By how much the reduced cost of a non-basic variable has the wrong sign (zero if it is right).
    pub fn dual_violation(&self, var: usize) -> f64 {
        let d = self.dual[var];
        match self.status[var] {
            VarStatus::Basic => 0.0,
            _ if self.work_lower[var] == self.work_upper[var] => 0.0,
            VarStatus::Lower => (-d).max(0.0),
            VarStatus::Upper => d.max(0.0),
            VarStatus::Zero => d.abs(),
        }
    }

    /// Number of non-basic variables whose reduced cost has the wrong sign beyond tolerance.
    pub fn dual_infeasibilities(&self) -> usize {
        (0..self.n + self.m).filter(|&var| self.dual_violation(var) > self.dual_tolerance).count()
    }

    /// Moves boxed variables to the bound that fits the sign of their reduced cost.
    pub fn flip_to_dual_feasibility(&mut self) {
        let mut moved = false;
        for var in 0..self.n + self.m {
            let target = match self.status[var] {
                VarStatus::Lower if self.dual[var] < -self.dual_tolerance => VarStatus::Upper,
                VarStatus::Upper if self.dual[var] > self.dual_tolerance => VarStatus::Lower,
                _ => continue,
            };
            let (lower, upper) = (self.work_lower[var], self.work_upper[var]);
            if lower.is_finite() && upper.is_finite() && lower < upper {
                self.status[var] = target;
                self.rest(var);
                moved = true;
            }
        }
        if moved {
            self.recompute();
        }
    }
}

/// The primal tolerance in scaled units, within the range that floating point can tell.
fn scaled_tolerance(tolerance: f64, factor: f64) -> f64 {
    let (least, most) = PRIMAL_TOLERANCE_SCALED;
    (tolerance / factor).clamp(least, most.max(tolerance))
}
