//! What both formats write alike: numbers, sides and bounds, and what is remarkable or wrong.

use super::linear::Remark;
use crate::budget::Spent;
use crate::number::{self, Rational};

/// Why a model file is not read.
pub(super) enum Fault {
    /// What is wrong in it, and where.
    Wrong { line: u64, what: String },
    /// The budget is spent.
    Spent(Spent),
}

/// A number of a model file: a decimal, where `d` and `D` may also mark the exponent, within the range of binary64.
pub(crate) fn coefficient(text: &str) -> Result<Rational, String> {
    let value = decimal(text)?;
    number::check_range(&value).map_err(|error| format!("`{}`: {error}", shorten(text)))?;
    Ok(value)
}

/// The same whatever its size.
pub(crate) fn decimal(text: &str) -> Result<Rational, String> {
    let fortran = text.replace(['d', 'D'], "e");
    if fortran.contains('/') {
        return Err(format!("`{}` is not a number", shorten(text)));
    }
    number::exact(&fortran).map_err(|error| format!("`{}`: {error}", shorten(text)))
}

/// The sum of two numbers of a model.
pub(super) fn sum(a: &Rational, b: &Rational) -> Result<Rational, String> {
    let sum = a + b;
    let said = || format!("the sum of {} and {}", number::brief(a), number::brief(b));
    number::check_range(&sum).map_err(|error| format!("{}: {error}", said()))?;
    Ok(sum)
}

/// A bound or side of a model file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Side {
    MinusInfinity,
    At(Rational),
    Infinity,
}

impl Side {
    /// The side of a row: `inf` and `infinity` in any case, or a decimal, which means itself.
    pub(super) fn of_row(text: &str) -> Result<Self, String> {
        Self::infinite(text).map_or_else(|| coefficient(text).map(Self::At), Ok)
    }

    /// The bound of a column: the same, but that decimals from 1e20 on (once rounded to binary64) are infinite, by tradition; true
    /// for one of those.
    pub(super) fn of_column(text: &str) -> Result<(Self, bool), String> {
        if let Some(infinity) = Self::infinite(text) {
            return Ok((infinity, false));
        }
        // 1e20 and the half unit of binary64 below it; the tie rounds up.
        let threshold = Rational::from(100_000_000_000_000_000_000_u128 - 8_192);
        let value = decimal(text)?;
        if value >= threshold {
            Ok((Self::Infinity, true))
        } else if -value >= threshold {
            Ok((Self::MinusInfinity, true))
        } else {
            Ok((Self::At(coefficient(text)?), false))
        }
    }

    /// The infinity that a text spells.
    fn infinite(text: &str) -> Option<Self> {
        let (negative, word) = match text.strip_prefix('-') {
            Some(word) => (true, word),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let spells = word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity");
        spells.then_some(if negative { Self::MinusInfinity } else { Self::Infinity })
    }

    /// This side, `by` further up; an infinite one stays.
    pub(super) fn shifted(self, by: &Rational) -> Result<Self, String> {
        match self {
            Self::At(value) => sum(&value, by).map(Self::At),
            infinite => Ok(infinite),
        }
    }

    /// As a lower bound: `None` is minus infinity.
    pub(super) fn lower(self) -> Result<Option<Rational>, String> {
        match self {
            Self::MinusInfinity => Ok(None),
            Self::At(value) => Ok(Some(value)),
            Self::Infinity => Err("a lower bound of plus infinity can never be met".to_owned()),
        }
    }

    /// As an upper bound: `None` is infinity.
    pub(super) fn upper(self) -> Result<Option<Rational>, String> {
        match self {
            Self::Infinity => Ok(None),
            Self::At(value) => Ok(Some(value)),
            Self::MinusInfinity => Err("an upper bound of minus infinity can never be met".to_owned()),
        }
    }
}

/// Whether a line has nothing but blanks and control characters: old editors close a file with one.
pub(super) fn is_blank(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || c.is_control())
}

/// Of what there is one remark however often it stands.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    /// A bound that counts as infinite.
    OpenBound,
    /// A row without variables.
    BareRow,
    /// A row or bound that begins with a name behind the number of another.
    RunOn,
    /// Names of several sets.
    Sets,
    /// An integer column without bounds.
    Binary,
    /// A semi-continuous column whose lower bound is not above 0.
    SemiContinuous,
    /// A bound of a semi-continuous column without a value.
    OpenEnded,
}

/// Remarks while a file is read.
#[derive(Default)]
pub(super) struct Remarks {
    all: Vec<Remark>,
    /// For each kind where its first remark is, and how many others there are.
    repeated: Vec<(Kind, usize, u64)>,
}

impl Remarks {
    /// Notes what stands once.
    pub(super) fn note(&mut self, line: u64, what: impl Into<String>) {
        self.all.push(Remark { line, what: what.into() });
    }

    /// Notes what may stand often.
    pub(super) fn repeat(&mut self, kind: Kind, line: u64, what: impl FnOnce() -> String) {
        match self.repeated.iter_mut().find(|(known, ..)| *known == kind) {
            Some((.., others)) => *others += 1,
            None => {
                self.repeated.push((kind, self.all.len(), 0));
                self.note(line, what());
            }
        }
    }

    /// All of them by line; `behind` is the first line with anything behind the end.
    pub(super) fn finish(mut self, behind: Option<u64>) -> Vec<Remark> {
        for (_, first, others) in self.repeated.into_iter().filter(|(.., others)| *others > 0) {
            if let Some(remark) = self.all.get_mut(first) {
                remark.what.push_str(&format!(", as in {others} further places"));
            }
        }
        let behind = behind.map(|line| Remark { line, what: "what follows the end is not read".to_owned() });
        self.all.extend(behind);
        self.all.sort_by_key(|remark| remark.line);
        self.all
    }
}

/// At most forty characters of a text that goes into a message.
pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    if text.chars().nth(LONGEST).is_none() {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}...")
}
