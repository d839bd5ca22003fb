//! Factoring a basis: logicals, column singletons, row singletons, then the kernel.

use super::order::{Candidate, NONE};
use super::{Deficiency, Lu};
use crate::Budget;
use crate::model::SparseColumns;
use crate::tolerances::{LU_DROP, LU_PIVOT_ABSOLUTE};

impl Lu {
    /// Factors the basis whose position k holds column `basic[k]` of `a` (m rows), or for `basic[k] >= columns of a`
    /// the logical column `-e_i` with `i = basic[k] - columns`. On success `basic` is permuted so that position r
    /// pivots on row r.
    ///
    /// # Errors
    /// [`Deficiency`] if the columns are dependent within the pivot tolerance; `basic` is then untouched, and the
    /// caller may put the logicals of the named rows in the place of the named positions and factor again. A budget that
    /// ends on the way leaves pivots missing, too.
    pub fn factor(
        &mut self,
        a: &SparseColumns,
        basic: &mut [usize],
        budget: Option<&Budget>,
    ) -> Result<(), Deficiency> {
        let columns = a.starts.len() - 1;
        self.begin(basic.len());
        self.peel_logicals(columns, basic);
        self.count_rest(a, columns, basic);
        self.peel_column_singletons(a, basic);
        self.peel_row_singletons(a, basic);
        self.eliminate_kernel(a, basic, budget);
        if self.order.len() < self.dim {
            return Err(self.deficiency());
        }
        self.finish(basic);
        Ok(())
    }

    fn begin(&mut self, dim: usize) {
        self.dim = dim;
        if self.threshold == 0.0 {
            self.threshold = crate::tolerances::LU_PIVOT_RELATIVE;
        }
        self.pivots.clear();
        self.pivots.resize(dim, 0.0);
        self.l_cols.reset(dim);
        self.u_cols.reset(dim);
        self.l_col_order.clear();
        self.order.clear();
        self.markowitz.reset(dim);
    }

    /// Records the pivot; the lists of L and U of this pivot are written by the caller.
    fn pivot(&mut self, row: usize, slot: usize, value: f64) {
        self.pivots[row] = value;
        self.order.push(row as u32);
        self.markowitz.slot_of_row[row] = slot as u32;
        self.markowitz.slot_done[slot] = true;
    }

    fn peel_logicals(&mut self, columns: usize, basic: &[usize]) {
        for (slot, &var) in basic.iter().enumerate() {
            if var >= columns && self.markowitz.slot_of_row[var - columns] == NONE {
                self.pivot(var - columns, slot, -1.0);
            }
        }
    }

    /// Counts the active entries of the structural slots and lists the pattern of the active rows.
    fn count_rest(&mut self, a: &SparseColumns, columns: usize, basic: &[usize]) {
        let work = &mut self.markowitz;
        for (slot, &var) in basic.iter().enumerate() {
            if work.slot_done[slot] || var >= columns {
                continue;
            }
            for (row, _) in a.column(var) {
                if work.slot_of_row[row] == NONE {
                    work.col_count[slot] += 1;
                    work.row_count[row] += 1;
                }
            }
        }
        for row in 0..self.dim {
            if work.row_count[row] > 0 {
                work.rows.reserve(row, work.row_count[row] as usize);
            }
        }
        for (slot, &var) in basic.iter().enumerate() {
            if work.col_count[slot] > 0 {
                for (row, _) in a.column(var) {
                    if work.slot_of_row[row] == NONE {
                        work.rows.push(row, slot as u32, ());
                    }
                }
            }
        }
    }

    /// Pivots on columns with one active entry: nothing to eliminate, and L stays the identity.
    fn peel_column_singletons(&mut self, a: &SparseColumns, basic: &[usize]) {
        let mut queue = std::mem::take(&mut self.markowitz.queue);
        queue.extend((0..self.dim as u32).filter(|&slot| self.markowitz.col_count[slot as usize] == 1));
        while let Some(slot) = queue.pop() {
            let slot = slot as usize;
            if self.markowitz.slot_done[slot] || self.markowitz.col_count[slot] != 1 {
                continue;
            }
            let active = a.column(basic[slot]).find(|&(row, _)| self.markowitz.slot_of_row[row] == NONE);
            let Some((row, value)) = active else { continue };
            if value.abs() < LU_PIVOT_ABSOLUTE {
                continue;
            }
            self.write_upper(a, basic[slot], row);
            self.pivot(row, slot, value);
            let work = &mut self.markowitz;
            for &other in work.rows.indices(row) {
                let count = &mut work.col_count[other as usize];
                *count -= 1;
                if *count == 1 && !work.slot_done[other as usize] {
                    queue.push(other);
                }
            }
        }
        self.markowitz.queue = queue;
    }

