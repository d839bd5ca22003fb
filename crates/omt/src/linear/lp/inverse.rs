//! The inverse of the kernel of a basis, kept by rank-one updates.
//!
//! The kernel is a square matrix M whose rows are the tight constraints and whose columns are the basic variables. Four
//! exchanges keep it square; each costs O(k^2) for k rows.

use budget::Pace;
use numerics::inverse::invert;
use serde::{Deserialize, Serialize};

/// M^-1: entry (p, q) belongs to basic column p and tight row q.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Inverse {
    size: usize,
    /// Entries from one row to the next, at least `size`.
    stride: usize,
    entries: Vec<f64>,
}

impl Inverse {
    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn clear(&mut self) {
        self.size = 0;
    }

    /// Row p, that of a basic column (length k).
    pub(super) fn row(&self, p: usize) -> &[f64] {
        &self.entries[p * self.stride..p * self.stride + self.size]
    }

    /// M^-1 of the matrix given column by column; false if that cannot be had or `pace` says stop.
    pub(super) fn invert(&mut self, columns: &[f64], size: usize, pace: &mut Pace<'_>) -> bool {
        self.clear();
        let Some(inverse) = invert(columns, size, pace) else { return false };
        (self.size, self.stride, self.entries) = (size, size, inverse);
        true
    }

    /// M^-1 v for v by tight row, into `out` by basic column.
    pub(super) fn times(&self, v: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.extend((0..self.size).map(|p| self.row(p).iter().zip(v).map(|(a, b)| a * b).sum::<f64>()));
    }

    /// Adds `factor` times row p to `out`, by tight row.
    pub(super) fn add_row(&self, p: usize, factor: f64, out: &mut [f64]) {
        out.iter_mut().zip(self.row(p)).for_each(|(y, b)| *y += factor * b);
    }

    /// A new last row and column: `row` is the new row's entries at the basic columns times M^-1, `column` is M^-1 times the
    /// new column's entries at the tight rows, `schur` what elimination leaves of the entry where they meet.
    pub(super) fn border(&mut self, row: &[f64], column: &[f64], schur: f64) {
        let k = self.size;
        self.reserve(k + 1);
        for (p, &c) in column.iter().enumerate() {
            let factor = c / schur;
            let at = p * self.stride;
            self.entries[at..at + k].iter_mut().zip(row).for_each(|(b, r)| *b += factor * r);
            self.entries[at + k] = -factor;
        }
        let at = k * self.stride;
        self.entries[at..at + k].iter_mut().zip(row).for_each(|(b, r)| *b = -r / schur);
        self.entries[at + k] = 1.0 / schur;
        self.size = k + 1;
    }

    /// Another row of M in the place of row q: its entries at the basic columns times M^-1.
    pub(super) fn replace_row(&mut self, q: usize, row: &[f64]) {
        let (k, scale) = (self.size, 1.0 / row[q]);
        for p in 0..k {
            let at = p * self.stride;
            let entries = &mut self.entries[at..at + k];
            let pivot = entries[q] * scale;
            if pivot != 0.0 {
                entries.iter_mut().zip(row).for_each(|(b, r)| *b -= pivot * r);
            }
            entries[q] = pivot;
        }
    }

    /// Another column of M in the place of column p: M^-1 times its entries at the tight rows.
    pub(super) fn replace_column(&mut self, p: usize, column: &[f64]) {
        let (k, stride) = (self.size, self.stride);
        let pivot: Vec<f64> = self.row(p).iter().map(|b| b / column[p]).collect();
        for (other, &c) in column.iter().enumerate() {
            let entries = &mut self.entries[other * stride..other * stride + k];
            if other == p {
                entries.copy_from_slice(&pivot);
            } else if c != 0.0 {
                entries.iter_mut().zip(&pivot).for_each(|(b, v)| *b -= c * v);
            }
        }
    }

    /// Row q and column p of M leave; the last ones take their places.
    pub(super) fn remove(&mut self, p: usize, q: usize) {
        let (k, stride) = (self.size, self.stride);
        let pivot: Vec<f64> = self.row(p).to_vec();
        for other in (0..k).filter(|&other| other != p) {
            let entries = &mut self.entries[other * stride..other * stride + k];
            let factor = entries[q] / pivot[q];
            if factor != 0.0 {
                entries.iter_mut().zip(&pivot).for_each(|(b, v)| *b -= factor * v);
            }
            entries[q] = entries[k - 1];
        }
        if p + 1 < k {
            self.entries.copy_within((k - 1) * stride..(k - 1) * stride + k, p * stride);
        }
        self.size = k - 1;
    }

    fn reserve(&mut self, size: usize) {
        if size <= self.stride && size * self.stride <= self.entries.len() {
            return;
        }
        let stride = (2 * size).max(16);
        let mut entries = vec![0.0; stride * stride];
        for p in 0..self.size {
            entries[p * stride..p * stride + self.size].copy_from_slice(self.row(p));
        }
        (self.stride, self.entries) = (stride, entries);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Random exchanges against a fresh inverse.
    #[test]
    fn exchanges_keep_the_inverse() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let (mut inverse, mut matrix) = (Inverse::default(), Vec::<Vec<f64>>::new());
        let mut draw = |k: usize| -> Vec<f64> { (0..k).map(|_| rng.random_range(-1.0..1.0)).collect() };
        for step in 0..300 {
            let k = matrix.len();
            let (row, column) = (draw(k), draw(k));
            let times = |inverse: &Inverse, row: &[f64]| {
                let mut out = vec![0.0; k];
                (0..k).for_each(|p| inverse.add_row(p, row[p], &mut out));
                out
            };
            let mut shares = Vec::new();
            inverse.times(&column, &mut shares);
            let entries = times(&inverse, &row);
            let (p, q) = if k > 0 { (step * 7 % k, step * 5 % k) } else { (0, 0) };
            match step % 4 {
                _ if k < 3 || (step % 4 == 0 && k < 9) => {
                    let corner = 3.0;
                    let schur = corner - entries.iter().zip(&column).map(|(a, b)| a * b).sum::<f64>();
                    inverse.border(&entries, &shares, schur);
                    matrix.iter_mut().zip(&column).for_each(|(r, &c)| r.push(c));
                    matrix.push([&row[..], &[corner]].concat());
                }
                1 if entries[q].abs() > 0.1 => {
                    inverse.replace_row(q, &entries);
                    matrix[q] = row;
                }
                2 if shares[p].abs() > 0.1 => {
                    inverse.replace_column(p, &shares);
                    matrix.iter_mut().zip(&column).for_each(|(r, &c)| r[p] = c);
                }
                3 if inverse.row(p)[q].abs() > 0.1 => {
                    inverse.remove(p, q);
                    matrix.swap_remove(q);
                    matrix.iter_mut().for_each(|r| {
                        r.swap_remove(p);
                    });
                }
                _ => continue,
            }
            let k = matrix.len();
            for (p, q) in (0..k).flat_map(|p| (0..k).map(move |q| (p, q))) {
                let product: f64 = (0..k).map(|r| inverse.row(p)[r] * matrix[r][q]).sum();
                assert!((product - f64::from(u8::from(p == q))).abs() < 1e-6, "step {step}: {product} at {p}, {q}");
            }
        }
    }
}
