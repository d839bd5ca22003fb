//! Labelled data, its columns matched to those of a model.

use super::Options;
use super::csv::{self, Cell, Row, classify};
use super::setting::Schema;
use crate::model::shorten;
use crate::number::{self, Rational};
use crate::{Error, Source};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Labelled rows, raw units.
pub(crate) struct Data {
    pub rows: Vec<Point>,
    /// Rows left out because a value is missing.
    pub dropped: usize,
    /// Columns of the features and of the label in the file, if there is one.
    pub columns: Option<(Vec<usize>, usize)>,
    /// Rows of each class in the file, those included that do not count; empty if there is no file.
    pub in_file: Vec<usize>,
}

/// One row.
pub(crate) struct Point {
    pub line: u64,
    pub features: Rc<[Rational]>,
    pub class: usize,
}

impl Data {
    /// Reads a file. With a header, features and label are found by name; without, by position. Rows with missing
    /// values are left out if `drop_missing`, else refused.
    fn read(source: &mut Source<'_>, schema: &Schema, drop_missing: bool) -> Result<Self, Error> {
        let rows = csv::read(source)?;
        let (features, label, header) = locate(source, &rows, schema)?;
        let mut data = Self { rows: vec![], dropped: 0, columns: None, in_file: vec![0; schema.classes.len()] };
        for row in rows.iter().skip(usize::from(header)) {
            match point(row, &features, label, schema) {
                Ok(Some(point)) => {
                    if let Some(rows) = data.in_file.get_mut(point.class) {
                        *rows += 1;
                    }
                    data.rows.push(point);
                }
                Ok(None) if drop_missing => data.dropped += 1,
                Ok(None) => return Err(source.malformed_at(row.line, "a value is missing")),
                Err(what) => return Err(source.malformed_at(row.line, what)),
            }
        }
        data.columns = Some((features, label));
        if data.rows.is_empty() { Err(source.malformed_at(0, "no data row")) } else { Ok(data) }
    }

    /// Reads a file as the options say.
    pub fn read_rows(source: &mut Source<'_>, schema: &Schema, options: &Options) -> Result<Self, Error> {
        let mut data = Self::read(source, schema, options.drop_missing)?;
        if let Some(lines) = &options.lines {
            data.keep(lines).map_err(|line| source.malformed_at(line, "no row starts on this line"))?;
        }
        Ok(data)
    }

    /// Keeps the rows that start on these lines, in this order; a line without a row is the error.
    fn keep(&mut self, lines: &[u64]) -> Result<(), u64> {
        let mut by_line: BTreeMap<u64, Point> = self.rows.drain(..).map(|point| (point.line, point)).collect();
        self.rows = lines.iter().map(|line| by_line.remove(line).ok_or(*line)).collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Rows of each of so many classes, of those that count.
    pub fn class_rows(&self, classes: usize) -> Vec<u64> {
        let mut rows = vec![0; classes];
        for point in &self.rows {
            if let Some(rows) = rows.get_mut(point.class) {
                *rows += 1;
            }
        }
        rows
    }

    /// How many rows differ in some feature.
    pub fn distinct(&self) -> usize {
        self.rows.iter().map(|point| &point.features).collect::<BTreeSet<_>>().len()
    }

    /// SHA-256 over the bytes of `heaviside data 1\n`; the number of features, classes and rows; each class name after
    /// its length; each row's features as binary64 (0 for -0), then its class. Numbers have 64 bits, little-endian.
    pub fn sha256(&self, schema: &Schema) -> String {
        let mut hash = Sha256::new();
        let natural = |value: usize| u64::try_from(value).unwrap_or(u64::MAX).to_le_bytes();
        hash.update(b"heaviside data 1\n");
        for size in [schema.features.len(), schema.classes.len(), self.rows.len()] {
            hash.update(natural(size));
        }
        for class in &schema.classes {
            hash.update(natural(class.len()));
            hash.update(class.as_bytes());
        }
        for point in &self.rows {
            for value in point.features.iter() {
                hash.update(number::binary64_bits(value).to_le_bytes());
            }
            hash.update(natural(point.class));
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The columns of the features and of the label, and whether the first row is a header.
fn locate(source: &Source<'_>, rows: &[Row], schema: &Schema) -> Result<(Vec<usize>, usize, bool), Error> {
    let Some(first) = rows.first() else { return Err(source.malformed_at(0, "no data row")) };
    let n = schema.features.len();
    let width = first.cells.len();
    let at_label = (width == n + 1).then_some(schema.label_column);
    let header = is_header(first, at_label);
    let by_name: Option<Vec<usize>> = if header {
        let at = |name: &String| first.cells.iter().position(|cell| cell == name);
        schema.features.iter().map(at).collect()
    } else {
        None
    };
    if let Some(features) = by_name {
        let mut names: Vec<&String> = first.cells.iter().collect();
        names.sort_unstable();
        if let Some((name, _)) = names.iter().zip(names.iter().skip(1)).find(|(name, next)| name == next) {
            return Err(source.malformed_at(first.line, format!("two columns are called `{}`", shorten(name))));
        }
        return match first.cells.iter().position(|cell| *cell == schema.label) {
            Some(label) => Ok((features, label, true)),
            None => Err(source.malformed_at(first.line, format!("no label column `{}`", shorten(&schema.label)))),
        };
    }
    match at_label {
        Some(label) if !(header && schema.named) => {
            Ok(((0..width).filter(|&column| column != label).collect(), label, header))
        }
        Some(_) => Err(source.malformed_at(first.line, "the header lacks a feature of the model")),
        None => {
            Err(source.malformed_at(first.line, format!("{width} columns, but the model has {n} features and a label")))
        }
    }
}

/// A first row is a header if it has text where features stand, and no number.
fn is_header(row: &Row, label: Option<usize>) -> bool {
    let cells = row.cells.iter().enumerate().filter(|(column, _)| Some(*column) != label);
    let kinds: Vec<Cell> = cells.map(|(_, cell)| classify(cell)).collect();
    kinds.contains(&Cell::Text) && kinds.iter().all(|kind| matches!(kind, Cell::Text | Cell::Missing))
}

/// A row as a point, `None` if a value is missing.
fn point(row: &Row, features: &[usize], label: usize, schema: &Schema) -> Result<Option<Point>, String> {
    let cell = |column: usize| row.cells.get(column).map_or("", String::as_str);
    let mut values = Vec::with_capacity(features.len());
    for &column in features {
        match classify(cell(column)) {
            Cell::Missing => return Ok(None),
            Cell::Number(value) => values.push(value),
            Cell::NotFinite => return Err(format!("column {}: not a finite number", column + 1)),
            Cell::Text => return Err(format!("column {}: `{}` is not a number", column + 1, shorten(cell(column)))),
        }
    }
    let text = cell(label);
    if classify(text) == Cell::Missing {
        return Ok(None);
    }
    match schema.class_of(text) {
        Some(class) => Ok(Some(Point { line: row.line, features: values.into(), class })),
        None => Err(format!("the model knows no class `{}`", shorten(text))),
    }
}

impl Schema {
    /// The class of a label, by its text or among numbers by its value.
    fn class_of(&self, cell: &str) -> Option<usize> {
        let same = |class: &String| {
            class == cell
                || matches!((classify(class), classify(cell)), (Cell::Number(left), Cell::Number(right)) if left == right)
        };
        match &self.positive {
            Some(positive) => Some(usize::from(same(positive))),
            None => self.classes.iter().position(same),
        }
    }
}
