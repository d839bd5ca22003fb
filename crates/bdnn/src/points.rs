//! Training data as every engine sees it: distinct points with a count a class.

use crate::{Rational, Scaler};
use std::collections::BTreeMap;

/// Distinct points of the training data with how often each carries each class. Duplicates are merged; a point that
/// carries several classes forces errors on every network (see [`crate::Problem::floor`]).
#[derive(Clone, Debug)]
pub struct Points {
    features: usize,
    classes: usize,
    raw: Vec<f64>,
    scaled: Vec<f64>,
    counts: Vec<u32>,
    of_row: Vec<usize>,
    scaler: Scaler,
}

impl Points {
    /// Merges `rows` (row-major, m x features, finite, raw units) with `labels` (length m, each below `classes`).
    /// The points stand in order of their first appearance. Cost O(m n log m).
    ///
    /// # Panics
    /// If the lengths do not fit together or a label is out of range.
    #[must_use]
    pub fn merge(features: usize, classes: usize, rows: &[f64], labels: &[usize], scaler: Scaler) -> Self {
        assert_eq!(rows.len(), features * labels.len(), "one label a row");
        assert_eq!(scaler.shift.len(), features, "one shift a feature");
        let mut points =
            Self { features, classes, raw: vec![], scaled: vec![], counts: vec![], of_row: vec![], scaler };
        let mut seen: BTreeMap<Vec<u64>, usize> = BTreeMap::new();
        for (i, &label) in labels.iter().enumerate() {
            let row = &rows[i * features..(i + 1) * features];
            // Adding 0.0 turns -0.0 into 0.0, so that equal values have equal bits.
            let key = row.iter().map(|x| (x + 0.0).to_bits()).collect();
            let at = *seen.entry(key).or_insert_with(|| {
                points.raw.extend_from_slice(row);
                points.scaled.extend(row.iter().enumerate().map(|(j, &x)| points.scaler.scale(j, x)));
                points.counts.extend(std::iter::repeat_n(0, classes));
                points.counts.len() / classes - 1
            });
            points.counts[at * classes + label] += 1;
            points.of_row.push(at);
        }
        points
    }

    /// Number of distinct points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts.len() / self.classes
    }

    /// Whether there is no point at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Number of rows before merging, m.
    #[must_use]
    pub fn num_rows(&self) -> usize {
        self.of_row.len()
    }

    /// n.
    #[must_use]
    pub fn num_features(&self) -> usize {
        self.features
    }

    /// C.
    #[must_use]
    pub fn num_classes(&self) -> usize {
        self.classes
    }

    /// Point `i` in raw units, length n.
    #[must_use]
    pub fn raw(&self, i: usize) -> &[f64] {
        &self.raw[i * self.features..(i + 1) * self.features]
    }

    /// Point `i` scaled and rounded to `f64`, length n.
    #[must_use]
    pub fn scaled(&self, i: usize) -> &[f64] {
        &self.scaled[i * self.features..(i + 1) * self.features]
    }

    /// Point `i` scaled, exactly.
    #[must_use]
    pub fn scaled_exact(&self, i: usize) -> Vec<Rational> {
        self.raw(i).iter().enumerate().map(|(j, &x)| self.scaler.scale_exact(j, x)).collect()
    }

    /// How many rows at point `i` carry each class, length C.
    #[must_use]
    pub fn counts(&self, i: usize) -> &[u32] {
        &self.counts[i * self.classes..(i + 1) * self.classes]
    }

    /// The point of each row of the training data, length m.
    #[must_use]
    pub fn of_row(&self) -> &[usize] {
        &self.of_row
    }

    /// The scaler the points were made with.
    #[must_use]
    pub fn scaler(&self) -> &Scaler {
        &self.scaler
    }
}
