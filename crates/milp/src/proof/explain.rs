//! Bounds and conflicts of a node, derived from its branchings.
//!
//! The log of the domain says which row deduced which bound. What a conflict needs is collected backwards, then derived in
//! the order of the log, each bound as one combination of its row and earlier bounds, rounded for integer columns.
//! Bounds are derived as the search has them, never tighter: floats with their margins. If the exact row does not give
//! as much, there is no derivation, and the caller looks for another proof.
//!
//! Two things keep proofs short. A row often has room to spare: then it leans on the root's bounds where those will do, and
//! what the search knew better needs no derivation ([`Leaning`]; explanations are *lifted*, as for pseudo-Boolean conflicts by
//! Chai and Kuehlmann, IEEE Trans. CAD 24, 2005). And several changes that a row makes at once share a line with the row
//! restricted to their columns.

use std::collections::BTreeSet;
use std::sync::Arc;

use dashu::base::Signed;
use dashu::integer::IBig;
use dashu::rational::RBig;

use super::Certificate;
use super::closing::Closed;
use super::journal::{Form, Rule};
use crate::Budget;
use crate::bounds::{BoundChange, Congruence, Domain, Inequality, LEVELS, Multipliers, Reason, Side};
use crate::number::finite;

/// Rows with this many terms or fewer are solved for a column in one line.
const SHORT: usize = 4;

/// Units of work that a term of a row in rationals takes.
const EXACT_TERM: usize = 50;

/// For each term of a row the position of the bound that it leans on; 0 is the base.
pub(super) type Leaning = Vec<u32>;

/// Changes to derive from one row with earlier bounds.
struct Planned {
    /// Positions of the changes, rising.
    positions: Vec<u32>,
    /// Made again when it is a row of the model: cheap, and there may be many in a plan.
    row: Option<Arc<Inequality>>,
    /// What the terms of the row lean on.
    leaning: Leaning,
    /// What the rounding leans on that a congruence needs before it gives the row.
    rounding: Option<Rounding>,
}

/// A congruence, the side of its rest that a change follows from, and what its terms lean on for that.
struct Rounding {
    congruence: Arc<Congruence>,
    side: Side,
    leaning: Leaning,
}

impl Certificate {
    /// The contradiction between the bounds in force and what the reason says: a row that cannot be met, or a bound crossed by
    /// `change`.
    pub(crate) fn conflict(
        &mut self,
        domain: &mut Domain,
        reason: &Reason,
        change: Option<BoundChange>,
        budget: &Budget,
    ) -> Option<Closed> {
        let candidates = match (reason, change) {
            (Reason::Guess, _) => return None,
            (Reason::Line(line), Some(change)) => return self.crossing(domain, *line, change, budget),
            (Reason::Line(_), None) => return None,
            (Reason::Congruence(congruence), _) => return self.incongruent(domain, congruence, budget),
            (Reason::Row(row), _) if (*row as usize) < self.model.rows.len() => {
                let sides = [Side::Lower, Side::Upper];
                sides.into_iter().filter_map(|side| self.model.row_side(*row as usize, side).map(Arc::new)).collect()
            }
            (Reason::Row(_), _) => vec![Arc::new(self.cutoff_inequality()?)],
            (Reason::Proof(proof), _) => {
                return (0..LEVELS).find_map(|level| {
                    let row = self.exact_row(proof, level)?;
                    self.violated(domain, &row, budget)
                });
            }
        };
        candidates.into_iter().find_map(|row| self.violated(domain, &row, budget))
    }

    /// A bound in force crosses the change that a line states.
    fn crossing(&mut self, domain: &mut Domain, line: u64, change: BoundChange, budget: &Budget) -> Option<Closed> {
        let (var, value) = (change.var as usize, finite(change.value)?);
        let (other, minus) = (change.side.other(), -RBig::ONE);
        self.explain(domain, [domain.position(var, other, domain.end())], budget)?;
        let (bound_line, bound) = self.bound(domain, var, other, domain.end())?;
        let crossed = match change.side {
            Side::Lower => value > bound,
            Side::Upper => value < bound,
        };
        let factor = |side: Side| if side == Side::Lower { RBig::ONE } else { minus.clone() };
        crossed.then(|| self.absurd(&vec![(line, factor(change.side)), (bound_line, factor(other))]))
    }

