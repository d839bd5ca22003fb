//! Exact rationals: what a float of a model stands for, and how a certificate prints numbers.

use dashu::base::{Approximation, Sign};
use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;
pub(crate) use numerics::whole::lcm;

use crate::shortest::Shortest;

/// The shortest decimal that reads back as `value` (finite), exactly: what a model file says in the place of it.
pub(crate) fn decimal(value: f64) -> RBig {
    Shortest::of(value).exact()
}

/// [`decimal`] of a bound that may be infinite: then there is none.
pub(crate) fn finite(value: f64) -> Option<RBig> {
    value.is_finite().then(|| decimal(value))
}

/// The value of a decimal with an optional exponent (marked by e or E); `None` for any other text.
pub(crate) fn of_decimal_text(text: &str) -> Option<RBig> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, digits) = match mantissa.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = [whole, fraction].concat();
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exponent = exponent.parse::<i64>().ok()?.checked_sub(fraction.len() as i64)?;
    let power = || Some(UBig::from(10_u8).pow(usize::try_from(exponent.unsigned_abs()).ok().filter(|&e| e <= 5000)?));
    let number = IBig::from(sign) * IBig::from_str_radix(&all, 10).ok()?;
    Some(if exponent >= 0 { RBig::from(number * IBig::from(power()?)) } else { RBig::from_parts(number, power()?) })
}

/// The nearest float (for guesses, never for proofs).
pub(crate) fn approximately(value: &RBig) -> f64 {
    value.to_f64().value()
}

/// The greatest float that is not above a number, itself taken as it is (not as its decimal).
pub(crate) fn float_below(value: &RBig) -> f64 {
    match value.to_f64() {
        Approximation::Inexact(nearest, Sign::Positive) => nearest.next_down(),
        Approximation::Exact(nearest) | Approximation::Inexact(nearest, _) => nearest,
    }
}

/// The least float that is not below a number.
pub(crate) fn float_above(value: &RBig) -> f64 {
    -float_below(&-value)
}

/// The greatest float that says no more than a number, however it is read: as the number that it is, or as the digits that it prints as
/// (where two decimals are as short and as near, printers differ). Where the number is these digits, as tenths are, it is that float. The
/// largest one for a number beyond all, minus infinity for one below.
pub(crate) fn printed_below(value: &RBig) -> f64 {
    let mut float = approximately(value);
    if float == f64::INFINITY {
        return f64::MAX;
    }
    while float.is_finite() {
        let itself = RBig::try_from(float).unwrap_or(RBig::ZERO);
        let printed = Shortest::printed(float);
        if printed.exact() == *value {
            break;
        }
        let other = printed.tie(&itself).map_or(printed.exact(), |tie| tie.max(printed.exact()));
        if itself <= *value && other <= *value {
            break;
        }
        float = float.next_down();
    }
    float
}

/// The least float that is not below a number, likewise.
pub(crate) fn printed_above(value: &RBig) -> f64 {
    -printed_below(&-value) + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_mean_their_shortest_decimal() {
        let tenth = RBig::from_parts(IBig::from(1), UBig::from(10_u8));
        assert_eq!(decimal(0.1), tenth);
        assert_eq!(decimal(-3.0), RBig::from(-3));
        assert_eq!(decimal(1e22), RBig::from(UBig::from(10_u8).pow(22)));
        assert_eq!(decimal(-2.5e-3), RBig::from_parts(IBig::from(-1), UBig::from(400_u16)));
    }

    /// The nearest float of 3 (2^57 + 5 * 25) + .. is above it, but the digits that it prints as are below.
    #[test]
    fn digits_are_on_the_safe_side_too() {
        let value = RBig::from(432_345_564_227_567_607_i64);
        let nearest = approximately(&value);
        assert_eq!((nearest as i64, nearest.to_string().as_str()), (432_345_564_227_567_616, "432345564227567600"));
        assert_eq!(printed_above(&value), nearest.next_up());
        assert_eq!(printed_below(&value), nearest.next_down());
        // 846377452687833.25 prints as .2 or as .3.
        let eleventh = RBig::from(9_310_151_979_566_166_i64) / RBig::from(11);
        let nearest = approximately(&eleventh);
        assert_eq!((printed_below(&eleventh), printed_above(&eleventh)), (nearest.next_down(), nearest.next_up()));
        let third = RBig::ONE / RBig::from(3);
        assert_eq!(printed_below(&third), 0.333_333_333_333_333_3);
        assert_eq!(printed_above(&third), 0.333_333_333_333_333_37);
        assert_eq!(
            (printed_below(&decimal(0.3)), printed_above(&decimal(0.3))),
            (0.3, 0.3),
            "floats stand for decimals"
        );
        let vast = decimal(1e300) * decimal(1e300);
        assert_eq!((printed_below(&vast), printed_above(&vast)), (f64::MAX, f64::INFINITY));
        assert_eq!((printed_below(&-&vast), printed_above(&-&vast)), (f64::NEG_INFINITY, f64::MIN));
    }

    #[test]
    fn floats_on_either_side() {
        let tenth = RBig::from_parts(IBig::from(1), UBig::from(10_u8));
        assert_eq!((float_below(&tenth), float_above(&tenth)), (0.1_f64.next_down(), 0.1));
        let odd = RBig::from((1_i64 << 60) + 1);
        assert_eq!((float_below(&odd), float_above(&odd)), (2_f64.powi(60), 2_f64.powi(60).next_up()));
        assert_eq!((float_below(&-&odd), float_above(&RBig::from(-3))), (-2_f64.powi(60).next_up(), -3.0));
        let vast = RBig::from(UBig::from(10_u8).pow(400));
        assert_eq!(
            (float_below(&vast), float_above(&vast), float_below(&-&vast)),
            (f64::MAX, f64::INFINITY, f64::NEG_INFINITY)
        );
    }

    #[test]
    fn decimal_texts() {
        assert_eq!(of_decimal_text("+.50"), Some(RBig::from_parts(IBig::from(1), UBig::from(2_u8))));
        assert_eq!(of_decimal_text("1.5e3"), Some(RBig::from(1500)));
        assert_eq!(of_decimal_text("7."), Some(RBig::from(7)));
        for text in ["", ".", "x", "1e", "1e9999999", "--1", "inf"] {
            assert_eq!(of_decimal_text(text), None, "{text}");
        }
    }
}
