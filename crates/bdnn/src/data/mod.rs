//! Labelled data from delimited text, and what happens to it before training.
//!
//! Entry points: [`Dataset::read`] for training, [`Sample::read`] for data that a model shall classify; [`split`]
//! and [`Scaling`] after that, and [`Dataset::points`] for what engines take.
//!
//! Format: fields delimited by `,` `;` or tab, optionally quoted; UTF-8 with or without byte order mark; any line
//! ends; a header if the first row has text where features stand, and no number. `?`, an empty cell, NA and NaN are
//! missing. The label is the last column unless said otherwise.

mod cell;
mod error;
mod hash;
mod sample;
mod scaling;
mod schema;
mod split;
mod table;
#[cfg(test)]
mod tests;

pub use error::{Column, DataError, DataProblem};
pub use sample::Sample;
pub use scaling::Scaling;
pub use schema::Schema;
pub use split::{Fractions, Split, split};

use crate::{Points, Scaler};
use cell::shorten;
use schema::{distinct_classes, same_class};
use std::path::Path;
use table::Table;

/// How to read training data.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The label column: a name, or an index from 0, or from the end if negative; a name wins over an index. `None`:
    /// the last column.
    pub label: Option<String>,
    /// Train this class against the rest.
    pub positive: Option<String>,
    /// Leave out rows with a missing value, instead of refusing them.
    pub drop_missing: bool,
}

/// Labelled rows in raw units, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Meaning of the columns.
    pub schema: Schema,
    /// Row-major, m x n, finite.
    pub rows: Vec<f64>,
    /// Class of each row, length m.
    pub labels: Vec<usize>,
    /// Line of each row in its file, from 1.
    pub lines: Vec<u64>,
    /// Rows left out for missing values.
    pub dropped: usize,
}

impl Dataset {
    /// Reads a file, or standard input if `path` is `-`. Memory: a few times the file.
    ///
    /// # Errors
    /// [`DataError::Io`] or [`DataError::File`] with file, line and column.
    pub fn read(path: &Path, options: &ReadOptions) -> Result<Self, DataError> {
        Self::from_table(Table::read(path, 2)?, options)
    }

    /// As [`Dataset::read`], from bytes; `file` is the name for messages.
    ///
    /// # Errors
    /// [`DataError::File`] with file, line and column.
    pub fn parse(bytes: &[u8], file: &str, options: &ReadOptions) -> Result<Self, DataError> {
        Self::from_table(Table::parse(bytes, file, 2)?, options)
    }

    fn from_table(mut table: Table, options: &ReadOptions) -> Result<Self, DataError> {
        let label = label_column(&mut table, options.label.as_deref())?;
        let columns: Vec<usize> = (0..table.width()).collect();
        let dropped = table.settle_missing(&columns, options.drop_missing)?;
        let schema = Schema {
            features: columns.iter().filter(|&&j| j != label).map(|&j| table.name(j)).collect(),
            named: table.header.is_some(),
            label: table.header.as_ref().map_or_else(|| "label".to_owned(), |names| names[label].clone()),
            label_column: label,
            classes: vec![],
            positive: None,
        };
        let schema = with_classes(schema, &table, options.positive.as_deref())?;
        let mut data = Self { schema, rows: vec![], labels: vec![], lines: vec![], dropped };
        for row in &table.rows {
            for &j in columns.iter().filter(|&&j| j != label) {
                data.rows.push(table.number(row, j)?);
            }
            // Every cell had its class collected.
            data.labels.push(data.schema.class_of(&row.cells[label]).unwrap_or_default());
            data.lines.push(row.line);
        }
        Ok(data)
    }

    /// m.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no row; never after reading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// n.
    #[must_use]
    pub fn num_features(&self) -> usize {
        self.schema.features.len()
    }

    /// C.
    #[must_use]
    pub fn num_classes(&self) -> usize {
        self.schema.classes.len()
    }

    /// Row `i` in raw units, length n.
    #[must_use]
    pub fn row(&self, i: usize) -> &[f64] {
        &self.rows[i * self.num_features()..(i + 1) * self.num_features()]
    }

