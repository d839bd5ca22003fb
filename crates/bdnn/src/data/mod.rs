//! Labelled data from delimited text, and what happens to it before training.
//!
//! Entry points: [`Dataset::read`] for training, [`Sample::read`] for data that a model shall classify; [`split`]
//! and [`Scaling`] after that, and [`Dataset::points`] for what engines take.
//!
//! Format: fields delimited by `,` `;` or tab (sniffed), optionally quoted; UTF-8 with or without byte order mark; any
//! line ends; packed by gzip or not; with or without a header (see [`Header`]). `?`, an empty cell, NA, NaN and their like
//! are missing (`cell.rs` lists them). The label is the last column unless said otherwise. Numbers are the binary64 nearest
//! to what is written; where that merges numbers, [`Remarks`] say so. `docs/cli.md` has all of it.

mod allowed;
mod categories;
mod cell;
mod columns;
mod describe;
mod error;
mod folds;
mod given;
mod hash;
mod header;
mod input;
mod lexer;
mod memory;
mod one_hot;
mod precision;
mod reading;
mod remarks;
mod sample;
mod scaling;
mod schema;
mod sniff;
mod split;
mod table;
#[cfg(test)]
mod tests;
mod units;
mod weights;

pub use allowed::Allowed;
pub use error::{Column, DataError, DataProblem};
pub use folds::{Folds, folds};
pub use hash::sha256_of;
pub use header::Header;
pub use input::{NEVER, Watch};
pub use one_hot::OneHotColumns;
pub use remarks::Remarks;
pub use sample::{Sample, SampleOptions};
pub use scaling::Scaling;
pub use schema::{OneHot, Schema, WeightColumn};
pub use split::{Fractions, Split, split};
pub use units::{ClassWeights, MOST_UNITS, Units, no_weight, shown, weight_of};

use crate::chunks::rows_at_once;
use crate::distinct::Distinct;
use crate::{Points, Scaler};
use cell::shorten;
use columns::{Columns, Wanted};
use header::First;
use input::Input;
pub(crate) use schema::same_twice;
use schema::{Classes, same_class};
use std::path::Path;
use std::sync::Arc;
use table::{Asked, Table};

/// How to read training data.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The label column: a name, or an index from 0, or from the end if negative; a name wins over an index. `None`:
    /// the last column.
    pub label: Option<String>,
    /// Train this class against the rest.
    pub positive: Option<String>,
    /// The column of what each row counts, named as the label: decimals of at most 15 digits that are not negative. `None`: every
    /// row counts once.
    pub weight: Option<String>,
    /// The columns that are encoded as features of 0 and 1, one for each value.
    pub one_hot: OneHotColumns,
    /// Leave out rows with a missing value, instead of refusing them.
    pub drop_missing: bool,
    /// Whether the first row is a header.
    pub header: Header,
}

/// Labelled rows in raw units, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Meaning of the columns.
    pub schema: Schema,
    /// Row-major, m x n, finite; shared with the [`Points`] made of them.
    pub rows: Arc<Vec<f64>>,
    /// Class of each row, length m.
    pub labels: Vec<usize>,
    /// What each row counts, length m, finite and not negative, as the decimals that they print as; `None`: once. See [`Dataset::units`].
    pub weights: Option<Vec<f64>>,
    /// Line of each row in its file, from 1.
    pub lines: Vec<u64>,
    /// Rows left out for missing values.
    pub dropped: usize,
    /// The form of the file, and what is remarkable.
    pub remarks: Remarks,
}

impl Dataset {
    /// Reads a file, or standard input if `path` is `-`. Cost: the file once; memory: the numbers and the longest row.
    ///
    /// # Errors
    /// [`DataError::Io`] or [`DataError::File`] with file, line and column.
    pub fn read(path: &Path, options: &ReadOptions) -> Result<Self, DataError> {
        Self::read_watched(path, options, NEVER)
    }

