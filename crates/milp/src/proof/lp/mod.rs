//! Linear programs in exact rationals, from a basis that floating point found.
//!
//! Entry point: [`ExactLp::solve`]. The basis is factored in rationals; mostly it is optimal (or shows that there is no
//! point) as it stands, and otherwise a few exact pivots lead on: dual ones while reduced costs have the right signs,
//! else primal ones, first on the sum of infeasibilities. Nothing is fast here but the start.
//!
//! Conventions as in [`crate::simplex`]: variable `n + i` is the logical of row i with column `-e_i`; `B'y = c_B`, `d_j = c_j -
//! a_j'y`.
//!
//! References: Applegate, Cook, Dash, Espinoza, *Exact solutions to linear programming problems*, OR Letters 35 (2007);
//! Bland, *New finite pivoting rules for the simplex method*, Mathematics of OR 2 (1977), for the choice of pivots.

mod factor;

use dashu::rational::RBig;

use crate::Budget;
use crate::simplex::VarStatus;
use factor::{Factors, WORK_OF_A_RATIONAL};

/// Pivots after which the exact simplex gives up.
const PIVOTS: usize = 2000;
/// Pivots after which Bland's rule replaces the choice of the largest violation.
const PIVOTS_BEFORE_BLAND: usize = 300;

/// The end of an exact solve.
pub(super) enum ExactEnd {
    /// Values of the n columns, and duals of the rows: an optimal pair.
    Optimal { point: Vec<RBig>, duals: Vec<RBig> },
    /// Multipliers y of the rows: the least value of `-(A'y)'x + y's` over the bounds is positive.
    Infeasible { multipliers: Vec<RBig> },
    /// The objective falls for ever from a feasible point along a ray (values and changes of the n columns).
    Unbounded { point: Vec<RBig>, ray: Vec<RBig> },
    /// The start is no basis, or the pivots allowed are used up.
    Unfinished,
}

/// `min cost'x` over `A x - s = 0` and bounds on x and s.
#[derive(Clone)]
pub(super) struct ExactLp {
    /// Columns of all n + m variables: (row, value).
    pub columns: Vec<Vec<(u32, RBig)>>,
    /// Costs of the n structural variables.
    pub cost: Vec<RBig>,
    /// Bounds of all n + m variables.
    pub lower: Vec<Option<RBig>>,
    pub upper: Vec<Option<RBig>>,
}

/// A basis with its solution.
struct Tableau<'a> {
    lp: &'a ExactLp,
    status: Vec<VarStatus>,
    basic: Vec<usize>,
    factors: Factors,
    /// Values of all variables.
    x: Vec<RBig>,
    budget: &'a Budget<'a>,
}

/// Which bound a basic variable violates.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Violated {
    Lower,
    Upper,
}

impl ExactLp {
    fn num_rows(&self) -> usize {
        self.columns.len() - self.cost.len()
    }

    /// Solves from the basis with these statuses (n + m); unfinished when the budget is over.
    pub fn solve(&self, status: &[VarStatus], budget: &Budget) -> ExactEnd {
        let end = self.pivot(status, budget);
        // A loop that the budget cut short has left numbers behind that mean nothing.
        if budget.over().is_some() { ExactEnd::Unfinished } else { end }
    }

    fn pivot(&self, status: &[VarStatus], budget: &Budget) -> ExactEnd {
        let mut status = status.to_vec();
        let mut primal = false;
        for pivots in 0..PIVOTS {
            if budget.ask().is_some() {
                return ExactEnd::Unfinished;
            }
            let Some(mut tableau) = Tableau::new(self, &status, budget) else { return ExactEnd::Unfinished };
            let bland = pivots >= PIVOTS_BEFORE_BLAND;
            let duals = tableau.duals();
            let reduced = tableau.reduced_costs(&duals, true);
            // On the way to feasibility without costs, a variable stays where the pivots left it.
            if !primal && tableau.flip(&reduced) {
                tableau.compute_values();
            }
            let wrong = tableau.entering(&reduced, bland);
            let violated = tableau.leaving(bland);
            if let (0, Some((position, side))) = (pivots, violated)
                && let Err(end) = tableau.prove_by_row(position, side)
            {
                return end; // where floating point ended
            }
            primal |= wrong.is_some();
            let step = match (violated, wrong) {
                (None, None) => return tableau.optimal(duals),
                (None, Some(entering)) => tableau.primal_step(entering, &reduced),
                (Some((position, side)), _) if !primal => tableau.dual_step(position, side, &reduced),
                _ => tableau.phase_one_step(bland),
            };
            if let Err(end) = step {
                return end;
            }
            status = tableau.status;
        }
        ExactEnd::Unfinished
    }
}

