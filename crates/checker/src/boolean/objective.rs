//! Linear objectives of Boolean variables, to be minimised.

use super::constraint::{Constraint, Image, LIMIT, Lit, Term, TooLarge};

/// Sum of positive coefficients of true literals, plus a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Objective {
    /// Sorted by variable, none twice.
    terms: Vec<Term>,
    constant: i64,
}

impl Objective {
    pub fn new(sum: Vec<(i128, Lit)>, constant: i64) -> Result<Self, TooLarge> {
        // Normal form keeps sum - degree as it is.
        let form = Constraint::new(sum, 0)?;
        let constant = i128::from(constant) - i128::from(form.degree());
        if constant.abs() > LIMIT {
            return Err(TooLarge);
        }
        Ok(Self { terms: form.terms().to_vec(), constant: i64::try_from(constant).map_err(|_| TooLarge)? })
    }

    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The value at a complete assignment.
    pub fn value(&self, is_true: impl Fn(Lit) -> bool) -> i64 {
        let paid = self.terms.iter().filter(|&&(_, lit)| is_true(lit)).map(|(coefficient, _)| coefficient);
        self.constant + paid.sum::<i64>()
    }

    /// objective >= bound.
    pub fn at_least(&self, bound: i64) -> Result<Constraint, TooLarge> {
        let sum = self.terms.iter().map(|&(coefficient, lit)| (coefficient.into(), lit)).collect();
        Constraint::new(sum, i128::from(bound) - i128::from(self.constant))
    }

    /// objective <= bound.
    pub fn at_most(&self, bound: i64) -> Result<Constraint, TooLarge> {
        let sum = self.terms.iter().map(|&(coefficient, lit)| (-i128::from(coefficient), lit)).collect();
        Constraint::new(sum, i128::from(self.constant) - i128::from(bound))
    }

    /// The objective of the image is at most the objective.
    pub fn not_worse(&self, image: impl Fn(Lit) -> Image) -> Result<Constraint, TooLarge> {
        let (mut sum, mut degree) = (Vec::new(), 0);
        for &(coefficient, lit) in &self.terms {
            sum.push((i128::from(coefficient), lit));
            match image(lit) {
                Image::Constant(value) => degree += if value { i128::from(coefficient) } else { 0 },
                Image::Literal(lit) => sum.push((-i128::from(coefficient), lit)),
            }
        }
        Constraint::new(sum, degree)
    }
}
