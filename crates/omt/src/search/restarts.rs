//! When to start again from level 0, and when to forget: moving averages of glue, and growing intervals.

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
    /// A clause of this glue was learned.
    pub(super) fn learned(&mut self, glue: u32) {
        self.learned += 1;
        let glue = f64::from(glue);
        // Averages with their start-up bias taken out.
        #[allow(clippy::cast_precision_loss)]
        let rate = |alpha: f64| alpha.max(1.0 / self.learned as f64);
        self.fast += rate(FAST) * (glue - self.fast);
        self.slow += rate(SLOW) * (glue - self.slow);
    }

    /// Whether a restart is due after so many conflicts.
    pub(super) fn due(&self, conflicts: u64) -> bool {
        conflicts >= self.last + RESTART_INTERVAL && self.fast > RESTART_MARGIN * self.slow
    }

    /// A restart happens.
    pub(super) fn restarted(&mut self, conflicts: u64) {
        self.last = conflicts;
    }

    /// Whether to forget clauses after so many conflicts; then the next time is later.
    pub(super) fn reduction_due(&mut self, conflicts: u64) -> bool {
        let due = conflicts >= self.next_reduction + REDUCE_FIRST;
        if due {
            self.reductions += 1;
            self.next_reduction = conflicts + REDUCE_GROWTH * self.reductions;
        }
        due
    }
}
