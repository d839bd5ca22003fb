//! When a look-ahead is likely to pay, by what came of those before.

use crate::Parameters;
use serde::{Deserialize, Serialize};

/// When to look ahead: where the gap is within what look-aheads reach, as long as they pay.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Schedule {
    parameters: Parameters,
    /// Moving averages of the charges of a look-ahead and of their squares.
    mean: f64,
    square: f64,
    /// Moving average of successes.
    success: f64,
    /// How many deviations above the mean a gap may be.
    reach: f64,
    /// Moving average of the work of a look-ahead, and all of it.
    work: f64,
    pub(super) spent: u64,
    nodes: u64,
    calls: u64,
    /// Node from which on one is looked at that the gap speaks against, and how far apart these trials are, now and at least.
    due: u64,
    wait: u64,
    least: u64,
}

/// Limits of reach, in deviations: almost all look-aheads prove as much as the first, almost none as much as the second.
const REACH: (f64, f64) = (-2.0, 3.0);
/// Largest distance of trials in nodes: twice as far apart after each, until look-aheads pay. The range of the least distance ends here.
const LONGEST_WAIT: u64 = 1 << 16;

impl Schedule {
    pub(super) fn new(parameters: &Parameters) -> Self {
        Self {
            parameters: *parameters,
            mean: 0.0,
            square: 0.0,
            success: parameters.look_ahead_poor,
            reach: 0.0,
            work: 0.0,
            spent: 0,
            nodes: 0,
            calls: 0,
            due: 0,
            wait: parameters.look_ahead_wait,
            least: parameters.look_ahead_wait,
        }
    }

    /// Whether to look at a node with this gap. `conflict` is the work of a conflict without looking ahead.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn wants(&mut self, gap: u64, conflict: f64) -> bool {
        self.nodes += 1;
        let pays = self.work <= self.parameters.look_ahead_worth * conflict * self.success;
        let deviation = (self.square - self.mean * self.mean).max(0.0).sqrt();
        if pays && (gap as f64) < self.mean + self.reach * deviation {
            self.wait = self.least;
            return true;
        }
        let due = self.nodes >= self.due;
        if due {
            self.due = self.nodes + self.wait;
            self.wait = (2 * self.wait).min(LONGEST_WAIT);
        }
        due
    }

    /// Takes note of what a look-ahead charged, of its work and whether it closed its node.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn record(&mut self, charged: u64, work: u64, success: bool) {
        self.calls += 1;
        self.spent += work;
        let rate = self.parameters.look_ahead_weight.max(1.0 / self.calls as f64);
        let charged = charged as f64;
        self.mean += rate * (charged - self.mean);
        self.square += rate * (charged * charged - self.square);
        self.work += rate * (work as f64 - self.work);
        self.success += rate * (f64::from(u8::from(success)) - self.success);
        if self.success < self.parameters.look_ahead_poor {
            self.reach = (self.reach - self.parameters.look_ahead_step).max(REACH.0);
        } else if self.success > self.parameters.look_ahead_rich {
            self.reach = (self.reach + self.parameters.look_ahead_step).min(REACH.1);
        }
    }

    /// Wants every node.
    #[cfg(test)]
    pub(super) fn always(&mut self) {
        self.least = 0;
        self.wait = 0;
    }
}