impl<'a> Tableau<'a> {
    fn new(lp: &'a ExactLp, status: &[VarStatus], budget: &'a Budget<'a>) -> Option<Self> {
        let basic: Vec<usize> = (0..status.len()).filter(|&var| status[var] == VarStatus::Basic).collect();
        if basic.len() != lp.num_rows() || status.len() != lp.columns.len() {
            return None;
        }
        let columns: Vec<&[(u32, RBig)]> = basic.iter().map(|&var| lp.columns[var].as_slice()).collect();
        let factors = Factors::new(&columns, budget)?;
        let x = vec![RBig::ZERO; status.len()];
        let mut tableau = Self { lp, status: status.to_vec(), basic, factors, x, budget };
        tableau.compute_values();
        Some(tableau)
    }

    /// Non-basic variables rest on the bound that their status names, or on another if they have no such bound.
    fn compute_values(&mut self) {
        let lp = self.lp;
        let mut v = vec![RBig::ZERO; lp.num_rows()];
        for var in 0..self.status.len() {
            let (lower, upper) = (&lp.lower[var], &lp.upper[var]);
            self.status[var] = match (self.status[var], lower, upper) {
                (VarStatus::Basic, ..) => continue,
                (VarStatus::Lower | VarStatus::Zero, Some(_), _) | (VarStatus::Upper, Some(_), None) => {
                    VarStatus::Lower
                }
                (_, _, Some(_)) => VarStatus::Upper,
                (_, None, None) => VarStatus::Zero,
            };
            self.x[var] = match self.status[var] {
                VarStatus::Lower => lower.clone().unwrap_or_default(),
                VarStatus::Upper => upper.clone().unwrap_or_default(),
                _ => RBig::ZERO,
            };
            if !self.x[var].is_zero() && !self.budget.spend(WORK_OF_A_RATIONAL * lp.columns[var].len()) {
                lp.columns[var].iter().for_each(|(row, a)| v[*row as usize] -= a * &self.x[var]);
            }
        }
        for (&var, value) in self.basic.iter().zip(self.factors.solve(v, self.budget)) {
            self.x[var] = value;
        }
    }

    fn duals(&self) -> Vec<RBig> {
        let cost = |&var: &usize| self.lp.cost.get(var).cloned().unwrap_or_default();
        self.factors.solve_transposed(self.basic.iter().map(cost).collect(), self.budget)
    }

    /// `c - A'y`, or `-A'y`; zero for basic variables.
    fn reduced_costs(&self, duals: &[RBig], with_cost: bool) -> Vec<RBig> {
        let reduced = |(var, column): (usize, &Vec<(u32, RBig)>)| {
            if self.status[var] == VarStatus::Basic || self.budget.spend(WORK_OF_A_RATIONAL * (1 + column.len())) {
                return RBig::ZERO;
            }
            let cost = self.lp.cost.get(var).filter(|_| with_cost).cloned().unwrap_or_default();
            column.iter().fold(cost, |sum, (row, a)| sum - a * &duals[*row as usize])
        };
        self.lp.columns.iter().enumerate().map(reduced).collect()
    }

    fn is_fixed(&self, var: usize) -> bool {
        self.lp.lower[var].is_some() && self.lp.lower[var] == self.lp.upper[var]
    }

    /// Moves boxed variables to the bound that their reduced cost wants; true if any moved.
    fn flip(&mut self, reduced: &[RBig]) -> bool {
        let mut moved = false;
        for (var, d) in reduced.iter().enumerate() {
            let boxed = self.lp.lower[var].is_some() && self.lp.upper[var].is_some() && !self.is_fixed(var);
            let target = match self.status[var] {
                VarStatus::Lower if boxed && *d < RBig::ZERO => VarStatus::Upper,
                VarStatus::Upper if boxed && *d > RBig::ZERO => VarStatus::Lower,
                _ => continue,
            };
            self.status[var] = target;
            moved = true;
        }
        moved
    }

