//! How bounds, open nodes and measures change over a run, thinned to what a table and a picture can show.

use crate::record::{Bound, Estimates, Incumbent, Line, Measures, Record};
use budget::observe::Ending;

/// Rows of a course at most.
const MOST: usize = 400;
/// Bounds and solutions that are kept for certain, of each the last.
const KEPT: usize = 60;

/// What is known at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moment {
    /// Wall seconds.
    pub seconds: f64,
    /// Work.
    pub work: u64,
    /// The proven bound.
    pub bound: Option<f64>,
    /// The best objective.
    pub best: Option<f64>,
    /// Nodes that have ended.
    pub ended: u64,
    /// Nodes that are open.
    pub open: u64,
    /// The weight of the tree at hand, 1 at its end.
    pub weight: Option<f64>,
    /// How many nodes it may have in the end, by each measure.
    pub estimates: Estimates,
}

/// At most 400 moments, in order.
#[derive(Clone, Debug, Default)]
pub struct Course {
    rows: Vec<Moment>,
}

impl Course {
    /// The moments.
    #[must_use]
    pub fn rows(&self) -> &[Moment] {
        &self.rows
    }
}

/// Why a moment is worth a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    Count,
    Bound,
    Solution,
}

/// Takes the lines of a trace one after the other.
#[derive(Debug, Default)]
pub(super) struct Recorder {
    now: Moment,
    moments: Vec<(Cause, Moment)>,
    /// Whether nodes are told no more: measures count them.
    limited: bool,
}

impl Recorder {
    pub(super) fn take(&mut self, line: &Line<'_>) {
        self.now.seconds = self.now.seconds.max(line.t);
        self.now.work = self.now.work.max(line.w);
        let now = &mut self.now;
        let cause = match &line.record {
            Record::Node(_) => {
                now.open += 1;
                Cause::Count
            }
            Record::End(end) => {
                now.open = now.open.saturating_sub(1);
                now.ended += u64::from(end.ending != Some(Ending::Open));
                Cause::Count
            }
            Record::Measures(Measures { ended, open, weight, estimates, .. }) => {
                (now.weight, now.estimates) = (Some(*weight), *estimates);
                if self.limited {
                    (now.ended, now.open) = (*ended, *open);
                }
                Cause::Count
            }
            Record::Incumbent(Incumbent { objective, .. }) => {
                now.best = Some(*objective);
                Cause::Solution
            }
            Record::Bound(Bound { value }) => {
                now.bound = *value;
                Cause::Bound
            }
            Record::Finish(finish) => {
                now.bound = finish.bound;
                now.best = finish.objective.or(now.best);
                Cause::Bound
            }
            Record::Limit(_) => {
                self.limited = true;
                return;
            }
            Record::Start(_) => Cause::Count,
            _ => return,
        };
        self.moments.push((cause, *now));
    }

    /// Keeps the last bounds and solutions, the first and the last moment, and of the others the last in each of equal parts of the work and
    /// of the time.
    pub(super) fn finish(self) -> Course {
        let Self { moments, .. } = self;
        let count = moments.len();
        let mut keep = vec![count <= MOST; count];
        if count > MOST {
            let parts = (MOST - 2 * KEPT - 2) / 2;
            let (seconds, work) = (self.now.seconds.max(f64::MIN_POSITIVE), self.now.work.max(1));
            let by_work = |moment: &Moment| (moment.work as f64 / work as f64 * parts as f64) as usize;
            let by_time = |moment: &Moment| (moment.seconds / seconds * parts as f64) as usize;
            for (k, pair) in moments.windows(2).enumerate() {
                let [(_, here), (_, next)] = pair else { continue };
                keep[k] = by_work(here) != by_work(next) || by_time(here) != by_time(next);
            }
            for cause in [Cause::Bound, Cause::Solution] {
                let all = (0..count).rev().filter(|k| moments[*k].0 == cause);
                all.take(KEPT).for_each(|k| keep[k] = true);
            }
            (keep[0], keep[count - 1]) = (true, true);
        }
        let kept = moments.into_iter().zip(keep).filter(|(_, keep)| *keep);
        Course { rows: kept.map(|((_, moment), _)| moment).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Direction, Node};

    fn node(id: u64) -> Record<'static> {
        Record::Node(Node {
            id,
            parent: 0,
            tree: 1,
            dir: Direction::Middle,
            var: None,
            value: None,
            bound: None,
            depth: 0,
        })
    }

    #[test]
    fn long_runs_are_thinned_and_keep_what_matters() {
        let mut recorder = Recorder::default();
        for w in 0..5000 {
            recorder.take(&Line { record: node(w + 1), t: w as f64 / 100.0, w });
        }
        recorder.take(&Line { record: Record::Bound(Bound { value: Some(2.5) }), t: 50.0, w: 5000 });
        recorder.take(&Line { record: Record::Bound(Bound { value: Some(3.0) }), t: 50.0, w: 5000 });
        let course = recorder.finish();
        let rows = course.rows();
        assert!(rows.len() > 100 && rows.len() <= MOST, "{}", rows.len());
        assert_eq!((rows[0].open, rows[rows.len() - 1].open), (1, 5000));
        let bounds: Vec<_> = rows.iter().filter_map(|row| row.bound).collect();
        assert_eq!(bounds, [2.5, 3.0], "both, though at one moment");
        assert!(rows.windows(2).all(|pair| pair[0].work <= pair[1].work && pair[0].seconds <= pair[1].seconds));
    }
}
