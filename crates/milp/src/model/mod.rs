//! The model as its author states it: named columns with bounds, cost and kind, and ranged rows.

mod decimals;
mod repeated;
mod sparse;
mod special;

use std::borrow::Cow;

use dashu::rational::RBig;
use serde::{Deserialize, Serialize};

use crate::Budget;
use crate::number::approximately;
use crate::shortest::DecimalSum;

pub use decimals::{Datum, Decimals};
pub(crate) use repeated::repeated;
pub use sparse::SparseColumns;
pub use special::{Indicator, OrderedSet, Special};
pub(crate) use special::{check_special, exact_bounds, is_crossed, nearest, refuse_special, takes_zero};

/// Index of a column (variable) of a [`Model`], counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VarId(pub u32);

/// Index of a row (constraint) of a [`Model`], counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub u32);

impl VarId {
    /// The position of this variable in every vector of length `model.num_vars()`.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl RowId {
    /// The position of this row in every vector of length `model.num_rows()`.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Whether a variable may take any value between its bounds or only whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// Any real value between the bounds.
    Continuous,
    /// Whole numbers only; a binary is an integer with bounds 0 and 1.
    Integer,
}

/// Direction of the objective as the model's author wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sense {
    /// The smallest objective value is best.
    #[default]
    Minimise,
    /// The largest objective value is best.
    Maximise,
}

/// One column of a [`Model`].
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Name as read or given; unique names are the caller's duty, files written need them.
    pub name: String,
    /// Lower bound, `-inf` if none.
    pub lower: f64,
    /// Upper bound, `+inf` if none.
    pub upper: f64,
    /// Coefficient in the objective, in the sense of the model.
    pub cost: f64,
    /// Continuous or integer.
    pub kind: VarKind,
}

/// One row of a [`Model`]: `lower <= sum of terms <= upper`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Name as read or given.
    pub name: String,
    /// Lower side, `-inf` if none.
    pub lower: f64,
    /// Upper side, `+inf` if none; equal to `lower` for an equation.
    pub upper: f64,
    /// Non-zero coefficients, at most one a variable.
    pub terms: Vec<(VarId, f64)>,
}

/// A mixed-integer linear model: `min or max  offset + c'x`, `row.lower <= A x <= row.upper`, `lower <= x <= upper`,
/// some `x_j` whole, and what [`Special`] says beyond that.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// Name of the problem, may be empty.
    pub name: String,
    /// Minimise or maximise.
    pub sense: Sense,
    /// Constant term of the objective.
    pub offset: f64,
    /// Columns in order of their [`VarId`].
    pub variables: Vec<Variable>,
    /// Rows in order of their [`RowId`].
    pub rows: Vec<Row>,
    /// What a file says where floats do not hold it; empty for models that are not read from files.
    pub decimals: Decimals,
    /// Semi-continuous columns, special ordered sets, indicators: rows and bounds are to be read with them.
    pub special: Special,
}

impl Model {
    /// An empty minimisation model.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Adds the column `lower <= x <= upper` with this cost for each unit and returns its index. Bounds are in the units of the column,
    /// `f64::NEG_INFINITY` and `f64::INFINITY` for none; a binary column is an integer one from 0 to 1. Nothing is refused here: what is NaN or
    /// contradicts itself is an error, or `infeasible`, of whoever solves the model.
    ///
    /// ```
    /// use milp::{Model, VarKind};
    ///
    /// let mut model = Model::new("");
    /// let chairs = model.add_var("chairs", 0.0, f64::INFINITY, 45.0, VarKind::Integer);
    /// assert_eq!((chairs.index(), model.num_vars()), (0, 1));
    /// ```
    ///
    /// # Panics
    /// At 2^32 columns.
    pub fn add_var(&mut self, name: impl Into<String>, lower: f64, upper: f64, cost: f64, kind: VarKind) -> VarId {
        let id = VarId(u32::try_from(self.variables.len()).expect("fewer than 2^32 columns"));
        self.variables.push(Variable { name: name.into(), lower, upper, cost, kind });
        id
    }

    /// Adds the row `lower <= terms <= upper` and returns its index. Terms on the same variable are added up and
    /// zeros dropped; cost O(t log t). A side that is infinite is none; an equation has two equal ones.
    ///
    /// ```
    /// use milp::{Model, VarKind};
    ///
    /// let mut model = Model::new("");
    /// let x = model.add_var("x", 0.0, 1.0, 1.0, VarKind::Continuous);
    /// let row = model.add_row("", 1.0, f64::INFINITY, [(x, 1.0), (x, 1.0)]);
    /// assert_eq!(model.rows[row.index()].terms, [(x, 2.0)]);
    /// ```
    ///
    /// # Panics
    /// At 2^32 rows.
    pub fn add_row(
        &mut self,
        name: impl Into<String>,
        lower: f64,
        upper: f64,
        terms: impl IntoIterator<Item = (VarId, f64)>,
    ) -> RowId {
        let id = RowId(u32::try_from(self.rows.len()).expect("fewer than 2^32 rows"));
        let mut terms: Vec<(VarId, f64)> = terms.into_iter().collect();
        terms.sort_by_key(|&(var, _)| var);
        terms.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        terms.retain(|&(_, value)| value != 0.0);
        self.rows.push(Row { name: name.into(), lower, upper, terms });
        id
    }

