//! How much rows count: whole multiples of a common unit.

use super::precision::is_print;
use crate::{Rational, significant};
use dashu::base::UnsignedAbs;
use dashu::integer::UBig;

/// The most units of all rows together: engines add them up in words of 32 bits.
pub const MOST_UNITS: u64 = 100_000_000;

/// What the rows of a class count, beside weights of their own.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ClassWeights {
    /// The same in all classes.
    #[default]
    Equal,
    /// Every class as much as every other, and all rows together as much as they do: m / (C m_c) where the rows of class c weigh m_c and all m;
    /// where these make more than [`MOST_UNITS`], rounded to multiples of the finest of 1, 1/2, 1/5, 1/10, 1/20, .. that make no more.
    Balanced,
    /// A weight for each class, in class order.
    Given(Vec<f64>),
}

/// Rows as whole multiples of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Units {
    /// What each row counts; 0: nothing, it is left out.
    pub of_row: Vec<u32>,
    /// What a unit is worth.
    pub unit: Rational,
    /// What the classes count, where they do not count the same.
    pub classes: Option<Vec<Rational>>,
}

impl Units {
    /// Rows of these weights and classes in a unit (positive) that is known; `None` if one counts no whole number of units.
    pub(crate) fn counted(
        rows: impl Iterator<Item = (f64, usize)>,
        unit: Rational,
        classes: Option<Vec<Rational>>,
    ) -> Option<Self> {
        let count = |(weight, class): (f64, usize)| {
            let of_class = classes.as_ref().map_or(Rational::ONE, |classes| classes[class].clone());
            let count = decimal(weight) * of_class / &unit;
            if count.is_int() { u32::try_from(count.numerator().clone().unsigned_abs()).ok() } else { None }
        };
        let of_row = rows.map(count).collect::<Option<Vec<u32>>>()?;
        Some(Self { of_row, unit, classes })
    }

    /// The rows of `members`, and what they count, without those that count nothing.
    #[must_use]
    pub fn without_weightless(mut self, mut members: Vec<usize>) -> (Vec<usize>, Self) {
        let mut counts = self.of_row.iter();
        members.retain(|_| counts.next().is_none_or(|&units| units > 0));
        self.of_row.retain(|&units| units > 0);
        (members, self)
    }
}

/// A weight as it is written: a decimal that is not negative, of at most 15 digits, so that the float prints as it. `None` for any other text.
///
/// ```
/// use bdnn::data::weight_of;
///
/// assert_eq!(weight_of("2.50"), Some(2.5));
/// assert_eq!([weight_of("-1"), weight_of("inf"), weight_of("1.000000000000000001")], [None; 3]);
/// ```
#[must_use]
pub fn weight_of(text: &str) -> Option<f64> {
    text.parse().ok().filter(|&x: &f64| x.is_finite() && x >= 0.0 && is_print(text, x))
}

/// Why [`weight_of`] takes a text for no weight, and what to write.
#[must_use]
pub fn no_weight(text: &str) -> &'static str {
    match text.parse::<f64>() {
        Ok(x) if x.is_sign_positive() && x < f64::MIN_POSITIVE => {
            "it is too close to 0 for floats (2.3e-308 is not); multiply all weights by the same, or write 0"
        }
        Ok(x) if x == f64::INFINITY && text.contains(|letter: char| letter.is_ascii_digit()) => {
            "it is too large for floats (1.7e308 is not); divide all weights by the same"
        }
        _ => "a weight is a number that is not negative, of at most 15 digits",
    }
}

/// A unit or a weight as people write it: a fraction of few digits, else the decimal; after `~` where that is rounded.
///
/// ```
/// use bdnn::Rational;
/// use bdnn::data::shown;
///
/// let text = |text: &str| shown(&text.parse::<Rational>().expect("a rational"));
/// assert_eq!([text("3/4"), text("1/1000000"), text("1/10000000000000000")], ["3/4", "1/1000000", "1e-16"]);
/// assert_eq!(text("1/30000000000000000"), "~3.33333333333e-17");
/// ```
#[must_use]
pub fn shown(value: &Rational) -> String {
    const SHORT: usize = 15;
    const DIGITS: usize = 12;
    let text = value.to_string();
    if text.len() <= SHORT {
        return text;
    }
    let float = value.to_f64().value();
    // Beyond floats there is no shorter way.
    if !float.is_normal() {
        text
    } else if decimal(float) == *value {
        format!("{float:e}")
    } else {
        format!("~{}", significant(float, DIGITS))
    }
}

/// The decimal that `x` (finite) prints as, exactly.
pub(super) fn decimal(x: f64) -> Rational {
    let text = format!("{:e}", x.abs());
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // Seventeen digits at most.
    let digits: u64 = format!("{whole}{fraction}").parse().unwrap_or(0);
    let power = power.parse::<i64>().unwrap_or(0) - fraction.len() as i64;
    let ten = UBig::from(10_u8).pow(usize::try_from(power.unsigned_abs()).unwrap_or(0));
    let value =
        if power < 0 { Rational::from_parts(digits.into(), ten) } else { Rational::from(UBig::from(digits) * ten) };
    if x < 0.0 { -value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_that_are_printed() {
        for (x, text) in
            [(0.1, "1/10"), (2.5, "5/2"), (0.0, "0"), (1e22, "10000000000000000000000"), (1.25e-3, "1/800")]
        {
            assert_eq!(decimal(x).to_string(), text);
            assert_eq!(decimal(-x), -decimal(x));
        }
    }
}
