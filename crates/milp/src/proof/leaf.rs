//! Bounds and contradictions from multipliers of all rows under the bounds of a node, exact linear programming, and exact
//! points.

use std::sync::Arc;

use dashu::base::{BitTest, Signed, UnsignedAbs};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;

use super::Certificate;
use super::closing::{Closed, Wanted};
use super::exact::ExactPoint;
use super::explain::lift;
use super::inequality::round;
use super::journal::{Form, Rule};
use crate::Budget;
use crate::bounds::{Domain, Multipliers, Reason, RowProof, Side};
use crate::exact_lp::{ExactEnd, ExactLp, Meter};
use crate::model::{Model, Variable};
use crate::number::{finite, lcm};
use crate::simplex::VarStatus;

/// Bits of float duals that are tried for a bound, few first.
const BITS: [i32; 2] = [24, 48];
/// A bound on the objective keeps this many bits, unless it meets the best point or what is wanted needs more.
const BOUND_BITS: usize = 40;

/// Multipliers of rows, whole numbers over a common denominator.
struct Weights {
    rows: Vec<(u32, IBig)>,
    denominator: UBig,
}

impl Weights {
    fn of_rationals(values: &[RBig]) -> Self {
        let nonzeros = || values.iter().enumerate().filter(|(_, y)| !y.is_zero());
        let denominator = nonzeros().fold(UBig::ONE, |common, (_, y)| lcm(&common, y.denominator()));
        let whole = |y: &RBig| y.numerator() * IBig::from(&denominator / y.denominator());
        Self { rows: nonzeros().map(|(i, y)| (i as u32, whole(y))).collect(), denominator }
    }

    /// Exact rationals of floats, rounded to `bits`.
    fn of_floats(proof: &RowProof, bits: i32) -> Self {
        let (exponent, rows) = round(&proof.multipliers, true, bits);
        Self { rows, denominator: UBig::ONE << usize::try_from(exponent).unwrap_or(0) }
    }
}

/// Each line once.
fn added_up(mut lines: Multipliers) -> Multipliers {
    lines.sort_by_key(|&(line, _)| line);
    let mut sums = Multipliers::with_capacity(lines.len());
    for (line, value) in lines {
        match sums.last_mut().filter(|(last, _)| *last == line) {
            Some((_, sum)) => *sum += value,
            None => sums.push((line, value)),
        }
    }
    sums.retain(|(_, sum)| !sum.is_zero());
    sums
}

/// The greatest number of few bits that is not above `value`.
fn shortened(value: &RBig) -> RBig {
    let magnitude = value.numerator().bit_len() as i64 - value.denominator().bit_len() as i64;
    let places = usize::try_from(BOUND_BITS as i64 - magnitude).unwrap_or(0);
    let power = UBig::ONE << places;
    RBig::from_parts((value * RBig::from(power.clone())).floor(), power)
}

/// What exact linear programming says about a node.
pub(crate) enum Exactly {
    /// It holds no point, or none below a bound.
    Closed(Closed),
    /// Nothing.
    Unknown,
}

impl Certificate {
    /// The bound that float duals prove for the box in force, with few bits where those reach what is wanted.
    pub(crate) fn dual_bound(
        &mut self,
        domain: &mut Domain,
        proof: &RowProof,
        wanted: &Wanted,
        budget: &Budget,
    ) -> Option<Closed> {
        let mut best = None;
        for bits in BITS {
            let weights = Weights::of_floats(proof, bits);
            let Some((value, _)) = self.weigh(domain, &weights, true, false) else { continue };
            let reached = self.reach(&value);
            let enough = wanted.is_met_by(&reached);
            if best.as_ref().is_none_or(|(best, _)| reached > *best) {
                best = Some((reached, weights));
            }
            if enough {
                break;
            }
        }
        let (_, weights) = best?;
        self.derive(domain, &weights, Some(wanted), false, budget)
    }

    /// The bound after rounding to the step of the objective, or the best point's objective if it is beyond.
    fn reach(&self, value: &RBig) -> RBig {
        match (&self.best, &self.model.grid) {
            (Some(best), _) if *value >= best.objective => best.objective.clone(),
            (_, Some(step)) => {
                let fixed = &self.model.fixed_cost;
                RBig::from(((value - fixed) / step).ceil()) * step + fixed
            }
            _ => value.clone(),
        }
    }

