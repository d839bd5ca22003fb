//! Training data as every engine sees it: distinct points with a count a class. Counts are units: a row counts one, or as many as its
//! weight says ([`crate::data::Units`]).

use crate::chunks::rows_at_once;
use crate::distinct::Distinct;
use crate::{Rational, Scaler, Stop};
use std::cmp::Ordering;
use std::sync::Arc;

/// Distinct points of the training data with how often each carries each class. Duplicates are merged; a point that
/// carries several classes forces errors on every network (see [`crate::Problem::floor`]). Clones share everything.
#[derive(Clone, Debug)]
pub struct Points {
    features: usize,
    classes: usize,
    /// Rows in raw units, shared with the data they come from.
    raw: Arc<Vec<f64>>,
    table: Arc<Table>,
    rows: usize,
    scaler: Arc<Scaler>,
}

/// What is known of each point, in order.
#[derive(Clone, Debug, Default)]
struct Table {
    /// Which of the raw rows it is.
    at: Vec<usize>,
    scaled: Vec<f64>,
    counts: Vec<u32>,
    /// Of the rows of training data; empty for points made of points.
    of_row: Vec<usize>,
}

impl Table {
    /// A new point, of no rows yet; its number.
    fn push(&mut self, at: usize, row: &[f64], classes: usize, scaler: &Scaler) -> usize {
        self.at.push(at);
        self.scaled.extend(row.iter().enumerate().map(|(j, &x)| scaler.scale(j, x)));
        self.counts.extend(std::iter::repeat_n(0, classes));
        self.at.len() - 1
    }

    /// The number of the point `row`; if it is new it is copied to `raw`.
    fn copy(
        &mut self,
        raw: &mut Vec<f64>,
        row: &[f64],
        seen: &mut Distinct,
        (classes, scaler): (usize, &Scaler),
    ) -> usize {
        let n = row.len();
        let number = seen.place(row, |number| &raw[number * n..(number + 1) * n]);
        if number == self.at.len() {
            raw.extend_from_slice(row);
            self.push(number, row, classes, scaler);
        }
        number
    }

    /// Counts more units of a class at a point.
    fn count(&mut self, place: usize, units: u32) {
        let count = &mut self.counts[place];
        *count = count.checked_add(units).expect("fewer than 2^32 units of a class at one point");
    }
}

impl Points {
    /// Merges `rows` (row-major, m x features, finite, raw units) with `labels` (length m, each below `classes`).
    /// The points stand in order of their first appearance. Cost O(m n).
    ///
    /// # Panics
    /// If the lengths do not fit together, a label is out of range, or 2^32 rows of a class are one point.
    #[must_use]
    pub fn merge(features: usize, classes: usize, rows: &[f64], labels: &[usize], scaler: Scaler) -> Self {
        assert_eq!(rows.len(), features * labels.len(), "one label a row");
        let (mut table, mut raw) = (Table::default(), vec![]);
        let mut seen = Distinct::new(labels.len());
        for (row, &label) in rows.chunks_exact(features.max(1)).zip(labels) {
            assert!(label < classes, "labels are below {classes}");
            let at = table.copy(&mut raw, row, &mut seen, (classes, &scaler));
            table.count(at * classes + label, 1);
            table.of_row.push(at);
        }
        Self::new((features, classes), Arc::new(raw), table, labels.len(), Arc::new(scaler))
    }

    /// Merges the rows `members` of a table (row-major) with its `labels`, as [`Points::merge`], without a copy of the
    /// table; each counts as many as `units` says (positive, by member), or one. `None` if `watch` said stop.
    ///
    /// # Panics
    /// If a member or a label is out of range, the lengths do not fit together, or 2^32 units of a class are at one point.
    #[must_use]
    pub fn of_table(
        (features, classes): (usize, usize),
        rows: &Arc<Vec<f64>>,
        labels: &[usize],
        (members, units): (&[usize], Option<&[u32]>),
        scaler: Scaler,
        watch: &Stop<'_>,
    ) -> Option<Self> {
        assert!(units.is_none_or(|units| units.len() == members.len()), "units for each member");
        let mut table = Table::default();
        let row = |i: usize| &rows[i * features..(i + 1) * features];
        let mut seen = Distinct::new(members.len());
        table.of_row.reserve_exact(members.len());
        let at_once = rows_at_once(features);
        for (start, chunk) in (0..).step_by(at_once).zip(members.chunks(at_once)) {
            if watch() {
                return None;
            }
            for (row_of_member, &i) in (start..).zip(chunk) {
                let at = seen.place(row(i), |number| row(table.at[number]));
                if at == table.at.len() {
                    table.push(i, row(i), classes, &scaler);
                }
                assert!(labels[i] < classes, "labels are below {classes}");
                table.count(at * classes + labels[i], units.map_or(1, |units| units[row_of_member]));
                table.of_row.push(at);
            }
        }
        Some(Self::new((features, classes), Arc::clone(rows), table, members.len(), Arc::new(scaler)))
    }

