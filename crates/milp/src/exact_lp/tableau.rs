//! A basis of an [`ExactLp`] with its solution, and the pivots from it to the end.
//!
//! Entry point: [`Tableau::run`]. After a pivot the factors are kept and followed by an eta column; values move along, duals are
//! computed anew. A run that meets the same objective for long chooses by Bland's rule, which ends.

use dashu::rational::RBig;

use super::factor::Factors;
use super::meter::Meter;
use super::program::{ExactEnd, ExactLp, Violated};
use crate::simplex::VarStatus;

/// Pivots after which Bland's rule, which cannot cycle, replaces the choice of the largest violation. No search depends on it: the optimum
/// is exact either way.
const PIVOTS_BEFORE_BLAND: usize = 300;

/// Pivots between two factorisations: beyond, the digits of a product of pivots cost more than a new one.
const ETAS: usize = 16;

/// The column that replaced another: `B^-1 a_q` at the pivot, the pivot apart.
struct Eta {
    position: usize,
    pivot: RBig,
    others: Vec<(u32, RBig)>,
}

/// How the solve goes on after a step; an end is an error.
type Step = Result<(), ExactEnd>;

pub(super) struct Tableau<'a> {
    lp: &'a ExactLp,
    status: Vec<VarStatus>,
    basic: Vec<usize>,
    factors: Factors<RBig>,
    etas: Vec<Eta>,
    /// Values of all variables.
    x: Vec<RBig>,
}

impl<'a> Tableau<'a> {
    /// `None` if the statuses name no basis, or the meter runs out.
    pub fn new(lp: &'a ExactLp, status: &[VarStatus], meter: &mut Meter<'_>) -> Option<Self> {
        let basic: Vec<usize> = (0..status.len()).filter(|&var| status[var] == VarStatus::Basic).collect();
        if basic.len() != lp.num_rows() || status.len() != lp.columns.len() {
            return None;
        }
        let factors = factors_of(lp, &basic, meter)?;
        let x = vec![RBig::ZERO; status.len()];
        let mut tableau = Self { lp, status: status.to_vec(), basic, factors, etas: Vec::new(), x };
        tableau.compute_values(meter);
        Some(tableau)
    }

    /// Pivots to the end; `None` if the meter runs out.
    pub fn run(&mut self, meter: &mut Meter<'_>) -> Option<ExactEnd> {
        let mut primal = false;
        for pivots in 0.. {
            if self.etas.len() >= ETAS {
                self.factors = factors_of(self.lp, &self.basic, meter)?;
                self.etas.clear();
            }
            let bland = pivots >= PIVOTS_BEFORE_BLAND;
            let duals = self.duals(meter);
            let reduced = self.reduced_costs(&duals, true, meter)?;
            // On the way to feasibility without costs, a variable stays where the pivots left it.
            if !primal && self.flip(&reduced) {
                self.compute_values(meter);
            }
            let wrong = self.entering(&reduced, bland);
            let violated = self.leaving(bland);
            if !meter.pass(1) {
                return None;
            }
            primal |= wrong.is_some();
            let step = match (violated, wrong) {
                (None, None) => return Some(self.optimal(duals)),
                (None, Some(entering)) => self.primal_step(entering, &reduced, meter),
                (Some((position, side)), _) if pivots == 0 && primal => {
                    // Where floating point ended, the row may be a proof.
                    self.prove_by_row(position, side, meter).and_then(|()| self.phase_one_step(bland, meter))
                }
                (Some((position, side)), _) if !primal => self.dual_step(position, side, &reduced, meter),
                _ => self.phase_one_step(bland, meter),
            };
            if !meter.pass(1) {
                return None;
            }
            if let Err(end) = step {
                return Some(end);
            }
        }
        None
    }

