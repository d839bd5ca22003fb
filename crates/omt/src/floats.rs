//! Weights among the floats for a pattern that exact arithmetic knows to be possible.
//!
//! A separator in rationals is one of many, and few of its neighbours are floats: points that differ in their last digit, or a margin that
//! is just attained, leave so little room that rounding loses the pattern. So several ways are tried, and whatever comes out is
//! evaluated at every point in rationals. Entry point: [`Asked::of_separator`]. That none is found proves nothing.

use crate::tolerances::{ROUNDED_CORNERS, ROUNDED_SCALES};
use bdnn::Rational;
use bdnn::separation::{Semantics, Separator, biases};
use dashu::base::{BitTest, UnsignedAbs};
use dashu::integer::IBig;
use numerics::whole::common_denominator;

/// Weights (length n) and bias.
pub(crate) type Floats = (Vec<f64>, f64);

/// What is asked of one neuron.
pub(crate) struct Asked<'a> {
    /// In the units of the weights, of equal length.
    pub(crate) points: &'a [Vec<Rational>],
    /// One a point.
    pub(crate) fires: &'a [bool],
    pub(crate) semantics: Semantics,
}

impl Asked<'_> {
    /// Floats near a separator that do what is asked; `None` if there seem to be none, or once `stop` says so. Cost: some dozens of
    /// evaluations of all points in rationals.
    pub(crate) fn of_separator(&self, separator: &Separator, stop: &dyn Fn() -> bool) -> Option<Floats> {
        let scalable = self.semantics.epsilon.is_none();
        if let Some(found) = whole(separator).filter(|_| scalable).and_then(|floats| self.fit(floats)) {
            return Some(found);
        }
        let (scales, corners) =
            if scalable { (ROUNDED_SCALES, ROUNDED_CORNERS.1) } else { (16..=16, ROUNDED_CORNERS.0) };
        let sizes = scaled(separator, scalable);
        for scale in scales.rev() {
            let exact: Vec<Rational> =
                sizes.weights.iter().map(|w| w * Rational::from(scale) / Rational::from(16)).collect();
            let inexact: Vec<usize> = (0..exact.len()).filter(|&j| rational(nearest(&exact[j])) != exact[j]).collect();
            for corner in 0..1_u32 << corners.min(u32::try_from(inexact.len()).unwrap_or(corners)) {
                if stop() {
                    return None;
                }
                let mut weights: Vec<f64> = exact.iter().map(nearest).collect();
                for (k, &j) in inexact.iter().enumerate().take(corners as usize) {
                    if corner >> k & 1 == 1 {
                        let up = rational(weights[j]) < exact[j];
                        weights[j] = if up { weights[j].next_up() } else { weights[j].next_down() };
                    }
                }
                let bias = nearest(&(&sizes.bias * Rational::from(scale) / Rational::from(16)));
                if let Some(found) = self.fit((weights, bias)) {
                    return Some(found);
                }
            }
        }
        None
    }

    /// These weights with this bias or another that does what is asked, if there is one.
    pub(crate) fn fit(&self, (weights, bias): Floats) -> Option<Floats> {
        if !weights.iter().chain([&bias]).all(|v| v.is_finite()) {
            return None;
        }
        let exact: Vec<Rational> = weights.iter().map(|&w| rational(w)).collect();
        let mut separator = Separator { weights: exact, bias: rational(bias) };
        if separator.holds(self.points, self.fires, &self.semantics) {
            return Some((weights, bias));
        }
        let (low, high) = biases(self.points, self.fires, &separator.weights, &self.semantics)?;
        let middle = nearest(&((&low + &high) / Rational::from(2)));
        let (low, high) = (nearest(&low), nearest(&high));
        for bias in [middle, low, low.next_up(), high, high.next_down()].into_iter().filter(|b| b.is_finite()) {
            separator.bias = rational(bias);
            if separator.holds(self.points, self.fires, &self.semantics) {
                return Some((weights, bias));
            }
        }
        None
    }
}

/// The floats nearest to a separator, scaled if it may be so that none is beyond their range.
pub(crate) fn near(separator: &Separator, scalable: bool) -> Floats {
    let Separator { weights, bias } = scaled(separator, scalable);
    whole(separator).filter(|_| scalable).unwrap_or_else(|| (weights.iter().map(nearest).collect(), nearest(&bias)))
}

