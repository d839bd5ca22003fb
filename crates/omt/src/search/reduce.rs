//! Restarts and forgetting.

use super::arena::{ClauseRef, Origin};
use super::solver::{Reason, Solver};

/// Factor by which activities decay at a conflict.
pub(super) const DECAY: f64 = 0.95;
/// Smoothing of the short and of the long average of glue.
const FAST: f64 = 1.0 / 32.0;
const SLOW: f64 = 1.0 / 8192.0;
/// A restart is due when the short average exceeds the long one by this factor.
const RESTART_MARGIN: f64 = 1.15;
/// Least conflicts between restarts.
const RESTART_INTERVAL: u64 = 8;
/// First interval between reductions and its growth, in conflicts.
const REDUCE_FIRST: u64 = 2000;
const REDUCE_GROWTH: u64 = 400;
/// Learned clauses of at most this glue are kept for good.
const GLUE_FOREVER: u32 = 2;

/// Moving averages of glue that trigger restarts (reference 2 of the module).
#[derive(Clone, Debug, Default)]
pub(super) struct Restarts {
    fast: f64,
    slow: f64,
    learned: u64,
    last: u64,
    next_reduction: u64,
    reductions: u64,
}

impl Restarts {
    pub(super) fn learned(&mut self, glue: u32, _trail: usize) {
        self.learned += 1;
        let glue = f64::from(glue);
        // Averages with their start-up bias taken out.
        #[allow(clippy::cast_precision_loss)]
        let rate = |alpha: f64| alpha.max(1.0 / self.learned as f64);
        self.fast += rate(FAST) * (glue - self.fast);
        self.slow += rate(SLOW) * (glue - self.slow);
    }

    pub(super) fn due(&self, conflicts: u64) -> bool {
        conflicts >= self.last + RESTART_INTERVAL && self.fast > RESTART_MARGIN * self.slow
    }
}

impl Solver {
    pub(super) fn restart(&mut self) {
        self.backtrack(0);
        self.counts.restarts += 1;
        self.restarts.last = self.counts.conflicts;
    }

    /// Forgets the less useful half of learned clauses and lemma instances when it is time; at level 0.
    pub(super) fn reduce_if_due(&mut self) {
        if self.counts.conflicts < self.restarts.next_reduction + REDUCE_FIRST {
            return;
        }
        self.restarts.reductions += 1;
        self.restarts.next_reduction = self.counts.conflicts + REDUCE_GROWTH * self.restarts.reductions;
        let mut candidates = Vec::new();
        let learned = std::mem::take(&mut self.learned);
        for &clause in &learned {
            let satisfied = self.arena.literals(clause).any(|l| self.is_true(l));
            if satisfied && !self.is_reason(clause) {
                self.forget(clause);
                continue;
            }
            let fresh = self.arena.freshness(clause) > 0;
            self.arena.age(clause);
            let forever = self.arena.glue(clause) <= GLUE_FOREVER && self.arena.origin(clause) == Origin::Learned;
            if !forever && !fresh && !self.is_reason(clause) {
                candidates.push(clause);
            }
        }
        candidates.sort_by_key(|&c| (std::cmp::Reverse(self.arena.glue(c)), std::cmp::Reverse(self.arena.len(c)), c));
        let half = candidates.len() / 2;
        for &clause in &candidates[..half] {
            self.forget(clause);
        }
        self.learned = learned;
        let arena = &self.arena;
        self.learned.retain(|&c| !arena.is_deleted(c));
        for list in &mut self.watches {
            list.retain(|w| !arena.is_deleted(w.clause));
        }
        if self.arena.wants_collection() {
            self.collect();
        }
    }

    fn is_reason(&self, clause: ClauseRef) -> bool {
        let first = self.arena.literal(clause, 0);
        self.is_true(first) && self.reasons[first.var().index()] == Reason::Clause(clause)
    }

    fn forget(&mut self, clause: ClauseRef) {
        self.sink.deleted(self.arena.step(clause));
        self.arena.delete(clause);
    }

    /// Compacts the arena and renames every reference.
    fn collect(&mut self) {
        let moves = self.arena.collect();
        let rename = |clause: &mut ClauseRef| {
            if let Ok(at) = moves.binary_search_by_key(clause, |m| m.0) {
                *clause = moves[at].1;
            }
        };
        self.learned.iter_mut().for_each(rename);
        self.watches.iter_mut().flatten().for_each(|w| rename(&mut w.clause));
        for &lit in &self.trail {
            if let Reason::Clause(clause) = &mut self.reasons[lit.var().index()] {
                rename(clause);
            }
        }
    }
}
