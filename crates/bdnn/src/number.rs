//! Numbers in messages.

/// Decimal exponents from here up to there are written without an exponent, where digits are rounded.
const SMALLEST_PLAIN: i32 = -4;
const LARGEST_PLAIN: i32 = 12;

/// `x` with the fewest digits that give it back, as people write it: with an exponent where it would be long without.
#[must_use]
pub fn shortest(x: f64) -> String {
    let plain = x == 0.0 || !x.is_finite() || (1e-5..1e17).contains(&x.abs());
    if plain { (x + 0.0).to_string() } else { format!("{x:e}") }
}

/// `x` rounded to `digits` significant digits, in the shortest form; scientific for tiny and huge values.
#[must_use]
pub fn significant(x: f64, digits: usize) -> String {
    if !x.is_finite() || x == 0.0 {
        return (x + 0.0).to_string();
    }
    // Subnormal numbers hold few digits, and the shortest of them are fewer than any rounding shows.
    if x.is_subnormal() {
        return format!("{x:e}");
    }
    let scientific = format!("{x:.*e}", digits - 1);
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let shown: i32 = exponent.parse().unwrap_or(0);
    if (SMALLEST_PLAIN..LARGEST_PLAIN).contains(&shown) {
        let rounded: f64 = scientific.parse().unwrap_or(x);
        return rounded.to_string();
    }
    let mantissa = if mantissa.contains('.') { mantissa.trim_end_matches('0').trim_end_matches('.') } else { mantissa };
    format!("{mantissa}e{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortest_numbers_come_back() {
        for (x, text) in [
            (0.1, "0.1"),
            (-3.0, "-3"),
            (1e-320, "1e-320"),
            (1e300, "1e300"),
            (0.0, "0"),
            (-0.0, "0"),
            (1e16, "10000000000000000"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(shortest(x), text);
            assert_eq!(text.parse(), Ok(x));
        }
    }
}
