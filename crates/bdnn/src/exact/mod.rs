//! The exact forward pass: every activation, loss and margin here is that of real arithmetic, never of rounding.
//!
//! Entry points: [`ExactNetwork`] (activations, predictions and pre-activations of one network), [`loss`], and
//! [`check`], which says whether a network satisfies everything a problem asks (domain of the weights, margin,
//! perturbation balls, shared parts) before its loss counts.
//!
//! A sign is decided by a float evaluation with a rigorous forward error bound where that suffices, and by big-integer
//! arithmetic without divisions where it does not. Inputs are the exact rationals of [`crate::Scaler`].
//!
//! Invariant: no function of this module returns a value that depends on rounding, but for bounds ([`margin_bounds`]), which hold all the same.

mod dyadic;
mod feasibility;
mod margins;
mod moved;
mod neuron;
mod scores;
#[cfg(test)]
mod tests;

pub(crate) use dyadic::Dyadic;
pub use feasibility::{Violation, check, check_within};
pub(crate) use feasibility::{domain, reach};
pub use margins::{MarginBound, margin_bounds};
pub(crate) use neuron::{Inputs, Neuron, Offset};

use crate::budget::never;
use crate::chunks::{in_chunks, rows_at_once};
use crate::{Network, Points, Problem, Rational, Scaler, Stop};
use neuron::ExactScaler;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

/// Activations of all layers at one point: `[k - 1][j]` is h^k_j, the last entry the outputs.
pub type Pattern = Vec<Vec<bool>>;

/// A network prepared for exact evaluation on points of one scaler.
#[derive(Clone, Debug)]
pub struct ExactNetwork {
    scaler: Scaler,
    pub(crate) layers: Vec<Vec<Neuron>>,
}

impl ExactNetwork {
    /// Prepares `network` for inputs in the raw units of `scaler`. Cost O(weights).
    ///
    /// # Panics
    /// If a number is not finite, a divisor is not positive or the shapes do not fit; [`Network::check`] and
    /// [`Scaler::check`] tell so with an error.
    #[must_use]
    pub fn new(network: &Network, scaler: &Scaler) -> Self {
        Self::within(network, scaler, &never).expect("nothing says stop")
    }

    /// As [`Self::new`]; `None` once `stop` says so.
    pub(crate) fn within(network: &Network, scaler: &Scaler, stop: &Stop<'_>) -> Option<Self> {
        assert_eq!(network.layers.first().map(|layer| layer.inputs), Some(scaler.shift.len()), "one input a feature");
        let mut layers = Vec::with_capacity(network.layers.len());
        for (k, layer) in network.layers.iter().enumerate() {
            let inputs = if k == 0 { scaler } else { &Scaler::identity(layer.inputs) };
            let exact = Arc::new(ExactScaler::new(inputs));
            let go_on = questions(layer.inputs, stop);
            let neuron = |j: usize| {
                let (weights, bias) = (layer.neuron(j), layer.biases[j]);
                assert!(weights.iter().all(|w| w.is_finite()) && bias.is_finite(), "finite by Network::check");
                go_on(j).then(|| Neuron::new(weights, bias, &exact))
            };
            layers.push((0..layer.outputs).map(neuron).collect::<Option<_>>()?);
        }
        Some(Self { scaler: scaler.clone(), layers })
    }

    /// K, the number of layers.
    #[must_use]
    pub fn num_layers(&self) -> usize {
        self.layers.len()
    }

    /// The activations of all layers at a point in raw units (length n, finite).
    #[must_use]
    pub fn activations(&self, raw: &[f64]) -> Pattern {
        self.pattern(Inputs { scaled: &self.scaled(raw), raw }, &never).expect("nothing says stop")
    }

    /// The outputs h^K at a point in raw units.
    #[must_use]
    pub fn outputs(&self, raw: &[f64]) -> Vec<bool> {
        self.activations(raw).pop().unwrap_or_default()
    }

    /// The class predicted at a point in raw units: h^K for one output; else the largest output, on a tie the larger
    /// pre-activation a^K, then the lower class index.
    #[must_use]
    pub fn predict(&self, raw: &[f64]) -> usize {
        let scaled = self.scaled(raw);
        let at = Inputs { scaled: &scaled, raw };
        match &self.layers[..] {
            [outputs] => class(outputs, |output| output.sign(at), |one, other| one.compare(other, at)),
            [first, ..] => {
                let hidden: Vec<bool> = first.iter().map(|neuron| neuron.sign(at) != Ordering::Less).collect();
                self.class_after(&hidden)
            }
            [] => unreachable!("a network has a layer"),
        }
    }

