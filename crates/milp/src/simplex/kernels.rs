//! The linear algebra of one iteration: rows and columns of the tableau, and the exchange of two variables.

use super::basis::VarStatus;
use super::core::Core;
use crate::lu::SparseVector;
use crate::tolerances::{PRICE_DROP, PRICE_ROW_WISE};

impl Core {
    /// Row r of the inverse, `B'rho = e_r`.
    pub fn btran_row(&mut self, r: usize) {
        self.rho.clear();
        self.rho.insert(r, 1.0);
        self.lu.btran(&mut self.rho);
    }

    /// Tableau row `alpha_rj = rho'a_j` of the non-basic variables: by rows of A for a sparse rho, else by columns.
    pub fn price(&mut self) {
        self.alpha_row.clear();
        if self.rho.density() <= PRICE_ROW_WISE {
            self.price_by_rows();
        } else {
            self.price_by_columns();
        }
        for &i in &self.rho.index {
            let var = self.n + i as usize;
            if self.status[var] != VarStatus::Basic {
                self.alpha_row.insert(var, -self.rho.values[i as usize]);
            }
        }
    }

    fn price_by_rows(&mut self) {
        let row = &mut self.alpha_row;
        for &i in &self.rho.index {
            let multiplier = self.rho.values[i as usize];
            for (var, a) in self.a_rows.column(i as usize) {
                row.add(var, multiplier * a);
            }
        }
        let (values, status) = (&mut row.values, &self.status);
        row.index.retain(|&var| {
            let entry = &mut values[var as usize];
            let keep = status[var as usize] != VarStatus::Basic && entry.abs() > PRICE_DROP;
            if !keep {
                *entry = 0.0;
            }
            keep
        });
    }

    fn price_by_columns(&mut self) {
        for var in 0..self.n {
            if self.status[var] != VarStatus::Basic {
                let alpha: f64 = self.a.column(var).map(|(i, a)| a * self.rho.values[i]).sum();
                if alpha.abs() > PRICE_DROP {
                    self.alpha_row.insert(var, alpha);
                }
            }
        }
    }

    /// The entering column `B alpha = a_q`, kept for the update of the factors.
    pub fn ftran_column(&mut self, q: usize) {
        self.column.clear();
        add_column(&self.a, self.n, q, 1.0, &mut self.column);
        self.lu.ftran_entering(&mut self.column);
    }

    /// `tau = B^-1 rho`, for the steepest-edge weights.
    pub fn ftran_steepest(&mut self) {
        self.tau.copy_from(&self.rho);
        self.lu.ftran(&mut self.tau);
    }

    /// Moves the flipped variables to their other bound and the basic ones along: `B dx_B = -sum a_j dx_j`.
    pub fn apply_flips(&mut self) {
        if self.flips.is_empty() {
            return;
        }
        self.flip_column.clear();
        for k in 0..self.flips.len() {
            let (var, change) = self.flips[k];
            self.status[var] = match self.status[var] {
                VarStatus::Lower => VarStatus::Upper,
                _ => VarStatus::Lower,
            };
            self.rest(var);
            self.work_objective += self.dual[var] * change;
            add_column(&self.a, self.n, var, change, &mut self.flip_column);
        }
        self.lu.ftran(&mut self.flip_column);
        for at in 0..self.flip_column.index.len() {
            let i = self.flip_column.index[at] as usize;
            self.base_value[i] -= self.flip_column.values[i];
            self.measure(i);
        }
        self.flips.clear();
    }

    /// Moves the entering variable by `step` and the basic ones along the column.
    pub fn update_primal(&mut self, step: f64) {
        for at in 0..self.column.index.len() {
            let i = self.column.index[at] as usize;
            self.base_value[i] -= step * self.column.values[i];
            self.measure(i);
        }
    }

    /// `d_j -= theta alpha_rj` along the tableau row; the leaving variable gets `-theta`, the entering one zero.
    pub fn update_dual(&mut self, theta: f64, leaving: usize, entering: usize) {
        if theta != 0.0 {
            for &var in &self.alpha_row.index {
                self.dual[var as usize] -= theta * self.alpha_row.values[var as usize];
            }
        }
        self.dual[leaving] = -theta;
        self.dual[entering] = 0.0;
    }

    /// Exchanges the basic variable at position r, which rests at the bound `to` names, for `entering` with value
    /// `value`, and updates the factors. A refused update is followed by new factors before the next iteration.
    pub fn update_factor(&mut self, r: usize, entering: usize, value: f64, to: VarStatus) {
        let leaving = self.basic[r];
        self.status[leaving] = to;
        self.value[leaving] = match to {
            VarStatus::Lower => self.work_lower[leaving],
            VarStatus::Upper => self.work_upper[leaving],
            _ => 0.0,
        };
        self.status[entering] = VarStatus::Basic;
        self.basic[r] = entering;
        self.base_value[r] = value;
        self.load_base_bounds(r);
        self.mark_pivoted();
        self.iterations += 1;
        if self.lu.update(r, self.column.values[r]).is_err() {
            self.factored = false;
        }
    }
}

/// `out += factor * a_var`, `a_(n+i) = -e_i`.
fn add_column(a: &crate::model::SparseColumns, n: usize, var: usize, factor: f64, out: &mut SparseVector) {
    if var < n {
        for (i, value) in a.column(var) {
            out.add(i, factor * value);
        }
    } else {
        out.add(var - n, -factor);
    }
}
