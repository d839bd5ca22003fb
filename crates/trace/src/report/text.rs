//! Numbers and names as reports and exports write them.

use std::borrow::Cow;

/// Significant digits.
const DIGITS: i32 = 7;

/// A number with at most seven significant digits and no trailing zeros.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return if value.is_nan() {
            "none"
        } else if value > 0.0 {
            "∞"
        } else {
            "−∞"
        }
        .to_owned();
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-5..=DIGITS + 5).contains(&magnitude) {
        let text = format!("{value:.*e}", (DIGITS - 1) as usize);
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        return format!("{}e{exponent}", trimmed(digits));
    }
    let decimals = (DIGITS - 1 - magnitude).max(0) as usize;
    trimmed(&format!("{value:.decimals$}")).to_owned()
}

fn trimmed(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// The same, or a dash for none.
pub(super) fn optional(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), number)
}

/// A share in percent.
pub(super) fn percent(share: f64) -> String {
    if share.is_finite() { format!("{}%", number((share * 1e6).round() / 1e4)) } else { "∞".to_owned() }
}

/// A name on one line: control characters are written out.
pub(super) fn plain(name: &str) -> Cow<'_, str> {
    if !name.contains(char::is_control) {
        return name.into();
    }
    name.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        let all = [0.0, 3.0, -0.125, 1.0 / 3.0, 1e-9, 123_456_789.0, 1e20, -2.5e-7, f64::INFINITY, 99_999_999.6];
        let shown = all.map(number);
        let wanted = ["0", "3", "-0.125", "0.3333333", "1e-9", "123456789", "1e20", "-2.5e-7", "∞", "100000000"];
        assert_eq!(shown, wanted);
        assert_eq!([percent(0.25), percent(f64::INFINITY), percent(1.0 / 3.0)], ["25%", "∞", "33.3333%"]);
        assert_eq!(plain("a\nb"), "a\\nb");
    }
}
