//! What is true at a node of the search, since when and why; how far each propagator has read it.

use super::arena::ClauseRef;
use super::literal::Lit;
use serde::{Deserialize, Serialize};

/// Why a literal is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Reason {
    /// Decision, assumption, or a fact.
    None,
    Clause(ClauseRef),
    /// A counter, by its number.
    Counter(u32),
    /// An implication of a theory, by its number.
    Theory(u32),
    /// Excluded by the look-ahead of this number.
    Ahead(u32),
}

/// A theory implication that exact arithmetic refused, met at this literal.
pub(super) struct Unconfirmed(pub(super) Lit);

/// The true literals in the order of their assignment.
///
/// Invariants: `values` and `literals` say the same; the literals of level k > 0 begin at `starts[k - 1]`; what stands before
/// `head` went through clauses, before `counter_head` through the counters, before `theory_head` to the theories.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Trail {
    /// By literal: 0 unassigned, 1 true, 2 false.
    pub(super) values: Vec<u8>,
    /// By variable.
    pub(super) levels: Vec<u32>,
    pub(super) reasons: Vec<Reason>,
    pub(super) literals: Vec<Lit>,
    pub(super) starts: Vec<usize>,
    pub(super) head: usize,
    pub(super) counter_head: usize,
    pub(super) theory_head: usize,
}

#[allow(clippy::cast_possible_truncation)]
impl Trail {
    pub(super) fn new_var(&mut self) {
        self.values.extend([0, 0]);
        self.levels.push(0);
        self.reasons.push(Reason::None);
    }

    pub(super) fn level(&self) -> u32 {
        self.starts.len() as u32
    }

    pub(super) fn is_true(&self, lit: Lit) -> bool {
        self.values[lit.index()] == 1
    }

    pub(super) fn is_false(&self, lit: Lit) -> bool {
        self.values[lit.index()] == 2
    }

    pub(super) fn is_free(&self, lit: Lit) -> bool {
        self.values[lit.index()] == 0
    }

    /// The level of an assigned literal.
    pub(super) fn level_of(&self, lit: Lit) -> u32 {
        self.levels[lit.var().index()]
    }

    /// The reason of a true literal or its negation.
    pub(super) fn reason_of(&self, lit: Lit) -> Reason {
        self.reasons[lit.var().index()]
    }

    /// Opens a level.
    pub(super) fn open(&mut self) {
        self.starts.push(self.literals.len());
    }

    /// Makes a free literal true.
    pub(super) fn enqueue(&mut self, lit: Lit, reason: Reason) {
        debug_assert!(self.is_free(lit));
        self.values[lit.index()] = 1;
        self.values[(!lit).index()] = 2;
        let var = lit.var().index();
        self.levels[var] = self.level();
        self.reasons[var] = reason;
        self.literals.push(lit);
    }

    /// Takes the last literal back if it stands at or after position `start`.
    pub(super) fn pop(&mut self, start: usize) -> Option<Lit> {
        let lit = if self.literals.len() > start { self.literals.pop()? } else { return None };
        self.values[lit.index()] = 0;
        self.values[(!lit).index()] = 0;
        Some(lit)
    }

    /// Closes all levels above `level`, whose literals are gone.
    pub(super) fn close(&mut self, level: u32) {
        let start = self.literals.len();
        self.head = self.head.min(start);
        self.counter_head = self.counter_head.min(start);
        self.theory_head = self.theory_head.min(start);
        self.starts.truncate(level as usize);
    }

    /// Number of distinct levels above 0 among the literals.
    pub(super) fn glue(&self, literals: impl Iterator<Item = Lit>) -> u32 {
        let mut levels: Vec<u32> = literals.map(|l| self.level_of(l)).filter(|&l| l > 0).collect();
        levels.sort_unstable();
        levels.dedup();
        levels.len() as u32
    }
}
