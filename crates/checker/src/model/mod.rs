//! Linear models with integer variables, in exact rationals, as the model file states them.
//!
//! Decimals mean themselves: `0.1` is 1/10. What the files mean is in `docs/model-files.md`; the readers share no code with
//! the solver's, and `tests/readers` holds both to one table.

mod lp;
mod mps;

use crate::number::{self, Rational};
use crate::{Error, Source, limits};
use std::collections::BTreeMap;

/// Direction of the objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// The smallest value is best.
    Minimise,
    /// The largest value is best.
    Maximise,
}

/// A sparse linear form: (column, non-zero coefficient), columns ascending.
pub type Terms = Vec<(usize, Rational)>;

/// One column (variable).
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Unique name.
    pub name: String,
    /// Whether only whole numbers are allowed.
    pub integer: bool,
    /// Lower bound, `None` for minus infinity.
    pub lower: Option<Rational>,
    /// Upper bound, `None` for infinity.
    pub upper: Option<Rational>,
}

/// One row: lower <= terms <= upper.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Unique name.
    pub name: String,
    /// Left side.
    pub terms: Terms,
    /// Lower side, `None` for minus infinity.
    pub lower: Option<Rational>,
    /// Upper side, `None` for infinity.
    pub upper: Option<Rational>,
}

/// A model, everything exactly as its file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Direction of the objective.
    pub sense: Sense,
    /// Coefficients of the objective.
    pub objective: Terms,
    /// Constant of the objective.
    pub offset: Rational,
    /// Columns in the order of the file.
    pub columns: Vec<Column>,
    /// Rows in the order of the file, without the objective.
    pub rows: Vec<Row>,
    /// What of the file says something else than it seems to, by line.
    pub remarks: Vec<Remark>,
}

/// Something in a model file that its author should know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Line, counted from 1.
    pub line: u64,
    /// What stands there and how it is read.
    pub what: String,
}

/// Model file formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// MPS, free or fixed.
    Mps,
    /// CPLEX LP.
    Lp,
}

impl Format {
    /// The format that a file's name ends in (`.mps` or `.lp`, any case, perhaps with `.gz` after), if it tells.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        match name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?.1 {
            "mps" => Some(Self::Mps),
            "lp" => Some(Self::Lp),
            _ => None,
        }
    }

    /// LP files open with the direction of their objective.
    fn of_text(text: &str) -> Self {
        let mut lines =
            text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with(['*', '\\']));
        let word = lines.next().unwrap_or("").to_ascii_lowercase();
        if word.starts_with("min") || word.starts_with("max") { Self::Lp } else { Self::Mps }
    }
}

impl Model {
    /// Reads a model file in the given format, or in the one its first word tells. Memory grows with the file, which
    /// may have [`limits::MODEL_BYTES`].
    ///
    /// # Errors
    /// [`Error::Malformed`] with the line, also for features beyond linear models with integer variables.
    pub fn read(mut source: Source<'_>, format: impl Into<Option<Format>>) -> Result<Self, Error> {
        let text = source.read_lines(limits::MODEL_BYTES)?;
        let read = match format.into().unwrap_or_else(|| Format::of_text(&text)) {
            Format::Mps => mps::read(&text),
            Format::Lp => lp::read(&text),
        };
        read.map_err(|fault| source.malformed_at(fault.line, fault.what))
    }

    /// Number of integer columns.
    #[must_use]
    pub fn num_integer(&self) -> usize {
        self.columns.iter().filter(|column| column.integer).count()
    }

    /// Columns by name.
    pub(crate) fn index(&self) -> BTreeMap<&str, usize> {
        self.columns.iter().enumerate().map(|(j, column)| (column.name.as_str(), j)).collect()
    }
}

/// What is wrong in a model file, and where.
struct Fault {
    line: u64,
    what: String,
}

