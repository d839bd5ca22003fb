//! Who hears of a run while it lasts, and may end it.
//!
//! Entry point: [`Progress`]. [`Silent`], [`Quiet`], [`After`] and [`Until`] stand between an engine and the listener of the run it is part of.

use crate::{Network, Statistics};
use budget::Stop;
use budget::observe::{Case, End, Node, Tree};
pub use budget::{Event, Interest, What};
use std::sync::atomic::{AtomicBool, Ordering};

/// One line of the progress table.
pub use ::budget::observe::Row as SearchRow;

/// What an engine tells while it runs, and asks. Called from one thread at a time, but not always the same one.
///
/// ```
/// use bdnn::{Event, Interest, Progress, What};
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// /// Counts the nodes of a search.
/// #[derive(Default)]
/// struct Nodes(AtomicU64);
///
/// impl Progress for Nodes {
///     fn interest(&self) -> Interest {
///         Interest::TREE
///     }
///
///     fn event(&self, event: &Event) {
///         if let What::Node(_) = event.what {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
/// }
/// ```
pub trait Progress: Sync {
    /// Whoever stands behind this listener, if it stands between an engine and another: everything is passed on to it but for what this one
    /// says of itself.
    fn outer(&self) -> Option<&dyn Progress> {
        None
    }

    /// True ends the run with [`crate::Status::Interrupted`]; asked often, so it should cost no more than an atomic load.
    fn should_stop(&self) -> bool {
        self.outer().is_some_and(Progress::should_stop)
    }

    /// Which events are wanted; asked once for each run. Rows come in any case.
    fn interest(&self) -> Interest {
        self.outer().map_or(Interest::NONE, Progress::interest)
    }

    /// The names of the columns of the model that is searched, in their order, before its first node: of engines that have one, where the
    /// tree is of interest.
    fn columns(&self, names: &mut dyn Iterator<Item = &str>) {
        if let Some(outer) = self.outer() {
            outer.columns(names);
        }
    }

    /// Something happened.
    fn event(&self, event: &Event) {
        if let Some(outer) = self.outer() {
            outer.event(event);
        }
    }

    /// A line for the progress table: an [`Event`] like others.
    fn row(&self, row: &SearchRow) {
        match self.outer() {
            Some(outer) => outer.row(row),
            None => self.event(&Event::new(row.nodes + row.lp_iterations, What::Row(*row))),
        }
    }

    /// A better network, its objective already confirmed by the exact forward pass.
    fn incumbent(&self, network: &Network, objective: f64) {
        if let Some(outer) = self.outer() {
            outer.incumbent(network, objective);
        }
    }

    /// Something beside the search went wrong, and it goes on.
    fn warn(&self, message: &str) {
        if let Some(outer) = self.outer() {
            outer.warn(message);
        }
    }
}

/// A [`Progress`] that says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {}

/// Passes on nothing but the wish to stop: for runs within a run.
pub struct Quiet<'a>(pub &'a Stop<'a>);

impl Progress for Quiet<'_> {
    fn should_stop(&self) -> bool {
        (self.0)()
    }
}

/// Tells of a run that goes on after others: their work and their bound count.
pub struct After<'a> {
    /// Who is told.
    pub progress: &'a dyn Progress,
    /// The work before.
    pub done: &'a Statistics,
    /// The bound that was proven, `-INFINITY` for none.
    pub bound: f64,
    /// Trees that one search may have told before: those of this run are others.
    pub trees: u32,
}

impl After<'_> {
    fn later(&self, what: What) -> What {
        let of = |tree: Tree| Tree { index: tree.index + self.trees, ..tree };
        match what {
            What::Node(node) => What::Node(Node { tree: of(node.tree), ..node }),
            What::End(end) => What::End(End { tree: of(end.tree), ..end }),
            What::Case(case) => What::Case(Case { tree: of(case.tree), ..case }),
            other => other,
        }
    }
}

impl Progress for After<'_> {
    fn outer(&self) -> Option<&dyn Progress> {
        Some(self.progress)
    }

    fn event(&self, event: &Event) {
        // That has begun before.
        if !matches!(event.what, What::Start(_)) {
            let before = self.done.nodes + self.done.lp_iterations;
            self.progress.event(&Event::new(event.work + before, self.later(event.what)));
        }
    }

    fn row(&self, row: &SearchRow) {
        let Self { progress, done, bound, .. } = *self;
        progress.row(&SearchRow {
            nodes: row.nodes + done.nodes,
            conflicts: row.conflicts + done.conflicts,
            lp_iterations: row.lp_iterations + done.lp_iterations,
            bound: row.bound.max(row.incumbent.map_or(bound, |objective| bound.min(objective))),
            seconds: row.seconds + done.seconds,
            ..*row
        });
    }
}

/// Passes on everything, and ends a run with [`crate::Status::Interrupted`] once a network attains a bound that is proven elsewhere.
pub struct Until<'a> {
    progress: &'a dyn Progress,
    bound: f64,
    met: AtomicBool,
}

impl<'a> Until<'a> {
    /// No network has an objective below `bound`.
    #[must_use]
    pub fn new(progress: &'a dyn Progress, bound: f64) -> Self {
        Self { progress, bound, met: AtomicBool::new(false) }
    }
}

impl Progress for Until<'_> {
    fn outer(&self) -> Option<&dyn Progress> {
        Some(self.progress)
    }

    fn should_stop(&self) -> bool {
        self.met.load(Ordering::Relaxed) || self.progress.should_stop()
    }

    fn incumbent(&self, network: &Network, objective: f64) {
        self.met.fetch_or(objective <= self.bound, Ordering::Relaxed);
        self.progress.incumbent(network, objective);
    }
}
