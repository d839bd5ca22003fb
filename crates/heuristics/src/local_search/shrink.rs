//! The least weights with the same activations, where weights have a price.

use crate::tolerances::SPARE_MARGIN;
use bdnn::exact::{MarginBound, margin_bounds};
use bdnn::{Network, Norm, Problem, Stop, WeightDomain};

/// Scales every neuron of `network` down until its margin is just kept. Weights must be real and the problem have a margin;
/// otherwise nothing is done. Cost O(points * weights); `None` once `stop` says so.
pub(super) fn shrink(problem: &Problem, network: &Network, stop: &Stop<'_>) -> Option<Network> {
    let mut small = network.clone();
    let Some(epsilon) = problem.epsilon.filter(|_| problem.architecture.weights == WeightDomain::Continuous) else {
        return Some(small);
    };
    for (k, neurons) in margin_bounds(&problem.points, network, stop)?.iter().enumerate() {
        let layer = &mut small.layers[k];
        for (j, margin) in neurons.iter().enumerate() {
            let w = &mut layer.weights[j * layer.inputs..(j + 1) * layer.inputs];
            let reach = problem.robust.filter(|_| k == 0).map_or(0.0, |robust| {
                let magnitudes = w.iter().map(|w| w.abs());
                robust.radius
                    * match robust.norm {
                        Norm::Linf => magnitudes.sum::<f64>(),
                        Norm::L1 => magnitudes.fold(0.0, f64::max),
                    }
            });
            let old = layer.biases[j];
            let (factor, bias) = if problem.architecture.bias {
                with_bias(margin, reach, epsilon, old)
            } else {
                (without_bias(margin, reach, epsilon), 0.0)
            };
            if factor.is_finite() && factor < 1.0 {
                w.iter_mut().for_each(|w| *w *= factor);
                layer.biases[j] = bias;
            }
        }
    }
    Some(small)
}

/// The least factor of the weights, and the bias that goes with it.
fn with_bias(margin: &MarginBound, reach: f64, epsilon: f64, bias: f64) -> (f64, f64) {
    let MarginBound { fires, rests } = *margin;
    if rests == f64::INFINITY {
        return (0.0, 0.0);
    }
    if fires == f64::INFINITY {
        return (0.0, -epsilon);
    }
    let factor = epsilon * SPARE_MARGIN / (fires + rests - 2.0 * reach);
    (if factor > 0.0 { factor } else { 1.0 }, factor * (bias - 0.5 * (fires - rests)) - 0.5 * epsilon)
}

fn without_bias(margin: &MarginBound, reach: f64, epsilon: f64) -> f64 {
    if margin.rests == f64::INFINITY {
        return 0.0;
    }
    let factor = epsilon * SPARE_MARGIN / (margin.rests - reach);
    if factor > 0.0 { factor } else { 1.0 }
}
