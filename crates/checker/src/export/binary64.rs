//! IEEE 754 binary64 arithmetic in integers: what a program with doubles computes, operation by operation, rounded to nearest with
//! ties to even. The checker has no floats of its own, so nothing depends on the machine it runs on.
//!
//! Invariant: finite numbers only, each in one form: 0, or an integer of 53 bits times a power of two, or fewer bits of the least power.

use crate::number::{self, Rational};
use std::cmp::Ordering;

/// Bits of an integer.
const DIGITS: i32 = 53;
/// The least exponent.
const LEAST: i32 = -1074;
/// Numbers from two to this power on are no binary64.
const BEYOND: i32 = 1024;

/// A finite binary64; 0 has no sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Binary64 {
    negative: bool,
    mantissa: u64,
    exponent: i32,
}

impl Binary64 {
    pub const ZERO: Self = Self { negative: false, mantissa: 0, exponent: LEAST };

    /// A number that is one already; 0 for any other.
    pub fn of(value: &Rational) -> Self {
        Self::from_bits(number::binary64_bits(value)).unwrap_or(Self::ZERO)
    }

    /// The number with these bits; `None` if it is infinite or none.
    pub fn from_bits(bits: u64) -> Option<Self> {
        const INFINITE: i32 = 0x7ff;
        let fraction = bits & ((1 << 52) - 1);
        let biased = i32::try_from(bits >> 52 & 0x7ff).ok().filter(|&biased| biased != INFINITE)?;
        let (mantissa, exponent) =
            if biased == 0 { (fraction, LEAST) } else { (fraction | 1 << 52, biased - 1 + LEAST) };
        Some(Self { negative: bits >> 63 == 1 && mantissa != 0, mantissa, exponent })
    }

    /// A whole number, rounded; `None` beyond the largest float.
    pub fn whole(value: i128) -> Option<Self> {
        Self::rounded(value < 0, value.unsigned_abs(), 0, false)
    }

    /// A whole number as such; `None` if this is none, or a large one.
    pub fn to_whole(self) -> Option<i128> {
        const MOST: i32 = 64;
        let size = if self.exponent >= 0 {
            (self.exponent <= MOST).then(|| i128::from(self.mantissa) << self.exponent)?
        } else {
            let below = u32::try_from(-self.exponent).ok()?;
            let whole = self.mantissa.checked_shr(below).unwrap_or(0);
            (whole.checked_shl(below).unwrap_or(0) == self.mantissa).then(|| i128::from(whole))?
        };
        Some(if self.negative { -size } else { size })
    }

    pub fn negated(self) -> Self {
        Self { negative: !self.negative && self.mantissa != 0, ..self }
    }

    /// The nearest binary64 to an integer times a power of two, and a little more if `more`; the integer has then more than
    /// 55 bits. `None` beyond the largest.
    fn rounded(negative: bool, integer: u128, exponent: i32, more: bool) -> Option<Self> {
        let bits = 128 - i32::try_from(integer.leading_zeros()).unwrap_or(0);
        let drop = (bits - DIGITS).max(LEAST - exponent);
        let (mut mantissa, mut exponent) = (integer, exponent);
        if drop > 0 {
            let by = u32::try_from(drop).unwrap_or(u32::MAX);
            let kept = integer.checked_shr(by).unwrap_or(0);
            let half = 1_u128.checked_shl(by - 1).unwrap_or(0);
            // Without a half to compare with, so much is dropped that what was there is less than it.
            let rest = integer - kept.checked_shl(by).unwrap_or(0);
            let up = half != 0 && (rest > half || rest == half && (more || kept & 1 == 1));
            mantissa = kept + u128::from(up);
            exponent += drop;
        }
        if mantissa == 0 {
            return Some(Self::ZERO);
        }
        // Rounding up may have added a bit; what has few gets them, down to the least exponent.
        if mantissa >> DIGITS != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
        let bits = 128 - i32::try_from(mantissa.leading_zeros()).unwrap_or(0);
        let grow = (DIGITS - bits).min(exponent - LEAST).max(0);
        mantissa <<= grow;
        exponent -= grow;
        if exponent + DIGITS > BEYOND {
            return None;
        }
        Some(Self { negative, mantissa: u64::try_from(mantissa).ok()?, exponent })
    }