    /// Derives that a row cannot be met under the bounds in force, if it cannot.
    fn violated(&mut self, domain: &mut Domain, row: &Inequality, budget: &Budget) -> Option<Closed> {
        let leaning = self.lean(domain, row, &[], domain.end())?;
        self.explain(domain, leaning.iter().copied(), budget)?;
        let lines = self.leaning_lines(domain, row, &leaning, &[])?;
        Some(self.absurd(&lines))
    }

    /// A line `0 >= 1` from lines that contradict each other.
    pub(super) fn absurd(&mut self, lines: &Multipliers) -> Closed {
        let line = self.journal.push('G', Some(&RBig::ONE), Form::Zero, Rule::Combine(lines));
        Closed { line, bound: None }
    }

    /// Derives the changes at these positions (0 is the base, which needs no derivation) and all that they rest on, as long as the
    /// budget lasts.
    pub(super) fn explain(
        &mut self,
        domain: &mut Domain,
        targets: impl IntoIterator<Item = u32>,
        budget: &Budget,
    ) -> Option<()> {
        let mut waiting: BTreeSet<u32> = targets.into_iter().filter(|&position| position > 0).collect();
        let mut plan: Vec<Planned> = Vec::new();
        while let Some(position) = waiting.pop_last() {
            if matches!(domain.entry(position).reason, Reason::Line(_)) {
                continue;
            }
            let start = self.run_start(domain, position);
            let mut together: Vec<u32> = waiting.range(start..).copied().collect();
            together.push(position);
            let planned = match self.plan(domain, together, start) {
                Some(planned) => planned,
                None => self.plan(domain, vec![position], position)?,
            };
            if budget.spend(EXACT_TERM * planned.leaning.len()) {
                return None;
            }
            planned.positions.iter().for_each(|position| {
                waiting.remove(position);
            });
            let rounding = planned.rounding.iter().flat_map(|rounding| &rounding.leaning);
            waiting.extend(planned.leaning.iter().chain(rounding).copied().filter(|&position| position > 0));
            plan.push(planned);
        }
        plan.into_iter().rev().try_for_each(|planned| {
            if budget.spend(EXACT_TERM * planned.leaning.len()) { None } else { self.deduce(domain, &planned) }
        })
    }

    /// The first position of those before this one that the same row made, without any other change between.
    fn run_start(&self, domain: &Domain, position: u32) -> u32 {
        let of = |position: u32| domain.entry(position);
        let (reason, change) = (&of(position).reason, of(position).change);
        let mut start = position;
        while start > 1 {
            let before = of(start - 1);
            let same = match (&before.reason, reason) {
                // Both sides of an equation may make changes.
                (Reason::Row(a), Reason::Row(b)) => {
                    a == b && self.row_side_of(*a, &before.change) == self.row_side_of(*b, &change)
                }
                (Reason::Proof(a), Reason::Proof(b)) => Arc::ptr_eq(a, b),
                _ => false,
            };
            if !same {
                break;
            }
            start -= 1;
        }
        start
    }

    /// How to derive changes of one row from the bounds before a position; `None` if it is not possible.
    fn plan(&mut self, domain: &Domain, positions: Vec<u32>, before: u32) -> Option<Planned> {
        let first = domain.entry(positions[0]);
        let changes: Vec<BoundChange> = positions.iter().map(|&position| domain.entry(position).change).collect();
        let distinct = changes.iter().enumerate().all(|(i, a)| changes[..i].iter().all(|b| a.var != b.var));
        if !distinct {
            return None;
        }
        match &first.reason {
            Reason::Proof(proof) => {
                let proof = proof.clone();
                (0..LEVELS).find_map(|level| {
                    let row = self.exact_row(&proof, level)?;
                    let leaning = self.lean(domain, &row, &changes, before)?;
                    Some(Planned { positions: positions.clone(), row: Some(row), leaning, rounding: None })
                })
            }
            Reason::Congruence(congruence) => {
                let side = congruence.side_of(&first.change)?;
                let rounding = self.leaning_of_rest(domain, congruence, side, before)?;
                let extreme = self.rest_at(domain, congruence, side, &rounding)?;
                let row = congruence.row(side, &congruence.leaves_exactly(side, &extreme), 0);
                let leaning = self.lean(domain, &row, &changes, before)?;
                let rounding = Rounding { congruence: congruence.clone(), side, leaning: rounding };
                Some(Planned { positions, row: None, leaning, rounding: Some(rounding) })
            }
            reason => {
                let row = self.row_of(reason, &first.change)?;
                let leaning = self.lean(domain, &row, &changes, before)?;
                Some(Planned { positions, row: None, leaning, rounding: None })
            }
        }
    }

