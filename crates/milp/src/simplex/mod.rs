//! The bounded revised simplex: dual as the workhorse, primal to clean up and where the dual cannot start.
//!
//! Open [`Simplex::solve`] first: it chooses the algorithm, removes perturbations, and lets nothing out that
//! `claims` has not checked on the unscaled problem. The loops are `dual` and `primal`; their parts carry the
//! names of the textbook: choose_row, btran, price, choose_column, ftran, update_primal, update_dual, update_factor.
//!
//! Conventions
//! * `min c'x`, `A x - s = 0`; variable `n + i` is the logical of row i with column `-e_i` (see [`LpProblem`]).
//! * `B'y = c_B`, `d_j = c_j - a_j'y`; so `d_(n+i) = y_i`: the dual of a row is the reduced cost of its logical, and
//!   the derivative of the optimum with respect to the side of the row that binds.
//! * Tableau row r: `x_B(r) + sum_j alpha_rj x_j = 0`.
//! * Inside, everything is in scaled units (`scaling`); tolerances are divided by the factors, so that they mean
//!   the same in the units of the model.
//! * The basis head is ordered by the factors: position r pivots on row r (`lu`).
//!
//! References
//! 1. A. Koberstein, *The dual simplex method, techniques for a fast and stable implementation*, PhD thesis,
//!    Paderborn 2005 (bound flipping, section 3.3; Harris with shifting, section 6.2).
//! 2. J. J. Forrest, D. Goldfarb, *Steepest-edge simplex algorithms for linear programming*, Math. Programming 57
//!    (1992), algorithm Dual I.
//! 3. I. Maros, *Computational Techniques of the Simplex Method*, Kluwer 2003 (primal phase one, section 9.3).
//! 4. P. M. J. Harris, *Pivot selection methods of the Devex LP code*, Math. Programming 5 (1973).
//! 5. A. Neumaier, O. Shcherbina, *Safe bounds in linear and mixed-integer linear programming*, Math. Programming 99
//!    (2004), section 3.

mod basis;
mod bound;
mod breakpoints;
mod claims;
mod core;
mod dual;
mod dual_ratio;
mod kernels;
mod limits;
mod options;
mod perturb;
mod primal;
mod primal_ratio;
mod problem;
mod saved;
mod scaling;
mod status;
mod tableau;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use basis::{Basis, VarStatus};
pub(crate) use bound::{Combination, bound_without_rows, multiplier};
pub use bound::{Implied, SafeBound, safe_bound};
pub use limits::Limits;
pub use options::SimplexOptions;
use problem::retain_tail;
pub use problem::{LpProblem, NewRow};
pub(crate) use saved::SavedSimplex;
pub use status::LpStatus;
pub use tableau::TableauRow;

use crate::error::Error;
use crate::tolerances::{CLEAN_UP_ROUNDS, DUALS_SHRINK, LU_PIVOT_RELATIVE, LU_PIVOT_RELATIVE_TIGHT};
use core::Core;
use scaling::Scaling;
use status::Stage;

/// A linear program with its basis, factors and last solution; warm starts across changes of bounds and added rows.
#[derive(Clone, Debug)]
pub struct Simplex {
    problem: Arc<LpProblem>,
    options: SimplexOptions,
    /// Bounds in the units of the model (length n + m).
    lower: Vec<f64>,
    upper: Vec<f64>,
    core: Core,
    /// Results in the units of the model.
    primal: Vec<f64>,
    row_duals: Vec<f64>,
    reduced_costs: Vec<f64>,
    objective: f64,
    farkas: Option<Vec<f64>>,
    /// Whether the multipliers prove what they should.
    farkas_is_rigorous: bool,
    ray: Option<Vec<f64>>,
    /// Bounds of the columns that the rows imply.
    implied: Option<Arc<(Vec<f64>, Vec<f64>)>>,
}

impl Simplex {
    /// Scales the problem and stands at the slack basis. Cost O(non-zeros).
    #[must_use]
    pub fn new(problem: Arc<LpProblem>, options: SimplexOptions) -> Self {
        let scaling = if options.scale {
            Scaling::geometric(&problem.columns, problem.num_rows, &problem.cost)
        } else {
            Scaling::identity(problem.num_vars())
        };
        let basis = Basis::slack(&problem.lower, &problem.upper, problem.num_cols());
        let core = Core::new(&problem, scaling, &options, &problem.lower, &problem.upper, &basis);
        let (n, m) = (problem.num_cols(), problem.num_rows);
        Self {
            lower: problem.lower.clone(),
            upper: problem.upper.clone(),
            core,
            primal: vec![0.0; n],
            row_duals: vec![0.0; m],
            reduced_costs: vec![0.0; n],
            objective: f64::NAN,
            farkas: None,
            farkas_is_rigorous: false,
            ray: None,
            implied: None,
            problem,
            options,
        }
    }

