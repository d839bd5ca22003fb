//! Clauses under the trail: two watched literals with blockers, and forgetting.

use super::arena::{Arena, ClauseRef, Origin};
use super::counts::Counts;
use super::literal::Lit;
use super::proof::{ProofSink, Step};
use super::trail::{Reason, Trail};
use crate::Parameters;
use serde::{Deserialize, Serialize};

/// A watched clause; while `blocker` is true the clause need not be looked at.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Watch {
    clause: ClauseRef,
    blocker: Lit,
}

/// All clauses. Invariant: the first two literals of each are watched.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Clauses {
    pub(super) arena: Arena,
    /// Learned clauses of at most this glue are kept for good.
    glue_kept: u32,
    /// By literal: the clauses to look at once it is false.
    watches: Vec<Vec<Watch>>,
    /// Clauses that may be deleted.
    learned: Vec<ClauseRef>,
    /// Watches that propagation had before it: what work is measured in.
    pub(super) visits: u64,
}

impl Clauses {
    pub(super) fn new(parameters: &Parameters) -> Self {
        let glue_kept = parameters.glue_kept;
        Self { arena: Arena::default(), glue_kept, watches: Vec::new(), learned: Vec::new(), visits: 0 }
    }

    pub(super) fn new_var(&mut self) {
        self.watches.extend([Vec::new(), Vec::new()]);
    }

    /// Clauses learned and lemma instances in use.
    pub(super) fn num_learned(&self) -> usize {
        self.learned.len()
    }

    /// Stores a clause of at least two literals and watches the first two.
    pub(super) fn attach(&mut self, literals: &[Lit], origin: Origin, glue: u32, step: Step) -> ClauseRef {
        let clause = self.arena.push(literals, origin, glue, step);
        self.watches[literals[0].index()].push(Watch { clause, blocker: literals[1] });
        self.watches[literals[1].index()].push(Watch { clause, blocker: literals[0] });
        if origin != Origin::Problem {
            self.learned.push(clause);
        }
        clause
    }

    /// Propagates to a fixed point, or until all literals of a clause are false: then that is the answer.
    pub(super) fn propagate(&mut self, trail: &mut Trail, counts: &mut Counts) -> Option<ClauseRef> {
        while trail.head < trail.literals.len() {
            let falsified = !trail.literals[trail.head];
            trail.head += 1;
            let mut list = std::mem::take(&mut self.watches[falsified.index()]);
            let mut kept = 0;
            let mut at = 0;
            let mut conflict = None;
            self.visits += 1 + list.len() as u64;
            while at < list.len() {
                let watch = list[at];
                at += 1;
                if trail.values[watch.blocker.index()] == 1 {
                    list[kept] = watch;
                    kept += 1;
                    continue;
                }
                let values = &trail.values;
                let words = self.arena.words_mut(watch.clause);
                if words[0] == falsified.0 {
                    words.swap(0, 1);
                }
                let other = Lit(words[0]);
                let updated = Watch { clause: watch.clause, blocker: other };
                if values[other.index()] == 1 {
                    list[kept] = updated;
                    kept += 1;
                    continue;
                }
                if let Some(k) = (2..words.len()).find(|&k| values[words[k] as usize] != 2) {
                    words.swap(1, k);
                    let moved = Lit(words[1]);
                    self.watches[moved.index()].push(updated);
                    continue;
                }
                list[kept] = updated;
                kept += 1;
                if values[other.index()] == 2 {
                    conflict = Some(watch.clause);
                    break;
                }
                counts.propagations += 1;
                trail.enqueue(other, Reason::Clause(watch.clause));
            }
            list.copy_within(at.., kept);
            list.truncate(kept + list.len() - at);
            self.watches[falsified.index()] = list;
            if let Some(clause) = conflict {
                self.touch(clause, trail);
                return Some(clause);
            }
        }
        None
    }

    /// A clause took part in a conflict: renew its glue.
    pub(super) fn touch(&mut self, clause: ClauseRef, trail: &Trail) {
        if self.arena.origin(clause) != Origin::Problem {
            let glue = if self.arena.glue(clause) > 3 { trail.glue(self.arena.literals(clause)) } else { u32::MAX };
            self.arena.touch(clause, glue);
        }
    }

    /// Forgets what is satisfied and the less useful half of learned clauses and lemma instances; at level 0.
    pub(super) fn reduce(&mut self, trail: &mut Trail, sink: &mut dyn ProofSink) {
        let mut candidates = Vec::new();
        for clause in self.learned.clone() {
            let satisfied = self.arena.literals(clause).any(|l| trail.is_true(l));
            if satisfied && !self.is_reason(clause, trail) {
                self.forget(clause, sink);
                continue;
            }
            let fresh = self.arena.freshness(clause) > 0;
            self.arena.age(clause);
            let forever = self.arena.glue(clause) <= self.glue_kept && self.arena.origin(clause) == Origin::Learned;
            if !forever && !fresh && !self.is_reason(clause, trail) {
                candidates.push(clause);
            }
        }
        candidates.sort_by_key(|&c| (std::cmp::Reverse(self.arena.glue(c)), std::cmp::Reverse(self.arena.len(c)), c));
        for &clause in &candidates[..candidates.len() / 2] {
            self.forget(clause, sink);
        }
        let arena = &self.arena;
        self.learned.retain(|&c| !arena.is_deleted(c));
        for list in &mut self.watches {
            list.retain(|w| !arena.is_deleted(w.clause));
        }
        if self.arena.wants_collection() {
            self.collect(trail);
        }
    }

    fn is_reason(&self, clause: ClauseRef, trail: &Trail) -> bool {
        let first = self.arena.literal(clause, 0);
        trail.is_true(first) && trail.reason_of(first) == Reason::Clause(clause)
    }

    fn forget(&mut self, clause: ClauseRef, sink: &mut dyn ProofSink) {
        sink.deleted(self.arena.step(clause));
        self.arena.delete(clause);
    }

    /// Compacts the arena and renames every reference.
    fn collect(&mut self, trail: &mut Trail) {
        let moves = self.arena.collect();
        let rename = |clause: &mut ClauseRef| {
            if let Ok(at) = moves.binary_search_by_key(clause, |m| m.0) {
                *clause = moves[at].1;
            }
        };
        self.learned.iter_mut().for_each(rename);
        self.watches.iter_mut().flatten().for_each(|w| rename(&mut w.clause));
        for &lit in &trail.literals {
            if let Reason::Clause(clause) = &mut trail.reasons[lit.var().index()] {
                rename(clause);
            }
        }
    }
}
