//! A network counts only after the exact forward pass.

use bdnn::{Network, Problem, exact};

/// A network that satisfies its problem, with its exact loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirmed {
    /// The network.
    pub network: Network,
    /// Its exact loss.
    pub loss: u64,
    /// Loss plus regularisation.
    pub objective: f64,
}

impl Confirmed {
    /// Recounts `network`.
    ///
    /// # Errors
    /// What the problem forbids.
    pub fn new(problem: &Problem, network: Network) -> Result<Self, exact::Violation> {
        let loss = exact::check(problem, &network)?;
        let objective = problem.objective(&network, loss);
        Ok(Self { network, loss, objective })
    }
}