    /// `B^-1 v`, by position.
    fn ftran(&self, v: Vec<RBig>, meter: &mut Meter<'_>) -> Vec<RBig> {
        let mut x = self.factors.solve(v, meter);
        for eta in &self.etas {
            if x[eta.position].is_zero() {
                continue;
            }
            let value = &x[eta.position] / &eta.pivot;
            meter.spend(eta.others.len(), &value);
            for (position, alpha) in &eta.others {
                x[*position as usize] -= alpha * &value;
            }
            x[eta.position] = value;
        }
        x
    }

    /// `B^-T c`, by row.
    fn btran(&self, mut c: Vec<RBig>, meter: &mut Meter<'_>) -> Vec<RBig> {
        for eta in self.etas.iter().rev() {
            let others = eta.others.iter().filter(|(position, _)| !c[*position as usize].is_zero());
            let sum = others.fold(RBig::ZERO, |sum, (position, alpha)| sum + alpha * &c[*position as usize]);
            meter.spend(eta.others.len(), &sum);
            c[eta.position] = (&c[eta.position] - sum) / &eta.pivot;
        }
        self.factors.solve_transposed(c, meter)
    }

    /// Non-basic variables rest on the bound that their status names, or on another if they have no such bound.
    fn compute_values(&mut self, meter: &mut Meter<'_>) {
        let lp = self.lp;
        let mut v = vec![RBig::ZERO; lp.num_rows()];
        for var in 0..self.status.len() {
            let Some((status, value)) = lp.rest(var, self.status[var]) else { continue };
            (self.status[var], self.x[var]) = (status, value);
            if !self.x[var].is_zero() {
                meter.spend(lp.columns[var].len(), &self.x[var]);
                lp.columns[var].iter().for_each(|(row, a)| v[*row as usize] -= a * &self.x[var]);
            }
        }
        for (&var, value) in self.basic.iter().zip(self.ftran(v, meter)) {
            self.x[var] = value;
        }
    }

    fn duals(&self, meter: &mut Meter<'_>) -> Vec<RBig> {
        let cost = |&var: &usize| self.lp.cost.get(var).cloned().unwrap_or_default();
        self.btran(self.basic.iter().map(cost).collect(), meter)
    }

    /// `c - A'y`, or `-A'y`; zero for basic variables. `None` if the meter runs out.
    fn reduced_costs(&self, duals: &[RBig], with_cost: bool, meter: &mut Meter<'_>) -> Option<Vec<RBig>> {
        let mut reduced = vec![RBig::ZERO; self.status.len()];
        for (var, column) in self.lp.columns.iter().enumerate() {
            if self.status[var] == VarStatus::Basic {
                continue;
            }
            let cost = self.lp.cost.get(var).filter(|_| with_cost).cloned().unwrap_or_default();
            let nonzeros = column.iter().filter(|(row, _)| !duals[*row as usize].is_zero());
            reduced[var] = nonzeros.fold(cost, |sum, (row, a)| sum - a * &duals[*row as usize]);
            if !meter.spend(column.len(), &reduced[var]) {
                return None;
            }
        }
        Some(reduced)
    }

    /// Moves boxed variables to the bound that their reduced cost wants; true if any moved.
    fn flip(&mut self, reduced: &[RBig]) -> bool {
        let mut moved = false;
        for (var, d) in reduced.iter().enumerate() {
            let boxed = self.lp.lower[var].is_some() && self.lp.upper[var].is_some() && !self.lp.is_fixed(var);
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
            _ if self.lp.is_fixed(*var) => false,
            VarStatus::Lower => reduced[*var] < RBig::ZERO,
            VarStatus::Upper => reduced[*var] > RBig::ZERO,
            VarStatus::Zero => !reduced[*var].is_zero(),
        };
        let mut all = (0..reduced.len()).filter(wrong);
        if bland { all.next() } else { all.max_by(|&a, &b| size(&reduced[a]).cmp(&size(&reduced[b])).then(b.cmp(&a))) }
    }

