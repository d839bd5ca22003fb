//! Threads of a run.

use std::num::NonZero;
use std::thread::available_parallelism;

/// Threads for each core, at most.
const MOST_PER_CORE: usize = 4;

/// As many threads as were asked for (0: all cores), but at most four for each core: results do not depend on how many there are, and
/// thousands of them have nothing to do but to wait for one another.
///
/// ```
/// assert_eq!(budget::useful_threads(0), 0);
/// assert_eq!(budget::useful_threads(2), 2);
/// assert!(budget::useful_threads(1_000_000) < 1_000_000);
/// ```
#[must_use]
pub fn useful_threads(wanted: usize) -> usize {
    wanted.min(MOST_PER_CORE.saturating_mul(available_parallelism().map_or(1, NonZero::get)))
}
