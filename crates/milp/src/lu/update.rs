//! Replacing one basis column: the update of Forrest and Tomlin (1972).

use super::{HOLE, Lu};
use crate::tolerances::{LU_DROP, LU_UPDATE_ACCURACY, LU_UPDATE_PIVOT};

/// The update was refused: its pivot is too small or disagrees with the pivot that the FTRAN gave. The factors are
/// unchanged and still those of the basis before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unstable;

impl Lu {
    /// Replaces the column at `position` by the one last solved with [`Lu::ftran_entering`]; `alpha` is the entry of
    /// that solution at `position`. The spike becomes the last column of U, and the old row is eliminated by a row
    /// eta whose multipliers solve a system with the rows of U below it.
    ///
    /// # Errors
    /// [`Unstable`] if the new diagonal of U is small or differs from `alpha` times the old one.
    pub fn update(&mut self, position: usize, alpha: f64) -> Result<(), Unstable> {
        let p = position;
        let old_pivot = self.pivots[p];
        let mut row = std::mem::take(&mut self.scratch);
        row.clear();
        row.insert(p, 1.0);
        self.btran_upper(&mut row);
        // The multipliers are -U_pp times the solution of U'z = e_p, but for entry p itself.
        let mut new_pivot = 0.0;
        for &(i, value) in &self.spike {
            let multiplier = if i as usize == p { 1.0 } else { row.values[i as usize] * old_pivot };
            new_pivot += multiplier * value;
        }
        let expected = alpha * old_pivot;
        if new_pivot.abs() < LU_UPDATE_PIVOT || (new_pivot - expected).abs() > LU_UPDATE_ACCURACY * expected.abs() {
            self.scratch = row;
            return Err(Unstable);
        }
        self.push_eta(p, old_pivot, &row);
        self.scratch = row;
        self.remove_row_and_column(p);
        self.u_cols.open(p);
        for at in 0..self.spike.len() {
            let (i, value) = self.spike[at];
            if i as usize != p && value.abs() > LU_DROP {
                self.u_cols.push_open(p, i, value);
                self.u_rows.push(i as usize, p as u32, value);
            }
        }
        self.pivots[p] = new_pivot;
        self.order[self.place[p] as usize] = HOLE;
        self.place[p] = self.order.len() as u32;
        self.order.push(p as u32);
        self.spike.clear();
        Ok(())
    }

    fn push_eta(&mut self, p: usize, old_pivot: f64, row: &super::SparseVector) {
        let k = self.eta_rows.len();
        self.etas.add_list();
        self.etas.open(k);
        for (j, value) in row.iter() {
            let multiplier = -value * old_pivot;
            if j != p && multiplier.abs() > LU_DROP {
                self.etas.push_open(k, j as u32, multiplier);
            }
        }
        self.eta_rows.push(p as u32);
    }

    fn remove_row_and_column(&mut self, p: usize) {
        for at in 0..self.u_rows.len(p) {
            let column = self.u_rows.indices(p)[at] as usize;
            self.u_cols.remove(column, p as u32);
        }
        self.u_rows.clear(p);
        for at in 0..self.u_cols.len(p) {
            let row = self.u_cols.indices(p)[at] as usize;
            self.u_rows.remove(row, p as u32);
        }
        self.u_cols.clear(p);
    }
}
