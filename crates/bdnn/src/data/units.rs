//! How much rows count: whole multiples of a common unit.

use crate::Rational;
use dashu::integer::UBig;

/// The most units of all rows together: engines add them up in words of 32 bits.
pub const MOST_UNITS: u64 = 100_000_000;

/// What the rows of a class count, beside weights of their own.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ClassWeights {
    /// The same in all classes.
    #[default]
    Equal,
    /// Every class as much as every other, and all rows together as many as they are: m / (C m_c) for the m_c rows of class c.
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
