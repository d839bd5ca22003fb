//! What a user should know of a table before its rows are used.

use super::columns::{Columns, Wanted};
use super::table::Table;
use crate::shortest;

/// Adds what is said of every file: trailing delimiters, columns without names or with row numbers, and numbers that
/// floats change.
pub(super) fn describe(table: &Table<'_>, wanted: &Wanted, columns: &mut Columns) {
    let alterations = std::mem::take(&mut columns.alterations);
    let mut remarks = std::mem::take(&mut columns.remarks);
    match remarks.trailing {
        0 => {}
        1 => remarks.notes.push(format!(
            "a delimiter ends every line: the empty last column, column {} without a name, is left out",
            table.width() + 1
        )),
        more => remarks.notes.push(format!(
            "{more} delimiters end every line: the empty columns from column {} on, without names, are left out",
            table.width() + 1
        )),
    }
    for (k, &j) in wanted.features.iter().enumerate() {
        let name = table.first.get(j).filter(|_| remarks.header).map(String::as_str);
        let nameless = name.is_some_and(str::is_empty);
        if counts_rows(columns, k, wanted.features.len(), if nameless { 3 } else { 20 }) {
            remarks.warnings.push(format!(
                "{} counts the rows: an index rather than a feature? it is used as it stands; write the table without it \
                 if it means nothing",
                table.column(j)
            ));
        } else if nameless {
            remarks.notes.push(format!("column {} has no name and is called {}", j + 1, table.name(j)));
        }
    }
    if let Some(merged) = &alterations.first_merged {
        let column = table.column(wanted.features[merged.feature]);
        let (one, line) = &merged.one;
        let value = shortest(merged.value);
        let other = match &merged.other {
            (Some(text), Some(other)) => format!("{text} (line {other})"),
            (_, Some(other)) => format!("another number (line {other})"),
            _ => "another number".to_owned(),
        };
        let more = match alterations.merged - 1 {
            0 => String::new(),
            more => format!("; so are {more} more values"),
        };
        remarks.warnings.push(format!(
            "{column}: {one} (line {line}) and {other} differ, but both are {value} in floating point (binary64), and one \
             value here{more}; subtract a constant or split the column if the difference matters"
        ));
    }
    if let Some((feature, line, text, value)) = &alterations.first {
        let column = table.column(wanted.features[*feature]);
        let cells = match alterations.cells {
            1 => "1 number is not one that floating point (binary64) has and counts".to_owned(),
            cells => format!("{cells} numbers are not ones that floating point (binary64) has and count"),
        };
        remarks.notes.push(format!(
            "{cells} as the nearest that it has: in {column}, line {line}, {text} is read as {}",
            shortest(*value)
        ));
    }
    columns.remarks = remarks;
}

/// Adds what is said of labels: `counts` rows of each class, in class order.
pub(super) fn describe_label(
    table: &Table<'_>,
    wanted: &Wanted,
    classes: &[String],
    counts: &[usize],
    columns: &mut Columns,
) {
    /// So many classes are usual, and so few rows a class are not.
    const USUAL_CLASSES: usize = 10;
    const FEW_ROWS: usize = 5;
    let Some(label) = wanted.label else { return };
    let column = table.column(label);
    let values: Option<Vec<f64>> = classes.iter().map(|class| class.parse().ok()).collect();
    let rows: usize = counts.iter().sum();
    if let Some(values) = &values
        && classes.len() > USUAL_CLASSES
        && (rows < classes.len() * FEW_ROWS || values.iter().any(|value| value.fract() != 0.0))
    {
        columns.remarks.warnings.push(format!(
            "the label, {column}, has {} different numbers in {rows} rows: a quantity rather than classes? every number is \
             trained as a class of its own; to learn a threshold, write a label with two classes, or say --positive",
            classes.len()
        ));
    }
    let n = wanted.features.len();
    let equals = |text: &str, x: f64| text.parse().is_ok_and(|value: f64| value == x);
    for (k, &j) in wanted.features.iter().enumerate() {
        let mut rows = columns.rows.iter().skip(k).step_by(n.max(1)).zip(&columns.labels);
        if rows.all(|(&x, &text)| equals(&columns.texts[text as usize], x)) {
            columns.remarks.warnings.push(format!("{} equals the label, {column}, in every row", table.column(j)));
        }
    }
}

/// Whether feature `k` is 0, 1, 2, .. or 1, 2, 3, .. in at least `least` rows.
fn counts_rows(columns: &Columns, k: usize, n: usize, least: usize) -> bool {
    let mut values = columns.rows.iter().skip(k).step_by(n.max(1));
    let Some(&start) = columns.rows.get(k) else { return false };
    columns.lines.len() >= least
        && (start == 0.0 || start == 1.0)
        && columns.dropped == 0
        && values.by_ref().enumerate().all(|(i, &x)| x == start + i as f64)
}