    /// As [`Dataset::read`], until `watch` says stop; it is asked every few hundred kilobytes.
    ///
    /// # Errors
    /// [`DataError::Stopped`] then, else as [`Dataset::read`].
    pub fn read_watched(path: &Path, options: &ReadOptions, watch: Watch<'_>) -> Result<Self, DataError> {
        Self::from_table(Table::open(Input::open(path, watch)?, 2)?, options)
    }

    /// As [`Dataset::read`], from bytes; `file` is the name for messages.
    ///
    /// # Errors
    /// [`DataError::File`] with file, line and column.
    pub fn parse(bytes: &[u8], file: &str, options: &ReadOptions) -> Result<Self, DataError> {
        Self::from_table(Table::open(Input::bytes(bytes, file, NEVER)?, 2)?, options)
    }

    fn from_table(mut table: Table<'_>, options: &ReadOptions) -> Result<Self, DataError> {
        let (label, first) = label_column(&table, options)?;
        let (weight, first) = weight_column(&table, options, label, first)?;
        let (kinds, first) = one_hot::kinds(&table, (&options.one_hot, options.header), (label, weight), first)?;
        let features: Vec<usize> = (0..table.width()).filter(|&j| j != label && Some(j) != weight).collect();
        if features.is_empty() {
            return Err(table.problem(Some(table.first_line()), DataProblem::OneColumn("")));
        }
        let kinds = features.iter().map(|&j| kinds[j]).collect();
        let wanted = Wanted { features, kinds, label: Some(label), weight, drop_missing: options.drop_missing };
        let mut columns = table.read(&wanted, first)?;
        describe::describe(&table, &wanted, &mut columns);
        // Only a judgement can have made a header of a row of numbers, and then a name may be an index as well.
        let ambiguous = |asked: &Option<String>, at: Option<usize>| {
            let named = |text: &String| table.header.as_ref()?.iter().position(|name| name == text);
            first == First::Open && asked.as_ref().and_then(named).is_some_and(|named| Some(named) != at)
        };
        let by_name = |text: &String| ambiguous(&Some(text.clone()), table.index(text));
        let named = if let OneHotColumns::Named(names) = &options.one_hot { &names[..] } else { &[] };
        if ambiguous(&options.label, Some(label)) || ambiguous(&options.weight, weight) || named.iter().any(by_name) {
            let row = cell::list_cells(&table.first);
            return Err(table.problem(Some(table.first_line()), DataProblem::HeaderOrPoint(row)));
        }
        let schema = Schema {
            features: wanted.features.iter().map(|&j| table.name(j)).collect(),
            named: table.header.is_some(),
            label: table.header.as_ref().map_or_else(|| "label".to_owned(), |names| names[label].clone()),
            label_column: label,
            weight: weight.map(|column| WeightColumn { name: table.name(column), column }),
            one_hot: vec![],
            classes: vec![],
            positive: None,
        };
        let (mut schema, labels) = with_classes(schema, &table, &wanted, options.positive.as_deref(), &mut columns)?;
        one_hot::encode(&mut schema, &table, &wanted, &mut columns)?;
        let Columns { rows, lines, dropped, mut remarks, weights, .. } = columns;
        let weightless = weights.iter().filter(|weight| **weight == 0.0).count();
        if let Some(column) = weight.filter(|_| weightless == lines.len()) {
            return Err(table.problem(None, DataProblem::Weightless(table.column(column))));
        }
        if weightless > 0 {
            remarks.notes.push(match weightless {
                1 => "1 row has the weight 0 and does not count in training".to_owned(),
                more => format!("{more} rows have the weight 0 and do not count in training"),
            });
        }
        let weights = weight.map(|_| weights);
        Ok(Self { schema, rows: Arc::new(rows), labels, weights, lines, dropped, remarks })
    }

