//! Numbers as tables and reports show them.

use bdnn::data::shown;
use bdnn::{Rational, significant};

/// Significant digits of a value in a table.
const DIGITS: usize = 8;
/// The same in a closing report.
const REPORT_DIGITS: usize = 12;

/// Floats hold all whole numbers below this: 2^53.
const MOST_COUNTED: f64 = 9_007_199_254_740_992.0;

/// Below this, a number is what rounding left of 0.
const NOTHING: f64 = 1e-300;

/// A share in percent. What is not nothing is not shown as nothing, nor what is not all as all.
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "inf".to_owned();
    }
    match format!("{:.2}%", 100.0 * share) {
        shown if shown == "0.00%" && share > 0.0 => "<0.01%".to_owned(),
        shown if shown == "100.00%" && share < 1.0 => "99.99%".to_owned(),
        shown => shown,
    }
}

/// On which side of a number its few digits may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Not above it: a lower bound.
    Below,
    /// Not below it: an upper bound.
    Above,
}

/// A bound, like [`precise`], but its digits claim no more than it.
pub fn bound(x: f64, side: Side) -> String {
    if is_counted(x) { precise(x) } else { rounded(x, REPORT_DIGITS, side) }
}

/// A value with at most eight significant digits and no trailing zeros: `3`, `-0.125`, `7.4666667`, `1e-15`, `inf`.
pub fn value(x: f64) -> String {
    significant(without_residue(x), DIGITS)
}

/// A value with up to twelve significant digits, for closing reports; whole numbers have all that they need.
pub fn precise(x: f64) -> String {
    let text = significant(without_residue(x), REPORT_DIGITS);
    if is_counted(x) && text.parse() != Ok(x) { x.to_string() } else { text }
}

/// Whether a number is whole and floats hold all such numbers of its size: people read its digits as a count.
fn is_counted(x: f64) -> bool {
    x.fract() == 0.0 && x.abs() < MOST_COUNTED
}

/// The objective of a closing report: of one that no float holds the text that says it, `none` without either.
pub fn objective(float: Option<f64>, exact: Option<&str>) -> String {
    float
        .filter(|float| float.is_finite())
        .map(precise)
        .or(exact.map(str::to_owned))
        .unwrap_or_else(|| "none".to_owned())
}

/// `12`, or `12 units of 1/4: 3` where rows have weights and a unit is not 1.
pub fn in_units(number: f64, unit: Option<&Rational>) -> String {
    worth(precise(number), number, unit)
}

/// The same of a number that is written as `plain`.
pub fn worth(plain: String, number: f64, unit: Option<&Rational>) -> String {
    let Some(unit) = unit.filter(|unit| !unit.is_one()) else { return plain };
    let units = if plain == "1" { "unit" } else { "units" };
    let worth = number * unit.to_f64().value();
    let worth = if worth.is_finite() { format!(": {}", significant(worth, REPORT_DIGITS)) } else { String::new() };
    format!("{plain} {units} of {}{worth}", shown(unit))
}

/// A size that is claimed not to be exceeded, like [`value`] but rounded up.
pub fn at_most(x: f64) -> String {
    rounded(x, DIGITS, Side::Above)
}

fn rounded(x: f64, digits: usize, side: Side) -> String {
    let x = without_residue(x);
    let text = significant(x, digits);
    let shown: f64 = text.parse().unwrap_or(x);
    if if side == Side::Below { shown <= x } else { shown >= x } {
        return text;
    }
    let unit = 10f64.powf(shown.abs().log10().floor() - (digits - 1) as f64);
    significant(if side == Side::Below { shown - unit } else { shown + unit }, digits)
}

fn without_residue(x: f64) -> f64 {
    if x.abs() < NOTHING { 0.0 } else { x }
}

/// A count in at most seven characters: `1234567`, then `12345k`, `12345m`, `2e19`.
pub fn count(n: u64) -> String {
    match n {
        0..10_000_000 => n.to_string(),
        10_000_000..1_000_000_000 => format!("{}k", n / 1_000),
        1_000_000_000..1_000_000_000_000 => format!("{}m", n / 1_000_000),
        _ => format!("{:.0e}", n as f64),
    }
}

/// Seconds with as many decimals as matter: `0.004s`, `1.3s`, `152s`.
pub fn seconds(t: f64) -> String {
    if t < 1.0 {
        format!("{t:.3}s")
    } else if t < 100.0 {
        format!("{t:.1}s")
    } else {
        format!("{t:.0}s")
    }
}

/// `n thing` or `n things`.
pub fn plural(n: u64, thing: &str) -> String {
    let plural = if thing.ends_with('s') { "es" } else { "s" };
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}{plural}") }
}

/// Two columns, the first as wide as its widest entry.
#[derive(Debug, Default)]
pub struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Adds a line.
    pub fn push(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.0.push((key.into(), value.into()));
    }
}

