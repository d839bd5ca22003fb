//! The numbers of a model file that floats do not hold, kept beside the floats as the file writes them.
//!
//! A float of a [`super::Model`] means its shortest decimal, and a whole one itself: `0.1` is one tenth. That is what a file says in its place
//! unless the file has more digits than a float holds (`0.10000000000000001`, `9007199254740993`) or the number is a
//! sum of several (`0.1 x + 0.2 x`). Those stand here, exactly; search works with the floats, and whatever is claimed of
//! the file is verified with [`Decimals::value`].
//!
//! Invariant: an entry speaks of the float it was recorded with. Where a model was changed afterwards, the new float
//! counts and the entry does not.

use std::collections::BTreeMap;
use std::io::{self, Write};

use dashu::rational::RBig;

use super::{RowId, VarId};
use crate::number::decimal;
use crate::shortest::{DecimalSum, Shortest};

/// One number of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Datum {
    /// The constant of the objective.
    Offset,
    /// The coefficient of a column in the objective, in the sense of the model.
    Cost(VarId),
    /// The lower bound of a column.
    Lower(VarId),
    /// The upper bound of a column.
    Upper(VarId),
    /// The lower side of a row.
    RowLower(RowId),
    /// The upper side of a row.
    RowUpper(RowId),
    /// The coefficient of a column in a row.
    Entry(RowId, VarId),
}

/// Exact values of the numbers that are no float's shortest decimal; few or none in most models.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decimals(BTreeMap<Datum, Exact>);

#[derive(Clone, Debug, PartialEq)]
struct Exact {
    /// The bits of the float beside it.
    float: u64,
    value: RBig,
}

impl Decimals {
    /// Whether every float of the model is exactly what its file says.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same for all floats but the constant of the objective.
    pub(crate) fn is_empty_but_offset(&self) -> bool {
        self.data().all(|datum| datum == Datum::Offset)
    }

    /// How many numbers stand here.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The numbers that stand here.
    pub fn data(&self) -> impl Iterator<Item = Datum> + '_ {
        self.0.keys().copied()
    }

    /// The exact value of a number whose float is `float` (finite), as a fraction `p/q` or a whole number.
    #[must_use]
    pub fn text(&self, datum: Datum, float: f64) -> String {
        self.kept(datum, float).map_or_else(|| Shortest::of(float).to_string(), ToString::to_string)
    }

    /// Writes [`Self::text`].
    pub(crate) fn write(&self, datum: Datum, float: f64, out: &mut impl Write) -> io::Result<()> {
        match self.kept(datum, float) {
            Some(exact) => write!(out, "{exact}"),
            None => write!(out, "{}", Shortest::of(float)),
        }
    }

    /// The exact value of a number whose float is `float` (finite).
    pub(crate) fn value(&self, datum: Datum, float: f64) -> RBig {
        self.kept(datum, float).cloned().unwrap_or_else(|| decimal(float))
    }

    /// Adds the number times `x` (finite), itself taken for a decimal.
    pub(crate) fn add_product(&self, sum: &mut DecimalSum, datum: Datum, float: f64, x: f64) {
        match self.kept(datum, float) {
            Some(exact) => sum.add_exact(exact, x),
            None => sum.add(float, x),
        }
    }

    /// A bound or side: `None` where it is infinite.
    pub(crate) fn side(&self, datum: Datum, float: f64) -> Option<RBig> {
        float.is_finite().then(|| self.value(datum, float))
    }

    /// The exact value, where it is not the float's shortest decimal.
    pub(crate) fn kept(&self, datum: Datum, float: f64) -> Option<&RBig> {
        let exact = self.0.get(&datum)?;
        (exact.float == float.to_bits()).then_some(&exact.value)
    }

    /// Keeps the exact value of a number whose float is `float`, if its shortest decimal is another; what stood in its place is forgotten.
    pub(crate) fn state(&mut self, datum: Datum, float: f64, value: RBig) {
        if decimal(float) == value {
            self.0.remove(&datum);
        } else {
            self.record(datum, float, value);
        }
    }

    /// Keeps the exact value of a number whose float is `float` and whose shortest decimal is another.
    pub(crate) fn record(&mut self, datum: Datum, float: f64, value: RBig) {
        self.0.insert(datum, Exact { float: float.to_bits(), value });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu::integer::{IBig, UBig};

    #[test]
    fn entries_speak_of_their_float_alone() {
        let mut decimals = Decimals::default();
        let third = RBig::from_parts(IBig::from(1), UBig::from(3_u8));
        decimals.record(Datum::Cost(VarId(1)), 0.3, third.clone());
        assert_eq!(decimals.value(Datum::Cost(VarId(1)), 0.3), third);
        assert_eq!(decimals.text(Datum::Cost(VarId(1)), 0.5), "1/2", "the model was changed");
        assert_eq!(decimals.text(Datum::Cost(VarId(0)), 0.3), "3/10");
        assert_eq!(decimals.side(Datum::Lower(VarId(0)), f64::NEG_INFINITY), None);
        assert_eq!((decimals.len(), decimals.is_empty()), (1, false));
        decimals.state(Datum::Cost(VarId(1)), 0.3, decimal(0.3));
        assert_eq!((decimals.text(Datum::Cost(VarId(1)), 0.3), decimals.len()), ("3/10".to_owned(), 0));
    }
}
