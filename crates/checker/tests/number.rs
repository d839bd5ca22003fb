//! Exact numbers from text, against the standard library's own reader.

use checker::number::{self, NumberError, approximate, binary64, brief, exact};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use proptest::prelude::*;

/// A finite f64 as an exact rational, by its bits.
fn of_f64(value: f64) -> RBig {
    let bits = value.abs().to_bits();
    let (exponent, fraction) = ((bits >> 52) as i64, bits & ((1 << 52) - 1));
    let (mantissa, power) = if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let size = if power >= 0 {
        RBig::from(UBig::from(mantissa) << power as usize)
    } else {
        RBig::from_parts(IBig::from(mantissa), UBig::ONE << (-power) as usize)
    };
    if value < 0.0 { -size } else { size }
}

fn assert_like_std(text: &str) {
    let value: f64 = text.parse().unwrap();
    if value.is_finite() {
        assert_eq!(binary64(text), Ok(of_f64(value)), "{text}");
    } else {
        assert_eq!(binary64(text), Err(NumberError::Overflow), "{text}");
    }
}

#[test]
fn binary64_rounds_as_ieee_754_says() {
    for text in [
        "0",
        "-0",
        "-0.0",
        "1",
        "0.1",
        "-8.374141922673495e-06",
        "9007199254740992",
        "9007199254740993",
        "9007199254740995",
        "9007199254740993.0000000000000000000000001",
        "2.2250738585072011e-308",
        "2.2250738585072014e-308",
        "4.9e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "1e-400",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.797693134862315808e308",
        "1e309",
        "-1e309",
        "0.500000000000000055511151231257827",
        "0.50000000000000005551115123125782702118158340454101562",
        "0.500000000000000055511151231257827021181583404541015625",
        "0.5000000000000000555111512312578270211815834045410156250001",
        "4503599627370496.5",
        "4503599627370497.5",
    ] {
        assert_like_std(text);
    }
}

proptest! {
    #[test]
    fn binary64_agrees_with_the_standard_library(digits in "[0-9]{1,25}", part in "[0-9]{0,25}", e in -345i32..330) {
        assert_like_std(&format!("{digits}.{part}e{e}"));
        assert_like_std(&format!("-{digits}{part}"));
    }

    /// Numbers as most files have them, which take another way.
    #[test]
    fn short_decimals_agree_with_the_standard_library(digits in "-?[0-9]{0,9}", part in "[0-9]{1,9}") {
        assert_like_std(&format!("{digits}.{part}"));
        assert_like_std(&format!("{digits}{part}"));
    }

    #[test]
    fn binary64_gives_back_every_f64(bits: u64) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        prop_assert_eq!(binary64(&format!("{value:e}")), Ok(of_f64(value)));
        prop_assert_eq!(number::binary64_bits(&of_f64(value)), (value + 0.0).to_bits());
    }

    #[test]
    fn exact_keeps_every_digit(n in any::<i64>(), places in 0usize..18) {
        let digits = format!("{:0>20}", n.unsigned_abs());
        let (whole, part) = digits.split_at(20 - places);
        let sign = if n < 0 { "-" } else { "" };
        let expected = RBig::from_parts(IBig::from(n), UBig::from(10u8).pow(places));
        prop_assert_eq!(exact(&format!("{sign}{whole}.{part}")), Ok(expected.clone()));
        prop_assert_eq!(exact(&format!("{sign}{whole}{part}e-{places}")), Ok(expected));
    }

    #[test]
    fn no_text_panics(text in "[-+0-9./eEx_ ∞]{0,12}") {
        let _ = (exact(&text), binary64(&text));
    }

    #[test]
    fn approximations_are_six_digits_of_the_value(value in -1e300f64..1e300) {
        prop_assume!(value != 0.0);
        let shown: f64 = approximate(&of_f64(value)).parse().unwrap();
        prop_assert!(((shown - value) / value).abs() < 1.1e-5, "{value} {shown}");
    }
}

#[test]
fn fractions_are_reduced_and_signed() {
    assert_eq!(exact("-6/4"), exact("-1.5"));
    assert_eq!(exact("+2/4"), exact(".5"));
    assert_eq!(exact("12e-1"), exact("6/5"));
    assert_eq!(exact("1."), exact("1"));
}

#[test]
fn what_is_no_number_is_refused() {
    for text in
        ["", "-", ".", "e5", "1e", "1e+", "0x1", "1_0", "inf", "nan", "1/", "/2", "1/-2", "1.5/2", "1e5/2", "--1", " 1"]
    {
        assert_eq!(exact(text), Err(NumberError::Syntax), "{text}");
    }
    assert_eq!(exact("1/0"), Err(NumberError::ZeroDenominator));
    assert_eq!(exact("1e5001"), Err(NumberError::ExponentTooLarge));
    assert_eq!(exact("1e-99999999999999999999999"), Err(NumberError::ExponentTooLarge));
    assert_eq!(exact(&"1".repeat(checker::limits::NUMBER_CHARS + 1)), Err(NumberError::TooLong));
    assert!(exact(&"1".repeat(checker::limits::NUMBER_CHARS)).is_ok());
}

#[test]
fn people_see_short_numbers() {
    let shown = |text: &str| brief(&exact(text).unwrap());
    assert_eq!(shown("13"), "13");
    assert_eq!(shown("-7/3"), "-7/3");
    assert_eq!(shown("0"), "0");
    assert_eq!(shown("1e-6"), "~1e-6");
    assert_eq!(shown("1e-5"), "~0.00001");
    assert_eq!(shown("-123456789123456789"), "~-1.23456e17");
    assert_eq!(shown("1234567.0001"), "~1.23456e6");
    assert_eq!(shown("123456.75"), "493827/4");
    assert_eq!(shown("100000.00001"), "~100000");
    assert_eq!(shown("-0.0012345678"), "~-0.00123456");
    assert_eq!(shown("1.00001"), "~1.00001");
    assert_eq!(shown("99999999999999/100000000000000"), "~0.999999");
    assert_eq!(approximate(&number::Rational::ONE), "1");
}
