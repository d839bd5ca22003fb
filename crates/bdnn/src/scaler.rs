//! Feature scaling, fitted on training data and stored in the model.

use serde::{Deserialize, Serialize};

/// The affine map x -> (x - shift) / divisor, feature by feature, *meant in exact arithmetic*: the training points are
/// the exact rationals this gives, and their `f64` forms are roundings of them. So collinear raw points stay collinear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scaler {
    /// Subtracted first, one a feature, in raw units.
    pub shift: Vec<f64>,
    /// Divides after, one a feature, in raw units; positive (1 for a constant feature).
    pub divisor: Vec<f64>,
}

impl Scaler {
    /// The map that changes nothing, for `features` features.
    #[must_use]
    pub fn identity(features: usize) -> Self {
        Self { shift: vec![0.0; features], divisor: vec![1.0; features] }
    }

    /// Whether the map is one: equal lengths, finite numbers, positive divisors.
    ///
    /// # Errors
    /// What is wrong, naming the feature (counted from 1).
    pub fn check(&self) -> Result<(), String> {
        if self.shift.len() != self.divisor.len() {
            return Err(format!("the scaler has {} shifts, but {} divisors", self.shift.len(), self.divisor.len()));
        }
        for (j, (shift, divisor)) in self.shift.iter().zip(&self.divisor).enumerate() {
            if !shift.is_finite() || !divisor.is_finite() || *divisor <= 0.0 {
                let at = j + 1;
                return Err(format!("feature {at}: shift {shift} and divisor {divisor} are not a finite positive map"));
            }
        }
        Ok(())
    }

    /// The scaled value of `raw` in feature `j`, rounded to `f64`; infinite only if no float is near it.
    #[must_use]
    pub fn scale(&self, j: usize, raw: f64) -> f64 {
        let moved = raw - self.shift[j];
        if moved.is_finite() {
            return moved / self.divisor[j];
        }
        // Two finite numbers are less than twice the largest float apart.
        (0.5 * raw - 0.5 * self.shift[j]) / (0.5 * self.divisor[j])
    }

    /// The scaled value of `raw` in feature `j`, exactly. `raw` must be finite.
    ///
    /// # Panics
    /// If `raw` or the scaler is not finite, or the divisor is zero.
    #[must_use]
    pub fn scale_exact(&self, j: usize, raw: f64) -> crate::Rational {
        let exact = |value: f64| crate::Rational::try_from(value).expect("finite by the reader's checks");
        (exact(raw) - exact(self.shift[j])) / exact(self.divisor[j])
    }
}
