//! What one check may spend: steps and memory, both in proportion to the bytes that were read.
//!
//! Entry point: [`Budget`], which a caller hands to every [`crate::Source`] of one check ([`crate::Source::within`]); whoever reads
//! or computes asks the budget of its source. Files name sizes: a folder of 30 kB can describe a network of a million neurons, a
//! proof of 1 MB can add up one long row a million times. So what is not in proportion to the bytes read is counted: with
//! [`Budget::hold`] before it is allocated, with [`Budget::spend`] before it is computed. A check that runs out ends with
//! [`crate::Error::Unfinished`], which says nothing about the claim, and never with a report.
//!
//! There is no clock here: a caller may stop a check for reasons of its own ([`Budget::stopped_by`]).

use crate::limits;
use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

/// Steps between two questions to the caller.
const BETWEEN_QUESTIONS: u64 = 1 << 16;

/// The budget of one check; clones share it.
#[derive(Clone)]
pub struct Budget(Rc<State>);

/// Why a check ends: the words for [`crate::Error::Unfinished`].
#[derive(Debug)]
pub(crate) struct Spent(pub String);

struct State {
    read: Cell<u64>,
    steps: Cell<u64>,
    next_question: Cell<u64>,
    held: Cell<usize>,
    most_held: Cell<usize>,
    stop: Option<Box<dyn Fn() -> Option<String>>>,
}

impl Default for Budget {
    /// That of [`crate::limits`].
    fn default() -> Self {
        Self::new(None)
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Budget {{ read: {}, steps: {}, held: {} }}", self.0.read.get(), self.steps(), self.0.held.get())
    }
}

impl Budget {
    fn new(stop: Option<Box<dyn Fn() -> Option<String>>>) -> Self {
        Self(Rc::new(State {
            read: Cell::new(0),
            steps: Cell::new(0),
            next_question: Cell::new(0),
            held: Cell::new(0),
            most_held: Cell::new(0),
            stop,
        }))
    }

    /// One that ends, too, when `stop` gives a reason; it is asked every 2^16 steps.
    #[must_use]
    pub fn stopped_by(stop: impl Fn() -> Option<String> + 'static) -> Self {
        Self::new(Some(Box::new(stop)))
    }

    /// Steps so far: bytes read, and products and visits of terms that are not in proportion to them.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.0.steps.get()
    }

    /// The most bytes held at once, of those that are counted.
    #[must_use]
    pub fn most_held(&self) -> usize {
        self.0.most_held.get()
    }

    /// Takes note of bytes read from a file.
    pub(crate) fn read(&self, bytes: usize) -> Result<(), Spent> {
        self.0.read.set(self.0.read.get().saturating_add(bytes as u64));
        self.spend(bytes)
    }

    /// Takes note of steps, of at most some ten nanoseconds each.
    pub(crate) fn spend(&self, steps: usize) -> Result<(), Spent> {
        let state = &self.0;
        let spent = state.steps.get().saturating_add(steps as u64);
        state.steps.set(spent);
        if spent < state.next_question.get() {
            return Ok(());
        }
        state.next_question.set(spent.saturating_add(BETWEEN_QUESTIONS));
        if let Some(reason) = state.stop.as_ref().and_then(|stop| stop()) {
            return Err(Spent(reason));
        }
        let allowed = limits::STEPS.saturating_add(limits::STEPS_PER_BYTE.saturating_mul(state.read.get()));
        if spent > allowed {
            return Err(Spent(format!("more than {allowed} steps for {} bytes", state.read.get())));
        }
        Ok(())
    }

    /// Takes note of `count` things of `size` bytes that are about to be allocated.
    pub(crate) fn hold(&self, count: usize, size: usize) -> Result<(), Spent> {
        let state = &self.0;
        let held = state.held.get().saturating_add(count.saturating_mul(size));
        let read = usize::try_from(state.read.get()).unwrap_or(usize::MAX);
        let allowed = limits::HELD.saturating_add(limits::HELD_PER_BYTE.saturating_mul(read)).min(limits::MOST_HELD);
        if held > allowed {
            return Err(Spent(format!(
                "it would take {held} bytes of memory, and {read} bytes read allow for {allowed}"
            )));
        }
        state.held.set(held);
        state.most_held.set(state.most_held.get().max(held));
        Ok(())
    }

    /// Takes note that what [`Self::hold`] counted is gone.
    pub(crate) fn release(&self, count: usize, size: usize) {
        self.0.held.set(self.0.held.get().saturating_sub(count.saturating_mul(size)));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // tests may
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn memory_grows_with_what_was_read() {
        let budget = Budget::default();
        assert!(budget.hold(limits::HELD, 1).is_ok());
        assert!(budget.hold(1, 1).is_err(), "and what was refused is not held");
        budget.read(10).unwrap();
        assert!(budget.hold(10, limits::HELD_PER_BYTE).is_ok());
        assert!(budget.hold(1, 1).is_err());
        budget.release(8, limits::HELD_PER_BYTE);
        assert!(budget.clone().hold(8, limits::HELD_PER_BYTE).is_ok());
        assert_eq!(budget.most_held(), limits::HELD + 10 * limits::HELD_PER_BYTE);
        assert!(budget.hold(usize::MAX, usize::MAX).is_err());
        // However much was read, there is an end.
        let budget = Budget::default();
        budget.0.read.set(u64::MAX);
        assert!(budget.hold(limits::MOST_HELD, 1).is_ok() && budget.hold(1, 1).is_err());
    }

    #[test]
    fn steps_grow_with_what_was_read() {
        let budget = Budget::default();
        let most = usize::try_from(limits::STEPS).unwrap();
        assert!(budget.spend(most).is_ok());
        assert!(budget.spend(most).is_err());
        let budget = Budget::default();
        budget.read(1 << 20).unwrap();
        assert!(budget.spend(most).is_ok() && budget.spend(most).is_ok());
    }

    #[test]
    fn callers_may_stop_a_check() {
        let asked = Rc::new(Cell::new(0));
        let counter = Rc::clone(&asked);
        let budget = Budget::stopped_by(move || {
            counter.set(counter.get() + 1);
            (counter.get() > 2).then(|| "enough".to_owned())
        });
        let steps = (1..).find(|_| budget.spend(1 << 10).is_err()).unwrap();
        assert_eq!((steps, asked.get()), (129, 3));
    }
}
