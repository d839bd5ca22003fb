//! Which variable splits what is left most evenly and most deeply.
//!
//! Reference: M. Heule, O. Kullmann, S. Wieringa and A. Biere, Cube and conquer, HVC 2011.

use super::literal::{Lit, Var};
use super::solver::Solver;
use super::trail::Reason;
use budget::Stop;

impl Solver {
    /// A free literal among `tried` variables of highest activity (of all, or of those given) such that its two values propagate most, by the product of the two counts. Literals that fail are
    /// fixed on the way. `None` if nothing is free, the formula is refuted or `stop` says so. Deterministic; back to level 0.
    pub fn split_literal(&mut self, among: Option<Vec<Var>>, tried: usize, stop: &Stop<'_>) -> Option<Lit> {
        self.backtrack(0);
        if !self.consistent {
            return None;
        }
        let phases = self.order.phases.clone();
        let mut candidates = among.unwrap_or_else(|| (0..self.trail.levels.len() as u32).map(Var).collect());
        candidates.retain(|var| self.trail.is_free(var.is(true)));
        candidates.sort_by(|a, b| self.order.activity(*b).total_cmp(&self.order.activity(*a)).then(a.cmp(b)));
        candidates.truncate(tried);
        let mut best: Option<(usize, Lit)> = None;
        for var in candidates {
            if stop() {
                break;
            }
            let mut product = 1;
            for value in [true, false] {
                let lit = var.is(value);
                product *= self.consequences(lit, stop).map_or(0, |count| count + 1);
            }
            if best.is_none_or(|(most, _)| product > most) && product > 0 {
                best = Some((product, var.is(true)));
            }
        }
        self.order.phases = phases;
        best.map(|(_, lit)| lit).filter(|&lit| self.consistent && self.trail.is_free(lit) && !stop())
    }

    /// How many literals follow from `lit` at level 0; `None` if that taught something instead (a failed literal).
    fn consequences(&mut self, lit: Lit, stop: &Stop<'_>) -> Option<usize> {
        while !self.propagate(stop) {
            self.resolve_conflict(stop);
            if !self.consistent || stop() {
                return None;
            }
        }
        if !self.trail.is_free(lit) {
            return None;
        }
        let before = self.trail.literals.len();
        self.trail.open();
        self.trail.enqueue(lit, Reason::None);
        if !self.propagate(stop) {
            self.resolve_conflict(stop);
            self.backtrack(0);
            return None;
        }
        let count = self.trail.literals.len().saturating_sub(before);
        let holds = self.trail.level() == 1;
        self.backtrack(0);
        holds.then_some(count)
    }
}
