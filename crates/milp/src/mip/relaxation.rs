//! The linear relaxation of a node: the only place where the search meets the simplex.
//!
//! The relaxation carries the bounds of the integer columns; those of continuous columns that propagation deduces
//! follow from the rows anyway and would only disturb the basis.
//!
//! Every verdict that closes a node has been checked by the simplex on the unscaled problem: infeasibility by Farkas
//! multipliers, the cutoff and the bound by duals with rounding error bounds.

use std::sync::Arc;

use super::domain::Domain;
use crate::model::{Model, VarKind};
use crate::options::Options;
use crate::proof::RowProof;
use crate::simplex::{Basis, Limits, LpProblem, LpStatus, Simplex, SimplexOptions};
use crate::{Budget, Error};

/// What solving the relaxation says about a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Solved; the solution is in the relaxation.
    Solved,
    /// Proven to hold no point.
    Infeasible,
    /// Proven to hold no point better than the cutoff.
    Cutoff,
    /// A feasible point and a ray that improves for ever.
    Unbounded,
    /// The iterations allowed are used up.
    OutOfIterations,
    /// A limit of the budget, or interruption.
    Stopped(crate::Status),
    /// Floating point could not decide.
    Undecided,
}

/// Limits of a single solve.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub iterations: u64,
    /// Objective (minimised, with offset) from which on the node is of no interest.
    pub cutoff: f64,
}

impl Effort {
    /// To the end, whatever the objective.
    pub fn full() -> Self {
        Self { iterations: u64::MAX, cutoff: f64::INFINITY }
    }
}

/// Multipliers of the rows (length m) that prove: no point of the box, or none with `cost'x <= cutoff`.
pub(crate) struct Proof<'a> {
    pub multipliers: &'a [f64],
    pub with_cost: bool,
    /// Without the objective's offset; 0 when the cost plays no part.
    pub cutoff: f64,
}

pub(crate) struct Relaxation {
    simplex: Simplex,
    /// Verdict and cutoff of the last solve.
    last: (Verdict, f64),
    problem: Arc<LpProblem>,
    integers: Vec<usize>,
    simplex_options: SimplexOptions,
}

impl Relaxation {
    pub fn new(model: &Model, problem: Arc<LpProblem>, options: &Options) -> Self {
        let simplex_options =
            SimplexOptions { primal_tolerance: options.feasibility_tolerance, ..SimplexOptions::default() };
        let integers = (0..model.num_vars()).filter(|&j| model.variables[j].kind == VarKind::Integer).collect();
        let simplex = Simplex::new(problem.clone(), simplex_options.clone());
        Self { simplex, last: (Verdict::Undecided, f64::INFINITY), problem, integers, simplex_options }
    }

    /// Columns that must be whole, ascending.
    pub fn integers(&self) -> &[usize] {
        &self.integers
    }

    /// Takes over the bounds of the integer columns; cost O(integer columns).
    pub fn install(&mut self, domain: &Domain) {
        for &j in &self.integers {
            let (lower, upper) = (domain.lower()[j], domain.upper()[j]);
            let (old_lower, old_upper) = (self.simplex.bounds().0[j], self.simplex.bounds().1[j]);
            if lower != old_lower || upper != old_upper {
                self.simplex.set_bounds(j, lower, upper);
            }
        }
    }

    /// Bounds of one column, for a probe; [`Self::install`] takes them back.
    pub fn set_bounds(&mut self, var: usize, lower: f64, upper: f64) {
        self.simplex.set_bounds(var, lower, upper);
    }

    /// Solves from the basis at hand.
    ///
    /// # Errors
    /// Those of the simplex other than numerical failure, which is a [`Verdict::Undecided`].
    pub fn solve(&mut self, effort: Effort, budget: &Budget) -> Result<Verdict, Error> {
        let limits = Limits { iterations: effort.iterations, cutoff: effort.cutoff, budget: Some(budget) };
        let verdict = match self.simplex.solve(&limits) {
            Ok(LpStatus::Optimal) => Verdict::Solved,
            Ok(LpStatus::Infeasible) => Verdict::Infeasible,
            Ok(LpStatus::Unbounded) => Verdict::Unbounded,
            Ok(LpStatus::Cutoff) => Verdict::Cutoff,
            Ok(LpStatus::IterationLimit) => Verdict::OutOfIterations,
            Ok(LpStatus::TimeLimit) => Verdict::Stopped(crate::Status::TimeLimit),
            Ok(LpStatus::MemoryLimit) => Verdict::Stopped(crate::Status::MemoryLimit),
            Ok(LpStatus::Interrupted) => Verdict::Stopped(crate::Status::Interrupted),
            Err(Error::Numerical(_)) => Verdict::Undecided,
            Err(other) => return Err(other),
        };
        self.last = (verdict, effort.cutoff);
        Ok(verdict)
    }