    /// Number of rows, m; rows that were left out for missing values do not count.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no row; never after reading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Number of features, n: with one-hot columns one for each of their values.
    #[must_use]
    pub fn num_features(&self) -> usize {
        self.schema.features.len()
    }

    /// Number of classes, C, at least 2.
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
        let points = self.points_watched(members, scaler, NEVER);
        points.expect("nobody says stop")
    }

    /// As [`Dataset::points`]; `None` if `watch` said stop. Cost O(m n), no copy of the rows in raw units.
    ///
    /// # Panics
    /// As [`Dataset::points`].
    #[must_use]
    pub fn points_watched(&self, members: &[usize], scaler: &Scaler, watch: Watch<'_>) -> Option<Points> {
        self.points_of_units(members, None, scaler, watch)
    }

    /// As [`Dataset::points_watched`]; each member counts as many as `units` says (positive, by member), or one.
    ///
    /// # Panics
    /// As [`Dataset::points`], or if there is another number of units than of members.
    #[must_use]
    pub fn points_of_units(
        &self,
        members: &[usize],
        units: Option<&[u32]>,
        scaler: &Scaler,
        watch: Watch<'_>,
    ) -> Option<Points> {
        let sizes = (self.num_features(), self.num_classes());
        Points::of_table(sizes, &self.rows, &self.labels, (members, units), scaler.clone(), watch)
    }

    /// How many rows differ in some feature from all rows before them; `None` if `watch` said stop. Cost O(m n).
    #[must_use]
    pub fn num_distinct(&self, watch: Watch<'_>) -> Option<usize> {
        num_distinct(&self.rows, self.num_features(), watch)
    }

    /// SHA-256 of the rows `members` in hexadecimal, weights aside, over a form that does not depend on how the file was written:
    /// the bytes of `heaviside data 1\n`; then n, C and the number of rows as 64-bit integers; each class name as its
    /// length in bytes (64-bit) and its UTF-8 bytes; then each row's n features as IEEE 754 doubles (0 for -0) and its
    /// class index as a 64-bit integer. All numbers are little-endian, rows in the order given.
    #[must_use]
    pub fn sha256(&self, members: &[usize]) -> String {
        self.sha256_watched(members, NEVER).expect("nobody says stop")
    }

    /// As [`Dataset::sha256`]; `None` if `watch` said stop. Cost O(m n).
    #[must_use]
    pub fn sha256_watched(&self, members: &[usize], watch: Watch<'_>) -> Option<String> {
        let shape = (self.num_features(), &self.schema.classes[..]);
        hash::sha256(shape, (&self.rows, &self.labels), (members, None), watch)
    }

    /// As [`Dataset::sha256`] with what each member counts: then the first bytes are `heaviside data 2\n`, the unit (as `1` or `3/4`)
    /// stands before the classes as a class name does, and after its class each row has its units as a 64-bit integer.
    #[must_use]
    pub fn sha256_of_units(&self, members: &[usize], units: Option<&Units>) -> String {
        let shape = (self.num_features(), &self.schema.classes[..]);
        let hash = hash::sha256(shape, (&self.rows, &self.labels), (members, units), NEVER);
        hash.expect("nobody says stop")
    }
}

/// How many rows (row-major, n columns) differ from all before them; `None` if `watch` said stop.
fn num_distinct(rows: &[f64], n: usize, watch: Watch<'_>) -> Option<usize> {
    let mut firsts: Vec<usize> = vec![];
    let row = |i: usize| &rows[i * n..(i + 1) * n];
    let mut seen = Distinct::new(rows.len() / n.max(1));
    for i in 0..rows.len() / n.max(1) {
        if i % rows_at_once(n) == 0 && watch() {
            return None;
        }
        if seen.place(row(i), |number| row(firsts[number])) == firsts.len() {
            firsts.push(i);
        }
    }
    Some(firsts.len())
}

