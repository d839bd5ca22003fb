//! What an observer hears of a run beside its rows, see [`budget::observe`]: better networks, bounds, cores, restarts and parts, as they
//! stand after a round. Inside a round cases run side by side and tell nothing.

use bdnn::{Event, Interest, Progress, What};
use budget::observe::{Core, Incumbent, Part, Restart};

/// Where the run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) loss: Option<u64>,
    pub(super) bound: u64,
    pub(super) cores: u64,
    pub(super) restarts: u64,
    /// Conflicts and pivots.
    pub(super) work: u64,
}

/// What was told last, and who wants to hear.
pub(super) struct Telling {
    interest: Interest,
    last: Option<Standing>,
}

impl Telling {
    pub(super) fn new(progress: &dyn Progress) -> Self {
        Self { interest: progress.interest(), last: None }
    }

    /// Tells what has changed; `source` is the letter of the row.
    pub(super) fn tell(&mut self, progress: &dyn Progress, source: char, now: Standing) {
        if self.interest == Interest::NONE {
            return;
        }
        let last = self.last.replace(now);
        let changed = |of: fn(&Standing) -> u64| last.as_ref().map(of) != Some(of(&now));
        let tell = |kind, what| {
            if self.interest.wants(kind) {
                progress.event(&Event::new(now.work, what));
            }
        };
        if let Some(loss) = now.loss.filter(|_| last.and_then(|last| last.loss) != now.loss) {
            tell(Interest::BOUNDS, What::Incumbent(Incumbent { node: 0, source, objective: loss as f64 }));
        }
        if changed(|standing| standing.bound) {
            tell(Interest::BOUNDS, What::Bound(now.bound as f64));
        }
        if now.cores > 0 && changed(|standing| standing.cores) {
            tell(Interest::LEARNING, What::Core(Core { count: now.cores, bound: now.bound }));
        }
        if now.restarts > 0 && changed(|standing| standing.restarts) {
            tell(Interest::LEARNING, What::Restart(Restart { count: now.restarts }));
        }
    }

    /// Case `from` was divided; `to` is the number of its other half.
    pub(super) fn part(&self, progress: &dyn Progress, work: u64, from: usize, to: usize) {
        if self.interest.wants(Interest::LEARNING) {
            progress.event(&Event::new(work, What::Part(Part { cases: [from as u64, to as u64] })));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Heard(Mutex<Vec<What>>);

    impl Progress for Heard {
        fn interest(&self) -> Interest {
            Interest::BOUNDS
        }

        fn event(&self, event: &Event) {
            self.0.lock().expect("whole").push(event.what);
        }
    }

    #[test]
    fn only_news_of_interest_is_told() {
        let heard = Heard::default();
        let mut telling = Telling::new(&heard);
        let first = Standing { loss: Some(5), bound: 2, cores: 1, restarts: 3, work: 7 };
        telling.tell(&heard, 'R', first);
        telling.tell(&heard, 'R', first);
        telling.tell(&heard, 'R', Standing { bound: 3, ..first });
        let incumbent = What::Incumbent(Incumbent { node: 0, source: 'R', objective: 5.0 });
        assert_eq!(*heard.0.lock().expect("whole"), [incumbent, What::Bound(2.0), What::Bound(3.0)]);
    }
}
