//! What an exported network is given: any floats, or whole numbers within ranges.

use crate::error::Error;

/// Whole inputs are within this of 0: floats hold them all.
const LARGEST: i64 = 1 << 53;

/// The features that an exported network will see, in the units of the data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Inputs {
    /// Any floats (binary64).
    #[default]
    Real,
    /// Whole numbers, feature by feature from the first of the pair up to the second.
    Whole(Vec<(i64, i64)>),
}

impl Inputs {
    /// Whole numbers from `low` to `high` in each of so many features.
    ///
    /// # Errors
    /// [`Error::Export`] if `low` is above `high`, or either is beyond 2^53.
    pub fn within(low: i64, high: i64, features: usize) -> Result<Self, Error> {
        if low > high || low < -LARGEST || high > LARGEST {
            return Err(Error::Export(format!("no range of whole numbers within 2^53: {low} to {high}")));
        }
        Ok(Self::Whole(vec![(low, high); features]))
    }

    /// What these rows have: whole numbers in the range of each feature, if all of them are whole. Cost O(rows * features).
    ///
    /// ```
    /// use heaviside::export::Inputs;
    ///
    /// assert_eq!(Inputs::of_rows([[3.0, -1.0], [0.0, 7.0]]), Inputs::Whole(vec![(0, 3), (-1, 7)]));
    /// assert_eq!(Inputs::of_rows([[3.0], [0.5]]), Inputs::Real);
    /// ```
    #[must_use]
    pub fn of_rows<R: AsRef<[f64]>>(rows: impl IntoIterator<Item = R>) -> Self {
        let mut ranges: Vec<(i64, i64)> = vec![];
        for row in rows {
            let row = row.as_ref();
            if ranges.is_empty() {
                ranges = vec![(i64::MAX, i64::MIN); row.len()];
            }
            for (range, &x) in ranges.iter_mut().zip(row) {
                let Some(whole) = whole(x) else { return Self::Real };
                *range = (range.0.min(whole), range.1.max(whole));
            }
        }
        if ranges.is_empty() { Self::Real } else { Self::Whole(ranges) }
    }

    /// The same, with 0 and 1 for the features that are `encoded` as these: whole numbers if there are no others.
    pub(super) fn with(self, encoded: &[bool]) -> Self {
        match self {
            Self::Whole(mut ranges) => {
                ranges.iter_mut().zip(encoded).filter(|(_, encoded)| **encoded).for_each(|(range, _)| *range = (0, 1));
                Self::Whole(ranges)
            }
            Self::Real if encoded.iter().all(|encoded| *encoded) => Self::Whole(vec![(0, 1); encoded.len()]),
            Self::Real => Self::Real,
        }
    }

    /// Whether a network of so many features can have these.
    pub(super) fn check(&self, features: usize) -> Result<(), Error> {
        let Self::Whole(ranges) = self else { return Ok(()) };
        if ranges.len() != features {
            return Err(Error::Export(format!("{} ranges of inputs, but the network has {features}", ranges.len())));
        }
        let bad = |(low, high): &&(i64, i64)| low > high || *low < -LARGEST || *high > LARGEST;
        ranges.iter().find(bad).map_or(Ok(()), |&(low, high)| Self::within(low, high, 1).map(drop))
    }
}

/// A float that is a whole number, as such.
fn whole(x: f64) -> Option<i64> {
    (x.fract() == 0.0 && x.abs() <= LARGEST as f64).then_some(x as i64)
}