    /// All rows, as [`split`] names them.
    #[must_use]
    pub fn all(&self) -> Vec<usize> {
        (0..self.len()).collect()
    }

    /// The rows `members` merged into distinct points.
    ///
    /// # Panics
    /// If a member is out of range or the scaler has another number of features.
    #[must_use]
    pub fn points(&self, members: &[usize], scaler: &Scaler) -> Points {
        let rows: Vec<f64> = members.iter().flat_map(|&i| self.row(i)).copied().collect();
        let labels: Vec<usize> = members.iter().map(|&i| self.labels[i]).collect();
        Points::merge(self.num_features(), self.num_classes(), &rows, &labels, scaler.clone())
    }

    /// SHA-256 of the rows `members` in hexadecimal, over a form that does not depend on how the file was written:
    /// the bytes of `heaviside data 1\n`; then n, C and the number of rows as 64-bit integers; each class name as its
    /// length in bytes (64-bit) and its UTF-8 bytes; then each row's n features as IEEE 754 doubles (0 for -0) and its
    /// class index as a 64-bit integer. All numbers are little-endian, rows in the order given.
    #[must_use]
    pub fn sha256(&self, members: &[usize]) -> String {
        hash::sha256(self, members)
    }
}

/// Finds the label column, and takes the header off the rows if there is one.
fn label_column(table: &mut Table, wanted: Option<&str>) -> Result<usize, DataError> {
    let width = table.width();
    let text = wanted.unwrap_or("-1");
    let index = text.parse::<i64>().ok();
    let position = index.and_then(|index| {
        let from_start = if index < 0 { i64::try_from(width).ok()?.checked_add(index)? } else { index };
        usize::try_from(from_start).ok().filter(|&at| at < width)
    });
    let named = |table: &Table| table.rows.first().and_then(|row| row.cells.iter().position(|cell| cell == text));
    let header = if index.is_some() { table.header_looms(position) } else { named(table).is_some() };
    let by_name = if header { named(table) } else { None };
    // A table whose first row looks like a header is quoted in the message below.
    let headed = header || table.header_looms(None);
    if let Some(at) = by_name.or(position) {
        if header {
            table.take_header()?;
        }
        return Ok(at);
    }
    let line = table.rows.first().map(|row| row.line);
    let available = match table.rows.first() {
        Some(first) if headed => {
            let names: Vec<String> = first.cells.iter().map(|cell| shorten(cell)).collect();
            format!("the columns are {}", names.join(", "))
        }
        _ if index.is_none() => {
            format!("the file has no header; give an index from 0 to {} or from -{width} to -1", width - 1)
        }
        _ => format!("an index runs from 0 to {} or from -{width} to -1", width - 1),
    };
    Err(table.problem(line, DataProblem::NoLabel { wanted: format!("\"{}\"", shorten(text)), available }))
}

/// Fills in the classes, or `positive` against the rest.
fn with_classes(mut schema: Schema, table: &Table, positive: Option<&str>) -> Result<Schema, DataError> {
    /// Fewer rows may well all differ.
    const FEW_ROWS: usize = 10;
    let label = schema.label_column;
    let mut classes = distinct_classes(table.rows.iter().map(|row| row.cells[label].as_str()));
    let refuse = |problem: DataProblem| Err(table.problem(None, problem));
    if classes.len() == 1 {
        return refuse(DataProblem::OneClass(shorten(&classes[0]), table.column(label)));
    }
    let rows = table.rows.len();
    if classes.len() * 2 > rows && rows >= FEW_ROWS {
        return refuse(DataProblem::TooManyClasses { classes: classes.len(), rows, column: table.column(label) });
    }
    if let Some(wanted) = positive {
        let Some(at) = classes.iter().position(|class| same_class(class, wanted)) else {
            return refuse(DataProblem::NoPositive { wanted: shorten(wanted), available: schema::list(&classes) });
        };
        let class = classes.remove(at);
        if let [other] = &classes[..] {
            classes = vec![other.clone(), class];
        } else {
            classes = vec![format!("not {class}"), class.clone()];
            schema.positive = Some(class);
        }
    }
    schema.classes = classes;
    Ok(schema)
}
