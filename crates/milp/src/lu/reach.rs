//! Which entries a solve with a sparse right-hand side touches, and whether looking for them pays.

use serde::{Deserialize, Serialize};

use super::segments::Segments;
use super::vector::SparseVector;
use crate::tolerances::{LU_DENSITY_MEMORY, LU_HYPER_SPARSE, LU_HYPER_SPARSE_RESULT};

/// Scratch of the symbolic search: marks, a stack, and the positions reached.
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    mark: Vec<bool>,
    stack: Vec<(u32, u32)>,
    pub(super) reached: Vec<u32>,
}

impl Search {
    pub fn resize(&mut self, dim: usize) {
        self.mark.clear();
        self.mark.resize(dim, false);
    }

    /// Lists every position reachable from the listed entries of `vector` along `lists` in `reached`, so that each
    /// position stands after all that it depends on when read backwards (Gilbert and Peierls 1988).
    pub(super) fn reach(&mut self, lists: &Segments<f64>, vector: &SparseVector) {
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
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Densities([f64; 4]);

impl Densities {
    /// Whether a solve from this right-hand side is likely to touch few entries only.
    pub(super) fn predict_sparse(&self, triangle: Triangle, vector: &SparseVector) -> bool {
        vector.density() <= LU_HYPER_SPARSE && self.0[triangle as usize] <= LU_HYPER_SPARSE_RESULT
    }

    pub(super) fn record(&mut self, triangle: Triangle, vector: &SparseVector) {
        let average = &mut self.0[triangle as usize];
        *average += LU_DENSITY_MEMORY * (vector.density() - *average);
    }
}
