//! What the columns of a data file mean: features, label, classes. Stored in the model, so that other files can be
//! read the same way.

use super::cell::{Cell, classify};
use super::precision::same_decimal;
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

/// The classes among label cells.
#[derive(Debug)]
pub(super) struct Classes {
    /// In class order; equal numbers are one class, in the form seen first.
    pub(super) names: Vec<String>,
    /// The class of each text.
    pub(super) of_text: Vec<usize>,
    /// Two labels that differ as decimals and are one float.
    pub(super) merged: Option<(String, String)>,
}

impl Classes {
    /// Of distinct `texts`, in order of appearance. Cost O(t log t).
    pub(super) fn of(texts: &[String]) -> Self {
        let value = |cell: &str| if let Cell::Number(value) = classify(cell) { Some(value) } else { None };
        let values: Option<Vec<f64>> = texts.iter().map(|text| value(text)).collect();
        let compare = |a: usize, b: usize| match &values {
            // -0 and 0 compare equal.
            Some(values) => values[a].partial_cmp(&values[b]).unwrap_or(Ordering::Equal),
            None => texts[a].cmp(&texts[b]),
        };
        let mut order: Vec<usize> = (0..texts.len()).collect();
        // Stable, so the first form of a number stays in front.
        order.sort_by(|&a, &b| compare(a, b));
        let (mut classes, mut merged): (Self, Option<(usize, usize)>) =
            (Self { names: vec![], of_text: vec![0; texts.len()], merged: None }, None);
        let mut front = None;
        for text in order {
            match front {
                Some(front) if compare(front, text) == Ordering::Equal => {
                    if merged.is_none() && !same_decimal(&texts[front], &texts[text]) {
                        merged = Some((front, text));
                    }
                }
                _ => {
                    classes.names.push(texts[text].clone());
                    front = Some(text);
                }
            }
            classes.of_text[text] = classes.names.len() - 1;
        }
        classes.merged = merged.map(|(a, b)| (texts[a].clone(), texts[b].clone()));
        classes
    }
}
