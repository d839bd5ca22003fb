//! From a solved formula to a network that the exact forward pass confirms.

use crate::encode::{Encoding, Threshold};
use crate::floats::{Asked, Floats};
use crate::goal::Claim;
use crate::search::Solver;
use crate::theory::{Lemma, Separation, Side};
use bdnn::separation::{self, Effort, Semantics, Sign};
use bdnn::{Direction, Layer, Network, Problem, Rational, Stop, WeightDomain};

/// What became of a solution of the formula.
pub(crate) enum Realised {
    /// A network, with its exact loss.
    Network(Network, u64),
    /// Exact arithmetic refuses some neuron's pattern: lemmas (by layer) that exclude the solution.
    Refuted(Vec<(usize, Lemma)>),
    /// Separable in exact arithmetic, but for these neurons (of all theories) no float weights were found that show it; none if
    /// each has some and all together do not show what is claimed.
    Unshown(Vec<usize>),
    /// Exact arithmetic was told to stop before it knew.
    Stopped,
}

/// Builds the network of the patterns the theories hold (and the fixed output neuron, if there is one) and confirms
/// what is claimed of it: where activations must be 0, rounding can turn a pattern into another. Once `stop`
/// says so, the weights that the float simplex has at hand are the last that are tried.
pub(crate) fn realise(
    problem: &Problem,
    output: Option<&Threshold>,
    theories: &mut [Separation],
    claim: &Claim<'_>,
    stop: &Stop<'_>,
) -> Option<(Network, u64)> {
    show(problem, output, theories, claim, stop).ok()
}

/// As [`realise`]; the error names the neurons for whose patterns no weights were found.
fn show(
    problem: &Problem,
    output: Option<&Threshold>,
    theories: &mut [Separation],
    claim: &Claim<'_>,
    stop: &Stop<'_>,
) -> Result<(Network, u64), Vec<usize>> {
    let confirmed = |neurons: Vec<Floats>| {
        let network = network(problem, output, neurons)?;
        let loss = claim.confirm(problem, &network)?;
        Some((network, loss))
    };
    let layers: Vec<usize> = layers(problem).take(theories.len()).collect();
    let widest: Vec<Option<Floats>> = theories
        .iter_mut()
        .zip(&layers)
        .map(|(theory, &layer)| Some(scaled(problem, layer, theory.widest(stop)?)))
        .collect();
    if let Some(shown) = widest.iter().cloned().collect::<Option<_>>().and_then(confirmed) {
        return Ok(shown);
    }
    let exact = |(k, widest): (usize, Option<Floats>)| {
        if stop() { None } else { exact_neuron(problem, layers[k], &theories[k], widest, stop) }
    };
    let shown: Vec<Option<Floats>> = widest.into_iter().enumerate().map(exact).collect();
    let unshown = (0..shown.len()).filter(|&k| shown[k].is_none()).collect();
    shown.into_iter().collect::<Option<_>>().and_then(confirmed).ok_or(unshown)
}

/// The network of the solver's current solution, or why there is none.
pub(crate) fn realise_solution(
    problem: &Problem,
    encoding: &Encoding,
    solver: &mut Solver,
    claim: &Claim<'_>,
    stop: &Stop<'_>,
) -> Realised {
    let output = encoding.output.as_ref();
    let unshown = match show(problem, output, solver.theories_mut(), claim, stop) {
        Ok((network, loss)) => return Realised::Network(network, loss),
        Err(unshown) => unshown,
    };
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
        true => Realised::Unshown(unshown),
    }
}

/// The layer (from 0) of each neuron, in the order of theories.
fn layers(problem: &Problem) -> impl Iterator<Item = usize> {
    let widths = problem.architecture.widths();
    widths.into_iter().skip(1).enumerate().flat_map(|(layer, width)| std::iter::repeat_n(layer, width))
}

/// The network of these neurons in the order of theories, with the fixed output neuron in the place of those that are not there.
fn network(problem: &Problem, output: Option<&Threshold>, neurons: Vec<Floats>) -> Option<Network> {
    let widths = problem.architecture.widths();
    let mut layers: Vec<Layer> = widths.windows(2).map(|w| Layer::zeros(w[0], w[1])).collect();
    let mut neurons = neurons.into_iter();
    for layer in &mut layers {
        if neurons.len() == 0 {
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
            let (weights, bias) = neurons.next()?;
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

/// Floats that do what is asserted of a neuron, by exact arithmetic: `widest`, or what is near an exact separator.
fn exact_neuron(
    problem: &Problem,
    layer: usize,
    theory: &Separation,
    widest: Option<Floats>,
    stop: &Stop<'_>,
) -> Option<Floats> {
    if theory.geometry().discrete().is_some() {
        return widest;
    }
    let asserted = theory.asserted();
    let exact = |site: usize| {
        if layer == 0 {
            problem.points.scaled_exact(site)
        } else {
            theory.geometry().pattern(site).into_iter().map(|on| Rational::from(u8::from(on))).collect()
        }
    };
    let points: Vec<Vec<Rational>> =
        asserted.iter().map(|&(site, _)| (!stop()).then(|| exact(site as usize))).collect::<Option<_>>()?;
    let fires: Vec<bool> = asserted.iter().map(|&(_, side)| side == Side::Fires).collect();
    let asked = Asked { points: &points, fires: &fires, semantics: Semantics::of_layer(problem, layer) };
    if let Some(found) = widest.and_then(|floats| asked.fit(floats)) {
        return Some(found);
    }
    let mut effort = Effort { words: u64::MAX, stop };
    let features = problem.architecture.inputs;
    let sign = |direction: Option<Direction>| {
        let only = direction.map_or(0.0, Direction::sign);
        Sign { positive: only >= 0.0, negative: only <= 0.0 }
    };
    // Without points there are no weights to be of a sign.
    let signed = layer == 0 && !problem.restrictions.monotone.is_empty() && !points.is_empty();
    let directions = if signed { problem.restrictions.directions(features) } else { vec![] };
    let signs: Vec<Sign> = directions.into_iter().map(sign).collect();
    match separation::separate_signed(&points, &fires, &signs, &asked.semantics, &mut effort)? {
        separation::Verdict::Separable(mut separator) => {
            separator.weights.resize(problem.architecture.widths()[layer], Rational::ZERO);
            asked.of_separator(&separator, stop)
        }
        separation::Verdict::Inseparable(_) => None,
    }
}
