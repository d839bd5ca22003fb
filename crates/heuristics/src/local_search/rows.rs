//! The points row by row, in single precision: what walks that learn read.

use super::columns::Columns;

/// The points as the first layer sees them in working units, one after the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    values: Vec<f32>,
    dim: usize,
    len: usize,
    varies: Vec<bool>,
}

impl Rows {
    pub(super) fn new(columns: &Columns) -> Self {
        let (len, dim) = (columns.len, columns.dim);
        let mut values = vec![0.0; len * dim];
        let mut varies = vec![false; dim];
        for r in 0..dim {
            let column = columns.column(r);
            varies[r] = column.iter().any(|&x| x != column[0]);
            column.iter().enumerate().for_each(|(i, &x)| values[i * dim + r] = x as f32);
        }
        Self { values, dim, len, varies }
    }

    pub(super) fn row(&self, i: usize) -> &[f32] {
        &self.values[i * self.dim..(i + 1) * self.dim]
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn varies(&self, r: usize) -> bool {
        self.varies[r]
    }
}