    /// Pivots on rows with one active entry: a column of L, but nothing to update.
    fn peel_row_singletons(&mut self, a: &SparseColumns, basic: &[usize]) {
        let mut queue = std::mem::take(&mut self.markowitz.queue);
        queue.clear();
        let work = &mut self.markowitz;
        for row in 0..self.dim {
            if work.slot_of_row[row] == NONE {
                let active = work.rows.indices(row).iter().filter(|&&slot| !work.slot_done[slot as usize]).count();
                work.row_count[row] = active as u32;
                if active == 1 {
                    queue.push(row as u32);
                }
            }
        }
        while let Some(row) = queue.pop() {
            let row = row as usize;
            let work = &self.markowitz;
            if work.slot_of_row[row] != NONE || work.row_count[row] != 1 {
                continue;
            }
            let Some(&slot) = work.rows.indices(row).iter().find(|&&slot| !work.slot_done[slot as usize]) else {
                continue;
            };
            let slot = slot as usize;
            let (mut pivot, mut largest) = (0.0, 0.0_f64);
            for (i, value) in a.column(basic[slot]) {
                if work.slot_of_row[i] == NONE {
                    largest = largest.max(value.abs());
                    if i == row {
                        pivot = value;
                    }
                }
            }
            if pivot.abs() < (self.threshold * largest).max(LU_PIVOT_ABSOLUTE) {
                continue;
            }
            self.write_upper(a, basic[slot], row);
            self.pivot(row, slot, pivot);
            self.l_cols.open(row);
            for (i, value) in a.column(basic[slot]) {
                if self.markowitz.slot_of_row[i] == NONE {
                    self.l_cols.push_open(row, i as u32, value / pivot);
                    self.markowitz.row_count[i] -= 1;
                    if self.markowitz.row_count[i] == 1 {
                        queue.push(i as u32);
                    }
                }
            }
            if self.l_cols.len(row) > 0 {
                self.l_col_order.push(row as u32);
            }
        }
        queue.clear();
        self.markowitz.queue = queue;
    }

    /// Writes the entries of column `var` in rows that have their pivot as the column of U that pivots on `row`.
    fn write_upper(&mut self, a: &SparseColumns, var: usize, row: usize) {
        self.u_cols.open(row);
        for (i, value) in a.column(var) {
            if self.markowitz.slot_of_row[i] != NONE {
                self.u_cols.push_open(row, i as u32, value);
            }
        }
    }

    fn eliminate_kernel(&mut self, a: &SparseColumns, basic: &[usize], budget: Option<&Budget>) {
        if self.order.len() == self.dim {
            return;
        }
        self.load_kernel(a, basic);
        while let Some(pivot) = self.markowitz.choose(self.threshold) {
            let work = self.markowitz.rows.len(pivot.row) * self.markowitz.cols.len(pivot.slot);
            if budget.is_some_and(|budget| budget.spend(work)) {
                return;
            }
            self.eliminate(pivot);
        }
    }

    fn load_kernel(&mut self, a: &SparseColumns, basic: &[usize]) {
        let columns = a.starts.len() - 1;
        let work = &mut self.markowitz;
        work.col_lists.reset(self.dim);
        work.row_lists.reset(self.dim);
        for (slot, &var) in basic.iter().enumerate() {
            if work.slot_done[slot] || var >= columns {
                continue;
            }
            work.cols.open(slot);
            for (row, value) in a.column(var) {
                if work.slot_of_row[row] == NONE {
                    work.cols.push_open(slot, row as u32, value);
                } else {
                    work.upper.push(slot, row as u32, value);
                }
            }
            if work.cols.len(slot) > 0 {
                work.col_lists.place(slot, work.cols.len(slot));
            }
        }
        for row in 0..self.dim {
            if work.slot_of_row[row] != NONE {
                continue;
            }
            for at in (0..work.rows.len(row)).rev() {
                if work.slot_done[work.rows.indices(row)[at] as usize] {
                    work.rows.remove_at(row, at);
                }
            }
            if work.rows.len(row) > 0 {
                work.row_lists.place(row, work.rows.len(row));
            }
        }
    }

