//! The linear relaxation of a node, in floats and in rationals: the only place where the search meets the simplex.
//!
//! The relaxation carries the bounds of the integer columns; those of continuous columns that propagation deduces
//! follow from the rows anyway and would only disturb the basis, but for the columns that congruences speak of
//! ([`Relaxation::carry`]).
//!
//! Every verdict that closes a node has been checked on the unscaled problem with all rounding errors counted: infeasibility by
//! Farkas multipliers, the cutoff and the bound by duals. Where that leaves a doubt, or the simplex fails, the relaxation is
//! solved in rationals from the basis at hand, as far as the work allowed goes ([`crate::verify`]).

mod exactly;
mod saved;

use ::budget::Instant;
use std::sync::Arc;
use std::time::Duration;

use crate::bounds::{Domain, RowProof, Side};
use crate::exact_lp::{ExactEnd, Meter};
use crate::model::{Model, VarKind};
use crate::number::{approximately, decimal, float_below};
use crate::options::Options;
use crate::simplex::{
    Basis, Limits, LpProblem, LpStatus, NewRow, Simplex, SimplexOptions, TableauRow, VarStatus, bound_without_rows,
    multiplier,
};
use crate::tolerances::{EXACT_WORK, EXACT_WORK_ONCE, EXACT_WORK_SHARE, rounding_margin};
use crate::{Budget, Error};
use dashu::rational::RBig;
pub(crate) use exactly::{ExactRelaxation, whole_ray};
pub(crate) use saved::SavedRelaxation;

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

/// A bound of an integer column that floats may not hold.
#[derive(Clone, Debug)]
pub(crate) struct ExactChange {
    pub column: usize,
    pub side: Side,
    pub value: RBig,
}

/// What rationals say about the continuous columns beside given integers.
pub(crate) enum Completion {
    /// The best values of all columns.
    Point(Vec<RBig>),
    /// There are none.
    None,
    /// The work allowed did not suffice.
    Unknown,
}

/// An optimum in rationals, in the place of what the simplex found.
struct Settled {
    solution: Vec<f64>,
    duals: Vec<f64>,
    point: Vec<RBig>,
    objective: RBig,
}

pub(crate) struct Relaxation<'a> {
    simplex: Simplex,
    /// Verdict and cutoff of the last solve.
    last: (Verdict, f64),
    /// The proven bound of the last solve, once it is asked for.
    bound: Option<f64>,
    settled: Option<Settled>,
    integers: Vec<usize>,
    /// Columns whose bounds are taken over from the box: the integers, and others that need it.
    carried: Vec<usize>,
    simplex_options: SimplexOptions,
    /// The model of which this is the relaxation, for rationals; `None` if they are not wanted.
    model: Option<&'a Model>,
    /// Rows beside the model's, of floats that stand for themselves.
    added: Vec<NewRow>,
    exact: Option<ExactRelaxation>,
    exact_work: u64,
    /// Wall time of rationals.
    pub exact_time: Duration,
}

impl<'a> Relaxation<'a> {
    pub fn new(model: &'a Model, problem: Arc<LpProblem>, options: &Options) -> Self {
        let simplex_options = SimplexOptions {
            primal_tolerance: options.feasibility_tolerance,
            seed: options.seed,
            ..SimplexOptions::default()
        };
        let integers: Vec<usize> =
            (0..model.num_vars()).filter(|&j| model.variables[j].kind == VarKind::Integer).collect();
        Self { carried: integers.clone(), integers, model: Some(model), ..Self::over(problem, simplex_options) }
    }

    fn over(problem: Arc<LpProblem>, simplex_options: SimplexOptions) -> Self {
        Self {
            simplex: Simplex::new(problem, simplex_options.clone()),
            last: (Verdict::Undecided, f64::INFINITY),
            bound: None,
            settled: None,
            integers: Vec::new(),
            carried: Vec::new(),
            simplex_options,
            model: None,
            added: Vec::new(),
            exact: None,
            exact_work: 0,
            exact_time: Duration::ZERO,
        }
    }