    /// The sum; `None` beyond the largest float.
    pub fn plus(self, other: Self) -> Option<Self> {
        const APART: i32 = 70;
        let (large, small) = if self.exponent >= other.exponent { (self, other) } else { (other, self) };
        if small.mantissa == 0 {
            return Some(large);
        }
        if large.mantissa == 0 {
            return Some(small);
        }
        let apart = large.exponent - small.exponent;
        let sign = |number: Self| if number.negative { -1_i128 } else { 1 };
        let (sum, exponent) = if apart <= APART {
            let sum = sign(large) * (i128::from(large.mantissa) << apart) + sign(small) * i128::from(small.mantissa);
            (sum, small.exponent)
        } else {
            // The small number is less than any digit that matters: it only says on which side of the large one the sum is.
            const EXTRA: i32 = 60;
            (sign(large) * (i128::from(large.mantissa) << EXTRA) + sign(small), large.exponent - EXTRA)
        };
        Self::rounded(sum < 0, sum.unsigned_abs(), exponent, false)
    }

    /// The difference; `None` beyond the largest float.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated())
    }

    /// The product; `None` beyond the largest float.
    pub fn times(self, other: Self) -> Option<Self> {
        let product = u128::from(self.mantissa) * u128::from(other.mantissa);
        Self::rounded(self.negative != other.negative, product, self.exponent + other.exponent, false)
    }

    /// The quotient; `None` beyond the largest float, and by 0.
    pub fn over(self, other: Self) -> Option<Self> {
        const EXTRA: i32 = 66;
        if other.mantissa == 0 {
            return None;
        }
        // Subnormal numbers have few digits: the dividend gets as many as others have.
        let grow = i32::try_from(self.mantissa.leading_zeros()).unwrap_or(0) - (64 - DIGITS);
        let grow = if self.mantissa == 0 { 0 } else { grow };
        let dividend = u128::from(self.mantissa << grow) << EXTRA;
        let divisor = u128::from(other.mantissa);
        let exponent = self.exponent - grow - EXTRA - other.exponent;
        let (quotient, rest) = (dividend / divisor, dividend % divisor);
        Self::rounded(self.negative != other.negative, quotient, exponent, rest > 0)
    }
}

impl Ord for Binary64 {
    fn cmp(&self, other: &Self) -> Ordering {
        let size = |number: &Self| (number.exponent, number.mantissa);
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => size(self).cmp(&size(other)),
            (true, true) => size(other).cmp(&size(self)),
        }
    }
}

impl PartialOrd for Binary64 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::float_arithmetic)] // tests may
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ours(value: f64) -> Binary64 {
        Binary64::of(&Rational::try_from(value).unwrap())
    }

    /// What the machine computes; `None` where it is infinite or no number.
    fn machine(value: f64) -> Option<Binary64> {
        value.is_finite().then(|| ours(value))
    }

    fn numbers() -> impl Strategy<Value = f64> {
        let every = any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |x| x.is_finite());
        let near = (-60_i32..60, 0_u64..9, any::<bool>()).prop_map(|(e, ulps, up)| {
            let at = 2_f64.powi(e);
            f64::from_bits(if up { at.to_bits() + ulps } else { at.to_bits() - ulps })
        });
        prop_oneof![
            every,
            near,
            -10.0..10.0,
            (-20_i32..20).prop_map(f64::from),
            Just(5e-324),
            Just(f64::MIN_POSITIVE),
            Just(f64::MAX),
            (0_u64..1 << 53).prop_map(f64::from_bits),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn as_the_machine_computes((a, b) in (numbers(), numbers())) {
            let (x, y) = (ours(a), ours(b));
            prop_assert_eq!(x.plus(y), machine(a + b));
            prop_assert_eq!(x.minus(y), machine(a - b));
            prop_assert_eq!(x.times(y), machine(a * b));
            prop_assert_eq!(x.over(y), machine(a / b));
            prop_assert_eq!(x.partial_cmp(&y), a.partial_cmp(&b));
        }

        #[test]
        fn whole_numbers(value in any::<i64>()) {
            let float = Binary64::whole(value.into()).unwrap();
            prop_assert_eq!(float, ours(value as f64));
            let back = float.to_whole().unwrap();
            prop_assert!(value.unsigned_abs() >> 53 != 0 || back == i128::from(value));
            prop_assert_eq!(ours(0.5).to_whole(), None);
        }
    }
}
