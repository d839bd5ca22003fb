//! When to start again from level 0, and when to forget: moving averages of glue, and growing intervals.

use crate::Parameters;
use serde::{Deserialize, Serialize};

/// Moving averages of glue that trigger restarts (reference 2 of the module).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Restarts {
    parameters: Parameters,
    fast: f64,
    slow: f64,
    learned: u64,
    last: u64,
    next_reduction: u64,
    reductions: u64,
}

impl Restarts {
    pub(super) fn new(parameters: &Parameters) -> Self {
        Self { parameters: *parameters, fast: 0.0, slow: 0.0, learned: 0, last: 0, next_reduction: 0, reductions: 0 }
    }

    /// A clause of this glue was learned.
    pub(super) fn learned(&mut self, glue: u32) {
        self.learned += 1;
        let glue = f64::from(glue);
        // Averages with their start-up bias taken out.
        #[allow(clippy::cast_precision_loss)]
        let rate = |alpha: f64| alpha.max(1.0 / self.learned as f64);
        self.fast += rate(self.parameters.glue_fast) * (glue - self.fast);
        self.slow += rate(self.parameters.glue_slow) * (glue - self.slow);
    }

    /// Whether a restart is due after so many conflicts.
    pub(super) fn due(&self, conflicts: u64) -> bool {
        let Parameters { restart_interval, restart_margin, .. } = self.parameters;
        conflicts >= self.last + restart_interval && self.fast > restart_margin * self.slow
    }

    /// A restart happens.
    pub(super) fn restarted(&mut self, conflicts: u64) {
        self.last = conflicts;
    }

    /// Whether to forget clauses after so many conflicts; then the next time is later.
    pub(super) fn reduction_due(&mut self, conflicts: u64) -> bool {
        let due = conflicts >= self.next_reduction + self.parameters.reduce_first;
        if due {
            self.reductions += 1;
            self.next_reduction = conflicts + self.parameters.reduce_growth * self.reductions;
        }
        due
    }
}