    /// The same relaxation at the same basis, for another search; nothing is solved yet.
    pub fn another(&self) -> Self {
        Self {
            simplex: self.simplex.clone(),
            last: (Verdict::Undecided, f64::INFINITY),
            bound: None,
            settled: None,
            integers: self.integers.clone(),
            carried: self.carried.clone(),
            simplex_options: self.simplex_options.clone(),
            model: self.model,
            added: self.added.clone(),
            exact: None,
            exact_work: self.exact_work,
            exact_time: Duration::ZERO,
        }
    }

    /// Columns that must be whole, ascending.
    pub fn integers(&self) -> &[usize] {
        &self.integers
    }

    /// What the objective is not below in a box, whatever the rows say. Cost O(columns).
    pub fn bound_without_rows(&self, domain: &Domain) -> f64 {
        let columns = self.problem().cost.iter().zip(domain.lower()).zip(domain.upper());
        bound_without_rows(self.problem().offset, columns.map(|((&cost, &lower), &upper)| (cost, lower, upper)))
    }

    /// From now on the bounds of these continuous columns are taken over as well: whole numbers leave less of them than the
    /// relaxation does.
    pub fn carry(&mut self, columns: &[usize]) {
        self.carried.extend(columns);
    }

    /// Takes over the bounds of the columns carried; cost O(their number).
    pub fn install(&mut self, domain: &Domain) {
        for &j in &self.carried {
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
        self.bound = None;
        self.settled = None;
        let doubtful = match verdict {
            Verdict::Infeasible => !self.simplex.infeasibility_is_rigorous(),
            other => other == Verdict::Undecided,
        };
        let verdict = match (doubtful, effort.iterations) {
            (false, _) => verdict,
            (true, u64::MAX) if self.model.is_some() => self.decide(budget),
            _ => Verdict::Undecided,
        };
        self.last = (verdict, effort.cutoff);
        Ok(verdict)
    }

    /// The verdict of rationals.
    fn decide(&mut self, budget: &Budget) -> Verdict {
        match self.solve_within(&[], budget) {
            ExactEnd::Optimal { point, duals } => {
                self.settle(point, &duals);
                Verdict::Solved
            }
            ExactEnd::Infeasible { .. } => Verdict::Infeasible,
            ExactEnd::Unbounded { .. } => Verdict::Unbounded,
            ExactEnd::Unfinished => Verdict::Undecided,
        }
    }

    fn settle(&mut self, point: Vec<RBig>, duals: &[RBig]) {
        let Some(exact) = &self.exact else { return };
        let floats = |values: &[RBig]| values.iter().map(|x| approximately(x) + 0.0).collect();
        let objective = exact.objective(&point);
        self.bound = Some(float_below(&objective));
        self.settled = Some(Settled { solution: floats(&point), duals: floats(duals), point, objective });
    }

    /// Solves the box in force and these changes in rationals from the basis at hand, within the work allowed.
    pub fn solve_within(&mut self, changes: &[ExactChange], budget: &Budget) -> ExactEnd {
        let share = self.simplex.iterations() as f64 * self.problem().num_rows as f64 * EXACT_WORK_SHARE;
        let allowed = (EXACT_WORK + share as u64).saturating_sub(self.exact_work).min(EXACT_WORK_ONCE);
        self.metered(changes, Meter::new(allowed, budget))
    }

    fn metered(&mut self, changes: &[ExactChange], mut meter: Meter<'_>) -> ExactEnd {
        let Some(model) = self.model else { return ExactEnd::Unfinished };
        let began = Instant::now();
        let size = self.problem().columns.values.len() + self.problem().num_vars();
        if !meter.pass(size as u64) {
            return ExactEnd::Unfinished;
        }
        let added = &self.added;
        let exact = self.exact.get_or_insert_with(|| ExactRelaxation::with_rows(model, added));
        let (lower, upper) = self.simplex.bounds();
        for &j in &self.carried {
            // The float of a bound that the model states may lie within that bound.
            let var = &model.variables[j];
            let news = |bound: f64, stated: f64| Some(bound).filter(|bound| *bound != stated);
            exact.set_bounds(j, news(lower[j], var.lower), news(upper[j], var.upper));
        }
        changes.iter().for_each(|change| exact.tighten(change.column, change.side, &change.value));
        let end = exact.solve(&self.simplex.basis().status, &mut meter);
        self.exact_work += meter.spent();
        self.exact_time += began.elapsed();
        end
    }

    /// The continuous columns in rationals beside the integers of `point`.
    pub fn complete_exactly(&mut self, point: &[f64], budget: &Budget) -> Completion {
        let sides = [Side::Lower, Side::Upper];
        let fixed = self
            .integers
            .iter()
            .flat_map(|&column| sides.map(|side| ExactChange { column, side, value: decimal(point[column]) }));
        let fixed: Vec<ExactChange> = fixed.collect();
        match self.solve_within(&fixed, budget) {
            ExactEnd::Optimal { point, .. } => Completion::Point(point),
            ExactEnd::Infeasible { .. } => Completion::None,
            ExactEnd::Unbounded { .. } | ExactEnd::Unfinished => Completion::Unknown,
        }
    }

    /// An unbounded relaxation in rationals, for as long as the meter allows: the ray, or the verdict that holds instead.
    pub fn ray(&mut self, meter: Meter<'_>) -> Result<Vec<RBig>, Verdict> {
        let end = self.metered(&[], meter);
        let verdict = match end {
            ExactEnd::Unbounded { ray, .. } => return Ok(ray),
            ExactEnd::Optimal { point, duals } => {
                self.settle(point, &duals);
                Verdict::Solved
            }
            ExactEnd::Infeasible { .. } => Verdict::Infeasible,
            ExactEnd::Unfinished => Verdict::Undecided,
        };
        self.last.0 = verdict;
        Err(verdict)
    }

    /// The optimum of the last solve in rationals, if it took them, with the objective.
    pub fn exact_optimum(&self) -> Option<(&[RBig], &RBig)> {
        self.settled.as_ref().map(|settled| (settled.point.as_slice(), &settled.objective))
    }

    /// The objective of a point (minimised, the varying part), if rationals have been asked before.
    pub fn exact_objective(&self, point: &[RBig]) -> Option<RBig> {
        self.exact.as_ref().map(|exact| exact.objective(point))
    }

    /// Solves the box in force in rationals, whatever floats say.
    pub fn solve_exactly(&mut self, budget: &Budget) -> Verdict {
        let verdict = self.decide(budget);
        self.last.0 = verdict;
        verdict
    }

    /// From now on bounds and proofs may lean on these bounds of all columns, too: every point that counts keeps them.
    pub fn set_implied(&mut self, implied: Option<Arc<(Vec<f64>, Vec<f64>)>>) {
        self.simplex.set_implied(implied);
    }

    fn duals(&self) -> &[f64] {
        self.settled.as_ref().map_or_else(|| self.simplex.row_duals(), |settled| &settled.duals)
    }

    /// The proof that the last solve ended with, if it closes the box.
    pub fn proof(&self) -> Option<Proof<'_>> {
        match self.last {
            (Verdict::Infeasible, _) => {
                self.simplex.farkas().map(|multipliers| Proof { multipliers, with_cost: false, cutoff: 0.0 })
            }
            (Verdict::Cutoff | Verdict::Solved, cutoff) if cutoff.is_finite() => {
                Some(Proof { multipliers: self.duals(), with_cost: true, cutoff: cutoff - self.problem().offset })
            }
            _ => None,
        }
    }

