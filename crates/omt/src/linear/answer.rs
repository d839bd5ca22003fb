//! From a hyperplane in floats to a neuron whose cost is exact: the widest margin, then the exact forward pass.

use super::alternative::{Alternative, Role};
use super::core::{Core, Member};
use super::geometry::Geometry;
use super::task::Task;
use crate::floats::{Asked, near};
use crate::tolerances::NEURON_SIDE;
use bdnn::separation::{Conflict, Effort, Semantics, Verdict, separate_within};
use bdnn::{Layer, Network, Points, Rational, exact};
use budget::Pace;
use dashu::integer::IBig;
use numerics::whole::common_denominator;
use serde::{Deserialize, Serialize};

/// Numbers up to which a better neuron is given the widest margin: beyond, each of a thousand pivots takes a millisecond.
const WIDENED: usize = 1 << 20;

/// Weights (length n, absolute maximum at most 1) and bias in scaled units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Neuron {
    /// One a feature.
    pub weights: Vec<f64>,
    /// 0 without bias.
    pub bias: f64,
}

impl Neuron {
    /// The neuron as a network without hidden layer.
    #[must_use]
    pub fn network(&self) -> Network {
        let layer =
            Layer { inputs: self.weights.len(), outputs: 1, weights: self.weights.clone(), biases: vec![self.bias] };
        Network { layers: vec![layer] }
    }

    /// Whether all its numbers are finite, as a network's have to be.
    pub(super) fn is_finite(&self) -> bool {
        self.weights.iter().chain([&self.bias]).all(|v| v.is_finite())
    }

    /// The cost of the neuron, without the task's base, by the exact forward pass. Cost O(m n) where floats decide.
    #[must_use]
    pub fn cost(&self, points: &Points, task: &Task) -> u64 {
        let patterns = exact::patterns(points, &self.network());
        task.cost(|i| patterns[i][0][0])
    }
}

/// The best neuron so far and its exact cost (without the task's base).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Incumbent {
    /// The neuron.
    pub neuron: Neuron,
    /// Exact.
    pub cost: u64,
}

impl Incumbent {
    /// The better one of the two neurons that do the same at every point. Cost O(m).
    pub(super) fn constant(points: &Points, geometry: &Geometry, task: &Task) -> Self {
        let weights = vec![0.0; points.num_features()];
        let fire = Neuron { weights: weights.clone(), bias: 0.0 };
        let rest = Neuron { weights, bias: -1.0 };
        // Without weights the sign is that of the bias.
        let of = |neuron: Neuron, fires: bool| Self { cost: task.cost(|_| fires), neuron };
        let (fire, rest) = (of(fire, true), of(rest, false));
        if geometry.bias() && rest.cost < fire.cost { rest } else { fire }
    }
}

/// A neuron in the place of w (length dim, float units) with the widest margin that keeps right what w has right, if its
/// exact cost is below `upper`. Exact arithmetic ends when `stop` says so.
pub(super) fn improve(
    points: &Points,
    geometry: &Geometry,
    task: &Task,
    w: &[f64],
    upper: u64,
    stop: &dyn Fn() -> bool,
) -> Option<Incumbent> {
    let mut activations = Vec::new();
    geometry.activations(w, &mut activations);
    let doubt = NEURON_SIDE * w.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
    let right: Vec<bool> = (0..task.len()).map(|i| task.right(i, activations[i], doubt, geometry.bias())).collect();
    let promised = task.cost(|i| right[i] == task.wanted[i]);
    if promised >= upper {
        return None;
    }
    let widest = (task.len() * geometry.dim() <= WIDENED).then(|| {
        let mut simplex = Alternative::elastic(geometry);
        for i in (0..task.len()).filter(|&i| right[i] && task.weight[i] > 0) {
            simplex.set(i, Role::Asked(task.wanted[i]), 0.0);
        }
        simplex.widest(&mut Pace::new(&mut || stop()))
    });
    let candidates = widest.flatten().into_iter().chain([w.to_vec()]).filter_map(|w| {
        let (weights, bias) = geometry.unscale(&w);
        let neuron = Neuron { weights, bias };
        // Where features are next to nothing weights may lie beyond floats.
        neuron.is_finite().then(|| Incumbent { cost: neuron.cost(points, task), neuron })
    });
    // The first of equals: the widest margin.
    let best = candidates.reduce(|best, next| if next.cost < best.cost { next } else { best });
    match best {
        Some(best) if best.cost <= promised => Some(best),
        best if geometry.bias() => best.filter(|best| best.cost < upper),
        best => match settle(points, geometry, task, &right, stop) {
            Some(Settled::Found(exact)) if exact.cost < best.as_ref().map_or(upper, |best| best.cost.min(upper)) => {
                Some(exact)
            }
            _ => best.filter(|best| best.cost < upper),
        },
    }
}

/// The verdict of exact arithmetic on a set of points to have right.
#[derive(Debug)]
pub(super) enum Settled {
    /// A neuron of floats that came of an exact separator, and its exact cost (which rounding may have raised).
    Found(Incumbent),
    /// No neuron has them all right, by this core.
    Impossible(Core),
}

/// Whether some neuron has all points `right` (length m) right: an exact simplex, so costly, but it never guesses. `None`
/// if it had to end because `stop` said so.
pub(super) fn settle(
    points: &Points,
    geometry: &Geometry,
    task: &Task,
    right: &[bool],
    stop: &dyn Fn() -> bool,
) -> Option<Settled> {
    let asked: Vec<usize> = (0..task.len()).filter(|&i| right[i] && task.weight[i] > 0).collect();
    let exact: Vec<Vec<Rational>> = asked.iter().map(|&i| points.scaled_exact(i)).collect();
    let sides: Vec<bool> = asked.iter().map(|&i| task.wanted[i]).collect();
    let semantics = Semantics { bias: geometry.bias(), bound: 1.0, epsilon: None, robust: None };
    Some(match separate_within(&exact, &sides, &semantics, &mut Effort { words: u64::MAX, stop })? {
        Verdict::Inseparable(conflict) => Settled::Impossible(core(&conflict, &asked)),
        Verdict::Separable(mut separator) => {
            separator.weights.resize(points.num_features(), Rational::ZERO);
            let asked = Asked { points: &exact, fires: &sides, semantics };
            let (weights, bias) = asked.of_separator(&separator, stop).unwrap_or_else(|| near(&separator, true));
            let neuron = Neuron { weights, bias };
            Settled::Found(Incumbent { cost: neuron.cost(points, task), neuron })
        }
    })
}

/// The core of a conflict among the points `asked`, its multipliers times a common denominator.
fn core(conflict: &Conflict, asked: &[usize]) -> Core {
    let sides = [(&conflict.firing, true), (&conflict.resting, false)];
    let mut members: Vec<(Member, &Rational)> = sides
        .iter()
        .flat_map(|&(side, fires)| {
            side.iter().map(move |(i, times)| (Member { point: asked[*i] as u32, fires }, times))
        })
        .collect();
    members.sort_by_key(|(member, _)| *member);
    let common = common_denominator(members.iter().map(|(_, times)| *times));
    let whole = |v: &Rational| v.numerator() * IBig::from(&common / v.denominator());
    Core {
        multipliers: members.iter().map(|(_, times)| whole(times)).collect(),
        members: members.into_iter().map(|(member, _)| member).collect(),
    }
}
