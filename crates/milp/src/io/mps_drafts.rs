//! Rows and columns of an MPS file as far as they are read.

use super::number::{self, Number};
use super::reading::{Warning, shorten};
use crate::model::{Datum, Decimals, Row, RowId};
use crate::{VarId, VarKind};

/// Why a reading ends.
pub(super) struct Failure {
    pub line: usize,
    pub message: String,
}

/// The type of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    Free,
    AtMost,
    AtLeast,
    Equal,
}

/// A row.
pub(super) struct RowDraft<'a> {
    pub name: &'a str,
    pub kind: RowKind,
    pub right_side: Option<Number>,
    pub range: Option<Number>,
    /// Where its right-hand side or range stands.
    pub line: usize,
    pub terms: Vec<(VarId, Number)>,
}

/// A column.
pub(super) struct ColumnDraft<'a> {
    pub name: &'a str,
    pub kind: VarKind,
    pub lower: Option<Number>,
    pub upper: Option<Number>,
    /// Where its upper bound stands, or without one its first entry.
    pub line: usize,
    /// Where it is said to be semi-continuous.
    pub semi: Option<usize>,
}

impl<'a> ColumnDraft<'a> {
    /// Name, kind and bounds.
    pub fn finish(self) -> (&'a str, VarKind, Number, Number) {
        let binary = self.is_binary_by_default();
        let frees = self.frees_lower();
        let lower = self.lower.unwrap_or(if frees { f64::NEG_INFINITY.into() } else { 0.0.into() });
        let upper = self.upper.unwrap_or(if binary { 1.0.into() } else { f64::INFINITY.into() });
        (self.name, self.kind, lower, upper)
    }

    /// Whether it is whole and has no bound.
    pub fn is_binary_by_default(&self) -> bool {
        self.kind == VarKind::Integer && self.lower.is_none() && self.upper.is_none()
    }

    /// Whether a negative upper bound frees the lower one.
    pub fn frees_lower(&self) -> bool {
        self.lower.is_none() && self.upper.as_ref().is_some_and(|upper| upper.float < 0.0)
    }

    /// Of a lower bound that is freed.
    pub fn warning(&self) -> Option<Warning> {
        let upper = self.upper.as_ref().filter(|_| self.frees_lower())?;
        let (name, upper) = (shorten(self.name), number::format(upper.float));
        let message = format!(
            "'{name}' has the upper bound {upper} and no lower bound: the lower bound is -inf, as most readers of MPS have \
             it; some keep 0, so write an MI or LO line as well"
        );
        Some(Warning { line: self.line, message })
    }
}

impl RowDraft<'_> {
    /// The row of the model.
    pub fn finish(self, id: RowId, decimals: &mut Decimals) -> Result<Row, Failure> {
        let fail = |message: String| Failure { line: self.line, message };
        let right = self.right_side.unwrap_or(0.0.into());
        let down = self.range.as_ref().is_some_and(|range| range.float < 0.0);
        let width = self.range.map(|range| if down { range.negated() } else { range });
        let meetless = || {
            let name = shorten(self.name);
            fail(format!("row '{name}' has an infinite side that can never be met; correct RHS or RANGES"))
        };
        if self.kind != RowKind::Free && width.is_some() && right.float.is_infinite() {
            return Err(meetless());
        }
        let (minus, plus) = (Number::from(f64::NEG_INFINITY), Number::from(f64::INFINITY));
        let shifted = |up: bool, open: &Number| match &width {
            Some(width) if up => right.plus(width).map_err(fail),
            Some(width) => right.plus(&width.clone().negated()).map_err(fail),
            None => Ok(open.clone()),
        };
        let (lower, upper) = match self.kind {
            RowKind::Free => (minus, plus),
            RowKind::AtMost => (shifted(false, &minus)?, right),
            RowKind::AtLeast => (right.clone(), shifted(true, &plus)?),
            RowKind::Equal if down => (shifted(false, &right)?, right),
            RowKind::Equal => (right.clone(), shifted(true, &right)?),
        };
        if lower.float == f64::INFINITY || upper.float == f64::NEG_INFINITY {
            return Err(meetless());
        }
        let terms = self.terms.into_iter().filter(|(_, value)| !value.is_zero());
        Ok(Row {
            name: self.name.into(),
            lower: lower.keep(Datum::RowLower(id), decimals),
            upper: upper.keep(Datum::RowUpper(id), decimals),
            terms: terms.map(|(var, value)| (var, value.keep(Datum::Entry(id, var), decimals))).collect(),
        })
    }
}
