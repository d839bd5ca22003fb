//! Which numbers a reduction may write.

use dashu::base::BitTest;
use dashu::rational::RBig;

use crate::number::{approximately, decimal};
use crate::tolerances::PRESOLVE_NUMBERS;

/// The float whose decimal a number is, if it is neither so small nor so great that floats are no good with it.
pub(super) fn float_of(value: &RBig) -> Option<f64> {
    let float = approximately(value);
    let (least, greatest) = PRESOLVE_NUMBERS;
    let fits = float == 0.0 || (least..=greatest).contains(&float.abs());
    (fits && decimal(float) == *value).then_some(float)
}

/// The same for a side: infinite where there is none.
pub(super) fn side_of(value: Option<&RBig>, infinite: f64) -> Option<f64> {
    value.map_or(Some(infinite), float_of)
}

/// Whether a number is of a size that floats are good with; it may have more digits than they have.
pub(super) fn is_modest(value: &RBig) -> bool {
    approximately(value).abs() <= PRESOLVE_NUMBERS.1
}

/// The bits that a factor adds to a product: none if it is 1 or -1.
pub(super) fn bits(value: &RBig) -> usize {
    (value.numerator().bit_len() + value.denominator().bit_len()).saturating_sub(2)
}
