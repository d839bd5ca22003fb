//! Solutions of a model: exact violations and the exact objective.
//!
//! A semi-continuous column is held against 0 or against its bounds, whichever is nearer; a special ordered set against the choice of neighbours for
//! which the largest of its other columns is least; a row with an indicator counts where the column has the value, or is nearer to it.
//!
//! Entry points: [`check`] for a file in the style of MIPLIB, HiGHS, SCIP or Gurobi, [`recount`] for a point. A value may have
//! its fraction behind it, `0.3333333333333333 (=1/3)`, which then counts.

use crate::model::{Column, OrderedSet, Row, decimal, shorten, value};
use crate::number::{self, NumberError, Rational};
use crate::{Error, Model, Source, limits};
use dashu_base::Signed;
use std::collections::BTreeMap;

/// The largest violation of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Worst {
    /// How much, in the units of the model; 0 for none.
    pub amount: Rational,
    /// The row or column, empty for none.
    pub place: String,
    /// The largest amount beyond what rounding values to binary64 may do: 2^-52 of the sum of the magnitudes that add up to what
    /// is violated.
    pub beyond_rounding: Rational,
}

/// The objective that a solution file states.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// As it is written.
    pub value: Rational,
    /// Half a unit of its last digit; 0 for a fraction.
    pub precision: Rational,
}

/// A point recounted exactly.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Objective at the point, constant included.
    pub objective: Rational,
    /// Sum of the magnitudes that add up to the objective.
    pub objective_size: Rational,
    /// Objective that the file states, if it states one.
    pub stated: Option<Stated>,
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
    fn take(&mut self, amount: Rational, rounding: &Rational, place: &str) {
        let beyond = &amount - rounding;
        if beyond > self.beyond_rounding {
            self.beyond_rounding = beyond;
        }
        if amount > self.amount {
            (self.amount, self.place) = (amount, place.to_owned());
        }
    }

    /// Takes how far `value`, a sum of magnitudes `size`, lies outside of [lower, upper].
    fn outside(
        &mut self,
        value: &Rational,
        size: impl FnOnce() -> Rational,
        (lower, upper): (Option<&Rational>, Option<&Rational>),
        place: &str,
    ) {
        let below = lower.map(|lower| lower - value);
        let above = upper.map(|upper| value - upper);
        let worst = below.into_iter().chain(above).max().unwrap_or_default();
        if worst > Rational::ZERO {
            self.take(worst, &(size() * number::half_ulp()), place);
        }
    }

    /// Whether it is more than a tolerance, which has what rounding does on top of it unless it is 0.
    #[must_use]
    pub fn exceeds(&self, tolerance: &Rational) -> bool {
        if tolerance.is_zero() { !self.amount.is_zero() } else { self.beyond_rounding > *tolerance }
    }
}

impl Report {
    /// The objective that the file states, where it is wrong: off the exact one by more than its printed digits and what sums in
    /// binary64 may lose ([`number::rounding`]).
    #[must_use]
    pub fn false_objective(&self) -> Option<&Rational> {
        let stated = self.stated.as_ref()?;
        let off = &stated.value - &self.objective;
        let off = if off.is_negative() { -off } else { off };
        let is_fraction = stated.precision.is_zero();
        let sums = if is_fraction { Rational::ZERO } else { &self.objective_size * number::rounding() };
        (off > &stated.precision + sums).then_some(&stated.value)
    }

    /// The first kind of violation above `tolerance`, in words; `None` if the point is a solution up to it.
    #[must_use]
    pub fn violation(&self, tolerance: &Rational) -> Option<String> {
        let kinds = [("the bounds of", &self.bounds), ("row", &self.rows), ("the integrality of", &self.integrality)];
        let (what, worst) = kinds.into_iter().find(|(_, worst)| worst.exceeds(tolerance))?;
        Some(format!("{what} `{}` violated by {}", shorten(&worst.place), number::brief(&worst.amount)))
    }
}

/// Recounts a point (one value a column, in the model's order). Cost: the non-zeros of the model.
#[must_use]
pub fn recount(model: &Model, point: &[Rational]) -> Report {
    let mut report = Report {
        objective: value(&model.objective, point) + &model.offset,
        objective_size: size(&model.objective, point) + magnitude(&model.offset),
        stated: None,
        values: point.len(),
        bounds: Worst::default(),
        rows: Worst::default(),
        integrality: Worst::default(),
    };
    let zero = (Some(&Rational::ZERO), Some(&Rational::ZERO));
    for (column, x) in model.columns.iter().zip(point) {
        // Whole numbers have no rounding to be forgiven.
        let rounded = || if column.integer { Rational::ZERO } else { magnitude(x) };
        let sides = if takes_zero(column, x) { zero } else { (column.lower.as_ref(), column.upper.as_ref()) };
        report.bounds.outside(x, rounded, sides, &column.name);
        if column.integer && !x.is_int() {
            let up = Rational::from(x.ceil()) - x;
            let down = x - Rational::from(x.floor());
            report.integrality.take(up.min(down), &Rational::ZERO, &column.name);
        }
    }
    for set in &model.sets {
        for j in others(set, point) {
            let (Some(column), Some(x)) = (model.columns.get(j), point.get(j).filter(|x| !x.is_zero())) else {
                continue;
            };
            report.bounds.outside(x, || Rational::ZERO, zero, &format!("{} in {}", column.name, set.name));
        }
    }
    for row in model.rows.iter().filter(|row| holds(row, point)) {
        let activity = value(&row.terms, point);
        let sides = (row.lower.as_ref(), row.upper.as_ref());
        report.rows.outside(&activity, || size(&row.terms, point), sides, &row.name);
    }
    report
}

