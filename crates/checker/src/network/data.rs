//! Labelled data, its columns matched to those of a model.

use super::csv::{self, Cell, Row, classify, is_missing};
use super::header::{First, Rest, judge, look};
use super::options::Options;
use super::setting::{FeatureColumn, Schema, Setting};
use super::sparse::{ENTRY, Sparse};
use crate::model::shorten;
use crate::number::{self, Rational};
use crate::{Error, Source};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Labelled rows, raw units.
pub(crate) struct Data {
    pub rows: Vec<Point>,
    /// Rows left out because a value is missing.
    pub dropped: usize,
    /// Rows with a category that the model does not know.
    pub unknown: usize,
    /// Columns of the features and of the label in the file, if there is one.
    pub columns: Option<(Vec<usize>, usize)>,
    /// Rows of each class in the file, those included that do not count; empty if there is no file.
    pub in_file: Vec<usize>,
}

/// One row.
pub(crate) struct Point {
    pub line: u64,
    pub features: Sparse,
    pub class: usize,
    /// What it counts: 1 where rows have no weights, 0 where it is known to be kept apart.
    pub units: u32,
}

/// What becomes of a category that the model does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// Training data have none.
    Refused,
    /// All features of its column are 0, as for who predicts.
    Zeros,
}

/// How rows are read.
#[derive(Clone, Copy)]
struct How<'s> {
    setting: &'s Setting,
    drop_missing: bool,
    unknown: Unknown,
}

