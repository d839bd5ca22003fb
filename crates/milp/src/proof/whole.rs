//! What rows of whole columns say beyond their relaxation ([`crate::whole`]), in lines of a certificate: a combination of rows
//! whose coefficients are whole, then rounded.

use dashu::integer::IBig;
use dashu::rational::RBig;

use super::Certificate;
use super::closing::Closed;
use super::journal::{Form, Rule};
use crate::bounds::{Multipliers, Side};
use crate::whole::Rounded;

/// A combination of rows without its fixed columns: `terms >= value` (or `<=`), and the lines that add up to it.
struct Combination {
    terms: Vec<(u32, IBig)>,
    value: RBig,
    lines: Multipliers,
}

/// A fixed column in a combination: its line with the multiplier that removes it.
struct Fixed {
    line: u64,
    multiplier: RBig,
}

impl Certificate {
    /// The contradiction that no whole number lies between the sides of a combination of rows, or that one of them is wrong where
    /// nothing is left beside fixed columns.
    pub(crate) fn whole_contradiction(&mut self, multipliers: &[(u32, RBig)]) -> Option<Closed> {
        for (direction, sign) in [(Side::Lower, RBig::ONE), (Side::Upper, -RBig::ONE)] {
            let Some(Combination { terms, value, lines }) = self.combined(multipliers, direction) else { continue };
            if terms.is_empty() && value * &sign > RBig::ZERO {
                let lines = lines.into_iter().map(|(line, multiplier)| (line, multiplier * &sign)).collect();
                return Some(self.absurd(&lines));
            }
        }
        let (below, least) = self.rounded(multipliers, Side::Lower)?;
        let (above, most) = self.rounded(multipliers, Side::Upper)?;
        (least > most).then(|| self.absurd(&vec![(below, RBig::ONE), (above, -RBig::ONE)]))
    }

    /// Rounds a side of a row for all that follows; false if the row has coefficients that are not whole, or it cannot be done.
    pub(crate) fn round_row(&mut self, rounded: &Rounded) -> bool {
        self.rounded_row(rounded).is_some()
    }

    fn rounded_row(&mut self, Rounded { row, is_upper, side, unit }: &Rounded) -> Option<()> {
        let at = *row as usize;
        let scale = IBig::from(self.model.scale.clone());
        let entries = &self.model.rows[at].entries;
        if entries.iter().any(|entry| !(&entry.value % &scale).is_zero()) {
            return None;
        }
        let terms: Vec<(u32, IBig)> = entries.iter().map(|entry| (entry.column, &entry.value / &scale)).collect();
        let direction = if *is_upper { Side::Upper } else { Side::Lower };
        // The fixed columns come back with the multipliers of the other direction's lines.
        let mut lines = Multipliers::new();
        for (column, value) in &terms {
            if self.fixed(*column as usize).is_some() {
                let Fixed { line, multiplier } =
                    self.removed(*column as usize, &-RBig::from(value.clone()), direction)?;
                lines.push((line, multiplier));
            }
        }
        let (line, _) = self.rounded(&[(*row, RBig::ONE / unit)], direction)?;
        lines.push((line, unit.clone()));
        let line = self.journal.push(sense(direction), Some(side), Form::Whole(&terms), Rule::Combine(&lines));
        let row = &mut self.model.rows[at];
        match direction {
            Side::Lower => (row.lower, row.lower_line) = (Some(side.clone()), Some(line)),
            Side::Upper => (row.upper, row.upper_line) = (Some(side.clone()), Some(line)),
        }
        Some(())
    }

    /// The line of a combination with its right side rounded, and that.
    fn rounded(&mut self, multipliers: &[(u32, RBig)], direction: Side) -> Option<(u64, RBig)> {
        let Combination { terms, value, lines } = self.combined(multipliers, direction)?;
        let target = RBig::from(if direction == Side::Lower { value.ceil() } else { value.floor() });
        let form = Form::Whole(&terms);
        let line = if value.is_int() {
            self.journal.push(sense(direction), Some(&value), form, Rule::Combine(&lines))
        } else {
            self.push_rounded(sense(direction), (&value, &target), form, lines)
        };
        Some((line, target))
    }

    /// Adds up rows and removes fixed columns; `None` if a side is missing or a coefficient is not whole.
    fn combined(&mut self, multipliers: &[(u32, RBig)], direction: Side) -> Option<Combination> {
        let scale = RBig::from(self.model.scale.clone());
        let (mut value, mut lines) = (RBig::ZERO, Multipliers::new());
        let mut sums: std::collections::BTreeMap<u32, RBig> = Default::default();
        for (i, y) in multipliers {
            let row = &self.model.rows[*i as usize];
            let takes_lower = (*y > RBig::ZERO) == (direction == Side::Lower);
            let (side, line) = if takes_lower { (&row.lower, row.lower_line) } else { (&row.upper, row.upper_line) };
            value += y * side.as_ref()?;
            lines.push((line?, y.clone()));
            for entry in &row.entries {
                *sums.entry(entry.column).or_default() += y * RBig::from(entry.value.clone()) / &scale;
            }
        }
        let mut terms = Vec::with_capacity(sums.len());
        for (column, sum) in sums.into_iter().filter(|(_, sum)| !sum.is_zero()) {
            let j = column as usize;
            if let Some(at) = self.fixed(j) {
                value -= &sum * at;
                let Fixed { line, multiplier } = self.removed(j, &sum, direction)?;
                lines.push((line, multiplier));
            } else if self.model.integer[j] && sum.is_int() {
                terms.push((column, sum.numerator().clone()));
            } else {
                return None;
            }
        }
        Some(Combination { terms, value, lines })
    }

    /// The value of a column that the model fixes.
    fn fixed(&self, j: usize) -> Option<RBig> {
        let (lower, upper) = (self.model.lower[j].as_ref()?, self.model.upper[j].as_ref()?);
        (lower == upper).then(|| lower.clone())
    }

    /// The bound of a fixed column that takes `sum` times it out of a combination.
    fn removed(&self, j: usize, sum: &RBig, direction: Side) -> Option<Fixed> {
        let multiplier = -sum;
        let side = if multiplier > RBig::ZERO { direction } else { direction.other() };
        let (line, _) = self.base(j, side)?;
        Some(Fixed { line, multiplier })
    }
}

fn sense(side: Side) -> char {
    if side == Side::Lower { 'G' } else { 'L' }
}