    /// The proof that the last solve ended with, if it closes the box.
    pub fn proof(&self) -> Option<Proof<'_>> {
        match self.last {
            (Verdict::Infeasible, _) => {
                self.simplex.farkas().map(|multipliers| Proof { multipliers, with_cost: false, cutoff: 0.0 })
            }
            (Verdict::Cutoff | Verdict::Solved, cutoff) if cutoff.is_finite() => Some(Proof {
                multipliers: self.simplex.row_duals(),
                with_cost: true,
                cutoff: cutoff - self.problem.offset,
            }),
            _ => None,
        }
    }

    /// The multipliers behind the last verdict for a certificate: those of [`Self::proof`] where the box is closed by one,
    /// else the duals of the objective.
    pub fn row_proof(&self) -> Arc<RowProof> {
        Arc::new(match (self.last.0, self.simplex.farkas()) {
            (Verdict::Infeasible, Some(multipliers)) => RowProof::new(multipliers, false),
            (Verdict::Infeasible, None) => RowProof::new(&[], false),
            _ => RowProof::new(self.simplex.row_duals(), true),
        })
    }

    /// Bounds in force: columns, then rows.
    pub fn bounds(&self) -> (&[f64], &[f64]) {
        self.simplex.bounds()
    }

    /// The relaxation over the continuous columns alone, in their order, with the integer columns of `point` moved into
    /// the sides of the rows. Unlike a fixed column, which the simplex may leave by its tolerance (times a big M in the
    /// row), a constant does not leak. Cost O(non-zeros), and a solve from the slack basis.
    pub fn substitute(&self, model: &Model, point: &[f64]) -> Self {
        let continuous = |j: usize| model.variables[j].kind == VarKind::Continuous;
        let mut place = vec![None; model.num_vars()];
        let mut reduced = Model::new(model.name.as_str());
        reduced.sense = model.sense;
        for (j, var) in model.variables.iter().enumerate().filter(|(j, _)| continuous(*j)) {
            place[j] = Some(reduced.add_var("", var.lower, var.upper, var.cost, var.kind));
        }
        for row in &model.rows {
            let whole = row.terms.iter().filter(|(var, _)| !continuous(var.index()));
            let constant: f64 = whole.map(|(var, value)| value * point[var.index()]).sum();
            let terms = row.terms.iter().filter_map(|(var, value)| Some((place[var.index()]?, *value)));
            reduced.add_row("", row.lower - constant, row.upper - constant, terms);
        }
        let problem = Arc::new(LpProblem::from_model(&reduced));
        Self {
            simplex: Simplex::new(problem.clone(), self.simplex_options.clone()),
            last: (Verdict::Undecided, f64::INFINITY),
            problem,
            integers: Vec::new(),
            simplex_options: self.simplex_options.clone(),
        }
    }

    /// A lower bound on the relaxation's optimum that holds in spite of rounding. Rigorous if every column with a reduced cost
    /// has the bound that it leans on, as in all models of networks; otherwise reduced costs within the residue of rounding
    /// count as zero ([`crate::simplex::SafeBound::rigorous`]), and only a certificate proves the bound exactly.
    pub fn bound(&self) -> f64 {
        self.simplex.safe_objective_bound().value
    }

    /// Objective of the last solution (minimised, with offset).
    pub fn objective(&self) -> f64 {
        self.simplex.objective()
    }

    /// The last solution, all columns.
    pub fn solution(&self) -> &[f64] {
        self.simplex.primal()
    }

    pub fn reduced_costs(&self) -> &[f64] {
        self.simplex.reduced_costs()
    }

    pub fn basis(&self) -> Basis {
        self.simplex.basis()
    }

    pub fn load_basis(&mut self, basis: &Basis) {
        self.simplex.load_basis(basis);
    }

    pub fn iterations(&self) -> u64 {
        self.simplex.iterations()
    }

    pub fn problem(&self) -> &LpProblem {
        &self.problem
    }

    /// The simplex, for what only pure linear programs need (duals).
    pub fn simplex(&self) -> &Simplex {
        &self.simplex
    }
}
