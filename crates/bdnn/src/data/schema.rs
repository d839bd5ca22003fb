//! What the columns of a data file mean: features, label, classes. Stored in the model, so that other files can be
//! read the same way.

use super::cell::{Cell, classify};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Meaning of the columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// Feature names in the order of the inputs; x1, x2, .. where the file had no header.
    pub features: Vec<String>,
    /// Whether the names come from a header.
    pub named: bool,
    /// Name of the label column.
    pub label: String,
    /// Its position among all columns, from 0.
    pub label_column: usize,
    /// Classes as they stand in the data, in class order: numerically if all are numbers, else lexicographically. Of
    /// two classes the second is the positive one.
    pub classes: Vec<String>,
    /// Set if this class was trained against the rest: then `classes` is `["not X", "X"]`, and every other label
    /// means the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positive: Option<String>,
}

impl Schema {
    /// The class of a label cell, by its text or, among numeric classes, by its value. `None` if there is none.
    #[must_use]
    pub fn class_of(&self, cell: &str) -> Option<usize> {
        match &self.positive {
            Some(positive) => Some(usize::from(same_class(positive, cell))),
            None => self.classes.iter().position(|class| same_class(class, cell)),
        }
    }
}

/// Whether two label cells mean one class: equal text, or equal numbers (1 and 1.0).
pub(super) fn same_class(a: &str, b: &str) -> bool {
    a == b || matches!((classify(a), classify(b)), (Cell::Number(x), Cell::Number(y)) if x == y)
}

/// The distinct classes among label cells, in class order. Equal numbers are one class, in the form seen first.
pub(super) fn distinct_classes<'a>(cells: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut classes: Vec<&str> = cells.collect();
    let value = |cell: &str| if let Cell::Number(value) = classify(cell) { Some(value) } else { None };
    if classes.iter().all(|cell| value(cell).is_some()) {
        // Stable, so the first form of a number stays in front; -0 and 0 compare equal.
        classes.sort_by(|a, b| value(a).partial_cmp(&value(b)).unwrap_or(Ordering::Equal));
        classes.dedup_by(|b, a| same_class(a, b));
    } else {
        classes.sort_unstable();
        classes.dedup();
    }
    classes.into_iter().map(str::to_owned).collect()
}

/// The classes for a message; the first dozen.
pub(super) fn list(classes: &[String]) -> String {
    const MOST: usize = 12;
    let mut text = classes.iter().take(MOST).map(|class| super::cell::shorten(class)).collect::<Vec<_>>().join(", ");
    if classes.len() > MOST {
        text.push_str(", ..");
    }
    text
}
