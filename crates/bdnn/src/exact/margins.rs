//! How far the points keep from the hyperplanes of a network.

use super::{ExactNetwork, Inputs, Neuron, Pattern, floats, inputs};
use crate::{Network, Points, Rational};

/// The smallest |a^k_j| among the points on either side of one neuron, in scaled units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Margin {
    /// Smallest a >= 0 among the points where the neuron fires; `None` if it fires nowhere.
    pub fires: Option<Rational>,
    /// Smallest -a > 0 among the points where it does not; `None` if it fires everywhere.
    pub rests: Option<Rational>,
}

/// The margins of every neuron, `[k - 1][j]`, exactly. Only points that rounding leaves as candidates are evaluated in
/// rationals.
///
/// # Panics
/// If the network does not fit the points (see [`Network::check`]).
#[must_use]
pub fn margins(points: &Points, network: &Network) -> Vec<Vec<Margin>> {
    let exact = ExactNetwork::new(network, points.scaler());
    let patterns: Vec<Pattern> = (0..points.len()).map(|i| exact.pattern(inputs(points, i))).collect();
    let mut all = Vec::with_capacity(exact.layers.len());
    for (k, neurons) in exact.layers.iter().enumerate() {
        let hidden: Vec<Vec<f64>> =
            if k == 0 { vec![] } else { patterns.iter().map(|pattern| floats(&pattern[k - 1])).collect() };
        let at = |i: usize| match hidden.get(i) {
            Some(h) => Inputs { scaled: h, raw: h },
            None => inputs(points, i),
        };
        let side = |j: usize, fires: bool| {
            let members: Vec<Inputs> = (0..points.len()).filter(|&i| patterns[i][k][j] == fires).map(at).collect();
            least(&neurons[j], &members)
        };
        all.push((0..neurons.len()).map(|j| Margin { fires: side(j, true), rests: side(j, false) }).collect());
    }
    all
}

/// The least |w'x + b| over `members`.
fn least(neuron: &Neuron, members: &[Inputs]) -> Option<Rational> {
    let magnitude = |value: Rational| if value < Rational::ZERO { -value } else { value };
    let estimates: Vec<_> = members.iter().map(|at| neuron.estimate(at.scaled)).collect();
    let ceiling =
        estimates.iter().map(|e| e.value.abs() + e.error).filter(|c| !c.is_nan()).fold(f64::INFINITY, f64::min);
    members
        .iter()
        .zip(&estimates)
        // Twice the error allows for the rounding of these two sums.
        .filter(|(_, e)| e.value.abs() - 2.0 * e.error <= ceiling || !e.error.is_finite())
        .map(|(at, _)| magnitude(neuron.value(at.raw)))
        .min()
}