    /// The side of a row of the model from which a change follows; `None` for the cutoff.
    fn row_side_of(&self, row: u32, change: &BoundChange) -> Option<Side> {
        let entries = &self.model.rows.get(row as usize)?.entries;
        let entry = entries.iter().find(|entry| entry.column == change.var)?;
        Some(if entry.value.is_positive() { change.side } else { change.side.other() })
    }

    /// The row of the model, or the cutoff, from which a change follows.
    fn row_of(&self, reason: &Reason, change: &BoundChange) -> Option<Arc<Inequality>> {
        match reason {
            Reason::Guess | Reason::Line(_) | Reason::Proof(_) | Reason::Congruence(_) => None,
            Reason::Row(row) if (*row as usize) < self.model.rows.len() => {
                let side = self.row_side_of(*row, change)?;
                self.model.row_side(*row as usize, side).map(Arc::new)
            }
            Reason::Row(_) => self.cutoff_inequality().map(Arc::new),
        }
    }

    /// How a row, with bounds before a position, proves some changes or (if there is none, or the row does not bound its
    /// column) that there is no point. `None` if it does not.
    fn lean(&self, domain: &Domain, row: &Inequality, changes: &[BoundChange], before: u32) -> Option<Leaning> {
        let free: &[BoundChange] = match changes {
            [single] if !row.deduces(single) => &[],
            _ => changes,
        };
        let is_free = |column: u32| free.iter().any(|change| change.var == column);
        let (mut whole, mut rest) = (IBig::ZERO, RBig::ZERO);
        let mut positions = Vec::with_capacity(row.terms.len());
        // What the free terms reach at most, each with its bound before the changes; of one alone that does not matter.
        let mut reached: Vec<(u32, Option<RBig>)> = Vec::with_capacity(free.len());
        for (column, value) in &row.terms {
            let side = if value.is_positive() { Side::Upper } else { Side::Lower };
            let position = domain.position(*column as usize, side, before);
            let bound = self.value_at(domain, *column as usize, side, position);
            let among_others = is_free(*column);
            positions.push(if among_others && free.len() == 1 { 0 } else { position });
            if among_others {
                reached.push((*column, bound.map(|bound| RBig::from(value.clone()) * bound)));
                continue;
            }
            let bound = bound?;
            if bound.is_int() {
                whole += value * bound.numerator();
            } else {
                rest += RBig::from(value.clone()) * bound;
            }
        }
        let right = &row.right - rest - RBig::from(whole);
        // By how much the right side may shrink; strictly less than that if nothing but a contradiction or rounding is at stake.
        let (mut spare, mut strictly) = (right.clone(), true);
        for (at, change) in free.iter().enumerate() {
            let others = reached.iter().filter(|(column, _)| *column != change.var);
            let others = others.map(|(_, most)| most.clone()).collect::<Option<Vec<RBig>>>()?;
            let target = finite(change.value)?;
            let coefficient = row.coefficient(change.var)?;
            if !row.deduces(change) {
                return None;
            }
            let (threshold, strict) = match (self.model.integer[change.var as usize], change.side) {
                (false, _) => (target, false),
                (true, Side::Lower) => (target - RBig::ONE, true),
                (true, Side::Upper) => (target + RBig::ONE, true),
            };
            let needed = others.into_iter().fold(RBig::from(coefficient.clone()) * threshold, |sum, most| sum + most);
            let room = &right - needed;
            // One that may not be met counts as the tighter.
            if at == 0 || room < spare || (room == spare && strict) {
                (spare, strictly) = (room, strict);
            }
        }
        if spare < RBig::ZERO || (strictly && spare.is_zero()) {
            return None;
        }
        let costs = row.terms.iter().zip(&positions).map(|((column, value), &position)| {
            let side = if value.is_positive() { Side::Upper } else { Side::Lower };
            let change =
                if is_free(*column) { None } else { self.worth_lifting(domain, *column as usize, side, position) };
            change.map(|change| -RBig::from(value.clone()) * change)
        });
        let costs = costs.collect();
        lift(&mut positions, costs, spare, strictly);
        Some(positions)
    }

