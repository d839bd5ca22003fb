//! Work on many points: in chunks of one size, on as many threads as there are, with results in the order of the points.
//!
//! Chunks do not depend on the number of threads, so neither does what is made of their results.

use rayon::prelude::*;
use std::ops::Range;

/// Points of a chunk.
pub(crate) const CHUNK: usize = 2048;

/// Rows between two questions whether to go on, where each costs so many products: a millisecond or so in all.
pub(crate) fn rows_at_once(products: usize) -> usize {
    ((1 << 18) / products.max(1)).clamp(1, 1 << 12)
}

/// `work` on the ranges of `0..len`. A single chunk is done here and now.
pub(crate) fn in_chunks<T: Send>(len: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let range = |chunk: usize| chunk * CHUNK..((chunk + 1) * CHUNK).min(len);
    let chunks = len.div_ceil(CHUNK);
    if chunks <= 1 {
        (0..chunks).map(|chunk| work(range(chunk))).collect()
    } else {
        (0..chunks).into_par_iter().map(|chunk| work(range(chunk))).collect()
    }
}
