//! How far the points keep from the hyperplanes of a network, at least.

use super::{ExactNetwork, Inputs, floats, inputs, products, questions};
use crate::{Network, Points, Stop};
use numerics::Estimate;

/// Errors of an estimate that are left between a bound and the number: neurons that are scaled by the bound are decided by floats again.
const ERRORS: f64 = 4.0;

/// What |a^k_j| is at least among the points on either side of one neuron, in scaled units; infinite where there is no point. Not positive or NaN
/// where floats prove nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarginBound {
    /// Among the points where the neuron fires.
    pub fires: f64,
    /// Among the points where it does not.
    pub rests: f64,
}

/// Bounds on the margins of every neuron, `[k - 1][j]`, off by some roundings. Cost O(points * weights), and nothing as long as the common
/// denominator of many scaled features where floats decide signs. `None` once `stop` says so.
///
/// # Panics
/// If the network does not fit the points (see [`Network::check`]).
#[must_use]
pub fn margin_bounds(points: &Points, network: &Network, stop: &Stop<'_>) -> Option<Vec<Vec<MarginBound>>> {
    let exact = ExactNetwork::within(network, points.scaler(), stop)?;
    let none = MarginBound { fires: f64::INFINITY, rests: f64::INFINITY };
    let mut all: Vec<Vec<MarginBound>> = exact.layers.iter().map(|neurons| vec![none; neurons.len()]).collect();
    let go_on = questions(products(network), stop);
    for i in 0..points.len() {
        go_on(i).then_some(())?;
        let pattern = exact.pattern(inputs(points, i), stop)?;
        for (k, neurons) in exact.layers.iter().enumerate() {
            let hidden = if k == 0 { vec![] } else { floats(&pattern[k - 1]) };
            let at = if k == 0 { inputs(points, i) } else { Inputs { scaled: &hidden, raw: &hidden } };
            let of_layer = questions(at.scaled.len(), stop);
            for (j, ((neuron, bound), &fires)) in neurons.iter().zip(&mut all[k]).zip(&pattern[k]).enumerate() {
                (j == 0 || of_layer(j)).then_some(())?;
                let Estimate { value, error } = neuron.estimate(at.scaled);
                let own = if fires { &mut bound.fires } else { &mut bound.rests };
                let least = value.abs() - ERRORS * error;
                // Nothing is known of a sum that is no number.
                *own = if least.is_nan() { f64::NEG_INFINITY } else { own.min(least) };
            }
        }
    }
    Some(all)
}
