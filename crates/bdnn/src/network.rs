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

    /// Whether the numbers of neuron `j` are finite; the layer is `k`, from 0, in what is said.
    pub(crate) fn check_finite(&self, k: usize, j: usize) -> Result<(), String> {
        if self.neuron(j).iter().all(|w| w.is_finite()) && self.biases[j].is_finite() {
            return Ok(());
        }
        Err(format!("layer {} has a weight or bias that is not finite", k + 1))
    }
}

/// Layers 1..K; acts on scaled features (see [`crate::Scaler`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Network {
    /// Layers in order; never empty.
    pub layers: Vec<Layer>,
}

impl Network {
    /// d_0, d_1, .., d_K.
    #[must_use]
    pub fn widths(&self) -> Vec<usize> {
        let first = self.layers.first().map(|layer| layer.inputs);
        first.into_iter().chain(self.layers.iter().map(|layer| layer.outputs)).collect()
    }

    /// Whether the layers fit together and every number is finite.
    ///
    /// # Errors
    /// What is wrong, naming the layer (counted from 1).
    pub fn check(&self) -> Result<(), String> {
        self.check_shape()?;
        let mut layers = self.layers.iter().enumerate();
        layers.try_for_each(|(k, layer)| (0..layer.outputs).try_for_each(|j| layer.check_finite(k, j)))
    }

    /// Whether the layers fit together. Cost O(layers).
    ///
    /// # Errors
    /// As [`Self::check`].
    pub(crate) fn check_shape(&self) -> Result<(), String> {
        if self.layers.is_empty() {
            return Err("the network has no layer".to_owned());
        }
        for (k, layer) in self.layers.iter().enumerate() {
            let at = k + 1;
            if k > 0 && layer.inputs != self.layers[k - 1].outputs {
                let before = self.layers[k - 1].outputs;
                return Err(format!("layer {at} takes {} inputs, but layer {k} has {before} outputs", layer.inputs));
            }
            if layer.outputs == 0 {
                return Err(format!("layer {at} has no neuron"));
            }
            if layer.inputs.checked_mul(layer.outputs) != Some(layer.weights.len()) {
                let (inputs, outputs, given) = (layer.inputs, layer.outputs, layer.weights.len());
                return Err(format!("layer {at} is {outputs} x {inputs}, but has {given} weights"));
            }
            if layer.biases.len() != layer.outputs {
                let (outputs, given) = (layer.outputs, layer.biases.len());
                return Err(format!("layer {at} has {outputs} neurons, but {given} biases"));
            }
        }
        Ok(())
    }

    /// Pre-activations a^k of all layers at the scaled point `x` (length d_0), in floats. Near 0 the sign may be wrong:
    /// what must be right goes through [`crate::exact`].
    #[must_use]
    pub fn pre_activations(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let mut all: Vec<Vec<f64>> = Vec::with_capacity(self.layers.len());
        let mut inputs = x.to_vec();
        for layer in &self.layers {
            let value = |j: usize| {
                let products = layer.neuron(j).iter().zip(&inputs).map(|(w, x)| w * x);
                products.fold(layer.biases[j], |sum, term| sum + term)
            };
            let values: Vec<f64> = (0..layer.outputs).map(value).collect();
            inputs = values.iter().map(|&a| f64::from(u8::from(a >= 0.0))).collect();
            all.push(values);
        }
        all
    }

    /// Activations h^k of all layers at the scaled point `x`, in floats: a guess near 0.
    #[must_use]
    pub fn activations(&self, x: &[f64]) -> Vec<Vec<bool>> {
        let fires = |layer: Vec<f64>| layer.into_iter().map(|a| a >= 0.0).collect();
        self.pre_activations(x).into_iter().map(fires).collect()
    }

    /// The outputs h^K at the scaled point `x`, in floats: a guess near 0.
    #[must_use]
    pub fn outputs(&self, x: &[f64]) -> Vec<bool> {
        self.activations(x).pop().unwrap_or_default()
    }

    /// The class predicted at the scaled point `x`, in floats: h^K for one output; else the largest output, on a tie
    /// the larger pre-activation, then the lower class index. A guess near 0 and near ties.
    #[must_use]
    pub fn predict(&self, x: &[f64]) -> usize {
        let values = self.pre_activations(x).pop().unwrap_or_default();
        if let [single] = values[..] {
            return usize::from(single >= 0.0);
        }
        // An output that fires has the larger pre-activation, so comparing those settles both cases.
        (1..values.len()).fold(0, |best, class| if values[class] > values[best] { class } else { best })
    }
}
