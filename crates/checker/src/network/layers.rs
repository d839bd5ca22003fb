//! The exact forward pass.
//!
//! Scaled weights are fractions of many different denominators, so a pre-activation in one fraction would be as long as all of them together.
//! Every question asked of one is answered by two binary numbers that it lies between, if they can tell, and else by the fraction.

use super::file::Layer;
use super::setting::Scaler;
use super::sparse::Sparse;
use crate::fractions::{self, Between, DIGITS, floor, whole_bits};
use crate::number::Rational;
use dashu_int::IBig;
use std::cmp::Ordering;
use std::rc::Rc;

/// One neuron: w'x + b on inputs x = (raw - shift) / divisor, as a function of the raw inputs.
struct Neuron {
    weights: Vec<Rational>,
    bias: Rational,
    scaler: Option<Rc<Scaler>>,
    /// weight / divisor, rounded down to units of 2^-digits, and whether that rounds nothing.
    coefficients: Vec<(IBig, bool)>,
    digits: usize,
    /// bias - sum of weight * shift / divisor, in units of 2^-(digits + finer).
    constant: Between,
    finer: usize,
    /// 1-norm and maximum of the absolute weights.
    norms: (Rational, Rational),
}

/// Raw inputs that are not 0, in units of 2^-shift.
struct Inputs {
    entries: Vec<(usize, IBig)>,
    shift: usize,
}

impl Inputs {
    fn of(raw: &Sparse) -> Self {
        // Binary64 numbers: all denominators are powers of two, so the largest is common to all.
        let shift = raw.entries().iter().map(|(_, value)| twos(value)).max().unwrap_or(0);
        let whole = |(place, value): &(usize, Rational)| (*place, value.numerator() << (shift - twos(value)));
        Self { entries: raw.entries().iter().map(whole).collect(), shift }
    }
}

/// The exponent of two in the denominator.
fn twos(value: &Rational) -> usize {
    value.denominator().trailing_zeros().unwrap_or(0)
}

impl Neuron {
    /// Cost O(inputs).
    fn new(weights: &[Rational], bias: &Rational, scaler: Option<&Rc<Scaler>>) -> Self {
        let maps = scaler.map_or(&[][..], |scaler| &scaler.divisor).iter();
        // Inputs are about as large as the divisors, so that pre-activations have DIGITS digits behind the point.
        let digits = DIGITS + maps.map(whole_bits).max().unwrap_or(0);
        let one = Rational::ONE;
        let coefficient = |(j, weight): (usize, &Rational)| {
            let divisor = scaler.and_then(|scaler| scaler.divisor.get(j)).unwrap_or(&one);
            // Divisors are positive: the reader saw to that.
            let (above, below) = (divisor.denominator(), divisor.numerator());
            let below = weight.denominator() * dashu_base::UnsignedAbs::unsigned_abs(below.clone());
            floor(&(weight.numerator() * IBig::from(above.clone())), &below, digits)
        };
        let coefficients: Vec<(IBig, bool)> = weights.iter().enumerate().map(coefficient).collect();
        let shifts = scaler.map_or(&[][..], |scaler| &scaler.shift);
        let finer = shifts.iter().map(twos).max().unwrap_or(0);
        let whole = |(place, shift): (usize, &Rational)| (place, -(shift.numerator() << (finer - twos(shift))));
        let moved = Inputs { entries: shifts.iter().enumerate().map(whole).collect(), shift: finer };
        let mut constant = enclose(&coefficients, &moved);
        let (least, is_exact) = floor(bias.numerator(), bias.denominator(), digits + finer);
        constant.high += &least + IBig::from(u8::from(!is_exact));
        constant.low += least;
        let absolute = |value: &Rational| if *value < Rational::ZERO { -value } else { value.clone() };
        let sum = weights.iter().fold(Rational::ZERO, |sum, weight| sum + absolute(weight));
        let most = weights.iter().map(absolute).max().unwrap_or_default();
        Self {
            weights: weights.to_vec(),
            bias: bias.clone(),
            scaler: scaler.cloned(),
            coefficients,
            digits,
            constant,
            finer,
            norms: (sum, most),
        }
    }

    /// What the pre-activation lies between, and its digits behind the point. Cost O(inputs).
    fn between(&self, inputs: &Inputs) -> (Between, usize) {
        let Between { low, high } = enclose(&self.coefficients, inputs);
        let shift = inputs.shift.max(self.finer);
        let (own, more) = (shift - self.finer, shift - inputs.shift);
        let low = (&self.constant.low << own) + (low << more);
        (Between { low, high: (&self.constant.high << own) + (high << more) }, self.digits + shift)
    }

