//! Suitable linear combinations of constraints, and their rounding.

use super::constraint::{Constraint, Relation};
use crate::Model;
use crate::model::Terms;
use crate::number::{self, Rational};
use std::rc::Rc;

/// Adds up multiples of constraints; one is reused for all steps.
pub(super) struct Combination {
    /// Sum of each column's coefficients; zero where not touched.
    sums: Vec<Sum>,
    /// Columns that may be non-zero, in order of their first touch.
    touched: Vec<usize>,
    is_touched: Vec<bool>,
    right: Sum,
    relation: Relation,
}

/// A sum in two parts: products of small whole numbers, which most proofs consist of, and the others.
#[derive(Clone, Default)]
struct Sum {
    small: i128,
    rest: Rational,
}

impl Sum {
    /// Adds a product; whether the numbers are within limits.
    fn add(&mut self, factor: &Rational, small_factor: Option<i64>, value: &Rational) -> bool {
        let product = small_factor.zip(small(value)).map(|(factor, value)| i128::from(factor) * i128::from(value));
        match product.and_then(|product| self.small.checked_add(product)) {
            Some(sum) => {
                self.small = sum;
                true
            }
            None => {
                self.rest += factor * value;
                number::within_limits(&self.rest)
            }
        }
    }

    fn take(&mut self) -> Rational {
        let (small, rest) = (std::mem::take(&mut self.small), std::mem::take(&mut self.rest));
        if rest.is_zero() { Rational::from(small) } else { rest + Rational::from(small) }
    }
}

/// A whole number of 64 bits.
fn small(value: &Rational) -> Option<i64> {
    if value.denominator().is_one() { i64::try_from(value.numerator()).ok() } else { None }
}

/// Why a constraint cannot be added.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unsuitable {
    /// The multiplier would turn the constraint against those before.
    Sign,
    /// The numbers exceed [`crate::limits::BITS`].
    TooLarge,
}

impl Combination {
    /// For constraints over `columns` columns.
    pub fn new(columns: usize) -> Self {
        Self {
            sums: vec![Sum::default(); columns],
            touched: vec![],
            is_touched: vec![false; columns],
            right: Sum::default(),
            relation: Relation::Equal,
        }
    }

    /// Adds `factor` times a constraint. Cost: its number of terms.
    pub fn add(&mut self, factor: &Rational, constraint: &Constraint) -> Result<(), Unsuitable> {
        if factor.is_zero() {
            return Ok(());
        }
        let relation = match (constraint.relation, *factor > Rational::ZERO) {
            (Relation::Equal, _) => Relation::Equal,
            (relation, true) => relation,
            (Relation::AtMost, false) => Relation::AtLeast,
            (Relation::AtLeast, false) => Relation::AtMost,
        };
        if self.relation == Relation::Equal {
            self.relation = relation;
        } else if relation != Relation::Equal && relation != self.relation {
            return Err(Unsuitable::Sign);
        }
        let small_factor = small(factor);
        let mut within = self.right.add(factor, small_factor, &constraint.right);
        for (column, coefficient) in constraint.terms.iter() {
            let (Some(sum), Some(is_touched)) = (self.sums.get_mut(*column), self.is_touched.get_mut(*column)) else {
                continue;
            };
            within &= sum.add(factor, small_factor, coefficient);
            if !std::mem::replace(is_touched, true) {
                self.touched.push(*column);
            }
        }
        if within { Ok(()) } else { Err(Unsuitable::TooLarge) }
    }

    /// The sum, as a constraint; afterwards everything is zero again.
    pub fn take(&mut self) -> Constraint {
        self.touched.sort_unstable();
        let mut terms = Terms::with_capacity(self.touched.len());
        for column in self.touched.drain(..) {
            if let Some(is_touched) = self.is_touched.get_mut(column) {
                *is_touched = false;
            }
            let sum = self.sums.get_mut(column).map(Sum::take).unwrap_or_default();
            if !sum.is_zero() {
                terms.push((column, sum));
            }
        }
        let relation = std::mem::replace(&mut self.relation, Relation::Equal);
        Constraint { relation, right: self.right.take(), terms: Rc::new(terms) }
    }
}

/// Whether a linear form is whole on all points that the model allows: whole coefficients, integer variables.
pub(super) fn is_whole(terms: &[(usize, Rational)], model: &Model) -> Result<(), String> {
    for (j, coefficient) in terms {
        let Some(column) = model.columns.get(*j) else { continue };
        if !column.integer {
            return Err(format!("variable `{}` is continuous", column.name));
        }
        if !coefficient.is_int() {
            return Err(format!("the coefficient {} of `{}` is not whole", number::brief(coefficient), column.name));
        }
    }
    Ok(())
}

/// Rounds the right side towards the feasible side.
pub(super) fn round(constraint: Constraint, model: &Model) -> Result<Constraint, String> {
    is_whole(&constraint.terms, model)?;
    let right = match constraint.relation {
        Relation::AtMost => constraint.right.floor(),
        Relation::AtLeast => constraint.right.ceil(),
        Relation::Equal => return Err("an equation is not rounded".to_owned()),
    };
    Ok(Constraint { right: Rational::from(right), ..constraint })
}
