//! Rows in rationals: those that hold under a condition, and their way into a model.

use dashu::base::Abs;
use dashu::integer::UBig;
use dashu::rational::RBig;

use crate::Error;
use crate::model::{Datum, Indicator, Model, RowId, VarId};
use crate::number::approximately;

type Terms = Vec<(VarId, RBig)>;

/// A row that holds where a binary column has a value, that column apart.
pub(super) struct Conditional {
    /// Of the other columns.
    pub terms: Terms,
    of: Indicator,
    lower: Option<RBig>,
    upper: Option<RBig>,
}

impl Conditional {
    /// Row `i` of a model. What it says of its own condition's column is a constant where it holds.
    pub fn of(model: &Model, i: RowId, of: Indicator) -> Self {
        let row = &model.rows[i.index()];
        let terms = row.terms.iter().filter(|(_, a)| *a != 0.0);
        let mut terms: Terms = terms.map(|&(j, a)| (j, model.decimals.value(Datum::Entry(i, j), a))).collect();
        let constant = match terms.iter().position(|(j, _)| *j == of.column) {
            Some(at) => terms.remove(at).1,
            None => RBig::ZERO,
        };
        let constant = if of.value { constant } else { RBig::ZERO };
        let side = |datum, side| model.decimals.side(datum, side).map(|side| side - &constant);
        let (lower, upper) = (side(Datum::RowLower(i), row.lower), side(Datum::RowUpper(i), row.upper));
        // So that what is little for the row is not so beside a large coefficient of the condition.
        let largest = terms.iter().map(|(_, a)| a.clone().abs()).max().unwrap_or(RBig::ONE);
        let mut unit = RBig::ONE;
        while &largest * &unit < RBig::ONE {
            unit *= RBig::from(UBig::from(10_u8));
        }
        terms.iter_mut().for_each(|(_, a)| *a *= &unit);
        Self { terms, of, lower: lower.map(|side| side * &unit), upper: upper.map(|side| side * &unit) }
    }

    /// A side, where it has one.
    pub fn side(&self, is_upper: bool) -> Option<&RBig> {
        if is_upper { self.upper.as_ref() } else { self.lower.as_ref() }
    }

    /// Terms and side of the row that says the same where the condition holds, and nothing elsewhere; `None` if it always holds, because
    /// `extreme`, the largest value of the terms (for a lower side the least), is no further than the side.
    pub fn relaxed(&self, is_upper: bool, side: &RBig, extreme: &RBig) -> Option<(Terms, RBig)> {
        let room = extreme - side;
        if room.is_zero() || (room > RBig::ZERO) != is_upper {
            return None;
        }
        let (coefficient, side) = if self.of.value { (room, extreme.clone()) } else { (-room, side.clone()) };
        Some((self.terms.iter().cloned().chain([(self.of.column, coefficient)]).collect(), side))
    }
}

/// A model to which exact rows are added.
pub(super) struct Draft {
    pub model: Model,
}

impl Draft {
    pub fn new(model: Model) -> Self {
        Self { model }
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`Error::Model`] for numbers that no float comes near.
    pub fn row(&mut self, name: String, terms: Terms, lower: Option<RBig>, upper: Option<RBig>) -> Result<(), Error> {
        let i = self.model.add_row(name, f64::NEG_INFINITY, f64::INFINITY, []);
        self.replace(i, terms, lower, upper)
    }

    /// Puts other terms and sides into a row.
    ///
    /// # Errors
    /// Those of [`Self::row`].
    pub fn replace(
        &mut self,
        i: RowId,
        mut terms: Terms,
        lower: Option<RBig>,
        upper: Option<RBig>,
    ) -> Result<(), Error> {
        terms.sort_by_key(|(j, _)| *j);
        let mut floats = Vec::with_capacity(terms.len());
        for (j, a) in terms {
            floats.push((j, self.keep(i, Datum::Entry(i, j), a)?));
        }
        let lower = lower.map_or(Ok(f64::NEG_INFINITY), |side| self.keep(i, Datum::RowLower(i), side))?;
        let upper = upper.map_or(Ok(f64::INFINITY), |side| self.keep(i, Datum::RowUpper(i), side))?;
        let row = &mut self.model.rows[i.index()];
        (row.terms, row.lower, row.upper) = (floats, lower, upper);
        Ok(())
    }

    /// Gives a row the sides that it has in a model.
    pub fn restore(&mut self, i: RowId, of: &Model) {
        let (row, of) = (&mut self.model.rows[i.index()], &of.rows[i.index()]);
        (row.lower, row.upper) = (of.lower, of.upper);
    }

    /// The float of a number, which is recorded where the float is another.
    fn keep(&mut self, i: RowId, datum: Datum, value: RBig) -> Result<f64, Error> {
        let float = approximately(&value) + 0.0;
        if float.is_infinite() || (float.abs() < f64::MIN_POSITIVE && !value.is_zero()) {
            let row = &self.model.rows[i.index()].name;
            let message =
                format!("row '{row}' with its condition has numbers beyond those of floats; rescale the model");
            return Err(Error::Model { model: self.model.name.clone(), message });
        }
        self.model.decimals.state(datum, float, value);
        Ok(float)
    }
}
