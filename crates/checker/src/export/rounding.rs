//! Where rounding may decide: rows at which floats, added in whatever order and fused or not, might give another class.
//!
//! Entry points: [`Rounding::may_decide`], [`Sizes::are_exact`]. A sum of n products of floats is off by at most (n + 3) u / (1 - (n + 3) u) times the sum
//! of their absolute values, u = 2^-53, the difference and the quotient of scaling included (Higham, Accuracy and Stability of
//! Numerical Algorithms, 2nd ed. 2002, section 3.1); twice that, and something for underflow, is what is asked for here. Behind the first
//! layer inputs are zeros and ones; a sum there is not rounded if its terms are multiples of one power of two, and together at
//! most 2^53 of it: whatever some of them add up to is a float.

use crate::network::file::{File, Layer};
use crate::network::layers::{Network, Value, Values, activations};
use crate::network::setting::Scaler;
use crate::network::sparse::Sparse;
use crate::number::Rational;
use dashu_base::Abs;
use dashu_int::{IBig, UBig};
use std::cmp::Ordering;

/// Whole numbers up to this many units are floats.
fn most() -> Rational {
    Rational::from(UBig::ONE << 53)
}

/// Whether all sums of some of these binary64 numbers are ones.
fn adds_exactly<'r>(terms: impl Iterator<Item = &'r Rational> + Clone) -> bool {
    let unit = terms.clone().filter_map(|term| term.denominator().trailing_zeros()).max().unwrap_or(0);
    let sum = terms.fold(Rational::ZERO, |sum, term| sum + term.clone().abs());
    sum * Rational::from(UBig::ONE << unit) <= most()
}

/// A network with absolute values in every place: how large sums get on the way.
pub(super) struct Sizes(Network);

impl Sizes {
    pub fn new(layers: &[Layer], divisor: &[Rational]) -> Self {
        let absolute = |values: &Vec<Rational>| values.iter().map(|value| value.clone().abs()).collect();
        let layer = |layer: &Layer| Layer {
            line: layer.line,
            weights: layer.weights.iter().map(absolute).collect(),
            biases: absolute(&layer.biases),
        };
        let layers: Vec<Layer> = layers.iter().map(layer).collect();
        let scaler = Scaler { shift: vec![Rational::ZERO; divisor.len()], divisor: divisor.to_vec() };
        Self(Network::new(&layers, &scaler))
    }

    /// Whether floats round nothing at this point, in whatever order they add, of a network whose weights and biases are whole and
    /// that has these pre-activations there.
    pub fn are_exact(&self, raw: &Sparse, values: &Values<'_>) -> bool {
        if !raw.entries().iter().all(|(_, value)| value.is_int()) {
            return false;
        }
        let mut inputs = raw.absolute();
        values.iter().enumerate().all(|(k, layer)| {
            let fits = self.0.layer(k, &inputs).iter().all(|size| size.compare(&most()) != Ordering::Greater);
            inputs = activations(layer);
            fits
        })
    }
}

/// What roundings may do to a model's network.
pub(super) struct Rounding {
    sizes: Sizes,
    /// Subtracted from the features.
    shift: Vec<Rational>,
    /// Layer by layer: roundings of a sum, and by neuron whether it has none.
    layers: Vec<(usize, Vec<bool>)>,
}

impl Rounding {
    pub fn new(file: &File) -> Self {
        let Scaler { shift, divisor } = file.setting.scaler.clone();
        let of_layer = |(k, layer): (usize, &Layer)| {
            let inputs = layer.weights.first().map_or(0, Vec::len);
            let neurons = layer.weights.iter().zip(&layer.biases);
            let is_exact =
                |(weights, bias): (&Vec<Rational>, &Rational)| k > 0 && adds_exactly(weights.iter().chain([bias]));
            (inputs + 8, neurons.map(is_exact).collect())
        };
        let layers = file.layers.iter().enumerate().map(of_layer).collect();
        Self { sizes: Sizes::new(&file.layers, &divisor), shift, layers }
    }

    /// Whether at this raw point, with these exact pre-activations, roundings may make another class.
    pub fn may_decide(&self, raw: &Sparse, values: &Values<'_>) -> bool {
        let moved = raw.all(self.shift.len()).zip(&self.shift).map(|(x, shift)| x - shift);
        let mut inputs = Sparse::new(moved).absolute();
        for (k, (neurons, (roundings, exact))) in values.iter().zip(&self.layers).enumerate() {
            let layer: Vec<Rational> = neurons.iter().map(Value::exact).collect();
            let unit = Rational::from_parts(IBig::from(*roundings), UBig::ONE << 52);
            let least = Rational::from_parts(IBig::from(*roundings), UBig::ONE << 1022);
            // Where all terms are 0 there is nothing to round.
            let error = |(size, &is_exact): (Rational, &bool)| {
                if is_exact || size.is_zero() { Rational::ZERO } else { size * &unit + &least }
            };
            let within = |value: Rational, error: Rational| !error.is_zero() && value <= error;
            let sizes = self.sizes.0.layer(k, &inputs);
            let errors: Vec<Rational> = sizes.iter().map(Value::exact).zip(exact).map(error).collect();
            let is_last = k + 1 == values.len();
            if is_last && layer.len() > 1 {
                let best =
                    layer.iter().zip(&errors).enumerate().max_by(|(i, (a, _)), (j, (b, _))| a.cmp(b).then(j.cmp(i)));
                let Some((class, (most, off))) = best else { return false };
                let near = |(other, (value, error)): (usize, (&Rational, &Rational))| {
                    other != class && within(most - value, off + error)
                };
                return layer.iter().zip(&errors).enumerate().any(near);
            }
            if layer.iter().zip(errors).any(|(value, error)| within(value.clone().abs(), error)) {
                return true;
            }
            inputs = activations(neurons);
        }
        false
    }
}
