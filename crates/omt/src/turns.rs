//! When a companion ([`bdnn::Companion`]) has its turns beside a search: by the work of both, so that nothing depends on a clock.

use crate::parameters::TurnParameters;
use bdnn::Turn;
use serde::{Deserialize, Serialize};

/// When the companion has its turn.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Turns {
    parameters: TurnParameters,
    /// The work of the search at which the next one is due.
    due: u64,
    /// Work until then, in quarters of a turn.
    stretch: u64,
    /// Nothing is left for it to do.
    over: bool,
}

impl Turns {
    /// `last` is what an earlier turn took.
    pub(crate) fn new(last: u64, parameters: TurnParameters) -> Self {
        let stretch = parameters.first;
        Self { parameters, due: last.saturating_mul(stretch) / 4, stretch, over: false }
    }

    /// Whether one is due when the search has done so much.
    pub(crate) fn due(&self, work: u64) -> bool {
        work >= self.due && !self.over
    }

    /// Counts a turn that ended when the search had done so much.
    pub(crate) fn count(&mut self, turn: &Turn, work: u64) {
        let TurnParameters { shortest, longest, .. } = self.parameters;
        self.over = turn.work == 0;
        self.stretch = if turn.found.is_some() { shortest } else { self.stretch.saturating_mul(2).min(longest) };
        // At least something, so that the search goes on between turns.
        self.due = work.saturating_add((turn.work.saturating_mul(self.stretch) / 4).max(1));
    }
}
