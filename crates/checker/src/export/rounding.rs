//! Where rounding may decide: rows at which floats, added in whatever order and fused or not, might give another class.
//!
//! Entry point: [`Rounding::may_decide`]. A sum of n products of floats is off by at most (n + 3) u / (1 - (n + 3) u) times the sum of
//! their absolute values, u = 2^-53, the difference and the quotient of scaling included (Higham, Accuracy and Stability of
//! Numerical Algorithms, 2nd ed. 2002, section 3.1); twice that, and something for underflow, is what is asked for here. Behind the first
//! layer, whole weights add up exactly, and one rounding more leaves the sign as it is.

use crate::network::file::{File, Layer};
use crate::network::layers::{Network, Values, fires};
use crate::network::setting::Scaler;
use crate::number::Rational;
use dashu_int::{IBig, UBig};

/// The network with absolute values in every place: its pre-activations bound what roundings are relative to.
pub(super) struct Rounding {
    sizes: Network,
    /// Subtracted from the features.
    shift: Vec<Rational>,
    /// Layer by layer: roundings of a sum, and whether it has none.
    layers: Vec<(usize, bool)>,
}

impl Rounding {
    pub fn new(file: &File) -> Result<Self, String> {
        let absolute = |value: &Rational| if *value < Rational::ZERO { -value } else { value.clone() };
        let layers: Vec<Layer> = file
            .layers
            .iter()
            .map(|layer| Layer {
                line: layer.line,
                weights: layer.weights.iter().map(|row| row.iter().map(absolute).collect()).collect(),
                biases: layer.biases.iter().map(absolute).collect(),
            })
            .collect();
        let Scaler { shift, divisor } = file.setting.scaler.clone();
        let none = vec![Rational::ZERO; shift.len()];
        let of_layer = |(k, layer): (usize, &Layer)| {
            let inputs = layer.weights.first().map_or(0, Vec::len);
            (inputs + 8, k > 0 && layer.weights.iter().flatten().all(Rational::is_int))
        };
        Ok(Self {
            layers: file.layers.iter().enumerate().map(of_layer).collect(),
            sizes: Network::new(&layers, &Scaler { shift: none, divisor })?,
            shift,
        })
    }

    /// Whether at this raw point, with these exact pre-activations, roundings may make another class.
    pub fn may_decide(&self, raw: &[Rational], values: &Values) -> bool {
        let absolute = |value: &Rational| if *value < Rational::ZERO { -value } else { value.clone() };
        let mut inputs: Vec<Rational> = raw.iter().zip(&self.shift).map(|(x, shift)| absolute(&(x - shift))).collect();
        for (k, (layer, &(roundings, is_exact))) in values.iter().zip(&self.layers).enumerate() {
            let unit = Rational::from_parts(IBig::from(roundings), UBig::ONE << 52);
            let least = Rational::from_parts(IBig::from(roundings), UBig::ONE << 1022);
            // Where all terms are 0 there is nothing to round.
            let error = |size: &Rational| if size.is_zero() { Rational::ZERO } else { size * &unit + &least };
            let within = |value: Rational, error: Rational| !error.is_zero() && value <= error;
            let sizes: Vec<Rational> = self.sizes.layer(k, &inputs);
            let is_last = k + 1 == values.len();
            if is_last && layer.len() > 1 {
                let best =
                    layer.iter().zip(&sizes).enumerate().max_by(|(i, (a, _)), (j, (b, _))| a.cmp(b).then(j.cmp(i)));
                let Some((class, (most, size))) = best else { return false };
                let near = |(other, (value, of)): (usize, (&Rational, &Rational))| {
                    other != class && within(most - value, error(size) + error(of))
                };
                return layer.iter().zip(&sizes).enumerate().any(near);
            }
            if !is_exact && layer.iter().zip(&sizes).any(|(value, size)| within(absolute(value), error(size))) {
                return true;
            }
            inputs = layer.iter().map(|value| if fires(value) { Rational::ONE } else { Rational::ZERO }).collect();
        }
        false
    }
}