    /// By how much the bound at a position is above that of the base, if it would have to be derived first.
    pub(super) fn worth_lifting(&self, domain: &Domain, j: usize, side: Side, position: u32) -> Option<RBig> {
        if position == 0 || matches!(domain.entry(position).reason, Reason::Line(_)) {
            return None;
        }
        let (_, base) = self.base(j, side)?;
        Some(finite(domain.entry(position).change.value)? - base)
    }

    /// The value of a bound at a position, 0 for the base; `None` if there is none.
    pub(super) fn value_at(&self, domain: &Domain, j: usize, side: Side, position: u32) -> Option<RBig> {
        match position {
            0 => self.base(j, side).map(|(_, value)| value),
            _ => finite(domain.entry(position).change.value),
        }
    }

    /// The line and value of a bound at a position that has been derived.
    pub(super) fn bound_at(&self, domain: &Domain, j: usize, side: Side, position: u32) -> Option<(u64, RBig)> {
        match position {
            0 => self.base(j, side),
            _ => match domain.entry(position).reason {
                Reason::Line(line) => Some((line, finite(domain.entry(position).change.value)?)),
                _ => None,
            },
        }
    }

    /// The bound of a column before a position, with its line.
    pub(super) fn bound(&self, domain: &Domain, j: usize, side: Side, before: u32) -> Option<(u64, RBig)> {
        self.bound_at(domain, j, side, domain.position(j, side, before))
    }

    /// The row and the bounds of its terms, with multipliers that leave the free terms alone.
    fn leaning_lines(
        &mut self,
        domain: &Domain,
        row: &Inequality,
        positions: &[u32],
        free: &[BoundChange],
    ) -> Option<Multipliers> {
        let mut lines = Multipliers::with_capacity(row.terms.len() + 1);
        for ((column, value), &position) in row.terms.iter().zip(positions) {
            if free.iter().any(|change| change.var == *column) {
                continue;
            }
            let side = if value.is_positive() { Side::Upper } else { Side::Lower };
            let (line, _) = self.bound_at(domain, *column as usize, side, position)?;
            lines.push((line, RBig::from(-value)));
        }
        lines.push(self.line(row));
        Some(lines)
    }

    /// Writes the lines that derive what was planned.
    fn deduce(&mut self, domain: &mut Domain, planned: &Planned) -> Option<()> {
        let changes: Vec<BoundChange> = planned.positions.iter().map(|&at| domain.entry(at).change).collect();
        let row = match (&planned.row, &planned.rounding) {
            (Some(row), _) => row.clone(),
            (None, Some(Rounding { congruence, side, leaning })) => {
                Arc::new(self.congruent_row(domain, congruence, *side, leaning)?)
            }
            (None, None) => {
                let first = domain.entry(planned.positions[0]);
                self.row_of(&first.reason, &first.change)?
            }
        };
        if let ([change], [position]) = (&changes[..], &planned.positions[..])
            && !row.deduces(change)
        {
            // The row alone contradicts the bounds, whatever this column does.
            let lines = self.leaning_lines(domain, &row, &planned.leaning, &[])?;
            let (sense, target) = (sense(change.side), finite(change.value)?);
            let form = Form::Column(change.var as usize);
            let line = self.journal.push(sense, Some(&target), form, Rule::Combine(&lines));
            domain.set_line(*position, line);
            return Some(());
        }
        let lines = self.leaning_lines(domain, &row, &planned.leaning, &changes)?;
        let (mut terms, mut bounds, mut right) = (Vec::new(), Vec::new(), row.right.clone());
        for ((column, value), &position) in row.terms.iter().zip(&planned.leaning) {
            let side = if value.is_positive() { Side::Upper } else { Side::Lower };
            if changes.iter().any(|change| change.var == *column) {
                terms.push((*column, value.clone()));
                bounds.push((side, position));
            } else {
                right -= RBig::from(value.clone()) * self.value_at(domain, *column as usize, side, position)?;
            }
        }
        if let ([change], [position]) = (&changes[..], &planned.positions[..])
            && row.terms.len() <= SHORT
        {
            let line = self.solve_for(change, row.coefficient(change.var)?, &right, lines)?;
            domain.set_line(*position, line);
            return Some(());
        }
        let restricted = self.journal.push('G', Some(&right), Form::Whole(&terms), Rule::Combine(&lines));
        // All from the bounds before: none of these changes may be used for another.
        let mut derived = Vec::with_capacity(changes.len());
        for change in &changes {
            let (mut lines, mut right) = (vec![(restricted, RBig::ONE)], right.clone());
            for ((column, value), (side, position)) in terms.iter().zip(&bounds) {
                if *column != change.var {
                    let (line, bound) = self.bound_at(domain, *column as usize, *side, *position)?;
                    right -= RBig::from(value.clone()) * bound;
                    lines.push((line, RBig::from(-value)));
                }
            }
            derived.push(self.solve_for(change, row.coefficient(change.var)?, &right, lines)?);
        }
        for (&position, line) in planned.positions.iter().zip(derived) {
            domain.set_line(position, line);
        }
        Some(())
    }