    /// One step of Gaussian elimination on the kernel.
    fn eliminate(&mut self, Candidate { row, slot, value: pivot }: Candidate) {
        self.u_cols.open(row);
        for (i, value) in self.markowitz.upper.list(slot) {
            self.u_cols.push_open(row, i, value);
        }
        self.pivot(row, slot, pivot);
        let work = &mut self.markowitz;
        work.col_lists.remove(slot);
        work.row_lists.remove(row);

        self.l_cols.open(row);
        for at in 0..work.cols.len(slot) {
            let (rows, values) = work.cols.list(slot);
            let (i, value) = (rows[at] as usize, values[at]);
            if i != row {
                let multiplier = value / pivot;
                self.l_cols.push_open(row, i as u32, multiplier);
                work.multiplier[i] = multiplier;
                work.rows.remove(i, slot as u32);
            }
        }
        for at in 0..work.rows.len(row) {
            let other = work.rows.indices(row)[at] as usize;
            if other != slot {
                eliminate_in_column(work, self.l_cols.indices(row), row, other);
            }
        }
        for &i in self.l_cols.indices(row) {
            work.multiplier[i as usize] = 0.0;
            work.row_lists.remove(i as usize);
            if work.rows.len(i as usize) > 0 {
                work.row_lists.place(i as usize, work.rows.len(i as usize));
            }
        }
        if self.l_cols.len(row) > 0 {
            self.l_col_order.push(row as u32);
        }
    }

    fn deficiency(&self) -> Deficiency {
        let work = &self.markowitz;
        Deficiency {
            positions: (0..self.dim as u32).filter(|&slot| !work.slot_done[slot as usize]).collect(),
            rows: (0..self.dim as u32).filter(|&row| work.slot_of_row[row as usize] == NONE).collect(),
        }
    }

    /// Permutes the head, builds the row-wise copies and forgets the updates of the basis before.
    fn finish(&mut self, basic: &mut [usize]) {
        let work = &mut self.markowitz;
        work.head.clear();
        work.head.extend_from_slice(basic);
        for (row, &slot) in work.slot_of_row.iter().enumerate() {
            basic[row] = work.head[slot as usize];
        }
        self.place.clear();
        self.place.resize(self.dim, 0);
        for (k, &row) in self.order.iter().enumerate() {
            self.place[row as usize] = k as u32;
        }
        self.l_rows.transpose_from(&self.l_cols, self.dim, 0, &mut work.counts);
        self.u_rows.transpose_from(&self.u_cols, self.dim, 2, &mut work.counts);
        self.l_row_order.clear();
        let l_rows = &self.l_rows;
        self.l_row_order.extend(self.order.iter().copied().filter(|&row| l_rows.len(row as usize) > 0));
        self.etas.reset(0);
        self.eta_rows.clear();
        self.spike.clear();
        self.fresh_entries = self.u_cols.arena_len() + self.l_cols.arena_len();
        self.search.resize(self.dim);
        if self.scratch.values.len() != self.dim {
            self.scratch.resize(self.dim);
        }
    }
}

/// Subtracts the multiples of pivot row `row` from kernel column `other`, filling in where needed, and moves the
/// column's entry in the pivot row to U. `eliminated` lists the rows with a multiplier.
fn eliminate_in_column(work: &mut super::Markowitz, eliminated: &[u32], row: usize, other: usize) {
    let Some(factor) = work.cols.remove(other, row as u32) else { return };
    work.upper.push(other, row as u32, factor);
    work.stamp += 1;
    let mut at = 0;
    while at < work.cols.len(other) {
        let (rows, values) = work.cols.values_mut(other);
        let i = rows[at] as usize;
        let multiplier = work.multiplier[i];
        if multiplier != 0.0 {
            work.mark[i] = work.stamp;
            values[at] -= factor * multiplier;
            if values[at].abs() < LU_DROP {
                work.cols.remove_at(other, at);
                work.rows.remove(i, other as u32);
                continue;
            }
        }
        at += 1;
    }
    for &i in eliminated {
        let fill = -factor * work.multiplier[i as usize];
        if work.mark[i as usize] != work.stamp && fill.abs() >= LU_DROP {
            work.cols.push(other, i, fill);
            work.rows.push(i as usize, other as u32, ());
        }
    }
    work.col_lists.remove(other);
    if work.cols.len(other) > 0 {
        work.col_lists.place(other, work.cols.len(other));
    }
}
