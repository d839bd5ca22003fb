//! Data that a model shall classify: columns matched to the model's features.

use super::categories::Kind;
use super::cell::{list, list_cells};
use super::columns::{Columns, Wanted};
use super::describe::describe;
use super::error::{DataError, DataProblem};
use super::header::{First, Header};
use super::input::{Input, NEVER};
use super::one_hot;
use super::remarks::Remarks;
use super::schema::{FeatureColumn, Schema, same_class};
use super::table::{Asked, Table};
use super::units::Units;
use std::path::Path;

/// How to read data for a model.
#[derive(Clone, Copy, Debug, Default)]
pub struct SampleOptions<'a> {
    /// The label must be there; else it is ignored.
    pub labelled: bool,
    /// The label column where it is another than that of the training data: as [`ReadOptions::label`](super::ReadOptions::label).
    pub label: Option<&'a str>,
    /// The column of weights of the training data, if it had one, must be there; else it is ignored.
    pub weighted: bool,
    /// With `labelled`: rows of classes that the model does not know are kept, see [`Sample::unseen`].
    pub unseen: bool,
    /// Leave out rows with a missing value, instead of refusing them.
    pub drop_missing: bool,
    /// Whether the first row is a header.
    pub header: Header,
}

/// Rows for a model, in the order of its features.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Row-major, m x n, raw units, finite.
    pub rows: Vec<f64>,
    /// Class of each row where labels were asked for; from C on, classes of `unseen`.
    pub labels: Option<Vec<usize>>,
    /// What each row counts where weights were asked for and the model has a column of them; as [`Dataset::weights`](super::Dataset::weights).
    pub weights: Option<Vec<f64>>,
    /// Classes that the model does not know, as they stand in the data, in order of appearance.
    pub unseen: Vec<String>,
    /// Line of each row in its file, from 1.
    pub lines: Vec<u64>,
    /// Rows left out for missing values.
    pub dropped: usize,
    /// The form of the file, and what is remarkable.
    pub remarks: Remarks,
}

impl Sample {
    /// Reads a file, or standard input if `path` is `-`, for a model with this schema. With a header, features are
    /// found by name and other columns are ignored; without, by position, with or without the label column.
    ///
    /// # Errors
    /// [`DataError::Io`] or [`DataError::File`] with file, line and column.
    pub fn read(path: &Path, schema: &Schema, options: SampleOptions<'_>) -> Result<Self, DataError> {
        Self::from_table(Table::open(Input::open(path, NEVER)?, 1)?, schema, options)
    }

    /// As [`Sample::read`], from bytes; `file` is the name for messages.
    ///
    /// # Errors
    /// [`DataError::File`] with file, line and column.
    pub fn parse(bytes: &[u8], file: &str, schema: &Schema, options: SampleOptions<'_>) -> Result<Self, DataError> {
        Self::from_table(Table::open(Input::bytes(bytes, file, NEVER)?, 1)?, schema, options)
    }

    fn from_table(mut table: Table<'_>, schema: &Schema, options: SampleOptions<'_>) -> Result<Self, DataError> {
        let Located { features, label, weight, first } = locate(&table, schema, options)?;
        if options.labelled && label.is_none() {
            return Err(table.problem(None, DataProblem::Unlabelled(schema.label.clone())));
        }
        if let (true, None, Some(wanted)) = (options.weighted, weight, &schema.weight) {
            return Err(table.no_column(&wanted.name, options.header, Asked::Weights));
        }
        let kind = |column: FeatureColumn<'_>| match column {
            FeatureColumn::Number(_) => Kind::Number,
            FeatureColumn::Categories(_) => Kind::Category,
        };
        let wanted = Wanted {
            features,
            kinds: schema.feature_columns().into_iter().map(kind).collect(),
            label: label.filter(|_| options.labelled),
            weight: weight.filter(|_| options.weighted),
            drop_missing: options.drop_missing,
        };
        let mut columns = table.read(&wanted, first)?;
        // With the model's names it would have been a header before it was judged.
        if first == First::Open && table.header.is_some() && schema.named {
            return Err(lacking(&table, schema));
        }
        // Only a judgement can have made a header of a row of numbers, and then a name may be an index as well.
        if let (First::Open, Some(names), Some(text)) = (first, &table.header, options.label)
            && names.iter().position(|name| name == text).is_some_and(|at| Some(at) != label)
        {
            let row = list_cells(&table.first);
            return Err(table.problem(Some(table.first_line()), DataProblem::HeaderOrPoint(row)));
        }
        describe(&table, &wanted, &mut columns);
        if table.header.is_some() && schema.named {
            let used = |j: usize| wanted.features.contains(&j) || label == Some(j) || weight == Some(j);
            let ignored: Vec<String> = (0..table.width()).filter(|&j| !used(j)).map(|j| table.name(j)).collect();
            match &ignored[..] {
                [] => {}
                [one] => columns
                    .remarks
                    .notes
                    .push(format!("the model does not use column {}", list(std::slice::from_ref(one)))),
                more => {
                    columns.remarks.notes.push(format!("the model does not use {} columns: {}", more.len(), list(more)))
                }
            }
        }
        let mut unseen = vec![];
        let labels = match wanted.label {
            None => None,
            Some(at) => {
                let classes = schema.classes.len();
                let mut of_text = Vec::with_capacity(columns.texts.len());
                for (index, text) in columns.texts.iter().enumerate() {
                    let again = unseen.iter().position(|seen: &String| same_class(seen, text));
                    let known = schema.class_of(text).or(again.map(|at| classes + at));
                    let class = known.unwrap_or(classes + unseen.len());
                    if class >= classes && !options.unseen {
                        let row = columns.labels.iter().position(|&label| label as usize == index);
                        let (column, text) = (table.column(at), super::cell::shorten(text));
                        let problem = DataProblem::UnknownClass { column, text, known: list(&schema.classes) };
                        return Err(table.problem(row.map(|row| columns.lines[row]), problem));
                    }
                    if known.is_none() {
                        unseen.push(text.clone());
                    }
                    of_text.push(class);
                }
                Some(columns.labels.iter().map(|&text| of_text[text as usize]).collect())
            }
        };
        one_hot::encode_for(schema, &table, &mut columns)?;
        let remarks = std::mem::take(&mut columns.remarks);
        let Columns { rows, lines, dropped, weights, .. } = columns;
        let weights = wanted.weight.map(|_| weights);
        Ok(Self { rows, labels, weights, unseen, lines, dropped, remarks })
    }

    /// Number of rows, m; rows that were left out for missing values do not count.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no row; never after reading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// [`Dataset::sha256_of_units`](super::Dataset::sha256_of_units) of the rows `members`, read as training data of a model with this
    /// `schema`; `None` without labels.
    #[must_use]
    pub fn sha256(&self, schema: &Schema, (members, units): (&[usize], Option<&Units>)) -> Option<String> {
        let labels = self.labels.as_ref()?;
        let shape = (schema.features.len(), &schema.classes[..]);
        super::hash::sha256(shape, (&self.rows, labels), (members, units), NEVER)
    }

    /// How many rows differ in some feature from all rows before them. Cost O(m n).
    #[must_use]
    pub fn num_distinct(&self) -> usize {
        super::num_distinct(&self.rows, self.rows.len() / self.len().max(1), NEVER).unwrap_or(self.len())
    }

    /// The rows in raw units, each of length n.
    pub fn iter(&self) -> impl Iterator<Item = &[f64]> {
        // At least one column is sure after reading.
        self.rows.chunks_exact((self.rows.len() / self.len().max(1)).max(1))
    }
}

