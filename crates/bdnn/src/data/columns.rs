//! What is wanted of a table, and what comes of it.

use super::categories::{Categories, Kind};
use super::precision::Alterations;
use super::remarks::Remarks;

/// Which columns are wanted: those of the features, in their order, that of the label, and that of what a row counts.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) features: Vec<usize>,
    /// How each of them is read.
    pub(super) kinds: Vec<Kind>,
    pub(super) label: Option<usize>,
    pub(super) weight: Option<usize>,
    pub(super) drop_missing: bool,
}

/// The wanted columns of all rows.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Row-major, m x n, finite; 0 where a cell is no number.
    pub(super) rows: Vec<f64>,
    /// By feature, what is in a column that may hold categories.
    pub(super) categories: Vec<Option<Categories>>,
    /// Index into `texts` for each row; empty if no label was wanted.
    pub(super) labels: Vec<u32>,
    /// Distinct label cells, in order of appearance.
    pub(super) texts: Vec<String>,
    /// What each row counts; empty if no weights were wanted.
    pub(super) weights: Vec<f64>,
    /// Line of each row in its file, from 1.
    pub(super) lines: Vec<u64>,
    /// Rows left out for missing values.
    pub(super) dropped: usize,
    pub(super) remarks: Remarks,
    /// What floats changed.
    pub(super) alterations: Alterations,
}