    /// Changes the bounds of variable `var` (structural below n, the logical of row i at n + i) in the units of the
    /// model; takes effect with the next [`Simplex::solve`]. Cost O(1).
    pub fn set_bounds(&mut self, var: usize, lower: f64, upper: f64) {
        self.lower[var] = lower;
        self.upper[var] = upper;
        self.core.set_bounds(var, lower, upper);
    }

    /// From now on bounds and proofs may lean on these bounds (each of length n) where a column has none of its own.
    /// Bounds that rows imply, of columns and rows; infinite where there are none.
    pub(crate) fn implied(&self) -> Option<&(Vec<f64>, Vec<f64>)> {
        self.implied.as_deref()
    }

    pub(crate) fn set_implied(&mut self, implied: Option<Arc<(Vec<f64>, Vec<f64>)>>) {
        self.implied = implied;
    }

    /// Solves to optimality, infeasibility, unboundedness or a limit, from the basis at hand.
    ///
    /// # Errors
    /// [`Error::Numerical`] if no attempt (more careful pivoting, primal simplex, unscaled, from the slack basis) gives
    /// a result that passes its check on the unscaled problem.
    pub fn solve(&mut self, limits: &Limits) -> Result<LpStatus, Error> {
        self.farkas = None;
        self.ray = None;
        if self.lower.iter().zip(&self.upper).any(|(lower, upper)| lower > upper) {
            return Ok(LpStatus::Infeasible);
        }
        let first = self.core.iterations;
        for attempt in Attempt::ALL {
            self.prepare(attempt);
            let mut stage = self.run(attempt, limits, first);
            if stage == Stage::Marginal {
                self.core.relax_rows(true);
                stage = self.run(attempt, limits, first);
                self.core.relax_rows(false);
            }
            if let Stage::Proven(status) | Stage::Limit(status) = stage {
                self.finish(attempt, status);
                return Ok(status);
            }
            // A factorisation that the budget cut short is no numerical trouble.
            if let Some(status) = limits.over() {
                self.finish(attempt, status);
                return Ok(status);
            }
        }
        self.core.reset_to(&Basis::slack(&self.lower, &self.upper, self.problem.num_cols()));
        Err(Error::Numerical("no basis of the linear program passes its checks on the unscaled problem".into()))
    }

    /// Sets the care of an attempt and what it starts from.
    fn prepare(&mut self, attempt: Attempt) {
        if attempt == Attempt::Unscaled {
            let identity = Scaling::identity(self.problem.num_vars());
            let slack = Basis::slack(&self.lower, &self.upper, self.problem.num_cols());
            self.core.rescale(&self.problem, identity, &self.options, &self.lower, &self.upper, &slack);
        }
        let tight = attempt != Attempt::First;
        self.core.lu.set_threshold(if tight { LU_PIVOT_RELATIVE_TIGHT } else { LU_PIVOT_RELATIVE });
        if tight {
            self.core.forget_factors();
        }
    }

    /// Dual simplex to primal feasibility, then without perturbation the primal simplex to optimality; again if the
    /// removal of perturbations lost one of the two.
    fn run(&mut self, attempt: Attempt, limits: &Limits, first: u64) -> Stage {
        self.core.start();
        for round in 0..CLEAN_UP_ROUNDS {
            if self.core.ensure_factored(limits.budget).is_err() {
                return Stage::Trouble;
            }
            let primal_first = attempt == Attempt::Primal || round + 1 == CLEAN_UP_ROUNDS;
            if !primal_first {
                let stage = self.dual_stage(limits, first);
                if stage != Stage::Done {
                    return stage;
                }
            }
            if primal_first || self.core.dual_infeasibilities() > 0 {
                let stage = self.primal_simplex(limits, first);
                if stage != Stage::Done {
                    return stage;
                }
            }
            if self.core.primal_infeasibilities() > 0 || self.core.dual_infeasibilities() > 0 {
                continue;
            }
            self.core.refine_values();
            if self.core.primal_infeasibilities() == 0 {
                return if self.extract_and_check_optimal() {
                    Stage::Proven(LpStatus::Optimal)
                } else if self.core.lu.updates() > 0 && self.core.refactor_and_recompute(limits.budget).is_ok() {
                    continue;
                } else {
                    Stage::Trouble
                };
            }
        }
        Stage::Trouble
    }

