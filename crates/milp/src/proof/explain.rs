//! Bounds and conflicts of a node, derived from its branchings.
//!
//! The log of the domain says which row deduced which bound. What a conflict needs is collected backwards, then derived in
//! the order of the log, each bound as one combination of its row and earlier bounds, rounded for integer columns.
//! Bounds are derived as the search has them, never tighter: floats with their margins. If the exact row does not give
//! as much, there is no derivation, and the caller looks for another proof.

use std::collections::BTreeSet;
use std::sync::Arc;

use dashu::base::Signed;
use dashu::integer::IBig;
use dashu::rational::RBig;

use super::inequality::{Inequality, LEVELS};
use super::journal::{Form, Multipliers, Rule};
use super::number::decimal;
use super::{Certificate, Closed};
use crate::mip::{BoundChange, Domain, Reason, Side};

/// The greatest value of some terms over a box, and the bounds that it takes: (line, multiplier of the line).
struct Greatest {
    value: RBig,
    bounds: Multipliers,
}

impl Certificate {
    /// The contradiction between the bounds in force and what the reason says: a row that cannot be met, or a bound crossed by
    /// `change`.
    pub(crate) fn conflict(
        &mut self,
        domain: &mut Domain,
        reason: &Reason,
        change: Option<BoundChange>,
    ) -> Option<Closed> {
        let candidates = match (reason, change) {
            (Reason::Guess, _) => return None,
            (Reason::Line(line), Some(change)) => return self.crossing(domain, *line, change),
            (Reason::Line(_), None) => return None,
            (Reason::Row(row), _) if (*row as usize) < self.model.rows.len() => {
                let sides = [Side::Lower, Side::Upper];
                sides.into_iter().filter_map(|side| self.model.row_side(*row as usize, side).map(Arc::new)).collect()
            }
            (Reason::Row(_), _) => vec![Arc::new(self.cutoff_inequality()?)],
            (Reason::Proof(proof), _) => {
                return (0..LEVELS).find_map(|level| {
                    let row = self.exact_row(proof, level)?;
                    self.violated(domain, &row)
                });
            }
        };
        candidates.into_iter().find_map(|row| self.violated(domain, &row))
    }

    /// A bound in force crosses the change that a line states.
    fn crossing(&mut self, domain: &mut Domain, line: u64, change: BoundChange) -> Option<Closed> {
        let (var, value) = (change.var as usize, decimal(change.value));
        let (other, minus) = (change.side.other(), -RBig::ONE);
        self.explain(domain, [domain.position(var, other, domain.end())])?;
        let (bound_line, bound) = self.bound(domain, var, other, domain.end())?;
        let crossed = match change.side {
            Side::Lower => value > bound,
            Side::Upper => value < bound,
        };
        let factor = |side: Side| if side == Side::Lower { RBig::ONE } else { minus.clone() };
        crossed.then(|| self.absurd(&vec![(line, factor(change.side)), (bound_line, factor(other))]))
    }

    /// Derives that a row cannot be met under the bounds in force, if it cannot.
    fn violated(&mut self, domain: &mut Domain, row: &Inequality) -> Option<Closed> {
        let end = domain.end();
        let estimate = self.greatest_value(domain, row, None, end)?;
        if estimate >= row.right {
            return None;
        }
        self.explain(domain, self.needed(domain, row, None, end))?;
        let greatest = self.greatest(domain, row, None, end)?;
        let mut lines = greatest.bounds;
        lines.push(self.line(row));
        Some(self.absurd(&lines))
    }

    /// A line `0 >= 1` from lines that contradict each other.
    pub(super) fn absurd(&mut self, lines: &Multipliers) -> Closed {
        let line = self.journal.push('G', Some(&RBig::ONE), Form::Zero, Rule::Combine(lines));
        Closed { line, bound: None }
    }

    /// Derives the changes at these positions (0 is the base, which needs no derivation) and all that they rest on.
    pub(super) fn explain(&mut self, domain: &mut Domain, targets: impl IntoIterator<Item = u32>) -> Option<()> {
        let mut waiting: BTreeSet<u32> = targets.into_iter().filter(|&position| position > 0).collect();
        let mut plan: Vec<(u32, Option<Arc<Inequality>>)> = Vec::new();
        while let Some(position) = waiting.pop_last() {
            let entry = domain.entry(position);
            if matches!(entry.reason, Reason::Line(_)) {
                continue;
            }
            let (reason, change) = (entry.reason.clone(), entry.change);
            let row = match &reason {
                Reason::Proof(proof) => (0..LEVELS).find_map(|level| {
                    let row = self.exact_row(proof, level)?;
                    self.gives(domain, position, &row, &change).then_some(row)
                })?,
                _ => self.row_of(&reason, &change)?,
            };
            let skipped = row.deduces(&change).then_some(change.var);
            waiting.extend(self.needed(domain, &row, skipped, position));
            // Rows of the model are cheap to make again, and there may be many in the plan.
            plan.push((position, matches!(reason, Reason::Proof(_)).then_some(row)));
        }
        for (position, row) in plan.into_iter().rev() {
            let entry = domain.entry(position);
            let (reason, change) = (entry.reason.clone(), entry.change);
            let row = match row {
                Some(row) => row,
                None => self.row_of(&reason, &change)?,
            };
            let line = self.deduction(domain, position, &row, &change)?;
            domain.set_line(position, line);
        }
        Some(())
    }

