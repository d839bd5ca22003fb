//! Is the first row a header or a point?
//!
//! Text where features stand makes it a header. Numbers may be either: column names as programs number them (0, 1, 2),
//! years, or the first point. [`look`] says what the first row alone tells; where that leaves it open, [`judge`] compares it
//! with all other rows. What is neither clearly a point nor clearly a header is refused with the option that decides. The
//! rules are part of the format: the checker's `network::header` states them a second time.

use super::cell::{Cell, classify, decimal_comma, is_missing};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is known beforehand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Header {
    /// Nothing: the file tells, or is refused.
    #[default]
    Auto,
    /// The first row is a header.
    Yes,
    /// The first row is a point.
    No,
}

/// What the first row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    Header,
    Point,
    /// To be judged once the other rows are known.
    Open,
}

/// What the first row's cells say when the column `label` holds no feature. `quoted_header`: as
/// [`Form::quoted_header`](super::sniff::Form::quoted_header).
pub(super) fn look(cells: &[String], label: Option<usize>, quoted_header: bool) -> First {
    let (mut texts, mut numbers) = (0, 0);
    for (_, cell) in cells.iter().enumerate().filter(|(j, _)| Some(*j) != label) {
        match classify(cell) {
            Cell::Text if decimal_comma(cell) => return First::Point,
            Cell::Text => texts += 1,
            Cell::Number(_) | Cell::NotFinite => numbers += 1,
            Cell::Missing => {}
        }
    }
    match (texts, numbers) {
        _ if quoted_header => First::Header,
        (1.., 0) => First::Header,
        (0, 1..) => First::Open,
        // Both: a point with an error, or a header that a number names a column of. Neither: nothing.
        _ => First::Point,
    }
}

/// What the rows after the first are like.
#[derive(Clone, Debug, Default)]
pub(super) struct Rest {
    /// Range of each feature.
    pub(super) ranges: Vec<(f64, f64)>,
    /// Whether some feature is no whole number.
    pub(super) fractions: bool,
    /// Number of rows.
    pub(super) rows: usize,
    /// Rows with the label of the first one.
    pub(super) with_its_label: usize,
    /// Rows of the rarest class.
    pub(super) fewest: usize,
    /// Whether all labels are numbers, or none is.
    pub(super) labels_are_numbers: Option<bool>,
}

/// Judges a first row without text among its features. `features` are their columns, in order; `label` is the label's, if
/// it is there. [`First::Open`] means that the file does not tell.
///
/// A row without others below it, or with a missing label, is a point. *Names* are numbers that differ as they are written, or
/// nothing in the first column (an index). The label is *new* if no other row has it. In this order:
/// 1. A text above labels that are all numbers: a header if every feature is a name, else open.
/// 2. Not every feature is a name: a point.
/// 3. The names, label included, count the columns from 0 or 1: a header if the first column is empty. If there are at least
///    three: a header if the label stands above labels that are all text, or if it is new and at least three rows follow,
///    with a fraction somewhere; else open. If there are two: open if there is a new label above three rows, or a
///    fraction below; else a point.
/// 4. The first is empty, or a number stands above labels that are all text: open.
/// 5. Every name lies outside the range of its column, and the label is new: open if all are years (1000 to 2999); or if
///    there are at least two, they rise or fall, and at least four rows follow, every class among them at least twice.
///    Where labels are not read: open if all are years and there are at least two.
/// 6. Else a point.
pub(super) fn judge(cells: &[String], features: &[usize], label: Option<usize>, rest: &Rest) -> First {
    let indexed = features.contains(&0) && cells[0].is_empty();
    let named: Vec<usize> = features.iter().copied().filter(|&j| !(indexed && j == 0)).collect();
    let label = label.map(|j| cells[j].as_str());
    if rest.rows == 0 || label.is_some_and(is_missing) {
        return First::Point;
    }
    let label_is_number = label.map(|cell| matches!(classify(cell), Cell::Number(_)));
    let new = label.is_some() && rest.with_its_label == 0;
    let value = |&j: &usize| if let Cell::Number(value) = classify(&cells[j]) { Some(value) } else { None };
    let values: Option<Vec<f64>> = named.iter().map(value).collect();
    let values = values.filter(|values| !values.is_empty() && all_differ(named.iter().map(|&j| cells[j].as_str())));
    if label_is_number == Some(false) && rest.labels_are_numbers == Some(true) {
        return if values.is_some() { First::Header } else { First::Open };
    }
    let Some(values) = values else { return First::Point };
    let above_text = label_is_number == Some(true) && rest.labels_are_numbers == Some(false);
    if let Some(count) = counts_columns(cells, indexed) {
        return match count {
            _ if indexed => First::Header,
            3.. if above_text => First::Header,
            3.. if new && rest.rows >= 3 && rest.fractions => First::Header,
            3.. => First::Open,
            _ if (new && rest.rows >= 3) || rest.fractions => First::Open,
            _ => First::Point,
        };
    }
    if indexed || above_text {
        return First::Open;
    }
    let outside = rest.ranges.iter().zip(&values).all(|(&(low, high), &value)| value < low || value > high);
    let years = named.iter().all(|&j| plain(&cells[j]).is_some_and(|year| (1000..3000).contains(&year)));
    let monotone = values.is_sorted() || values.iter().rev().is_sorted();
    let odd = monotone && values.len() >= 2 && rest.rows >= 4 && rest.fewest >= 2;
    let unlabelled = label.is_none() && values.len() >= 2;
    if outside && ((new && (years || odd)) || (unlabelled && years)) { First::Open } else { First::Point }
}

/// A whole number in plain digits.
fn plain(cell: &str) -> Option<u64> {
    const MOST_DIGITS: usize = 18;
    let digits = !cell.is_empty() && cell.len() <= MOST_DIGITS && cell.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (cell == "0" || !cell.starts_with('0'))).then(|| cell.parse().ok()).flatten()
}

fn all_differ<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let mut seen = BTreeSet::new();
    cells.into_iter().all(|cell| seen.insert(cell))
}

/// How many cells, without the first if `indexed`, are 0, 1, 2, .. or 1, 2, 3, ..; `None` if they are not.
fn counts_columns(cells: &[String], indexed: bool) -> Option<usize> {
    let names: Vec<u64> = cells[usize::from(indexed)..].iter().map(|cell| plain(cell)).collect::<Option<_>>()?;
    let counts = names.first().is_some_and(|&start| start <= 1 && (start..).zip(&names).all(|(at, &name)| at == name));
    counts.then_some(names.len())
}