    /// Runs the dual simplex unless the basis is primal feasible already; afterwards costs are the true ones again.
    fn dual_stage(&mut self, limits: &Limits, first: u64) -> Stage {
        self.core.flip_to_dual_feasibility();
        if self.core.primal_infeasibilities() == 0 {
            return Stage::Done;
        }
        if self.core.dual_infeasibilities() > 0 {
            let stage = self.dual_phase_one(limits, first);
            if !matches!(stage, Stage::Done) {
                return stage;
            }
            self.core.shift_to_dual_feasibility();
        }
        let stage = self.dual_simplex(limits, first);
        self.core.restore_costs();
        stage
    }

    /// Leaves the simplex in a state that the next call can start from.
    fn finish(&mut self, attempt: Attempt, status: LpStatus) {
        self.core.restore_costs();
        self.core.restore_bounds();
        if status != LpStatus::Optimal {
            self.extract();
        }
        if attempt == Attempt::Unscaled && self.options.scale {
            let basis = self.basis();
            let scaling = Scaling::geometric(&self.problem.columns, self.problem.num_rows, &self.problem.cost);
            self.core.rescale(&self.problem, scaling, &self.options, &self.lower, &self.upper, &basis);
        }
    }

    /// Objective of the last solution, offset included, to be minimised.
    #[must_use]
    pub fn objective(&self) -> f64 {
        self.objective
    }

    /// Values of the structural variables (length n).
    #[must_use]
    pub fn primal(&self) -> &[f64] {
        &self.primal
    }

    /// Dual values of the rows (length m): derivative of the optimum with respect to the binding side.
    #[must_use]
    pub fn row_duals(&self) -> &[f64] {
        &self.row_duals
    }

    /// Reduced costs `c - A'y` of the structural variables (length n).
    #[must_use]
    pub fn reduced_costs(&self) -> &[f64] {
        &self.reduced_costs
    }

    /// After [`LpStatus::Infeasible`]: multipliers y of the rows (length m) such that `y'(A x - s) = 0` contradicts
    /// the bounds: the least value of `-(A'y)'x + y's` over the bounds is positive. `None` if a pair of bounds is
    /// crossed, which needs no multipliers.
    #[must_use]
    pub fn farkas(&self) -> Option<&[f64]> {
        self.farkas.as_deref()
    }

    /// Whether the multipliers of [`Simplex::farkas`] prove infeasibility in spite of rounding; otherwise residues of reduced
    /// costs on columns without bounds were taken for zero. Crossed bounds need no proof.
    #[must_use]
    pub fn infeasibility_is_rigorous(&self) -> bool {
        self.farkas.is_none() || self.farkas_is_rigorous
    }

    /// After [`LpStatus::Unbounded`]: a direction of the structural variables (length n).
    #[must_use]
    pub fn ray(&self) -> Option<&[f64]> {
        self.ray.as_deref()
    }

    /// The basis at hand.
    #[must_use]
    pub fn basis(&self) -> Basis {
        Basis { status: self.core.status.clone() }
    }

    /// Stands at another basis; one of the wrong number of basic variables is completed or cut by the factorisation.
    /// Steepest-edge weights are kept for variables that stay basic.
    pub fn load_basis(&mut self, basis: &Basis) {
        self.core.reset_to(basis);
    }

    /// Simplex iterations of all calls.
    #[must_use]
    pub fn iterations(&self) -> u64 {
        self.core.iterations
    }

    /// The problem without the changes made by [`Simplex::set_bounds`].
    #[must_use]
    pub fn problem(&self) -> &LpProblem {
        &self.problem
    }

    /// Bounds in force, in the units of the model (each of length n + m).
    #[must_use]
    pub fn bounds(&self) -> (&[f64], &[f64]) {
        (&self.lower, &self.upper)
    }

    /// A lower bound on the optimum over the bounds in force that holds in spite of rounding, from the duals of the
    /// last solution (Neumaier and Shcherbina 2004). Cost O(non-zeros).
    #[must_use]
    pub fn safe_objective_bound(&self) -> SafeBound {
        self.safe_bound_of(&self.row_duals, true)
    }

