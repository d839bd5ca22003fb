//! Data that a model shall classify: columns matched to the model's features.

use super::cell::shorten;
use super::error::{DataError, DataProblem};
use super::schema::{Schema, list};
use super::table::Table;
use std::path::Path;

/// Rows for a model, in the order of its features.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// Row-major, m x n, raw units, finite.
    pub rows: Vec<f64>,
    /// Class of each row where labels were asked for.
    pub labels: Option<Vec<usize>>,
    /// Line of each row in its file, from 1.
    pub lines: Vec<u64>,
    /// Rows left out for missing values.
    pub dropped: usize,
}

impl Sample {
    /// Reads a file, or standard input if `path` is `-`, for a model with this schema. With a header, features are
    /// found by name and other columns are ignored; without, by position, with or without the label column. `labelled`:
    /// the label must be there and known; else it is ignored.
    ///
    /// # Errors
    /// [`DataError::Io`] or [`DataError::File`] with file, line and column.
    pub fn read(path: &Path, schema: &Schema, labelled: bool, drop_missing: bool) -> Result<Self, DataError> {
        Self::from_table(Table::read(path, 1)?, schema, labelled, drop_missing)
    }

    /// As [`Sample::read`], from bytes; `file` is the name for messages.
    ///
    /// # Errors
    /// [`DataError::File`] with file, line and column.
    pub fn parse(
        bytes: &[u8],
        file: &str,
        schema: &Schema,
        labelled: bool,
        drop_missing: bool,
    ) -> Result<Self, DataError> {
        Self::from_table(Table::parse(bytes, file, 1)?, schema, labelled, drop_missing)
    }

    fn from_table(mut table: Table, schema: &Schema, labelled: bool, drop_missing: bool) -> Result<Self, DataError> {
        let (features, label) = locate(&mut table, schema)?;
        let label = label.filter(|_| labelled);
        if labelled && label.is_none() {
            return Err(table.problem(None, DataProblem::Unlabelled(schema.label.clone())));
        }
        let needed: Vec<usize> = features.iter().copied().chain(label).collect();
        let dropped = table.settle_missing(&needed, drop_missing)?;
        let mut sample = Self { rows: vec![], labels: label.map(|_| vec![]), lines: vec![], dropped };
        for row in &table.rows {
            for &j in &features {
                sample.rows.push(table.number(row, j)?);
            }
            if let (Some(at), Some(labels)) = (label, &mut sample.labels) {
                let Some(class) = schema.class_of(&row.cells[at]) else {
                    let (column, text) = (table.column(at), shorten(&row.cells[at]));
                    let problem = DataProblem::UnknownClass { column, text, known: list(&schema.classes) };
                    return Err(table.problem(Some(row.line), problem));
                };
                labels.push(class);
            }
            sample.lines.push(row.line);
        }
        Ok(sample)
    }

    /// m.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there is no row; never after reading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The rows in raw units, each of length n.
    pub fn iter(&self) -> impl Iterator<Item = &[f64]> {
        // At least one column is sure after reading.
        self.rows.chunks_exact((self.rows.len() / self.len().max(1)).max(1))
    }
}

/// The columns of the features, in the model's order, and of the label if it is there.
fn locate(table: &mut Table, schema: &Schema) -> Result<(Vec<usize>, Option<usize>), DataError> {
    let n = schema.features.len();
    let width = table.width();
    let label = (width == n + 1).then_some(schema.label_column);
    if table.header_looms(label) {
        table.take_header()?;
    }
    let by_position = || {
        if width == n || width == n + 1 {
            Ok(((0..width).filter(|&j| Some(j) != label).collect(), label))
        } else {
            let line = table.rows.first().map(|row| row.line);
            Err(table.problem(line, DataProblem::Width { found: width, features: n }))
        }
    };
    let Some(names) = &table.header else { return by_position() };
    let at = |wanted: &String| names.iter().position(|name| name == wanted);
    let found: Option<Vec<usize>> = schema.features.iter().map(at).collect();
    match found {
        Some(features) => Ok((features, at(&schema.label))),
        None if !schema.named => by_position(),
        None => {
            let missing = schema.features.iter().find(|name| at(name).is_none()).cloned().unwrap_or_default();
            Err(table.problem(Some(1), DataProblem::NoFeature(missing)))
        }
    }
}
