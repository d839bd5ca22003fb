//! Rows and columns of an MPS file as far as they are read, and the fields of a card.

use super::linear::{Column, Row, Terms};
use super::text::{Side, shorten};
use crate::number::Rational;

type Step<T> = Result<T, String>;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Free,
    AtMost,
    AtLeast,
    Equal,
}

pub(super) struct RowDraft<'t> {
    pub(super) name: &'t str,
    pub(super) kind: Kind,
    pub(super) right: Option<Side>,
    pub(super) range: Option<Side>,
    /// Where its right-hand side or range stands.
    pub(super) line: u64,
    pub(super) terms: Terms,
    pub(super) indicator: Option<(usize, bool)>,
}

pub(super) struct ColumnDraft<'t> {
    pub(super) name: &'t str,
    pub(super) integer: bool,
    pub(super) lower: Option<Side>,
    pub(super) upper: Option<Side>,
    /// Where its upper bound stands, or without one its first entry.
    pub(super) line: u64,
    /// Where it is said to be semi-continuous.
    pub(super) semi: Option<u64>,
}

impl ColumnDraft<'_> {
    /// Whether a negative upper bound frees the lower one.
    pub(super) fn frees_lower(&self) -> bool {
        let negative = match &self.upper {
            Some(Side::At(upper)) => *upper < Rational::ZERO,
            upper => *upper == Some(Side::MinusInfinity),
        };
        self.lower.is_none() && negative
    }

    pub(super) fn is_binary_by_default(&self) -> bool {
        self.integer && self.lower.is_none() && self.upper.is_none()
    }

    pub(super) fn finish(self) -> Step<Column> {
        let frees = self.frees_lower();
        let binary = self.is_binary_by_default();
        let upper = self.upper.unwrap_or(if binary { Side::At(Rational::ONE) } else { Side::Infinity }).upper()?;
        let lower = match self.lower {
            Some(lower) => lower.lower()?,
            None => (!frees).then_some(Rational::ZERO),
        };
        Ok(Column { name: self.name.to_owned(), integer: self.integer, lower, upper, semi: self.semi.is_some() })
    }
}

impl RowDraft<'_> {
    pub(super) fn finish(self) -> Step<Row> {
        let named = |what: String| format!("row `{}`: {what}", shorten(self.name));
        let right = self.right.unwrap_or(Side::At(Rational::ZERO));
        let down = match &self.range {
            Some(Side::At(value)) => *value < Rational::ZERO,
            range => *range == Some(Side::MinusInfinity),
        };
        // The other end of a range, which is as wide as the entry is large; an infinite one is open.
        let end = |up: bool, otherwise: Side| match (&right, &self.range) {
            (_, None) => Ok(otherwise),
            (Side::At(right), Some(Side::At(width))) => {
                let size = if *width < Rational::ZERO { -width } else { width.clone() };
                Side::At(right.clone()).shifted(&if up { size } else { -size })
            }
            (Side::At(_), Some(_)) => Ok(if up { Side::Infinity } else { Side::MinusInfinity }),
            _ => Err("a range around an infinite side".to_owned()),
        };
        let (lower, upper) = match self.kind {
            Kind::Free => (Side::MinusInfinity, Side::Infinity),
            Kind::AtMost => (end(false, Side::MinusInfinity).map_err(named)?, right),
            Kind::AtLeast => (right.clone(), end(true, Side::Infinity).map_err(named)?),
            Kind::Equal if down => (end(false, right.clone()).map_err(named)?, right),
            Kind::Equal => (right.clone(), end(true, right.clone()).map_err(named)?),
        };
        let (lower, upper) = (lower.lower().map_err(named)?, upper.upper().map_err(named)?);
        Ok(Row { name: self.name.to_owned(), terms: self.terms, lower, upper, indicator: self.indicator })
    }
}

/// The non-empty fields of a card: its columns 2-3, 5-12, 15-22, 25-36, 40-47 and 50 on (blanks between belong to the
/// field before, so that long numbers run on).
pub(super) fn card(line: &str) -> Vec<&str> {
    let mut fields = Vec::with_capacity(6);
    let mut rest = line;
    let mut at = 0;
    for end in [4, 14, 24, 39, 49, usize::MAX] {
        let split = rest.char_indices().nth(end - at).map_or(rest.len(), |(byte, _)| byte);
        let (field, after) = rest.split_at_checked(split).unwrap_or((rest, ""));
        let mut field = field.trim();
        // A comment may start behind a number.
        let comment = field.split_once('$').filter(|(before, _)| before.ends_with(char::is_whitespace));
        let comment = comment.filter(|_| matches!(end, 39 | usize::MAX));
        if let Some((before, _)) = comment {
            field = before.trim_end();
        }
        if !field.is_empty() {
            fields.push(field);
        }
        if comment.is_some() {
            break;
        }
        (rest, at) = (after, end);
    }
    fields
}