    /// The bound by duals that are a little smaller, for which columns without an upper bound have reduced costs nearer to their
    /// costs: where these are positive, rounding no longer makes the reduced costs negative. The duals at hand from now on, if their bound is proven.
    pub(crate) fn bound_by_smaller_duals(&mut self) -> Option<f64> {
        DUALS_SHRINK.into_iter().find_map(|share| {
            let smaller: Vec<f64> = self.row_duals.iter().map(|y| y * (1.0 - share)).collect();
            let SafeBound { value, rigorous } = self.safe_bound_of(&smaller, true);
            let is_proven = rigorous && value.is_finite();
            if is_proven {
                self.row_duals = smaller;
            }
            is_proven.then_some(value)
        })
    }

    fn safe_bound_of(&self, y: &[f64], with_cost: bool) -> SafeBound {
        let implied = self.implied.as_deref().map(|(lower, upper)| (lower.as_slice(), upper.as_slice()));
        let (problem, lower, upper) = (&*self.problem, self.lower.as_slice(), self.upper.as_slice());
        Combination { problem, lower, upper, implied, with_cost, exact: true }.bound(y, |_| false)
    }

    /// Factors (length m) that bring the entries of each row near 1, along with factors of the columns.
    pub(crate) fn row_factors(&self) -> Vec<f64> {
        let n = self.problem.num_cols();
        (0..self.problem.num_rows).map(|i| self.core.scaling.row(n + i)).collect()
    }

    /// Adds rows; their logicals enter the basis, so a dual feasible basis stays so. Cost O(non-zeros).
    pub fn add_rows(&mut self, rows: &[NewRow]) {
        let (mut basis, mut weights) = (self.basis(), self.weights_by_variable());
        let mut scaling = self.core.scaling.clone();
        let problem = Arc::make_mut(&mut self.problem);
        problem.add_rows(rows);
        scaling.add_rows(rows);
        self.lower.extend(rows.iter().map(|row| row.lower));
        self.upper.extend(rows.iter().map(|row| row.upper));
        basis.status.resize(problem.num_vars(), VarStatus::Basic);
        weights.resize(problem.num_vars(), 1.0);
        self.row_duals.resize(problem.num_rows, 0.0);
        self.rebuild(scaling, &basis, &weights);
    }

    /// Takes out the rows of which `keep` is false (length m). Where their logicals are basic the basis stays as good as it is.
    /// Cost O(non-zeros).
    pub fn retain_rows(&mut self, keep: &[bool]) {
        let (mut basis, mut weights) = (self.basis(), self.weights_by_variable());
        let (n, mut scaling) = (self.problem.num_cols(), self.core.scaling.clone());
        Arc::make_mut(&mut self.problem).retain_rows(keep);
        for values in [&mut self.lower, &mut self.upper, &mut weights, &mut scaling.variable] {
            retain_tail(values, n, keep);
        }
        retain_tail(&mut basis.status, n, keep);
        retain_tail(&mut self.row_duals, 0, keep);
        self.rebuild(scaling, &basis, &weights);
    }

    /// Steepest-edge weights of basic variables, 1 for others. Rows of the inverse are those of variables: none has an entry at a
    /// row whose own logical is basic but that logical's, so weights stay what they are when such rows come and go.
    fn weights_by_variable(&self) -> Vec<f64> {
        let mut weights = vec![1.0; self.problem.num_vars()];
        for (&var, &weight) in self.core.basic.iter().zip(&self.core.weights) {
            weights[var] = weight;
        }
        weights
    }

    /// The working state after a change of the rows.
    fn rebuild(&mut self, scaling: Scaling, basis: &Basis, weights: &[f64]) {
        self.core.rescale(&self.problem, scaling, &self.options, &self.lower, &self.upper, basis);
        for (&var, weight) in self.core.basic.iter().zip(&mut self.core.weights) {
            *weight = weights[var];
        }
    }
}

/// The ladder of a solve: each rung is tried only after the one before ended in numerical trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attempt {
    /// Dual simplex, then primal clean-up.
    First,
    /// The same with fresh factors and tighter pivoting.
    Tight,
    /// The primal simplex alone.
    Primal,
    /// From the slack basis in the units of the model.
    Unscaled,
}

impl Attempt {
    const ALL: [Self; 4] = [Self::First, Self::Tight, Self::Primal, Self::Unscaled];
}