    /// Whether the last solve found no point.
    pub fn is_empty(&self) -> bool {
        self.last.0 == Verdict::Infeasible
    }

    /// The multipliers behind the last verdict for a certificate: those of [`Self::proof`] where the box is closed by one,
    /// else the duals of the objective.
    pub fn row_proof(&self) -> Arc<RowProof> {
        Arc::new(match (self.last.0, self.simplex.farkas()) {
            (Verdict::Infeasible, Some(multipliers)) => RowProof::new(multipliers, false),
            (Verdict::Infeasible, None) => RowProof::new(&[], false),
            _ => RowProof::new(self.duals(), true),
        })
    }

    /// Bounds in force: columns, then rows.
    pub fn bounds(&self) -> (&[f64], &[f64]) {
        self.simplex.bounds()
    }

    /// The relaxation over the continuous columns alone, in their order, with the integer columns of `point` moved into
    /// the sides of the rows. Unlike a fixed column, which the simplex may leave by its tolerance (times a big M in the
    /// row), a constant does not leak. Cost O(non-zeros), and a solve from the slack basis.
    pub fn substitute(&self, model: &Model, point: &[f64]) -> Relaxation<'static> {
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
        let problem = Arc::new(LpProblem::varying(&reduced));
        Relaxation::over(problem, self.simplex_options.clone())
    }

    /// A lower bound on the relaxation's optimum over the bounds in force, proven: by the duals at hand with all rounding errors
    /// counted, or in rationals. Minus infinity if neither comes to an end, plus infinity if there is no point.
    pub fn bound(&mut self, budget: &Budget) -> f64 {
        if let Some(bound) = self.bound {
            return bound;
        }
        let safe = self.simplex.safe_objective_bound();
        let bound = if safe.rigorous && safe.value > f64::NEG_INFINITY {
            safe.value
        } else if let Some(value) = self.simplex.bound_by_smaller_duals() {
            value
        } else if safe.rigorous {
            safe.value
        } else {
            match self.decide(budget) {
                Verdict::Solved => self.bound.unwrap_or(f64::NEG_INFINITY),
                Verdict::Infeasible => f64::INFINITY,
                _ => f64::NEG_INFINITY,
            }
        };
        self.bound = Some(bound);
        bound
    }

    /// A number that the reduced cost of column j under the duals at hand, as [`Self::bound`] takes them, is not below in magnitude,
    /// with its sign; zero if rounding hides the sign. Cost: the column.
    pub fn safe_reduced_cost(&self, j: usize) -> f64 {
        let (duals, (lower, upper), n) = (self.duals(), self.simplex.bounds(), self.problem().num_cols());
        let (mut d, mut size, mut terms) = (self.problem().cost[j], self.problem().cost[j].abs(), 1);
        for (i, a) in self.problem().columns.column(j) {
            let product = a * multiplier(duals[i], lower[n + i], upper[n + i]);
            d -= product;
            size += product.abs();
            terms += 1;
        }
        let error = rounding_margin(terms, size);
        if d > error { d - error } else { (d + error).min(0.0) }
    }

    /// Objective of the last solution (minimised).
    pub fn objective(&self) -> f64 {
        match &self.settled {
            Some(settled) => self.problem().objective(&settled.solution),
            None => self.simplex.objective(),
        }
    }

    /// The last solution, all columns.
    pub fn solution(&self) -> &[f64] {
        self.settled.as_ref().map_or_else(|| self.simplex.primal(), |settled| &settled.solution)
    }

    /// Whether column j is basic: its reduced cost is zero.
    pub fn is_basic(&self, j: usize) -> bool {
        self.simplex.var_status(j) == VarStatus::Basic
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

    /// The problem with the rows added.
    pub fn problem(&self) -> &LpProblem {
        self.simplex.problem()
    }

    /// Adds rows that every point of the model satisfies exactly, their floats standing for themselves; the basis stays dual feasible.
    pub fn add_rows(&mut self, rows: Vec<NewRow>) {
        self.simplex.add_rows(&rows);
        self.added.extend(rows);
        self.exact = None;
    }

    /// Rows added to those of the model.
    pub fn added(&self) -> &[NewRow] {
        &self.added
    }

    /// Takes out the added rows for which `keep` does not hold.
    pub fn retain_added(&mut self, keep: &[bool]) {
        let stated = self.problem().num_rows - self.added.len();
        let all: Vec<bool> = std::iter::repeat_n(true, stated).chain(keep.iter().copied()).collect();
        self.simplex.retain_rows(&all);
        let mut keep = keep.iter();
        self.added.retain(|_| keep.next() == Some(&true));
        self.exact = None;
    }

    /// The row of the tableau at a position of the basis.
    pub fn tableau_row(&mut self, position: usize) -> TableauRow {
        self.simplex.tableau_row(position)
    }

    /// The simplex, for what only pure linear programs need (duals).
    pub fn simplex(&self) -> &Simplex {
        &self.simplex
    }
}