/// Finds the label column, and what the first row is.
fn label_column(table: &Table<'_>, options: &ReadOptions) -> Result<(usize, First), DataError> {
    let text = options.label.as_deref().unwrap_or("-1");
    let position = table.index(text);
    // What nobody asked for is no name.
    let named = table.first.iter().position(|cell| options.label.as_deref() == Some(cell));
    let first = match (options.header, position, named) {
        // A name that is there, and no index, makes the first row a header.
        (Header::Auto, None, Some(_)) => First::Header,
        (known, _, _) => table.look(position, known),
    };
    let found = if first == First::Header { named.or(position) } else { position };
    if let Some(at) = found {
        return Ok((at, first));
    }
    Err(table.no_column(text, options.header, Asked::Label))
}

/// Finds the column of weights, if one is asked for, and what the first row is.
fn weight_column(
    table: &Table<'_>,
    options: &ReadOptions,
    label: usize,
    first: First,
) -> Result<(Option<usize>, First), DataError> {
    let Some(text) = &options.weight else { return Ok((None, first)) };
    let position = table.index(text);
    let named = table.first.iter().position(|cell| cell == text);
    let is_name = options.header == Header::Auto && position.is_none() && named.is_some();
    let first = if is_name { First::Header } else { first };
    let found = if first == First::Header { named.or(position) } else { position };
    match found {
        Some(at) if at == label => {
            let name = (first == First::Header).then(|| table.first_name(at));
            let problem = DataProblem::LabelAsWeight(Column { number: at + 1, name });
            Err(table.problem(Some(table.first_line()), problem))
        }
        Some(at) => Ok((Some(at), first)),
        None => Err(table.no_column(text, options.header, Asked::Weights)),
    }
}

/// Fills in the classes, or `positive` against the rest; the class of every row.
fn with_classes(
    mut schema: Schema,
    table: &Table<'_>,
    wanted: &Wanted,
    positive: Option<&str>,
    columns: &mut Columns,
) -> Result<(Schema, Vec<usize>), DataError> {
    /// Fewer rows may well all differ.
    const FEW_ROWS: usize = 10;
    /// A network has an output a class.
    const MOST_CLASSES: usize = 1000;
    let column = table.column(schema.label_column);
    let found = Classes::of(&columns.texts);
    let warnings = found.warnings();
    let Classes { names, of_text, .. } = found;
    let refuse = |problem: DataProblem| Err(table.problem(None, problem));
    if names.len() == 1 {
        let merged: String = warnings.iter().map(|warning| format!("; {warning}")).collect();
        return refuse(DataProblem::OneClass { label: shorten(&names[0]).into(), column, merged: merged.into() });
    }
    let (classes, rows) = (names.len(), columns.lines.len());
    if positive.is_none() && ((classes * 2 > rows && rows >= FEW_ROWS) || classes > MOST_CLASSES) {
        return refuse(DataProblem::TooManyClasses { classes, rows, column });
    }
    columns.remarks.warnings.extend(warnings);
    let mut order: Vec<usize> = (0..classes).collect();
    let mut names = names;
    if let Some(wanted) = positive {
        let Some(at) = names.iter().position(|class| same_class(class, wanted)) else {
            return refuse(DataProblem::NoPositive { wanted: shorten(wanted), available: cell::list(&names) });
        };
        let class = names.swap_remove(at);
        let other = match &names[..] {
            [other] => other.clone(),
            _ => {
                schema.positive = Some(class.clone());
                format!("not {class}")
            }
        };
        names = vec![other, class];
        order = (0..classes).map(|class| usize::from(class == at)).collect();
    }
    schema.classes = names;
    let labels: Vec<usize> = columns.labels.iter().map(|&text| order[of_text[text as usize]]).collect();
    if positive.is_none() {
        let mut counts = vec![0; classes];
        labels.iter().for_each(|&label| counts[label] += 1);
        describe::describe_label(table, wanted, &schema.classes, &counts, columns);
    }
    Ok((schema, labels))
}
