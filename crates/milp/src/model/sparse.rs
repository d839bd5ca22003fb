//! Compressed sparse columns.

use super::Row;
use crate::Budget;

/// A sparse matrix stored by columns: the entries of column `j` stand at `starts[j]..starts[j + 1]`, rows ascending.
#[derive(Clone, Debug, Default)]
pub struct SparseColumns {
    /// Length `columns + 1`.
    pub starts: Vec<usize>,
    /// Row index of each entry.
    pub rows: Vec<u32>,
    /// Value of each entry.
    pub values: Vec<f64>,
}

impl SparseColumns {
    /// Transposes the rows of a model with `columns` columns; cost O(columns + non-zeros).
    #[must_use]
    pub fn from_rows(columns: usize, rows: &[Row]) -> Self {
        Self::from_rows_within(columns, rows, &Budget::default()).unwrap_or_default()
    }

    /// As [`Self::from_rows`]; `None` when the budget is over.
    pub(crate) fn from_rows_within(columns: usize, rows: &[Row], budget: &Budget) -> Option<Self> {
        let mut starts = vec![0; columns + 1];
        for row in rows {
            if budget.spend(row.terms.len()) {
                return None;
            }
            for (var, _) in &row.terms {
                starts[var.index() + 1] += 1;
            }
        }
        for j in 0..columns {
            starts[j + 1] += starts[j];
        }
        let mut next = starts.clone();
        let mut matrix = Self { rows: vec![0; starts[columns]], values: vec![0.0; starts[columns]], starts };
        for (i, row) in rows.iter().enumerate() {
            if budget.spend(row.terms.len()) {
                return None;
            }
            for &(var, value) in &row.terms {
                let at = &mut next[var.index()];
                matrix.rows[*at] = i as u32;
                matrix.values[*at] = value;
                *at += 1;
            }
        }
        Some(matrix)
    }

    /// The entries of column `j` as (row, value) pairs.
    #[inline]
    pub fn column(&self, j: usize) -> impl Iterator<Item = (usize, f64)> + Clone + '_ {
        let range = self.starts[j]..self.starts[j + 1];
        self.rows[range.clone()].iter().map(|&row| row as usize).zip(self.values[range].iter().copied())
    }

    /// The transpose of a matrix with `num_rows` rows: row i as column i; cost O(rows + non-zeros).
    #[must_use]
    pub fn transpose(&self, num_rows: usize) -> Self {
        let mut starts = vec![0; num_rows + 1];
        for &row in &self.rows {
            starts[row as usize + 1] += 1;
        }
        for i in 0..num_rows {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut transposed = Self { starts, rows: vec![0; self.rows.len()], values: vec![0.0; self.rows.len()] };
        for j in 0..self.starts.len() - 1 {
            for (row, value) in self.column(j) {
                transposed.rows[next[row]] = j as u32;
                transposed.values[next[row]] = value;
                next[row] += 1;
            }
        }
        transposed
    }
}