impl std::fmt::Display for Pairs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let width = self.0.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
        for (i, (key, value)) in self.0.iter().enumerate() {
            // A line feed within a value comes from a name.
            let line = format!("  {key:width$}  {value}").replace('\n', "\\n");
            write!(f, "{}{}", if i == 0 { "" } else { "\n" }, line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_short_and_keep_their_digits() {
        for (x, text) in [
            (3.0, "3"),
            (-0.0, "0"),
            (-0.125, "-0.125"),
            (7.466_666_666_7, "7.4666667"),
            (464.753_142_857, "464.75314"),
            (1.5e-9, "1.5e-9"),
            (0.000_12, "0.00012"),
            (1e-15, "1e-15"),
            (1e30, "1e30"),
            (f64::MAX, "1.7976931e308"),
            (-f64::MIN_POSITIVE, "0"),
            (f64::INFINITY, "inf"),
            (-3_145_623_456.0, "-3145623500"),
            (0.999_999_999_9, "1"),
            (1.000_000_000_1e-9, "1e-9"),
        ] {
            assert_eq!(value(x), text);
        }
    }

    #[test]
    fn what_is_not_exceeded_is_rounded_up() {
        for (x, text) in [(0.0, "0"), (0.5, "0.5"), (1.000_000_000_1e-9, "1.0000001e-9"), (f64::INFINITY, "inf")] {
            assert_eq!(at_most(x), text);
        }
        for k in 1..2000 {
            let x = 1.234_567e-7 * 1.017_f64.powi(k);
            let shown: f64 = at_most(x).parse().unwrap();
            assert!(shown >= x && shown <= x * 1.000_000_11, "{x}: {shown}");
        }
    }

    #[test]
    fn units_are_worth_something() {
        let told = |number: f64, unit: &str| in_units(number, Some(&unit.parse().unwrap()));
        assert_eq!(told(12.0, "1/4"), "12 units of 1/4: 3");
        assert_eq!(told(1.0, &format!("1/1{}", "0".repeat(200))), "1 unit of 1e-200: 1e-200");
        assert_eq!(told(2.5, "2"), "2.5 units of 2: 5");
        assert_eq!(told(f64::INFINITY, "2"), "inf units of 2");
        assert_eq!((told(7.0, "1"), in_units(7.0, None)), ("7".to_owned(), "7".to_owned()));
    }

    #[test]
    fn gaps() {
        assert_eq!(percent(0.25), "25.00%");
        assert_eq!(percent(f64::INFINITY), "inf");
        assert_eq!((percent(0.0), percent(1.0), percent(1.5)), ("0.00%".into(), "100.00%".into(), "150.00%".into()));
        assert_eq!(
            (percent(1e-5), percent(1e-17), percent(0.99999)),
            ("<0.01%".into(), "<0.01%".into(), "99.99%".into())
        );
    }

    /// Beside `exact`, a whole number with fewer digits would be another one.
    #[test]
    fn whole_numbers_have_all_their_digits() {
        for (x, text) in [
            (100_000_000_000_006.0, "100000000000006"),
            (-557_222_222_222_221.0, "-557222222222221"),
            (1e14, "1e14"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (9_007_199_254_740_994.0, "9.00719925474e15"),
            (123.0, "123"),
            (0.0, "0"),
        ] {
            assert_eq!(precise(x), text);
        }
        for side in [Side::Below, Side::Above] {
            assert_eq!(bound(100_000_000_000_006.0, side), "100000000000006");
        }
        assert_eq!(bound(9_007_199_254_740_994.0, Side::Above), "9.00719925475e15");
    }

    #[test]
    fn bounds_err_on_the_safe_side() {
        let third = 1.0 / 3.0;
        assert_eq!(bound(2.0 * third, Side::Below), "0.666666666666");
        assert_eq!(bound(third, Side::Above), "0.333333333334");
        assert_eq!((bound(-0.125, Side::Above), bound(f64::INFINITY, Side::Below)), ("-0.125".into(), "inf".into()));
        for exponent in -299..300 {
            for mantissa in [1.0, 1.2345678901234567, 9.999999999999, 9.9999999999999] {
                for x in [mantissa * 10f64.powi(exponent), -mantissa * 10f64.powi(exponent)] {
                    let read = |side| bound(x, side).parse::<f64>().unwrap();
                    assert!(read(Side::Below) <= x && x <= read(Side::Above), "{x}");
                    assert!(read(Side::Above) - read(Side::Below) <= 1.1e-11 * x.abs(), "{x}");
                }
            }
        }
    }

    #[test]
    fn counts_fit_their_column() {
        for n in [0, 9_999_999, 10_000_000, 999_999_999, 1_000_000_000, 999_999_999_999, 1_000_000_000_000, u64::MAX] {
            assert!(count(n).len() <= 7, "{}", count(n));
        }
    }
}
