//! What callers add to the search of [`crate::solve_with`]: rules of branching, orders of nodes, cuts, lazy rows, propagators and
//! heuristics of their own.
//!
//! Each is a small trait; a [`Plugins`] lends any of them to one run, and they can be looked into afterwards. They see the columns of the
//! model as it was given, values in its sense, and are asked on the thread of the run, always in the same order, so that a run is as
//! deterministic as they are. With plug-ins there is no presolve, and one search has the whole tree.
//!
//! What a run claims is true of the model whatever branching rules, orders of nodes and heuristics say: points are checked exactly, and
//! children are complementary. It is true of the model *with* what separators, lazy rows and propagators have stated: nobody but their
//! author can know if that is right.
//!
//! A rule of one's own, the column with the smallest index first:
//!
//! ```
//! use milp::plugins::{Branch, BranchingRule, Fractional, NodeView, Plugins};
//! use milp::{Model, Options, Quiet, VarKind};
//!
//! struct First;
//!
//! impl BranchingRule for First {
//!     fn choose(&mut self, _node: &NodeView<'_>, candidates: &[Fractional]) -> Option<Branch> {
//!         let first = (0..candidates.len()).min_by_key(|&k| candidates[k].column)?;
//!         Some(Branch::on(first))
//!     }
//! }
//!
//! let mut model = Model::new("triangle");
//! let x: Vec<_> = (0..3).map(|j| model.add_var(format!("x{j}"), 0.0, 1.0, -1.0, VarKind::Integer)).collect();
//! for (i, j) in [(0, 1), (1, 2), (2, 0)] {
//!     model.add_row("", f64::NEG_INFINITY, 1.0, [(x[i], 1.0), (x[j], 1.0)]);
//! }
//! let mut rule = First;
//! let plugins = Plugins { branching: Some(&mut rule), ..Plugins::default() };
//! let outcome = milp::solve_with(&model, &Options::default(), &mut Quiet, plugins)?;
//! assert_eq!(outcome.objective, Some(-1.0));
//! # Ok::<(), milp::Error>(())
//! ```
//!
//! Reference: Achterberg, *Constraint Integer Programming* (2007), chapter 3: a solver as a frame for plug-ins.

use crate::{Model, VarId};

/// The node at hand.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct NodeView<'a> {
    /// The model.
    pub model: &'a Model,
    /// Number of the node, from 1 at the root, as observers hear it.
    pub number: u64,
    /// Branchings on the way from the root.
    pub depth: u32,
    /// Proven bound of the objective in this node.
    pub bound: f64,
    /// Objective of the best point so far.
    pub incumbent: Option<f64>,
    /// Bounds of the columns in this node, length `model.num_vars()`.
    pub lower: &'a [f64],
    /// The same from above.
    pub upper: &'a [f64],
    /// The relaxation's solution, length `model.num_vars()`; empty for propagators, who come before it.
    pub solution: &'a [f64],
    /// The relaxation's objective; NaN for propagators.
    pub objective: f64,
}

/// A column to branch on.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fractional {
    /// Which.
    pub column: usize,
    /// Its value in the relaxation's solution: between two whole numbers.
    pub value: f64,
    /// By how much the relaxation's objective is expected to get worse below and above, by the means of what was seen so far
    /// (pseudo-costs).
    pub gains: [f64; 2],
}

/// A choice of a [`BranchingRule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Branch {
    /// Place among the candidates.
    pub candidate: usize,
    /// Whether the child above comes first; `None`: the one that is nearer to the column's value.
    pub up_first: Option<bool>,
}

impl Branch {
    /// On the candidate at this place.
    #[must_use]
    pub fn on(candidate: usize) -> Self {
        Self { candidate, up_first: None }
    }

    /// The child above first.
    #[must_use]
    pub fn up_first(self) -> Self {
        Self { up_first: Some(true), ..self }
    }

    /// The child below first.
    #[must_use]
    pub fn down_first(self) -> Self {
        Self { up_first: Some(false), ..self }
    }
}

/// Chooses the column to branch on.
pub trait BranchingRule {
    /// Chooses among `candidates` (not empty) at the node at hand; `None` leaves it to the solver's rule
    /// ([`crate::Parameters::branching`]).
    fn choose(&mut self, node: &NodeView<'_>, candidates: &[Fractional]) -> Option<Branch>;
}

/// An open node for a [`NodeSelection`].
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct OpenNode {
    /// Number of the node, from 1 at the root, as observers hear it: older nodes have smaller ones.
    pub number: u64,
    /// Branchings on the way from the root.
    pub depth: u32,
    /// Proven bound of the objective in this node.
    pub bound: f64,
    /// Objective of the relaxation of its parent.
    pub objective: f64,
}

/// Says which open node comes next.
pub trait NodeSelection {
    /// The key of a new open node: least first, among equal ones the youngest. Not NaN.
    fn key(&mut self, node: &OpenNode) -> f64;