    /// Whether column j has one value only, which its lower bound is.
    pub(crate) fn is_fixed(&self, j: VarId) -> bool {
        let var = &self.variables[j.index()];
        let [lower, upper] = [Datum::Lower(j), Datum::Upper(j)].map(|of| self.decimals.kept(of, var.lower));
        var.lower == var.upper && var.lower.is_finite() && lower == upper
    }

    /// Whether a column is whole and within 0 and 1.
    pub(crate) fn is_binary(&self, j: VarId) -> bool {
        let var = &self.variables[j.index()];
        let most = || self.decimals.side(Datum::Upper(j), var.upper).is_some_and(|upper| upper <= RBig::ONE);
        var.kind == VarKind::Integer && var.lower >= 0.0 && most() && !self.special.semi.contains(&j)
    }

    /// The float of a number; 0 for a coefficient that is not there.
    pub(crate) fn float(&self, datum: Datum) -> f64 {
        match datum {
            Datum::Offset => self.offset,
            Datum::Cost(j) => self.variables[j.index()].cost,
            Datum::Lower(j) => self.variables[j.index()].lower,
            Datum::Upper(j) => self.variables[j.index()].upper,
            Datum::RowLower(i) => self.rows[i.index()].lower,
            Datum::RowUpper(i) => self.rows[i.index()].upper,
            Datum::Entry(i, j) => {
                let terms = &self.rows[i.index()].terms;
                terms.iter().find(|(var, _)| *var == j).map_or(0.0, |(_, a)| *a)
            }
        }
    }

    /// Columns with their indices.
    pub(crate) fn columns_by_id(&self) -> impl Iterator<Item = (VarId, &Variable)> {
        (0..).map(VarId).zip(&self.variables)
    }

    /// Rows with their indices.
    pub(crate) fn rows_by_id(&self) -> impl Iterator<Item = (RowId, &Row)> {
        (0..).map(RowId).zip(&self.rows)
    }

    /// Number of columns.
    #[must_use]
    pub fn num_vars(&self) -> usize {
        self.variables.len()
    }

    /// Number of rows.
    #[must_use]
    pub fn num_rows(&self) -> usize {
        self.rows.len()
    }

    /// Number of non-zero coefficients in the rows.
    #[must_use]
    pub fn num_nonzeros(&self) -> usize {
        self.rows.iter().map(|row| row.terms.len()).sum()
    }

    /// Whether any column is integer.
    #[must_use]
    pub fn has_integers(&self) -> bool {
        self.variables.iter().any(|var| var.kind == VarKind::Integer)
    }

    /// The matrix by columns (rows x columns); cost O(non-zeros).
    #[must_use]
    pub fn columns(&self) -> SparseColumns {
        SparseColumns::from_rows(self.num_vars(), &self.rows)
    }

    /// As [`Self::columns`]; `None` when the budget is over.
    pub(crate) fn columns_within(&self, budget: &Budget) -> Option<SparseColumns> {
        SparseColumns::from_rows_within(self.num_vars(), &self.rows, budget)
    }

    /// `offset + c'x` without rounding, in the sense of the model, for the exact values of all columns.
    pub(crate) fn exact_objective<'x>(&self, x: impl IntoIterator<Item = Cow<'x, RBig>>) -> RBig {
        let offset = self.decimals.value(Datum::Offset, self.offset);
        let columns = self.columns_by_id().zip(x).filter(|((_, var), x)| var.cost != 0.0 && !x.is_zero());
        columns.fold(offset, |sum, ((j, var), x)| sum + self.decimals.value(Datum::Cost(j), var.cost) * x.as_ref())
    }

    /// The objective of a point of floats, each the decimal it prints as, as near as floats come: unlike a sum of floats it cannot be
    /// off. Cost O(columns).
    pub(crate) fn objective_of_decimals(&self, x: &[f64]) -> f64 {
        let mut sum = DecimalSum::from(self.decimals.value(Datum::Offset, self.offset));
        for ((j, var), &x) in self.columns_by_id().zip(x).filter(|((_, var), x)| var.cost != 0.0 && **x != 0.0) {
            self.decimals.add_product(&mut sum, Datum::Cost(j), var.cost, x);
        }
        approximately(&sum.total()) + 0.0
    }

    /// `offset + c'x` in floats, in the sense of the model. `x` has length `num_vars()`.
    #[must_use]
    pub fn objective(&self, x: &[f64]) -> f64 {
        self.offset + self.variables.iter().zip(x).map(|(var, x)| var.cost * x).sum::<f64>()
    }
}
