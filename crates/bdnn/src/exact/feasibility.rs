//! Whether a network satisfies everything a problem asks, exactly.

use super::dyadic::Dyadic;
use super::neuron::{Inputs, Neuron, Offset};
use super::{ExactNetwork, Pattern, floats, inputs, products, questions};
use crate::budget::never;
use crate::chunks::in_chunks;
use crate::{Architecture, Breach, ErrorLimit, Network, Norm, Points, Problem, Stop, WeightDomain};
use std::cmp::Ordering;
use std::ops::Range;

/// The first thing a network does that its problem forbids. Fields count from 0, messages from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Violation {
    /// The network has another shape, or a number that is not finite.
    #[error("{0}")]
    Shape(String),
    /// A weight outside its domain.
    #[error("layer {}, neuron {}: the weight {value} is not in the domain of the weights", layer + 1, neuron + 1)]
    Weight {
        /// The layer.
        layer: usize,
        /// The neuron.
        neuron: usize,
        /// The weight.
        value: f64,
    },
    /// A bias in an architecture without.
    #[error("layer {}, neuron {}: the bias {value} is not 0", layer + 1, neuron + 1)]
    Bias {
        /// The layer.
        layer: usize,
        /// The neuron.
        neuron: usize,
        /// The bias.
        value: f64,
    },
    /// A pre-activation that neither fires nor rests by the margin, for the point or somewhere in its ball.
    #[error(
        "layer {}, neuron {}: the activation at distinct point {} is not kept by margin and radius",
        layer + 1, neuron + 1, point + 1
    )]
    Undecided {
        /// The layer.
        layer: usize,
        /// The neuron.
        neuron: usize,
        /// The distinct point.
        point: usize,
    },
    /// More errors of a class than its limit allows.
    #[error("{errors} units of the rows of class {} are wrong, and the limit is {most}", class + 1)]
    Errors {
        /// The class.
        class: usize,
        /// What is wrong, in units.
        errors: u64,
        /// What may be.
        most: u64,
    },
    /// Weights that the restrictions forbid.
    #[error(transparent)]
    Restriction(#[from] Breach),
    /// Two points of one part with different activations.
    #[error("the distinct points {} and {} share a part, but not their activations", first + 1, second + 1)]
    Part {
        /// The first point of the part.
        first: usize,
        /// The other.
        second: usize,
    },
}

/// The exact loss of `network` if it satisfies `problem`: shape, domain and restrictions of the weights; with a margin, every
/// pre-activation of every layer >= 0 or <= -epsilon; with a radius, every first-layer activation the same over the
/// whole ball; with limits, no more errors of a class; with a partition, one activation pattern a part.
///
/// # Errors
/// The first violation: shape, domain and restrictions first, then in the order of points, layers and neurons, then limits, parts last.
///
/// # Panics
/// If [`Problem::check`] refuses the problem.
pub fn check(problem: &Problem, network: &Network) -> Result<u64, Violation> {
    check_within(problem, network, &never).expect("nothing says stop")
}

/// As [`check`]; `None` once `stop` says so, which is asked now and then.
///
/// # Errors
/// Within the option: the first violation, as of [`check`].
///
/// # Panics
/// As [`check`].
#[must_use]
pub fn check_within(problem: &Problem, network: &Network, stop: &Stop<'_>) -> Option<Result<u64, Violation>> {
    stated_and_counted(problem, network, stop).transpose()
}

/// `Ok(None)` once `stop` says so.
fn stated_and_counted(problem: &Problem, network: &Network, stop: &Stop<'_>) -> Result<Option<u64>, Violation> {
    if domain(&problem.architecture, network, stop)?.is_none() {
        return Ok(None);
    }
    if let Some(breach) = problem.restrictions.broken_by(network) {
        return Err(breach.into());
    }
    recount(problem, network, stop)
}

/// Loss of some points, their errors by limit and, where points share parts, their patterns.
type Counted = (u64, Vec<u64>, Vec<Pattern>);

