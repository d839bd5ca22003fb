//! What an engine tells its listener: rows of the progress table, and the events between two of them
//! ([`budget::observe`]).
//!
//! Entry point: [`Telling`]. A run asks for the listener's interest once; where there is none, a row costs a test of a flag more than
//! the call. What rows do not show (nodes, conflicts, cores, restarts) goes through [`Telling::event`].

use crate::{Interest, Problem, Progress, SearchRow, Statistics, Training, What};
use budget::Event;
use budget::observe::{Finish, Incumbent, Start};

/// Between a run and its listener.
pub struct Telling<'a> {
    progress: &'a dyn Progress,
    interest: Interest,
    last: Option<SearchRow>,
}

impl<'a> Telling<'a> {
    /// For a run that begins now.
    #[must_use]
    pub fn new(progress: &'a dyn Progress) -> Self {
        Self { progress, interest: progress.interest(), last: None }
    }

    /// Whether some of these kinds are of interest.
    #[must_use]
    pub fn wants(&self, kinds: Interest) -> bool {
        self.interest.wants(kinds)
    }

    /// Tells, if it is of interest, what `what` says; `work` as in [`Event::work`].
    pub fn event(&self, kind: Interest, work: u64, what: impl FnOnce() -> What) {
        if self.wants(kind) {
            self.progress.event(&Event::new(work, what()));
        }
    }

    /// A run on a problem begins.
    pub fn start(&self, problem: &Problem) {
        let neurons = || problem.architecture.widths()[1..].iter().sum::<usize>() as u64;
        let sizes = || Start { rows: problem.points.len() as u64, columns: neurons(), ..Start::default() };
        self.event(Interest::BOUNDS, 0, || What::Start(sizes()));
    }

    /// Tells a row, and before it the better network and bound that it has over the last one.
    pub fn row(&mut self, row: &SearchRow) {
        if self.interest != Interest::NONE {
            self.changes(row);
        }
        self.progress.row(row);
    }

    fn changes(&mut self, row: &SearchRow) {
        let last = self.last.replace(*row);
        let work = row.nodes + row.lp_iterations;
        let best = last.and_then(|last| last.incumbent).unwrap_or(f64::INFINITY);
        if let Some(objective) = row.incumbent.filter(|objective| *objective < best) {
            let source = row.source;
            self.event(Interest::BOUNDS, work, || What::Incumbent(Incumbent { node: 0, source, objective }));
        }
        if last.is_none_or(|last| last.bound < row.bound) {
            self.event(Interest::BOUNDS, work, || What::Bound(row.bound));
        }
    }

    /// The run is over. What no row has told is told before.
    pub fn finish(&mut self, training: &Training) {
        let Training { status, network, objective, bound, statistics, .. } = training;
        let Statistics { nodes, lp_iterations, .. } = *statistics;
        if let Some(last) = self.last {
            let incumbent = network.as_ref().map(|_| *objective);
            self.changes(&SearchRow { bound: *bound, incumbent, nodes, lp_iterations, ..last });
        }
        let finish = || Finish {
            status: status.as_str(),
            incumbent: network.as_ref().map(|_| *objective),
            bound: *bound,
            primal_dual_integral: statistics.primal_dual_integral,
        };
        self.event(Interest::BOUNDS, nodes + lp_iterations, || What::Finish(finish()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    struct Heard(Interest, Mutex<Vec<What>>);

    impl Progress for Heard {
        fn interest(&self) -> Interest {
            self.0
        }

        fn event(&self, event: &Event) {
            self.1.lock().expect("whole").push(event.what);
        }

        fn row(&self, _row: &SearchRow) {}
    }

    #[test]
    fn what_changed_is_told_once_and_nothing_that_nobody_wants() {
        for (interest, count) in
            [(Interest::BOUNDS, 3), (Interest::LEARNING, 0), (Interest::ALL, 3), (Interest::NONE, 0)]
        {
            let heard = Heard(interest, Mutex::default());
            let mut telling = Telling::new(&heard);
            let row = SearchRow { source: 'R', bound: 2.0, incumbent: Some(5.0), ..SearchRow::default() };
            telling.row(&row);
            telling.row(&row);
            telling.row(&SearchRow { bound: 3.0, learned: 7, ..row });
            let heard = heard.1.into_inner().expect("whole");
            assert_eq!(heard.len(), count, "{heard:?}");
            if interest == Interest::ALL {
                let incumbent = What::Incumbent(Incumbent { node: 0, source: 'R', objective: 5.0 });
                assert_eq!(heard, [incumbent, What::Bound(2.0), What::Bound(3.0)]);
            }
        }
    }
}
