//! What a search has done, and what its allowance counts.

use serde::{Deserialize, Serialize};

/// Work done.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Decisions.
    pub decisions: u64,
    /// Conflicts.
    pub conflicts: u64,
    /// Literals propagated by clauses and counter.
    pub propagations: u64,
    /// Literals implied by theories.
    pub implied: u64,
    /// Conflicts found by theories.
    pub theory_conflicts: u64,
    /// Lemmas confirmed.
    pub lemmas: u64,
    /// Guesses of the theory that exact arithmetic did not confirm.
    pub unconfirmed: u64,
    /// Restarts.
    pub restarts: u64,
    /// Simplex pivots.
    pub pivots: u64,
    /// Separability checks.
    pub checks: u64,
    /// Nodes looked at for disjoint cores.
    pub look_aheads: u64,
    /// Nodes closed by them.
    pub closed_ahead: u64,
    /// Penalties excluded by them.
    pub excluded_ahead: u64,
}

impl Counts {
    /// What a `Budget` counts.
    #[must_use]
    pub fn effort(&self) -> u64 {
        self.conflicts + self.look_aheads
    }

    /// The sum of two counts.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.each(other, |a, b| a + b)
    }

    /// What came after `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        self.each(earlier, |a, b| a - b)
    }

    fn each(self, other: Self, f: fn(u64, u64) -> u64) -> Self {
        Self {
            decisions: f(self.decisions, other.decisions),
            conflicts: f(self.conflicts, other.conflicts),
            propagations: f(self.propagations, other.propagations),
            implied: f(self.implied, other.implied),
            theory_conflicts: f(self.theory_conflicts, other.theory_conflicts),
            lemmas: f(self.lemmas, other.lemmas),
            unconfirmed: f(self.unconfirmed, other.unconfirmed),
            restarts: f(self.restarts, other.restarts),
            pivots: f(self.pivots, other.pivots),
            checks: f(self.checks, other.checks),
            look_aheads: f(self.look_aheads, other.look_aheads),
            closed_ahead: f(self.closed_ahead, other.closed_ahead),
            excluded_ahead: f(self.excluded_ahead, other.excluded_ahead),
        }
    }
}