/// The exact loss, if the points allow it; `Ok(None)` once `stop` says so.
fn recount(problem: &Problem, network: &Network, stop: &Stop<'_>) -> Result<Option<u64>, Violation> {
    let points = &problem.points;
    let Some(exact) = ExactNetwork::within(network, points.scaler(), stop) else { return Ok(None) };
    let Some(keepers) = keepers(problem, &exact, stop) else { return Ok(None) };
    let partitioned = problem.partition.is_some();
    let limits = &problem.error_limits;
    let go_on = questions(products(network), stop);
    let part = |range: Range<usize>| -> Result<Option<Counted>, Violation> {
        let (mut loss, mut errors, mut patterns) = (0, vec![0; limits.len()], vec![]);
        for point in range {
            if !go_on(point) {
                return Ok(None);
            }
            let Some(pattern) = exact.pattern(inputs(points, point), stop) else { return Ok(None) };
            if !keeps(&exact, &keepers, points, (point, &pattern), stop)? {
                return Ok(None);
            }
            let output = &pattern[pattern.len() - 1];
            loss += problem.point_loss(point, output);
            for (sum, limit) in errors.iter_mut().zip(limits) {
                *sum += problem.class_errors(point, limit.class, output);
            }
            if partitioned {
                patterns.push(pattern);
            }
        }
        Ok(Some((loss, errors, patterns)))
    };
    // The first violation is that of the first chunk with any.
    let (mut loss, mut errors, mut patterns) = (0, vec![0; limits.len()], vec![]);
    for chunk in in_chunks(points.len(), part) {
        let Some((part, of_class, of_chunk)) = chunk? else { return Ok(None) };
        loss += part;
        errors.iter_mut().zip(of_class).for_each(|(sum, of_chunk)| *sum += of_chunk);
        patterns.extend(of_chunk);
    }
    if let Some((ErrorLimit { class, most }, errors)) = problem.exceeded(&errors) {
        return Err(Violation::Errors { class, errors, most });
    }
    parts(problem, &patterns)?;
    Ok(Some(loss))
}

/// What must be true of all neurons; `None` once `stop` says so.
fn keepers(problem: &Problem, exact: &ExactNetwork, stop: &Stop<'_>) -> Option<Vec<Vec<Keeper>>> {
    let of_layer = |(k, neurons): (usize, &Vec<Neuron>)| {
        let go_on = questions(REACH * neurons.first().map_or(0, |neuron| neuron.weights().len()), stop);
        let keeper = |(j, neuron): (usize, &Neuron)| go_on(j).then(|| Keeper::new(problem, k, neuron));
        neurons.iter().enumerate().map(keeper).collect::<Option<Vec<Keeper>>>()
    };
    exact.layers.iter().enumerate().map(of_layer).collect()
}

/// What a weight costs in exact arithmetic, in products of floats, about.
const REACH: usize = 32;

/// Checks that every activation of a point's pattern is kept by margin and radius; false once `stop` says so.
fn keeps(
    exact: &ExactNetwork,
    keepers: &[Vec<Keeper>],
    points: &Points,
    (point, pattern): (usize, &Pattern),
    stop: &Stop<'_>,
) -> Result<bool, Violation> {
    for (layer, neurons) in exact.layers.iter().enumerate() {
        let idle = |keeper: &Keeper| keeper.fires.is_none() && keeper.rests.is_none();
        if keepers[layer].iter().all(idle) {
            continue;
        }
        let hidden = if layer == 0 { vec![] } else { floats(&pattern[layer - 1]) };
        let at = if layer == 0 { inputs(points, point) } else { Inputs { scaled: &hidden, raw: &hidden } };
        let go_on = questions(at.scaled.len(), stop);
        for (j, neuron) in neurons.iter().enumerate() {
            if j > 0 && !go_on(j) {
                return Ok(false);
            }
            if !keepers[layer][j].holds(neuron, at, pattern[layer][j]) {
                return Err(Violation::Undecided { layer, neuron: j, point });
            }
        }
    }
    Ok(true)
}

