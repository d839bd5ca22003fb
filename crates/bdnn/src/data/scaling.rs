//! How features are scaled: fitted on the training part alone, so that nothing of the test data leaks in.

use super::{Dataset, NEVER, Watch};
use crate::Scaler;
use crate::chunks::rows_at_once;
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
        self.fit_watched(data, (members, None), NEVER).expect("nobody says stop")
    }

    /// As [`Scaling::fit`], each member as many times as its units say, if there are any; `None` if `watch` said stop.
    ///
    /// # Panics
    /// As [`Scaling::fit`].
    #[must_use]
    pub fn fit_watched(
        self,
        data: &Dataset,
        (members, units): (&[usize], Option<&[u32]>),
        watch: Watch<'_>,
    ) -> Option<Scaler> {
        let n = data.num_features();
        let mut scaler = Scaler::identity(n);
        if self == Self::None || members.is_empty() {
            return Some(scaler);
        }
        let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); n];
        let at_once = rows_at_once(n);
        for (at, &i) in members.iter().enumerate() {
            if at % at_once == 0 && watch() {
                return None;
            }
            for (range, &x) in ranges.iter_mut().zip(data.row(i)) {
                *range = (range.0.min(x), range.1.max(x));
            }
        }
        let fitted: Vec<(f64, f64)> = match self {
            Self::Standard => moments(data, (members, units), &ranges, watch)?,
            Self::MinMax | Self::None => ranges.iter().map(|(low, high)| (*low, high - low)).collect(),
        };
        for (j, (shift, divisor)) in fitted.into_iter().enumerate() {
            scaler.shift[j] = shift;
            // A range beyond all floats counts as the largest: what is scaled then ends at 2 instead of 1.
            scaler.divisor[j] = if divisor > 0.0 { divisor.min(f64::MAX) } else { 1.0 };
        }
        Some(scaler)
    }
}

/// Mean and standard deviation of every feature in one pass (Welford, Technometrics 4, 1962; with weights West, CACM 22, 1979), of numbers that a power of
/// two brought into [-1, 1]: so nothing overflows, squares of tiny numbers do not vanish, and nothing else changes.
fn moments(
    data: &Dataset,
    (members, units): (&[usize], Option<&[u32]>),
    ranges: &[(f64, f64)],
    watch: Watch<'_>,
) -> Option<Vec<(f64, f64)>> {
    let exponents: Vec<i32> = ranges.iter().map(|(low, high)| exponent(low.abs().max(high.abs()))).collect();
    let mut sums = vec![(0.0, 0.0); ranges.len()];
    let mut all = 0.0;
    let at_once = rows_at_once(ranges.len());
    for (at, &i) in members.iter().enumerate() {
        if at.is_multiple_of(at_once) && watch() {
            return None;
        }
        let weight = units.map_or(1.0, |units| f64::from(units[at]));
        all += weight;
        let share = weight / all;
        for ((x, &exponent), (mean, squares)) in data.row(i).iter().zip(&exponents).zip(&mut sums) {
            let x = times_power(*x, -exponent);
            let before = x - *mean;
            *mean += before * share;
            *squares += weight * before * (x - *mean);
        }
    }
    let finish = |((mean, squares), exponent): ((f64, f64), i32)| {
        (times_power(mean, exponent), times_power((squares / all).sqrt(), exponent))
    };
    Some(sums.into_iter().zip(exponents).map(finish).collect())
}

/// The least e with x < 2^e, for x >= 0; 0 for 0.
fn exponent(x: f64) -> i32 {
    const BIAS: i32 = 1022;
    match (x.to_bits() >> 52) as i32 {
        _ if x == 0.0 => 0,
        // Subnormal: as many bits as the fraction has, in units of 2^-1074.
        0 => 64 - x.to_bits().leading_zeros() as i32 - 1074,
        biased => biased - BIAS,
    }
}

/// x 2^e in two steps, since 2^e alone may be no float.
fn times_power(x: f64, e: i32) -> f64 {
    x * 2_f64.powi(e / 2) * 2_f64.powi(e - e / 2)
}
