//! Columns of categories as features of 0 and 1, one for each value.
//!
//! A column whose cells are words becomes one feature for each of its values, called `column=value`: 1 where the row has the value, 0
//! elsewhere. Values stand in the order of classes (numerically if all are numbers, else lexicographically), features in the order of the columns, and
//! the schema holds both, so that other files are encoded in the same way ([`encode_for`]). Where a row has a value that the schema does not know, all
//! features of the column are 0.

use super::categories::{self, Encoding, Kind};
use super::cell::{list, shorten};
use super::columns::{Columns, Wanted};
use super::error::{Column, DataError, DataProblem};
use super::header::{First, Header};
use super::schema::{FeatureColumn, OneHot, Schema};
use super::table::{Asked, Table};

/// Which columns of a data file are encoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OneHotColumns {
    /// None: features are numbers.
    #[default]
    None,
    /// Those with a cell that is neither a number nor missing.
    Text,
    /// These, named as the label is, whatever their cells are.
    Named(Vec<String>),
}

/// How the cells of each column are read if it is a feature, and what the first row is.
pub(super) fn kinds(
    table: &Table<'_>,
    (asked, header): (&OneHotColumns, Header),
    (label, weight): (usize, Option<usize>),
    mut first: First,
) -> Result<(Vec<Kind>, First), DataError> {
    let names = match asked {
        OneHotColumns::None => return Ok((vec![Kind::Number; table.width()], first)),
        OneHotColumns::Text => return Ok((vec![Kind::Either; table.width()], first)),
        OneHotColumns::Named(names) => names,
    };
    let mut kinds = vec![Kind::Number; table.width()];
    for text in names {
        let position = table.index(text);
        let named = table.first.iter().position(|cell| cell == text);
        if header == Header::Auto && position.is_none() && named.is_some() {
            first = First::Header;
        }
        match if first == First::Header { named.or(position) } else { position } {
            Some(at) if at == label || Some(at) == weight => {
                let name = (first == First::Header).then(|| table.first_name(at));
                let problem = DataProblem::NoCategories(Column { number: at + 1, name });
                return Err(table.problem(Some(table.first_line()), problem));
            }
            Some(at) => kinds[at] = Kind::Category,
            None => return Err(table.no_column(text, header, Asked::Categories)),
        }
    }
    Ok((kinds, first))
}

/// Makes features of the columns of categories, and says which.
pub(super) fn encode(
    schema: &mut Schema,
    table: &Table<'_>,
    wanted: &Wanted,
    columns: &mut Columns,
) -> Result<(), DataError> {
    /// Values that a note names.
    const NAMED: usize = 6;
    if wanted.kinds.iter().all(|kind| *kind == Kind::Number) {
        return Ok(());
    }
    let (mut features, mut encodings) = (vec![], vec![]);
    for ((&j, kind), categories) in wanted.features.iter().zip(&wanted.kinds).zip(&columns.categories) {
        let name = table.name(j);
        let Some(categories) = categories.as_ref().filter(|all| *kind == Kind::Category || all.first_text.is_some())
        else {
            features.push(name);
            encodings.push(Encoding::Number);
            continue;
        };
        let (values, places) = categories.values();
        let column = table.column(j);
        if let (Kind::Either, Some((text, line)), true) =
            (kind, &categories.first_text, 2 * categories.worded < columns.lines.len())
        {
            columns.remarks.warnings.push(format!(
                "{column}: {} of {} cells are no numbers (\"{}\", line {line}), so that each of its {} values is a category; \
                 if it is a column of numbers, correct them",
                categories.worded,
                columns.lines.len(),
                shorten(text),
                values.len()
            ));
        }
        let more = if values.len() > NAMED { ", .." } else { "" };
        let shown = list(&values[..values.len().min(NAMED)]);
        columns
            .remarks
            .notes
            .push(format!("{column} is encoded as {} features, one a value: {shown}{more}", values.len()));
        let one_hot = OneHot { name, column: j, values };
        features.extend(one_hot.features());
        encodings.push(Encoding::Features(one_hot.values.len(), categories, places));
        schema.one_hot.push(one_hot);
    }
    let mut sorted: Vec<&String> = features.iter().collect();
    sorted.sort();
    if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(table.problem(Some(table.first_line()), DataProblem::DuplicateColumn(pair[0].clone())));
    }
    let rows = categories::encode(&columns.rows, &encodings);
    columns.rows = rows.map_err(|bytes| table.problem(None, DataProblem::Memory(bytes)))?;
    schema.features = features;
    Ok(())
}

/// Encodes columns as a model does; values that it does not know are warned about.
pub(super) fn encode_for(schema: &Schema, table: &Table<'_>, columns: &mut Columns) -> Result<(), DataError> {
    if schema.one_hot.is_empty() {
        return Ok(());
    }
    let mut encodings = vec![];
    for (column, categories) in schema.feature_columns().into_iter().zip(&columns.categories) {
        encodings.push(match (column, categories) {
            (FeatureColumn::Categories(one_hot), Some(categories)) => {
                let (places, warning) = categories.known(one_hot);
                columns.remarks.warnings.extend(warning);
                Encoding::Features(one_hot.values.len(), categories, places)
            }
            _ => Encoding::Number,
        });
    }
    let rows = categories::encode(&columns.rows, &encodings);
    columns.rows = rows.map_err(|bytes| table.problem(None, DataProblem::Memory(bytes)))?;
    Ok(())
}
