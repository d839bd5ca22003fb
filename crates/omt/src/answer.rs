//! From a solved formula to a network that the exact forward pass confirms.

use crate::encode::{Encoding, Threshold};
use crate::search::Solver;
use crate::theory::{Lemma, Separation};
use bdnn::separation::{self, Effort, Semantics};
use bdnn::{Layer, Network, Problem, Rational, Stop, WeightDomain};

/// What became of a solution of the formula.
pub(crate) enum Realised {
    /// A network, with its exact loss.
    Network(Network, u64),
    /// Exact arithmetic refuses some neuron's pattern: lemmas (by layer) that exclude the solution.
    Refuted(Vec<(usize, Lemma)>),
    /// Separable in exact arithmetic, but no float weights were found that realise it.
    Unrealised,
    /// Exact arithmetic was told to stop before it knew.
    Stopped,
}

/// How weights are chosen, in the order of trial.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weights {
    /// By the float simplex, with a large margin.
    Widest,
    /// By the exact simplex, scaled to whole numbers over a power of two, so that nothing is rounded: activations
    /// that must be 0 are 0.
    Whole,
    /// By the exact simplex, rounded: where a margin forbids scaling.
    Rounded,
}

/// Builds the network of the patterns the theories hold (and the fixed output neuron, if there is one) and confirms
/// that it costs no more than `claimed`: where activations must be 0, rounding can turn a pattern into another. Once `stop`
/// says so, the weights that the float simplex has at hand are the last that are tried.
pub(crate) fn realise(
    problem: &Problem,
    output: Option<&Threshold>,
    theories: &mut [Separation],
    claimed: u64,
    stop: &Stop<'_>,
) -> Option<(Network, u64)> {
    [Weights::Widest, Weights::Whole, Weights::Rounded].into_iter().find_map(|weights| {
        let network = network(problem, output, theories, weights, stop)?;
        let loss = bdnn::exact::check(problem, &network).ok()?;
        (loss <= claimed).then_some((network, loss))
    })
}

/// The network of the solver's current solution, or why there is none.
pub(crate) fn realise_solution(
    problem: &Problem,
    encoding: &Encoding,
    solver: &mut Solver,
    stop: &Stop<'_>,
) -> Realised {
    let claimed = encoding.formula.offset + solver.paid();
    let output = encoding.output.as_ref();
    if let Some((network, loss)) = realise(problem, output, solver.theories_mut(), claimed, stop) {
        return Realised::Network(network, loss);
    }
    if stop() {
        return Realised::Stopped;
    }
    let mut effort = Effort { words: u64::MAX, stop };
    let mut lemmas = Vec::new();
    for (theory, neuron) in solver.theories_mut().iter().zip(&encoding.formula.neurons) {
        let lemma = theory.geometry().confirm_all(theory.asserted(), &mut effort);
        lemmas.extend(lemma.map(|lemma| (neuron.layer, lemma)));
    }
    match lemmas.is_empty() {
        false => Realised::Refuted(lemmas),
        true if stop() => Realised::Stopped,
        true => Realised::Unrealised,
    }
}

fn network(
    problem: &Problem,
    output: Option<&Threshold>,
    theories: &mut [Separation],
    kind: Weights,
    stop: &Stop<'_>,
) -> Option<Network> {
    let widths = problem.architecture.widths();
    let mut layers: Vec<Layer> = widths.windows(2).map(|w| Layer::zeros(w[0], w[1])).collect();
    let mut theories = theories.iter_mut();
    let mut remaining = theories.len();
    for (k, layer) in layers.iter_mut().enumerate() {
        if remaining == 0 {
            let output = output?;
            let whole = problem.architecture.weights != WeightDomain::Continuous;
            let largest = if whole { 1.0 } else { f64::from(*output.weights.first()?) };
            for (weight, &w) in layer.weights.iter_mut().zip(&output.weights) {
                *weight = f64::from(w) / largest;
            }
            layer.biases[0] = (0.5 - f64::from(output.threshold)) / largest;
            continue;
        }
        for j in 0..layer.outputs {
            let theory = theories.next()?;
            remaining -= 1;
            let (weights, bias) = match kind {
                Weights::Widest => scaled(problem, k, theory.widest(stop)?),
                Weights::Whole | Weights::Rounded => exact_neuron(problem, k, theory, kind == Weights::Whole, stop)?,
            };
            layer.weights[j * layer.inputs..(j + 1) * layer.inputs].copy_from_slice(&weights);
            layer.biases[j] = bias;
        }
    }
    Some(Network { layers })
}

