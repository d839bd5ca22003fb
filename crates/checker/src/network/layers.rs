//! The exact forward pass.

use super::file::Layer;
use super::setting::Scaler;
use super::sparse::Sparse;
use crate::limits;
use crate::number::Rational;
use dashu_base::{BitTest, Gcd};
use dashu_int::{IBig, UBig};

/// One neuron in integers: its pre-activation is (constant + sum of coefficient * input) / denominator.
struct Neuron {
    constant: IBig,
    coefficients: Vec<IBig>,
    denominator: UBig,
    /// 1-norm and maximum of the absolute weights.
    norms: (Rational, Rational),
}

impl Neuron {
    /// The neuron w'x + b on inputs x = (raw - shift) / divisor, as a function of the raw inputs.
    fn new(weights: &[Rational], bias: &Rational, scaler: Option<&Scaler>) -> Result<Self, String> {
        let (mut constant, mut coefficients) = (bias.clone(), weights.to_vec());
        if let Some(scaler) = scaler {
            let maps = scaler.shift.iter().zip(&scaler.divisor);
            for (coefficient, (shift, divisor)) in coefficients.iter_mut().zip(maps) {
                // Divisors are positive: the reader saw to that.
                *coefficient = &*coefficient / divisor;
                constant -= &*coefficient * shift;
            }
        }
        let all = coefficients.iter().chain([&constant]);
        let mut denominator = UBig::ONE;
        for value in all {
            let shared = (&denominator).gcd(value.denominator());
            denominator *= value.denominator() / shared;
            if denominator.bit_len().saturating_mul(weights.len()) > limits::NEURON_BITS {
                return Err("the weights and divisors have too many different denominators".to_owned());
            }
        }
        let whole = |value: &Rational| value.numerator() * IBig::from(&denominator / value.denominator());
        let absolute = |value: &Rational| if *value < Rational::ZERO { -value } else { value.clone() };
        let sum = weights.iter().fold(Rational::ZERO, |sum, weight| sum + absolute(weight));
        let most = weights.iter().map(absolute).max().unwrap_or_default();
        let (constant, coefficients) = (whole(&constant), coefficients.iter().map(whole).collect());
        Ok(Self { constant, coefficients, denominator, norms: (sum, most) })
    }

    /// The pre-activation at inputs / 2^shift, those that are 0 left out.
    fn value(&self, inputs: &[(usize, IBig)], shift: usize) -> Rational {
        let mut sum = &self.constant << shift;
        for (place, input) in inputs {
            if let Some(coefficient) = self.coefficients.get(*place) {
                sum += coefficient * input;
            }
        }
        Rational::from_parts(sum, &self.denominator << shift)
    }
}

/// A network prepared for exact evaluation on raw inputs.
pub(crate) struct Network(Vec<Vec<Neuron>>);

/// Pre-activations of every layer at one point.
pub(crate) type Values = Vec<Vec<Rational>>;

impl Network {
    pub fn new(layers: &[Layer], scaler: &Scaler) -> Result<Self, String> {
        let prepare = |(k, layer): (usize, &Layer)| {
            let scaler = (k == 0).then_some(scaler);
            let rows = layer.weights.iter().zip(&layer.biases);
            rows.map(|(weights, bias)| Neuron::new(weights, bias, scaler)).collect()
        };
        Ok(Self(layers.iter().enumerate().map(prepare).collect::<Result<_, String>>()?))
    }

    /// The pre-activations at a raw point: a neuron fires where they are at least 0.
    pub fn values(&self, raw: &Sparse) -> Values {
        let mut inputs = raw.clone();
        let mut all = Values::with_capacity(self.0.len());
        for layer in 0..self.0.len() {
            let values = self.layer(layer, &inputs);
            inputs = activations(&values);
            all.push(values);
        }
        all
    }

    /// The pre-activations of one layer, from 0, at its inputs: raw ones for the first.
    pub fn layer(&self, layer: usize, inputs: &Sparse) -> Vec<Rational> {
        // Binary64 numbers: all denominators are powers of two, so the largest is common to all.
        let inputs = inputs.entries();
        let zeros = |value: &Rational| value.denominator().trailing_zeros().unwrap_or(0);
        let shift = inputs.iter().map(|(_, value)| zeros(value)).max().unwrap_or(0);
        let whole = |(place, value): &(usize, Rational)| (*place, value.numerator() << (shift - zeros(value)));
        let inputs: Vec<(usize, IBig)> = inputs.iter().map(whole).collect();
        self.0.get(layer).into_iter().flatten().map(|neuron| neuron.value(&inputs, shift)).collect()
    }

    /// How many weights and biases there are: the products of one evaluation.
    pub fn size(&self) -> usize {
        self.0.iter().flatten().map(|neuron| neuron.coefficients.len() + 1).sum()
    }

    /// (1-norm, maximum) of the weights of first-layer neuron `j`.
    pub fn norms(&self, j: usize) -> Option<&(Rational, Rational)> {
        Some(&self.0.first()?.get(j)?.norms)
    }
}

/// What the next layer sees.
pub(crate) fn activations(values: &[Rational]) -> Sparse {
    Sparse::of(values.iter().enumerate().filter(|(_, value)| fires(value)).map(|(place, _)| (place, Rational::ONE)))
}

/// Whether a neuron with this pre-activation fires.
pub(crate) fn fires(value: &Rational) -> bool {
    *value >= Rational::ZERO
}

/// The class of the outputs: of one neuron, whether it fires; of several, the one that fires, on a tie the one with the
/// larger pre-activation, then the lower index. (Who fires has the larger one, so that alone decides.)
pub(crate) fn class(outputs: &[Rational]) -> usize {
    if let [single] = outputs {
        return usize::from(fires(single));
    }
    let mut best = (0, outputs.first());
    for (index, value) in outputs.iter().enumerate() {
        if Some(value) > best.1 {
            best = (index, Some(value));
        }
    }
    best.0
}