    /// The pre-activation as a fraction. Cost as of [`fractions::sum`].
    fn exact(&self, inputs: &Inputs) -> Rational {
        let mut entries = inputs.entries.iter().peekable();
        let unit = dashu_int::UBig::ONE << inputs.shift;
        let term = |(j, weight): (usize, &Rational)| {
            let raw = entries.next_if(|(place, _)| *place == j).map_or(IBig::ZERO, |(_, value)| value.clone());
            let mut input = Rational::from_parts(raw, unit.clone());
            if let Some((shift, divisor)) =
                self.scaler.as_ref().and_then(|scaler| scaler.shift.get(j).zip(scaler.divisor.get(j)))
            {
                input = (input - shift) / divisor;
            }
            weight * input
        };
        let mut terms: Vec<Rational> = self.weights.iter().enumerate().map(term).collect();
        terms.push(self.bias.clone());
        fractions::sum(&terms)
    }
}

/// What the sum of coefficient * input lies between, in units of both.
fn enclose(coefficients: &[(IBig, bool)], inputs: &Inputs) -> Between {
    let (mut sum, mut below, mut above) = (IBig::ZERO, IBig::ZERO, IBig::ZERO);
    for (place, input) in &inputs.entries {
        let Some((coefficient, is_exact)) = coefficients.get(*place) else { continue };
        sum += coefficient * input;
        if !is_exact {
            // The coefficient itself is less than one unit larger.
            *(if *input < IBig::ZERO { &mut below } else { &mut above }) += input;
        }
    }
    Between { low: &sum + below, high: sum + above }
}

/// A pre-activation: it answers exactly.
pub(crate) struct Value<'n> {
    neuron: &'n Neuron,
    inputs: Rc<Inputs>,
    between: Between,
    digits: usize,
}

impl Value<'_> {
    /// How it compares with a number.
    pub fn compare(&self, other: &Rational) -> Ordering {
        self.between.compare(other, self.digits).unwrap_or_else(|| self.exact().cmp(other))
    }

    /// Whether the neuron fires.
    pub fn fires(&self) -> bool {
        self.compare(&Rational::ZERO) != Ordering::Less
    }

    /// Whether it is larger than another one.
    pub fn exceeds(&self, other: &Self) -> bool {
        let digits = self.digits.max(other.digits);
        let (own, its) = (digits - self.digits, digits - other.digits);
        if &self.between.low << own > &other.between.high << its {
            true
        } else if &self.between.high << own <= &other.between.low << its {
            false
        } else {
            self.exact() > other.exact()
        }
    }

    /// The number itself. Cost: that of multiplying numbers as long as all denominators together.
    pub fn exact(&self) -> Rational {
        if self.between.low == self.between.high {
            return Rational::from_parts(self.between.low.clone(), dashu_int::UBig::ONE << self.digits);
        }
        self.neuron.exact(&self.inputs)
    }
}

/// A network prepared for exact evaluation on raw inputs.
pub(crate) struct Network(Vec<Vec<Neuron>>);

/// Pre-activations of every layer at one point.
pub(crate) type Values<'n> = Vec<Vec<Value<'n>>>;

impl Network {
    /// Cost O(weights).
    pub fn new(layers: &[Layer], scaler: &Scaler) -> Self {
        let scaler = Rc::new(scaler.clone());
        let prepare = |(k, layer): (usize, &Layer)| {
            let scaler = (k == 0).then_some(&scaler);
            let rows = layer.weights.iter().zip(&layer.biases);
            rows.map(|(weights, bias)| Neuron::new(weights, bias, scaler)).collect()
        };
        Self(layers.iter().enumerate().map(prepare).collect())
    }

    /// The pre-activations at a raw point: a neuron fires where they are at least 0.
    pub fn values(&self, raw: &Sparse) -> Values<'_> {
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
    pub fn layer(&self, layer: usize, inputs: &Sparse) -> Vec<Value<'_>> {
        let inputs = Rc::new(Inputs::of(inputs));
        let value = |neuron| {
            let (between, digits) = Neuron::between(neuron, &inputs);
            Value { neuron, inputs: Rc::clone(&inputs), between, digits }
        };
        self.0.get(layer).into_iter().flatten().map(value).collect()
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
pub(crate) fn activations(values: &[Value<'_>]) -> Sparse {
    Sparse::of(values.iter().enumerate().filter(|(_, value)| value.fires()).map(|(place, _)| (place, Rational::ONE)))
}

/// The class of the outputs: of one neuron, whether it fires; of several, the one that fires, on a tie the one with the
/// larger pre-activation, then the lower index. (Who fires has the larger one, so that alone decides.)
pub(crate) fn class(outputs: &[Value<'_>]) -> usize {
    if let [single] = outputs {
        return usize::from(single.fires());
    }
    let mut best: Option<(usize, &Value<'_>)> = None;
    for (index, value) in outputs.iter().enumerate() {
        if best.is_none_or(|(_, best)| value.exceeds(best)) {
            best = Some((index, value));
        }
    }
    best.map_or(0, |(index, _)| index)
}
