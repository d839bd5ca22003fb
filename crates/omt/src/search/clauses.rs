//! Unit propagation with two watched literals and blockers.

use super::arena::{ClauseRef, Origin};
use super::literal::Lit;
use super::proof::Step;
use super::solver::{Reason, Solver};

/// A watched clause; while `blocker` is true the clause need not be looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watch {
    pub(super) clause: ClauseRef,
    pub(super) blocker: Lit,
}

impl Solver {
    /// Adds a clause of the problem at level 0.
    pub fn add_clause(&mut self, clause: &[Lit]) {
        self.add_step(clause, Step::default());
    }

    /// Adds a clause that the proof has as `step`.
    pub(super) fn add_step(&mut self, clause: &[Lit], step: Step) {
        self.backtrack(0);
        let mut literals: Vec<Lit> = clause.to_vec();
        literals.sort_unstable();
        literals.dedup();
        if literals.windows(2).any(|pair| pair[0] == !pair[1]) || literals.iter().any(|&l| self.is_true(l)) {
            return;
        }
        let step = self.without_false(&mut literals, step);
        match literals[..] {
            [] => self.consistent = false,
            [unit] => self.enqueue_fact(unit, step),
            _ => {
                self.attach(&literals, Origin::Problem, 0, step);
            }
        }
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

    /// Attaches waiting lemma instances under the current assignment; false if one of them is a conflict.
    pub(super) fn attach_pending(&mut self) -> bool {
        while let Some((mut literals, step)) = self.pending.pop() {
            let rank = |s: &Self, l: Lit| if s.is_false(l) { s.levels[l.var().index()] } else { u32::MAX };
            literals.sort_by_key(|&l| std::cmp::Reverse(rank(self, l)));
            if self.is_false(literals[0]) {
                self.conflict.clone_from(&literals);
                self.conflict_step = step;
                if literals.len() > 1 {
                    self.attach(&literals, Origin::Lemma, self.level().max(2), step);
                }
                return false;
            }
            if literals.len() == 1 {
                if self.level() == 0 {
                    if self.is_free(literals[0]) {
                        self.enqueue_fact(literals[0], step);
                    }
                } else {
                    // A fact: it belongs at level 0.
                    self.backtrack(0);
                    self.pending.push((literals, step));
                }
                continue;
            }
            let glue = u32::try_from(literals.len()).unwrap_or(u32::MAX);
            let clause = self.attach(&literals, Origin::Lemma, glue, step);
            if self.is_free(literals[0]) && self.is_false(literals[1]) {
                self.counts.propagations += 1;
                self.enqueue(literals[0], Reason::Clause(clause));
            }
        }
        true
    }

    /// Propagates clauses to a fixed point; false on conflict.
    pub(super) fn propagate_clauses(&mut self) -> bool {
        while self.head < self.trail.len() {
            let falsified = !self.trail[self.head];
            self.head += 1;
            let mut list = std::mem::take(&mut self.watches[falsified.index()]);
            let mut kept = 0;
            let mut at = 0;
            let mut conflict = None;
            self.visits += 1 + list.len() as u64;
            while at < list.len() {
                let watch = list[at];
                at += 1;
                if self.values[watch.blocker.index()] == 1 {
                    list[kept] = watch;
                    kept += 1;
                    continue;
                }
                let values = &self.values;
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
                if self.values[other.index()] == 2 {
                    conflict = Some(watch.clause);
                    break;
                }
                self.counts.propagations += 1;
                self.enqueue(other, Reason::Clause(watch.clause));
            }
            list.copy_within(at.., kept);
            list.truncate(kept + list.len() - at);
            self.watches[falsified.index()] = list;
            if let Some(clause) = conflict {
                self.conflict.clear();
                let literals = self.arena.literals(clause);
                self.conflict.extend(literals);
                self.conflict_step = self.arena.step(clause);
                self.touch(clause);
                return false;
            }
        }
        true
    }
}
