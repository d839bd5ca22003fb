//! Unit propagation restricted to a list of constraints.

use super::assignment::Assignment;
use super::constraint::{Constraint, Lit};

/// Whether the constraints lead to a conflict by unit propagation, visited in turn until nothing changes; and how many terms
/// were visited.
pub(super) fn refute(constraints: &[Constraint]) -> (bool, usize) {
    let mut values = Assignment::default();
    let mut steps = 0;
    loop {
        let mut changed = false;
        for constraint in constraints {
            steps += constraint.terms().len();
            let open = constraint.terms().iter().filter(|(_, lit)| !values.is_false(*lit));
            let slack = open.map(|(coefficient, _)| coefficient).sum::<i64>() - constraint.degree();
            if slack < 0 {
                return (true, steps);
            }
            let unassigned = |lit: Lit| !values.is_true(lit) && !values.is_false(lit);
            let forced = constraint.terms().iter().filter(|&&(c, lit)| c > slack && unassigned(lit));
            let forced: Vec<Lit> = forced.map(|&(_, lit)| lit).collect();
            changed |= !forced.is_empty();
            forced.into_iter().for_each(|lit| values.set(lit));
        }
        if !changed {
            return (false, steps);
        }
    }
}