    /// Writes a change that follows from `coefficient x >= right`, which is the sum of these lines.
    fn solve_for(
        &mut self,
        change: &BoundChange,
        coefficient: &IBig,
        right: &RBig,
        mut lines: Multipliers,
    ) -> Option<u64> {
        let j = change.var as usize;
        let target = finite(change.value)?;
        let sense = sense(change.side);
        let divisor = RBig::from(coefficient.clone());
        let value = right / &divisor;
        let reached = |value: &RBig| match change.side {
            Side::Lower => *value >= target,
            Side::Upper => *value <= target,
        };
        lines.iter_mut().for_each(|(_, multiplier)| *multiplier = &*multiplier / &divisor);
        if reached(&value) {
            return Some(self.journal.push(sense, Some(&target), Form::Column(j), Rule::Combine(&lines)));
        }
        let rounded = RBig::from(if change.side == Side::Lower { value.ceil() } else { value.floor() });
        let reached = self.model.integer[j] && reached(&rounded);
        reached.then(|| self.push_rounded(sense, (&value, &target), Form::Column(j), lines))
    }

    /// Writes `form sense target`, which is the sum of the lines, `form sense value`, rounded. Equations are not rounded: where
    /// there is nothing else, an inequality comes between.
    pub(super) fn push_rounded(
        &mut self,
        sense: char,
        (value, target): (&RBig, &RBig),
        form: Form,
        mut lines: Multipliers,
    ) -> u64 {
        if lines.iter().all(|(line, _)| self.model.equations.contains(line)) {
            let line = self.journal.push(sense, Some(value), form, Rule::Combine(&lines));
            lines = vec![(line, RBig::ONE)];
        }
        self.journal.push(sense, Some(target), form, Rule::Round(&lines))
    }
}

/// Puts the base in the place of bounds, the cheapest first, as long as the costs fit in what is to spare; gives their sum.
pub(super) fn lift(positions: &mut [u32], costs: Vec<Option<RBig>>, spare: RBig, strictly: bool) -> RBig {
    let costs = costs.into_iter().enumerate().filter_map(|(at, cost)| Some((cost?, at)));
    let mut costs: Vec<(RBig, usize)> = costs.collect();
    costs.sort();
    let mut spent = RBig::ZERO;
    for (cost, at) in costs {
        let sum = &spent + cost;
        if sum > spare || (strictly && sum == spare) {
            break;
        }
        spent = sum;
        positions[at] = 0;
    }
    spent
}

fn sense(side: Side) -> char {
    if side == Side::Lower { 'G' } else { 'L' }
}

impl Inequality {
    fn coefficient(&self, column: u32) -> Option<&IBig> {
        self.terms.binary_search_by_key(&column, |(column, _)| *column).ok().map(|at| &self.terms[at].1)
    }

    /// Whether solving for the column of a change bounds it on that side.
    fn deduces(&self, change: &BoundChange) -> bool {
        self.coefficient(change.var).is_some_and(|value| value.is_positive() == (change.side == Side::Lower))
    }
}
