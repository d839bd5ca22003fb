//! The floating-point filter: a value with a bound on its error that holds whatever was rounded on the way.
//!
//! Reference: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. 2002, sections 3.1 (inner products,
//! gamma_n = n u / (1 - n u)) and 2.1 (underflow); the use of such bounds to decide signs follows Shewchuk, Adaptive
//! Precision Floating-Point Arithmetic, Discrete Comput. Geom. 18 (1997).

use crate::tolerances::{EXTRA_OPERATIONS, RELATIVE_PER_OPERATION, UNDERFLOW_PER_TERM};
use std::cmp::Ordering;

/// A float `value` within `error` of the exact number. Either may overflow; then nothing is decided.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    /// The float.
    pub value: f64,
    /// How far off it may be.
    pub error: f64,
}

impl Estimate {
    /// w'x + b, where each `x` is the exact input after at most two roundings (difference, then quotient) and
    /// `weight_sum` is the rounded sum of |w|. Cost O(n).
    ///
    /// Bound: a term takes part in at most n + 3 roundings, so |error| <= gamma_(n+3) (sum |w_j x_j| + |b|) plus
    /// 2^-1075 (1 + |w_j|) a term where the quotient or the product underflows; the computed sum of magnitudes falls
    /// short of the exact one by the same factor. Charging twice the roundoff and n + 8 operations covers it for
    /// every n below 2^40.
    #[inline]
    #[must_use]
    pub fn affine(weights: &[f64], bias: f64, weight_sum: f64, inputs: &[f64]) -> Self {
        let mut value = bias;
        let mut magnitude = bias.abs();
        for (w, x) in weights.iter().zip(inputs) {
            let term = w * x;
            value += term;
            magnitude += term.abs();
        }
        #[allow(clippy::cast_precision_loss)]
        let terms = weights.len() as f64;
        let error = (terms + EXTRA_OPERATIONS) * RELATIVE_PER_OPERATION * magnitude
            + UNDERFLOW_PER_TERM * (weight_sum + terms + 1.0);
        Self { value, error }
    }

    /// A correctly rounded number.
    #[inline]
    #[must_use]
    pub fn rounded(value: f64) -> Self {
        Self { value, error: value.abs() * RELATIVE_PER_OPERATION + UNDERFLOW_PER_TERM }
    }

    /// The sum of two exact numbers.
    #[inline]
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let value = self.value + other.value;
        let rounding = value.abs() * RELATIVE_PER_OPERATION;
        // The last factor covers the two roundings of the additions of this line.
        let error = (self.error + other.error + rounding) * (1.0 + 4.0 * RELATIVE_PER_OPERATION);
        Self { value, error }
    }

    /// The negative of the exact number.
    #[inline]
    #[must_use]
    pub fn negated(self) -> Self {
        Self { value: -self.value, error: self.error }
    }

    /// The sign of the exact number where the error cannot change it. `None` also for NaN and infinity.
    #[inline]
    #[must_use]
    pub fn sign(self) -> Option<Ordering> {
        if self.value > self.error && self.value.is_finite() {
            Some(Ordering::Greater)
        } else if -self.value > self.error && self.value.is_finite() {
            Some(Ordering::Less)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rational;
    use proptest::prelude::*;

    fn exact(value: f64) -> Rational {
        Rational::try_from(value).expect("a finite number")
    }

    fn holds(estimate: Estimate, truth: &Rational) -> bool {
        let miss = exact(estimate.value) - truth;
        let error = exact(estimate.error);
        -error.clone() <= miss && miss <= error
    }

    fn entries() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let number = || prop_oneof![-1e3..1e3, -1.0..1.0, Just(f64::MIN_POSITIVE / 8.0), -1e-200..1e-200];
        prop::collection::vec((number(), number()), 0..12)
    }

    proptest! {
        /// Both sums are within their bounds, with cancellation and underflow.
        #[test]
        fn errors_are_bounds(pairs in entries(), twice in any::<bool>()) {
            let mut pairs = pairs;
            if twice {
                let mirrored: Vec<_> = pairs.iter().map(|&(w, x)| (-w, x)).collect();
                pairs.extend(mirrored);
            }
            let (weights, inputs): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
            let truth = pairs.iter().fold(Rational::ZERO, |sum, &(w, x)| sum + exact(w) * exact(x));
            let weight_sum = weights.iter().map(|w| w.abs()).sum();
            let affine = Estimate::affine(&weights, 0.0, weight_sum, &inputs);
            prop_assert!(holds(affine, &truth));
            prop_assert!(holds(affine.plus(affine.negated()), &Rational::ZERO));
        }
    }

    #[test]
    fn nothing_is_decided_without_finite_numbers() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Estimate { value, error: 0.0 }.sign(), None);
        }
        assert_eq!(Estimate { value: 1.0, error: f64::INFINITY }.sign(), None);
        assert_eq!(Estimate { value: -1.0, error: 0.5 }.sign(), Some(Ordering::Less));
    }
}
