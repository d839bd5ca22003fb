//! Rows of activations as files have them: rounded, and what that takes from them.
//!
//! Entry point: [`Rounded::read`].

use crate::model::Row;
use crate::number::Rational;

/// What is wrong, with the name of the column or row.
pub(super) type Step<T> = Result<T, String>;

/// What a row of an activation should hold, while the file has rounded numbers.
pub(super) struct Rounded<'a> {
    pub value: &'a [(usize, Rational)],
    pub bias: Option<usize>,
    pub ball: &'a [usize],
    pub radius: Rational,
    pub u: usize,
    /// What columns of `value` do not exceed in magnitude, nor columns of `ball`, which are not negative.
    pub bound: Rational,
}

impl Rounded<'_> {
    /// The coefficient of `u`, and by how much the rest of the row may be below value + bias - rho (with `up` false), or above
    /// value + bias + rho (with `up` true), for any network.
    pub fn read(&self, row: &Row, up: bool) -> Step<(Rational, Rational)> {
        let mut switch = Rational::ZERO;
        let mut off = Rational::ZERO;
        let mut value = self.value.iter().peekable();
        let radius = if up { self.radius.clone() } else { -&self.radius };
        let mut has_bias = false;
        for (column, found) in &row.terms {
            // A coefficient that is 0 in the file does not stand there.
            while let Some((_, missing)) = value.next_if(|(expected, _)| expected < column) {
                off += size(missing);
            }
            if let Some((_, expected)) = value.next_if(|(expected, _)| expected == column) {
                off += size(&(found - expected));
            } else if self.bias == Some(*column) {
                has_bias = *found == Rational::ONE;
            } else if *column == self.u {
                switch = found.clone();
            } else if self.ball.binary_search(column).is_ok() {
                // One that is nearer to 0 only makes the row weaker, and so does a missing one.
                let more = if up { found - &radius } else { &radius - found };
                off += more.max(Rational::ZERO);
            } else {
                return Err("a column that does not belong there".to_owned());
            }
        }
        value.for_each(|(_, missing)| off += size(missing));
        if self.bias.is_some() && !has_bias {
            return Err("the bias must have the coefficient 1".to_owned());
        }
        Ok((switch, off * &self.bound))
    }
}

fn size(value: &Rational) -> Rational {
    if *value < Rational::ZERO { -value } else { value.clone() }
}
