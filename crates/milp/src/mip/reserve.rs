//! What a certified run keeps back of its limit of time: the limit is for all of it, the closing of what is open and the writing
//! included.
//!
//! A node that is open in the end takes a relaxation and a derivation once more, about what a node of the search has taken; what there is
//! to write is known by the journal. So the search ends when no more than that is left ([`search_end`]). What cannot be closed until
//! [`closing_end`] has the bound of the root.

use ::budget::Instant;
use std::time::Duration;

use crate::tolerances::{LEAST_CLOSING, MOST_CLOSING_SHARE, ROOT_CLOSING_SHARE};
use crate::{Options, Status};

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Progress {
    /// Seconds since the search began, after the root, which takes longer than any other node.
    pub seconds: f64,
    /// Nodes processed.
    pub nodes: u64,
    /// Nodes open.
    pub open: usize,
    /// Seconds that writing will take.
    pub writing: f64,
}

/// The end of a search that began at `start`; `None` without a limit of time.
pub(super) fn search_end(start: Instant, options: &Options, progress: Progress) -> Option<Instant> {
    let limit = Duration::try_from_secs_f64(options.time_limit).ok()?.as_secs_f64();
    let closing = if progress.nodes == 0 {
        ROOT_CLOSING_SHARE * limit
    } else {
        progress.seconds / progress.nodes as f64 * (progress.open + 1) as f64
    };
    let kept = (closing + progress.writing).min(MOST_CLOSING_SHARE * limit);
    start.checked_add(Duration::from_secs_f64(limit - kept))
}

/// When a run that ended like this stops bounding what is open, so that `writing` seconds are left; some time there is in any case.
/// After an interrupt there is no more, and none where writing the lines of the tree would take longer: somebody waits.
pub(super) fn closing_end(status: Status, start: Instant, options: &Options, writing: f64) -> Option<Instant> {
    let now = Instant::now();
    let least = now.checked_add(LEAST_CLOSING)?;
    if status == Status::Interrupted {
        return Some(if writing <= LEAST_CLOSING.as_secs_f64() { least } else { now });
    }
    let limit = Duration::try_from_secs_f64(options.time_limit).ok()?;
    let end = start.checked_add(limit.saturating_sub(Duration::try_from_secs_f64(writing).unwrap_or(limit)))?;
    Some(end.max(least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_for_all_of_it() {
        let start = Instant::now().checked_sub(Duration::from_secs(10)).expect("the machine runs for longer");
        let options = Options { time_limit: 100.0, ..Options::default() };
        let seconds = |end: Option<Instant>| (end.expect("a limit") - start).as_secs_f64();
        let search = |progress| seconds(search_end(start, &options, progress));
        assert_eq!(search(Progress::default()), 100.0 - 100.0 * ROOT_CLOSING_SHARE);
        // A tenth of a second a node, and 50 of them: 5.1 s, and 3 to write.
        let some = search(Progress { seconds: 10.0, nodes: 100, open: 50, writing: 3.0 });
        assert!((some - 91.9).abs() < 1e-6, "{some}");
        let many = search(Progress { seconds: 10.0, nodes: 100, open: 100_000, writing: 3.0 });
        assert_eq!(many, 100.0 - 100.0 * MOST_CLOSING_SHARE);
        assert_eq!(seconds(closing_end(Status::TimeLimit, start, &options, 3.0)), 97.0);
        let late = seconds(closing_end(Status::TimeLimit, start, &Options { time_limit: 1.0, ..options.clone() }, 0.0));
        assert!((late - 10.0 - LEAST_CLOSING.as_secs_f64()).abs() < 0.2, "{late}");
        let heard = |writing| seconds(closing_end(Status::Interrupted, start, &options, writing));
        let (short, long) = (heard(0.01), heard(3.0));
        assert!((short - 10.0 - LEAST_CLOSING.as_secs_f64()).abs() < 0.2, "{short}");
        assert!(long < short, "{long}");
        let unlimited = Options::default();
        assert_eq!(search_end(start, &unlimited, Progress::default()), None);
        assert_eq!(closing_end(Status::NodeLimit, start, &unlimited, 3.0), None);
    }
}
