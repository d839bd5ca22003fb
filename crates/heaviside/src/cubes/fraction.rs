//! Fractions in files.

use dashu::rational::RBig;

/// The number of a text such as `-3` or `1/3`; `None` for any other, and without a denominator.
pub(super) fn fraction(text: &str) -> Option<RBig> {
    let denominator = text.split_once('/').map_or("1", |(_, denominator)| denominator);
    let is_something = denominator.bytes().any(|digit| (b'1'..=b'9').contains(&digit));
    // The parser panics on a denominator of 0.
    if is_something { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::fraction;
    use dashu::rational::RBig;

    #[test]
    fn numbers_and_others() {
        assert_eq!(fraction("-3"), Some(RBig::from(-3)));
        assert_eq!(fraction("4/12"), Some(RBig::from(1) / RBig::from(3)));
        for text in ["", "1/", "/2", "1/0", "1/00", "0.5", "1e3", "NaN", "1/2/3", " 1"] {
            assert_eq!(fraction(text), None, "{text}");
        }
    }
}
