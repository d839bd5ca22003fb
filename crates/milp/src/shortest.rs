//! Floats as the decimals that they stand for ([`Shortest`]), and exact sums of products of such ([`DecimalSum`]).
//!
//! Most numbers of a model have few digits, and what is claimed of a point needs its exact objective and rows. So a decimal here is a
//! whole number of 64 bits and an exponent of ten, products of two are whole numbers of 128 bits, and sums are kept apart by exponent:
//! rationals, with a common divisor to be found at every step, come in at the end of a sum alone.
//!
//! Invariant: nothing is rounded. A sum that outgrows 128 bits goes on in big numbers.
//!
//! Reference: Steele, White, *How to print floating-point numbers accurately*, PLDI 1990, for shortest decimals.

use std::fmt::Write as _;

use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;

/// Decimals of at most so many digits are all told apart by floats of ordinary size: one that reads back as a float is its shortest.
const SAFE_DIGITS: i32 = 15;

/// Powers of ten that floats hold exactly.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Exponents of products that a sum keeps apart: 0, -1, ..
const PLACES: usize = 64;

/// `digits * 10^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shortest {
    digits: i64,
    exponent: i32,
}

impl Shortest {
    /// The shortest decimal that reads back as `value` (finite); a whole number below 2^63 is itself.
    pub fn of(value: f64) -> Self {
        let whole = value as i64;
        if whole as f64 == value && whole != i64::MAX {
            return Self { digits: whole, exponent: 0 };
        }
        Self::printed(value)
    }

    /// The same, if that decimal has at most [`SAFE_DIGITS`] digits, the last of them up to 22 places behind the point.
    fn of_few_digits(value: f64) -> Option<Self> {
        // 10^(at_least - 1) <= |value| nearly, by the exponent of two; subnormal numbers are far below what is asked for here.
        let exponent_of_two = ((value.to_bits() >> 52) & 0x7ff) as i32 - 1023;
        let at_least = (exponent_of_two * 1233) >> 12;
        let places = (SAFE_DIGITS - 1 - at_least).clamp(0, TENS.len() as i32 - 1);
        let (places, scaled) = [places, places - 1].into_iter().find_map(|places| {
            // Off by less than a quarter where it is below 10^15, so that it is the whole number meant, if there is one.
            let scaled = (value * TENS.get(usize::try_from(places).ok()?)?).round();
            (scaled.abs() < TENS[SAFE_DIGITS as usize]).then_some((places, scaled))
        })?;
        if scaled / TENS[places as usize] != value {
            return None;
        }
        let (mut digits, mut exponent) = (scaled as i64, -places);
        while digits % 10 == 0 && exponent < 0 {
            digits /= 10;
            exponent += 1;
        }
        Some(Self { digits, exponent })
    }

    /// The digits that `value` (finite) prints as: the shortest that read back as it, for great whole numbers as well.
    pub fn printed(value: f64) -> Self {
        Self::of_few_digits(value).unwrap_or_else(|| Self::of_text(value))
    }

    /// The decimal on the other side of `value`, whose digits these are, if it is as short and as near.
    pub fn tie(&self, value: &RBig) -> Option<RBig> {
        let place = Self { digits: 1, exponent: self.exponent }.exact();
        let other = value * RBig::from(2) - self.exact();
        ((&other / place).denominator() == &UBig::ONE).then_some(other)
    }

    fn of_text(value: f64) -> Self {
        let mut text = Text::default();
        // `-1.2345678901234567e-300`: 17 digits fit into 63 bits.
        let written = write!(text, "{value:e}");
        debug_assert!(written.is_ok() && value.is_finite());
        let (mut digits, mut exponent, mut fraction, mut bytes) = (0_i64, 0, 0, text.bytes().iter());
        for byte in bytes.by_ref() {
            match byte {
                b'0'..=b'9' => {
                    digits = 10 * digits + i64::from(byte - b'0');
                    exponent -= fraction;
                }
                b'.' => fraction = 1,
                b'e' => break,
                _ => {}
            }
        }
        let negative = bytes.as_slice().first() == Some(&b'-');
        let power =
            bytes.filter(|byte| byte.is_ascii_digit()).fold(0, |power, byte| 10 * power + i32::from(byte - b'0'));
        exponent += if negative { -power } else { power };
        Self { digits: if value < 0.0 { -digits } else { digits }, exponent }
    }

    /// The number.
    pub fn exact(self) -> RBig {
        of_parts(IBig::from(self.digits), self.exponent)
    }
}

/// As a whole number or a fraction without a common divisor.
impl std::fmt::Display for Shortest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.exponent == 0 { self.digits.fmt(out) } else { self.exact().fmt(out) }
    }
}

fn of_parts(digits: IBig, exponent: i32) -> RBig {
    if exponent >= 0 {
        RBig::from(digits * IBig::from(power_of_ten(exponent.unsigned_abs())))
    } else {
        RBig::from_parts(digits, power_of_ten(exponent.unsigned_abs()))
    }
}

