//! Clauses in one flat array.

use super::literal::Lit;
use super::proof::Step;
use serde::{Deserialize, Serialize};

/// Position of a clause in the arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct ClauseRef(pub(super) u32);

/// Where a clause comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Origin {
    /// Part of the problem.
    Problem,
    /// Learned from a conflict.
    Learned,
    /// An instance of a theory lemma.
    Lemma,
}

const HEADER: usize = 3;

/// Clauses as `[length | flags, glue and use, proof step, literals ..]`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Arena {
    words: Vec<u32>,
    wasted: usize,
}

#[allow(clippy::cast_possible_truncation)]
impl Arena {
    pub(super) fn push(&mut self, literals: &[Lit], origin: Origin, glue: u32, step: Step) -> ClauseRef {
        let at = self.words.len() as u32;
        self.words.push((literals.len() as u32) << 3 | (origin as u32) << 1);
        self.words.push(glue.min(0xffff) | 1 << 16);
        self.words.push(step.0);
        self.words.extend(literals.iter().map(|l| l.0));
        ClauseRef(at)
    }

    pub(super) fn len(&self, clause: ClauseRef) -> usize {
        (self.words[clause.0 as usize] >> 3) as usize
    }

    /// The clause in the proof.
    pub(super) fn step(&self, clause: ClauseRef) -> Step {
        Step(self.words[clause.0 as usize + 2])
    }

    pub(super) fn origin(&self, clause: ClauseRef) -> Origin {
        match self.words[clause.0 as usize] >> 1 & 3 {
            0 => Origin::Problem,
            1 => Origin::Learned,
            _ => Origin::Lemma,
        }
    }

    pub(super) fn literal(&self, clause: ClauseRef, at: usize) -> Lit {
        Lit(self.words[clause.0 as usize + HEADER + at])
    }

    pub(super) fn literals(&self, clause: ClauseRef) -> impl Iterator<Item = Lit> + '_ {
        let start = clause.0 as usize + HEADER;
        self.words[start..start + self.len(clause)].iter().map(|&w| Lit(w))
    }

    pub(super) fn words_mut(&mut self, clause: ClauseRef) -> &mut [u32] {
        let start = clause.0 as usize + HEADER;
        let len = self.len(clause);
        &mut self.words[start..start + len]
    }

    pub(super) fn glue(&self, clause: ClauseRef) -> u32 {
        self.words[clause.0 as usize + 1] & 0xffff
    }

    /// Notes that the clause took part in a conflict, with its current glue.
    pub(super) fn touch(&mut self, clause: ClauseRef, glue: u32) {
        let word = &mut self.words[clause.0 as usize + 1];
        *word = glue.min(*word & 0xffff) | 2 << 16;
    }

    /// How often the clause has survived since its last use: 2 just used, 0 not for two rounds.
    pub(super) fn freshness(&self, clause: ClauseRef) -> u32 {
        self.words[clause.0 as usize + 1] >> 16
    }

    pub(super) fn age(&mut self, clause: ClauseRef) {
        let word = &mut self.words[clause.0 as usize + 1];
        let fresh = (*word >> 16).saturating_sub(1);
        *word = *word & 0xffff | fresh << 16;
    }

    pub(super) fn delete(&mut self, clause: ClauseRef) {
        self.wasted += self.len(clause) + HEADER;
        self.words[clause.0 as usize] |= 1;
    }

    pub(super) fn is_deleted(&self, clause: ClauseRef) -> bool {
        self.words[clause.0 as usize] & 1 == 1
    }

    pub(super) fn wants_collection(&self) -> bool {
        self.wasted * 4 > self.words.len()
    }

    /// Drops deleted clauses; returns the moves (old, new) in increasing order.
    pub(super) fn collect(&mut self) -> Vec<(ClauseRef, ClauseRef)> {
        let mut moves = Vec::new();
        let (mut from, mut to) = (0, 0);
        while from < self.words.len() {
            let size = (self.words[from] >> 3) as usize + HEADER;
            if self.words[from] & 1 == 0 {
                self.words.copy_within(from..from + size, to);
                moves.push((ClauseRef(from as u32), ClauseRef(to as u32)));
                to += size;
            }
            from += size;
        }
        self.words.truncate(to);
        self.wasted = 0;
        moves
    }
}
