//! Constraints of variables that are 0 or 1: a sum of literals with positive whole coefficients is at least a degree.
//!
//! A literal is a variable x or its negation 1 - x. Constraints are kept in a normal form, in the order of the variables, none twice, no coefficient 0; so
//! equal ones look equal. Numbers that leave 128 bits are a fault.

use crate::fault::{Fault, too_large};
use std::collections::BTreeMap;

/// A literal: variable v (from 1) as v, its negation as -v.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lit(i64);

impl Lit {
    /// The literal that says the variable is `value`. Variables stay far below 2^63, for a file has to pay for each.
    pub fn new(var: usize, value: bool) -> Self {
        let var = i64::try_from(var).unwrap_or(i64::MAX);
        Self(if value { var } else { var.wrapping_neg() })
    }

    /// The literal that is true where this is false.
    pub fn negated(self) -> Self {
        Self(self.0.wrapping_neg())
    }

    /// Its variable.
    pub fn var(self) -> usize {
        self.0.unsigned_abs() as usize
    }

    /// The value of the variable that makes it true.
    pub fn value(self) -> bool {
        self.0 > 0
    }
}

/// What a literal becomes: a literal, perhaps the same, or a constant.
pub type Image = Result<Lit, bool>;

/// A sum of literals times positive coefficients that is at least the degree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraint {
    terms: Vec<(Lit, i128)>,
    degree: i128,
}

impl Constraint {
    /// At least one of these literals is true; one that stands twice counts once.
    pub fn clause(lits: impl IntoIterator<Item = Lit>) -> Result<Self, Fault> {
        let mut sum = Sum::new(1);
        lits.into_iter().try_for_each(|lit| sum.add(lit, 1))?;
        let Self { mut terms, degree } = sum.divided(1)?;
        terms.iter_mut().for_each(|(_, coefficient)| *coefficient = 1.min(*coefficient));
        Ok(Self { terms, degree })
    }

    /// Literals and their coefficients.
    pub fn terms(&self) -> &[(Lit, i128)] {
        &self.terms
    }

    /// What the sum has to reach.
    pub fn degree(&self) -> i128 {
        self.degree
    }

    /// The most that the sum can be.
    fn most(&self) -> Result<i128, Fault> {
        self.terms.iter().try_fold(0, |sum, &(_, coefficient)| plus(sum, coefficient))
    }

    /// Whether nothing satisfies it.
    pub fn is_contradiction(&self) -> Result<bool, Fault> {
        Ok(self.most()? < self.degree)
    }

    /// Satisfied by exactly what does not satisfy this one: the sum is at most degree - 1.
    pub fn negation(&self) -> Result<Self, Fault> {
        let degree = plus(minus(self.most()?, self.degree)?, 1)?;
        let terms = self.terms.iter().map(|&(lit, coefficient)| (lit.negated(), coefficient)).collect();
        Ok(Self { terms, degree })
    }

    /// What it says after each literal has become another or a constant.
    pub fn substituted(&self, image: impl Fn(Lit) -> Result<Image, Fault>) -> Result<Self, Fault> {
        let mut sum = Sum::new(self.degree);
        for &(lit, coefficient) in &self.terms {
            match image(lit)? {
                Ok(lit) => sum.add(lit, coefficient)?,
                Err(value) => sum.degree = minus(sum.degree, if value { coefficient } else { 0 })?,
            }
        }
        sum.divided(1)
    }
}

/// A constraint in the making: the sum of coefficients times variables is at least the degree.
pub struct Sum {
    coefficients: BTreeMap<usize, i128>,
    degree: i128,
}

impl Sum {
    /// An empty sum with this degree.
    pub fn new(degree: i128) -> Self {
        Self { coefficients: BTreeMap::new(), degree }
    }

    /// Adds a literal some times to the left side.
    pub fn add(&mut self, lit: Lit, times: i128) -> Result<(), Fault> {
        let slot = self.coefficients.entry(lit.var()).or_default();
        if lit.value() {
            *slot = plus(*slot, times)?;
        } else {
            // times (1 - x): the constant goes to the right side.
            *slot = minus(*slot, times)?;
            self.degree = minus(self.degree, times)?;
        }
        Ok(())
    }

    /// Adds a constraint some times.
    pub fn add_constraint(&mut self, constraint: &Constraint, times: i128) -> Result<(), Fault> {
        for &(lit, coefficient) in &constraint.terms {
            self.add(lit, product(coefficient, times)?)?;
        }
        self.degree = plus(self.degree, product(constraint.degree, times)?)?;
        Ok(())
    }

    /// The sum divided by a positive number, coefficients and degree rounded up: what holds for whole numbers still holds.
    pub fn divided(self, divisor: i128) -> Result<Constraint, Fault> {
        let (mut terms, mut degree) = (vec![], self.degree);
        for (var, coefficient) in self.coefficients {
            // A negative c times x is c and -c times its negation.
            degree = minus(degree, coefficient.min(0))?;
            if coefficient != 0 {
                let size = coefficient.checked_abs().ok_or_else(too_large)?;
                terms.push((Lit::new(var, coefficient > 0), rounded_up(size, divisor)?));
            }
        }
        Ok(Constraint { terms, degree: rounded_up(degree, divisor)? })
    }
}

/// The least whole number that is not below a / b; `b` is positive.
fn rounded_up(a: i128, b: i128) -> Result<i128, Fault> {
    let rest = a.checked_rem_euclid(b).filter(|_| b > 0).ok_or_else(too_large)?;
    plus(a.checked_div_euclid(b).ok_or_else(too_large)?, i128::from(rest > 0))
}

/// a + b
pub fn plus(a: i128, b: i128) -> Result<i128, Fault> {
    a.checked_add(b).ok_or_else(too_large)
}

/// a - b
pub fn minus(a: i128, b: i128) -> Result<i128, Fault> {
    a.checked_sub(b).ok_or_else(too_large)
}

/// a b
pub fn product(a: i128, b: i128) -> Result<i128, Fault> {
    a.checked_mul(b).ok_or_else(too_large)
}
