//! How many digits postsolve may put into a number.
//!
//! A column that goes is given by others, those by others in turn, and the factors multiply: `x_0 = 20/21 x_1 = (20/21)^2 x_2 = ..` comes to
//! numbers with as many digits as there are columns. So each column that is left knows the digits of the longest product that leads to it,
//! and a reduction that would make that too long is not made.

use crate::model::VarId;
use crate::tolerances::PRESOLVE_BITS;

/// For each column the bits that values given by it may have beyond its own.
pub(super) struct Digits(Vec<usize>);

impl Digits {
    pub fn new(columns: usize) -> Self {
        Self(vec![0; columns])
    }

    /// The bits beyond those of others that a column has which is given by them with factors of `bits`, with all that it gives itself;
    /// `None` if they are too many.
    pub fn through(&self, column: VarId, bits: usize) -> Option<usize> {
        Some(self.0[column.index()] + bits).filter(|&bits| bits <= PRESOLVE_BITS)
    }

    /// Takes note of a column that gives others with so many bits.
    pub fn raise(&mut self, column: VarId, bits: usize) {
        let known = &mut self.0[column.index()];
        *known = bits.max(*known);
    }
}
