//! Numbers m * 2^e with a big integer m: closed under +, - and *, and free of the greatest common divisors that make
//! rationals slow. Every finite `f64` is one.

use crate::Rational;
use dashu::base::Sign;
use dashu::integer::{IBig, UBig};
use std::cmp::Ordering;

/// An exact number `mantissa * 2^exponent`. Not normalised: equal values may have different forms.
#[derive(Clone, Debug)]
pub(crate) struct Dyadic {
    mantissa: IBig,
    exponent: i64,
}

/// `value` as mantissa and exponent, exactly; the mantissa is odd or 0.
///
/// # Panics
/// If `value` is not finite: no caller passes a value that was not checked.
pub(crate) fn decode(value: f64) -> (i64, i64) {
    const FRACTION: u64 = (1 << 52) - 1;
    assert!(value.is_finite(), "only finite numbers have an exact value");
    let bits = value.to_bits();
    let biased = i64::from((bits >> 52 & 0x7ff) as u16);
    let fraction = (bits & FRACTION) as i64;
    let (magnitude, exponent) = if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
    if magnitude == 0 {
        return (0, 0);
    }
    let zeros = magnitude.trailing_zeros();
    let odd = magnitude >> zeros;
    (if value < 0.0 { -odd } else { odd }, exponent + i64::from(zeros))
}

impl Dyadic {
    pub(crate) const ZERO: Self = Self { mantissa: IBig::ZERO, exponent: 0 };

    /// The exact value of a finite `f64`. Panics if it is not finite.
    pub(crate) fn from_f64(value: f64) -> Self {
        let (mantissa, exponent) = decode(value);
        Self { mantissa: IBig::from(mantissa), exponent }
    }

    pub(crate) fn new(mantissa: IBig, exponent: i64) -> Self {
        Self { mantissa, exponent }
    }

    pub(crate) fn abs(&self) -> Self {
        if self.sign() == Ordering::Less { self.negated() } else { self.clone() }
    }

    pub(crate) fn negated(&self) -> Self {
        Self { mantissa: -&self.mantissa, exponent: self.exponent }
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        Self { mantissa: &self.mantissa * &other.mantissa, exponent: self.exponent + other.exponent }
    }

    pub(crate) fn times_integer(&self, factor: &IBig) -> Self {
        Self { mantissa: &self.mantissa * factor, exponent: self.exponent }
    }

    /// Adds `other`. The finer exponent wins, so a sum of finite `f64`s never holds more than about 2100 bits.
    pub(crate) fn add(&mut self, other: &Self) {
        if other.mantissa.is_zero() {
            return;
        }
        if self.mantissa.is_zero() {
            self.clone_from(other);
            return;
        }
        match self.exponent.cmp(&other.exponent) {
            Ordering::Equal => self.mantissa += &other.mantissa,
            Ordering::Less => self.mantissa += &other.mantissa << steps(other.exponent - self.exponent),
            Ordering::Greater => {
                self.mantissa <<= steps(self.exponent - other.exponent);
                self.mantissa += &other.mantissa;
                self.exponent = other.exponent;
            }
        }
    }

    /// The sign: compared with 0.
    pub(crate) fn sign(&self) -> Ordering {
        if self.mantissa.is_zero() {
            Ordering::Equal
        } else if self.mantissa.sign() == Sign::Negative {
            Ordering::Less
        } else {
            Ordering::Greater
        }
    }

    /// The quotient `self / divisor`.
    pub(crate) fn over(&self, divisor: &UBig) -> Rational {
        if self.exponent >= 0 {
            Rational::from_parts(&self.mantissa << steps(self.exponent), divisor.clone())
        } else {
            Rational::from_parts(self.mantissa.clone(), divisor << steps(-self.exponent))
        }
    }

    /// The nearest `f64`; infinite beyond its range.
    pub(crate) fn to_f64(&self) -> f64 {
        self.over(&UBig::ONE).to_f64().value()
    }
}

/// A shift that is not negative by its caller's comparison; exponents stay within a few thousand.
fn steps(shift: i64) -> usize {
    usize::try_from(shift).expect("shifts go from the coarser to the finer exponent")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decodes_extremes() {
        assert_eq!(decode(0.0), (0, 0));
        assert_eq!(decode(-0.0), (0, 0));
        assert_eq!(decode(1.5), (3, -1));
        assert_eq!(decode(-6.0), (-3, 1));
        assert_eq!(decode(f64::from_bits(1)), (1, -1074));
        assert_eq!(decode(f64::MAX), ((1 << 53) - 1, 971));
    }

    proptest! {
        #[test]
        fn agrees_with_rationals(a in any::<f64>(), b in any::<f64>()) {
            prop_assume!(a.is_finite() && b.is_finite());
            let exact = |x: f64| Rational::try_from(x).unwrap();
            let (da, db) = (Dyadic::from_f64(a), Dyadic::from_f64(b));
            prop_assert_eq!(da.over(&UBig::ONE), exact(a));
            prop_assert_eq!(da.times(&db).over(&UBig::ONE), exact(a) * exact(b));
            let mut sum = da.clone();
            sum.add(&db);
            prop_assert_eq!(sum.over(&UBig::ONE), exact(a) + exact(b));
            prop_assert_eq!(sum.sign(), (exact(a) + exact(b)).cmp(&Rational::ZERO));
            prop_assert_eq!(da.to_f64(), a);
        }
    }
}
