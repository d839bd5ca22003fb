//! Numbers as model files write them (`docs/model-files.md`): decimals kept exactly, every spelling of infinity, Fortran
//! exponents, and shortest round-trip output.

use dashu::integer::{IBig, UBig};
use dashu::rational::RBig;

use super::reading::shorten;
use crate::model::{Datum, Decimals};
use crate::number::{decimal, of_decimal_text};
use crate::tolerances::INFINITE_BOUND;

/// Decimals of up to this many significant digits are the shortest decimal of the float nearest to them.
const SAFE_DIGITS: usize = 15;
/// Longest number, in characters, and largest decimal exponent: no file may exhaust memory by a few bytes.
const LONGEST: usize = 100_000;
const LARGEST_EXPONENT: i64 = 5_000;

/// A number of a file: the float nearest to it, and its exact value where the float's shortest decimal is another.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    pub float: f64,
    exact: Option<Box<RBig>>,
}

impl From<f64> for Number {
    fn from(float: f64) -> Self {
        Self { float, exact: None }
    }
}

impl Number {
    /// The number `exact`, which must be 0 or within the range of normal floats.
    fn of(exact: RBig) -> Result<Self, &'static str> {
        let float = exact.to_f64().value();
        in_range(float, exact.is_zero())?;
        let kept = (decimal(float) != exact).then(|| Box::new(exact));
        Ok(Self { float, exact: kept })
    }

    fn value(&self) -> RBig {
        self.exact.as_deref().cloned().unwrap_or_else(|| decimal(self.float))
    }

    pub fn is_zero(&self) -> bool {
        self.float == 0.0
    }

    pub fn negated(self) -> Self {
        // No file distinguishes the two zeros.
        Self { float: 0.0 - self.float, exact: self.exact.map(|exact| Box::new(-*exact)) }
    }

    /// The exact sum; with an infinite number, that.
    ///
    /// # Errors
    /// A phrase, when no float comes near.
    pub fn plus(&self, other: &Self) -> Result<Self, String> {
        if self.is_zero() || other.float.is_infinite() {
            return Ok(other.clone());
        }
        if other.is_zero() || self.float.is_infinite() {
            return Ok(self.clone());
        }
        Self::of(self.value() + other.value())
            .map_err(|what| format!("the sum of {} and {} {what}", format(self.float), format(other.float)))
    }

    /// The greater of the two.
    pub fn max(self, other: Self) -> Self {
        if self.is_less(&other) { other } else { self }
    }

    /// The smaller of the two.
    pub fn min(self, other: Self) -> Self {
        if other.is_less(&self) { other } else { self }
    }

    /// Whether it is below the other, exactly.
    pub fn is_less(&self, other: &Self) -> bool {
        // Rounding is monotone: only equal floats need their exact values.
        self.float < other.float || self.float == other.float && self.float.is_finite() && self.value() < other.value()
    }

    /// The float for the model, its exact value noted where that is another.
    pub fn keep(self, datum: Datum, decimals: &mut Decimals) -> f64 {
        if let Some(exact) = self.exact {
            decimals.record(datum, self.float, *exact);
        }
        self.float
    }
}

/// Whether a float may stand for a number that is or is not 0.
fn in_range(float: f64, is_zero: bool) -> Result<(), &'static str> {
    if float.is_infinite() {
        Err("is beyond the largest float, 1.8e308; rescale the model (a side that is none is inf)")
    } else if !is_zero && float.abs() < f64::MIN_POSITIVE {
        Err("is nearer to 0 than the smallest float, 2.2e-308; write 0 or rescale the model")
    } else {
        Ok(())
    }
}

/// Reads the side of a row: a decimal, which means itself whatever its size, or `inf` or `infinity` in any case. `1.5D+3` is a
/// Fortran exponent.
///
/// # Errors
/// What the text is instead.
pub(super) fn parse_side(text: &str) -> Result<Number, String> {
    match infinity(text) {
        Some(infinity) => Ok(infinity.into()),
        None => finish(text, parse_decimal(text)?),
    }
}

