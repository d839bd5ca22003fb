//! A live constraint as the propagation keeps it.

use super::constraint::{Constraint, Lit, Term};

/// A constraint in the database. Clauses keep their two watched literals in front.
#[derive(Debug)]
pub(crate) struct Row {
    /// In the order of the watches or of falling coefficients, not of the variables.
    lits: Box<[Lit]>,
    /// Empty if all are 1.
    coefficients: Box<[i64]>,
    degree: i64,
    /// Counted rows: the sum of the coefficients of literals that are not false, minus the degree.
    pub slack: i64,
    /// Of the formula, or from a logged solution; not derived.
    pub core: bool,
    /// Stands in watch lists, not in occurrence lists.
    pub watched: bool,
}

impl Row {
    pub fn new(constraint: &Constraint, core: bool) -> Self {
        let mut terms: Vec<Term> = constraint.terms().to_vec();
        let plain = terms.iter().all(|&(coefficient, _)| coefficient == 1);
        if !plain {
            terms.sort_by_key(|&(coefficient, _)| std::cmp::Reverse(coefficient));
        }
        Self {
            lits: terms.iter().map(|&(_, lit)| lit).collect(),
            coefficients: if plain { Box::default() } else { terms.iter().map(|&(c, _)| c).collect() },
            degree: constraint.degree(),
            slack: constraint.total() - constraint.degree(),
            core,
            watched: plain && constraint.degree() == 1 && terms.len() > 1,
        }
    }

    /// A row that is never watched.
    pub fn counted(constraint: &Constraint) -> Self {
        Self { watched: false, ..Self::new(constraint, false) }
    }

    pub fn constraint(&self) -> Constraint {
        Constraint::of_terms(self.terms().collect(), self.degree)
    }

    /// Whether this is the constraint.
    pub fn is(&self, constraint: &Constraint) -> bool {
        let terms = constraint.terms();
        let there = |(coefficient, lit): Term| {
            let at = terms.binary_search_by_key(&lit.var(), |(_, other)| other.var());
            at.is_ok_and(|at| terms.get(at) == Some(&(coefficient, lit)))
        };
        self.degree == constraint.degree() && self.lits.len() == terms.len() && self.terms().all(there)
    }

    /// Coefficients fall.
    pub fn terms(&self) -> impl Iterator<Item = Term> {
        self.lits.iter().enumerate().map(|(at, &lit)| (self.coefficients.get(at).copied().unwrap_or(1), lit))
    }

    pub fn degree(&self) -> i64 {
        self.degree
    }

    pub fn lits(&self) -> &[Lit] {
        &self.lits
    }

    pub fn lits_mut(&mut self) -> &mut [Lit] {
        &mut self.lits
    }

    /// The slack if no literal is false.
    pub fn full_slack(&self) -> i64 {
        self.terms().map(|(coefficient, _)| coefficient).sum::<i64>() - self.degree
    }

    /// Whether the true literals among these reach the degree.
    pub fn satisfied(&self, is_true: impl Fn(Lit) -> bool) -> bool {
        self.terms().filter(|&(_, lit)| is_true(lit)).map(|(coefficient, _)| coefficient).sum::<i64>() >= self.degree
    }
}
