//! What is solved, and how a solve ends.

use dashu::rational::RBig;

use crate::simplex::VarStatus;

/// The end of an exact solve.
pub(crate) enum ExactEnd {
    /// Values of the n columns, and duals of the rows: an optimal pair.
    Optimal { point: Vec<RBig>, duals: Vec<RBig> },
    /// Multipliers y of the rows: the least value of `-(A'y)'x + y's` over the bounds is positive. Without meaning where a pair
    /// of bounds is crossed.
    Infeasible { multipliers: Vec<RBig> },
    /// A feasible point and a direction that keeps all rows and bounds, along which the objective falls (n columns each).
    Unbounded { point: Vec<RBig>, ray: Vec<RBig> },
    /// The meter ran out.
    Unfinished,
}

/// `min cost'x` over `A x - s = 0` and bounds on x and s.
#[derive(Clone)]
pub(crate) struct ExactLp {
    /// Columns of all n + m variables: (row, value).
    pub columns: Vec<Vec<(u32, RBig)>>,
    /// Costs of the n structural variables.
    pub cost: Vec<RBig>,
    /// Bounds of all n + m variables.
    pub lower: Vec<Option<RBig>>,
    pub upper: Vec<Option<RBig>>,
}

/// Which bound a basic variable violates.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Violated {
    Lower,
    Upper,
}

impl ExactLp {
    pub(super) fn num_rows(&self) -> usize {
        self.columns.len() - self.cost.len()
    }

    /// Where a variable with this status rests, `None` for a basic one: on the bound that the status names, or on another if it has
    /// no such bound.
    pub(super) fn rest(&self, var: usize, status: VarStatus) -> Option<(VarStatus, RBig)> {
        Some(match (status, &self.lower[var], &self.upper[var]) {
            (VarStatus::Basic, ..) => return None,
            (VarStatus::Lower | VarStatus::Zero, Some(lower), _) | (VarStatus::Upper, Some(lower), None) => {
                (VarStatus::Lower, lower.clone())
            }
            (_, _, Some(upper)) => (VarStatus::Upper, upper.clone()),
            (_, None, None) => (VarStatus::Zero, RBig::ZERO),
        })
    }

    pub(super) fn is_fixed(&self, var: usize) -> bool {
        self.lower[var].is_some() && self.lower[var] == self.upper[var]
    }

    pub(super) fn slack(&self) -> Vec<VarStatus> {
        let mut status = vec![VarStatus::Lower; self.cost.len()];
        status.resize(self.columns.len(), VarStatus::Basic);
        status
    }
}
