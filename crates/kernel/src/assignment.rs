//! Unit propagation along a list of constraints, each visited once in the order given.

use crate::constraint::{Constraint, Lit, minus, plus};
use crate::fault::{Fault, too_large};

/// Values of some variables, by variable.
#[derive(Default)]
pub struct Assignment(Vec<Option<bool>>);

impl Assignment {
    /// Whether the literal is true, or false; `None` if that is open.
    pub fn of(&self, lit: Lit) -> Option<bool> {
        self.0.get(lit.var()).copied().flatten().map(|value| value == lit.value())
    }

    /// Sets what the constraint implies under the values there are: a literal whose coefficient exceeds the slack, which is what the literals that are not
    /// false can bring beyond the degree. True if the slack is negative: nothing with these values satisfies the constraint.
    pub fn propagate(&mut self, constraint: &Constraint) -> Result<bool, Fault> {
        let mut slack = minus(0, constraint.degree())?;
        for &(lit, coefficient) in constraint.terms() {
            if self.of(lit) != Some(false) {
                slack = plus(slack, coefficient)?;
            }
        }
        if slack < 0 {
            return Ok(true);
        }
        for &(lit, coefficient) in constraint.terms() {
            if coefficient > slack && self.of(lit).is_none() {
                self.0.resize(self.0.len().max(lit.var().saturating_add(1)), None);
                *self.0.get_mut(lit.var()).ok_or_else(too_large)? = Some(lit.value());
            }
        }
        Ok(false)
    }
}