/// Whether a semi-continuous column is nearer to 0 than to its bounds.
fn takes_zero(column: &Column, x: &Rational) -> bool {
    let is_crossed = column.lower.as_ref().zip(column.upper.as_ref()).is_some_and(|(lower, upper)| lower > upper);
    let below = column.lower.as_ref().map(|lower| lower - x);
    let above = column.upper.as_ref().map(|upper| x - upper);
    let outside = below.into_iter().chain(above).max();
    column.semi && (is_crossed || outside.is_some_and(|outside| magnitude(x) <= outside))
}

/// The columns of a set that should be 0: all but those neighbours for which the largest of them is least.
fn others(set: &OrderedSet, point: &[Rational]) -> Vec<usize> {
    let size = |j: &usize| point.get(*j).map_or(Rational::ZERO, magnitude);
    // The largest size of the first so many members, and of the last.
    let first = largest_so_far(set.members.iter().map(size));
    let last = largest_so_far(set.members.iter().rev().map(size));
    let count = set.members.len().saturating_sub(set.neighbours);
    let outside = |place: &usize| first.get(*place).max(last.get(count - place)).cloned();
    let place = (0..=count).min_by_key(outside).unwrap_or(0);
    let stays = |k: usize| k >= place && k < place + set.neighbours;
    (0..).zip(&set.members).filter(|(k, _)| !stays(*k)).map(|(_, j)| *j).collect()
}

/// The largest of the first 0, 1, .. sizes.
fn largest_so_far(sizes: impl Iterator<Item = Rational>) -> Vec<Rational> {
    let mut all = vec![Rational::ZERO];
    for size in sizes {
        let largest = all.last().filter(|last| **last >= size).cloned().unwrap_or(size);
        all.push(largest);
    }
    all
}

/// Whether a row counts at a point.
fn holds(row: &Row, point: &[Rational]) -> bool {
    let half = Rational::ONE / Rational::from(2_u8);
    row.indicator.is_none_or(|(column, value)| point.get(column).is_some_and(|x| *x > half) == value)
}

fn magnitude(value: &Rational) -> Rational {
    if value.is_negative() { -value } else { value.clone() }
}

/// The sum of the magnitudes of terms.
fn size(terms: &[(usize, Rational)], point: &[Rational]) -> Rational {
    let terms = terms.iter().filter_map(|(column, a)| Some(magnitude(&(a * point.get(*column)?))));
    terms.fold(Rational::ZERO, |sum, term| sum + term)
}

/// Recounts a solution file: a column and its value a line, decimals meant exactly; columns without a line are 0.
///
/// Comments (`#`) and headings are skipped; of HiGHS' raw format the columns are read, rows and duals are not. Names may
/// stand in quotation marks. All of it is in `docs/model-files.md`.
///
/// # Errors
/// [`Error::Malformed`] for a name that is no column of the model or stands twice, a value that is no finite number, a file that
/// says that there is no solution, and one that neither gives a value nor states an objective nor lists columns.
/// Violations are no error: ask the report.
pub fn check(model: &Model, mut solution: Source<'_>) -> Result<Report, Error> {
    let index = model.index();
    let mut point: Vec<Option<Rational>> = vec![None; model.columns.len()];
    let mut claimed = None;
    let text = solution.read_lines(limits::MODEL_BYTES)?;
    let has = |line: &str, heading: &str| line.trim().to_ascii_lowercase().starts_with(heading);
    // HiGHS opens with its status, and lists the columns after a heading of their own.
    let mut in_preamble = text.lines().any(|line| has(line, "# columns"));
    let mut stated = in_preamble;
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
        let fault = |what: String| solution.malformed_at(number, what);
        if let Some(said) = no_solution(line) {
            let status = || text.lines().nth(number as usize).unwrap_or_default().trim();
            let said = if said.is_empty() { status() } else { said };
            return Err(fault(format!("`{}`: the file holds no solution", shorten(said))));
        }
        if let Some(value) = objective(line, &index) {
            claimed = claimed.or(Some(value));
            stated = true;
            continue;
        }
        if is_heading(line, &index) {
            stated |= has(line, "=obj=") || has(line, "objective");
            continue;
        }
        let (name, word, rest) =
            split(line, &index).ok_or_else(|| fault("expected a column and its value".to_owned()))?;
        let Some(slot) = index.get(name.as_str()).and_then(|&column| point.get_mut(column)) else {
            return Err(fault(format!("`{}` is no column of the model", shorten(&name))));
        };
        if slot.replace(exactly(word, rest).map_err(fault)?).is_some() {
            return Err(fault(format!("column `{}` has two values", shorten(&name))));
        }
    }
    let values = point.iter().flatten().count();
    if values == 0 && !stated && !point.is_empty() {
        let end = text.lines().count().max(1) as u64;
        return Err(solution.malformed_at(
            end,
            "no solution: no column has a value, and no objective is stated (zeros alone need `=obj= 0`)".to_owned(),
        ));
    }
    let point: Vec<Rational> = point.into_iter().map(Option::unwrap_or_default).collect();
    Ok(Report { stated: claimed, values, ..recount(model, &point) })
}

