//! From planes in working units to a network that counts: one that has passed the exact forward pass.

use super::arena::Arena;
use super::descent::Plane;
use bdnn::{Layer, Network, Problem, Stop, WeightDomain, exact};

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
        Ok(Self::counted(problem, network, loss))
    }

    /// As [`Self::new`]; `None` once `stop` says so.
    pub(super) fn within(
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
/// the middle of the gap between the points that fire and those that rest once more, where there is one.
pub(super) fn realise(arena: &Arena<'_>, planes: &[Vec<Plane>]) -> Network {
    let widths = arena.problem.architecture.widths();
    let free = arena.problem.architecture.weights == WeightDomain::Continuous && arena.problem.epsilon.is_none();
    let mut layers = Vec::with_capacity(planes.len());
    for (k, planes) in planes.iter().enumerate() {
        let mut layer = Layer::zeros(widths[k], widths[k + 1]);
        for (j, plane) in planes.iter().enumerate() {
            let (mut w, mut bias) =
                if k == 0 { arena.inputs.to_scaled(&plane.w, plane.bias) } else { (plane.w.clone(), plane.bias) };
            if free {
                bias *= fill_box(&mut w);
            }
            if k == 0 && arena.rules[0].bias {
                bias = centre(arena, plane, &w).unwrap_or(bias);
            }
            layer.weights[j * widths[k]..(j + 1) * widths[k]].copy_from_slice(&w);
            layer.biases[j] = bias;
        }
        layers.push(layer);
    }
    Network { layers }
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

/// The bias in the middle of what scaled weights `w` leave between the two sides of `plane`; `None` where they overlap or
/// one is empty.
fn centre(arena: &Arena<'_>, plane: &Plane, w: &[f64]) -> Option<f64> {
    let mut activations = Vec::new();
    arena.inputs.columns.combine(&plane.w, plane.bias, &mut activations);
    let (mut rests, mut fires) = (f64::NEG_INFINITY, f64::INFINITY);
    for (i, &a) in activations.iter().enumerate() {
        let value: f64 = w.iter().zip(arena.problem.points.scaled(i)).map(|(w, x)| w * x).sum();
        if a >= 0.0 {
            fires = fires.min(value);
        } else {
            rests = rests.max(value);
        }
    }
    let gap = fires - rests;
    (gap > 0.0 && gap.is_finite()).then(|| -(rests + 0.5 * gap) - 0.5 * arena.rules[0].epsilon)
}
