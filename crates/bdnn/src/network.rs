//! A trained network: weights and biases, h^k_j = 1 if W^k_j h^(k-1) + b^k_j >= 0 else 0.

use serde::{Deserialize, Serialize};

/// One layer, d_k neurons over d_(k-1) inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// d_(k-1).
    pub inputs: usize,
    /// d_k.
    pub outputs: usize,
    /// W^k by rows: neuron `j`'s weights stand at `j * inputs..(j + 1) * inputs`.
    pub weights: Vec<f64>,
    /// b^k, length d_k (zeros without biases).
    pub biases: Vec<f64>,
}

impl Layer {
    /// A layer of zeros.
    #[must_use]
    pub fn zeros(inputs: usize, outputs: usize) -> Self {
        Self { inputs, outputs, weights: vec![0.0; inputs * outputs], biases: vec![0.0; outputs] }
    }

    /// The weights of neuron `j`, length `inputs`.
    #[must_use]
    pub fn neuron(&self, j: usize) -> &[f64] {
        &self.weights[j * self.inputs..(j + 1) * self.inputs]
    }
}

/// Layers 1..K; acts on scaled features (see [`crate::Scaler`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// Layers in order; never empty.
    pub layers: Vec<Layer>,
}