    /// The class predicted where the first of several layers has the activations `first`.
    pub(crate) fn class_after(&self, first: &[bool]) -> usize {
        let (outputs, between) = self.layers[1..].split_last().expect("a hidden layer is followed by another");
        let mut hidden = floats(first);
        for layer in between {
            let at = Inputs { scaled: &hidden, raw: &hidden };
            hidden = layer.iter().map(|neuron| f64::from(u8::from(neuron.sign(at) != Ordering::Less))).collect();
        }
        let at = Inputs { scaled: &hidden, raw: &hidden };
        class(outputs, |output| output.sign(at), |one, other| one.compare(other, at))
    }

    /// The pre-activations a^K of the outputs at a point in raw units, rounded so that they mean what [`Self::predict`] says: of one
    /// output the value is positive where it fires (the least positive float where a^K is 0) and negative where not; of
    /// several the predicted class has the largest, and no other has as much. Values are those of floats, off by roundings of
    /// sum |w x| + |b|. Cost as of a prediction.
    ///
    /// ```
    /// use bdnn::exact::ExactNetwork;
    /// use bdnn::{Layer, Network, Scaler};
    ///
    /// let layer = Layer { inputs: 1, outputs: 1, weights: vec![0.5], biases: vec![-1.0] };
    /// let exact = ExactNetwork::new(&Network { layers: vec![layer] }, &Scaler::identity(1));
    /// assert_eq!(exact.scores(&[4.0]), [1.0]);
    /// assert!(exact.predict(&[2.0]) == 1 && exact.scores(&[2.0])[0] > 0.0);
    /// ```
    #[must_use]
    pub fn scores(&self, raw: &[f64]) -> Vec<f64> {
        let (outputs, before) = self.layers.split_last().expect("a network has a layer");
        let scaled = self.scaled(raw);
        let mut hidden = vec![];
        for (k, layer) in before.iter().enumerate() {
            let at = if k == 0 { Inputs { scaled: &scaled, raw } } else { Inputs { scaled: &hidden, raw: &hidden } };
            hidden = layer.iter().map(|neuron| f64::from(u8::from(neuron.sign(at) != Ordering::Less))).collect();
        }
        let at =
            if before.is_empty() { Inputs { scaled: &scaled, raw } } else { Inputs { scaled: &hidden, raw: &hidden } };
        let predicted = class(outputs, |output| output.sign(at), |one, other| one.compare(other, at));
        scores::of(outputs, at, predicted)
    }

    /// The pre-activations a^k_j of all layers at a point in raw units, `[k - 1][j]`, as rationals.
    #[must_use]
    pub fn pre_activations(&self, raw: &[f64]) -> Vec<Vec<Rational>> {
        let pattern = self.activations(raw);
        let values = |neurons: &[Neuron], raw: &[f64]| neurons.iter().map(|neuron| neuron.value(raw)).collect();
        let mut all = vec![values(&self.layers[0], raw)];
        for (neurons, hidden) in self.layers[1..].iter().zip(&pattern) {
            all.push(values(neurons, &floats(hidden)));
        }
        all
    }

    pub(crate) fn scaled(&self, raw: &[f64]) -> Vec<f64> {
        assert_eq!(raw.len(), self.scaler.shift.len(), "one value a feature");
        raw.iter().enumerate().map(|(j, &x)| self.scaler.scale(j, x)).collect()
    }

    /// `None` once `stop` says so, which only wide layers ask: whoever passes over points asks between them.
    fn pattern(&self, point: Inputs, stop: &Stop<'_>) -> Option<Pattern> {
        let fires = |neurons: &[Neuron], at: Inputs| -> Option<Vec<bool>> {
            let go_on = questions(at.scaled.len(), stop);
            let fires = |(j, neuron): (usize, &Neuron)| (j == 0 || go_on(j)).then(|| neuron.sign(at) != Ordering::Less);
            neurons.iter().enumerate().map(fires).collect()
        };
        let mut pattern = vec![fires(&self.layers[0], point)?];
        for neurons in &self.layers[1..] {
            let hidden = floats(&pattern[pattern.len() - 1]);
            pattern.push(fires(neurons, Inputs { scaled: &hidden, raw: &hidden })?);
        }
        Some(pattern)
    }
}

