//! What a claim is about: which columns of the data are features, which one the label, and what its values mean.
//!
//! A claim of so many errors says little if nobody looks at what was counted: a network that reads the label as a feature makes
//! none, nor does one for classes that no row has. Such claims are refused, and every report says what it is about.

use super::conditions::Conditions;
use super::data::Data;
use super::setting::{Schema, Setting};
use crate::model::shorten;
use std::collections::BTreeSet;
use std::iter::repeat_n;

/// The meaning of the columns and labels, and how many rows there are of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// Names of the features, in the order of the network's inputs.
    pub features: Vec<String>,
    /// Name of the label.
    pub label: String,
    /// Columns of the features in the data file, and that of the label, from 0; `None` if there is no file.
    pub columns: Option<(Vec<usize>, usize)>,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Whether every other label than that of the second class means the first.
    pub positive: bool,
    /// Rows of each class, of those that count.
    pub class_rows: Vec<u64>,
    /// Rows that count.
    pub rows: usize,
    /// All rows of the file without missing values, or as many as count if there is no file.
    pub rows_in_file: usize,
    /// The networks that the claim is about, and what it counts.
    pub conditions: Conditions,
    /// What rows count; `None` where each counts once.
    pub weights: Option<Weights>,
    /// Fingerprint of the rows that count.
    pub data_sha256: String,
}

/// What rows count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weights {
    /// Name of the column of weights.
    pub column: Option<String>,
    /// What a row of each class counts, beside its own weight; `None`: all classes the same.
    pub classes: Option<Vec<String>>,
    /// What a unit is worth that losses and bounds count in.
    pub unit: String,
}

impl Binding {
    pub(crate) fn of(setting: &Setting, data: &Data) -> Self {
        let schema = &setting.schema;
        let weights = setting.units.as_ref().map(|units| Weights {
            column: schema.weight.as_ref().map(|weight| weight.name.clone()),
            classes: units.classes.as_ref().map(|classes| classes.iter().map(ToString::to_string).collect()),
            unit: units.text.clone(),
        });
        Self {
            conditions: Conditions::of(setting),
            weights,
            features: schema.features.clone(),
            label: schema.label.clone(),
            columns: columns(schema, data),
            classes: schema.classes.list().to_vec(),
            positive: schema.positive.is_some(),
            class_rows: data.class_rows(schema.classes.list().len()),
            rows: data.rows.len(),
            rows_in_file: data.in_file.iter().sum::<usize>().max(data.rows.len()),
            data_sha256: data.sha256(setting),
        }
    }
}

/// Columns of features, one for each of them, and of the label.
fn columns(schema: &Schema, data: &Data) -> Option<(Vec<usize>, usize)> {
    let (columns, label) = data.columns.as_ref()?;
    let kinds = schema.feature_columns()?;
    let of_features = columns.iter().zip(&kinds).flat_map(|(&column, kind)| repeat_n(column, kind.width()));
    Some((of_features.collect(), *label))
}

/// What is wrong with a schema by itself, and with the rows under it.
pub(crate) fn fault(setting: &Setting, data: &Data) -> Option<String> {
    let schema = &setting.schema;
    let columns = schema.feature_columns().unwrap_or_default();
    let used = |name: &String| schema.features.contains(name) || columns.iter().any(|column| column.name() == name);
    let weights = schema.weight.as_ref().map(|weight| &weight.name);
    if let Some(name) = weights.filter(|&name| used(name) || *name == schema.label) {
        return Some(format!("the column of weights `{}` is used as a feature or as the label", shorten(name)));
    }
    if used(&schema.label) {
        return Some(format!("the label `{}` is used as a feature", shorten(&schema.label)));
    }
    let mut names = BTreeSet::new();
    if let Some(twice) = schema.features.iter().find(|name| !names.insert(*name)) {
        return Some(format!("the feature `{}` stands twice", shorten(twice)));
    }
    let mut names = BTreeSet::new();
    if let Some(twice) = columns.iter().find(|column| !names.insert(column.name())) {
        return Some(format!("the column `{}` stands twice among the features", shorten(twice.name())));
    }
    if let Some(name) = schema.classes.twice() {
        return Some(format!("the class `{}` stands twice", shorten(name)));
    }
    // A class may have all of its rows in the part that was kept apart, or with the weight 0: the file shows them, if there is one.
    let has_rows = |class: usize| data.in_file.get(class).map_or_else(|| setting.may_lack(class), |&rows| rows > 0);
    let counted = data.class_rows(schema.classes.list().len());
    let empty = counted.iter().enumerate().find(|&(class, &rows)| rows == 0 && !has_rows(class));
    let name = schema.classes.list().get(empty?.0).map_or("", String::as_str);
    Some(format!("no row has the class `{}`", shorten(name)))
}