/// What must be true of one neuron beside the sign of its pre-activation.
struct Keeper {
    /// -rho, rho = r ||w||_*: fires means a - rho >= 0.
    fires: Option<Offset>,
    /// rho + epsilon: resting means a + rho + epsilon <= 0, or < 0 without epsilon.
    rests: Option<Offset>,
    strict: bool,
}

impl Keeper {
    fn new(problem: &Problem, layer: usize, neuron: &Neuron) -> Self {
        let reach = match problem.robust {
            Some(robust) if layer == 0 => Some(reach(robust.radius, robust.norm, neuron.weights())),
            _ => None,
        };
        let mut shift = reach.clone().unwrap_or(Dyadic::ZERO);
        shift.add(&problem.epsilon.map_or(Dyadic::ZERO, Dyadic::from_f64));
        Self {
            fires: reach.map(|rho| Offset::new(rho.negated())),
            rests: (shift.sign() != Ordering::Equal).then(|| Offset::new(shift)),
            strict: problem.epsilon.is_none(),
        }
    }

    fn holds(&self, neuron: &Neuron, at: Inputs, fires: bool) -> bool {
        if fires {
            return self.fires.as_ref().is_none_or(|offset| neuron.sign_plus(at, offset) != Ordering::Less);
        }
        self.rests.as_ref().is_none_or(|offset| match neuron.sign_plus(at, offset) {
            Ordering::Less => true,
            Ordering::Equal => !self.strict,
            Ordering::Greater => false,
        })
    }
}

/// r ||w||_* in scaled units, ||.||_* the dual of the ball's norm.
pub(crate) fn reach(radius: f64, norm: Norm, weights: &[f64]) -> Dyadic {
    let mut dual = Dyadic::ZERO;
    match norm {
        Norm::Linf => weights.iter().for_each(|&w| dual.add(&Dyadic::from_f64(w).abs())),
        Norm::L1 => dual = Dyadic::from_f64(weights.iter().fold(0.0, |most, w| w.abs().max(most))),
    }
    dual.times(&Dyadic::from_f64(radius))
}

/// Whether shape and numbers of `network` are those of `architecture`; `Ok(None)` once `stop` says so.
pub(crate) fn domain(architecture: &Architecture, network: &Network, stop: &Stop<'_>) -> Result<Option<()>, Violation> {
    network.check_shape().map_err(Violation::Shape)?;
    let widths = architecture.widths();
    if network.widths() != widths {
        let message = format!("the network has widths {:?} where {widths:?} are wanted", network.widths());
        return Err(Violation::Shape(message));
    }
    let bound = architecture.weights.bound();
    let whole = matches!(architecture.weights, WeightDomain::Integer(_));
    for (layer, weights) in network.layers.iter().enumerate() {
        let go_on = questions(weights.inputs, stop);
        for neuron in 0..weights.outputs {
            if !go_on(neuron) {
                return Ok(None);
            }
            weights.check_finite(layer, neuron).map_err(Violation::Shape)?;
            let outside = |w: &&f64| w.abs() > bound || (whole && w.fract() != 0.0);
            if let Some(&value) = weights.neuron(neuron).iter().find(outside) {
                return Err(Violation::Weight { layer, neuron, value });
            }
            let value = weights.biases[neuron];
            if !architecture.bias && value != 0.0 {
                return Err(Violation::Bias { layer, neuron, value });
            }
        }
    }
    Ok(Some(()))
}

fn parts(problem: &Problem, patterns: &[Pattern]) -> Result<(), Violation> {
    let Some(partition) = &problem.partition else { return Ok(()) };
    let mut first_of = vec![None; partition.iter().max().map_or(0, |most| most + 1)];
    for (second, &part) in partition.iter().enumerate() {
        let first = *first_of[part].get_or_insert(second);
        if patterns[first] != patterns[second] {
            return Err(Violation::Part { first, second });
        }
    }
    Ok(())
}
