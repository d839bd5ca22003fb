//! How a solve ends, and the stages it is made of.

/// What a call of [`super::Simplex::solve`] found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LpStatus {
    /// The basic solution is primal and dual feasible on the unscaled problem.
    Optimal,
    /// No point satisfies all rows and bounds; see [`super::Simplex::farkas`].
    Infeasible,
    /// A feasible point and a ray along which the objective falls for ever; see [`super::Simplex::ray`].
    Unbounded,
    /// The optimum is proven to be at least the cutoff of the [`super::Limits`].
    Cutoff,
    /// The iterations of the [`super::Limits`] are used up.
    IterationLimit,
    /// The time of the budget is up.
    TimeLimit,
    /// The memory of the budget is used up.
    MemoryLimit,
    /// The stop callback of the budget said so.
    Interrupted,
}

/// How a stage of the solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Primal feasible (dual simplex) or optimal (primal simplex) for the working bounds and costs.
    Done,
    /// A verified end of the whole solve.
    Proven(LpStatus),
    /// A limit is met.
    Limit(LpStatus),
    /// Infeasible by no more than the tolerance: the rows are to be relaxed by it.
    Marginal,
    /// Floating point is in the way: another attempt, with more care, is due.
    Trouble,
}

/// What the primal simplex minimises at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The sum of the violations of the bounds.
    One,
    /// The objective.
    Two,
}
