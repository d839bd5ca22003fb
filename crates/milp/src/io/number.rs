//! Numbers as model files write them: every spelling of infinity, Fortran exponents, and shortest round-trip output.

use crate::proof::{decimal, of_decimal_text};
use crate::tolerances::INFINITE_BOUND;

/// Reads a number. `inf`, `infinity` (any case, signed) are infinite, `1.5D+3` is a Fortran exponent.
///
/// # Errors
/// A phrase that completes "`text` ..." when the text is not a number or is NaN.
pub(super) fn parse(text: &str) -> Result<f64, String> {
    let parsed = text.parse::<f64>().or_else(|failure| {
        let fortran = text.replace(['d', 'D'], "e");
        // Only digits, signs, points and an exponent: `inf` and names never come this way.
        if fortran.bytes().all(|byte| b"0123456789+-.e".contains(&byte)) { fortran.parse() } else { Err(failure) }
    });
    match parsed {
        Ok(value) if value.is_nan() => Err(format!("'{text}' is not a number the solver can use; give a finite value")),
        Ok(value) => Ok(value),
        Err(_) => Err(format!("'{text}' is not a number")),
    }
}

/// Reads a coefficient: a number that must be finite.
///
/// # Errors
/// As [`parse`], and for infinite values.
pub(super) fn parse_finite(text: &str) -> Result<f64, String> {
    let value = parse(text)?;
    if value.is_finite() { Ok(value) } else { Err(format!("'{text}' must be finite")) }
}

/// Refuses a number of a file whose shortest decimal is another number than the text, which has more digits than a float
/// holds: `value` is what was read.
///
/// # Errors
/// A phrase that completes "`text` ...".
pub(super) fn check_exact(text: &str, value: f64) -> Result<(), String> {
    let same = || of_decimal_text(&text.replace(['d', 'D'], "e")).is_some_and(|exact| exact == decimal(value));
    if side(value).is_infinite() || same() {
        Ok(())
    } else {
        Err(format!("'{text}' has more digits than the solver holds; a certificate needs them all: round it"))
    }
}

/// Refuses a sum (or difference) that was rounded when the file was read.
///
/// # Errors
/// A phrase that says so.
pub(super) fn check_sum(a: f64, b: f64, sum: f64) -> Result<(), String> {
    if ![a, b, sum].iter().all(|value| value.is_finite()) || decimal(a) + decimal(b) == decimal(sum) {
        Ok(())
    } else {
        Err(format!("the sum of {a} and {b} has more digits than the solver holds; a certificate needs them all"))
    }
}

/// A bound or row side as the file means it: from [`INFINITE_BOUND`] on in magnitude it is infinite.
pub(super) fn side(value: f64) -> f64 {
    if value.abs() >= INFINITE_BOUND { f64::INFINITY.copysign(value) } else { value }
}

/// The shortest decimal that reads back as the same bits.
pub(super) fn format(value: f64) -> String {
    let magnitude = value.abs();
    if value.is_infinite() {
        if value > 0.0 { "inf".into() } else { "-inf".into() }
    } else if magnitude == 0.0 || (1e-5..1e15).contains(&magnitude) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        assert_eq!(parse("1.5D+3"), Ok(1500.0));
        assert_eq!(parse("-Inf"), Ok(f64::NEG_INFINITY));
        assert_eq!(parse(".5"), Ok(0.5));
        assert!(parse("nan").is_err());
        assert!(parse("ddd").is_err());
        assert!(parse_finite("1e999").is_err());
        assert!(check_exact("0.10", 0.1).is_ok() && check_exact("1.5D+3", 1500.0).is_ok());
        assert!(check_exact("0.10000000000000001", 0.1).is_err());
        assert!(check_exact("1e30", 1e30).is_ok(), "infinite anyway");
        assert!(check_sum(0.5, 0.25, 0.75).is_ok() && check_sum(0.1, 0.2, 0.1 + 0.2).is_err());
        assert!(check_sum(1.0, f64::INFINITY, f64::INFINITY).is_ok());
        assert_eq!(side(-1e30), f64::NEG_INFINITY);
        for value in [0.1, -1e-7, 1e300, f64::MIN_POSITIVE, 123_456_789.123_456_78] {
            assert_eq!(parse(&format(value)), Ok(value));
        }
    }
}
