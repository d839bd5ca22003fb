//! Rows of the simplex tableau in the units of the model, for cuts.

use super::{Simplex, VarStatus};

/// One row of the tableau: `basic + sum of terms = 0` over non-basic variables (structural or logical).
#[derive(Clone, Debug, Default)]
pub struct TableauRow {
    /// The basic variable of the row.
    pub basic: usize,
    /// Non-basic variables with their coefficients.
    pub terms: Vec<(usize, f64)>,
    /// The multipliers of the rows of the problem that give this row (non-zeros): `basic + terms = sum_i u_i (s_i - a_i'x)`.
    pub multipliers: Vec<(usize, f64)>,
}

impl Simplex {
    /// The basic variables, one a row of the tableau.
    #[must_use]
    pub fn basic_variables(&self) -> &[usize] {
        &self.core.basic
    }

    /// Status of a variable in the basis at hand.
    #[must_use]
    pub fn var_status(&self, var: usize) -> VarStatus {
        self.core.status[var]
    }

    /// The tableau row at a position of [`Simplex::basic_variables`]; valid after [`Simplex::solve`]. Cost: one BTRAN and
    /// one pricing.
    pub fn tableau_row(&mut self, position: usize) -> TableauRow {
        let core = &mut self.core;
        if core.ensure_factored(None).is_err() {
            return TableauRow::default();
        }
        core.btran_row(position);
        core.price();
        let basic = core.basic[position];
        let unit = core.scaling.variable[basic];
        let terms = core.alpha_row.iter().map(|(var, a)| (var, a * unit / core.scaling.variable[var])).collect();
        let multipliers =
            core.rho.iter().map(|(i, rho)| (i, -rho * unit / core.scaling.variable[core.n + i])).collect();
        TableauRow { basic, terms, multipliers }
    }
}
