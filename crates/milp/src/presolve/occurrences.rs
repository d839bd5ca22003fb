//! In which rows each column stands, and in how many.

use crate::model::{Row, RowId, VarId};

/// Rows out of date that a list may name beyond those that are not.
const SPARE: usize = 8;

/// Entries of a row beyond which it is a long one.
const LONG: usize = 16;

/// A list of rows for each column. Some of them may be gone, or the column may have left them: no more than stand there rightly, and a few.
/// So what goes through a list takes O([`Self::count`]).
pub(super) struct Occurrences {
    lists: Vec<Vec<u32>>,
    /// Those of them that are long.
    long: Vec<Vec<u32>>,
    /// Rows that are long, or were at first: none grows.
    is_long: Vec<bool>,
    counts: Vec<usize>,
    /// Whether the column has left a row that its list may name.
    has_left: Vec<bool>,
    /// Entries looked at to keep the lists short, for the caller to count.
    pub looked_at: usize,
}

impl Occurrences {
    /// Of columns that stand in no row.
    pub fn new(columns: usize) -> Self {
        Self {
            lists: vec![Vec::new(); columns],
            long: vec![Vec::new(); columns],
            is_long: Vec::new(),
            counts: vec![0; columns],
            has_left: vec![false; columns],
            looked_at: 0,
        }
    }

    /// How many rows a column stands in.
    pub fn count(&self, j: VarId) -> usize {
        self.counts[j.index()]
    }

    /// All rows that a column stands in, each once, and some others.
    pub fn list(&self, j: VarId) -> &[u32] {
        &self.lists[j.index()]
    }

    /// The long ones of them.
    pub fn long(&self, j: VarId) -> &[u32] {
        &self.long[j.index()]
    }

    pub fn is_long(&self, i: RowId) -> bool {
        self.is_long[i.index()]
    }

    /// Takes note of the next row.
    pub fn add(&mut self, row: &Row) {
        let i = RowId(self.is_long.len() as u32);
        self.is_long.push(row.terms.len() > LONG);
        row.terms.iter().for_each(|&(j, _)| self.push(j, i));
    }

    /// A column stands in a row now in which it did not.
    pub fn enter(&mut self, j: VarId, i: RowId, rows: &[Row]) {
        if self.has_left[j.index()] {
            self.sort_out(j, rows, i);
        }
        self.push(j, i);
    }

    fn push(&mut self, j: VarId, i: RowId) {
        self.lists[j.index()].push(i.0);
        self.counts[j.index()] += 1;
        if self.is_long[i.index()] {
            self.long[j.index()].push(i.0);
        }
    }

    /// A column stands in a row no more, which goes on without it.
    pub fn leave(&mut self, j: VarId, i: RowId, rows: &[Row]) {
        self.has_left[j.index()] = true;
        self.lose(j, i, rows);
    }

    /// A row of the column is gone, with all its terms.
    pub fn lose(&mut self, j: VarId, i: RowId, rows: &[Row]) {
        self.counts[j.index()] -= 1;
        if self.lists[j.index()].len() > 2 * self.counts[j.index()] + SPARE {
            self.sort_out(j, rows, i);
        }
    }

    /// A column is gone.
    pub fn clear(&mut self, j: VarId) {
        self.lists[j.index()] = Vec::new();
        self.long[j.index()] = Vec::new();
        self.counts[j.index()] = 0;
    }

    /// Forgets the rows of a list in which the column does not stand, and row `changing` in any case.
    fn sort_out(&mut self, j: VarId, rows: &[Row], changing: RowId) {
        for list in [&mut self.lists[j.index()], &mut self.long[j.index()]] {
            self.looked_at += list.len();
            list.retain(|&i| i != changing.0 && coefficient(&rows[i as usize], j).is_some());
        }
        self.has_left[j.index()] = false;
    }
}

/// The coefficient of a column in a row, whose terms are sorted.
pub(super) fn coefficient(row: &Row, j: VarId) -> Option<f64> {
    row.terms.binary_search_by_key(&j, |&(var, _)| var).ok().map(|k| row.terms[k].1)
}
