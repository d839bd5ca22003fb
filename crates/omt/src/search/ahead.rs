//! The memory of look-aheads: which penalties came last, what is charged, what is excluded.

use super::literal::Lit;
use super::schedule::Schedule;
use crate::Parameters;
use serde::{Deserialize, Serialize};

/// What a look-ahead brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ahead {
    /// The node was not looked at.
    Skipped,
    /// Propagate again: penalties may be excluded, lemmas may wait.
    Propagate,
    /// The conflict stands in [`Solver::conflict`].
    Conflict,
}

/// Penalties excluded by a look-ahead share one explanation.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Exclusion {
    start: u32,
    len: u32,
    trail: usize,
}

/// Memory of look-aheads, kept between calls so that none is allocated in them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct LookAhead {
    pub(super) allowed: bool,
    pub(super) schedule: Schedule,
    /// Free penalties in the order of trial.
    pub(super) order: Vec<Lit>,
    /// By literal: when it was last in a core. Those of the latest cores are tried first.
    pub(super) latest: Vec<u64>,
    pub(super) clock: u64,
    /// By literal: weight not yet charged.
    pub(super) left: Vec<u64>,
    /// By variable: the walk that saw it last, and the call that took it for a reason.
    pub(super) seen: Vec<u64>,
    pub(super) reason: Vec<u64>,
    pub(super) stack: Vec<Lit>,
    pub(super) core: Vec<Lit>,
    /// True literals of the node that the cores of this call rest on.
    pub(super) reasons: Vec<Lit>,
    exclusions: Vec<Exclusion>,
    explanations: Vec<Lit>,
    /// Decisions and conflicts at the last call: the same node is not looked at twice.
    pub(super) node: u64,
}

#[allow(clippy::cast_possible_truncation)]
impl LookAhead {
    pub(super) fn new(parameters: &Parameters) -> Self {
        Self {
            allowed: false,
            schedule: Schedule::new(parameters),
            order: Vec::new(),
            latest: Vec::new(),
            clock: 0,
            left: Vec::new(),
            seen: Vec::new(),
            reason: Vec::new(),
            stack: Vec::new(),
            core: Vec::new(),
            reasons: Vec::new(),
            exclusions: Vec::new(),
            explanations: Vec::new(),
            node: 0,
        }
    }

    pub(super) fn new_var(&mut self) {
        self.latest.extend([0, 0]);
        self.left.extend([0, 0]);
        self.seen.push(0);
        self.reason.push(0);
    }

    /// Notes an exclusion at this trail position for the reasons of this call and the payments `paid`; returns its number.
    pub(super) fn exclude(&mut self, paid: &[Lit], trail: usize) -> u32 {
        let start = self.explanations.len() as u32;
        self.explanations.extend(self.reasons.iter().chain(paid).map(|&lit| !lit));
        self.exclusions.push(Exclusion { start, len: self.explanations.len() as u32 - start, trail });
        self.exclusions.len() as u32 - 1
    }

    /// The false literals that exclude.
    pub(super) fn exclusion(&self, index: u32) -> &[Lit] {
        let Exclusion { start, len, .. } = self.exclusions[index as usize];
        &self.explanations[start as usize..(start + len) as usize]
    }

    /// Forgets the exclusions made at or after this trail position.
    pub(super) fn retract(&mut self, start: usize) {
        while let Some(last) = self.exclusions.pop_if(|last| last.trail >= start) {
            self.explanations.truncate(last.start as usize);
        }
    }
}
