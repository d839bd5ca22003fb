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
        let mut points = Self::none(features, classes, scaler);
        let mut seen = BTreeMap::new();
        for (row, &label) in rows.chunks_exact(features.max(1)).zip(labels) {
            let at = points.place(row, &mut seen);
            points.counts[at * classes + label] += 1;
            points.of_row.push(at);
        }
        points
    }

    /// Points that stand for many rows: `counts` (p x classes) says how many of each class at each of `rows` (row-major,
    /// p x features, finite, raw units). Equal points are merged as in [`Points::merge`], and [`Points::of_row`] lists
    /// the rows point by point as they are given. Cost O(p n log p + m).
    ///
    /// # Panics
    /// If the lengths do not fit together.
    #[must_use]
    pub fn weighted(features: usize, classes: usize, rows: &[f64], counts: &[u32], scaler: Scaler) -> Self {
        assert_eq!(rows.len() * classes, counts.len() * features, "one count a row and class");
        let mut points = Self::none(features, classes, scaler);
        let mut seen = BTreeMap::new();
        for (row, counts) in rows.chunks_exact(features.max(1)).zip(counts.chunks_exact(classes.max(1))) {
            let at = points.place(row, &mut seen);
            for (class, &count) in counts.iter().enumerate() {
                points.counts[at * classes + class] += count;
                points.of_row.extend(std::iter::repeat_n(at, count as usize));
            }
        }
        points
    }

    fn none(features: usize, classes: usize, scaler: Scaler) -> Self {
        assert_eq!(scaler.shift.len(), features, "one shift a feature");
        Self { features, classes, raw: vec![], scaled: vec![], counts: vec![], of_row: vec![], scaler }
    }

    /// The place of the point `row`, new if it was not `seen`.
    fn place(&mut self, row: &[f64], seen: &mut BTreeMap<Vec<u64>, usize>) -> usize {
        // Adding 0.0 turns -0.0 into 0.0, so that equal values have equal bits.
        let key = row.iter().map(|x| (x + 0.0).to_bits()).collect();
        *seen.entry(key).or_insert_with(|| {
            self.raw.extend_from_slice(row);
            self.scaled.extend(row.iter().enumerate().map(|(j, &x)| self.scaler.scale(j, x)));
            self.counts.extend(std::iter::repeat_n(0, self.classes));
            self.counts.len() / self.classes - 1
        })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_rows_repeated() {
        let rows = [0.0, 1.0, 2.0, 3.0, -0.0, 1.0];
        let weighted = Points::weighted(2, 2, &rows, &[2, 0, 1, 3, 0, 1], Scaler::identity(2));
        let repeated = [0.0, 1.0, 0.0, 1.0, 2.0, 3.0, 2.0, 3.0, 2.0, 3.0, 2.0, 3.0, 0.0, 1.0];
        let merged = Points::merge(2, 2, &repeated, &[0, 0, 0, 1, 1, 1, 1], Scaler::identity(2));
        assert_eq!((weighted.len(), weighted.num_rows()), (2, 7));
        assert_eq!(weighted.of_row(), merged.of_row());
        for i in 0..2 {
            assert_eq!((weighted.raw(i), weighted.counts(i)), (merged.raw(i), merged.counts(i)));
        }
    }
}
