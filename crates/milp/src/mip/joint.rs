//! What observers hear of several searches that take turns: one run, with a tree for each model.

use std::cell::Cell;

use ::budget::observe::{End, Incumbent, Interest, Node, Tree};
use ::budget::{GapIntegral, Instant};

use crate::control::{Control, Event, Judgement, ProgressRow, What};

/// Work of several searches.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub nodes: u64,
    pub open: u64,
    pub conflicts: u64,
    pub lp_iterations: u64,
    pub cuts: u64,
    pub unresolved: u64,
    pub verify_seconds: f64,
}

/// The search whose turn it is, and what all others have come to; values in the sense of the models.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub model: usize,
    pub sums: Sums,
    pub bound: f64,
    pub best: Option<f64>,
}

/// What the turns and [`Joint`] share.
pub(super) struct Shared {
    began: Instant,
    maximise: bool,
    turn: Cell<Turn>,
    gaps: Cell<GapIntegral>,
}

impl Shared {
    pub fn new(maximise: bool) -> Self {
        let bound = if maximise { f64::INFINITY } else { f64::NEG_INFINITY };
        Self {
            began: Instant::now(),
            maximise,
            turn: Cell::new(Turn { model: 0, sums: Sums::default(), bound, best: None }),
            gaps: Cell::default(),
        }
    }

    pub fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    pub fn set(&self, turn: Turn) {
        self.turn.set(turn);
    }

    /// From now on bound and best objective of all are these.
    pub fn note(&self, bound: f64, best: Option<f64>) {
        let mut gaps = self.gaps.get();
        gaps.note(self.seconds(), bound, best);
        self.gaps.set(gaps);
    }

    /// The primal-dual integral until now.
    pub fn integral(&self) -> f64 {
        self.gaps.get().until(self.seconds())
    }

    /// The smaller, where objectives are minimised.
    pub fn least(&self, a: f64, b: f64) -> f64 {
        if self.maximise { a.max(b) } else { a.min(b) }
    }

    /// The better of two objectives.
    pub fn better(&self, a: Option<f64>, b: Option<f64>) -> Option<f64> {
        a.into_iter().chain(b).reduce(|a, b| self.least(a, b))
    }
}

/// Stands between the searches and the caller.
pub(super) struct Joint<'a> {
    inner: &'a mut dyn Control,
    shared: &'a Shared,
    /// Bound and objective told last.
    bound: Option<f64>,
    best: Option<f64>,
}

impl<'a> Joint<'a> {
    pub fn new(inner: &'a mut dyn Control, shared: &'a Shared) -> Self {
        Self { inner, shared, bound: None, best: None }
    }

    /// What one search tells as a word of all of them; `None` if it is none.
    fn of_all(&mut self, what: What) -> Option<What> {
        let turn = self.shared.turn.get();
        let own = |tree: Tree| Tree { index: turn.model as u32, ..tree };
        Some(match what {
            What::Start(_) if turn.model > 0 => return None,
            What::Node(node) => What::Node(Node { tree: own(node.tree), ..node }),
            What::End(end) => What::End(End { tree: own(end.tree), ..end }),
            What::Conflict(conflict) => {
                What::Conflict(::budget::observe::Conflict { tree: conflict.tree.map(own), ..conflict })
            }
            What::Incumbent(Incumbent { objective, .. }) => {
                let best = self.shared.better(self.best, Some(objective));
                if best == self.best {
                    return None;
                }
                self.best = best;
                what
            }
            What::Bound(bound) => {
                let bound = self.shared.least(bound, turn.bound);
                if self.bound.replace(bound) == Some(bound) {
                    return None;
                }
                What::Bound(bound)
            }
            other => other,
        })
    }
}

impl Control for Joint<'_> {
    fn should_stop(&self) -> bool {
        self.inner.should_stop()
    }

    fn judge(&mut self, candidate: &[f64]) -> Judgement {
        self.inner.judge(candidate)
    }

    fn judges(&self) -> bool {
        self.inner.judges()
    }

    fn turn(&mut self, model: usize) {
        self.inner.turn(model);
    }

    fn ceiling(&self) -> Option<f64> {
        self.inner.ceiling()
    }

    fn interest(&self) -> Interest {
        self.inner.interest()
    }

    fn columns(&mut self, names: &mut dyn Iterator<Item = &str>) {
        if self.shared.turn.get().model == 0 {
            self.inner.columns(names);
        }
    }

    fn event(&mut self, event: &Event) {
        if let Some(what) = self.of_all(event.what) {
            let sums = self.shared.turn.get().sums;
            self.inner.event(&Event::new(event.work + sums.nodes + sums.lp_iterations, what));
        }
    }

    fn progress(&mut self, row: &ProgressRow) {
        let Turn { sums, bound, best, .. } = self.shared.turn.get();
        let row = ProgressRow {
            nodes: row.nodes + sums.nodes,
            open: row.open + sums.open,
            bound: self.shared.least(row.bound, bound),
            incumbent: self.shared.better(row.incumbent, best),
            conflicts: row.conflicts + sums.conflicts,
            lp_iterations: row.lp_iterations + sums.lp_iterations,
            seconds: self.shared.seconds(),
            ..*row
        };
        self.shared.note(row.bound, row.incumbent);
        self.inner.progress(&row);
    }
}
