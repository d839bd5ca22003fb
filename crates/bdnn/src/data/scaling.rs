//! How features are scaled: fitted on the training part alone, so that nothing of the test data leaks in.

use super::Dataset;
use crate::Scaler;
use serde::{Deserialize, Serialize};

/// The kinds of scaling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scaling {
    /// Each feature's range becomes [0, 1].
    #[default]
    MinMax,
    /// Each feature gets mean 0 and standard deviation 1 (of the population: divided by m).
    Standard,
    /// Features stay as they are.
    None,
}

impl Scaling {
    /// Fits the map to the rows `members` of `data`. Constant features are only shifted. Cost O(m n).
    ///
    /// # Panics
    /// If a member is out of range.
    #[must_use]
    pub fn fit(self, data: &Dataset, members: &[usize]) -> Scaler {
        let n = data.num_features();
        let mut scaler = Scaler::identity(n);
        if self == Self::None || members.is_empty() {
            return scaler;
        }
        for j in 0..n {
            let column = || members.iter().map(|&i| data.row(i)[j]);
            let (shift, divisor) = match self {
                Self::Standard => moments(column()),
                Self::MinMax | Self::None => {
                    let low = column().fold(f64::INFINITY, f64::min);
                    (low, column().fold(f64::NEG_INFINITY, f64::max) - low)
                }
            };
            scaler.shift[j] = shift;
            // A range beyond all floats stays as wide as floats go; `Problem::check` refuses what still overflows.
            scaler.divisor[j] = if divisor > 0.0 { divisor.min(f64::MAX) } else { 1.0 };
        }
        scaler
    }
}

/// Mean and standard deviation in one pass (Welford, Technometrics 4, 1962), clamped to finite numbers.
fn moments(column: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for x in column {
        count += 1.0;
        let before = x - mean;
        mean += before / count;
        squares += before * (x - mean);
    }
    let deviation = (squares / count).sqrt();
    if f64::is_finite(mean) { (mean, deviation) } else { (0.0, f64::MAX) }
}
