//! The floating-point filter: a value with a bound on its error that holds whatever was rounded on the way.
//!
//! Reference: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, sections 3.1 (inner products,
//! gamma_n = n u / (1 - n u)) and 2.1 (underflow); the use of such bounds to decide signs follows Shewchuk, Adaptive
//! Precision Floating-Point Arithmetic, Discrete Comput. Geom. 18 (1997).

use crate::tolerances::{EXTRA_OPERATIONS, RELATIVE_PER_OPERATION, UNDERFLOW_PER_TERM};
use std::cmp::Ordering;

/// A float `value` within `error` of the exact number. Either may overflow; then nothing is decided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    pub(crate) value: f64,
    pub(crate) error: f64,
}

impl Estimate {
    /// w'x + b, where each `x` is the exact input after at most two roundings (difference, then quotient) and
    /// `weight_sum` is the rounded sum of |w|. Cost O(n).
    ///
    /// Bound: a term takes part in at most n + 3 roundings, so |error| <= gamma_(n+3) (sum |w_j x_j| + |b|) plus
    /// 2^-1075 (1 + |w_j|) a term where the quotient or the product underflows; the computed sum of magnitudes falls
    /// short of the exact one by the same factor. Charging twice the roundoff and n + 8 operations covers it for
    /// every n below 2^40.
    pub(crate) fn affine(weights: &[f64], bias: f64, weight_sum: f64, inputs: &[f64]) -> Self {
        let mut value = bias;
        let mut magnitude = bias.abs();
        for (w, x) in weights.iter().zip(inputs) {
            let term = w * x;
            value += term;
            magnitude += term.abs();
        }
        let terms = weights.len() as f64;
        let error = (terms + EXTRA_OPERATIONS) * RELATIVE_PER_OPERATION * magnitude
            + UNDERFLOW_PER_TERM * (weight_sum + terms + 1.0);
        Self { value, error }
    }

    /// A correctly rounded number.
    pub(crate) fn rounded(value: f64) -> Self {
        Self { value, error: value.abs() * RELATIVE_PER_OPERATION + UNDERFLOW_PER_TERM }
    }

    /// The sum of two exact numbers.
    pub(crate) fn plus(self, other: Self) -> Self {
        let value = self.value + other.value;
        let rounding = value.abs() * RELATIVE_PER_OPERATION;
        // The last factor covers the two roundings of the additions of this line.
        let error = (self.error + other.error + rounding) * (1.0 + 4.0 * RELATIVE_PER_OPERATION);
        Self { value, error }
    }

    /// The negative of the exact number.
    pub(crate) fn negated(self) -> Self {
        Self { value: -self.value, error: self.error }
    }

    /// The sign of the exact number where the error cannot change it. `None` also for NaN and infinity.
    pub(crate) fn sign(self) -> Option<Ordering> {
        if self.value > self.error && self.value.is_finite() {
            Some(Ordering::Greater)
        } else if -self.value > self.error && self.value.is_finite() {
            Some(Ordering::Less)
        } else {
            None
        }
    }
}
