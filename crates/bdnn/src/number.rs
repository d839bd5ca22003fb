//! Numbers in messages.

/// `x` with the fewest digits that give it back, as people write it: with an exponent where it would be long without.
#[must_use]
pub fn shortest(x: f64) -> String {
    let plain = x == 0.0 || !x.is_finite() || (1e-5..1e17).contains(&x.abs());
    if plain { (x + 0.0).to_string() } else { format!("{x:e}") }
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