    /// A non-basic variable whose reduced cost has the wrong sign: the largest one, or with Bland's rule the first.
    fn entering(&self, reduced: &[RBig], bland: bool) -> Option<usize> {
        let wrong = |var: &usize| match self.status[*var] {
            VarStatus::Basic => false,
            _ if self.is_fixed(*var) => false,
            VarStatus::Lower => reduced[*var] < RBig::ZERO,
            VarStatus::Upper => reduced[*var] > RBig::ZERO,
            VarStatus::Zero => !reduced[*var].is_zero(),
        };
        let mut all = (0..reduced.len()).filter(wrong);
        if bland { all.next() } else { all.max_by(|&a, &b| size(&reduced[a]).cmp(&size(&reduced[b])).then(b.cmp(&a))) }
    }

    /// A position whose variable violates a bound: the one by most, or with Bland's rule the first.
    fn leaving(&self, bland: bool) -> Option<(usize, Violated)> {
        let violations = self.basic.iter().enumerate().filter_map(|(position, &var)| {
            let below = self.lp.lower[var].as_ref().filter(|lower| self.x[var] < **lower);
            let above = self.lp.upper[var].as_ref().filter(|upper| self.x[var] > **upper);
            match (below, above) {
                (Some(lower), _) => Some((position, Violated::Lower, lower - &self.x[var])),
                (_, Some(upper)) => Some((position, Violated::Upper, &self.x[var] - upper)),
                _ => None,
            }
        });
        let mut violations = violations;
        let found = if bland { violations.next() } else { violations.max_by(|a, b| a.2.cmp(&b.2).then(b.0.cmp(&a.0))) };
        found.map(|(position, side, _)| (position, side))
    }

    fn optimal(self, duals: Vec<RBig>) -> ExactEnd {
        let n = self.lp.cost.len();
        ExactEnd::Optimal { point: self.x[..n].to_vec(), duals }
    }

    /// The row of the inverse at `position`, and the variable that enters when its basic variable leaves to the bound that it
    /// violates: the one of least ratio, the first of several.
    fn row(&self, position: usize, side: Violated, reduced: &[RBig]) -> (Vec<RBig>, Option<usize>) {
        let mut unit = vec![RBig::ZERO; self.basic.len()];
        unit[position] = RBig::ONE;
        let rho = self.factors.solve_transposed(unit, self.budget);
        // x_B(r) = - sum alpha_j x_j; it must rise if it violates its lower bound.
        let rises = side == Violated::Lower;
        let mut best: Option<(RBig, usize)> = None;
        for (var, column) in self.lp.columns.iter().enumerate() {
            let over = self.budget.spend(WORK_OF_A_RATIONAL * (1 + column.len()));
            if over || self.status[var] == VarStatus::Basic || self.is_fixed(var) {
                continue;
            }
            let alpha = column.iter().fold(RBig::ZERO, |sum, (row, a)| sum + a * &rho[*row as usize]);
            let up = (alpha < RBig::ZERO) == rises;
            let may = match self.status[var] {
                _ if alpha.is_zero() => false,
                VarStatus::Lower => up,
                VarStatus::Upper => !up,
                _ => true,
            };
            if may {
                let ratio = size(&(&reduced[var] / &alpha));
                if best.as_ref().is_none_or(|(least, _)| ratio < *least) {
                    best = Some((ratio, var));
                }
            }
        }
        (rho, best.map(|(_, entering)| entering))
    }

    /// One pivot of the dual simplex on the row at `position`; the proof that there is no point if none is possible.
    fn dual_step(&mut self, position: usize, side: Violated, reduced: &[RBig]) -> Result<(), ExactEnd> {
        let (_, Some(entering)) = self.row(position, side, reduced) else {
            return self.prove_by_row(position, side);
        };
        let leaving = self.basic[position];
        self.status[leaving] = if side == Violated::Lower { VarStatus::Lower } else { VarStatus::Upper };
        self.status[entering] = VarStatus::Basic;
        Ok(())
    }

    /// Whether the row at `position` alone shows that there is no point: then that is the error.
    fn prove_by_row(&self, position: usize, side: Violated) -> Result<(), ExactEnd> {
        let (rho, entering) = self.row(position, side, &vec![RBig::ZERO; self.status.len()]);
        let sign = if side == Violated::Lower { -RBig::ONE } else { RBig::ONE };
        match entering {
            Some(_) => Ok(()),
            None => Err(ExactEnd::Infeasible { multipliers: rho.into_iter().map(|value| value * &sign).collect() }),
        }
    }

