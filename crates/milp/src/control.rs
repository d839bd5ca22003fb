//! What a caller may do while the solver runs: watch, stop, and judge incumbents.

use std::cell::{Ref, RefCell, RefMut};

use ::budget::checkpoint::Checkpoint;

use crate::Budget;
use crate::plugins::{ExtraRow, Plugins};

/// One line of the progress table; values are in the sense of the model.
pub use ::budget::observe::Row as ProgressRow;
pub use ::budget::{Event, Interest, What};

/// A caller's verdict on a point that is integral and feasible within tolerances.
#[derive(Clone, Debug)]
pub enum Judgement {
    /// The point counts; the solver takes it as it is.
    Accept,
    /// This point counts in its place (same length; at least as good an objective is not required, the solver
    /// recomputes it from the model).
    Replace(Vec<f64>),
    /// The point does not count: its tolerances lie. The solver branches on, and if nothing is left to branch on it
    /// keeps the node's bound, so that no optimum is claimed beyond it.
    Reject,
    /// The integer part of the point is proven infeasible (exactly, by the caller): a fully fixed leaf may be closed.
    Infeasible,
}

/// Hooks the solver calls; every method has a default that does nothing.
///
/// ```
/// use milp::{Control, Event, Interest, Model, Options, VarKind, What};
///
/// #[derive(Default)]
/// struct Nodes(u64);
///
/// impl Control for Nodes {
///     fn interest(&self) -> Interest {
///         Interest::TREE
///     }
///
///     fn event(&mut self, event: &Event) {
///         self.0 += u64::from(matches!(event.what, What::Node(_)));
///     }
/// }
///
/// let mut model = Model::new("triangle");
/// let x: Vec<_> = (0..3).map(|j| model.add_var(format!("x{j}"), 0.0, 1.0, -1.0, VarKind::Integer)).collect();
/// for (i, j) in [(0, 1), (1, 2), (2, 0)] {
///     model.add_row("", f64::NEG_INFINITY, 1.0, [(x[i], 1.0), (x[j], 1.0)]);
/// }
/// let mut nodes = Nodes::default();
/// milp::solve(&model, &Options::default(), &mut nodes)?;
/// assert!(nodes.0 >= 1);
/// # Ok::<(), milp::Error>(())
/// ```
pub trait Control {
    /// Asked every millisecond or so, whatever the run is busy with: true ends it with [`crate::Status::Interrupted`]. To
    /// cost no more than an atomic load.
    fn should_stop(&self) -> bool {
        false
    }

    /// Judges a candidate incumbent (length `num_vars()`), integral and feasible within tolerances.
    fn judge(&mut self, _candidate: &[f64]) -> Judgement {
        Judgement::Accept
    }

    /// Whether [`Self::judge`] may say anything but [`Judgement::Accept`]. Where it may not, a smaller model is searched whose points stand for
    /// the best ones of the model, not for all of them (presolve), and `judge` is not asked.
    fn judges(&self) -> bool {
        true
    }

    /// Of several models ([`crate::solve_disjunction`]): by its place, the one that whatever comes next is about.
    fn turn(&mut self, _model: usize) {}

    /// An objective that the caller knows how to reach, in the sense of the model: only better points are looked for. Asked by
    /// [`crate::solve_disjunction`] alone, before each turn.
    fn ceiling(&self) -> Option<f64> {
        None
    }

    /// Which events are wanted; asked once for each run. Rows come in any case.
    fn interest(&self) -> Interest {
        Interest::NONE
    }

    /// The names of the columns, in their order, before the first node: where the tree is of interest.
    fn columns(&mut self, _names: &mut dyn Iterator<Item = &str>) {}

    /// Something happened.
    fn event(&mut self, _event: &Event) {}

    /// A line for the progress table: an [`Event`] like others.
    fn progress(&mut self, row: &ProgressRow) {
        self.event(&Event::new(row.nodes + row.lp_iterations, What::Row(*row)));
    }
}

/// Whether a point counts, to be asked on any thread; no if the budget is over before that is known.
pub(crate) type Counts<'a> = dyn Fn(&[f64], &Budget<'_>) -> bool + Sync + 'a;

/// The hooks of a run, shared between its budget, which asks [`Control::should_stop`], and the search.
pub(crate) struct Hooks<'a> {
    control: RefCell<&'a mut dyn Control>,
    counts: Option<&'a Counts<'a>>,
    plugins: RefCell<Plugins<'a>>,
    has_plugins: bool,
    checkpoint: Checkpoint<'a>,
    /// Lazy rows that the last points did not keep.
    violated: RefCell<Vec<ExtraRow>>,
}

