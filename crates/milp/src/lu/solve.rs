//! FTRAN and BTRAN.

use super::segments::Segments;
use super::{HOLE, Lu, SparseVector};
use crate::tolerances::{LU_DENSITY_MEMORY, LU_DROP, LU_HYPER_SPARSE, LU_HYPER_SPARSE_RESULT};

/// Scratch of the symbolic search: marks, a stack, and the positions reached.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    mark: Vec<bool>,
    stack: Vec<(u32, u32)>,
    reached: Vec<u32>,
}

impl Search {
    pub fn resize(&mut self, dim: usize) {
        self.mark.clear();
        self.mark.resize(dim, false);
    }

    /// Lists every position reachable from the listed entries of `vector` along `lists` in `reached`, so that each
    /// position stands after all that it depends on when read backwards (Gilbert and Peierls 1988).
    fn reach(&mut self, lists: &Segments<f64>, vector: &SparseVector) {
        self.reached.clear();
        for &root in &vector.index {
            if self.mark[root as usize] {
                continue;
            }
            self.mark[root as usize] = true;
            self.stack.push((root, 0));
            while let Some((k, mut at)) = self.stack.pop() {
                let children = lists.indices(k as usize);
                let mut child = None;
                while let Some(&next) = children.get(at as usize) {
                    at += 1;
                    if !self.mark[next as usize] {
                        child = Some(next);
                        break;
                    }
                }
                match child {
                    Some(next) => {
                        self.stack.push((k, at));
                        self.mark[next as usize] = true;
                        self.stack.push((next, 0));
                    }
                    None => self.reached.push(k),
                }
            }
        }
        for &k in &self.reached {
            self.mark[k as usize] = false;
        }
    }
}

/// The triangular factors, each with a memory of how dense its results have been.
#[derive(Clone, Copy, Debug)]
pub(super) enum Triangle {
    Lower,
    LowerTransposed,
    Upper,
    UpperTransposed,
}

/// Running averages of the density of the results, by [`Triangle`].
#[derive(Clone, Debug, Default)]
pub(super) struct Densities([f64; 4]);

impl Densities {
    /// Whether a solve from this right-hand side is likely to touch few entries only.
    fn predict_sparse(&self, triangle: Triangle, vector: &SparseVector) -> bool {
        vector.density() <= LU_HYPER_SPARSE && self.0[triangle as usize] <= LU_HYPER_SPARSE_RESULT
    }

    fn record(&mut self, triangle: Triangle, vector: &SparseVector) {
        let average = &mut self.0[triangle as usize];
        *average += LU_DENSITY_MEMORY * (vector.density() - *average);
    }
}

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
