//! One neuron, w'x + b over inputs x = (raw - shift) / divisor: its sign never wrong, its value where asked.

use super::dyadic::{Dyadic, decode};
use crate::{Rational, Scaler};
use dashu::integer::{IBig, UBig};
use numerics::Estimate;
use numerics::whole::lcm;
use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

/// A scaler, and in integers from the first time that floats cannot decide: with thousands of features the common multiple
/// has thousands of words, and every factor is as long.
#[derive(Debug)]
pub(crate) struct ExactScaler {
    scaler: Scaler,
    integers: OnceLock<IntegerScaler>,
}

/// A scaler in integers: with L the least common multiple of the divisors' odd parts,
/// L (raw - shift) / divisor = (raw - shift) * factor, and the factor is dyadic.
#[derive(Debug)]
struct IntegerScaler {
    shift: Vec<Dyadic>,
    factor: Vec<Dyadic>,
    common: UBig,
}

impl ExactScaler {
    /// # Panics
    /// If a divisor is not positive: [`Scaler::check`] says so.
    pub(crate) fn new(scaler: &Scaler) -> Self {
        assert!(scaler.divisor.iter().all(|&d| d > 0.0), "divisors are positive by Scaler::check");
        Self { scaler: scaler.clone(), integers: OnceLock::new() }
    }

    fn integers(&self) -> &IntegerScaler {
        self.integers.get_or_init(|| IntegerScaler::new(&self.scaler))
    }
}

impl IntegerScaler {
    fn new(scaler: &Scaler) -> Self {
        let parts: Vec<(UBig, i64)> = scaler
            .divisor
            .iter()
            .map(|&divisor| {
                let (odd, exponent) = decode(divisor);
                (UBig::from(odd.unsigned_abs()), exponent)
            })
            .collect();
        let common = parts.iter().fold(UBig::ONE, |common, (odd, _)| lcm(&common, odd));
        let factor =
            parts.into_iter().map(|(odd, exponent)| Dyadic::new(IBig::from(&common / odd), -exponent)).collect();
        Self { shift: scaler.shift.iter().map(|&s| Dyadic::from_f64(s)).collect(), factor, common }
    }
}

/// The hyperplane L (w'x + b) = sum of coefficient * raw + constant, in raw units and without any division.
#[derive(Clone, Debug)]
struct Hyperplane {
    /// Those that are not 0, with their inputs.
    coefficients: Vec<(usize, Dyadic)>,
    constant: Dyadic,
}

/// Added to a pre-activation before its sign is taken: a margin or the reach of a perturbation.
#[derive(Clone, Debug)]
pub(crate) struct Offset {
    estimate: Estimate,
    exact: Dyadic,
}

impl Offset {
    pub(crate) fn new(exact: Dyadic) -> Self {
        Self { estimate: Estimate::rounded(exact.to_f64()), exact }
    }
}

/// The inputs of a layer at one point, in both forms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Inputs<'a> {
    /// Rounded (raw - shift) / divisor.
    pub(crate) scaled: &'a [f64],
    /// Exact, in raw units.
    pub(crate) raw: &'a [f64],
}

/// One neuron. Its exact hyperplane is made at the first sign that floats cannot decide.
#[derive(Clone, Debug)]
pub(crate) struct Neuron {
    weights: Vec<f64>,
    bias: f64,
    weight_sum: f64,
    scaler: Arc<ExactScaler>,
    hyperplane: OnceLock<Hyperplane>,
}

impl Neuron {
    pub(crate) fn new(weights: &[f64], bias: f64, scaler: &Arc<ExactScaler>) -> Self {
        Self {
            weights: weights.to_vec(),
            bias,
            weight_sum: weights.iter().map(|w| w.abs()).sum(),
            scaler: Arc::clone(scaler),
            hyperplane: OnceLock::new(),
        }
    }

    pub(crate) fn bias(&self) -> f64 {
        self.bias
    }

    pub(crate) fn weights(&self) -> &[f64] {
        &self.weights
    }

    pub(crate) fn estimate(&self, scaled: &[f64]) -> Estimate {
        Estimate::affine(&self.weights, self.bias, self.weight_sum, scaled)
    }

