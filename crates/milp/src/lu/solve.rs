//! FTRAN and BTRAN.

use super::segments::Segments;
use super::{HOLE, Lu, SparseVector};
use crate::tolerances::{LU_DROP, LU_HYPER_SPARSE};

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

/// One triangular solve in place. `lists` holds what entry r does to the entries after it, `pivots` the diagonal (the
/// identity if `None`), `order` the positions with something to do, dependencies first.
fn solve_triangular(
    lists: &Segments<f64>,
    pivots: Option<&[f64]>,
    order: impl Iterator<Item = u32>,
    vector: &mut SparseVector,
    search: &mut Search,
) {
    if vector.density() <= LU_HYPER_SPARSE {
        search.reach(lists, vector);
        for &r in search.reached.iter().rev() {
            eliminate_entry(lists, pivots, r as usize, &mut vector.values);
        }
        vector.index.clear();
        let values = &vector.values;
        vector.index.extend(search.reached.iter().copied().filter(|&r| values[r as usize] != 0.0));
    } else {
        for r in order {
            if r != HOLE {
                eliminate_entry(lists, pivots, r as usize, &mut vector.values);
            }
        }
        vector.gather();
    }
}

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
        let order = self.l_col_order.iter().copied();
        if !self.l_col_order.is_empty() {
            solve_triangular(&self.l_cols, None, order, vector, &mut self.search);
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
        let order = self.order.iter().rev().copied();
        solve_triangular(&self.u_cols, Some(&self.pivots), order, vector, &mut self.search);
    }

    /// Solves with the transpose of U alone.
    pub(super) fn btran_upper(&mut self, vector: &mut SparseVector) {
        let order = self.order.iter().copied();
        solve_triangular(&self.u_rows, Some(&self.pivots), order, vector, &mut self.search);
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
            let order = self.l_row_order.iter().rev().copied();
            solve_triangular(&self.l_rows, None, order, vector, &mut self.search);
        }
    }
}