    /// Whether a child of a node comes directly after it as long as there is one (a plunge), whatever the keys: that saves
    /// factorisations.
    fn plunges(&self) -> bool {
        true
    }
}

/// A row `lower <= terms <= upper` of a plug-in.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtraRow {
    /// Columns and their coefficients, as floats that stand for themselves; at most one a column.
    pub terms: Vec<(VarId, f64)>,
    /// Lower side, `-inf` if none.
    pub lower: f64,
    /// Upper side, `inf` if none.
    pub upper: f64,
}

impl ExtraRow {
    /// `terms <= upper`.
    #[must_use]
    pub fn at_most(upper: f64, terms: impl IntoIterator<Item = (VarId, f64)>) -> Self {
        Self { terms: terms.into_iter().collect(), lower: f64::NEG_INFINITY, upper }
    }

    /// `terms >= lower`.
    #[must_use]
    pub fn at_least(lower: f64, terms: impl IntoIterator<Item = (VarId, f64)>) -> Self {
        Self { terms: terms.into_iter().collect(), lower, upper: f64::INFINITY }
    }
}

/// Cuts solutions of the root's relaxation off, beside the solver's own cuts and as long as they go on.
pub trait Separator {
    /// The name of its cuts in traces.
    fn name(&self) -> &'static str {
        "plug-in"
    }

    /// Rows that the solution of the relaxation does not satisfy, and every point that is wanted does. Empty if there are none. They may
    /// be taken out again where they do not help.
    fn separate(&mut self, node: &NodeView<'_>) -> Vec<ExtraRow>;
}

/// A part of the model that is stated row by row, once a point does not keep it.
pub trait LazyRows {
    /// Rows that `point` does not satisfy (length `model.num_vars()`, whole on integer columns, and a point of the model otherwise).
    /// If there are none the point counts.
    fn violated(&mut self, point: &[f64]) -> Vec<ExtraRow>;
}

/// What a [`Propagator`] finds out.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Deduction {
    /// Nothing.
    #[default]
    Nothing,
    /// No point that is wanted lies in the node.
    Empty,
    /// All that are wanted keep these bounds.
    Bounds(Vec<Bound>),
}

/// A bound of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// Of which column.
    pub column: VarId,
    /// Whether it is the upper one.
    pub is_upper: bool,
    /// Its value; of integer columns it is rounded inwards.
    pub value: f64,
}

/// Deduces bounds of columns from those of a node.
pub trait Propagator {
    /// Asked at each node after the solver's own propagation, and again while somebody finds something.
    fn propagate(&mut self, node: &NodeView<'_>) -> Deduction;
}

/// Looks for points.
pub trait Heuristic {
    /// A point to try at a node whose relaxation is solved (length `model.num_vars()`; integer columns are rounded, continuous ones
    /// completed at their best).
    fn propose(&mut self, node: &NodeView<'_>) -> Option<Vec<f64>>;
}

/// The plug-ins of one run, all of them optional.
#[derive(Default)]
#[allow(missing_debug_implementations, reason = "traits of callers")]
pub struct Plugins<'a> {
    /// Which column to branch on.
    pub branching: Option<&'a mut dyn BranchingRule>,
    /// Which node comes next.
    pub selection: Option<&'a mut dyn NodeSelection>,
    /// Cuts.
    pub separators: Vec<&'a mut dyn Separator>,
    /// Lazy rows.
    pub lazy_rows: Vec<&'a mut dyn LazyRows>,
    /// Propagators.
    pub propagators: Vec<&'a mut dyn Propagator>,
    /// Heuristics.
    pub heuristics: Vec<&'a mut dyn Heuristic>,
}

impl<'p> Plugins<'p> {
    /// The same for a shorter time.
    pub(crate) fn lent<'a>(self) -> Plugins<'a>
    where
        'p: 'a,
    {
        Plugins {
            branching: self.branching.map(|plugin| plugin as _),
            selection: self.selection.map(|plugin| plugin as _),
            separators: self.separators.into_iter().map(|plugin| plugin as _).collect(),
            lazy_rows: self.lazy_rows.into_iter().map(|plugin| plugin as _).collect(),
            propagators: self.propagators.into_iter().map(|plugin| plugin as _).collect(),
            heuristics: self.heuristics.into_iter().map(|plugin| plugin as _).collect(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.branching.is_none()
            && self.selection.is_none()
            && self.separators.is_empty()
            && self.lazy_rows.is_empty()
            && self.propagators.is_empty()
            && self.heuristics.is_empty()
    }
}