impl<'a> Hooks<'a> {
    pub fn new(control: &'a mut dyn Control) -> Self {
        Self {
            control: RefCell::new(control),
            counts: None,
            plugins: RefCell::default(),
            has_plugins: false,
            checkpoint: Checkpoint::default(),
            violated: RefCell::default(),
        }
    }

    /// With plug-ins.
    pub fn with<'p: 'a>(self, plugins: Plugins<'p>) -> Self {
        Self { has_plugins: !plugins.is_empty(), plugins: RefCell::new(plugins.lent()), ..self }
    }

    /// With somebody who keeps states of the search, or one that it goes on from.
    pub fn keeping(self, checkpoint: Checkpoint<'a>) -> Self {
        Self { checkpoint, ..self }
    }

    /// Who keeps states of the search, and where it goes on.
    pub fn checkpoint(&self) -> Checkpoint<'a> {
        self.checkpoint
    }

    /// The plug-ins.
    pub fn plugins(&self) -> RefMut<'_, Plugins<'a>> {
        self.plugins.borrow_mut()
    }

    /// Whether there are any.
    pub fn has_plugins(&self) -> bool {
        self.has_plugins
    }

    /// Whether what is searched is less than the model, by what plug-ins state.
    pub fn restrict(&self) -> bool {
        let plugins = self.plugins.borrow();
        self.has_plugins
            && !(plugins.lazy_rows.is_empty() && plugins.separators.is_empty() && plugins.propagators.is_empty())
    }

    /// Whether a point keeps all lazy rows; those that it does not keep are there to be taken.
    pub fn keeps_lazy_rows(&self, point: &[f64]) -> bool {
        if !self.has_plugins {
            return true;
        }
        let rows: Vec<ExtraRow> =
            self.plugins.borrow_mut().lazy_rows.iter_mut().flat_map(|plugin| plugin.violated(point)).collect();
        let keeps = rows.is_empty();
        self.violated.borrow_mut().extend(rows);
        keeps
    }

    /// The lazy rows that points did not keep since the last call.
    pub fn take_violated(&self) -> Vec<ExtraRow> {
        self.violated.take()
    }

    /// With a judge in the place of [`Control::judge`].
    pub fn judged_by(self, counts: Option<&'a Counts<'a>>) -> Self {
        Self { counts, ..self }
    }

    /// The verdict on a candidate.
    pub fn judge(&self, candidate: &[f64], budget: &Budget<'_>) -> Judgement {
        match self.counts {
            Some(counts) if counts(candidate, budget) => Judgement::Accept,
            Some(_) => Judgement::Reject,
            None => {
                let judgement = self.control.borrow_mut().judge(candidate);
                let keeps = match &judgement {
                    Judgement::Accept => self.keeps_lazy_rows(candidate),
                    Judgement::Replace(other) => other.len() != candidate.len() || self.keeps_lazy_rows(other),
                    Judgement::Reject | Judgement::Infeasible => true,
                };
                if keeps { judgement } else { Judgement::Reject }
            }
        }
    }

    /// The judge in the place of the caller.
    pub fn counts(&self) -> Option<&'a Counts<'a>> {
        self.counts
    }

    /// Whether the caller has to be asked, which only the thread of the run can do.
    pub fn must_be_asked(&self) -> bool {
        self.has_plugins || self.counts.is_none() && self.borrow().judges()
    }

    pub fn borrow(&self) -> Ref<'_, &'a mut dyn Control> {
        self.control.borrow()
    }

    pub fn borrow_mut(&self) -> RefMut<'_, &'a mut dyn Control> {
        self.control.borrow_mut()
    }

    /// Whether to stop; not while another hook is at work.
    pub fn should_stop(&self) -> bool {
        self.control.try_borrow().is_ok_and(|control| control.should_stop())
    }
}

/// A [`Control`] that watches nothing and accepts all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Control for Quiet {
    fn judges(&self) -> bool {
        false
    }
}

/// Passes on whether to stop, and nothing else.
pub(crate) struct Stopping<'a>(pub &'a dyn Control);

impl Control for Stopping<'_> {
    fn should_stop(&self) -> bool {
        self.0.should_stop()
    }

    fn judges(&self) -> bool {
        false
    }
}