    /// The sign of w'x + b, exactly. Cost O(n) in floats; O(n) big-integer products where those cannot decide.
    pub(crate) fn sign(&self, at: Inputs) -> Ordering {
        // Without weights, as in the neurons that a network does not use, the sign is that of the bias.
        if self.weight_sum == 0.0 {
            return (self.bias + 0.0).total_cmp(&0.0);
        }
        self.estimate(at.scaled).sign().unwrap_or_else(|| self.numerator(at.raw).sign())
    }

    /// The sign of w'x + b + offset, exactly.
    pub(crate) fn sign_plus(&self, at: Inputs, offset: &Offset) -> Ordering {
        if self.weight_sum == 0.0 {
            let mut sum = Dyadic::from_f64(self.bias);
            sum.add(&offset.exact);
            return sum.sign();
        }
        self.estimate(at.scaled).plus(offset.estimate).sign().unwrap_or_else(|| {
            let mut sum = self.numerator(at.raw);
            sum.add(&self.in_numerators(&offset.exact));
            sum.sign()
        })
    }

    /// Compares w'x + b with that of another neuron of the same layer, exactly.
    pub(crate) fn compare(&self, other: &Self, at: Inputs) -> Ordering {
        if self.weight_sum == 0.0 && other.weight_sum == 0.0 {
            return (self.bias + 0.0).total_cmp(&(other.bias + 0.0));
        }
        let difference = self.estimate(at.scaled).plus(other.estimate(at.scaled).negated());
        difference.sign().unwrap_or_else(|| {
            let mut exact = self.numerator(at.raw);
            exact.add(&other.numerator(at.raw).negated());
            exact.sign()
        })
    }

    /// w'x + b as a rational.
    pub(crate) fn value(&self, raw: &[f64]) -> Rational {
        self.numerator(raw).over(&self.scaler.integers().common)
    }

    /// The sign of w'(x + delta) + b, exactly; `delta` in scaled units.
    pub(crate) fn sign_moved(&self, at: Inputs, delta: &[f64]) -> Ordering {
        self.estimate_moved(at, delta).sign().unwrap_or_else(|| self.numerator_moved(at.raw, delta).sign())
    }

    /// Compares w'(x + delta) + b with that of another neuron of the same layer, exactly.
    pub(crate) fn compare_moved(&self, other: &Self, at: Inputs, delta: &[f64]) -> Ordering {
        let difference = self.estimate_moved(at, delta).plus(other.estimate_moved(at, delta).negated());
        difference.sign().unwrap_or_else(|| {
            let mut exact = self.numerator_moved(at.raw, delta);
            exact.add(&other.numerator_moved(at.raw, delta).negated());
            exact.sign()
        })
    }

    fn estimate_moved(&self, at: Inputs, delta: &[f64]) -> Estimate {
        self.estimate(at.scaled).plus(Estimate::affine(&self.weights, 0.0, self.weight_sum, delta))
    }

    fn numerator_moved(&self, raw: &[f64], delta: &[f64]) -> Dyadic {
        let mut shift = Dyadic::ZERO;
        for (&w, &d) in self.weights.iter().zip(delta) {
            shift.add(&Dyadic::from_f64(w).times(&Dyadic::from_f64(d)));
        }
        let mut sum = self.numerator(raw);
        sum.add(&self.in_numerators(&shift));
        sum
    }

    /// L times `value`: what adds to [`Self::numerator`].
    pub(crate) fn in_numerators(&self, value: &Dyadic) -> Dyadic {
        value.times_integer(self.scaler.integers().common.as_ibig())
    }

    /// L (w'x + b), with the same L for all neurons of a layer.
    pub(crate) fn numerator(&self, raw: &[f64]) -> Dyadic {
        let hyperplane = self.hyperplane.get_or_init(|| self.exact());
        let mut sum = hyperplane.constant.clone();
        for (j, coefficient) in &hyperplane.coefficients {
            sum.add(&coefficient.times(&Dyadic::from_f64(raw[*j])));
        }
        sum
    }

    fn exact(&self) -> Hyperplane {
        let scaler = self.scaler.integers();
        let mut constant = Dyadic::from_f64(self.bias).times_integer(scaler.common.as_ibig());
        let mut coefficients = Vec::new();
        for (j, &w) in self.weights.iter().enumerate().filter(|(_, w)| **w != 0.0) {
            let coefficient = Dyadic::from_f64(w).times(&scaler.factor[j]);
            constant.add(&coefficient.times(&scaler.shift[j]).negated());
            coefficients.push((j, coefficient));
        }
        Hyperplane { coefficients, constant }
    }
}
