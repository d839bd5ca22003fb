//! What a run ends with. Outcomes are values; [`crate::Error`] is for bad input and numerical failure.

/// Why the run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The incumbent is optimal within the gap asked for.
    Optimal,
    /// No point satisfies the model; proven by Farkas multipliers rechecked on the original model at every leaf.
    Infeasible,
    /// The objective has no finite optimum.
    Unbounded,
    /// The time limit was reached.
    TimeLimit,
    /// The node limit was reached.
    NodeLimit,
    /// The process has taken more memory than [`crate::Options::memory_limit`] allows.
    MemoryLimit,
    /// [`crate::Control::should_stop`] said so.
    Interrupted,
    /// The search ended with nodes that floating point could not decide: the bound holds, the optimum is not proven.
    Unresolved,
}

impl Status {
    /// The word used in tables and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::Infeasible => "infeasible",
            Self::Unbounded => "unbounded",
            Self::TimeLimit => "time-limit",
            Self::NodeLimit => "node-limit",
            Self::MemoryLimit => "memory-limit",
            Self::Interrupted => "interrupted",
            Self::Unresolved => "unresolved",
        }
    }
}

/// How far a point is from satisfying the original model, each the largest absolute violation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Violations {
    /// Of a column's bounds.
    pub bound: f64,
    /// Of a row's sides.
    pub row: f64,
    /// Distance of an integer column from a whole number.
    pub integrality: f64,
}

/// Work done.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// Branch-and-bound nodes processed.
    pub nodes: u64,
    /// Simplex iterations, all LPs together.
    pub lp_iterations: u64,
    /// Nodes closed by propagation or conflict analysis.
    pub conflicts: u64,
    /// Nodes closed as unresolved (see [`Status::Unresolved`]).
    pub unresolved: u64,
    /// Wall seconds.
    pub seconds: f64,
    /// Integral of the relative primal-dual gap over the seconds of the run.
    pub primal_dual_integral: f64,
}

/// The end of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Why the run ended.
    pub status: Status,
    /// The best point found (length `num_vars()`), checked against the original model.
    pub solution: Option<Vec<f64>>,
    /// Objective of `solution` on the original model, in its sense.
    pub objective: Option<f64>,
    /// Proven bound on the optimum, in the model's sense; infinite when nothing is proven.
    pub bound: f64,
    /// Violations of `solution` on the original model; zero where there is none.
    pub violations: Violations,
    /// For a pure LP that is optimal: dual values of the rows (d objective / d row side).
    pub duals: Option<Vec<f64>>,
    /// Work done.
    pub statistics: Statistics,
}