    /// `objective >= value` (or `0 >= value` without cost) for all points of the box, from multipliers; with the reduced
    /// costs times denominator times scale. `None` if a bound is missing.
    fn weigh(
        &mut self,
        domain: &Domain,
        weights: &Weights,
        with_cost: bool,
        firm: bool,
    ) -> Option<(RBig, Vec<(u32, IBig)>)> {
        let scale = RBig::from(self.model.scale.clone());
        let mut value = RBig::ZERO;
        let Self { model, sums, .. } = self;
        if with_cost {
            let factor = IBig::from(weights.denominator.clone());
            model.objective.iter().for_each(|entry| sums.add(&factor, entry.column, &entry.value, 0.0));
        }
        for (i, y) in &weights.rows {
            let row = &model.rows[*i as usize];
            // Of the wrong sign for a row with one side: nothing but a residue.
            let Some(side) = (if y.is_positive() { &row.lower } else { &row.upper }) else { continue };
            value += RBig::from(y.clone()) * &scale * side;
            let minus = -y;
            row.entries.iter().for_each(|entry| sums.add(&minus, entry.column, &entry.value, 0.0));
        }
        let reduced: Vec<(u32, IBig)> = self.sums.take().into_iter().map(|(column, sum, _)| (column, sum)).collect();
        let mut whole = IBig::ZERO;
        for (column, d) in &reduced {
            let (_, bound) = self.leaning(domain, *column as usize, d, firm)?;
            if bound.is_int() {
                whole += d * bound.numerator();
            } else {
                value += RBig::from(d.clone()) * bound;
            }
        }
        let value = (value + RBig::from(whole)) / (RBig::from(weights.denominator.clone()) * scale);
        Some((value, reduced))
    }

    /// The bound of a column that a reduced cost leans on: position 0 or where the log has it. `firm` takes only bounds that
    /// have lines already. Columns that the relaxation does not carry lean on the root's bounds.
    fn leaning(&self, domain: &Domain, j: usize, d: &IBig, firm: bool) -> Option<(u32, RBig)> {
        let side = if d.is_positive() { Side::Lower } else { Side::Upper };
        let mut position = if self.carried[j] { domain.position(j, side, domain.end()) } else { 0 };
        while firm && position > 0 && !matches!(domain.entry(position).reason, Reason::Line(_)) {
            position = domain.position(j, side, position);
        }
        match position {
            0 => self.base(j, side).map(|(_, value)| (0, value)),
            _ => Some((position, finite(domain.entry(position).change.value)?)),
        }
    }

    /// Writes what [`Self::weigh`] found: a bound on the objective of which this is wanted, or a contradiction.
    fn derive(
        &mut self,
        domain: &mut Domain,
        weights: &Weights,
        wanted: Option<&Wanted>,
        firm: bool,
        budget: &Budget,
    ) -> Option<Closed> {
        let with_cost = wanted.is_some();
        let (mut value, reduced) = self.weigh(domain, weights, with_cost, firm)?;
        if !with_cost && value <= RBig::ZERO {
            return None;
        }
        let leaning = reduced.iter().map(|(column, d)| self.leaning(domain, *column as usize, d, firm));
        let mut positions = leaning.map(|place| place.map(|(position, _)| position)).collect::<Option<Vec<u32>>>()?;
        let unit = RBig::ONE / (RBig::from(weights.denominator.clone()) * RBig::from(self.model.scale.clone()));
        if let Some((spare, strictly)) = self.spare(&value, with_cost) {
            let costs = reduced.iter().zip(&positions).map(|((column, d), &position)| {
                let side = if d.is_positive() { Side::Lower } else { Side::Upper };
                let change = self.worth_lifting(domain, *column as usize, side, position)?;
                Some(&unit * RBig::from(d.clone()) * change)
            });
            let costs = costs.collect();
            value -= lift(&mut positions, costs, spare, strictly);
        }
        self.explain(domain, positions.iter().copied(), budget)?;
        let scale = RBig::from(self.model.scale.clone());
        // A contradiction may be scaled; a bound is one on the objective as it is, in the sense of the model.
        let (row_unit, unit) = if with_cost {
            let sign = RBig::from(self.model.sign()) / RBig::from(weights.denominator.clone());
            (sign.clone(), sign / scale)
        } else {
            (scale, RBig::ONE)
        };
        let mut lines = Multipliers::with_capacity(weights.rows.len() + reduced.len());
        for (i, y) in &weights.rows {
            let row = &self.model.rows[*i as usize];
            let line = if y.is_positive() { row.lower_line } else { row.upper_line };
            lines.extend(line.map(|line| (line, RBig::from(y.clone()) * &row_unit)));
        }
        for ((column, d), position) in reduced.into_iter().zip(positions) {
            let j = column as usize;
            let side = if d.is_positive() { Side::Lower } else { Side::Upper };
            let line = match position {
                0 => self.base(j, side)?.0,
                _ => match domain.entry(position).reason {
                    Reason::Line(line) => line,
                    _ => return None,
                },
            };
            lines.push((line, RBig::from(d) * &unit));
        }
        Some(match wanted {
            Some(wanted) => self.bound_objective(&value, wanted, lines),
            None => self.absurd(&lines),
        })
    }