    /// One pivot of the primal simplex on the sum of infeasibilities; if it is least already, its duals prove that there is
    /// no point.
    fn phase_one_step(&mut self, bland: bool) -> Result<(), ExactEnd> {
        let slope = |&var: &usize| match (&self.lp.lower[var], &self.lp.upper[var]) {
            (Some(lower), _) if self.x[var] < *lower => -RBig::ONE,
            (_, Some(upper)) if self.x[var] > *upper => RBig::ONE,
            _ => RBig::ZERO,
        };
        let multipliers = self.factors.solve_transposed(self.basic.iter().map(slope).collect(), self.budget);
        let reduced = self.reduced_costs(&multipliers, false);
        match self.entering(&reduced, bland) {
            Some(entering) => self.primal_step(entering, &reduced),
            None => Err(ExactEnd::Infeasible { multipliers }),
        }
    }

    /// One pivot (or bound flip) of the primal simplex. A variable that violates a bound may go on to meet it.
    fn primal_step(&mut self, entering: usize, reduced: &[RBig]) -> Result<(), ExactEnd> {
        let up = reduced[entering] < RBig::ZERO;
        let mut v = vec![RBig::ZERO; self.basic.len()];
        self.lp.columns[entering].iter().for_each(|(row, a)| v[*row as usize] += a);
        let alpha = self.factors.solve(v, self.budget);
        // Moving the entering variable by t in its direction moves basic variables by -t alpha (or +t alpha).
        let own = self.lp.lower[entering].as_ref().zip(self.lp.upper[entering].as_ref());
        let mut best: Option<(RBig, Option<(usize, VarStatus)>)> = own.map(|(lower, upper)| (upper - lower, None));
        for (position, alpha) in alpha.iter().enumerate().filter(|(_, alpha)| !alpha.is_zero()) {
            let var = self.basic[position];
            let falls = (*alpha > RBig::ZERO) == up;
            let (lower, upper) = (self.lp.lower[var].as_ref(), self.lp.upper[var].as_ref());
            let below = lower.is_some_and(|lower| self.x[var] < *lower);
            let above = upper.is_some_and(|upper| self.x[var] > *upper);
            let (bound, status) = match (falls, below, above) {
                (true, true, _) | (false, _, true) => continue,
                (true, _, false) | (false, true, _) => (lower, VarStatus::Lower),
                (true, _, true) | (false, false, false) => (upper, VarStatus::Upper),
            };
            let Some(bound) = bound else { continue };
            let ratio = size(&((&self.x[var] - bound) / alpha));
            let better = best.as_ref().is_none_or(|(least, place)| {
                ratio < *least || ratio == *least && place.is_some_and(|(other, _)| var < self.basic[other])
            });
            if better {
                best = Some((ratio, Some((position, status))));
            }
        }
        match best {
            None => Err(self.unbounded(entering, up, &alpha)),
            Some((_, None)) => {
                self.status[entering] = if up { VarStatus::Upper } else { VarStatus::Lower };
                Ok(())
            }
            Some((_, Some((position, status)))) => {
                let leaving = self.basic[position];
                self.status[leaving] = status;
                self.status[entering] = VarStatus::Basic;
                Ok(())
            }
        }
    }
}

impl Tableau<'_> {
    /// The entering variable may move for ever: basic variables move by `-alpha` times its own step.
    fn unbounded(&self, entering: usize, up: bool, alpha: &[RBig]) -> ExactEnd {
        let n = self.lp.cost.len();
        let step = if up { RBig::ONE } else { -RBig::ONE };
        let mut ray = vec![RBig::ZERO; self.status.len()];
        for (&var, alpha) in self.basic.iter().zip(alpha) {
            ray[var] = -(alpha * &step);
        }
        ray[entering] = step;
        ray.truncate(n);
        ExactEnd::Unbounded { point: self.x[..n].to_vec(), ray }
    }
}

fn size(value: &RBig) -> RBig {
    if *value < RBig::ZERO { -value } else { value.clone() }
}

#[cfg(test)]
mod tests;