/// The class that the pre-activations of the `outputs` mean, given their signs and how two of them compare.
fn class(
    outputs: &[Neuron],
    sign: impl Fn(&Neuron) -> Ordering,
    compare: impl Fn(&Neuron, &Neuron) -> Ordering,
) -> usize {
    if let [single] = outputs {
        return usize::from(sign(single) != Ordering::Less);
    }
    // An output that fires has the larger pre-activation, so comparing those settles both cases.
    let better = |class: usize, best: usize| compare(&outputs[class], &outputs[best]) == Ordering::Greater;
    (1..outputs.len()).fold(0, |best, class| if better(class, best) { class } else { best })
}

/// Activations as the numbers 0 and 1.
fn floats(activations: &[bool]) -> Vec<f64> {
    activations.iter().map(|&h| f64::from(u8::from(h))).collect()
}

fn inputs(points: &Points, i: usize) -> Inputs<'_> {
    Inputs { scaled: points.scaled(i), raw: points.raw(i) }
}

/// The activations of all layers at every distinct point, exactly. Cost O(points * weights) where floats decide.
///
/// # Panics
/// If the network does not fit the points (see [`Network::check`]).
#[must_use]
pub fn patterns(points: &Points, network: &Network) -> Vec<Pattern> {
    patterns_within(points, network, &never).unwrap_or_default()
}

/// As [`patterns`]; `None` once `stop` says so, which is asked now and then.
///
/// # Panics
/// As [`patterns`].
#[must_use]
pub fn patterns_within(points: &Points, network: &Network, stop: &Stop<'_>) -> Option<Vec<Pattern>> {
    let exact = ExactNetwork::within(network, points.scaler(), stop)?;
    let go_on = questions(products(network), stop);
    let pattern = |i: usize| if go_on(i) { exact.pattern(inputs(points, i), stop) } else { None };
    let patterns = |range: Range<usize>| range.map(pattern).collect::<Option<Vec<Pattern>>>();
    let chunks = in_chunks(points.len(), patterns).into_iter().collect::<Option<Vec<_>>>()?;
    Some(chunks.into_iter().flatten().collect())
}

/// The loss of `network` on the rows of `problem`, exactly. Says nothing of margins or balls: see [`check`].
///
/// # Panics
/// If the network does not fit the problem (see [`Network::check`]).
#[must_use]
pub fn loss(problem: &Problem, network: &Network) -> u64 {
    loss_within(problem, network, &never).unwrap_or_default()
}

/// As [`loss`]; `None` once `stop` says so, which is asked now and then.
///
/// # Panics
/// As [`loss`].
#[must_use]
pub fn loss_within(problem: &Problem, network: &Network, stop: &Stop<'_>) -> Option<u64> {
    let exact = ExactNetwork::within(network, problem.points.scaler(), stop)?;
    let go_on = questions(products(network), stop);
    let loss = |i: usize| {
        let pattern = if go_on(i) { exact.pattern(inputs(&problem.points, i), stop) } else { None }?;
        Some(problem.point_loss(i, &pattern[pattern.len() - 1]))
    };
    in_chunks(problem.points.len(), |range| range.map(loss).sum::<Option<u64>>()).into_iter().sum()
}

/// Whether to go on with the `i`-th of many things that cost so many products each: asked at the first of every few.
fn questions<'s>(products: usize, stop: &'s Stop<'s>) -> impl Fn(usize) -> bool + Sync + 's {
    let at_once = rows_at_once(products);
    move |i: usize| !i.is_multiple_of(at_once) || !stop()
}

/// Products of a pass over a point.
fn products(network: &Network) -> usize {
    network.layers.iter().map(|layer| layer.weights.len()).sum()
}

/// The units of the rows of each class with wrong outputs, in class order, in the ideal semantics. Cost O(points * weights).
///
/// # Panics
/// As [`loss`].
#[must_use]
pub fn class_errors(problem: &Problem, network: &Network) -> Vec<u64> {
    let exact = ExactNetwork::new(network, problem.points.scaler());
    let classes = problem.points.num_classes();
    let part = |range: Range<usize>| {
        let mut errors = vec![0; classes];
        for i in range {
            let pattern = exact.pattern(inputs(&problem.points, i), &never).expect("nothing says stop");
            let output = &pattern[pattern.len() - 1];
            errors.iter_mut().enumerate().for_each(|(class, sum)| *sum += problem.class_errors(i, class, output));
        }
        errors
    };
    let add = |mut sum: Vec<u64>, part: Vec<u64>| {
        sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
        sum
    };
    in_chunks(problem.points.len(), part).into_iter().fold(vec![0; classes], add)
}
