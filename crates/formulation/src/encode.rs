//! From networks to points of the model and back.

use super::output::scale;
use super::symmetry;
use super::{Formulation, LayerVars, restrictions};
use bdnn::exact::{self, Pattern, Violation};
use bdnn::restrictions::{Trend, used_features};
use bdnn::separation::Sign;
use bdnn::{Layer, Network, Threshold, WeightDomain};

impl Formulation {
    /// A point of the model (length `model().num_vars()`) with the loss of `network`: the start of a solver. Constant
    /// neurons lose their weights, and with symmetry breaking neurons may be complemented and sorted, so its weights
    /// may belong to another network with the same outputs. It satisfies every row up to rounding.
    ///
    /// # Errors
    /// What `network` does that the problem (with its margin) forbids.
    pub fn encode(&self, network: &Network) -> Result<Vec<f64>, Violation> {
        exact::check(&self.problem, network)?;
        Ok(self.encode_checked(network))
    }

    /// [`Self::encode`] of a network that passes the exact check.
    pub(crate) fn encode_checked(&self, network: &Network) -> Vec<f64> {
        let mut network = network.clone();
        let mut activations = self.part_activations(&network).expect("parts share activations by the check");
        if self.problem.architecture.bias {
            self.still_constants(&mut network, &activations);
        }
        if self.options.symmetry {
            symmetry::canonical(&mut network, &mut activations, self.epsilon, self.problem.architecture.bias);
        }
        self.point(&network, &activations)
    }

    /// The network in a solution (length `model().num_vars()`): integer weights rounded, continuous ones cut to their
    /// box. Its loss is not that of the solution until an exact forward pass says so.
    #[must_use]
    pub fn decode(&self, solution: &[f64]) -> Network {
        let weights = self.problem.architecture.weights;
        let layer = |vars: &LayerVars| {
            if let (Some(function), true) = (&self.output, vars.weights.is_empty()) {
                return output_layer(function, weights);
            }
            let mut layer = Layer::zeros(vars.inputs, vars.outputs);
            for (w, var) in layer.weights.iter_mut().zip(&vars.weights) {
                *w = weights.nearest(solution[var.index()]);
            }
            for (b, var) in layer.biases.iter_mut().zip(&vars.biases) {
                *b = solution[var.index()] + 0.0;
            }
            layer
        };
        Network { layers: self.structure.layers.iter().map(layer).collect() }
    }

    /// The activations a solution claims, one pattern a part: its binaries, rounded, and a fixed function of them.
    #[must_use]
    pub fn activations(&self, solution: &[f64]) -> Vec<Pattern> {
        let fires = |layer: &LayerVars, p: usize| -> Vec<bool> {
            (0..layer.outputs).map(|j| solution[layer.activation(p, j).index()] > 0.5).collect()
        };
        let of_part = |p: usize| {
            let mut pattern: Pattern = self.structure.layers.iter().map(|layer| fires(layer, p)).collect();
            if let (Some(function), [hidden, output]) = (&self.output, &mut pattern[..]) {
                let inputs = hidden.iter().enumerate().fold(0, |inputs, (j, &fires)| inputs | usize::from(fires) << j);
                output[0] = function.at(inputs);
            }
            pattern
        };
        (0..self.structure.parts).map(of_part).collect()
    }

    /// The exact activations of a network, one pattern a part; `None` where points of a part differ.
    pub(crate) fn part_activations(&self, network: &Network) -> Option<Vec<Pattern>> {
        let mut of_part: Vec<Option<Pattern>> = vec![None; self.structure.parts];
        for (pattern, &part) in exact::patterns(&self.problem.points, network).into_iter().zip(&self.structure.part_of)
        {
            if of_part[part].as_ref().is_some_and(|first| *first != pattern) {
                return None;
            }
            of_part[part].get_or_insert(pattern);
        }
        of_part.into_iter().collect()
    }

    /// The signs that a solution's binaries leave to the weights, layer by layer and row-major; `None` if all are free.
    pub(crate) fn signs(&self, solution: &[f64]) -> Option<Vec<Vec<Sign>>> {
        let vars = &self.structure.restrictions;
        let trends = match &self.output {
            Some(function) => vec![vec![Trend { rises: true, falls: false }; function.inputs()]],
            None => vars.trends(solution),
        };
        self.signs_of(&trends, &vars.features(solution), |k, at| {
            solution[self.structure.layers[k].nonzeros[at].index()] > 0.5
        })
    }

