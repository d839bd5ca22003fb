//! The objective while a model is being reduced: costs are minimised here, whatever the model says; its constant is a rational.

use dashu::rational::RBig;

use super::numbers::{bits, float_of, is_modest};
use super::work::Work;
use crate::model::{Datum, VarId};
use crate::number::approximately;
use crate::tolerances::PRESOLVE_BITS;

impl Work<'_> {
    /// The cost of a column, minimised.
    pub fn cost(&self, j: VarId) -> RBig {
        &self.sign * self.model.decimals.value(Datum::Cost(j), self.column(j).cost)
    }

    /// The cost that stands for a minimised one, as the model writes it.
    pub fn cost_of(&self, minimised: &RBig) -> Option<f64> {
        float_of(&(&self.sign * minimised))
    }

    /// Whether a number may be added to the constant of the (minimised) objective: of a size that floats are good with, and the sum without
    /// too many digits.
    pub fn fits_constant(&self, minimised: &RBig) -> bool {
        let offset = self.model.decimals.value(Datum::Offset, self.model.offset);
        is_modest(minimised) && bits(&(offset + &self.sign * minimised)) <= PRESOLVE_BITS
    }

    /// Adds to the constant of the (minimised) objective, which is kept exactly.
    pub fn add_constant(&mut self, minimised: &RBig) {
        let offset = self.model.decimals.value(Datum::Offset, self.model.offset) + &self.sign * minimised;
        self.model.offset = approximately(&offset);
        if self.model.decimals.value(Datum::Offset, self.model.offset) != offset {
            self.model.decimals.record(Datum::Offset, self.model.offset, offset);
        }
    }
}
