//! FTRAN and BTRAN.

use super::reach::{Search, Triangle};
use super::segments::Segments;
use super::{HOLE, Lu, SparseVector};
use crate::tolerances::LU_DROP;

/// A triangular solve in place for a sparse right-hand side: finds the entries it touches, then eliminates them.
/// `lists` holds what entry r does to the entries after it, `pivots` the diagonal (the identity if `None`).
fn solve_sparse(lists: &Segments<f64>, pivots: Option<&[f64]>, vector: &mut SparseVector, search: &mut Search) {
    search.reach(lists, vector);
    for &r in search.reached.iter().rev() {
        eliminate_entry(lists, pivots, r as usize, &mut vector.values);
    }
    vector.index.clear();
    let values = &vector.values;
    vector.index.extend(search.reached.iter().copied().filter(|&r| values[r as usize] != 0.0));
}

/// The same by a sweep over `order`, the positions with something to do, dependencies first.
fn solve_sweep(
    lists: &Segments<f64>,
    pivots: Option<&[f64]>,
    order: impl Iterator<Item = u32>,
    vector: &mut SparseVector,
) {
    for r in order {
        if r != HOLE {
            eliminate_entry(lists, pivots, r as usize, &mut vector.values);
        }
    }
    vector.gather();
}

#[inline]
fn eliminate_entry(lists: &Segments<f64>, pivots: Option<&[f64]>, r: usize, values: &mut [f64]) {
    let mut x = values[r];
    if x == 0.0 {
        return;
    }
    if x.abs() < LU_DROP {
        values[r] = 0.0;
        return;
    }
    if let Some(pivots) = pivots {
        x /= pivots[r];
        values[r] = x;
    }
    let (index, value) = lists.list(r);
    for (&i, &u) in index.iter().zip(value) {
        values[i as usize] -= u * x;
    }
}

impl Lu {
    /// Solves `B x = b` in place (length m, row space in, position space out; they coincide).
    pub fn ftran(&mut self, vector: &mut SparseVector) {
        self.ftran_lower(vector);
        self.ftran_upper(vector);
    }

    /// Solves `B x = b` and keeps the half-solved vector as the spike of the next [`Lu::update`].
    pub fn ftran_entering(&mut self, vector: &mut SparseVector) {
        self.ftran_lower(vector);
        self.spike.clear();
        self.spike.extend(vector.index.iter().map(|&i| (i, vector.values[i as usize])));
        self.ftran_upper(vector);
    }

    fn ftran_lower(&mut self, vector: &mut SparseVector) {
        if !self.l_col_order.is_empty() {
            if self.densities.predict_sparse(Triangle::Lower, vector) {
                solve_sparse(&self.l_cols, None, vector, &mut self.search);
            } else {
                solve_sweep(&self.l_cols, None, self.l_col_order.iter().copied(), vector);
            }
            self.densities.record(Triangle::Lower, vector);
        }
        for (k, &row) in self.eta_rows.iter().enumerate() {
            let (index, value) = self.etas.list(k);
            let sum: f64 = index.iter().zip(value).map(|(&j, &r)| r * vector.values[j as usize]).sum();
            if sum != 0.0 {
                vector.add(row as usize, -sum);
            }
        }
    }

    fn ftran_upper(&mut self, vector: &mut SparseVector) {
        if self.densities.predict_sparse(Triangle::Upper, vector) {
            solve_sparse(&self.u_cols, Some(&self.pivots), vector, &mut self.search);
        } else {
            // Nothing happens before the last listed pivot is reached.
            let last = vector.index.iter().map(|&i| self.place[i as usize] as usize + 1).max().unwrap_or(0);
            let order = self.order[..last].iter().rev().copied();
            solve_sweep(&self.u_cols, Some(&self.pivots), order, vector);
        }
        self.densities.record(Triangle::Upper, vector);
    }

    /// Solves with the transpose of U alone.
    pub(super) fn btran_upper(&mut self, vector: &mut SparseVector) {
        if self.densities.predict_sparse(Triangle::UpperTransposed, vector) {
            solve_sparse(&self.u_rows, Some(&self.pivots), vector, &mut self.search);
        } else {
            let places = vector.index.iter().map(|&i| self.place[i as usize] as usize);
            let first = places.min().unwrap_or(self.order.len());
            let order = self.order[first..].iter().copied();
            solve_sweep(&self.u_rows, Some(&self.pivots), order, vector);
        }
        self.densities.record(Triangle::UpperTransposed, vector);
    }

    /// Solves `B'y = c` in place (length m, position space in, row space out; they coincide).
    pub fn btran(&mut self, vector: &mut SparseVector) {
        self.btran_upper(vector);
        for (k, &row) in self.eta_rows.iter().enumerate().rev() {
            let y = vector.values[row as usize];
            if y != 0.0 {
                for (j, r) in self.etas.pairs(k) {
                    vector.add(j, -r * y);
                }
            }
        }
        if !self.l_row_order.is_empty() {
            if self.densities.predict_sparse(Triangle::LowerTransposed, vector) {
                solve_sparse(&self.l_rows, None, vector, &mut self.search);
            } else {
                solve_sweep(&self.l_rows, None, self.l_row_order.iter().rev().copied(), vector);
            }
            self.densities.record(Triangle::LowerTransposed, vector);
        }
    }
}