    /// By how much a bound on the objective (or `0 >= value`) may shrink and say the same, and whether strictly less.
    fn spare(&self, value: &RBig, with_cost: bool) -> Option<(RBig, bool)> {
        match (&self.best, &self.model.grid) {
            _ if !with_cost => Some((value.clone(), true)),
            (Some(best), _) if *value >= best.objective => Some((value - &best.objective, false)),
            (_, Some(step)) => Some((value - self.reach(value) + step, true)),
            _ => None,
        }
    }

    /// Writes `objective >= value` (minimised), which is the sum of the lines, rounded up to the step of the objective or
    /// cut to a short number that is no less than what is wanted.
    fn bound_objective(&mut self, value: &RBig, wanted: &Wanted, lines: Multipliers) -> Closed {
        let reached = self.reach(value);
        let is_long = reached.denominator().bit_len() > BOUND_BITS;
        let target = if reached <= *value && is_long && !self.meets_best(&reached) {
            let short = shortened(value);
            match wanted {
                Wanted::Bound(least) if short < *least && *least <= *value => least.clone(),
                _ => short,
            }
        } else {
            reached
        };
        let (sense, right) = self.objective_side(&target);
        let line = if target <= *value {
            self.journal.push(sense, Some(&right), Form::Objective, Rule::Combine(&lines))
        } else {
            self.round_objective(value, &target, lines)
        };
        Closed { line, bound: Some(target) }
    }

    fn meets_best(&self, value: &RBig) -> bool {
        self.best.as_ref().is_some_and(|best| best.objective == *value)
    }

    /// Takes the costs of fixed columns off, divides by the step, rounds, multiplies, and adds them again.
    fn round_objective(&mut self, value: &RBig, target: &RBig, mut lines: Multipliers) -> u64 {
        let step = self.model.grid.clone().unwrap_or(RBig::ONE);
        let (sense, right) = self.objective_side(target);
        let fixed = self.fixed_costs(true, &RBig::ONE);
        if step.is_one() && fixed.is_empty() {
            let (_, unrounded) = self.objective_side(value);
            return self.push_rounded(sense, (&unrounded, &right), Form::Objective, lines);
        }
        lines.iter_mut().for_each(|(_, multiplier)| *multiplier = &*multiplier / &step);
        lines.extend(self.fixed_costs(true, &(-RBig::ONE / &step)));
        let terms = self.steps(self.model.maximise);
        let in_steps = |bound: &RBig| self.objective_side(&((bound - &self.model.fixed_cost) / &step)).1;
        let values = (&in_steps(value), &in_steps(target));
        let rounded = self.push_rounded(sense, values, Form::Whole(&terms), added_up(lines));
        let lines = [vec![(rounded, step)], fixed].concat();
        self.journal.push(sense, Some(&right), Form::Objective, Rule::Combine(&lines))
    }

    /// Lines of the bounds of fixed columns that make `factor` times their costs: at least that, or at most, minimised.
    pub(super) fn fixed_costs(&self, at_least: bool, factor: &RBig) -> Multipliers {
        let sign = RBig::from(self.model.sign());
        let lines = self.model.fixed.iter().map(|(cost, lines)| {
            let leans_on_upper = (cost.is_positive() == factor.is_positive()) != at_least;
            (lines[usize::from(leans_on_upper)], cost * factor * &sign)
        });
        lines.collect()
    }