    /// The row of the model, or the cutoff, from which a change follows.
    fn row_of(&self, reason: &Reason, change: &BoundChange) -> Option<Arc<Inequality>> {
        match reason {
            Reason::Guess | Reason::Line(_) | Reason::Proof(_) => None,
            Reason::Row(row) if (*row as usize) < self.model.rows.len() => {
                let entries = &self.model.rows[*row as usize].entries;
                let entry = entries.iter().find(|entry| entry.column == change.var)?;
                let side = if entry.value.is_positive() { change.side } else { change.side.other() };
                self.model.row_side(*row as usize, side).map(Arc::new)
            }
            Reason::Row(_) => self.cutoff_inequality().map(Arc::new),
        }
    }

    /// Whether a row gives a change, or contradicts the bounds before it.
    fn gives(&self, domain: &Domain, position: u32, row: &Inequality, change: &BoundChange) -> bool {
        let skipped = row.deduces(change).then_some(change.var);
        let Some(greatest) = self.greatest_value(domain, row, skipped, position) else { return false };
        let Some(coefficient) = skipped.and_then(|_| row.coefficient(change.var)) else {
            return greatest < row.right;
        };
        let value = (&row.right - greatest) / RBig::from(coefficient.clone());
        let target = decimal(change.value);
        match (change.side, self.model.integer[change.var as usize]) {
            (Side::Lower, false) => value >= target,
            (Side::Upper, false) => value <= target,
            (Side::Lower, true) => RBig::from(value.ceil()) >= target,
            (Side::Upper, true) => RBig::from(value.floor()) <= target,
        }
    }

    /// Positions of the bounds that an inequality needs, with one column left out.
    fn needed(&self, domain: &Domain, row: &Inequality, skipped: Option<u32>, before: u32) -> Vec<u32> {
        let others = row.terms.iter().filter(|(column, _)| Some(*column) != skipped);
        others
            .map(|(column, value)| {
                let side = if value.is_positive() { Side::Upper } else { Side::Lower };
                domain.position(*column as usize, side, before)
            })
            .filter(|&position| position > 0)
            .collect()
    }

    /// The bound of a column before a position, with its line if there is one.
    fn value(&self, domain: &Domain, j: usize, side: Side, before: u32) -> Option<(Option<u64>, RBig)> {
        match domain.position(j, side, before) {
            0 => self.base(j, side).map(|(line, value)| (Some(line), value)),
            position => {
                let entry = domain.entry(position);
                let line = if let Reason::Line(line) = entry.reason { Some(line) } else { None };
                Some((line, decimal(entry.change.value)))
            }
        }
    }

    /// The same for a bound that has a line.
    pub(super) fn bound(&self, domain: &Domain, j: usize, side: Side, before: u32) -> Option<(u64, RBig)> {
        self.value(domain, j, side, before).and_then(|(line, value)| Some((line?, value)))
    }

    fn greatest_value(&self, domain: &Domain, row: &Inequality, skipped: Option<u32>, before: u32) -> Option<RBig> {
        let (mut whole, mut rest) = (IBig::ZERO, RBig::ZERO);
        for (column, value) in row.terms.iter().filter(|(column, _)| Some(*column) != skipped) {
            let side = if value.is_positive() { Side::Upper } else { Side::Lower };
            let (_, bound) = self.value(domain, *column as usize, side, before)?;
            if bound.is_int() {
                whole += value * bound.numerator();
            } else {
                rest += RBig::from(value.clone()) * bound;
            }
        }
        Some(rest + RBig::from(whole))
    }

    fn greatest(&self, domain: &Domain, row: &Inequality, skipped: Option<u32>, before: u32) -> Option<Greatest> {
        let value = self.greatest_value(domain, row, skipped, before)?;
        let mut bounds = Multipliers::with_capacity(row.terms.len() + 1);
        for (column, coefficient) in row.terms.iter().filter(|(column, _)| Some(*column) != skipped) {
            let side = if coefficient.is_positive() { Side::Upper } else { Side::Lower };
            let (line, _) = self.bound(domain, *column as usize, side, before)?;
            bounds.push((line, RBig::from(-coefficient)));
        }
        Some(Greatest { value, bounds })
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

    /// Writes the line that derives the change at a position from its row.
    fn deduction(&mut self, domain: &Domain, position: u32, row: &Inequality, change: &BoundChange) -> Option<u64> {
        let j = change.var as usize;
        let target = decimal(change.value);
        let sense = if change.side == Side::Lower { 'G' } else { 'L' };
        if !row.deduces(change) {
            // The row alone contradicts the bounds, whatever this column does.
            let greatest = self.greatest(domain, row, None, position)?;
            let mut lines = greatest.bounds;
            lines.push(self.line(row));
            let absurd = greatest.value < row.right;
            return absurd.then(|| self.journal.push(sense, Some(&target), Form::Column(j), Rule::Combine(&lines)));
        }
        let greatest = self.greatest(domain, row, Some(change.var), position)?;
        let divisor = RBig::from(row.coefficient(change.var)?.clone());
        let value = (&row.right - &greatest.value) / &divisor;
        let reached = |value: &RBig| match change.side {
            Side::Lower => *value >= target,
            Side::Upper => *value <= target,
        };
        let mut lines: Multipliers = greatest.bounds;
        lines.push(self.line(row));
        lines.iter_mut().for_each(|(_, multiplier)| *multiplier = &*multiplier / &divisor);
        if reached(&value) {
            return Some(self.journal.push(sense, Some(&target), Form::Column(j), Rule::Combine(&lines)));
        }
        let rounded = RBig::from(if change.side == Side::Lower { value.ceil() } else { value.floor() });
        let reached = self.model.integer[j] && reached(&rounded);
        reached.then(|| self.push_rounded(sense, (&value, &target), Form::Column(j), lines))
    }
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
