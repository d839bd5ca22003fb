//! When a companion ([`bdnn::Companion`]) has its turns beside a search: by the work of both, so that nothing depends on a clock.

use bdnn::Turn;
use serde::{Deserialize, Serialize};

/// Work between two turns of a companion, in quarters of the last one's: first, after one that found something, and at most; it
/// doubles with each turn in vain.
const FIRST_STRETCH: u64 = 16;
const SHORTEST_STRETCH: u64 = 1;
const LONGEST_STRETCH: u64 = 256;

/// When the companion has its turn.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Turns {
    /// The work of the search at which the next one is due.
    due: u64,
    /// Work until then, in quarters of a turn.
    stretch: u64,
    /// Work of the last turn.
    last: u64,
    /// Nothing is left for it to do.
    over: bool,
}

impl Turns {
    /// `last` is what an earlier turn took.
    pub(crate) fn new(last: u64) -> Self {
        Self { due: last.saturating_mul(FIRST_STRETCH) / 4, stretch: FIRST_STRETCH, last, over: false }
    }

    /// Whether one is due when the search has done so much.
    pub(crate) fn due(&self, work: u64) -> bool {
        work >= self.due && !self.over
    }

    /// Counts a turn that ended when the search had done so much.
    pub(crate) fn count(&mut self, turn: &Turn, work: u64) {
        self.over = turn.work == 0;
        self.last = turn.work;
        self.stretch = if turn.found.is_some() { SHORTEST_STRETCH } else { (2 * self.stretch).min(LONGEST_STRETCH) };
        self.due = work.saturating_add(self.last.saturating_mul(self.stretch) / 4);
    }
}
