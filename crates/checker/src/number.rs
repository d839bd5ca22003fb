//! Exact numbers from text. Nothing here rounds, except [`binary64`], which says so.
//!
//! Two readings of the same characters exist in this project. A model or certificate file means its decimals exactly
//! ([`exact`]: `0.1` is 1/10). Data and network files hold IEEE 754 numbers in shortest decimal form, and mean the
//! binary64 nearest to them ([`binary64`]: `0.1` is 3602879701896397 / 2^55).

use crate::limits;
use dashu_base::{BitTest, DivRem, Signed, UnsignedAbs};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use std::fmt;

/// The only kind of number this crate computes with.
pub type Rational = RBig;

/// How far below an objective (not negative) a bound may be and still count as it: a millionth of it, which floats leave where weights have a
/// price, and never more than half of the 1 that separates two losses where none has (`docs/model.md`, Loss).
pub fn bound_accuracy(objective: &Rational, priced: bool) -> Rational {
    let share = objective * Rational::from_parts(1.into(), 1_000_000_u32.into());
    let half = Rational::from_parts(1.into(), 2_u8.into());
    if priced { share } else { share.min(half) }
}

/// How far, relatively, a sum that a program printed as binary64 may lie from the exact one: 2^-40, which allows for
/// thousands of roundings and hides no difference that counts rows.
#[must_use]
pub fn rounding() -> Rational {
    Rational::from_parts(IBig::ONE, UBig::ONE << 40)
}

/// Half a unit in the last place of a binary64, relatively, at most: 2^-52 leaves room for its decimal.
#[must_use]
pub fn half_ulp() -> Rational {
    Rational::from_parts(IBig::ONE, UBig::ONE << 52)
}

/// The least binary64 above 0, 2^-1074.
#[must_use]
pub fn least() -> Rational {
    Rational::from_parts(IBig::ONE, UBig::ONE << 1074)
}

/// One unit of the last digit of a decimal: a hundredth of `1.50`, 1000 of `5e3`. 0 where the text has none.
#[must_use]
pub fn last_digit(text: &str) -> Rational {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let places = mantissa.split_once('.').map_or(0, |(_, part)| part.len());
    exact(&format!("1e-{places}")).and_then(|unit| Ok(unit * exact(&format!("1e{exponent}"))?)).unwrap_or_default()
}

/// Why some text is not a number the checker takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// Not a number at all (infinities and NaN included).
    Syntax,
    /// The denominator of a fraction is zero.
    ZeroDenominator,
    /// More characters than [`limits::NUMBER_CHARS`].
    TooLong,
    /// A decimal exponent beyond [`limits::EXPONENT`].
    ExponentTooLarge,
    /// Beyond the largest binary64.
    Overflow,
    /// Not 0, and nearer to 0 than the smallest normal binary64.
    Underflow,
}

impl fmt::Display for NumberError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax => write!(f, "not a finite number"),
            Self::ZeroDenominator => write!(f, "zero denominator"),
            Self::TooLong => write!(f, "number with more than {} characters", limits::NUMBER_CHARS),
            Self::ExponentTooLarge => write!(f, "decimal exponent beyond {}", limits::EXPONENT),
            Self::Overflow => write!(f, "beyond the range of binary64"),
            Self::Underflow => write!(f, "nearer to 0 than the smallest binary64"),
        }
    }
}

/// A decimal (`-1.25`, `.5`, `3e-4`) or a fraction of integers (`-5/4`), exactly.
///
/// # Errors
/// [`NumberError`] for anything else, and beyond the limits.
pub fn exact(text: &str) -> Result<Rational, NumberError> {
    if text.len() > limits::NUMBER_CHARS {
        return Err(NumberError::TooLong);
    }
    // Most numbers are short and whole; the standard library takes nothing but digits and a sign.
    if let Ok(whole) = text.parse::<i64>() {
        return Ok(RBig::from(whole));
    }
    match text.split_once('/') {
        None => decimal(text),
        Some((numerator, denominator)) => {
            let (negative, numerator) = split_sign(numerator);
            let denominator = natural(denominator)?;
            if denominator.is_zero() {
                return Err(NumberError::ZeroDenominator);
            }
            Ok(RBig::from_parts(signed(negative, natural(numerator)?), denominator))
        }
    }
}

/// A decimal (`-1.25`, `.5`, `3e-4`), exactly.
fn decimal(text: &str) -> Result<Rational, NumberError> {
    let (negative, text) = split_sign(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        None => (text, None),
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
    };
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = natural(&format!("{whole}{part}"))?;
    let (down, exponent) = match exponent {
        None => (false, 0),
        Some(exponent) => {
            let (down, size) = split_sign(exponent);
            natural(size)?;
            match size.trim_start_matches('0') {
                "" => (down, 0),
                size => (down, size.parse::<usize>().map_err(|_| NumberError::ExponentTooLarge)?),
            }
        }
    };
    if exponent > limits::EXPONENT {
        return Err(NumberError::ExponentTooLarge);
    }
    // The value is digits * 10^(up - below).
    let (up, below) = if down { (0, part.len() + exponent) } else { (exponent, part.len()) };
    let ten = UBig::from(10u8);
    Ok(RBig::from_parts(
        signed(negative, digits * ten.pow(up.saturating_sub(below))),
        ten.pow(below.saturating_sub(up)),
    ))
}

