//! Rows of bits, one bit a point.

use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A row of `len` bits in words of 64; unused bits of the last word are 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// All zeros.
    pub(super) fn zeros(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    /// Whether bit `i` is set.
    pub(super) fn get(&self, i: usize) -> bool {
        self.words[i / 64] >> (i % 64) & 1 == 1
    }

    /// Sets every bit by a rule.
    pub(super) fn fill(&mut self, rule: impl Fn(usize) -> bool) {
        self.fill_within(0..self.len, rule);
    }

    /// Sets the bits of a range, which begins with a word and ends with one or with the row, by a rule.
    pub(super) fn fill_within(&mut self, range: Range<usize>, rule: impl Fn(usize) -> bool) {
        for (at, word) in self.words[range.start / 64..range.end.div_ceil(64)].iter_mut().enumerate() {
            let from = range.start + 64 * at;
            let to = (from + 64).min(range.end);
            *word = (from..to).fold(0, |bits, i| bits | u64::from(rule(i)) << (i - from));
        }
    }

    /// Moves to `new` and leaves what changed in it.
    pub(super) fn exchange(&mut self, new: &mut Self) {
        for (old, new) in self.words.iter_mut().zip(&mut new.words) {
            let changed = *old ^ *new;
            *old = *new;
            *new = changed;
        }
    }

    /// The set bits in ascending order.
    pub(super) fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let i = rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    64 * at + i
                })
            })
        })
    }

    /// Whether none is set.
    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// How many are set here or in `other`, but not in both.
    pub(super) fn distance(&self, other: &Self) -> u32 {
        self.words.iter().zip(&other.words).map(|(a, b)| (a ^ b).count_ones()).sum()
    }
}
