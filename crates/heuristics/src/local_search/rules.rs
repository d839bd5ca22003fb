//! What the neurons of a layer may be and must keep.

use bdnn::separation::Sign;
use bdnn::{Direction, Norm, Problem, Robust, WeightDomain};
use serde::{Deserialize, Serialize};

/// The conditions on the neurons of one layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Rules {
    pub(super) bias: bool,
    pub(super) weights: WeightDomain,
    /// A resting neuron has a <= -epsilon; 0 for the ideal semantics.
    pub(super) epsilon: f64,
    robust: Option<Robust>,
    /// The part of each site, and how many there are.
    pub(super) parts: Option<(Vec<u32>, usize)>,
    /// The sign of each weight; empty if all are free.
    pub(super) signs: Vec<Sign>,
    /// What a weight that is not 0 costs, and what its size does; real weights are shrunk in the end, so that their size here costs nothing.
    l0: f64,
    l1: f64,
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
            signs: signs(problem, k),
            l0: problem.l0,
            l1: if problem.architecture.weights == WeightDomain::Continuous { 0.0 } else { problem.l1 },
        }
    }

    /// Whether every plane with its signs is allowed, so that line searches need not look where they stop.
    pub(super) fn plain(&self) -> bool {
        self.weights == WeightDomain::Continuous && self.lenient()
    }

    /// Whether weights have no signs, so that every plane is allowed if every bias is.
    pub(super) fn free(&self) -> bool {
        self.signs.is_empty()
    }

    /// Whether every bias is allowed, whatever the weights.
    pub(super) fn lenient(&self) -> bool {
        self.epsilon == 0.0 && self.robust.is_none() && self.parts.is_none()
    }

    /// Whether weights have a price that a walk should know of.
    pub(super) fn priced(&self) -> bool {
        self.l0 > 0.0 || self.l1 > 0.0
    }

    /// What weights cost.
    pub(super) fn price(&self, w: &[f64]) -> f64 {
        if !self.priced() {
            return 0.0;
        }
        w.iter().filter(|w| **w != 0.0).map(|w| self.l0 + self.l1 * w.abs()).sum()
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

/// The signs of the weights of layer `k`. Networks are looked for whose later weights are not negative where the answer follows features in one
/// direction: with one hidden layer and biases no others are lost, since a neuron can be complemented. Which features may have weights, where not
/// all may, is each walk's own choice.
fn signs(problem: &Problem, k: usize) -> Vec<Sign> {
    let restrictions = &problem.restrictions;
    let inputs = problem.architecture.widths()[k];
    let directed = !restrictions.monotone.is_empty();
    if k > 0 {
        return if directed { vec![Sign { positive: true, negative: false }; inputs] } else { vec![] };
    }
    if !directed && restrictions.fewer_features(inputs).is_none() {
        return vec![];
    }
    let sign = |direction: Option<Direction>| {
        let only = direction.map_or(0.0, Direction::sign);
        Sign { positive: only >= 0.0, negative: only <= 0.0 }
    };
    restrictions.directions(inputs).into_iter().map(sign).collect()
}

/// Moves weights to the nearest ones that have these signs.
pub(super) fn clamp(w: &mut [f64], signs: &[Sign]) {
    for (w, sign) in w.iter_mut().zip(signs) {
        if *w > 0.0 && !sign.positive || *w < 0.0 && !sign.negative {
            *w = 0.0;
        }
    }
}

/// Keeps weights that are to be 0 out of a direction.
pub(super) fn clamp_fixed(v: &mut [f64], signs: &[Sign]) {
    v.iter_mut().zip(signs).filter(|(_, sign)| **sign == Sign::ZERO).for_each(|(v, _)| *v = 0.0);
}