/// The value of a linear form at a point; a column beyond the point counts as 0.
pub(crate) fn value(terms: &[(usize, Rational)], point: &[Rational]) -> Rational {
    let mut sum = Rational::ZERO;
    for (column, coefficient) in terms {
        if let Some(x) = point.get(*column).filter(|x| !x.is_zero()) {
            sum += coefficient * x;
        }
    }
    sum
}

/// A number of a model file: a decimal, where `d` and `D` may also mark the exponent, within the range of binary64.
pub(crate) fn coefficient(text: &str) -> Result<Rational, String> {
    let value = decimal(text)?;
    number::check_range(&value).map_err(|error| format!("`{}`: {error}", shorten(text)))?;
    Ok(value)
}

fn decimal(text: &str) -> Result<Rational, String> {
    let fortran = text.replace(['d', 'D'], "e");
    if fortran.contains('/') {
        return Err(format!("`{}` is not a number", shorten(text)));
    }
    number::exact(&fortran).map_err(|error| format!("`{}`: {error}", shorten(text)))
}

/// The sum of two numbers of a model.
fn sum(a: &Rational, b: &Rational) -> Result<Rational, String> {
    let sum = a + b;
    let said = || format!("the sum of {} and {}", number::brief(a), number::brief(b));
    number::check_range(&sum).map_err(|error| format!("{}: {error}", said()))?;
    Ok(sum)
}

/// A bound or side of a model file.
#[derive(Clone, Debug, PartialEq)]
enum Side {
    MinusInfinity,
    At(Rational),
    Infinity,
}

impl Side {
    /// The side of a row: `inf` and `infinity` in any case, or a decimal, which means itself.
    fn of_row(text: &str) -> Result<Self, String> {
        Self::infinite(text).map_or_else(|| coefficient(text).map(Self::At), Ok)
    }

    /// The bound of a column: the same, but that decimals from 1e20 on (once rounded to binary64) are infinite, by tradition; true
    /// for one of those.
    fn of_column(text: &str) -> Result<(Self, bool), String> {
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
    fn shifted(self, by: &Rational) -> Result<Self, String> {
        match self {
            Self::At(value) => sum(&value, by).map(Self::At),
            infinite => Ok(infinite),
        }
    }

    /// As a lower bound: `None` is minus infinity.
    fn lower(self) -> Result<Option<Rational>, String> {
        match self {
            Self::MinusInfinity => Ok(None),
            Self::At(value) => Ok(Some(value)),
            Self::Infinity => Err("a lower bound of plus infinity can never be met".to_owned()),
        }
    }

    /// As an upper bound: `None` is infinity.
    fn upper(self) -> Result<Option<Rational>, String> {
        match self {
            Self::Infinity => Ok(None),
            Self::At(value) => Ok(Some(value)),
            Self::MinusInfinity => Err("an upper bound of minus infinity can never be met".to_owned()),
        }
    }
}

/// Whether a line has nothing but blanks and control characters: old editors close a file with one.
fn is_blank(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || c.is_control())
}

/// Remarks while a file is read.
#[derive(Default)]
struct Remarks {
    /// The first bound that counts as infinite, and how many others do.
    open: Option<(u64, String, u64)>,
}

impl Remarks {
    /// Notes a bound that counts as infinite.
    fn open_bound(&mut self, line: u64, text: &str) {
        match &mut self.open {
            Some((.., others)) => *others += 1,
            open => *open = Some((line, shorten(text), 0)),
        }
    }

    /// All of them; `behind` is the first line with anything behind the end.
    fn finish(self, behind: Option<u64>) -> Vec<Remark> {
        let open = self.open.map(|(line, text, others)| {
            let more = if others > 0 { format!(", as {others} further bounds") } else { String::new() };
            Remark { line, what: format!("a bound of {text} counts as infinite{more}") }
        });
        let behind = behind.map(|line| Remark { line, what: "what follows the end is not read".to_owned() });
        open.into_iter().chain(behind).collect()
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
