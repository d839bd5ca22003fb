//! What the neurons of a layer may be and must keep.

use bdnn::{Norm, Problem, Robust, WeightDomain};

/// The conditions on the neurons of one layer.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) bias: bool,
    pub(super) weights: WeightDomain,
    /// A resting neuron has a <= -epsilon; 0 for the ideal semantics.
    pub(super) epsilon: f64,
    robust: Option<Robust>,
    /// The part of each site, and how many there are.
    pub(super) parts: Option<(Vec<u32>, usize)>,
}

impl Rules {
    /// Those of layer `k` (from 0): balls and parts concern the first layer, and what follows from it.
    pub(super) fn new(problem: &Problem, k: usize) -> Self {
        let parts = problem.partition.as_ref().filter(|_| k == 0).map(|partition| {
            let parts = partition.iter().max().map_or(0, |most| most + 1);
            (partition.iter().map(|&part| part as u32).collect(), parts)
        });
        Self {
            bias: problem.architecture.bias,
            weights: problem.architecture.weights,
            epsilon: problem.epsilon.unwrap_or(0.0),
            robust: problem.robust.filter(|robust| k == 0 && robust.radius > 0.0),
            parts: parts.filter(|&(_, parts)| parts < problem.points.len()),
        }
    }

    /// Whether every plane is allowed, so that line searches need not look where they stop.
    pub(super) fn plain(&self) -> bool {
        self.weights == WeightDomain::Continuous && self.lenient()
    }

    /// Whether every bias is allowed, whatever the weights.
    pub(super) fn lenient(&self) -> bool {
        self.epsilon == 0.0 && self.robust.is_none() && self.parts.is_none()
    }

    /// How far apart the highest resting and the lowest firing value must be for weights `w`.
    pub(super) fn corridor(&self, w: &[f64]) -> f64 {
        2.0 * self.reach(w) + self.epsilon
    }

    /// The same neurons without margin and balls.
    pub(super) fn loose(&self) -> Self {
        Self { epsilon: 0.0, robust: None, ..self.clone() }
    }

    /// The direction in which the reach of `w` falls fastest, times what a unit of it saves (a subgradient).
    pub(super) fn less_reach(&self, w: &[f64]) -> Vec<f64> {
        let Some(Robust { radius, norm }) = self.robust else { return vec![0.0; w.len()] };
        let largest = w.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
        let counts = |w: f64| norm == Norm::Linf || w.abs() == largest;
        w.iter().map(|&w| if w != 0.0 && counts(w) { -radius * w.signum() } else { 0.0 }).collect()
    }

    /// What a perturbation can move the pre-activation of a neuron by.
    pub(super) fn reach(&self, w: &[f64]) -> f64 {
        let Some(Robust { radius, norm }) = self.robust else { return 0.0 };
        let magnitudes = w.iter().map(|w| w.abs());
        radius
            * match norm {
                Norm::Linf => magnitudes.sum::<f64>(),
                Norm::L1 => magnitudes.fold(0.0, f64::max),
            }
    }
}
