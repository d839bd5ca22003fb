//! The linear program in computational form.

use serde::{Deserialize, Serialize};

use crate::model::{Model, Sense, SparseColumns};
use crate::tolerances::INFINITE_BOUND;

/// `min offset + cost'x` over `A x - s = 0`, `lower <= (x, s) <= upper`: n structural variables x, then one logical
/// variable s_i a row, which carries the sides of the row. Variable `n + i` is the logical of row i, with column
/// `-e_i` and cost 0.
#[derive(Clone, Debug)]
pub struct LpProblem {
    /// A (m x n) by columns.
    pub columns: SparseColumns,
    /// Number of rows m.
    pub num_rows: usize,
    /// Cost of the structural variables (length n), always to be minimised.
    pub cost: Vec<f64>,
    /// Constant of the objective.
    pub offset: f64,
    /// Lower bounds (length n + m), `-inf` if none.
    pub lower: Vec<f64>,
    /// Upper bounds (length n + m), `+inf` if none.
    pub upper: Vec<f64>,
    /// Whether some datum (but the constant) stands for a decimal that its float does not name ([`Model::decimals`]).
    pub is_beyond_floats: bool,
}

/// One row to be added: `lower <= terms <= upper`, terms as (structural variable, coefficient), at most one a variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewRow {
    /// Lower side, `-inf` if none.
    pub lower: f64,
    /// Upper side, `+inf` if none.
    pub upper: f64,
    /// Non-zero coefficients.
    pub terms: Vec<(usize, f64)>,
}

impl LpProblem {
    /// The continuous relaxation of a model; a maximisation is turned by negating cost and offset. Sides of rows that are too far
    /// off for floats ([`INFINITE_BOUND`], in units of the row's largest coefficient where that is above 1) are left out, to be
    /// looked after by those who check points and rays against the model.
    #[must_use]
    pub fn from_model(model: &Model) -> Self {
        let sign = match model.sense {
            Sense::Minimise => 1.0,
            Sense::Maximise => -1.0,
        };
        let (mut lower, mut upper): (Vec<f64>, Vec<f64>) =
            model.variables.iter().map(|var| (var.lower, var.upper)).unzip();
        for row in &model.rows {
            let far = INFINITE_BOUND * row.terms.iter().fold(1.0_f64, |top, (_, a)| top.max(a.abs()));
            lower.push(if row.lower <= -far { f64::NEG_INFINITY } else { row.lower });
            upper.push(if row.upper >= far { f64::INFINITY } else { row.upper });
        }
        Self {
            columns: model.columns(),
            num_rows: model.num_rows(),
            cost: model.variables.iter().map(|var| sign * var.cost).collect(),
            offset: sign * model.offset,
            lower,
            upper,
            is_beyond_floats: !model.decimals.is_empty_but_offset(),
        }
    }

    /// The same with the part of the objective that can change: without its constant and the costs of fixed columns, which
    /// would only hide differences.
    #[must_use]
    pub fn varying(model: &Model) -> Self {
        let mut problem = Self::from_model(model);
        problem.offset = 0.0;
        for (j, _) in model.columns_by_id().filter(|(j, _)| model.is_fixed(*j)) {
            problem.cost[j.index()] = 0.0;
        }
        problem
    }

    /// Number of structural variables n.
    #[must_use]
    pub fn num_cols(&self) -> usize {
        self.cost.len()
    }

    /// Number of rows m.
    #[must_use]
    pub fn num_rows(&self) -> usize {
        self.num_rows
    }

    /// Number of variables n + m.
    #[must_use]
    pub fn num_vars(&self) -> usize {
        self.cost.len() + self.num_rows
    }

    /// `offset + cost'x` for a structural point of length n.
    #[must_use]
    pub fn objective(&self, x: &[f64]) -> f64 {
        self.offset + self.cost.iter().zip(x).map(|(c, x)| c * x).sum::<f64>()
    }

    /// Appends rows; cost O(non-zeros).
    pub fn add_rows(&mut self, rows: &[NewRow]) {
        let n = self.num_cols();
        let mut extra = vec![0; n];
        for &(var, _) in rows.iter().flat_map(|row| &row.terms) {
            extra[var] += 1;
        }
        let old = std::mem::take(&mut self.columns);
        let mut starts = vec![0; n + 1];
        for j in 0..n {
            starts[j + 1] = starts[j] + (old.starts[j + 1] - old.starts[j]) + extra[j];
        }
        let entries = starts[n];
        let mut columns = SparseColumns { starts, rows: vec![0; entries], values: vec![0.0; entries] };
        let mut next = columns.starts[..n].to_vec();
        let mut put = |columns: &mut SparseColumns, var: usize, row: usize, value: f64| {
            columns.rows[next[var]] = row as u32;
            columns.values[next[var]] = value;
            next[var] += 1;
        };
        for j in 0..n {
            for (row, value) in old.column(j) {
                put(&mut columns, j, row, value);
            }
        }
        for (k, row) in rows.iter().enumerate() {
            for &(var, value) in &row.terms {
                put(&mut columns, var, self.num_rows + k, value);
            }
        }
        self.columns = columns;
        self.num_rows += rows.len();
        self.lower.extend(rows.iter().map(|row| row.lower));
        self.upper.extend(rows.iter().map(|row| row.upper));
    }

    /// Takes out the rows of which `keep` is false; cost O(non-zeros).
    pub fn retain_rows(&mut self, keep: &[bool]) {
        let n = self.num_cols();
        let mut place = Vec::with_capacity(keep.len());
        let mut kept = 0;
        for &keep in keep {
            place.push(kept);
            kept += u32::from(keep);
        }
        let (mut to, mut from) = (0, 0);
        for j in 0..n {
            let end = self.columns.starts[j + 1];
            while from < end {
                let row = self.columns.rows[from] as usize;
                if keep[row] {
                    self.columns.rows[to] = place[row];
                    self.columns.values[to] = self.columns.values[from];
                    to += 1;
                }
                from += 1;
            }
            self.columns.starts[j + 1] = to;
        }
        self.columns.rows.truncate(to);
        self.columns.values.truncate(to);
        retain_tail(&mut self.lower, n, keep);
        retain_tail(&mut self.upper, n, keep);
        self.num_rows = kept as usize;
    }
}

/// Keeps the values before `first`, and those from there on for which `keep` holds.
pub(super) fn retain_tail<T>(values: &mut Vec<T>, first: usize, keep: &[bool]) {
    let mut at = 0;
    values.retain(|_| {
        at += 1;
        at <= first || keep[at - 1 - first]
    });
}