/// Reads the bound of a column: the same, but that decimals from [`INFINITE_BOUND`] on in magnitude mean infinity, by tradition;
/// true with one of those.
///
/// # Errors
/// What the text is instead.
pub(super) fn parse_bound(text: &str) -> Result<(Number, bool), String> {
    if let Some(infinity) = infinity(text) {
        return Ok((infinity.into(), false));
    }
    match parse_decimal(text)? {
        (float, ..) if float.abs() >= INFINITE_BOUND => Ok((f64::INFINITY.copysign(float).into(), true)),
        parsed => finish(text, parsed).map(|number| (number, false)),
    }
}

/// The infinity that a text spells.
fn infinity(text: &str) -> Option<f64> {
    match text.strip_prefix('-') {
        Some(word) => is_infinity(word).then_some(f64::NEG_INFINITY),
        None => is_infinity(text.strip_prefix('+').unwrap_or(text)).then_some(f64::INFINITY),
    }
}

/// Reads a coefficient: a decimal.
///
/// # Errors
/// What the text is instead.
pub(super) fn parse_finite(text: &str) -> Result<Number, String> {
    if is_infinity(text.trim_start_matches(['+', '-'])) {
        return Err(format!("'{text}' must be finite here; only bounds and sides may be infinite"));
    }
    finish(text, parse_decimal(text)?)
}

/// Reads the value of a column in a solution: the float nearest to a decimal, which is 0 for what is nearer to 0 than all floats.
///
/// # Errors
/// What the text is instead.
pub(super) fn parse_value(text: &str) -> Result<f64, String> {
    match parse_decimal(text) {
        Ok((float, ..)) if float.is_finite() => Ok(float),
        _ => parse_finite(text).map(|number| number.float),
    }
}

/// Reads the value that an indicator's column is compared with.
///
/// # Errors
/// That it is neither 0 nor 1.
pub(super) fn parse_binary(text: &str) -> Result<bool, String> {
    match parse_finite(text)? {
        Number { float, exact: None } if float == 0.0 || float == 1.0 => Ok(float == 1.0),
        _ => Err(format!("'{}' is neither 0 nor 1, the values of a binary column", shorten(text))),
    }
}

/// Whether a word spells infinity, the sign apart.
pub(super) fn is_infinity(word: &str) -> bool {
    word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity")
}

fn finish(text: &str, (float, significant, is_zero): (f64, usize, bool)) -> Result<Number, String> {
    in_range(float, is_zero).map_err(|what| format!("'{}' {what}", shorten(text)))?;
    if significant <= SAFE_DIGITS {
        return Ok(float.into());
    }
    let exact = of_decimal_text(&text.replace(['d', 'D'], "e"));
    let exact = exact.ok_or_else(|| format!("'{}' is not a number", shorten(text)))?;
    Ok(Number { float, exact: (decimal(float) != exact).then(|| Box::new(exact)) })
}

/// The float nearest to a decimal (infinite if it is too large), its number of significant digits, and whether it is 0.
fn parse_decimal(text: &str) -> Result<(f64, usize, bool), String> {
    let refuse = |what: &str| Err(format!("'{}' {what}", shorten(text)));
    let Some((digits, exponent)) = split(text) else {
        let word = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
        return refuse(match word.as_str() {
            "nan" => "is no number the solver can use; give a finite value",
            word if word.starts_with("0x") => "is hexadecimal; write a decimal",
            word if word.contains(',') => "has a comma; write a decimal point",
            word if word.contains('/') => "is a fraction; write a decimal",
            _ => "is not a number",
        });
    };
    if text.len() > LONGEST {
        return refuse("has more than 100000 characters; round it");
    }
    if exponent.is_some_and(|digits| beyond(digits, LARGEST_EXPONENT)) {
        return refuse("has an exponent beyond 5000; rescale the model");
    }
    let parsed = if text.contains(['d', 'D']) { text.replace(['d', 'D'], "e").parse() } else { text.parse() };
    let float: f64 = match parsed {
        Ok(float) => float,
        Err(_) => return refuse("is not a number"),
    };
    let nonzero = digits.bytes().skip_while(|byte| matches!(byte, b'0' | b'.'));
    let significant = nonzero.filter(u8::is_ascii_digit).count();
    // Written so that -0 reads as 0.
    Ok((float + 0.0, significant, significant == 0))
}

