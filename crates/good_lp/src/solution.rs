//! What the solver has found, by good_lp's variables.

use good_lp::{Solution, SolutionStatus, Variable};
use milp::Outcome;

use crate::reader::Places;

/// A solution of a model of good_lp.
pub struct HeavisideSolution {
    outcome: Outcome,
    status: SolutionStatus,
    places: Places,
}

impl HeavisideSolution {
    pub(crate) fn new(outcome: Outcome, status: SolutionStatus, places: Places) -> Self {
        Self { outcome, status, places }
    }

    /// All that the solver says: the proven bound, on what it rests, the work done. Columns stand in the order in which variables were added; a
    /// constant of the objective is in neither objective nor bound.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }
}

impl Solution for HeavisideSolution {
    fn status(&self) -> SolutionStatus {
        self.status
    }

    fn value(&self, variable: Variable) -> f64 {
        let place = self.places.of(variable);
        self.outcome.solution.as_ref().map_or(f64::NAN, |point| point[place])
    }
}