/// The separator times a number that makes all of it whole, over a power of two so that nothing is above 1, if floats hold that exactly.
fn whole(separator: &Separator) -> Option<Floats> {
    let values: Vec<&Rational> = separator.weights.iter().chain([&separator.bias]).collect();
    let common = common_denominator(values.iter().copied());
    let integers: Vec<IBig> = values.iter().map(|v| v.numerator() * IBig::from(&common / v.denominator())).collect();
    let bits = integers.iter().map(|v| v.unsigned_abs().bit_len()).max().unwrap_or(0);
    if bits > f64::MANTISSA_DIGITS as usize {
        return None;
    }
    #[allow(clippy::cast_precision_loss)]
    let scale = (bits as f64).exp2().recip();
    let mut floats: Vec<f64> = integers.iter().map(|v| v.to_f64().value() * scale).collect();
    let bias = floats.pop()?;
    Some((floats, bias))
}

/// The separator with its largest number near 1, if it may be scaled.
#[allow(clippy::cast_possible_wrap)]
fn scaled(separator: &Separator, scalable: bool) -> Separator {
    let values = separator.weights.iter().chain([&separator.bias]).filter(|v| !v.is_zero());
    let digits = |v: &IBig| v.clone().unsigned_abs().bit_len() as isize;
    let size = |v: &Rational| digits(v.numerator()) - v.denominator().bit_len() as isize;
    let exponent = values.map(size).max().filter(|_| scalable).unwrap_or(0);
    let shift = Rational::from(IBig::ONE << exponent.unsigned_abs());
    let near = |v: &Rational| if exponent > 0 { v / &shift } else { v * &shift };
    Separator { weights: separator.weights.iter().map(near).collect(), bias: near(&separator.bias) }
}

fn nearest(value: &Rational) -> f64 {
    value.to_f64().value()
}

/// A float as the rational it is; 0 for none.
fn rational(value: f64) -> Rational {
    Rational::try_from(value).unwrap_or(Rational::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::separation::{Verdict, separate};
    use proptest::prelude::*;

    fn asked(columns: usize, raw: &[f64]) -> Vec<Vec<Rational>> {
        raw.chunks_exact(columns).map(|row| row.iter().map(|&x| rational(x)).collect()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// What is found does what is asked; on a line with a bias everything possible is found.
        #[test]
        fn floats_do_what_is_asked(
            n in 1_usize..4,
            ulps in prop::collection::vec(-3_i64..4, 15),
            bases in prop::collection::vec(prop_oneof![Just(0.3), Just(1e15), Just(0.0), Just(-2.0)], 15),
            fires in prop::collection::vec(any::<bool>(), 5),
            bias in any::<bool>(),
            epsilon in prop::option::of(prop_oneof![Just(0.5), Just(1e-9)]),
        ) {
            let raw: Vec<f64> =
                bases.iter().zip(&ulps).map(|(&base, &u)| (0..u).fold(base, |x: f64, _| x.next_up())).collect();
            let points = asked(n, &raw[..5 * n]);
            let semantics = Semantics { bias, bound: 1.0, epsilon, robust: None };
            let asked = Asked { points: &points, fires: &fires, semantics };
            if let Verdict::Separable(separator) = separate(&points, &fires, &semantics) {
                let found = asked.of_separator(&separator, &|| false);
                prop_assert!(found.is_some() || n > 1 || !bias || epsilon.is_some());
                if let Some((weights, bias)) = found {
                    let weights = weights.into_iter().map(rational).collect();
                    let separator = Separator { weights, bias: rational(bias) };
                    prop_assert!(separator.holds(&points, &fires, &semantics));
                }
            }
        }
    }

    /// A margin that is attained with equality at every point that matters.
    #[test]
    fn margins_may_be_just_attained() {
        let points = asked(2, &[0.0, 1.0, 1.5, 0.0, 1.5, 1.0, 1.5, 1.5]);
        let fires = [false, false, false, true];
        let semantics = Semantics { bias: true, bound: 1.0, epsilon: Some(0.5), robust: None };
        let Verdict::Separable(separator) = separate(&points, &fires, &semantics) else { panic!("w = (1, 1), b = -3") };
        assert!(Asked { points: &points, fires: &fires, semantics }.of_separator(&separator, &|| false).is_some());
    }
}
