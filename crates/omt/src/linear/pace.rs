//! Work that asks whether to stop, often enough and not more.

/// Multiplications between two questions: a millisecond or so.
const ASK: usize = 1 << 20;

/// Counts work and asks from time to time.
pub(crate) struct Pace<'s> {
    stop: &'s mut dyn FnMut() -> bool,
    work: usize,
    over: bool,
}

impl<'s> Pace<'s> {
    pub(crate) fn new(stop: &'s mut dyn FnMut() -> bool) -> Self {
        Self { stop, work: 0, over: false }
    }

    /// Counts so many multiplications; whether to stop.
    pub(super) fn spend(&mut self, work: usize) -> bool {
        self.work = self.work.saturating_add(work);
        if self.work >= ASK {
            self.work = 0;
            self.over |= (self.stop)();
        }
        self.over
    }

    /// Whether an answer was to stop.
    pub(super) fn over(&self) -> bool {
        self.over
    }
}
