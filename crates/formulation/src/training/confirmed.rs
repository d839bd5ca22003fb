//! What counts: networks that the exact check confirms, and bounds that hold for all of them.

use crate::Formulation;
use bdnn::tolerances::WHOLE_ACCURACY;
use bdnn::{Network, Problem};

/// Whether every network's objective is a whole number.
pub(super) fn has_whole_objective(problem: &Problem) -> bool {
    problem.l0 == 0.0 && problem.l1 == 0.0
}

/// The bound on the objective that a bound on the model gives.
pub(super) fn proven_bound(problem: &Problem, bound: f64) -> f64 {
    // Adding 0.0 turns -0.0 into 0.0.
    if has_whole_objective(problem) && bound.is_finite() { (bound - WHOLE_ACCURACY).ceil() + 0.0 } else { bound }
}

/// A network that counts: it passes the exact check of the problem with its margin.
#[derive(Clone, Debug)]
pub(super) struct Confirmed {
    pub(super) network: Network,
    pub(super) loss: u64,
    pub(super) objective: f64,
    /// The same as a point of the model; `None` where there are several, of which one may have it.
    pub(super) point: Option<Vec<f64>>,
}

impl Confirmed {
    /// A network that passes the exact check with this loss.
    pub(super) fn new(formulation: &Formulation, network: Network, loss: u64) -> Self {
        let point = formulation.output().is_none().then(|| formulation.encode_checked(&network));
        let objective = formulation.problem().objective(&network, loss);
        Self { network, loss, objective, point }
    }
}
