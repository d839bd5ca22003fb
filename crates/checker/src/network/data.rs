//! Labelled data, its columns matched to those of a model.

use super::csv::{self, Cell, Row, classify, is_missing, same_class};
use super::header::{First, Rest, judge, look};
use super::options::Options;
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
    /// values are left out if asked for, else refused.
    fn read(source: &mut Source<'_>, schema: &Schema, options: &Options) -> Result<Self, Error> {
        let table = csv::read(source)?;
        let Some(first) = table.rows.first() else { return Err(source.malformed_at(0, "no data row")) };
        let located = locate(source, first, table.quoted_header, schema, options.header)?;
        let mut data = Self { rows: vec![], dropped: 0, columns: None, in_file: vec![0; schema.classes.len()] };
        let mut labels = vec![];
        for row in table.rows.iter().skip(1) {
            if data.add(source, row, &located, schema, options)? {
                labels.push(row.cells.get(located.label).map_or("", String::as_str));
            }
        }
        let first_row = match located.first {
            First::Open => {
                let points = data.rows.iter().map(|point| &point.features[..]).collect();
                judge(&first.cells, &located.features, located.label, &Rest { points, labels })
            }
            known => known,
        };
        match first_row {
            // With the model's names it would have been a header before it was judged.
            First::Header if schema.named && located.first == First::Open => {
                return Err(source.malformed_at(first.line, LACKING));
            }
            First::Header => distinct_names(source, first)?,
            First::Point => {
                let rest = std::mem::take(&mut data.rows);
                data.add(source, first, &located, schema, options)?;
                data.rows.extend(rest);
            }
            First::Open => {
                let what = "the first row may be a header or a point; say which with --header yes or --header no";
                return Err(source.malformed_at(first.line, what));
            }
        }
        data.columns = Some((located.features, located.label));
        if data.rows.is_empty() { Err(source.malformed_at(0, "no data row")) } else { Ok(data) }
    }

    /// Adds a row; false if it was left out.
    fn add(
        &mut self,
        source: &Source<'_>,
        row: &Row,
        located: &Located,
        schema: &Schema,
        options: &Options,
    ) -> Result<bool, Error> {
        match point(row, &located.features, located.label, schema) {
            Ok(Some(point)) => {
                if let Some(rows) = self.in_file.get_mut(point.class) {
                    *rows += 1;
                }
                self.rows.push(point);
            }
            Ok(None) if options.drop_missing => {
                self.dropped += 1;
                return Ok(false);
            }
            Ok(None) => return Err(source.malformed_at(row.line, "a value is missing")),
            Err(what) => return Err(source.malformed_at(row.line, what)),
        }
        Ok(true)
    }

    /// Reads a file as the options say.
    pub fn read_rows(source: &mut Source<'_>, schema: &Schema, options: &Options) -> Result<Self, Error> {
        let mut data = Self::read(source, schema, options)?;
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

const LACKING: &str = "the header lacks a feature of the model";

/// Where features and label stand, and what the first row is.
struct Located {
    features: Vec<usize>,
    label: usize,
    first: First,
}

/// Finds the columns: `header` says whether the first row is one, if that is known.
fn locate(
    source: &Source<'_>,
    first: &Row,
    quoted_header: bool,
    schema: &Schema,
    header: Option<bool>,
) -> Result<Located, Error> {
    let (n, width) = (schema.features.len(), first.cells.len());
    let at_label = (width == n + 1).then_some(schema.label_column);
    let names = names(first);
    let at = |name: &String| names.iter().position(|other| other == name);
    let by_name: Option<Vec<usize>> = schema.features.iter().map(at).collect();
    let is_first = match (header, &by_name) {
        (Some(true), _) => First::Header,
        (Some(false), _) => First::Point,
        // The names that the training data had, numbers or not.
        (None, Some(_)) if schema.named => First::Header,
        (None, _) => look(&first.cells, at_label, quoted_header),
    };
    if let (First::Header, Some(features)) = (is_first, by_name) {
        return match at(&schema.label) {
            Some(label) => Ok(Located { features, label, first: is_first }),
            None => Err(source.malformed_at(first.line, format!("no label column `{}`", shorten(&schema.label)))),
        };
    }
    match at_label {
        Some(_) if is_first == First::Header && schema.named => Err(source.malformed_at(first.line, LACKING)),
        Some(label) => {
            let features = (0..width).filter(|&column| column != label).collect();
            Ok(Located { features, label, first: is_first })
        }
        None => {
            Err(source.malformed_at(first.line, format!("{width} columns, but the model has {n} features and a label")))
        }
    }
}

/// The names a header gives: x1, x2, .. where it has none.
fn names(header: &Row) -> Vec<String> {
    let name = |(cell, j): (&String, usize)| if cell.is_empty() { format!("x{j}") } else { cell.clone() };
    header.cells.iter().zip(1..).map(name).collect()
}

/// Refuses a header that gives two columns one name.
fn distinct_names(source: &Source<'_>, header: &Row) -> Result<(), Error> {
    let mut names = names(header);
    names.sort_unstable();
    match names.iter().zip(names.iter().skip(1)).find(|(name, next)| name == next) {
        Some((name, _)) => Err(source.malformed_at(header.line, format!("two columns are called `{}`", shorten(name)))),
        None => Ok(()),
    }
}

/// A row as a point, `None` if a value is missing.
fn point(row: &Row, features: &[usize], label: usize, schema: &Schema) -> Result<Option<Point>, String> {
    let cell = |column: usize| row.cells.get(column).map_or("", String::as_str);
    let cells: Vec<Cell> = features.iter().map(|&column| classify(cell(column))).collect();
    let text = cell(label);
    if cells.contains(&Cell::Missing) || is_missing(text) {
        return Ok(None);
    }
    let mut values = Vec::with_capacity(cells.len());
    for (value, &column) in cells.into_iter().zip(features) {
        match value {
            Cell::Number(value) => values.push(value),
            Cell::NotFinite => return Err(format!("column {}: not a finite number", column + 1)),
            _ => return Err(format!("column {}: `{}` is not a number", column + 1, shorten(cell(column)))),
        }
    }
    match schema.class_of(text) {
        Some(class) => Ok(Some(Point { line: row.line, features: values.into(), class })),
        None => Err(format!("the model knows no class `{}`", shorten(text))),
    }
}

impl Schema {
    /// The class of a label, by its text or, if it is a number, by its value.
    fn class_of(&self, cell: &str) -> Option<usize> {
        match &self.positive {
            Some(positive) => Some(usize::from(same_class(positive, cell))),
            None => self.classes.iter().position(|class| same_class(class, cell)),
        }
    }
}
