//! Directions orthogonal to given ones.

use crate::tolerances::INDEPENDENT;

/// Orthonormal vectors of equal length, one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Basis {
    values: Vec<f64>,
    width: usize,
}

impl Basis {
    /// No vector; the next ones have length `width`.
    pub(super) fn clear(&mut self, width: usize) {
        self.values.clear();
        self.width = width;
    }

    /// Adds what is new in a vector; false if there is nothing new.
    pub(super) fn add(&mut self, vector: impl Iterator<Item = f64>) -> bool {
        let start = self.values.len();
        self.values.extend(vector);
        let (done, fresh) = self.values.split_at_mut(start);
        let size = norm(fresh);
        // Twice is enough (Parlett, The Symmetric Eigenvalue Problem, 1980, section 6-9).
        for unit in done.chunks_exact(self.width).chain(done.chunks_exact(self.width)) {
            remove(fresh, unit);
        }
        let rest = norm(fresh);
        if rest <= size * INDEPENDENT {
            self.values.truncate(start);
            return false;
        }
        fresh.iter_mut().for_each(|v| *v /= rest);
        true
    }

    /// Takes the part of `v` that lies in the span out of it.
    pub(super) fn project_out(&self, v: &mut [f64]) {
        let units = || self.values.chunks_exact(self.width);
        units().chain(units()).for_each(|unit| remove(v, unit));
    }
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|v| v * v).sum::<f64>().sqrt()
}

/// Takes the part along a unit vector out of `v`.
fn remove(v: &mut [f64], unit: &[f64]) {
    let along: f64 = v.iter().zip(unit).map(|(v, u)| v * u).sum();
    v.iter_mut().zip(unit).for_each(|(v, u)| *v -= along * u);
}