    /// A position whose variable violates a bound: the one by most, or with Bland's rule the first.
    fn leaving(&self, bland: bool) -> Option<(usize, Violated)> {
        let mut violations = self.basic.iter().enumerate().filter_map(|(position, &var)| {
            let below = self.lp.lower[var].as_ref().filter(|lower| self.x[var] < **lower);
            let above = self.lp.upper[var].as_ref().filter(|upper| self.x[var] > **upper);
            match (below, above) {
                (Some(lower), _) => Some((position, Violated::Lower, lower - &self.x[var])),
                (_, Some(upper)) => Some((position, Violated::Upper, &self.x[var] - upper)),
                _ => None,
            }
        });
        let found = if bland { violations.next() } else { violations.max_by(|a, b| a.2.cmp(&b.2).then(b.0.cmp(&a.0))) };
        found.map(|(position, side, _)| (position, side))
    }

    fn optimal(&self, duals: Vec<RBig>) -> ExactEnd {
        let n = self.lp.cost.len();
        ExactEnd::Optimal { point: self.x[..n].to_vec(), duals }
    }

    /// The row of the inverse at `position`, and the variable that enters when its basic variable leaves to the bound that it
    /// violates: the one of least ratio, the first of several.
    fn row(
        &self,
        position: usize,
        side: Violated,
        reduced: &[RBig],
        meter: &mut Meter<'_>,
    ) -> (Vec<RBig>, Option<usize>) {
        let mut unit = vec![RBig::ZERO; self.basic.len()];
        unit[position] = RBig::ONE;
        let rho = self.btran(unit, meter);
        // x_B(r) = - sum alpha_j x_j; it must rise if it violates its lower bound.
        let rises = side == Violated::Lower;
        let mut best: Option<(RBig, usize)> = None;
        for (var, column) in self.lp.columns.iter().enumerate() {
            if self.status[var] == VarStatus::Basic || self.lp.is_fixed(var) {
                continue;
            }
            let nonzeros = column.iter().filter(|(row, _)| !rho[*row as usize].is_zero());
            let alpha = nonzeros.fold(RBig::ZERO, |sum, (row, a)| sum + a * &rho[*row as usize]);
            if !meter.spend(column.len(), &alpha) {
                break;
            }
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
    fn dual_step(&mut self, position: usize, side: Violated, reduced: &[RBig], meter: &mut Meter<'_>) -> Step {
        let (rho, entering) = self.row(position, side, reduced, meter);
        let Some(entering) = entering else { return Err(contradiction(rho, side)) };
        let var = self.basic[position];
        let (bound, to) = match side {
            Violated::Lower => (&self.lp.lower[var], VarStatus::Lower),
            Violated::Upper => (&self.lp.upper[var], VarStatus::Upper),
        };
        let alpha = self.column(entering, meter);
        if !meter.pass(1) {
            // What was computed says nothing; whoever called sees that the meter has run out.
            return Ok(());
        }
        let change = (&self.x[var] - bound.clone().unwrap_or_default()) / &alpha[position];
        self.pivot(entering, &change, alpha, Some((position, to)), meter);
        Ok(())
    }

    /// Whether the row at `position` alone shows that there is no point: then that is the error.
    fn prove_by_row(&self, position: usize, side: Violated, meter: &mut Meter<'_>) -> Step {
        let (rho, entering) = self.row(position, side, &vec![RBig::ZERO; self.status.len()], meter);
        if entering.is_some() { Ok(()) } else { Err(contradiction(rho, side)) }
    }

    /// One pivot of the primal simplex on the sum of infeasibilities; if it is least already, its duals prove that there is
    /// no point.
    fn phase_one_step(&mut self, bland: bool, meter: &mut Meter<'_>) -> Step {
        let slope = |&var: &usize| match (&self.lp.lower[var], &self.lp.upper[var]) {
            (Some(lower), _) if self.x[var] < *lower => -RBig::ONE,
            (_, Some(upper)) if self.x[var] > *upper => RBig::ONE,
            _ => RBig::ZERO,
        };
        let multipliers = self.btran(self.basic.iter().map(slope).collect(), meter);
        let Some(reduced) = self.reduced_costs(&multipliers, false, meter) else { return Err(ExactEnd::Unfinished) };
        match self.entering(&reduced, bland) {
            Some(entering) => self.primal_step(entering, &reduced, meter),
            None => Err(ExactEnd::Infeasible { multipliers }),
        }
    }

    /// `B^-1 a_q`.
    fn column(&self, entering: usize, meter: &mut Meter<'_>) -> Vec<RBig> {
        let mut v = vec![RBig::ZERO; self.basic.len()];
        self.lp.columns[entering].iter().for_each(|(row, a)| v[*row as usize] += a);
        self.ftran(v, meter)
    }

    /// One pivot (or bound flip) of the primal simplex. A variable that violates a bound may go on to meet it.
    fn primal_step(&mut self, entering: usize, reduced: &[RBig], meter: &mut Meter<'_>) -> Step {
        let up = reduced[entering] < RBig::ZERO;
        let alpha = self.column(entering, meter);
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
        let Some((step, place)) = best else { return Err(self.unbounded(entering, up, &alpha)) };
        let change = if up { step } else { -step };
        self.pivot(entering, &change, alpha, place, meter);
        if place.is_none() {
            self.status[entering] = if up { VarStatus::Upper } else { VarStatus::Lower };
        }
        Ok(())
    }

    /// The entering variable moves by `change` and takes the place of the one at a position, which comes to rest on a bound; or
    /// it only moves.
    fn pivot(
        &mut self,
        entering: usize,
        change: &RBig,
        alpha: Vec<RBig>,
        place: Option<(usize, VarStatus)>,
        meter: &mut Meter<'_>,
    ) {
        meter.spend(2 * alpha.len(), change);
        if !change.is_zero() {
            self.x[entering] += change;
            for (&var, alpha) in self.basic.iter().zip(&alpha).filter(|(_, alpha)| !alpha.is_zero()) {
                self.x[var] -= alpha * change;
            }
        }
        let Some((position, to)) = place else { return };
        self.status[self.basic[position]] = to;
        self.status[entering] = VarStatus::Basic;
        self.basic[position] = entering;
        let pivot = alpha[position].clone();
        let nonzeros = alpha.into_iter().enumerate().filter(|(i, alpha)| *i != position && !alpha.is_zero());
        let others = nonzeros.map(|(i, alpha)| (i as u32, alpha)).collect();
        self.etas.push(Eta { position, pivot, others });
    }

    /// No bound stops the entering variable.
    fn unbounded(&self, entering: usize, up: bool, alpha: &[RBig]) -> ExactEnd {
        let n = self.lp.cost.len();
        let mut ray = vec![RBig::ZERO; self.status.len()];
        ray[entering] = if up { RBig::ONE } else { -RBig::ONE };
        for (&var, alpha) in self.basic.iter().zip(alpha) {
            ray[var] = if up { -alpha } else { alpha.clone() };
        }
        ray.truncate(n);
        ExactEnd::Unbounded { point: self.x[..n].to_vec(), ray }
    }
}

/// The row of the inverse whose variable violates a bound, and nothing can move it.
fn contradiction(rho: Vec<RBig>, side: Violated) -> ExactEnd {
    let sign = if side == Violated::Lower { -RBig::ONE } else { RBig::ONE };
    ExactEnd::Infeasible { multipliers: rho.into_iter().map(|value| value * &sign).collect() }
}

fn factors_of(lp: &ExactLp, basic: &[usize], meter: &mut Meter<'_>) -> Option<Factors<RBig>> {
    let columns: Vec<&[(u32, RBig)]> = basic.iter().map(|&var| lp.columns[var].as_slice()).collect();
    Factors::new(&columns, meter)
}

fn size(value: &RBig) -> RBig {
    if *value < RBig::ZERO { -value } else { value.clone() }
}
