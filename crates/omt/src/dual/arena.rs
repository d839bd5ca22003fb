//! Values that are added from any thread and stay where they are.
//!
//! Invariant: a number handed out by [`Arena::push`] stands for its value as long as the arena lives. Numbers depend on who comes first;
//! nothing that a run returns may depend on them.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Slots of the first chunk, as a power of two. Chunks double up to the largest size, so that few values take little room and many leave
/// little of it unused.
const FIRST: u32 = 10;
const LARGEST: u32 = 16;

/// Chunks that double, and all of them: a quarter of a billion values.
const DOUBLING: usize = (LARGEST - FIRST) as usize;
const CHUNKS: usize = DOUBLING + (1 << 12);

/// A chunk, made when its first number is handed out.
type Chunk<T> = OnceLock<Box<[OnceLock<T>]>>;

/// Values by number, in chunks that never move.
#[derive(Debug)]
pub(super) struct Arena<T> {
    chunks: Box<[Chunk<T>]>,
    next: AtomicU32,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Self { chunks: (0..CHUNKS).map(|_| OnceLock::new()).collect(), next: AtomicU32::new(0) }
    }
}

/// The chunk of a number and its place there.
fn place(number: u32) -> (usize, usize) {
    let shifted = u64::from(number) + (1 << FIRST);
    if shifted < 1 << LARGEST {
        let chunk = shifted.ilog2();
        return ((chunk - FIRST) as usize, (shifted - (1 << chunk)) as usize);
    }
    let (chunk, slot) = (shifted >> LARGEST, shifted & ((1 << LARGEST) - 1));
    (DOUBLING + chunk as usize - 1, slot as usize)
}

/// Slots of a chunk.
fn slots(chunk: usize) -> usize {
    1 << (FIRST as usize + chunk.min(DOUBLING))
}

impl<T> Arena<T> {
    /// Adds a value and returns its number.
    ///
    /// # Panics
    /// Beyond some 2^28 values.
    pub(super) fn push(&self, value: T) -> u32 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (chunk, slot) = place(number);
        let chunk = self.chunks[chunk].get_or_init(|| (0..slots(chunk)).map(|_| OnceLock::new()).collect());
        let fresh = chunk[slot].set(value).is_ok();
        assert!(fresh, "every number is handed out once");
        number
    }

    /// The value with this number, which [`Self::push`] has handed out.
    pub(super) fn at(&self, number: u32) -> &T {
        let (chunk, slot) = place(number);
        self.chunks[chunk].get().and_then(|chunk| chunk[slot].get()).expect("a number that push has returned")
    }

    /// All values.
    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let chunks = self.chunks.iter_mut().filter_map(|chunk| chunk.get_mut());
        chunks.flat_map(|chunk| chunk.iter_mut().filter_map(|slot| slot.get_mut()))
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

    /// Every number has a place of its own, the next one in its chunk or the first of the next.
    #[test]
    fn chunks_follow_one_another() {
        let (mut chunk, mut slot) = (0, 0);
        for number in 0..1 << 19 {
            assert_eq!(place(number), (chunk, slot), "{number}");
            (chunk, slot) = if slot + 1 == slots(chunk) { (chunk + 1, 0) } else { (chunk, slot + 1) };
        }
        assert!(place((1 << 28) - 1).0 < CHUNKS);
        let mut arena = Arena::default();
        (0..3000).for_each(|value| assert_eq!(arena.push(value), value));
        assert!(arena.values_mut().map(|value| *value).eq(0..3000));
    }
}
