//! What a caller may do while the solver runs: watch, stop, and judge incumbents.

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

/// One line of the progress table.
#[derive(Clone, Debug)]
pub struct ProgressRow {
    /// What caused the line: `' '` regular, `'T'` tree leaf, `'H'` heuristic, `'S'` start solution, `'R'` root, `'E'` end.
    pub source: char,
    /// Nodes processed so far.
    pub nodes: u64,
    /// Nodes still open.
    pub open: usize,
    /// Depth of the node at hand.
    pub depth: u32,
    /// Proven bound, in the sense of the model.
    pub bound: f64,
    /// Objective of the best solution, `None` before the first.
    pub incumbent: Option<f64>,
    /// Cuts in the current relaxation.
    pub cuts: usize,
    /// Nodes closed by conflict analysis or propagation.
    pub conflicts: u64,
    /// Simplex iterations so far.
    pub lp_iterations: u64,
    /// Wall seconds since the start.
    pub seconds: f64,
}

/// Hooks the solver calls; every method has a default that does nothing.
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

    /// A line for the progress table.
    fn progress(&mut self, _row: &ProgressRow) {}
}

/// The hooks of a run, shared between its budget, which asks [`Control::should_stop`], and the search.
pub(crate) type Hooks<'a> = std::cell::RefCell<&'a mut dyn Control>;

/// A [`Control`] that watches nothing and accepts all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Control for Quiet {}
