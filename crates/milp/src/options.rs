//! What a user may set.

use crate::{Parameters, Rational};

/// Limits and targets of one run; the numerical guards live in [`crate::tolerances`].
///
/// By default there is no limit, the gap is 0 (`mip_abs_gap` says which differences count as none), one thread searches, and nothing is known.
///
/// ```
/// let options = milp::Options::default();
/// assert_eq!((options.time_limit, options.node_limit, options.threads), (f64::INFINITY, u64::MAX, 1));
/// assert_eq!((options.feasibility_tolerance, options.integrality_tolerance), (1e-9, 1e-9));
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// Wall seconds, 0 or more, `f64::INFINITY` for none. At 0 nothing is tried but the model's own contradictions.
    pub time_limit: f64,
    /// Gigabytes (10^9 bytes) that the process may take, 0 or more, `f64::INFINITY` for none; see [`crate::MemoryLimit`].
    pub memory_limit: f64,
    /// Processed nodes; the result under a node limit does not depend on the machine's speed. At 0 the root relaxation is
    /// solved and the heuristics of the root run.
    pub node_limit: u64,
    /// Open nodes that a certificate bounds one by one after a limit; the others get the bound of the root. Beside this,
    /// a limit of time applies to that work, too (see [`crate::solve_certified`]).
    pub closing_limit: u64,
    /// Relative gap `|incumbent - bound| / |incumbent|` at which the search ends. Gaps are measured on what can change: without
    /// the constant of the objective and the costs of fixed columns.
    pub mip_rel_gap: f64,
    /// Absolute gap at which the search ends, in units of the objective; 0 proves the optimum to the last digit. Without one, it
    /// is 0 where the objective has a step (whole columns alone have costs, the dearest less than 2^50 times their greatest common
    /// divisor), and otherwise a millionth (of the largest cost, if
    /// that is below 1) or a billionth of the objective; for linear programs a billionth.
    pub mip_abs_gap: Option<f64>,
    /// Threads of the tree search, 0 for as many as the machine has cores. How the tree is searched does not depend on them
    /// (see [`Parameters::subtrees`], beyond which there is no use in threads): but for limits of time and memory and interruptions the outcome is the
    /// same. Under a certificate, and where [`crate::Control::judges`], there is but one.
    pub threads: usize,
    /// Seed of what is arbitrary: which of equal columns is branched on first, and by how much the simplex method moves costs and
    /// bounds where it is stuck. With 0 the first column goes first.
    pub seed: u64,
    /// How the search goes about it.
    pub parameters: Parameters,
    /// A first incumbent (length `num_vars()`), taken if it is feasible and judged well.
    pub start: Option<Vec<f64>>,
    /// An objective that is known to be reached elsewhere, in the sense of the model: branch and bound looks only for points that are better by more than the gap, and
    /// where there is none, the status is [`crate::Status::Infeasible`]; whether there are points that are no better it does not say. Models that are solved without
    /// branching may have an optimum that is no better. With a certificate it is left out.
    pub cutoff: Option<Rational>,
    /// Largest violation of a bound or row, absolute, in the units of the model.
    pub feasibility_tolerance: f64,
    /// Largest distance of an integer variable from a whole number.
    pub integrality_tolerance: f64,
}

impl Options {
    /// Whether every number means something.
    ///
    /// # Errors
    /// [`crate::Error::Options`] for what is NaN or below 0.
    pub fn check(&self) -> Result<(), crate::Error> {
        let seconds = "give seconds, 0 or more, or infinity for no limit";
        let gigabytes = "give gigabytes, 0 or more, or infinity for no limit";
        let difference = "give a number that is 0 or more";
        let all = [
            ("time_limit", self.time_limit, seconds),
            ("memory_limit", self.memory_limit, gigabytes),
            ("mip_rel_gap", self.mip_rel_gap, difference),
            ("mip_abs_gap", self.mip_abs_gap.unwrap_or(0.0), difference),
            ("feasibility_tolerance", self.feasibility_tolerance, difference),
            ("integrality_tolerance", self.integrality_tolerance, difference),
        ];
        match all.into_iter().find(|(_, value, _)| value.is_nan() || *value < 0.0) {
            Some((option, value, message)) => Err(crate::Error::Options { option, value, message }),
            None => Ok(()),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            time_limit: f64::INFINITY,
            memory_limit: f64::INFINITY,
            node_limit: u64::MAX,
            closing_limit: u64::MAX,
            mip_rel_gap: 0.0,
            mip_abs_gap: None,
            threads: 1,
            seed: 0,
            parameters: Parameters::default(),
            start: None,
            cutoff: None,
            feasibility_tolerance: crate::tolerances::FEASIBILITY,
            integrality_tolerance: crate::tolerances::INTEGRALITY,
        }
    }
}
