//! What a run may spend: the one thing that every loop asks.
//!
//! Entry points: [`Budget::spend`] counts work and now and then looks at the clock, the caller's wish to stop and the
//! memory; [`Budget::ask`] looks at once. A unit of work is an entry of a row, column or factor visited: one to some ten
//! nanoseconds. A loop that can take ten milliseconds spends what it does, and when told that the budget is over it ends
//! with what it has: a propagation with fewer bounds, a factorisation or an exact solve without a result.
//!
//! Invariant: what is over stays over until `Budget::renew`, and the first reason is kept, so that a loop inside a loop
//! inside a loop ends them all. Nothing is decided by the clock but when to end: under limits in nodes the result is the same on every machine.

use ::budget::Instant;
use std::cell::Cell;
use std::time::Duration;

use crate::{MemoryLimit, Options, Status};

/// Units of work between two looks at the clock: a tenth of a millisecond or so.
const WORK_BETWEEN_ASKS: usize = 1 << 15;

/// The limits of one run, see the module.
pub struct Budget<'a> {
    deadline: Cell<Option<Instant>>,
    memory: Option<&'a MemoryLimit>,
    stop: Option<&'a dyn Fn() -> bool>,
    /// Whether the callback has been heard and is not asked again.
    heard: Cell<bool>,
    /// Work until the last look, and since then; and all that there may be.
    asked: Cell<u64>,
    unasked: Cell<usize>,
    most_work: u64,
    over: Cell<Option<Status>>,
    /// Bytes that others of the same run hold.
    held_elsewhere: Cell<usize>,
}

impl Default for Budget<'_> {
    /// Without limits.
    fn default() -> Self {
        Self {
            deadline: Cell::new(None),
            memory: None,
            stop: None,
            heard: Cell::new(false),
            asked: Cell::new(0),
            unasked: Cell::new(0),
            most_work: u64::MAX,
            over: Cell::new(None),
            held_elsewhere: Cell::new(0),
        }
    }
}

impl std::fmt::Debug for Budget<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Budget").field("deadline", &self.deadline).field("over", &self.over).finish_non_exhaustive()
    }
}

impl<'a> Budget<'a> {
    /// The time limit of `options`, counted from `start`.
    #[must_use]
    pub fn of_options(options: &Options, start: Instant) -> Self {
        Self::default().until(deadline(start, options.time_limit))
    }

    /// With another end (`None` for no end in time).
    #[must_use]
    pub fn until(self, deadline: Option<Instant>) -> Self {
        Self { deadline: Cell::new(deadline), ..self }
    }

    /// With a callback; true ends the run with [`Status::Interrupted`].
    #[must_use]
    pub fn stopped_by(self, stop: &'a dyn Fn() -> bool) -> Self {
        Self { stop: Some(stop), ..self }
    }

    /// With a limit on memory.
    #[must_use]
    pub fn within(self, memory: &'a MemoryLimit) -> Self {
        Self { memory: Some(memory), ..self }
    }

    /// With a limit on work, which is the same on every machine; beyond it the run ends with [`Status::NodeLimit`].
    #[must_use]
    pub fn of_work(self, most_work: u64) -> Self {
        Self { most_work, ..self }
    }

    /// Gives time to what has to be done after the end, until `deadline`. Memory that is used up stays so, and whoever
    /// stopped the run is not asked a second time.
    pub(crate) fn renew(&self, deadline: Option<Instant>) {
        self.heard.set(self.heard.get() || self.over.get() == Some(Status::Interrupted));
        self.deadline.set(deadline);
        self.over.set(None);
    }

    /// Moves the end of time, as long as it has not come.
    pub(crate) fn end_at(&self, deadline: Option<Instant>) {
        self.deadline.set(deadline);
    }

    /// What the structures that grow with the run take, by the caller's own reckoning, for systems that do not tell.
    pub(crate) fn count_memory(&self, bytes: usize) {
        if let Some(memory) = self.memory {
            memory.count(self.all_held(bytes) as u64);
        }
    }

    /// What others hold beside whoever counts from here on.
    pub(crate) fn hold_elsewhere(&self, bytes: usize) {
        self.held_elsewhere.set(bytes);
    }

    /// These bytes and those that others hold.
    pub(crate) fn all_held(&self, bytes: usize) -> usize {
        bytes.saturating_add(self.held_elsewhere.get())
    }

    /// Seconds until the end of time, infinity without one.
    pub(crate) fn seconds_left(&self) -> f64 {
        let left = |end: Instant| end.saturating_duration_since(Instant::now()).as_secs_f64();
        self.deadline.get().map_or(f64::INFINITY, left)
    }

    /// Counts `work` and says whether the budget is over; the limits themselves are looked at now and then.
    #[inline]
    pub fn spend(&self, work: usize) -> bool {
        let unasked = self.unasked.get().saturating_add(work);
        self.unasked.set(unasked);
        if unasked < WORK_BETWEEN_ASKS {
            return self.over.get().is_some();
        }
        self.ask().is_some()
    }