/// The binary64 nearest to a decimal, ties to even, as an exact rational; what every IEEE 754 reader makes of it.
/// Negative zero is zero.
///
/// # Errors
/// [`NumberError`]; values that would round to infinity are refused.
pub fn binary64(text: &str) -> Result<Rational, NumberError> {
    if text.len() > limits::NUMBER_CHARS {
        return Err(NumberError::TooLong);
    }
    if let Some(value) = short_binary64(text) {
        return Ok(value);
    }
    let value = decimal(text)?;
    let negative = value.is_negative();
    let (numerator, denominator) = value.into_parts();
    let Some(rounded) = nearest_binary64(numerator.unsigned_abs(), &denominator) else {
        return Err(NumberError::Overflow);
    };
    Ok(if negative { -rounded } else { rounded })
}

/// The binary64 nearest to a decimal of few digits without an exponent, as most numbers of files are, in machine words; `None` for any other
/// text.
fn short_binary64(text: &str) -> Option<Rational> {
    const DIGITS: usize = 18;
    const PRECISION: u32 = 53;
    let (negative, text) = split_sign(text);
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if !(1..=DIGITS).contains(&(whole.len() + part.len())) {
        return None;
    }
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
    let mut digits = 0_u64;
    for byte in whole.bytes().chain(part.bytes()) {
        digits = 10 * digits + digit(byte)?;
    }
    if digits == 0 {
        return Some(RBig::ZERO);
    }
    let divisor = 10_u64.pow(u32::try_from(part.len()).ok()?);
    // At least one bit more than needed, below 2^120 in all.
    let shift = (PRECISION + 1 + digits.leading_zeros()).saturating_sub(divisor.leading_zeros());
    let dividend = u128::from(digits) << shift;
    let (quotient, remainder) = (dividend / u128::from(divisor), dividend % u128::from(divisor));
    let extra = (u128::BITS - quotient.leading_zeros()).checked_sub(PRECISION).filter(|&extra| extra > 0)?;
    let (kept, rest, half) = (quotient >> extra, quotient & ((1 << extra) - 1), 1 << (extra - 1));
    let up = rest > half || (rest == half && (remainder > 0 || kept % 2 == 1));
    let kept = kept + u128::from(up);
    let zeros = kept.trailing_zeros();
    let numerator = signed(negative, UBig::from(kept >> zeros));
    let (above, below) = (extra + zeros, shift);
    Some(if above >= below {
        RBig::from(numerator << (above - below) as usize)
    } else {
        RBig::from_parts(numerator, UBig::ONE << (below - above) as usize)
    })
}

/// The binary64 nearest to a number; `None` beyond the largest one.
#[must_use]
pub fn nearest(value: &Rational) -> Option<Rational> {
    let (numerator, denominator) = value.clone().into_parts();
    let rounded = nearest_binary64(numerator.unsigned_abs(), &denominator)?;
    Some(if value.is_negative() { -rounded } else { rounded })
}

/// Whether a number is 0 or rounds to a normal binary64, neither too large nor too small for one.
///
/// # Errors
/// [`NumberError::Overflow`] and [`NumberError::Underflow`].
pub fn check_range(value: &Rational) -> Result<(), NumberError> {
    const LEAST_EXPONENT: usize = 1022;
    // Most numbers of files are far from both ends.
    let (above, below) = (value.numerator().bit_len(), value.denominator().bit_len());
    if value.is_zero() || (above < 1000 && below < 1000) {
        return Ok(());
    }
    let rounded = nearest(value).ok_or(NumberError::Overflow)?;
    let (numerator, denominator) = rounded.into_parts();
    if numerator.unsigned_abs() << LEAST_EXPONENT < denominator { Err(NumberError::Underflow) } else { Ok(()) }
}

/// The bits of a number that [`binary64`] gave; those of 0 for any other.
#[must_use]
pub fn binary64_bits(value: &Rational) -> u64 {
    const FRACTION_BITS: i64 = 52;
    const BIAS: i64 = 1023;
    if value.is_zero() {
        return 0;
    }
    let (numerator, denominator) = value.clone().into_parts();
    let sign = u64::from(value.is_negative()) << 63;
    let numerator = numerator.unsigned_abs();
    // The denominator is a power of two, so the value lies in [2^exponent, 2^(exponent + 1)).
    let exponent = bits(&numerator) - bits(&denominator);
    let unit = (exponent - FRACTION_BITS).max(1 - BIAS - FRACTION_BITS);
    let (numerator, denominator) = scale(&numerator, &denominator, -unit);
    // Counts units; its implicit bit adds one to the biased exponent unless the number is subnormal.
    let Ok(mantissa) = u64::try_from(numerator / denominator) else { return 0 };
    let Ok(biased) = u64::try_from(unit + FRACTION_BITS + BIAS - 1) else { return 0 };
    sign + (biased << FRACTION_BITS) + mantissa
}