    /// What varies of the objective (minimised, or turned) over its step: whole coefficients.
    pub(super) fn steps(&self, turned: bool) -> Vec<(u32, IBig)> {
        let step = self.model.grid.clone().unwrap_or(RBig::ONE);
        let costs = self.model.cost.iter().enumerate();
        costs
            .filter(|&(j, cost)| !cost.is_zero() && !self.model.is_fixed(j))
            .map(|(j, cost)| {
                let whole = (cost / &step).numerator().clone();
                (j as u32, if turned { -whole } else { whole })
            })
            .collect()
    }

    /// Exact linear programming over the box of a node, from the basis with these statuses; where what propagation made of its
    /// branchings cannot be derived, over the bounds that have lines alone.
    pub(crate) fn exactly(
        &mut self,
        domain: &mut Domain,
        status: &[VarStatus],
        wanted: &Wanted,
        budget: &Budget,
    ) -> Exactly {
        for firm in [false, true] {
            let mut lp = self.take_lp();
            for j in (0..self.model.num_cols()).filter(|&j| self.carried[j]) {
                let bound = |d: IBig| self.leaning(domain, j, &d, firm).map(|(_, value)| value);
                (lp.lower[j], lp.upper[j]) = (bound(IBig::ONE), bound(-IBig::ONE));
            }
            let end = lp.solve(status, &mut Meter::of(budget));
            self.lp = Some(lp);
            let closed = match end {
                ExactEnd::Optimal { duals, .. } => {
                    self.derive(domain, &Weights::of_rationals(&duals), Some(wanted), firm, budget)
                }
                ExactEnd::Infeasible { multipliers } => {
                    self.derive(domain, &Weights::of_rationals(&multipliers), None, firm, budget)
                }
                ExactEnd::Unbounded { .. } | ExactEnd::Unfinished => None,
            };
            if let Some(closed) = closed {
                return Exactly::Closed(closed);
            }
        }
        Exactly::Unknown
    }

    /// Takes the integer columns of `point`, completes it exactly by linear programming from the basis with these statuses, and
    /// keeps it if it is the best. False if there is no exact completion, or none was found.
    pub(crate) fn complete(&mut self, point: &[f64], status: &[VarStatus], budget: &Budget) -> bool {
        let mut lp = self.take_lp();
        for (j, &x) in point.iter().enumerate().filter(|(j, _)| self.model.integer[*j]) {
            let Some(value) = finite(x.round()) else {
                self.lp = Some(lp);
                return false;
            };
            let inside = self.model.lower[j].as_ref().is_none_or(|lower| *lower <= value)
                && self.model.upper[j].as_ref().is_none_or(|upper| value <= *upper);
            if !inside {
                self.lp = Some(lp);
                return false;
            }
            (lp.lower[j], lp.upper[j]) = (Some(value.clone()), Some(value));
        }
        let end = lp.solve(status, &mut Meter::of(budget));
        self.lp = Some(lp);
        match end {
            ExactEnd::Optimal { point, .. } => {
                self.offer(point);
                true
            }
            _ => false,
        }
    }

    /// Solves a linear model exactly: its point and its bound, its point and its ray, or a contradiction. Where multipliers from floating point prove
    /// that there is no point, that is enough; where exact pivots come to no end in time, what those of the objective prove.
    pub(crate) fn linear(&mut self, domain: &mut Domain, status: &[VarStatus], proof: &Arc<RowProof>, budget: &Budget) {
        if let Some(closed) = self.crossed() {
            return self.close(None, closed);
        }
        if !proof.with_cost
            && let Some(closed) = self.conflict(domain, &Reason::Proof(proof.clone()), None, budget)
        {
            return self.close(None, closed);
        }
        let lp = self.take_lp();
        let end = lp.solve(status, &mut Meter::of(budget));
        self.lp = Some(lp);
        let closed = match end {
            ExactEnd::Optimal { point, duals } => {
                self.offer(point);
                self.derive(domain, &Weights::of_rationals(&duals), Some(&Wanted::Any), false, budget)
            }
            ExactEnd::Infeasible { multipliers } => {
                self.derive(domain, &Weights::of_rationals(&multipliers), None, false, budget)
            }
            ExactEnd::Unbounded { point, ray } => {
                self.unbounded(point, ray);
                return;
            }
            ExactEnd::Unfinished => None,
        };
        let closed = closed
            .or_else(|| self.dual_bound(domain, proof, &Wanted::Any, &Budget::default()).filter(|_| proof.with_cost));
        if let Some(closed) = closed {
            self.close(None, closed);
        }
    }