/// The columns of the features, in the model's order, those of the label and of the weights if they are there, and what the first row is.
struct Located {
    features: Vec<usize>,
    label: Option<usize>,
    weight: Option<usize>,
    first: First,
}

fn locate(table: &Table<'_>, schema: &Schema, options: SampleOptions<'_>) -> Result<Located, DataError> {
    let features = schema.feature_columns();
    let n = features.len();
    let width = table.width();
    let known = options.header;
    let index = options.label.and_then(|text| table.index(text));
    // Without names the weights stand where they stood, if all columns are there; where only one beside the features is, it is the label.
    let weight = schema.weight.as_ref().map(|weight| weight.column).filter(|_| width == n + 2);
    let before = schema.weight.as_ref().is_some_and(|weight| weight.column < schema.label_column);
    let label = match options.label {
        Some(_) => index,
        None if width == n + 1 + usize::from(weight.is_some()) => {
            Some(schema.label_column - usize::from(before && weight.is_none()))
        }
        None => None,
    };
    let names: Vec<String> = (0..width).map(|j| table.first_name(j)).collect();
    let at = |wanted: &str| names.iter().position(|name| name == wanted);
    let by_name: Option<Vec<usize>> = features.iter().map(|column| at(column.name())).collect();
    let first = match (&by_name, known) {
        // Names that the training data had, numbers or not.
        (Some(_), Header::Auto) if schema.named => First::Header,
        _ => table.look(label, known),
    };
    let label = match (options.label, first) {
        (Some(text), First::Header) => at(text).or(index),
        _ => label,
    };
    if let (Some(text), None) = (options.label, label) {
        return Err(table.no_column(text, known, Asked::Label));
    }
    if first == First::Header {
        match by_name {
            Some(features) => {
                let label = options.label.map_or_else(|| at(&schema.label), |_| label);
                let weight = schema.weight.as_ref().and_then(|weight| at(&weight.name));
                return Ok(Located { features, label, weight, first });
            }
            None if schema.named => return Err(lacking(table, schema)),
            None => {}
        }
    }
    if width == n + usize::from(label.is_some()) + usize::from(weight.is_some())
        && label.is_none_or(|at| Some(at) != weight)
    {
        let features = (0..width).filter(|&j| Some(j) != label && Some(j) != weight).collect();
        Ok(Located { features, label, weight, first })
    } else {
        let line = Some(table.first_line());
        Err(table.problem(line, DataProblem::Width { found: width, features: n }))
    }
}

/// The error for a header that lacks names of the model.
fn lacking(table: &Table<'_>, schema: &Schema) -> DataError {
    let names: Vec<String> = (0..table.width()).map(|j| table.first_name(j)).collect();
    let features = schema.feature_columns();
    let lacks = |name: &&str| names.iter().all(|other| other != name);
    let missing: Vec<&str> = features.iter().map(FeatureColumn::name).filter(lacks).collect();
    let quoted: Vec<String> = missing.iter().take(12).map(|name| format!("{name:?}")).collect();
    let more = if missing.len() > quoted.len() { ", .." } else { "" };
    let problem = DataProblem::NoFeature {
        missing: quoted.join(", ") + more,
        several: missing.len() > 1,
        available: list(&names),
    };
    table.problem(Some(table.first_line()), problem)
}
