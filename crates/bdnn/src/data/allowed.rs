//! How many errors of a class are allowed, as users say it.

use super::units::{Units, decimal};
use crate::Rational;
use dashu::base::UnsignedAbs;
use std::str::FromStr;

/// A number of rows of a class, or a share of them, that may be wrong.
///
/// A row of weight k counts as k rows, as everywhere. What a class weighs beside its rows ([`super::ClassWeights`]) is a price, and does not count.
///
/// ```
/// use bdnn::data::Allowed;
///
/// assert_eq!("2".parse(), Ok(Allowed::Rows(2)));
/// assert_eq!("2.5%".parse(), Ok(Allowed::Share(0.025)));
/// assert!("0.025".parse::<Allowed>().unwrap_err().contains("2.5%"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Allowed {
    /// So many rows.
    Rows(u64),
    /// So much of the rows of the class that train: from 0 to 1, as the decimal that it prints as.
    Share(f64),
}

impl Allowed {
    /// The most whole units: `total` units of rows of the class train, each of them worth so many rows (positive). A share that is none
    /// allows nothing.
    #[must_use]
    pub fn units(self, total: u64, worth: &Rational) -> u64 {
        let most = match self {
            Self::Rows(rows) => Rational::from(rows) / worth,
            Self::Share(share) if (0.0..=1.0).contains(&share) => decimal(share) * Rational::from(total),
            Self::Share(_) => Rational::ZERO,
        };
        u64::try_from(most.floor().unsigned_abs()).unwrap_or(u64::MAX)
    }

    /// Whether it is one: a share is from 0 to 1.
    #[must_use]
    pub fn is_sane(self) -> bool {
        match self {
            Self::Rows(_) => true,
            Self::Share(share) => (0.0..=1.0).contains(&share),
        }
    }
}

impl From<u64> for Allowed {
    fn from(rows: u64) -> Self {
        Self::Rows(rows)
    }
}

impl FromStr for Allowed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(rows) = text.parse() {
            return Ok(Self::Rows(rows));
        }
        // In decimals, so that 0.7% is 0.007.
        let percent = text.strip_suffix('%').filter(|percent| !percent.contains(['e', 'E']));
        let share = percent.and_then(|percent| format!("{percent}e-2").parse().ok());
        match share.map(Self::Share) {
            Some(allowed) if allowed.is_sane() => Ok(allowed),
            Some(Self::Share(share)) if !share.is_nan() => Err("a share of the rows is from 0% to 100%".to_owned()),
            _ if text.parse::<i128>().is_ok_and(|rows| rows < 0) => Err("rows are counted from 0".to_owned()),
            _ => Err("expected a whole number of rows, such as 2, or a share of them, such as 2.5%".to_owned()),
        }
    }
}

impl Units {
    /// What a unit of a row of this class is worth in rows: the unit without what the class weighs. `None` if its rows count nothing.
    #[must_use]
    pub fn worth_in_rows(&self, class: usize) -> Option<Rational> {
        match &self.classes {
            None => Some(self.unit.clone()),
            Some(weights) if weights[class].is_zero() => None,
            Some(weights) => Some(&self.unit / &weights[class]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_shares_in_units() {
        let one = Rational::ONE;
        let quarter = Rational::ONE / Rational::from(4);
        assert_eq!([Allowed::Rows(3).units(10, &one), Allowed::Rows(3).units(40, &quarter)], [3, 12]);
        // A unit of two thirds of a row: 4 of them are 2 2/3 rows, 5 are too many.
        let thirds = Rational::from(2) / Rational::from(3);
        assert_eq!(Allowed::Rows(3).units(9, &thirds), 4);
        // 0.29 * 100 is less than 29 in floats.
        assert_eq!(Allowed::Share(0.29).units(100, &one), 29);
        assert_eq!([0.0, 0.1, 1.0].map(|share| Allowed::Share(share).units(239, &quarter)), [0, 23, 239]);
    }

    #[test]
    fn what_is_said_is_read() {
        let read = |text: &str| text.parse::<Allowed>().ok();
        assert_eq!([read("0"), read("12")], [Some(Allowed::Rows(0)), Some(Allowed::Rows(12))]);
        assert_eq!([read("0.7%"), read("100%")], [Some(Allowed::Share(0.007)), Some(Allowed::Share(1.0))]);
        for bad in ["", "-1", "-1%", "1.5", "0.5", "1.0", "101%", "two", "%", "1e0%", "nan", "inf", "nan%"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        for (bad, word) in [("101%", "100%"), ("-1%", "from 0%"), ("-1", "from 0"), ("0.5", "2.5%"), ("nan%", "2.5%")] {
            assert!(bad.parse::<Allowed>().unwrap_err().contains(word), "{bad}");
        }
    }
}