type Index<'m> = BTreeMap<&'m str, usize>;

/// What a line says, where that is that no solution follows: the marks of MIPLIB, the words of SCIP, and the status that opens a
/// file of HiGHS without columns (nothing then: the status stands on the next line). None of them can be a column and its value.
fn no_solution(line: &str) -> Option<&str> {
    let is = |words: &str| line.eq_ignore_ascii_case(words);
    let words = line.get(.."no solution".len()).filter(|head| head.eq_ignore_ascii_case("no solution"));
    if is("model status") {
        return Some("");
    }
    (is("=infeas=") || is("=unbd=") || words.is_some()).then_some(line)
}

/// The objective that a line states.
fn objective(line: &str, index: &Index) -> Option<Stated> {
    let mut words = line.split_whitespace();
    let word = words.next()?;
    let is_word = |heading: &str| word.eq_ignore_ascii_case(heading);
    if !is_word("=obj=") && (!is_word("objective") || index.contains_key(word)) {
        return None;
    }
    let mut last = words.next_back()?;
    let exact = fraction(last);
    if exact.is_some() {
        last = words.next_back()?;
    }
    let value = number::exact(last).ok()?;
    // A fraction of which the decimal is not the rounding does not count.
    match exact.and_then(Result::ok).filter(|exact| is_rounding(&value, exact)) {
        Some(value) => Some(Stated { value, precision: Rational::ZERO }),
        None => Some(Stated { value, precision: number::last_digit(last) / Rational::from(2_u8) }),
    }
}

/// The fraction in a word such as `(=1/3)`.
fn fraction(word: &str) -> Option<Result<Rational, String>> {
    let text = word.strip_prefix("(=")?.strip_suffix(')')?;
    Some(number::exact(text).map_err(|error| format!("`{}`: {error}", shorten(text))))
}

/// Whether a decimal may be the rounding of a number to binary64, whose numbers near 0 are multiples of the least one.
fn is_rounding(printed: &Rational, exact: &Rational) -> bool {
    let by = magnitude(&(exact - printed));
    by <= magnitude(exact) * number::half_ulp() || by <= number::least()
}

/// A decimal that is not beyond the largest binary64; near 0 it means itself.
fn column_value(word: &str) -> Result<Rational, String> {
    let value = decimal(word)?;
    match number::check_range(&value) {
        Err(error @ NumberError::Overflow) => Err(format!("`{}`: {error}", shorten(word))),
        _ => Ok(value),
    }
}

/// The value of a column: what the word says, or the fraction that follows it, of which the word must be the rounding.
fn exactly(word: &str, rest: &str) -> Result<Rational, String> {
    let printed = column_value(word)?;
    let Some(exact) = rest.split_whitespace().next().and_then(fraction) else { return Ok(printed) };
    let exact = exact?;
    if !is_rounding(&printed, &exact) {
        return Err(format!("`{}` is not the rounding of `{}`", shorten(word), number::brief(&exact)));
    }
    Ok(exact)
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

/// The column and the value that a line starts with, and what follows.
fn split<'l>(line: &'l str, index: &Index) -> Option<(String, &'l str, &'l str)> {
    let behind = |text: &'l str, word: &str| text.split_once(word).map_or("", |(_, behind)| behind);
    if let Some((name, rest)) = quoted(line).filter(|(name, _)| index.contains_key(name.as_str())) {
        let word = rest.split_whitespace().next()?;
        return Some((name, word, behind(rest, word)));
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
        if found.is_none() || (index.contains_key(name) && column_value(next).is_ok()) {
            found = Some((name.to_owned(), next, behind(after, next)));
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