/// Rounds numerator / denominator >= 0 to 53 significant bits, or to a multiple of 2^-1074 if that is coarser.
/// `None` if the result is 2^1024 or more.
fn nearest_binary64(numerator: UBig, denominator: &UBig) -> Option<Rational> {
    const PRECISION: i64 = 53;
    const LEAST_EXPONENT: i64 = -1074;
    const MAX_EXPONENT: i64 = 1024;
    if numerator.is_zero() {
        return Some(RBig::ZERO);
    }
    // 2^(width - 1) < value < 2^(width + 1), so one comparison finds the number of bits before the point.
    let width = bits(&numerator) - bits(denominator);
    let (above, below) = scale(&numerator, denominator, -width);
    let width = if above >= below { width + 1 } else { width };
    let unit = (width - PRECISION).max(LEAST_EXPONENT);
    let (dividend, divisor) = scale(&numerator, denominator, -unit);
    let (mut quotient, remainder) = dividend.div_rem(&divisor);
    let twice = remainder << 1;
    if twice > divisor || (twice == divisor && quotient.bit(0)) {
        quotient += UBig::ONE;
    }
    if bits(&quotient) + unit > MAX_EXPONENT {
        return None;
    }
    let (up, down) = scale(&quotient, &UBig::ONE, unit);
    Some(RBig::from_parts(IBig::from(up), down))
}

/// (numerator, denominator) of the fraction times 2^power.
fn scale(numerator: &UBig, denominator: &UBig, power: i64) -> (UBig, UBig) {
    let shift = usize::try_from(power.unsigned_abs()).unwrap_or(usize::MAX);
    if power >= 0 { (numerator << shift, denominator.clone()) } else { (numerator.clone(), denominator << shift) }
}

fn bits(value: &UBig) -> i64 {
    i64::try_from(value.bit_len()).unwrap_or(i64::MAX)
}

fn split_sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn signed(negative: bool, magnitude: UBig) -> IBig {
    if negative { -IBig::from(magnitude) } else { IBig::from(magnitude) }
}

/// One or more ASCII digits.
fn natural(text: &str) -> Result<UBig, NumberError> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(NumberError::Syntax);
    }
    UBig::from_str_radix(text, 10).map_err(|_| NumberError::Syntax)
}

/// Whether numerator and denominator stay within [`limits::BITS`].
#[must_use]
pub fn within_limits(value: &Rational) -> bool {
    value.numerator().bit_len() <= limits::BITS && value.denominator().bit_len() <= limits::BITS
}

/// A number in a few characters, for people: exact if it is a short integer or fraction, else six significant decimal
/// digits (cut off) after a `~`.
#[must_use]
pub fn brief(value: &Rational) -> String {
    const SHORT_BITS: usize = 36;
    if value.numerator().bit_len() <= SHORT_BITS && (value.is_int() || value.denominator().bit_len() <= 10) {
        return value.to_string();
    }
    format!("~{}", approximate(value))
}

/// Six significant decimal digits, cut off (not rounded): `-1.25`, `0.00012`, `3.5e-7`.
#[must_use]
pub fn approximate(value: &Rational) -> String {
    const DIGITS: i64 = 6;
    if value.is_zero() {
        return "0".to_owned();
    }
    let sign = if value.is_negative() { "-" } else { "" };
    let (numerator, denominator) = value.clone().into_parts();
    let numerator = numerator.unsigned_abs();
    // log10(2) ~ 30103 / 100000; the estimate is at most two off, which the digits counted below mend.
    let estimate = (bits(&numerator) - bits(&denominator)).saturating_mul(30_103).div_euclid(100_000);
    let shift = DIGITS + 2 - estimate;
    let power = UBig::from(10u8).pow(usize::try_from(shift.unsigned_abs()).unwrap_or(0));
    let (dividend, divisor) =
        if shift >= 0 { (numerator * power, denominator) } else { (numerator, denominator * power) };
    let digits = (dividend / divisor).to_string();
    let exponent = i64::try_from(digits.len()).unwrap_or(0) - 1 - shift;
    let mut digits: String = digits.chars().take(usize::try_from(DIGITS).unwrap_or(0)).collect();
    digits.truncate(digits.trim_end_matches('0').len());
    let plain = (-5..DIGITS).contains(&exponent);
    // How many digits stand before the point.
    let before = usize::try_from(if plain { exponent.max(0) } else { 0 }).unwrap_or(0) + 1;
    if plain && exponent < 0 {
        digits.insert_str(0, &"0".repeat(usize::try_from(-exponent).unwrap_or(0)));
    }
    while digits.len() < before {
        digits.push('0');
    }
    if digits.len() > before {
        digits.insert(before, '.');
    }
    if plain { format!("{sign}{digits}") } else { format!("{sign}{digits}e{exponent}") }
}