    /// Points that count so many units: `counts` (p x classes) says how many of each class at each of `rows` (row-major,
    /// p x features, finite, raw units). Equal points are merged as in [`Points::merge`]; a unit is a row, but [`Points::of_row`] lists
    /// none. Cost O(p n).
    ///
    /// # Panics
    /// If the lengths do not fit together, or 2^32 units of a class are at one point.
    #[must_use]
    pub fn weighted(features: usize, classes: usize, rows: &[f64], counts: &[u32], scaler: Scaler) -> Self {
        assert_eq!(rows.len() * classes, counts.len() * features, "one count a row and class");
        let (mut table, mut raw, mut units) = (Table::default(), vec![], 0);
        let mut seen = Distinct::new(rows.len() / features.max(1));
        for (row, counts) in rows.chunks_exact(features.max(1)).zip(counts.chunks_exact(classes.max(1))) {
            let at = table.copy(&mut raw, row, &mut seen, (classes, &scaler));
            for (class, &count) in counts.iter().enumerate() {
                table.count(at * classes + class, count);
                units += count as usize;
            }
        }
        Self::new((features, classes), Arc::new(raw), table, units, Arc::new(scaler))
    }

    /// The same points in the lexicographic order of their features, so that nothing depends on the order of the rows. Cost
    /// O(p n log p + m); the raw rows are shared.
    #[must_use]
    pub fn sorted(self) -> Self {
        let mut order: Vec<usize> = (0..self.len()).collect();
        // 0 for -0, which are one point.
        let compare = |x: &f64, y: &f64| (x + 0.0).total_cmp(&(y + 0.0));
        order.sort_by(|&i, &k| {
            let by_feature = self.raw(i).iter().zip(self.raw(k)).map(|(x, y)| compare(x, y));
            by_feature.fold(Ordering::Equal, Ordering::then)
        });
        let mut place = vec![0; self.len()];
        order.iter().enumerate().for_each(|(at, &i)| place[i] = at);
        let of_row = self.of_row().iter().map(|&i| place[i]).collect();
        let table = Table { of_row, ..self.picked(&order) };
        Self { table: Arc::new(table), ..self }
    }

    /// Some of the points, with their units and under the same scaler, in the order of `members` (each once); a unit is a row, but
    /// [`Points::of_row`] lists none. Cost O(p n) for p members; the raw rows are shared.
    ///
    /// # Panics
    /// If a member is out of range.
    #[must_use]
    pub fn pick(&self, members: &[usize]) -> Self {
        let table = self.picked(members);
        let rows = table.counts.iter().map(|&count| count as usize).sum();
        Self { table: Arc::new(table), rows, ..self.clone() }
    }

    /// What is known of some points, but for their rows.
    fn picked(&self, members: &[usize]) -> Table {
        let at = |&i: &usize| self.table.at[i];
        Table {
            at: members.iter().map(at).collect(),
            scaled: members.iter().flat_map(|&i| self.scaled(i)).copied().collect(),
            counts: members.iter().flat_map(|&i| self.counts(i)).copied().collect(),
            of_row: vec![],
        }
    }

    fn new(
        (features, classes): (usize, usize),
        raw: Arc<Vec<f64>>,
        table: Table,
        rows: usize,
        scaler: Arc<Scaler>,
    ) -> Self {
        assert_eq!(scaler.shift.len(), features, "one shift a feature");
        Self { features, classes, raw, table: Arc::new(table), rows, scaler }
    }

