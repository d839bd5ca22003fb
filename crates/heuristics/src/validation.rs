//! Rows to choose a network by.

use bdnn::exact::ExactNetwork;
use bdnn::{Network, Problem, outputs};

/// Rows to choose the network by: the training objective alone would prefer what fits the training rows best.
#[derive(Clone, Debug, Default)]
pub struct Validation {
    /// Row-major, raw units, finite.
    pub rows: Vec<f64>,
    /// Class of each row.
    pub labels: Vec<usize>,
}

impl Validation {
    /// Rows that `network`, one of `problem`'s shape and scaling, predicts rightly once its outputs are of one scale.
    #[must_use]
    pub fn right(&self, problem: &Problem, network: &Network) -> usize {
        let even = outputs::even(problem, network.clone());
        let exact = ExactNetwork::new(&even, problem.points.scaler());
        let rows = self.rows.chunks_exact(problem.points.num_features());
        rows.zip(&self.labels).filter(|(row, label)| exact.predict(row) == **label).count()
    }
}