fn power_of_ten(exponent: u32) -> UBig {
    match 10_u64.checked_pow(exponent) {
        Some(power) => UBig::from(power),
        None => UBig::from(10_u8).pow(exponent as usize),
    }
}

/// What is written, at most 32 bytes.
#[derive(Default)]
struct Text {
    bytes: [u8; 32],
    length: usize,
}

impl Text {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl std::fmt::Write for Text {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// A sum of products of decimals, without rounding.
pub(crate) struct DecimalSum {
    /// By exponent: units, tenths, hundredths, ..
    places: [i128; PLACES],
    /// Whatever does not fit there.
    rest: RBig,
}

impl DecimalSum {
    /// With a first term.
    pub fn from(first: RBig) -> Self {
        Self { places: [0; PLACES], rest: first }
    }

    /// Adds `a x`, the floats (finite) taken for decimals.
    pub fn add(&mut self, a: f64, x: f64) {
        let (a, x) = (Shortest::of(a), Shortest::of(x));
        // Below 2^126.
        let product = i128::from(a.digits) * i128::from(x.digits);
        let exponent = a.exponent + x.exponent;
        let place = usize::try_from(-exponent).ok().and_then(|place| self.places.get_mut(place));
        match place.and_then(|place| Some((place.checked_add(product)?, place))) {
            Some((sum, place)) => *place = sum,
            None => self.rest += of_parts(IBig::from(product), exponent),
        }
    }

    /// Adds a number.
    pub fn add_number(&mut self, value: RBig) {
        self.rest += value;
    }

    /// Adds `a x` for a number that no float stands for.
    pub fn add_exact(&mut self, a: &RBig, x: f64) {
        self.rest += a * Shortest::of(x).exact();
    }

    /// The sum.
    pub fn total(self) -> RBig {
        let Some(last) = self.places.iter().rposition(|sum| *sum != 0) else { return self.rest };
        let (mut digits, mut shift) = (IBig::ZERO, 0);
        for sum in &self.places[..=last] {
            if *sum != 0 {
                digits = digits * IBig::from(power_of_ten(shift)) + IBig::from(*sum);
                shift = 0;
            }
            shift += 1;
        }
        of_parts(digits, -(last as i32)) + self.rest
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::number::of_decimal_text;

    fn by_text(value: f64) -> RBig {
        of_decimal_text(&format!("{value:e}")).expect("floats print as decimals")
    }

    /// Floats of all sizes and of few and many digits, whole ones, and their neighbours.
    fn random_float(random: &mut ChaCha8Rng) -> f64 {
        let (below, above) = (random.random_range(1..18), random.random_range(1..18));
        let digits = random.random_range(-10_i64.pow(below) + 1..10_i64.pow(above));
        let value = match random.random_range(0..4) {
            0 => digits as f64,
            1 => digits as f64 / 10_f64.powi(random.random_range(0..25)),
            2 => digits as f64 * 10_f64.powi(random.random_range(-300..280)),
            _ => f64::from_bits(random.random()),
        };
        let value = if random.random_range(0..5) == 0 { value.next_up() } else { value };
        if value.is_finite() { value } else { 0.1 }
    }

    #[test]
    fn decimals_are_those_that_floats_print_as() {
        let mut random = ChaCha8Rng::seed_from_u64(17);
        let given =
            [0.0, -0.0, 5e-324, f64::MAX, f64::MIN_POSITIVE, 1e22, 1e23, 0.1, 9.5, -1e15 - 0.5, 999_999_999_999_999.9];
        for value in given.into_iter().chain((0..20_000).map(|_| random_float(&mut random))) {
            let exact = Shortest::of(value).exact();
            assert_eq!(Shortest::of(value).to_string(), exact.to_string());
            if value.fract() != 0.0 || value.abs() >= 2_f64.powi(63) {
                assert_eq!(exact, by_text(value), "{value:e}");
            } else {
                assert_eq!(Some(exact), RBig::try_from(value).ok(), "{value}");
            }
        }
    }

    #[test]
    fn sums_are_exact() {
        let mut random = ChaCha8Rng::seed_from_u64(18);
        for _ in 0..300 {
            let mut sum = DecimalSum::from(RBig::from(7));
            let mut expected = RBig::from(7);
            for _ in 0..random.random_range(0..40) {
                let (a, x) = (random_float(&mut random), random_float(&mut random));
                sum.add(a, x);
                expected += Shortest::of(a).exact() * Shortest::of(x).exact();
            }
            let third = RBig::ONE / RBig::from(3);
            sum.add_exact(&third, 0.3);
            assert_eq!(sum.total(), expected + third * by_text(0.3));
        }
        // More than 128 bits.
        let mut sum = DecimalSum::from(RBig::ZERO);
        (0..5).for_each(|_| sum.add(9.2e18, 9.2e18));
        assert_eq!(sum.total(), RBig::from(5) * by_text(9.2e18) * by_text(9.2e18));
    }
}
