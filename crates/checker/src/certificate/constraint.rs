//! One linear constraint, and when it dominates another.

use crate::model::Terms;
use crate::number::Rational;
use std::rc::Rc;

/// The relation between the two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Relation {
    AtMost,
    Equal,
    AtLeast,
}

/// terms relation right; the terms are shared, since many constraints bound the objective.
#[derive(Clone, Debug)]
pub(super) struct Constraint {
    pub relation: Relation,
    pub right: Rational,
    pub terms: Rc<Terms>,
}

impl Constraint {
    /// Whether no point satisfies it because it says 0 >= 1 or the like.
    pub fn is_absurd(&self) -> bool {
        let holds = match self.relation {
            Relation::AtMost => self.right >= Rational::ZERO,
            Relation::Equal => self.right.is_zero(),
            Relation::AtLeast => self.right <= Rational::ZERO,
        };
        self.terms.is_empty() && !holds
    }

    /// Whether `other` follows at sight: same left side and a right side that is no tighter, or this one is absurd.
    pub fn dominates(&self, other: &Self) -> bool {
        if self.is_absurd() {
            return true;
        }
        let stronger = match (self.relation, other.relation) {
            (Relation::Equal, Relation::Equal) => self.right == other.right,
            (Relation::AtMost | Relation::Equal, Relation::AtMost) => self.right <= other.right,
            (Relation::AtLeast | Relation::Equal, Relation::AtLeast) => self.right >= other.right,
            _ => false,
        };
        stronger && self.same_terms(other)
    }

    /// Whether the left sides agree.
    pub fn same_terms(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.terms, &other.terms) || self.terms == other.terms
    }
}