/// The digits (with a point among them, perhaps) and the digits of the exponent, if the text is a decimal.
fn split(text: &str) -> Option<(&str, Option<&str>)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (digits, exponent) = match unsigned.split_once(['e', 'E', 'd', 'D']) {
        Some((digits, exponent)) => (digits, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let good = all_digits(whole) && all_digits(part) && !(whole.is_empty() && part.is_empty());
    (good && exponent.is_none_or(|exponent| !exponent.is_empty() && all_digits(exponent))).then_some((digits, exponent))
}

fn beyond(digits: &str, limit: i64) -> bool {
    let digits = digits.trim_start_matches('0');
    !digits.is_empty() && digits.parse::<i64>().map_or(true, |value| value > limit)
}

/// What a float means ([`decimal`]), shortly: whole numbers digit by digit, others as the shortest decimal that reads
/// back; 0 for both zeros.
pub(super) fn format(value: f64) -> String {
    let magnitude = value.abs();
    let whole = value as i64;
    if whole as f64 == value && whole != i64::MAX {
        return whole.to_string();
    }
    if value.is_infinite() {
        if value > 0.0 { "inf".into() } else { "-inf".into() }
    } else if (1e-5..1e15).contains(&magnitude) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// A number of a model, all its digits.
pub(super) fn format_exact(decimals: &Decimals, datum: Datum, float: f64) -> String {
    decimals.kept(datum, float).map_or_else(|| format(float), digits)
}

/// Longest decimal of a value of a solution; what has more digits is a fraction of no use to people.
const LONGEST_VALUE: usize = 40;

/// A value of a solution: a decimal where that ends, else the nearest float and the fraction, `0.3333333333333333 (=1/3)`.
pub(super) fn format_value(value: &RBig) -> String {
    let float = value.to_f64().value();
    if float.is_finite() && decimal(float) == *value {
        return format(float);
    }
    // Denominators without other prime factors than 2 and 5 divide a power of ten.
    let ends = (UBig::from(10_u8).pow(LONGEST_VALUE) % value.denominator()).is_zero();
    match Some(value).filter(|_| ends).map(digits).filter(|text| text.len() <= LONGEST_VALUE) {
        Some(text) => text,
        None if float.is_finite() => format!("{} (={value})", format(float)),
        None => format!("{} (={value})", first_digits(value)),
    }
}

/// So many digits of a number that is beyond all floats are its rounding for readers, as a float would be.
const FIRST_DIGITS: usize = 17;

/// The first digits of a number of magnitude 1 or more, with an exponent.
fn first_digits(value: &RBig) -> String {
    let whole = value.trunc().to_string();
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole.as_str()), |digits| ("-", digits));
    let (first, rest) = digits.split_at(1);
    let rest = &rest[..rest.len().min(FIRST_DIGITS - 1)];
    format!("{sign}{first}.{rest}e{}", digits.len() - 1)
}

/// `upper - lower`, exactly; `-lower` without an upper number. `None` where no reader would take it for a number.
pub(super) fn difference(decimals: &Decimals, lower: (Datum, f64), upper: Option<(Datum, f64)>) -> Option<String> {
    let lower = decimals.value(lower.0, lower.1);
    let Number { float, exact } =
        Number::of(upper.map_or(RBig::ZERO, |(datum, float)| decimals.value(datum, float)) - lower).ok()?;
    Some(exact.map_or_else(|| format(float), |exact| digits(&exact)))
}

/// A fraction whose denominator has no prime factors but 2 and 5, as all numbers of model files, as a decimal.
fn digits(value: &RBig) -> String {
    let (mut places, mut power) = (0, UBig::ONE);
    let ten = UBig::from(10_u8);
    while !(&power % value.denominator()).is_zero() && places <= 3 * LARGEST_EXPONENT {
        power *= &ten;
        places += 1;
    }
    let whole: IBig = value.numerator() * IBig::from(power / value.denominator());
    if places > 0 {
        return format!("{whole}e-{places}");
    }
    let text = whole.to_string();
    let mantissa = text.trim_end_matches('0');
    match text.len() - mantissa.len() {
        zeros if zeros >= MANY_ZEROS && !mantissa.is_empty() => format!("{mantissa}e{zeros}"),
        _ => text,
    }
}