impl Data {
    /// Reads a file. With a header, features and label are found by name; without, by position. Rows with missing
    /// values are left out if asked for, else refused.
    fn read(source: &mut Source<'_>, options: &Options, how: How<'_>) -> Result<Self, Error> {
        let schema = &how.setting.schema;
        let table = csv::read(source)?;
        let Some(first) = table.rows.first() else { return Err(source.malformed_at(0, "no data row")) };
        let located = locate(source, first, table.quoted_header, schema, options.header)?;
        let in_file = vec![0; schema.classes.list().len()];
        let mut data = Self { rows: vec![], dropped: 0, unknown: 0, columns: None, in_file };
        let mut labels = vec![];
        let training = options.lines.as_ref().map(|lines| lines.iter().copied().collect::<BTreeSet<u64>>());
        let counted = |row: &Row| training.as_ref().is_none_or(|lines| lines.contains(&row.line));
        for row in table.rows.iter().skip(1) {
            if data.add(source, (row, counted(row)), &located, how)? {
                labels.push(row.cells.get(located.label).map_or("", String::as_str));
            }
        }
        let first_row = match located.first {
            First::Open => {
                let points = data.rows.iter().map(|point| numbers(&point.features, &located.kinds)).collect();
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
                data.add(source, (first, counted(first)), &located, how)?;
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

    /// Adds a row, and what it counts if it is one of those that do; false if it was left out.
    fn add(
        &mut self,
        source: &Source<'_>,
        (row, counted): (&Row, bool),
        located: &Located<'_>,
        how: How<'_>,
    ) -> Result<bool, Error> {
        match point(row, counted, located, how) {
            Ok(Some((point, unknown))) => {
                source.hold(point.features.entries().len(), ENTRY)?;
                self.unknown += usize::from(unknown);
                if let Some(rows) = self.in_file.get_mut(point.class) {
                    *rows += 1;
                }
                self.rows.push(point);
            }
            Ok(None) if how.drop_missing => {
                self.dropped += 1;
                return Ok(false);
            }
            Ok(None) => return Err(source.malformed_at(row.line, "a value is missing")),
            Err(what) => return Err(source.malformed_at(row.line, what)),
        }
        Ok(true)
    }

    /// Reads a file as the options say. Rows that count nothing are left out.
    pub fn read_rows(
        source: &mut Source<'_>,
        setting: &Setting,
        options: &Options,
        unknown: Unknown,
    ) -> Result<Self, Error> {
        let how = How { setting, drop_missing: options.drop_missing, unknown };
        let mut data = Self::read(source, options, how)?;
        if let Some(lines) = &options.lines {
            data.keep(lines).map_err(|line| source.malformed_at(line, "no row starts on this line"))?;
        }
        data.rows.retain(|point| point.units > 0);
        if data.rows.is_empty() { Err(source.malformed_at(0, "every row has the weight 0")) } else { Ok(data) }
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
    /// its length; each row's features as binary64 (0 for -0), then its class. Numbers have 64 bits, little-endian. Where rows count
    /// units: `heaviside data 2\n`, the unit before the classes as a class name, and the units of each row after its class.
    pub fn sha256(&self, setting: &Setting) -> String {
        let (schema, units) = (&setting.schema, setting.units.as_ref());
        let mut hash = Sha256::new();
        let natural = |value: usize| u64::try_from(value).unwrap_or(u64::MAX).to_le_bytes();
        hash.update(if units.is_some() { b"heaviside data 2\n" } else { b"heaviside data 1\n" });
        for size in [schema.features.len(), schema.classes.list().len(), self.rows.len()] {
            hash.update(natural(size));
        }
        for name in units.map(|units| &units.text).into_iter().chain(schema.classes.list()) {
            hash.update(natural(name.len()));
            hash.update(name.as_bytes());
        }
        for point in &self.rows {
            for value in point.features.all(schema.features.len()) {
                hash.update(number::binary64_bits(value).to_le_bytes());
            }
            hash.update(natural(point.class));
            if units.is_some() {
                hash.update(u64::from(point.units).to_le_bytes());
            }
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

const LACKING: &str = "the header lacks a feature of the model";

/// Where features and label stand, and what the first row is.
struct Located<'s> {
    features: Vec<usize>,
    /// What each of them is.
    kinds: Vec<FeatureColumn<'s>>,
    label: usize,
    weight: Option<usize>,
    first: First,
}

/// Finds the columns: `header` says whether the first row is one, if that is known.
fn locate<'s>(
    source: &Source<'_>,
    first: &Row,
    quoted_header: bool,
    schema: &'s Schema,
    header: Option<bool>,
) -> Result<Located<'s>, Error> {
    // The reader of the schema saw to that they fit.
    let kinds = schema.feature_columns().unwrap_or_default();
    let (n, width) = (kinds.len(), first.cells.len());
    let columns = n + 1 + usize::from(schema.weight.is_some());
    let at_label = (width == columns).then_some(schema.label_column);
    let names = names(first);
    let mut places = BTreeMap::new();
    for (place, name) in names.iter().enumerate() {
        places.entry(name).or_insert(place);
    }
    let at = |name: &String| places.get(name).copied();
    let by_name: Option<Vec<usize>> = kinds.iter().map(|column| at(column.name())).collect();
    let is_first = match (header, &by_name) {
        (Some(true), _) => First::Header,
        (Some(false), _) => First::Point,
        // The names that the training data had, numbers or not.
        (None, Some(_)) if schema.named => First::Header,
        (None, _) => look(&first.cells, at_label, quoted_header),
    };
    if let (First::Header, Some(features)) = (is_first, by_name) {
        let lacking = |what: &str, name: &String| {
            source.malformed_at(first.line, format!("no {what} column `{}`", shorten(name)))
        };
        let weight = match &schema.weight {
            Some(weight) => Some(at(&weight.name).ok_or_else(|| lacking("weight", &weight.name))?),
            None => None,
        };
        let label = at(&schema.label).ok_or_else(|| lacking("label", &schema.label))?;
        return Ok(Located { features, kinds, label, weight, first: is_first });
    }
    match at_label {
        Some(_) if is_first == First::Header && schema.named => Err(source.malformed_at(first.line, LACKING)),
        Some(label) => {
            let weight = schema.weight.as_ref().map(|weight| weight.column);
            let features = (0..width).filter(|&column| column != label && Some(column) != weight).collect();
            Ok(Located { features, kinds, label, weight, first: is_first })
        }
        None => {
            let weights = if schema.weight.is_some() { ", a label and weights" } else { " and a label" };
            Err(source.malformed_at(first.line, format!("{width} columns, but the model has {n} features{weights}")))
        }
    }
}

/// A point as the first row is compared with it: the numbers of its columns, 0 for categories.
fn numbers(features: &Sparse, kinds: &[FeatureColumn<'_>]) -> Vec<Rational> {
    let mut next = 0;
    let number = |column: &FeatureColumn<'_>| {
        let place = next;
        next += column.width();
        if let FeatureColumn::Number(_) = column { features.get(place) } else { Rational::ZERO }
    };
    kinds.iter().map(number).collect()
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

/// A row as a point, and whether it has an unknown category; `None` if a value is missing. What is not `counted` only has to have a
/// weight.
fn point(row: &Row, counted: bool, located: &Located<'_>, how: How<'_>) -> Result<Option<(Point, bool)>, String> {
    let setting = how.setting;
    let Located { features, kinds, label, weight, .. } = located;
    let cell = |column: usize| row.cells.get(column).map_or("", String::as_str);
    let lacks = |(kind, &column): (&FeatureColumn<'_>, &usize)| match kind {
        FeatureColumn::Number(_) => classify(cell(column)) == Cell::Missing,
        FeatureColumn::Categories(_) => is_missing(cell(column)),
    };
    let text = cell(*label);
    let weight = weight.map(cell);
    let no_weight = weight.is_some_and(|weight| classify(weight) == Cell::Missing);
    if kinds.iter().zip(features).any(lacks) || is_missing(text) || no_weight {
        return Ok(None);
    }
    let (mut values, mut next, mut unknown) = (Vec::with_capacity(kinds.len()), 0, false);
    for (kind, &column) in kinds.iter().zip(features) {
        let wrong = |what: &str| Err(format!("column {}: {what}", column + 1));
        let cell = cell(column);
        match kind {
            FeatureColumn::Categories(one_hot) => match one_hot.values.place(cell) {
                Some(place) => values.push((next + place, Rational::ONE)),
                None if how.unknown == Unknown::Zeros => unknown = true,
                None => return wrong(&format!("the model knows no value `{}`", shorten(cell))),
            },
            FeatureColumn::Number(_) => match classify(cell) {
                Cell::Number(value) => values.push((next, value)),
                Cell::NotFinite => return wrong("not a finite number"),
                _ => return wrong(&format!("`{}` is not a number", shorten(cell))),
            },
        }
        next += kind.width();
    }
    match setting.schema.class_of(text) {
        Some(class) => {
            let own = weight.map_or(Ok(Rational::ONE), own_weight)?;
            let units = if counted { units(own, class, setting)? } else { 0 };
            Ok(Some((Point { line: row.line, features: Sparse::of(values), class, units }, unknown)))
        }
        None => Err(format!("the model knows no class `{}`", shorten(text))),
    }
}

/// The weight in a cell.
fn own_weight(text: &str) -> Result<Rational, String> {
    match number::exact(text) {
        Ok(value) if value >= Rational::ZERO && !text.contains('/') => Ok(value),
        _ => Err(format!("`{}` is no weight", shorten(text))),
    }
}

/// What a row of this class and this weight counts: a whole number of units.
fn units(own: Rational, class: usize, setting: &Setting) -> Result<u32, String> {
    let Some(units) = &setting.units else { return Ok(1) };
    let of_class = units.classes.as_ref().and_then(|weights| weights.get(class));
    let count = own * of_class.unwrap_or(&Rational::ONE) / &units.unit;
    let whole = count.is_int().then(|| u32::try_from(count.numerator().clone()).ok()).flatten();
    whole.ok_or_else(|| format!("a weight that is no whole number of the model's unit, {}, or too many", units.text))
}

impl Schema {
    /// The class of a label, by its text or, if it is a number, by its value.
    fn class_of(&self, cell: &str) -> Option<usize> {
        match &self.positive {
            // It is the second of two classes.
            Some(_) => Some(usize::from(self.classes.place(cell) == Some(1))),
            None => self.classes.place(cell),
        }
    }
}
