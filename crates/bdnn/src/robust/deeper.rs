//! What the layers after the first can still say when some of its activations are open: intervals, rounded outwards.

use crate::exact::Neuron;
use numerics::tolerances::{EXTRA_OPERATIONS, RELATIVE_PER_OPERATION};

/// Layers 2..K of a network in floats.
#[derive(Clone, Debug)]
pub(super) struct Deeper {
    layers: Vec<Vec<Row>>,
}

/// One neuron over inputs 0 and 1.
#[derive(Clone, Debug)]
struct Row {
    weights: Vec<f64>,
    bias: f64,
    /// Bounds what rounding can do to any sum of some of the weights and the bias; 0 where such sums are exact.
    error: f64,
}

impl Row {
    fn new(weights: Vec<f64>, bias: f64) -> Self {
        let magnitude = weights.iter().fold(bias.abs(), |sum, w| sum + w.abs());
        let error = if exact_in_floats(&weights, bias, magnitude) {
            0.0
        } else {
            (weights.len() as f64 + EXTRA_OPERATIONS) * RELATIVE_PER_OPERATION * magnitude + f64::MIN_POSITIVE
        };
        Self { weights, bias, error }
    }

    /// Least and greatest pre-activation over all completions of `inputs`, before rounding errors.
    fn range(&self, inputs: &[Option<bool>]) -> (f64, f64) {
        let (mut low, mut high) = (self.bias, self.bias);
        for (&w, input) in self.weights.iter().zip(inputs) {
            match input {
                Some(true) => (low, high) = (low + w, high + w),
                Some(false) => {}
                None => (low, high) = (low + w.min(0.0), high + w.max(0.0)),
            }
        }
        (low, high)
    }

    fn activation(&self, inputs: &[Option<bool>]) -> Option<bool> {
        let (low, high) = self.range(inputs);
        if low - self.error >= 0.0 {
            Some(true)
        } else if high + self.error < 0.0 {
            Some(false)
        } else {
            None
        }
    }
}

/// Whether all partial sums are whole multiples of one power of two, and few enough that floats hold them.
fn exact_in_floats(weights: &[f64], bias: f64, magnitude: f64) -> bool {
    /// 2^26: multiples of 2^-26 up to 2^26 have 52 bits.
    const HALF_WORD: f64 = 67_108_864.0;
    magnitude < HALF_WORD && weights.iter().chain([&bias]).all(|v| (v * HALF_WORD).fract() == 0.0)
}

/// What may change the class.
pub(super) enum Threat {
    /// Nothing: every completion gives the same class.
    None,
    /// Something; if the neurons of the first layer weigh directly, the one that weighs most with the activation that
    /// does harm.
    Possible(Option<(usize, bool)>),
}

impl Deeper {
    pub(super) fn new(layers: &[Vec<Neuron>]) -> Self {
        let row = |neuron: &Neuron| Row::new(neuron.weights().to_vec(), neuron.bias());
        Self { layers: layers.iter().map(|layer| layer.iter().map(row).collect()).collect() }
    }

    /// Whether a completion of `first` (the first layer's activations) may give another class than `class`.
    pub(super) fn threat(&self, first: &[Option<bool>], class: usize) -> Threat {
        let (outputs, between) = self.layers.split_last().expect("a hidden layer is followed by another");
        let mut inputs = first.to_vec();
        for layer in between {
            inputs = layer.iter().map(|row| row.activation(&inputs)).collect();
        }
        let direct = between.is_empty();
        if let [single] = &outputs[..] {
            if single.activation(&inputs) == Some(class == 1) {
                return Threat::None;
            }
            let towards = if class == 1 { -1.0 } else { 1.0 };
            return Threat::Possible(heaviest(&inputs, direct, |j| towards * single.weights[j]));
        }
        let worst = (0..outputs.len())
            .filter(|&other| other != class)
            .filter_map(|other| Some((greatest_lead(&outputs[other], &outputs[class], &inputs, other < class)?, other)))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        match worst {
            None => Threat::None,
            Some((_, other)) => {
                Threat::Possible(heaviest(&inputs, direct, |j| outputs[other].weights[j] - outputs[class].weights[j]))
            }
        }
    }
}

/// The greatest lead of one output over another, if it may be one: above 0, or 0 where a tie is won.
fn greatest_lead(one: &Row, other: &Row, inputs: &[Option<bool>], wins_ties: bool) -> Option<f64> {
    let mut lead = one.bias - other.bias;
    for ((w, v), input) in one.weights.iter().zip(&other.weights).zip(inputs) {
        lead += match input {
            Some(true) => w - v,
            Some(false) => 0.0,
            None => (w - v).max(0.0),
        };
    }
    // Sums of differences are as exact as sums; twice the operations otherwise.
    let most = lead + 2.0 * (one.error + other.error);
    (most > 0.0 || (wins_ties && most == 0.0)).then_some(lead)
}

/// The open neuron of greatest weight in magnitude, and the activation that adds to `weight`'s sum.
fn heaviest(inputs: &[Option<bool>], direct: bool, weight: impl Fn(usize) -> f64) -> Option<(usize, bool)> {
    if !direct {
        return None;
    }
    let open = (0..inputs.len()).filter(|&j| inputs[j].is_none());
    let heaviest = open.max_by(|&a, &b| weight(a).abs().total_cmp(&weight(b).abs()).then(b.cmp(&a)))?;
    Some((heaviest, weight(heaviest) > 0.0))
}
