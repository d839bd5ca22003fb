//! Intervals of floats that hold a real number: sums, products and quotients round outwards, and only where they are not exact.
//!
//! The error of a sum is a float (Knuth), and so is that of a product away from the least floats (Dekker); its sign says to which
//! side the exact result lies. What leaves the range of floats becomes infinite or NaN, which [`Interval::is_finite`] tells.

use crate::tolerances::{LARGEST_EXACT_WHOLE, LEAST_EXACT_PRODUCT};

/// All reals from `low` to `high`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Interval {
    pub low: f64,
    pub high: f64,
}

impl Interval {
    pub const ZERO: Self = Self { low: 0.0, high: 0.0 };

    /// A float that stands for itself.
    pub fn exact(value: f64) -> Self {
        Self { low: value, high: value }
    }

    /// The shortest decimal that reads back as `value`.
    pub fn datum(value: f64) -> Self {
        if is_its_decimal(value) { Self::exact(value) } else { Self { low: value.next_down(), high: value.next_up() } }
    }

    pub fn is_finite(self) -> bool {
        self.low.is_finite() && self.high.is_finite()
    }

    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// A float within.
    pub fn middle(self) -> f64 {
        if self.low == self.high { self.low } else { f64::midpoint(self.low, self.high) }
    }

    pub fn add(self, other: Self) -> Self {
        if self.low == self.high && other.low == other.high {
            let sum = self.low + other.low;
            return Self::around(sum, error_of_sum(self.low, other.low, sum));
        }
        Self { low: add_down(self.low, other.low), high: add_up(self.high, other.high) }
    }

    pub fn negate(self) -> Self {
        Self { low: -self.high, high: -self.low }
    }

    /// The product with a float that stands for itself.
    pub fn times(self, factor: f64) -> Self {
        let product = self.low * factor;
        if self.low == self.high && product.abs() > LEAST_EXACT_PRODUCT {
            return Self::around(product, self.low.mul_add(factor, -product));
        }
        let (a, b) = if factor >= 0.0 { (self.low, self.high) } else { (self.high, self.low) };
        Self { low: multiply_down(a, factor), high: multiply_up(b, factor) }
    }

    /// The result of an operation on points, and how far the exact one is from it.
    fn around(result: f64, error: f64) -> Self {
        if error == 0.0 {
            Self::exact(result)
        } else if error < 0.0 {
            Self { low: result.next_down(), high: result }
        } else {
            Self { low: result, high: result.next_up() }
        }
    }

    /// The product of two intervals.
    pub fn product(self, other: Self) -> Self {
        if other.low == other.high {
            return self.times(other.low);
        }
        let (a, b) = (self.times(other.low), self.times(other.high));
        Self { low: a.low.min(b.low), high: a.high.max(b.high) }
    }
}

/// Whether the shortest decimal that reads back as `value` is the float itself: whole numbers are, and thousandths (of two) of at most
/// fifteen digits, since no two decimals of so few digits share a float.
pub(crate) fn is_its_decimal(value: f64) -> bool {
    let is_whole = value.fract() == 0.0 && value.abs() <= LARGEST_EXACT_WHOLE;
    is_whole || (value * 1024.0).fract() == 0.0 && value.abs() < 1e5
}

/// The greatest float known not to be above `a + b`.
pub(crate) fn add_down(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if error_of_sum(a, b, sum) < 0.0 { sum.next_down() } else { sum }
}

/// `a + b - sum`, exactly.
fn error_of_sum(a: f64, b: f64, sum: f64) -> f64 {
    let part = sum - a;
    (a - (sum - part)) + (b - part)
}

/// The least float known not to be below `a + b`.
pub(crate) fn add_up(a: f64, b: f64) -> f64 {
    -add_down(-a, -b)
}

/// The greatest float known not to be above `a b`.
pub(crate) fn multiply_down(a: f64, b: f64) -> f64 {
    let product = a * b;
    if a == 0.0 || b == 0.0 {
        return 0.0;
    }
    // Where products are so small that their error is no float, one step down is enough all the same.
    let is_above = product.abs() <= LEAST_EXACT_PRODUCT || a.mul_add(b, -product) < 0.0;
    if is_above { product.next_down() } else { product }
}

/// The least float known not to be below `a b`.
pub(crate) fn multiply_up(a: f64, b: f64) -> f64 {
    -multiply_down(-a, b)
}

/// The greatest float known not to be above `a / b`, for `b > 0`.
pub(crate) fn divide_down(a: f64, b: f64) -> f64 {
    let quotient = a / b;
    if a == 0.0 {
        return 0.0;
    }
    let is_tiny = quotient.abs() <= LEAST_EXACT_PRODUCT || a.abs() <= LEAST_EXACT_PRODUCT;
    let is_above = is_tiny || (-quotient).mul_add(b, a) < 0.0;
    if is_above { quotient.next_down() } else { quotient }
}

/// The least float known not to be below `a / b`, for `b > 0`.
pub(crate) fn divide_up(a: f64, b: f64) -> f64 {
    -divide_down(-a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rational;
    use proptest::prelude::*;

    fn exactly(value: f64) -> Rational {
        Rational::try_from(value).unwrap()
    }

    fn any_float() -> impl Strategy<Value = f64> {
        prop_oneof![
            (-1000_i32..1000).prop_map(f64::from),
            (-1000_i32..1000).prop_map(|x| f64::from(x) / 7.0),
            (-1e6..1e6_f64),
            (-60_i32..60, -1.0..1.0_f64).prop_map(|(e, x)| x * 2.0_f64.powi(e)),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn rounding_outwards_encloses(a in any_float(), b in any_float()) {
            let (x, y) = (exactly(a), exactly(b));
            let (sum, product) = (&x + &y, &x * &y);
            prop_assert!(exactly(add_down(a, b)) <= sum && sum <= exactly(add_up(a, b)));
            prop_assert!(exactly(multiply_down(a, b)) <= product && product <= exactly(multiply_up(a, b)));
            // No more than needed: exact results stay points.
            if add_down(a, b) != add_up(a, b) {
                prop_assert!(add_down(a, b).next_up() >= a + b && exactly(a + b) != sum);
            }
            if b > 0.0 {
                let quotient = &x / &y;
                prop_assert!(exactly(divide_down(a, b)) <= quotient && quotient <= exactly(divide_up(a, b)));
            }
        }

        #[test]
        fn products_of_intervals(a in any_float(), b in any_float(), c in any_float(), d in any_float()) {
            let of = |a: f64, b: f64| Interval { low: a.min(b), high: a.max(b) };
            let product = of(a, b).product(of(c, d));
            for x in [a, b] {
                for y in [c, d] {
                    let exact = exactly(x) * exactly(y);
                    prop_assert!(exactly(product.low) <= exact && exact <= exactly(product.high));
                }
            }
        }

        #[test]
        fn data_stand_for_decimals(value in any_float()) {
            let exact = crate::number::decimal(value);
            let interval = Interval::datum(value);
            prop_assert!(exactly(interval.low) <= exact && exact <= exactly(interval.high));
            if is_its_decimal(value) {
                prop_assert_eq!(exact, exactly(value));
            }
        }
    }
}
