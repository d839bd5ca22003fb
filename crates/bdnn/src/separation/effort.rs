//! How much exact arithmetic a question may take.

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
    pub(crate) fn spend(&mut self, words: u64) -> bool {
        if self.words != u64::MAX {
            let Some(left) = self.words.checked_sub(words) else { return false };
            self.words = left;
        }
        !(self.stop)()
    }
}
