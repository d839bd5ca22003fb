//! Wishes to stop, and work that asks for them often enough and not more.
//!
//! Invariant: an answer "stop" is final, so a loop that was told to stop may leave things half done.

/// True asks a piece of work to end with what it has. Once true it stays so.
pub type Stop<'a> = dyn Fn() -> bool + Sync + 'a;

/// A [`Stop`] that never comes.
#[must_use]
pub fn never() -> bool {
    false
}

/// Multiplications between two questions: a millisecond or so.
const ASK: usize = 1 << 20;

/// Counts work and asks from time to time.
pub struct Pace<'s> {
    stop: &'s mut dyn FnMut() -> bool,
    work: usize,
    over: bool,
}

impl<'s> Pace<'s> {
    /// Work that ends once `stop` says so.
    pub fn new(stop: &'s mut dyn FnMut() -> bool) -> Self {
        Self { stop, work: 0, over: false }
    }

    /// Counts so many multiplications of floats; whether to stop.
    pub fn spend(&mut self, work: usize) -> bool {
        self.work = self.work.saturating_add(work);
        if self.work >= ASK {
            self.work = 0;
            self.over |= (self.stop)();
        }
        self.over
    }

    /// Whether an answer was to stop.
    #[must_use]
    pub fn over(&self) -> bool {
        self.over
    }
}

/// A budget that exact methods draw on between pivots: deterministic work, and a wish to stop.
pub struct Effort<'a> {
    /// What is left, in products of 64-bit words (some nanoseconds each). `u64::MAX` does not run out.
    pub words: u64,
    /// True gives up at once: a limit of time, or an interrupt.
    pub stop: &'a dyn Fn() -> bool,
}

impl Effort<'_> {
    /// As much as it takes.
    #[must_use]
    pub const fn unlimited() -> Self {
        Self { words: u64::MAX, stop: &|| false }
    }

    /// Pays for work about to be done; false if it is not to be done.
    pub fn spend(&mut self, words: u64) -> bool {
        if self.words != u64::MAX {
            let Some(left) = self.words.checked_sub(words) else { return false };
            self.words = left;
        }
        !(self.stop)()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_asks_now_and_then_and_remembers() {
        let mut asked = 0;
        let mut stop = || {
            asked += 1;
            true
        };
        let mut pace = Pace::new(&mut stop);
        assert!(!pace.spend(ASK - 1) && !pace.over());
        assert!(pace.spend(1) && pace.spend(0) && pace.over());
        assert_eq!(asked, 1);
    }

    #[test]
    fn an_effort_runs_out_once() {
        let mut effort = Effort { words: 5, stop: &|| false };
        assert!(effort.spend(3) && !effort.spend(3) && effort.spend(2));
        assert!(Effort::unlimited().spend(u64::MAX));
        assert!(!Effort { words: u64::MAX, stop: &|| true }.spend(1));
    }
}
