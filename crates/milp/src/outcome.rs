//! What a run ends with. Outcomes are values; [`crate::Error`] is for bad input and numerical failure.

use crate::Rational;

/// Why the run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The incumbent is optimal within the gap asked for.
    Optimal,
    /// No point satisfies the model: proven at every leaf, with rounding errors bounded or in exact arithmetic.
    Infeasible,
    /// There is a point and a direction from it along which the objective has no end, both exact.
    Unbounded,
    /// The time limit was reached.
    TimeLimit,
    /// The node limit was reached.
    NodeLimit,
    /// The process has taken more memory than [`crate::Options::memory_limit`] allows.
    MemoryLimit,
    /// [`crate::Control::should_stop`] said so.
    Interrupted,
    /// Neither floating point nor the exact arithmetic allowed could decide: the bound holds, the optimum is not proven.
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

/// On what a claim rests: the data of the model count as the decimals they are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// No tolerance anywhere: the point ([`Outcome::exact_solution`]) satisfies the model exactly, and the bound is its objective; or
    /// infeasibility, or a point and a ray, in rational arithmetic.
    Exact,
    /// The point satisfies the model exactly, or the claim needs none; bound or infeasibility are proven with every rounding
    /// error bounded.
    Rigorous,
    /// The bound is as rigorous; the point satisfies rows with continuous columns within the tolerance, all others exactly.
    Tolerance,
}

impl Verified {
    /// The word used in tables and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Rigorous => "rigorous",
            Self::Tolerance => "tolerance",
        }
    }
}

/// How far a point is from satisfying the original model, each the largest absolute violation, exact and then rounded up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Violations {
    /// Of a column's bounds, or of 0 where a column is semi-continuous and nearer to that, or where a special ordered set has it be 0.
    pub bound: f64,
    /// Of a row's sides; rows with an indicator count where it has their value.
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
    /// Cuts in the relaxation.
    pub cuts: u64,
    /// Nodes closed as unresolved (see [`Status::Unresolved`]).
    pub unresolved: u64,
    /// Wall seconds.
    pub seconds: f64,
    /// Integral of the relative primal-dual gap over the seconds of the run.
    pub primal_dual_integral: f64,
    /// Rows that presolve took out.
    pub removed_rows: u64,
    /// Columns that presolve took out.
    pub removed_columns: u64,
    /// Wall seconds of `seconds` that went into proofs beyond what the search itself needs.
    pub verify_seconds: f64,
}

/// The end of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Why the run ended.
    pub status: Status,
    /// On what status, objective and bound rest.
    pub verified: Verified,
    /// The best point found (length `num_vars()`, finite), checked against the original model; with [`Status::Unbounded`] a point that
    /// the ray starts from.
    pub solution: Option<Vec<f64>>,
    /// The same without rounding, where it is known: it satisfies the model exactly.
    pub exact_solution: Option<Vec<Rational>>,
    /// With [`Status::Unbounded`]: a direction (length `num_vars()`, whole numbers on integer columns) that leaves no bound and
    /// no side, and along which the objective improves.
    pub ray: Option<Vec<Rational>>,
    /// Objective of `solution` on the original model, in its sense; `None` with [`Status::Unbounded`], and beyond the largest float
    /// ([`crate::io::unrounded_objective`] tells it).
    pub objective: Option<f64>,
    /// Proven bound on the optimum, in the model's sense; infinite when nothing is proven.
    pub bound: f64,
    /// Violations of the point on the original model: of `solution`, or zero where `exact_solution` is the point; zero also where
    /// there is none.
    pub violations: Violations,
    /// For a pure LP that is optimal: dual values of the rows, one each in their order, and 0 where neither side binds: by how much the
    /// objective changes, in the sense of the model, for each unit that the binding side is raised by. So the dual of `x <= 4` is positive
    /// where x is worth something to a maximum. The reduced cost of a column is its cost less the sum of its coefficients times these.
    pub duals: Option<Vec<f64>>,
    /// Work done.
    pub statistics: Statistics,
}

impl Outcome {
    /// What floats can tell of it. A point with a value that none holds goes, and so does an objective that none holds; with them
    /// the status that rests on them.
    pub(crate) fn within_floats(mut self) -> Self {
        let is_told = self.solution.as_ref().is_none_or(|x| x.iter().all(|x| x.is_finite()));
        self.objective = self.objective.filter(|value| is_told && value.is_finite());
        let rests_on_it = match self.status {
            Status::Optimal => self.objective.is_none(),
            Status::Unbounded => !is_told,
            _ => false,
        };
        if rests_on_it {
            self.status = Status::Unresolved;
            self.verified = if self.verified == Verified::Exact { Verified::Rigorous } else { self.verified };
            (self.ray, self.duals) = (None, None);
        }
        if !is_told {
            self.verified = Verified::Rigorous;
            (self.solution, self.exact_solution) = (None, None);
            self.violations = Violations::default();
        }
        self
    }

    /// Relative distance of objective and bound, infinite without either. It is 0 where both are the same number: if no float holds that,
    /// the nearest one stands for the objective, and the nearest that is a bound for the bound.
    #[must_use]
    pub fn gap(&self) -> f64 {
        let is_closed = self.status == Status::Optimal && self.verified == Verified::Exact;
        if is_closed { 0.0 } else { ::budget::relative_gap(self.objective, self.bound) }
    }
}