/// So many zeros at the end of a whole number are told by an exponent.
const MANY_ZEROS: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    fn float(text: &str) -> Result<f64, String> {
        parse_side(text).map(|number| number.float)
    }

    fn bound(text: &str) -> Result<(f64, bool), String> {
        parse_bound(text).map(|(number, is_open)| (number.float, is_open))
    }

    #[test]
    fn spellings() {
        assert_eq!(float("1.5D+3"), Ok(1500.0));
        assert_eq!(float("-Inf"), Ok(f64::NEG_INFINITY));
        assert_eq!((float(".5"), float("5."), float("+1E1")), (Ok(0.5), Ok(5.0), Ok(10.0)));
        assert_eq!(float("-1e30"), Ok(-1e30));
        assert_eq!((bound("-1e30"), bound("1e999")), (Ok((f64::NEG_INFINITY, true)), Ok((f64::INFINITY, true))));
        assert_eq!((bound("-inf"), bound("9e19")), (Ok((f64::NEG_INFINITY, false)), Ok((9e19, false))));
        assert!(float("-0").unwrap().is_sign_positive());
        for (text, word) in [
            ("nan", "finite"),
            ("-NaN", "finite"),
            ("ddd", "not a number"),
            ("1e", "not a number"),
            (".", "not a number"),
            ("--1", "not a number"),
            ("1_000", "not a number"),
            ("0x1F", "hexadecimal"),
            ("1,5", "comma"),
            ("1/3", "fraction"),
            ("1e-400", "nearer to 0"),
            ("5e-324", "nearer to 0"),
            ("1e5001", "5000"),
        ] {
            assert!(float(text).unwrap_err().contains(word), "{text}: {:?}", float(text));
        }
        for parse in [parse_finite, parse_side] {
            assert!(parse("1e999").unwrap_err().contains("largest float"));
        }
        assert!(parse_finite("-inf").unwrap_err().contains("finite"));
        for value in [0.1, -1e-7, 1e300, f64::MIN_POSITIVE, 123_456_789.123_456_78] {
            assert_eq!(parse_finite(&format(value)), Ok(value.into()));
        }
        assert_eq!(format(-0.0), "0");
    }

    #[test]
    fn values_of_solutions() {
        let ratio = |a: i64, b: u64| RBig::from_parts(IBig::from(a), UBig::from(b));
        for (value, text) in [
            (ratio(0, 1), "0"),
            (ratio(-5, 2), "-2.5"),
            (ratio(1, 3), "0.3333333333333333 (=1/3)"),
            (ratio(-400, 7), "-57.142857142857146 (=-400/7)"),
            (ratio(1_234_567_890_123_456_789, 10_000_000_000), "1234567890123456789e-10"),
            (ratio(1, 1 << 60), "8.673617379884035e-19 (=1/1152921504606846976)"),
            (RBig::from(IBig::from(-12_000_003)) * RBig::from(IBig::from(10).pow(307)), "-12000003e307"),
        ] {
            assert_eq!(format_value(&value), text);
        }
        let beyond = RBig::from(IBig::from(10).pow(400)) / RBig::from(-3);
        let text = format_value(&beyond);
        assert!(text.starts_with("-3.3333333333333333e399 (=-1000") && text.ends_with("0/3)"), "{text}");
    }

    #[test]
    fn digits_beyond_floats_are_kept() {
        for text in
            ["0.1", "0.10000000000000000", "0.30000000000000004", "9007199254740992", "1e22", "123456789012345e-3"]
        {
            assert_eq!(parse_finite(text).unwrap().exact, None, "{text}");
        }
        for text in ["10000000000000001e-17", "9007199254740993", "-30000000000000000001e-20"] {
            let number = parse_finite(text).unwrap();
            assert_eq!(digits(&number.exact.unwrap()), text);
        }
        let third = parse_finite("0.3").unwrap();
        let sum = parse_finite("0.1").unwrap().plus(&parse_finite("0.2").unwrap()).unwrap();
        assert_eq!(sum, third, "sums are exact");
        assert!(sum.plus(&third.negated()).unwrap().is_zero());
        let huge = parse_finite("1.7e308").unwrap();
        assert!(huge.plus(&huge).unwrap_err().contains("largest float"));
        assert_eq!(huge.plus(&f64::NEG_INFINITY.into()).unwrap().float, f64::NEG_INFINITY);
    }
}
