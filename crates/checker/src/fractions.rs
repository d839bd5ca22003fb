//! Sums of many fractions. Their common denominator has as many digits as all denominators together, so exact sums of n fractions term by term
//! cost n^2; here two binary numbers that a sum lies between decide first, and exact arithmetic, by halves, where they cannot.
//!
//! Entry points: [`floor`], [`sum`], [`compare`], [`largest`].

use crate::number::Rational;
use dashu_base::{BitTest, DivRemEuclid, UnsignedAbs};
use dashu_int::{IBig, UBig};
use std::cmp::Ordering;

/// Binary digits behind the point of the numbers that decide first.
pub(crate) const DIGITS: usize = 160;

/// The largest whole number that is at most numerator / denominator * 2^digits, and whether it is that.
pub(crate) fn floor(numerator: &IBig, denominator: &UBig, digits: usize) -> (IBig, bool) {
    let (quotient, remainder) = (numerator << digits).div_rem_euclid(IBig::from(denominator.clone()));
    (quotient, remainder.is_zero())
}

/// Two numbers that a sum lies between, in units of 2^-digits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Between {
    pub low: IBig,
    pub high: IBig,
}

impl Between {
    /// Of the sum of these. Cost O(terms).
    fn of<'r>(terms: impl IntoIterator<Item = &'r Rational>) -> Self {
        let mut between = Self::default();
        for term in terms {
            let (least, is_exact) = floor(term.numerator(), term.denominator(), DIGITS);
            between.high += &least + IBig::from(u8::from(!is_exact));
            between.low += least;
        }
        between
    }

    /// How the sum compares with another number, if these tell; in units of 2^-`digits`.
    pub fn compare(&self, other: &Rational, digits: usize) -> Option<Ordering> {
        let other = (other.numerator() << digits, IBig::from(other.denominator().clone()));
        let side = |bound: &IBig| (bound * &other.1).cmp(&other.0);
        match (side(&self.low), side(&self.high)) {
            (low, high) if low == high => Some(low),
            _ => None,
        }
    }
}

/// A fraction that is not reduced: numerator / (odd * 2^twos).
struct Fraction {
    numerator: IBig,
    odd: UBig,
    twos: usize,
}

impl Fraction {
    fn of(value: &Rational) -> Self {
        let twos = value.denominator().trailing_zeros().unwrap_or(0);
        Self { numerator: value.numerator().clone(), odd: value.denominator() >> twos, twos }
    }

    fn plus(self, other: Self) -> Self {
        let twos = self.twos.max(other.twos);
        let (one, two) = (self.numerator << (twos - self.twos), other.numerator << (twos - other.twos));
        if self.odd == other.odd {
            return Self { numerator: one + two, odd: self.odd, twos };
        }
        let numerator = one * IBig::from(other.odd.clone()) + two * IBig::from(self.odd.clone());
        Self { numerator, odd: self.odd * other.odd, twos }
    }
}

/// The sum, exactly. Cost: that of multiplying numbers as long as all denominators together, times log n.
pub(crate) fn sum(terms: &[Rational]) -> Rational {
    fn halves(terms: &[Rational]) -> Fraction {
        match terms {
            [] => Fraction::of(&Rational::ZERO),
            [term] => Fraction::of(term),
            _ => {
                let (one, two) = terms.split_at(terms.len() / 2);
                halves(one).plus(halves(two))
            }
        }
    }
    let Fraction { numerator, odd, twos } = halves(terms);
    Rational::from_parts(numerator, odd << twos)
}

/// How the sum of `terms` compares with `other`. Cost O(terms), but for those that all but agree with it.
pub(crate) fn compare(terms: &[Rational], other: &Rational) -> Ordering {
    Between::of(terms).compare(other, DIGITS).unwrap_or_else(|| sum(terms).cmp(other))
}

/// The largest of several sums, exactly, and a binary number that is not below it and close; 0 of none. Cost as of [`Between`] for each, and
/// of [`sum`] for the largest and those that all but agree with it.
pub(crate) fn largest(sums: impl Iterator<Item = Vec<Rational>>) -> (Rational, Rational) {
    let mut best: Vec<(Between, Vec<Rational>)> = vec![];
    for terms in sums {
        let between = Between::of(&terms);
        if best.iter().all(|(known, _)| between.high >= known.low) {
            best.retain(|(known, _)| known.high >= between.low);
            best.push((between, terms));
        }
    }
    let high = best.iter().map(|(between, _)| &between.high).max().cloned().unwrap_or_default();
    // Equal ones are common: rows that differ in signs.
    best.dedup_by(|(_, one), (_, other)| one == other);
    let exact = best.iter().map(|(_, terms)| sum(terms)).max().unwrap_or_default();
    (exact, Rational::from_parts(high, UBig::ONE << DIGITS))
}

/// Bits of the whole part of a number.
pub(crate) fn whole_bits(value: &Rational) -> usize {
    (value.numerator().clone().unsigned_abs() / value.denominator()).bit_len()
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use crate::number::exact;

    fn terms(text: &str) -> Vec<Rational> {
        text.split(' ').map(|term| exact(term).expect("a number")).collect()
    }

    #[test]
    fn sums_are_exact() {
        for (text, expected) in
            [("1/3 1/6 -1/2", "0"), ("1/3 2/3 5/8", "13/8"), ("-7", "-7"), ("1/12 1/18 1/20", "17/90")]
        {
            assert_eq!(sum(&terms(text)), exact(expected).expect("a number"), "{text}");
        }
        assert_eq!(sum(&[]), Rational::ZERO);
        // 1 + 1/2 + .. + 1/60 against the same term by term.
        let harmonic: Vec<Rational> = (1..=60_u64).map(|k| Rational::from_parts(1.into(), k.into())).collect();
        assert_eq!(sum(&harmonic), harmonic.iter().fold(Rational::ZERO, |sum, term| sum + term));
    }

    /// What binary numbers cannot tell apart, exact arithmetic does.
    #[test]
    fn comparisons_are_exact() {
        let thirds = terms("1/3 1/3 1/3");
        let tiny = Rational::from_parts(1.into(), UBig::ONE << (DIGITS + 40));
        let one = Rational::ONE;
        assert_eq!(compare(&thirds, &one), Ordering::Equal);
        assert_eq!(compare(&thirds, &(&one + &tiny)), Ordering::Less);
        assert_eq!(compare(&thirds, &(&one - &tiny)), Ordering::Greater);
        assert_eq!(compare(&terms("-1/3 1/7"), &Rational::ZERO), Ordering::Less);
        assert_eq!(compare(&[], &Rational::ZERO), Ordering::Equal);
    }

    #[test]
    fn the_largest_sum_is_exact() {
        let sums = ["1/3 1/3", "1/3 1/3 1/3", "1/2 1/2", "1/7"];
        let (exact, above) = largest(sums.into_iter().map(terms));
        assert_eq!(exact, Rational::ONE);
        assert!(above >= exact && above - exact <= Rational::from_parts(3.into(), UBig::ONE << DIGITS));
        assert_eq!(largest(std::iter::empty()), (Rational::ZERO, Rational::ZERO));
    }

    #[test]
    fn floors_are_below() {
        let floored = |numerator: i32, denominator: u32| floor(&numerator.into(), &denominator.into(), 1);
        assert_eq!(floored(7, 2), (7.into(), true));
        assert_eq!(floored(-1, 3), ((-1).into(), false));
        assert_eq!(floored(-4, 2), ((-4).into(), true));
        assert_eq!((whole_bits(&exact("-9/2").expect("a number")), whole_bits(&Rational::ZERO)), (3, 0));
    }
}
