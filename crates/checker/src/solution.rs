//! Solutions of a model: exact violations and the exact objective.
//!
//! Entry points: [`check`] for a file in the style of MIPLIB, HiGHS, SCIP or Gurobi, [`recount`] for a point.

use crate::model::{shorten, value};
use crate::number::{self, Rational};
use crate::{Error, Model, Source};

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
/// Comments (`#`) and headings are skipped; of HiGHS' raw format the columns are read, rows and duals are not.
///
/// # Errors
/// [`Error::Malformed`] for a name that is no column of the model or stands twice, or a value that is no finite number.
/// Violations are no error: ask the report.
pub fn check(model: &Model, mut solution: Source<'_>) -> Result<Report, Error> {
    let index = model.index();
    let mut point: Vec<Option<Rational>> = vec![None; model.columns.len()];
    let mut claimed = None;
    let mut line = String::new();
    // HiGHS opens with its status, and lists the columns after a heading of their own.
    let mut in_preamble = false;
    while solution.next_line(&mut line)? {
        let text = line.trim();
        let lower = text.to_ascii_lowercase();
        if lower.starts_with("# rows") {
            break;
        }
        in_preamble = (in_preamble || lower == "model status") && !lower.starts_with("# columns");
        let mut words = text.split_whitespace();
        let (name, word) = (words.next().unwrap_or(""), words.next());
        let heading = ["=obj=", "objective"].contains(&name.to_ascii_lowercase().as_str()) && !index.contains_key(name);
        if heading {
            claimed = claimed.or_else(|| number::exact(text.split_whitespace().next_back()?).ok());
        }
        let skipped = lower.starts_with('#') || lower.starts_with("=infeas=") || lower.starts_with("solution status:");
        if text.is_empty() || heading || skipped || in_preamble {
            continue;
        }
        let Some(word) = word else {
            return Err(solution.malformed("expected the name of a column and its value"));
        };
        let Some(slot) = index.get(name).and_then(|&column| point.get_mut(column)) else {
            return Err(solution.malformed(format!("`{}` is no column of the model", shorten(name))));
        };
        let value = number::exact(word);
        let value = value.map_err(|error| solution.malformed(format!("`{}`: {error}", shorten(word))))?;
        if slot.replace(value).is_some() {
            return Err(solution.malformed(format!("column `{}` has two values", shorten(name))));
        }
    }
    let values = point.iter().flatten().count();
    let point: Vec<Rational> = point.into_iter().map(Option::unwrap_or_default).collect();
    Ok(Report { claimed_objective: claimed, values, ..recount(model, &point) })
}
