//! Fractions in files.

use crate::Rational;

/// The number of a text such as `-3` or `1/3`; `None` for any other, and for a denominator of 0, on which the parser of [`Rational`] itself panics.
///
/// ```
/// use numerics::{Rational, fraction};
///
/// assert_eq!(fraction("-3/6"), Some(Rational::from(-1) / Rational::from(2)));
/// assert_eq!(fraction("1/0"), None);
/// ```
#[must_use]
pub fn fraction(text: &str) -> Option<Rational> {
    let denominator = text.split_once('/').map_or("1", |(_, denominator)| denominator);
    let is_something = denominator.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    if is_something { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::fraction;
    use crate::Rational;

    #[test]
    fn numbers_and_others() {
        assert_eq!(fraction("-3"), Some(Rational::from(-3)));
        assert_eq!(fraction("4/12"), Some(Rational::from(1) / Rational::from(3)));
        for text in ["", "1/", "/2", "1/0", "1/00", "0.5", "1e3", "NaN", "1/2/3", " 1"] {
            assert_eq!(fraction(text), None, "{text}");
        }
    }
}
