//! What a run may still use: one object that all its loops ask.
//!
//! An engine makes a [`Budget`] of its limits and its observer when it begins. Whatever may take longer than some
//! milliseconds gets [`Budget::stop`] as a [`Stop`] and asks it; only the engine itself asks why ([`Budget::ended`]). Threads
//! share it; the MILP engine makes one of its own of what is left (`milp::Budget`, which also counts work).
//!
//! Invariant: an answer "stop" is final. So a loop that was told to stop may leave things half done: nobody goes on from
//! there.

use crate::{Limits, Progress, Status};
use ::budget::Instant;
pub use ::budget::{Stop, never};
use budget::MemoryLimit;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Clock, interrupt and memory of one run.
pub struct Budget<'a> {
    limits: &'a Limits,
    progress: &'a dyn Progress,
    began: Instant,
    /// Seconds that the end of the run takes, as bits; they belong to the limit.
    kept: AtomicU64,
    memory: MemoryLimit,
    over: AtomicBool,
}

impl std::fmt::Debug for Budget<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Budget").field("limits", &self.limits).field("over", &self.over).finish_non_exhaustive()
    }
}

impl<'a> Budget<'a> {
    /// The budget of a run that begins now.
    #[must_use]
    pub fn new(limits: &'a Limits, progress: &'a dyn Progress) -> Self {
        Self {
            limits,
            progress,
            began: Instant::now(),
            kept: AtomicU64::new(0),
            memory: MemoryLimit::gigabytes(limits.memory),
            over: AtomicBool::new(false),
        }
    }

    /// Seconds since the run began.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Seconds left, 0 or more; infinite without a limit.
    #[must_use]
    pub fn left(&self) -> f64 {
        (self.limits.time - f64::from_bits(self.kept.load(Ordering::Relaxed)) - self.seconds()).max(0.0)
    }

    /// Bytes that the run may still take, by its limit and by what the machine has; `None` where there is no telling.
    #[must_use]
    pub fn room(&self) -> Option<u64> {
        self.memory.room()
    }

    /// What follows the search, such as an exact forward pass, takes `seconds`: they are kept back from a limit of time.
    /// The largest wish counts.
    pub fn keep(&self, seconds: f64) {
        // The bits of floats that are not negative are ordered as they are.
        self.kept.fetch_max(seconds.max(0.0).to_bits(), Ordering::Relaxed);
    }

    /// Whether to end.
    #[must_use]
    pub fn stop(&self) -> bool {
        self.over.load(Ordering::Relaxed) || self.ended().is_some()
    }

    /// Why to end, if so.
    #[must_use]
    pub fn ended(&self) -> Option<Status> {
        let ended = if self.progress.should_stop() {
            Status::Interrupted
        } else if self.limits.time.is_finite() && self.left() <= 0.0 {
            Status::TimeLimit
        } else if self.memory.exceeded() {
            Status::MemoryLimit
        } else {
            return None;
        };
        self.over.store(true, Ordering::Relaxed);
        Some(ended)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Silent;

    struct Flag(AtomicBool);

    impl Progress for Flag {
        fn should_stop(&self) -> bool {
            self.0.load(Ordering::Relaxed)
        }
    }

    #[test]
    fn what_the_end_takes_belongs_to_the_limit() {
        let limits = Limits { time: 1000.0, ..Limits::default() };
        let budget = Budget::new(&limits, &Silent);
        budget.keep(200.0);
        budget.keep(100.0);
        assert!((799.0..=800.0).contains(&budget.left()));
        assert!(!budget.stop());
        budget.keep(1000.0);
        assert!(budget.stop());
        assert_eq!(budget.ended(), Some(Status::TimeLimit));
    }

    #[test]
    fn stop_is_final() {
        let flag = Flag(AtomicBool::new(true));
        let limits = Limits::default();
        let budget = Budget::new(&limits, &flag);
        assert_eq!(budget.ended(), Some(Status::Interrupted));
        flag.0.store(false, Ordering::Relaxed);
        assert!(budget.stop());
    }

    #[test]
    fn without_limits_there_is_no_end() {
        let limits = Limits::default();
        let budget = Budget::new(&limits, &Silent);
        budget.keep(1e9);
        assert!(!budget.stop() && budget.left().is_infinite());
        assert!(Budget::new(&Limits { time: 0.0, ..limits.clone() }, &Silent).stop());
    }
}