    /// The bound on the objective that holds at the root, whatever the branchings; as a last resort what its columns' bounds
    /// give; the better of them unless one is what is wanted.
    pub(crate) fn root_bound(&mut self, domain: &mut Domain, wanted: &Wanted) -> Option<Closed> {
        domain.jump(None);
        let duals = self.root_duals.clone();
        // The last that a run does: a bound from the root's own bounds, which need no derivation.
        let budget = Budget::default();
        let closed = duals.and_then(|duals| self.dual_bound(domain, &duals, wanted, &budget));
        let is_enough = closed.as_ref().is_some_and(|closed| closed.reaches(wanted));
        let alone = if is_enough { None } else { self.dual_bound(domain, &RowProof::new(&[], true), wanted, &budget) };
        // `None` would be a contradiction, which is more than any bound.
        let rank = |closed: &Closed| closed.bound.clone().map_or((true, RBig::ZERO), |bound| (false, bound));
        closed.into_iter().chain(alone).max_by_key(rank)
    }

    /// The same without any relaxation: what the bounds of the columns give.
    pub(crate) fn bound_by_columns(&mut self, model: &Model) {
        let bounds = |of: fn(&Variable) -> f64| model.variables.iter().map(of).collect();
        let mut domain = Domain::new(bounds(|var| var.lower), bounds(|var| var.upper));
        if let Some(closed) = self.root_bound(&mut domain, &Wanted::Any) {
            self.close(None, closed);
        }
    }

    /// Keeps an exact point if it is better than the best so far, and moves the cutoff.
    pub(crate) fn offer(&mut self, values: Vec<RBig>) {
        let objective = self.model.cost_of(&values);
        if self.best.as_ref().is_some_and(|best| best.objective <= objective) {
            return;
        }
        let turned = self.model.maximise;
        let sense = if turned { 'G' } else { 'L' };
        let (step, factor) = match self.model.grid.clone() {
            Some(step) => (step.clone(), step * RBig::from(self.model.sign())),
            None => (RBig::ZERO, RBig::ONE),
        };
        let assumption = match (self.assumption, &self.model.grid) {
            (Some(line), _) => line,
            (None, Some(_)) => self.journal.push('L', None, Form::Whole(&self.steps(false)), Rule::Assume),
            (None, None) => self.journal.push(sense, None, Form::Objective, Rule::Solution),
        };
        self.assumption = Some(assumption);
        let cutoff = &objective - step;
        let right = if turned { -&cutoff } else { cutoff.clone() };
        let mut lines = vec![(assumption, factor)];
        if self.model.grid.is_some() {
            lines.extend(self.fixed_costs(false, &RBig::ONE));
        }
        let line = self.journal.push(sense, Some(&right), Form::Objective, Rule::Combine(&lines));
        self.cutoff = Some((line, cutoff));
        self.best = Some(ExactPoint { values, objective });
    }

    /// The relaxation of the model in rationals.
    pub(super) fn take_lp(&mut self) -> ExactLp {
        if let Some(mut lp) = self.lp.take() {
            lp.lower[..self.model.num_cols()].clone_from_slice(&self.model.lower);
            lp.upper[..self.model.num_cols()].clone_from_slice(&self.model.upper);
            return lp;
        }
        let model = &self.model;
        let mut columns = vec![Vec::new(); model.num_cols()];
        let scale = IBig::from(model.scale.clone());
        for (i, row) in model.rows.iter().enumerate() {
            for entry in &row.entries {
                let value = RBig::from_parts(entry.value.clone(), scale.clone().unsigned_abs());
                columns[entry.column as usize].push((i as u32, value));
            }
        }
        columns.extend((0..model.rows.len() as u32).map(|i| vec![(i, -RBig::ONE)]));
        let lower = model.lower.iter().chain(model.rows.iter().map(|row| &row.lower)).cloned().collect();
        let upper = model.upper.iter().chain(model.rows.iter().map(|row| &row.upper)).cloned().collect();
        ExactLp { columns, cost: model.cost.clone(), lower, upper }
    }
}
