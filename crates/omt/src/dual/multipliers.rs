//! Which of a cone's constraints a side of a point follows from: a guess in floats.
//!
//! A neuron that keeps to constraints s_k a_k >= 0 is on a side of q if +-q is a combination of the s_k a_k with multipliers that are not negative
//! (Farkas), and by Carathéodory's theorem n + 1 of them are enough. The first phase of the simplex method finds some.
//!
//! Reference: V. Chvátal, Linear Programming, 1983, chapters 3 and 16 (phases, Bland's rule; Farkas' lemma).

use crate::tolerances::{CONE_PIVOTS, CONE_ZERO};

/// Room for a system of equations.
#[derive(Debug, Default)]
pub(super) struct Equations {
    /// Row-major: columns, then the right-hand side.
    rows: Vec<f64>,
    /// What is missing, as a row.
    missing: Vec<f64>,
    /// The column of each row, once it has one.
    basis: Vec<Option<usize>>,
    /// The row of the last pivot.
    pivot: Vec<f64>,
}

impl Equations {
    /// Columns (with a sign each) of which a non-negative combination is `target` (with its sign); as few as its length at most, those that come first
    /// preferred. `None` if floats find no combination. Cost O(columns * length) a pivot.
    pub(super) fn support(&mut self, columns: &[(&[f64], f64)], target: (&[f64], f64)) -> Option<Vec<usize>> {
        let (length, count) = (target.0.len(), columns.len());
        let width = count + 1;
        self.rows.clear();
        self.basis.clear();
        self.basis.resize(length, None);
        self.missing.clear();
        self.missing.resize(width, 0.0);
        for (i, value) in target.0.iter().enumerate() {
            let value = value * target.1;
            let sign = if value < 0.0 { -1.0 } else { 1.0 };
            self.rows.extend(columns.iter().map(|(column, side)| column[i] * side * sign));
            self.rows.push(value * sign);
            let row = &self.rows[i * width..];
            self.missing.iter_mut().zip(row).for_each(|(sum, entry)| *sum += entry);
        }
        for _ in 0..CONE_PIVOTS * (length + count) {
            if self.missing[count] <= CONE_ZERO {
                let rows = self.rows.chunks_exact(width).zip(&self.basis);
                return Some(
                    rows.filter(|(row, _)| row[count] > CONE_ZERO).filter_map(|(_, column)| *column).collect(),
                );
            }
            let entering = (0..count).find(|&k| self.missing[k] > CONE_ZERO && !self.basis.contains(&Some(k)))?;
            let leaving = self.leaving(entering, width)?;
            self.pivot(leaving, entering, width);
        }
        None
    }

    /// The row that limits a column most, of several one without a column.
    fn leaving(&self, column: usize, width: usize) -> Option<usize> {
        let mut best: Option<(f64, usize, usize)> = None;
        for (i, row) in self.rows.chunks_exact(width).enumerate() {
            if row[column] > CONE_ZERO {
                let rank = self.basis[i].map_or(0, |k| k + 1);
                let ratio = row[width - 1] / row[column];
                if best
                    .is_none_or(|(least, of, _)| ratio < least - CONE_ZERO || ratio <= least + CONE_ZERO && rank < of)
                {
                    best = Some((ratio, rank, i));
                }
            }
        }
        best.map(|(.., row)| row)
    }

    fn pivot(&mut self, at: usize, column: usize, width: usize) {
        let Self { rows, missing, basis, pivot } = self;
        let row = &mut rows[at * width..(at + 1) * width];
        if basis[at].is_none() {
            // The row is no longer missing.
            missing.iter_mut().zip(&*row).for_each(|(sum, entry)| *sum -= entry);
        }
        let inverse = 1.0 / row[column];
        row.iter_mut().for_each(|entry| *entry *= inverse);
        pivot.clear();
        pivot.extend_from_slice(row);
        let subtract = |factor: f64, from: &mut [f64]| {
            from.iter_mut().zip(&*pivot).for_each(|(entry, r)| *entry -= factor * r);
        };
        for (i, other) in rows.chunks_exact_mut(width).enumerate() {
            if i != at && other[column] != 0.0 {
                subtract(other[column], other);
            }
        }
        subtract(missing[column], missing);
        basis[at] = Some(column);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A target in the cone of columns is found with the few it needs, signs included, and what is not in the cone is not found.
    #[test]
    fn a_target_is_a_combination_of_few() {
        let points = [[1.0, 0.0, 1.0], [-1.0, 0.5, 1.0], [0.0, -1.0, 1.0], [0.25, 0.25, 1.0]];
        let fires: Vec<(&[f64], f64)> = points.iter().map(|point| (&point[..], 1.0)).collect();
        let mut room = Equations::default();
        let mut support = room.support(&fires, (&[0.0, 0.0, 1.0], 1.0)).expect("within the triangle");
        support.sort_unstable();
        assert_eq!(support, [0, 1, 2]);
        assert_eq!(room.support(&fires, (&points[3], 1.0)), Some(vec![3]));
        assert_eq!(room.support(&fires, (&[2.0, 0.0, 1.0], 1.0)), None);
        assert_eq!(room.support(&fires, (&[0.0, 0.0, 1.0], -1.0)), None);
        // Fires at (1, 0), rests at (0, -1): so it fires at (2, 1).
        let sides: [(&[f64], f64); 2] = [(&points[0], 1.0), (&points[2], -1.0)];
        assert_eq!(room.support(&sides, (&[2.0, 1.0, 1.0], 1.0)).map(|found| found.len()), Some(2));
    }
}