/// Brings a neuron from the units of its rows to those of the network: the first layer acts on scaled features, and
/// in ideal semantics the largest weight becomes 1. Whole weights are in the network's units already.
fn scaled(problem: &Problem, layer: usize, (mut weights, mut bias): (Vec<f64>, f64)) -> (Vec<f64>, f64) {
    if problem.architecture.weights != WeightDomain::Continuous {
        return (weights, bias);
    }
    if layer == 0 && raw_rows(problem) {
        let scaler = problem.points.scaler();
        for (j, weight) in weights.iter_mut().enumerate() {
            bias += *weight * scaler.shift[j];
            *weight *= scaler.divisor[j];
        }
    }
    if problem.epsilon.is_none() {
        normalise(&mut weights, &mut bias);
    }
    (weights, bias)
}

fn raw_rows(problem: &Problem) -> bool {
    problem.epsilon.is_none() && problem.robust.is_none() && problem.architecture.bias
}

/// Scales the largest weight to 1; a constant neuron gets bias 1 or -1.
fn normalise(weights: &mut [f64], bias: &mut f64) {
    let largest = weights.iter().fold(0.0_f64, |most, w| most.max(w.abs()));
    if largest > 0.0 {
        weights.iter_mut().for_each(|w| *w /= largest);
        *bias /= largest;
    } else if *bias != 0.0 {
        *bias = bias.signum();
    }
}

/// Scales rationals (weights, then the bias) to whole numbers over a power of two, the largest weight at most 1.
fn scale_to_dyadic(numbers: &mut [Rational]) {
    let mut common = Rational::ONE;
    for number in numbers.iter() {
        let denominator = (number.clone() * common.clone()).denominator().clone();
        common *= Rational::from(denominator);
    }
    numbers.iter_mut().for_each(|v| *v *= common.clone());
    let magnitude = |v: &Rational| if *v < Rational::ZERO { -v.clone() } else { v.clone() };
    let weights = numbers.len().saturating_sub(1);
    let largest = numbers[..weights].iter().map(magnitude).fold(Rational::ONE, Rational::max);
    let mut power = Rational::ONE;
    while power < largest {
        power *= Rational::from(2_u8);
    }
    numbers.iter_mut().for_each(|v| *v /= power.clone());
}

/// The neuron by the exact simplex, rounded to floats.
fn exact_neuron(
    problem: &Problem,
    layer: usize,
    theory: &Separation,
    whole: bool,
    stop: &Stop<'_>,
) -> Option<(Vec<f64>, f64)> {
    if theory.geometry().discrete().is_some() {
        return None;
    }
    let asserted = theory.asserted();
    let inputs = problem.architecture.widths()[layer];
    let exact = |site: usize| {
        if layer == 0 {
            problem.points.scaled_exact(site)
        } else {
            theory.geometry().pattern(site).into_iter().map(|on| Rational::from(u8::from(on))).collect()
        }
    };
    let points: Vec<Vec<Rational>> =
        asserted.iter().map(|&(site, _)| (!stop()).then(|| exact(site as usize))).collect::<Option<_>>()?;
    let fires: Vec<bool> = asserted.iter().map(|&(_, side)| side == crate::theory::Side::Fires).collect();
    let mut effort = Effort { words: u64::MAX, stop };
    match separation::separate_within(&points, &fires, &Semantics::of_layer(problem, layer), &mut effort)? {
        separation::Verdict::Separable(separator) => {
            let mut numbers =
                if separator.weights.is_empty() { vec![Rational::ZERO; inputs] } else { separator.weights };
            numbers.push(separator.bias);
            if whole {
                scale_to_dyadic(&mut numbers);
            }
            let mut floats: Vec<f64> = numbers.iter().map(|v| v.to_f64().value()).collect();
            let bias = floats.pop()?;
            Some((floats, bias))
        }
        separation::Verdict::Inseparable(_) => None,
    }
}