    /// Number of distinct points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.at.len()
    }

    /// Whether there is no point at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.table.at.is_empty()
    }

    /// Number of rows before merging, m.
    #[must_use]
    pub fn num_rows(&self) -> usize {
        self.rows
    }

    /// What all rows count together, in units: m where no row has a weight. Cost O(p C).
    #[must_use]
    pub fn units(&self) -> u64 {
        self.table.counts.iter().map(|&count| u64::from(count)).sum()
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
        let at = self.table.at[i];
        &self.raw[at * self.features..(at + 1) * self.features]
    }

    /// Point `i` scaled and rounded to `f64`, length n.
    #[must_use]
    pub fn scaled(&self, i: usize) -> &[f64] {
        &self.table.scaled[i * self.features..(i + 1) * self.features]
    }

    /// The least and the greatest value of each feature, scaled; infinite the other way round where there are no points. Cost O(m n).
    #[must_use]
    pub fn ranges(&self) -> Vec<(f64, f64)> {
        let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); self.features];
        for i in 0..self.len() {
            for ((low, high), &x) in ranges.iter_mut().zip(self.scaled(i)) {
                (*low, *high) = (low.min(x), high.max(x));
            }
        }
        ranges
    }

    /// Point `i` scaled, exactly.
    #[must_use]
    pub fn scaled_exact(&self, i: usize) -> Vec<Rational> {
        self.raw(i).iter().enumerate().map(|(j, &x)| self.scaler.scale_exact(j, x)).collect()
    }

    /// How many units at point `i` carry each class, length C.
    #[must_use]
    pub fn counts(&self, i: usize) -> &[u32] {
        &self.table.counts[i * self.classes..(i + 1) * self.classes]
    }

    /// The point of each row of the training data, length m; empty for points that were made of points.
    #[must_use]
    pub fn of_row(&self) -> &[usize] {
        &self.table.of_row
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
    fn picked_points_are_those_of_their_rows() {
        let rows = [0.0, 1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0];
        let all = Points::merge(2, 2, &rows, &[0, 1, 0, 0], Scaler::identity(2));
        let picked = all.pick(&[2, 1]);
        let merged = Points::merge(2, 2, &[4.0, 1.0, 2.0, 3.0, 2.0, 3.0], &[0, 1, 0], Scaler::identity(2));
        assert_eq!((picked.len(), picked.num_rows(), picked.units()), (2, 3, merged.units()));
        for i in 0..2 {
            assert_eq!((picked.raw(i), picked.counts(i)), (merged.raw(i), merged.counts(i)));
            assert_eq!((picked.scaled(i), picked.scaled_exact(i)), (merged.scaled(i), merged.scaled_exact(i)));
        }
    }

    /// Whatever the order of the rows is, the points are the same, and each row knows its own.
    #[test]
    fn sorted_points_do_not_depend_on_the_order_of_rows() {
        let rows = [[1.0, 5.0], [-0.0, 2.0], [0.0, 1.0], [1.0, -3.0], [0.0, 2.0]];
        let labels = [0, 1, 1, 0, 0];
        for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 1, 3]] {
            let given: Vec<f64> = order.iter().flat_map(|&i: &usize| rows[i]).collect();
            let labels: Vec<usize> = order.iter().map(|&i| labels[i]).collect();
            let points = Points::merge(2, 2, &given, &labels, Scaler::identity(2)).sorted();
            assert_eq!((points.len(), points.num_rows()), (4, 5));
            let all: Vec<&[f64]> = (0..4).map(|i| points.raw(i)).collect();
            assert_eq!(all, [&[0.0, 1.0][..], &[0.0, 2.0], &[1.0, -3.0], &[1.0, 5.0]]);
            assert_eq!((0..4).map(|i| points.counts(i)).collect::<Vec<_>>(), [[0, 1], [1, 1], [1, 0], [1, 0]]);
            for (i, &at) in points.of_row().iter().enumerate() {
                assert_eq!((points.raw(at), points.scaled(at)), (&rows[order[i]][..], &rows[order[i]][..]));
            }
        }
    }

    /// More units than a count holds are refused, not wrapped around.
    #[test]
    #[should_panic(expected = "fewer than 2^32 units")]
    fn counts_do_not_wrap() {
        let _ = Points::weighted(1, 2, &[5.0, 5.0], &[3_000_000_000, 0, 3_000_000_000, 0], Scaler::identity(1));
    }

    #[test]
    fn weights_are_rows_repeated() {
        let rows = [0.0, 1.0, 2.0, 3.0, -0.0, 1.0];
        let weighted = Points::weighted(2, 2, &rows, &[2, 0, 1, 3, 0, 1], Scaler::identity(2));
        let repeated = [0.0, 1.0, 0.0, 1.0, 2.0, 3.0, 2.0, 3.0, 2.0, 3.0, 2.0, 3.0, 0.0, 1.0];
        let merged = Points::merge(2, 2, &repeated, &[0, 0, 0, 1, 1, 1, 1], Scaler::identity(2));
        assert_eq!((weighted.len(), weighted.num_rows(), weighted.units()), (2, 7, merged.units()));
        let table = Arc::new(vec![0.0, 1.0, 2.0, 3.0, -0.0, 1.0, 2.0, 3.0]);
        let units = (&[0, 1, 2, 3][..], Some(&[2, 1, 1, 3][..]));
        let of_table =
            Points::of_table((2, 2), &table, &[0, 0, 1, 1], units, Scaler::identity(2), &|| false).expect("no stop");
        assert_eq!((of_table.num_rows(), of_table.units(), of_table.of_row()), (4, 7, &[0, 1, 0, 1][..]));
        for i in 0..2 {
            assert_eq!((weighted.raw(i), weighted.counts(i)), (merged.raw(i), merged.counts(i)));
            assert_eq!(of_table.counts(i), merged.counts(i));
        }
    }
}
