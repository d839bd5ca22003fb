//! A linear model with integer variables.

use crate::number::Rational;
use std::collections::BTreeMap;

/// Direction of the objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// The smallest value is best.
    Minimise,
    /// The largest value is best.
    Maximise,
}

/// A sparse linear form: (column, non-zero coefficient), columns ascending.
pub type Terms = Vec<(usize, Rational)>;

/// One column (variable).
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Unique name.
    pub name: String,
    /// Whether only whole numbers are allowed.
    pub integer: bool,
    /// Lower bound, `None` for minus infinity.
    pub lower: Option<Rational>,
    /// Upper bound, `None` for infinity.
    pub upper: Option<Rational>,
    /// Whether it may be 0 all the same: semi-continuous, or semi-integer. With crossed bounds it is 0.
    pub semi: bool,
}

/// One row: lower <= terms <= upper.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Unique name.
    pub name: String,
    /// Left side.
    pub terms: Terms,
    /// Lower side, `None` for minus infinity.
    pub lower: Option<Rational>,
    /// Upper side, `None` for infinity.
    pub upper: Option<Rational>,
    /// A binary column and its value where the row holds; without, it always does.
    pub indicator: Option<(usize, bool)>,
}

/// A special ordered set: at most so many of its columns are not 0, and those are neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderedSet {
    /// Unique name.
    pub name: String,
    /// 1 or 2.
    pub neighbours: usize,
    /// Columns in their order.
    pub members: Vec<usize>,
}

/// A model, everything exactly as its file says.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Direction of the objective.
    pub sense: Sense,
    /// Coefficients of the objective.
    pub objective: Terms,
    /// Constant of the objective.
    pub offset: Rational,
    /// Columns in the order of the file.
    pub columns: Vec<Column>,
    /// Rows in the order of the file, without the objective.
    pub rows: Vec<Row>,
    /// Special ordered sets in the order of the file.
    pub sets: Vec<OrderedSet>,
    /// What of the file says something else than it seems to, by line.
    pub remarks: Vec<Remark>,
}

/// Something in a model file that its author should know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Line, counted from 1.
    pub line: u64,
    /// What stands there and how it is read.
    pub what: String,
}

impl Model {
    /// Number of integer columns.
    #[must_use]
    pub fn num_integer(&self) -> usize {
        self.columns.iter().filter(|column| column.integer).count()
    }

    /// Whether a column has no values but 0 and 1.
    pub(crate) fn is_binary(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|column| {
            let lower = column.lower.as_ref().is_some_and(|lower| *lower >= Rational::ZERO);
            let upper = column.upper.as_ref().is_some_and(|upper| *upper <= Rational::ONE);
            column.integer && lower && upper && !column.semi
        })
    }

    /// Columns by name.
    pub(crate) fn index(&self) -> BTreeMap<&str, usize> {
        self.columns.iter().enumerate().map(|(j, column)| (column.name.as_str(), j)).collect()
    }
}

/// The value of a linear form at a point; a column beyond the point counts as 0.
pub(crate) fn value(terms: &[(usize, Rational)], point: &[Rational]) -> Rational {
    let mut sum = Rational::ZERO;
    for (column, coefficient) in terms {
        if let Some(x) = point.get(*column).filter(|x| !x.is_zero()) {
            sum += coefficient * x;
        }
    }
    sum
}
