//! A combination of rows that is whole at some of its columns: what is left of it may not take every value.

use dashu::integer::IBig;
use dashu::rational::RBig;

use super::side::Side;
use crate::VarId;

/// `lower <= whole + rest <= upper`, which is the sum of rows times `multipliers`; `whole` takes whole numbers only, and the
/// sides are less than 1 apart.
#[derive(Debug)]
pub(crate) struct Congruence {
    /// (row, multiplier), by row.
    pub multipliers: Vec<(u32, RBig)>,
    /// Integer columns with whole coefficients, by column.
    pub whole: Vec<(u32, IBig)>,
    /// All other columns of the sum.
    pub rest: Vec<(u32, RBig)>,
    pub lower: RBig,
    pub upper: RBig,
    /// `rest` and the sides in floats.
    pub terms: Vec<(VarId, f64)>,
    pub sides: (f64, f64),
    /// What the multipliers make of a tolerance of the rows.
    pub size: f64,
    /// Whether whole columns have so many values that branching on them does not come to an end.
    pub wide: bool,
}

impl Congruence {
    /// Within what sides the rest of a row stays, with the row's sides and the rest's least and greatest value (infinite if there
    /// is none) in floats: what the whole numbers within reach leave. The margin is added to the reach.
    pub fn leaves((lower, upper): (f64, f64), (least, greatest): (f64, f64), margin: f64) -> (f64, f64) {
        let most = (upper - least + margin).floor();
        let fewest = (lower - greatest - margin).ceil();
        (lower - most, upper - fewest)
    }

    /// The same in exact numbers: the side for the rest on the given side, from the bound of the rest on the same side.
    pub fn leaves_exactly(&self, side: Side, extreme: &RBig) -> RBig {
        match side {
            Side::Lower => &self.lower - RBig::from((&self.upper - extreme).floor()),
            Side::Upper => &self.upper - RBig::from((&self.lower - extreme).ceil()),
        }
    }
}
