//! From planes in working units to a network that counts: one that has passed the exact forward pass.

use super::arena::Arena;
use super::columns::SITES_AT_ONCE;
use super::descent::Plane;
use bdnn::{Layer, Network, Problem, Stop, WeightDomain, exact};
use budget::Pace;
use serde::{Deserialize, Serialize};

/// A network that satisfies its problem, with its exact loss.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
        Ok(Self::counted(problem, network, loss))
    }

    /// As [`Self::new`]; `None` once `stop` says so.
    pub(crate) fn within(
        problem: &Problem,
        network: Network,
        stop: &Stop<'_>,
    ) -> Option<Result<Self, exact::Violation>> {
        let loss = exact::check_within(problem, &network, stop)?;
        Some(loss.map(|loss| Self::counted(problem, network, loss)))
    }

    fn counted(problem: &Problem, network: Network, loss: u64) -> Self {
        let objective = problem.objective(&network, loss);
        Self { network, loss, objective }
    }
}

/// The network of some planes, in scaled units. Working units are left by rounding, so first-layer biases are put into
/// the middle of the gap between the points that fire and those that rest once more, where there is one. Cost: two products a
/// site, feature and first-layer neuron; the data are read once. `None` once `until` says so.
pub(super) fn realise(arena: &Arena<'_>, planes: &[Vec<Plane>], until: &Stop<'_>) -> Option<Network> {
    let mut ask = || until();
    let mut pace = Pace::new(&mut ask);
    let widths = arena.problem.architecture.widths();
    let free = arena.problem.architecture.weights == WeightDomain::Continuous && arena.problem.epsilon.is_none();
    let mut layers = Vec::with_capacity(planes.len());
    for (k, planes) in planes.iter().enumerate() {
        let mut layer = Layer::zeros(widths[k], widths[k + 1]);
        for (j, plane) in planes.iter().enumerate() {
            (!pace.spend(widths[k])).then_some(())?;
            let (mut w, mut bias) =
                if k == 0 { arena.inputs.to_scaled(&plane.w, plane.bias) } else { (plane.w.clone(), plane.bias) };
            if free {
                bias *= fill_box(&mut w);
            }
            layer.weights[j * widths[k]..(j + 1) * widths[k]].copy_from_slice(&w);
            layer.biases[j] = bias;
        }
        if k == 0 && arena.rules[0].bias {
            centre(arena, planes, &mut layer, &mut pace)?;
        }
        layers.push(layer);
    }
    Some(Network { layers })
}

/// Multiplies `w` by a power of two, which rounds nothing, so that its largest entry is in (1/2, 1]; returns the factor.
fn fill_box(w: &mut [f64]) -> f64 {
    let largest = w.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
    if largest <= 0.0 || !largest.is_finite() {
        return 1.0;
    }
    let factor = (-largest.log2().ceil()).exp2();
    w.iter_mut().for_each(|w| *w *= factor);
    factor
}

/// w'x in four sums, which processors do at once.
fn product(w: &[f64], x: &[f64]) -> f64 {
    let (fours, others) = (w.chunks_exact(4), x.chunks_exact(4));
    let rest: f64 = fours.remainder().iter().zip(others.remainder()).map(|(w, x)| w * x).sum();
    let mut sums = [0.0; 4];
    for (w, x) in fours.zip(others) {
        sums.iter_mut().zip(w.iter().zip(x)).for_each(|(sum, (w, x))| *sum += w * x);
    }
    sums.iter().sum::<f64>() + rest
}

/// Puts the biases of a first layer in scaled units into the middle of what its weights leave between the two sides of each plane.
/// A bias stays where they overlap or one side is empty. `None` if `pace` ends that before.
fn centre(arena: &Arena<'_>, planes: &[Plane], layer: &mut Layer, pace: &mut Pace<'_>) -> Option<()> {
    let (columns, points) = (&arena.inputs.columns, &arena.problem.points);
    // The most that rests and the least that fires, a neuron.
    let mut sides = vec![(f64::NEG_INFINITY, f64::INFINITY); planes.len()];
    let mut activations = [0.0; SITES_AT_ONCE];
    for first in (0..columns.len).step_by(SITES_AT_ONCE) {
        let activations = &mut activations[..SITES_AT_ONCE.min(columns.len - first)];
        for ((plane, w), (rests, fires)) in planes.iter().zip(layer.weights.chunks(columns.dim)).zip(&mut sides) {
            (!pace.spend(2 * activations.len() * columns.dim)).then_some(())?;
            columns.combine_from(first, &plane.w, plane.bias, activations);
            for (i, &a) in (first..).zip(&*activations) {
                let value = product(w, points.scaled(i));
                if a >= 0.0 {
                    *fires = fires.min(value);
                } else {
                    *rests = rests.max(value);
                }
            }
        }
    }
    for (bias, (rests, fires)) in layer.biases.iter_mut().zip(sides) {
        let gap = fires - rests;
        if gap > 0.0 && gap.is_finite() {
            *bias = -(rests + 0.5 * gap) - 0.5 * arena.rules[0].epsilon;
        }
    }
    Some(())
}