    /// The signs that a network's own weights leave to others that stand for it: its trends and, where they are few enough, its features;
    /// with an l0 term its zeros.
    pub(crate) fn signs_of_network(&self, network: &Network) -> Option<Vec<Vec<Sign>>> {
        let restrictions = &self.problem.restrictions;
        let mut trends = restrictions.trends(network);
        trends.pop();
        let mut features = vec![];
        if let Some(most) = restrictions.fewer_features(self.problem.architecture.inputs) {
            let used = used_features(&network.layers[0]);
            features = vec![false; self.problem.architecture.inputs];
            used.into_iter().take(most).for_each(|l| features[l] = true);
        }
        self.signs_of(&trends, &features, |k, at| network.layers[k].weights[at] != 0.0)
    }

    /// `nonzero` says, with an l0 term, whether a weight of a layer may be other than 0.
    fn signs_of(
        &self,
        trends: &[Vec<Trend>],
        features: &[bool],
        nonzero: impl Fn(usize, usize) -> bool,
    ) -> Option<Vec<Vec<Sign>>> {
        let priced = self.problem.l0 > 0.0;
        if !priced && self.problem.restrictions.is_none() {
            return None;
        }
        let mut signs = restrictions::signs(&self.problem, trends, features);
        if priced {
            for (k, layer) in signs.iter_mut().enumerate() {
                layer
                    .iter_mut()
                    .enumerate()
                    .filter(|&(at, _)| !nonzero(k, at))
                    .for_each(|(_, sign)| *sign = Sign::ZERO);
            }
        }
        Some(signs)
    }

    /// Gives neurons that fire everywhere, or nowhere, the weights 0 (their biases may be anything otherwise).
    fn still_constants(&self, network: &mut Network, activations: &[Pattern]) {
        for (k, layer) in network.layers.iter_mut().enumerate() {
            for j in 0..layer.outputs {
                let fires = activations[0][k][j];
                if activations.iter().all(|pattern| pattern[k][j] == fires) {
                    layer.weights[j * layer.inputs..(j + 1) * layer.inputs].fill(0.0);
                    layer.biases[j] = if fires { 0.0 } else { -self.epsilon };
                }
            }
        }
    }

    /// The point of a network with these activations. If the output is fixed, its weights do not matter.
    pub(crate) fn point(&self, network: &Network, activations: &[Pattern]) -> Vec<f64> {
        let mut point = vec![0.0; self.model.num_vars()];
        for (k, (vars, layer)) in self.structure.layers.iter().zip(&network.layers).enumerate() {
            for (at, (&w, var)) in layer.weights.iter().zip(&vars.weights).enumerate() {
                point[var.index()] = w;
                if let Some(xi) = vars.magnitudes.get(at) {
                    point[xi.index()] = w.abs();
                }
                if let Some(z) = vars.nonzeros.get(at) {
                    point[z.index()] = f64::from(u8::from(w != 0.0));
                }
            }
            for (b, var) in layer.biases.iter().zip(&vars.biases) {
                point[var.index()] = *b;
            }
            for (j, norm) in vars.norms.iter().enumerate() {
                point[norm.index()] = layer.neuron(j).iter().fold(0.0, |most, w| w.abs().max(most));
            }
            for (p, pattern) in activations.iter().enumerate() {
                for j in 0..vars.outputs {
                    point[vars.activation(p, j).index()] = f64::from(u8::from(pattern[k][j]));
                    let has_products = !vars.products.is_empty();
                    for l in (0..vars.inputs).filter(|&l| has_products && pattern[k - 1][l]) {
                        point[vars.product(p, j, l).index()] = layer.neuron(j)[l];
                    }
                }
            }
        }
        self.structure.restrictions.set(&self.problem, network, &mut point);
        for error in &self.structure.errors {
            let target = self.problem.architecture.target(error.class);
            let wrong = activations[error.part].last() != Some(&target);
            point[error.var.index()] = f64::from(u8::from(wrong));
        }
        point
    }
}

/// The neuron that computes a function.
fn output_layer(function: &Threshold, weights: WeightDomain) -> Layer {
    let scale = scale(weights, function);
    let mut layer = Layer::zeros(function.inputs(), 1);
    layer.weights.iter_mut().zip(&function.weights).for_each(|(w, &weight)| *w = scale * f64::from(weight));
    layer.biases[0] = scale * (0.5 - f64::from(function.threshold));
    layer
}
