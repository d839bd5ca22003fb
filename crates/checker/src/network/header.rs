//! Is the first row a header or a point? The rules of the data format, as the solver's reader states them.

use super::csv::{Cell, classify, decimal_comma, is_missing, number};
use super::names::Meaning;
use crate::number::Rational;
use std::collections::{BTreeMap, BTreeSet};

/// What the first row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum First {
    Header,
    Point,
    /// The other rows, or nothing, tell.
    Open,
}

/// What the first row's cells say when the column `label` holds no feature.
pub(super) fn look(cells: &[String], label: Option<usize>, quoted_header: bool) -> First {
    if quoted_header {
        return First::Header;
    }
    let features = || cells.iter().enumerate().filter(|(column, _)| Some(*column) != label).map(|(_, cell)| cell);
    let is_number = |cell: &String| matches!(classify(cell), Cell::Number(_) | Cell::NotFinite);
    let is_text = |cell: &String| classify(cell) == Cell::Text;
    if features().any(|cell| is_text(cell) && decimal_comma(cell)) {
        return First::Point;
    }
    match (features().any(is_text), features().any(is_number)) {
        (true, false) => First::Header,
        (false, true) => First::Open,
        _ => First::Point,
    }
}

/// What the rows after the first are like.
pub(super) struct Rest<'r> {
    /// The features of each, in the order of `features` below.
    pub points: Vec<Vec<Rational>>,
    /// The label of each.
    pub labels: Vec<&'r str>,
}

/// Judges a first row without text among its features: columns `features` in order, and the label's.
///
/// A row without others below it, or with a missing label, is a point. *Names* are numbers that differ as they are written, or
/// nothing in the first column. The label is *new* if no other row has it. In this order:
/// 1. A text above labels that are all numbers: a header if every feature is a name, else open.
/// 2. Not every feature is a name: a point.
/// 3. The names, label included, count the columns from 0 or 1: a header if the first column is empty. Of three or more, a
///    header if the label stands above labels that are all text, or if it is new and at least three rows follow, with a fraction
///    somewhere; else open. Of two, open if there is a new label above three rows, or a fraction below; else a point.
/// 4. The first is empty, or a number stands above labels that are all text: open.
/// 5. Every name outside the range of its column, and a new label: open if all are years (1000 to 2999); or if there are
///    at least two, they rise or fall, and at least four rows follow, every class among them at least twice.
/// 6. Else a point.
pub(super) fn judge(cells: &[String], features: &[usize], label: usize, rest: &Rest<'_>) -> First {
    let cell = |column: usize| cells.get(column).map_or("", String::as_str);
    if rest.points.is_empty() || is_missing(cell(label)) {
        return First::Point;
    }
    let indexed = features.contains(&0) && cell(0).is_empty();
    let names: Vec<&str> =
        features.iter().filter(|column| !(indexed && **column == 0)).map(|&column| cell(column)).collect();
    let differ = names.iter().collect::<BTreeSet<_>>().len() == names.len();
    let values: Option<Vec<Rational>> = names.iter().map(|name| number(name)).collect();
    let values = values.filter(|values| !values.is_empty() && differ);
    let mut rows_of: BTreeMap<Meaning, usize> = BTreeMap::new();
    for label in &rest.labels {
        *rows_of.entry(Meaning::of(label)).or_default() += 1;
    }
    let is_number = |class: &Meaning| matches!(class, Meaning::Number(_));
    let (all_numbers, no_numbers) = (rows_of.keys().all(is_number), !rows_of.keys().any(is_number));
    let class = Meaning::of(cell(label));
    let new = !rows_of.contains_key(&class);
    if !is_number(&class) && all_numbers {
        return if values.is_some() { First::Header } else { First::Open };
    }
    let Some(values) = values else { return First::Point };
    let above_text = is_number(&class) && no_numbers;
    let all: Option<Vec<u64>> = cells.iter().skip(usize::from(indexed)).map(|cell| plain(cell)).collect();
    let counts = |names: &Vec<u64>| {
        names.first().is_some_and(|&start| start <= 1 && (start..).zip(names).all(|(at, &name)| at == name))
    };
    if let Some(names) = all.filter(counts) {
        let fractions = rest.points.iter().any(|point| point.iter().any(|value| !value.is_int()));
        let many = rest.points.len() >= 3;
        return match names.len() {
            _ if indexed => First::Header,
            3.. if above_text || (new && many && fractions) => First::Header,
            3.. => First::Open,
            _ if (new && many) || fractions => First::Open,
            _ => First::Point,
        };
    }
    if indexed || above_text {
        return First::Open;
    }
    let outside = values.iter().enumerate().all(|(k, value)| {
        let column = || rest.points.iter().filter_map(|point| point.get(k));
        column().all(|other| other < value) || column().all(|other| other > value)
    });
    let years = names.iter().all(|name| plain(name).is_some_and(|year| (1000..3000).contains(&year)));
    let monotone = values.is_sorted() || values.iter().rev().is_sorted();
    let odd = monotone && values.len() >= 2 && rest.points.len() >= 4 && rows_of.values().all(|&rows| rows >= 2);
    if new && outside && (years || odd) { First::Open } else { First::Point }
}

/// A whole number in plain digits.
fn plain(cell: &str) -> Option<u64> {
    const MOST_DIGITS: usize = 18;
    let digits = cell.len() <= MOST_DIGITS && !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (cell == "0" || !cell.starts_with('0')) { cell.parse().ok() } else { None }
}
