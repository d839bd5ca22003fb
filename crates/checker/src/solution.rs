//! Solutions of a model: exact violations and the exact objective.
//!
//! Entry points: [`check`] for a file in the style of MIPLIB, HiGHS, SCIP or Gurobi, [`recount`] for a point.

use crate::model::{coefficient, shorten, value};
use crate::number::{self, Rational};
use crate::{Error, Model, Source, limits};
use std::collections::BTreeMap;

/// The largest violation of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worst {
    /// How much, in the units of the model; 0 for none.
    pub amount: Rational,
    /// The row or column, empty for none.
    pub place: String,
}

/// A point recounted exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Objective at the point, constant included.
    pub objective: Rational,
    /// Objective that the file states, if it states one.
    pub claimed_objective: Option<Rational>,
    /// Columns that the file gives a value; the others are 0.
    pub values: usize,
    /// Largest distance of a column from its bounds.
    pub bounds: Worst,
    /// Largest distance of a row from its sides.
    pub rows: Worst,
    /// Largest distance of an integer column from the nearest whole number.
    pub integrality: Worst,
}

impl Worst {
    fn take(&mut self, amount: Rational, place: &str) {
        if amount > self.amount {
            *self = Self { amount, place: place.to_owned() };
        }
    }

    /// Takes how far `value` lies outside of [lower, upper].
    fn outside(&mut self, value: &Rational, lower: Option<&Rational>, upper: Option<&Rational>, place: &str) {
        if let Some(lower) = lower {
            self.take(lower - value, place);
        }
        if let Some(upper) = upper {
            self.take(value - upper, place);
        }
    }
}

impl Report {
    /// The first kind of violation above `tolerance`, in words; `None` if the point is a solution up to it.
    #[must_use]
    pub fn violation(&self, tolerance: &Rational) -> Option<String> {
        let kinds = [("the bounds of", &self.bounds), ("row", &self.rows), ("the integrality of", &self.integrality)];
        let (what, worst) = kinds.into_iter().find(|(_, worst)| worst.amount > *tolerance)?;
        Some(format!("{what} `{}` violated by {}", shorten(&worst.place), number::brief(&worst.amount)))
    }
}

/// Recounts a point (one value a column, in the model's order). Cost: the non-zeros of the model.
#[must_use]
pub fn recount(model: &Model, point: &[Rational]) -> Report {
    let mut report = Report {
        objective: value(&model.objective, point) + &model.offset,
        claimed_objective: None,
        values: point.len(),
        bounds: Worst::default(),
        rows: Worst::default(),
        integrality: Worst::default(),
    };
    for (column, x) in model.columns.iter().zip(point) {
        report.bounds.outside(x, column.lower.as_ref(), column.upper.as_ref(), &column.name);
        if column.integer && !x.is_int() {
            let up = Rational::from(x.ceil()) - x;
            let down = x - Rational::from(x.floor());
            report.integrality.take(up.min(down), &column.name);
        }
    }
    for row in &model.rows {
        let activity = value(&row.terms, point);
        report.rows.outside(&activity, row.lower.as_ref(), row.upper.as_ref(), &row.name);
    }
    report
}

/// Recounts a solution file: a column and its value a line, decimals meant exactly; columns without a line are 0.
///
/// Comments (`#`) and headings are skipped; of HiGHS' raw format the columns are read, rows and duals are not. Names may
/// stand in quotation marks. All of it is in `docs/model-files.md`.
///
/// # Errors
/// [`Error::Malformed`] for a name that is no column of the model or stands twice, or a value that is no finite number.
/// Violations are no error: ask the report.
pub fn check(model: &Model, mut solution: Source<'_>) -> Result<Report, Error> {
    let index = model.index();
    let mut point: Vec<Option<Rational>> = vec![None; model.columns.len()];
    let mut claimed = None;
    let text = solution.read_lines(limits::MODEL_BYTES)?;
    let has = |line: &str, heading: &str| line.trim().to_ascii_lowercase().starts_with(heading);
    // HiGHS opens with its status, and lists the columns after a heading of their own.
    let mut in_preamble = text.lines().any(|line| has(line, "# columns"));
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        in_preamble &= !has(line, "# columns");
        if in_preamble || has(line, "# rows") {
            if in_preamble {
                claimed = claimed.or_else(|| objective(line, &index));
                continue;
            }
            break;
        }
        if let Some(value) = objective(line, &index) {
            claimed = claimed.or(Some(value));
            continue;
        }
        if is_heading(line, &index) {
            continue;
        }
        let fault = |what: String| solution.malformed_at(number, what);
        let (name, word) = split(line, &index).ok_or_else(|| fault("expected a column and its value".to_owned()))?;
        let Some(slot) = index.get(name.as_str()).and_then(|&column| point.get_mut(column)) else {
            return Err(fault(format!("`{}` is no column of the model", shorten(&name))));
        };
        if slot.replace(coefficient(word).map_err(fault)?).is_some() {
            return Err(fault(format!("column `{}` has two values", shorten(&name))));
        }
    }
    let values = point.iter().flatten().count();
    let point: Vec<Rational> = point.into_iter().map(Option::unwrap_or_default).collect();
    Ok(Report { claimed_objective: claimed, values, ..recount(model, &point) })
}

type Index<'m> = BTreeMap<&'m str, usize>;

/// The objective that a line states.
fn objective(line: &str, index: &Index) -> Option<Rational> {
    let word = line.split_whitespace().next()?;
    let is_word = |heading: &str| word.eq_ignore_ascii_case(heading);
    if !is_word("=obj=") && (!is_word("objective") || index.contains_key(word)) {
        return None;
    }
    number::exact(line.split_whitespace().next_back()?).ok()
}

/// Whether a line says something else than the value of a column.
fn is_heading(line: &str, index: &Index) -> bool {
    let lower = line.to_ascii_lowercase();
    let word = line.split_whitespace().next().unwrap_or("");
    let is_word = |heading: &str| word.eq_ignore_ascii_case(heading);
    let phrases = ["#", "solution status:", "objective value:"];
    line.is_empty()
        || is_word("=obj=")
        || is_word("=infeas=")
        || (is_word("objective") && !index.contains_key(word))
        || phrases.iter().any(|phrase| lower.starts_with(phrase))
}

/// The column and the value that a line starts with.
fn split<'l>(line: &'l str, index: &Index) -> Option<(String, &'l str)> {
    if let Some((name, rest)) = quoted(line).filter(|(name, _)| index.contains_key(name.as_str())) {
        return Some((name, rest.split_whitespace().next()?));
    }
    // Other programs write names with blanks as they are: the longest column counts that a number follows.
    let mut found = None;
    let mut rest = line;
    let mut passed = 0;
    loop {
        let word = rest.split_whitespace().next()?;
        let (_, after) = rest.split_once(word)?;
        passed += rest.len() - after.len();
        let Some(next) = after.split_whitespace().next() else { break };
        let name = line.get(..passed)?;
        if found.is_none() || (index.contains_key(name) && coefficient(next).is_ok()) {
            found = Some((name.to_owned(), next));
        }
        rest = after;
    }
    found
}

/// The text between the quotation marks that a line starts with, where a backslash escapes, and what follows.
fn quoted(line: &str) -> Option<(String, &str)> {
    let mut chars = line.strip_prefix('"')?.chars();
    let mut name = String::new();
    loop {
        name.push(match chars.next()? {
            '"' => return Some((name, chars.as_str())),
            '\\' => match chars.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            },
            other => other,
        });
    }
}
