//! Values that are added from any thread and stay where they are.
//!
//! Invariant: a number handed out by [`Arena::push`] stands for its value as long as the arena lives. Numbers depend on who comes first;
//! nothing that a run returns may depend on them.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Slots of the first chunk, as a power of two; each chunk has twice as many as the one before.
const FIRST: u32 = 10;

/// Values by number, in chunks that never move.
#[derive(Debug)]
pub(super) struct Arena<T> {
    chunks: [OnceLock<Box<[OnceLock<T>]>>; (u32::BITS - FIRST) as usize],
    next: AtomicU32,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { chunks: std::array::from_fn(|_| OnceLock::new()), next: AtomicU32::new(0) }
    }
}

/// The chunk of a number and its place there.
fn place(number: u32) -> (usize, usize) {
    let shifted = u64::from(number) + (1 << FIRST);
    let chunk = shifted.ilog2();
    ((chunk - FIRST) as usize, (shifted - (1 << chunk)) as usize)
}

impl<T> Arena<T> {
    /// Adds a value and returns its number.
    ///
    /// # Panics
    /// Beyond 2^32 - 2^10 values.
    pub(super) fn push(&self, value: T) -> u32 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (chunk, slot) = place(number);
        let chunk = self.chunks[chunk]
            .get_or_init(|| (0..1_usize << (FIRST as usize + chunk)).map(|_| OnceLock::new()).collect());
        let fresh = chunk[slot].set(value).is_ok();
        assert!(fresh, "every number is handed out once");
        number
    }

    /// The value with this number, which [`Self::push`] has handed out.
    pub(super) fn at(&self, number: u32) -> &T {
        let (chunk, slot) = place(number);
        self.chunks[chunk].get().and_then(|chunk| chunk[slot].get()).expect("a number that push has returned")
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.next.load(Ordering::Relaxed) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn values_are_found_again_from_every_thread() {
        let arena = Arena::default();
        let numbers: Vec<(u32, usize)> = (0..20_000_usize).into_par_iter().map(|v| (arena.push(v), v)).collect();
        assert!(numbers.iter().all(|&(number, value)| *arena.at(number) == value));
        assert_eq!(arena.len(), 20_000);
    }

    #[test]
    fn chunks_follow_one_another() {
        assert_eq!(
            [place(0), place(1023), place(1024), place(3071), place(3072)],
            [(0, 0), (0, 1023), (1, 0), (1, 2047), (2, 0)]
        );
        assert_eq!(place(u32::MAX - 1024).0, (u32::BITS - FIRST) as usize - 1);
    }
}