    /// All work counted so far, the same on every machine as long as the budget is not over.
    pub(crate) fn work(&self) -> u64 {
        self.asked.get().saturating_add(self.unasked.get() as u64)
    }

    /// Counts on from here.
    pub(crate) fn count_from(&self, work: u64) {
        self.asked.set(work);
        self.unasked.set(0);
    }

    /// The end of time and the limit on memory, for the budgets of other threads.
    pub(crate) fn limits(&self) -> (Option<Instant>, Option<&'a MemoryLimit>) {
        (self.deadline.get(), self.memory)
    }

    /// Looks at all limits now; the one that is exceeded (or was before).
    pub fn ask(&self) -> Option<Status> {
        self.asked.set(self.work());
        self.unasked.set(0);
        if self.over.get().is_none() {
            self.over.set(self.exceeded());
        }
        self.over.get()
    }

    /// The limit that ended the run, as far as anybody has asked.
    #[must_use]
    pub fn over(&self) -> Option<Status> {
        self.over.get()
    }

    fn exceeded(&self) -> Option<Status> {
        if !self.heard.get() && self.stop.is_some_and(|stop| stop()) {
            return Some(Status::Interrupted);
        }
        if self.deadline.get().is_some_and(|deadline| Instant::now() >= deadline) {
            return Some(Status::TimeLimit);
        }
        if self.work() >= self.most_work {
            return Some(Status::NodeLimit);
        }
        self.memory.is_some_and(MemoryLimit::exceeded).then_some(Status::MemoryLimit)
    }
}

/// The end of a time limit in seconds from `start`; `None` if it is infinite or beyond what clocks can tell. What is not
/// above zero ends at once.
pub(crate) fn deadline(start: Instant, seconds: f64) -> Option<Instant> {
    let limit = Duration::try_from_secs_f64(seconds.max(0.0)).ok()?;
    start.checked_add(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_looked_at_once_in_a_while() {
        let asked = Cell::new(0);
        let stop = || {
            asked.set(asked.get() + 1);
            asked.get() > 2
        };
        let budget = Budget::default().stopped_by(&stop);
        let spent = (1..).find(|_| budget.spend(WORK_BETWEEN_ASKS / 4)).expect("it ends");
        assert_eq!((spent, asked.get()), (12, 3));
        assert!(budget.spend(0) && budget.over() == Some(Status::Interrupted));
        assert_eq!((budget.ask(), asked.get()), (Some(Status::Interrupted), 3), "nobody is asked again");
    }

    #[test]
    fn work_has_an_end() {
        let budget = Budget::default().of_work(2 * WORK_BETWEEN_ASKS as u64);
        let spent = (1..).find(|_| budget.spend(WORK_BETWEEN_ASKS / 2)).expect("it ends");
        assert_eq!((spent, budget.over()), (4, Some(Status::NodeLimit)));
    }

    #[test]
    fn the_first_reason_is_kept() {
        let start = Instant::now();
        let memory = MemoryLimit::gigabytes(0.0);
        memory.count(1);
        let budget = Budget::of_options(&Options { time_limit: 0.0, ..Options::default() }, start).within(&memory);
        assert_eq!(budget.over(), None);
        assert_eq!(budget.ask(), Some(Status::TimeLimit));
        assert_eq!(Budget::default().within(&memory).ask(), Some(Status::MemoryLimit));
        assert_eq!(Budget::default().ask(), None);
    }

    #[test]
    fn what_others_hold_counts() {
        let budget = Budget::default();
        assert_eq!(budget.all_held(5), 5);
        budget.hold_elsewhere(7);
        assert_eq!((budget.all_held(5), budget.all_held(usize::MAX)), (12, usize::MAX));
    }

    #[test]
    fn renewing() {
        let start = Instant::now();
        let asked = Cell::new(0);
        let stop = || {
            asked.set(asked.get() + 1);
            true
        };
        let budget = Budget::default().stopped_by(&stop);
        assert_eq!(budget.ask(), Some(Status::Interrupted));
        budget.renew(None);
        assert_eq!((budget.ask(), asked.get()), (None, 1));
        budget.renew(Some(start));
        assert_eq!(budget.ask(), Some(Status::TimeLimit));
        let late = Budget::default().stopped_by(&stop).until(Some(start));
        late.over.set(Some(Status::TimeLimit));
        late.renew(None);
        assert_eq!((late.ask(), asked.get()), (Some(Status::Interrupted), 2), "an interrupt after a time limit");
    }

    #[test]
    fn ends_of_time() {
        let start = Instant::now();
        assert_eq!(deadline(start, 0.0), Some(start));
        assert_eq!(deadline(start, f64::INFINITY), None);
        assert_eq!(deadline(start, 1e300), None);
        assert_eq!(deadline(start, 2.0), Some(start + Duration::from_secs(2)));
    }
}
