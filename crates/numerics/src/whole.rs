//! Common multiples and divisors of whole numbers.

use crate::Rational;
use dashu::base::Gcd;
use dashu::integer::UBig;

/// The least common multiple of two positive numbers.
#[must_use]
pub fn lcm(a: &UBig, b: &UBig) -> UBig {
    if b.is_one() { a.clone() } else { a / a.gcd(b) * b }
}

/// The least positive number that makes every product with `values` whole; 1 without values.
pub fn common_denominator<'a>(values: impl IntoIterator<Item = &'a Rational>) -> UBig {
    let mut common = UBig::ONE;
    values.into_iter().for_each(|value| widen(&mut common, value.denominator()));
    common
}

/// Makes `common` the least common multiple of itself and `b`. Data have few different denominators, so most are there
/// already: that costs one division.
pub fn widen(common: &mut UBig, b: &UBig) {
    if !b.is_one() && !(&*common % b).is_zero() {
        *common = lcm(common, b);
    }
}

/// The greatest common divisor, where 0 is a multiple of everything: gcd(0, b) = b.
#[must_use]
pub fn gcd(a: &UBig, b: &UBig) -> UBig {
    match (a.is_zero(), b.is_zero()) {
        (true, _) => b.clone(),
        (_, true) => a.clone(),
        _ => a.gcd(b),
    }
}

/// [`gcd`] of machine words.
#[must_use]
pub fn gcd_of_words(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu::integer::IBig;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn multiples_and_divisors_agree(a in 0_u64..1 << 40, b in 0_u64..1 << 40) {
            let words = gcd_of_words(u128::from(a), u128::from(b));
            prop_assert_eq!(gcd(&UBig::from(a), &UBig::from(b)), UBig::from(words));
            if a > 0 && b > 0 {
                prop_assert_eq!(lcm(&UBig::from(a), &UBig::from(b)) * UBig::from(words), UBig::from(a) * UBig::from(b));
            }
        }
    }

    #[test]
    fn denominators_have_a_least_multiple() {
        let parts = |p: i32, q: u8| Rational::from_parts(IBig::from(p), UBig::from(q));
        assert_eq!(common_denominator(&[parts(1, 4), parts(-5, 6), parts(2, 1)]), UBig::from(12_u8));
        assert_eq!(common_denominator([]), UBig::ONE);
    }
}
