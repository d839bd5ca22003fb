//! Columns of one row that cost nothing: what they can add widens the sides of the row (slack columns).
//!
//! The row is left with `lower - greatest a x <= others <= upper - least a x`; whatever the others are within that, some value of the
//! column makes up for it. A whole column does so if all that stands beside it is a whole multiple of its coefficient.

use dashu::rational::RBig;

use super::postsolve::{Duals, Inverse, Number};
use super::work::{Halt, Work, side_of};
use crate::model::{RowId, VarId};

/// A slack column with its row as it was.
#[derive(Clone, Debug)]
struct Slack {
    column: VarId,
    row: RowId,
    coefficient: RBig,
    bounds: [Option<RBig>; 2],
    sides: [Option<RBig>; 2],
    others: Vec<(VarId, RBig)>,
}

impl Inverse for Slack {
    /// The value nearest to zero with which the row holds.
    fn restore(&self, x: &mut [RBig]) {
        let others = self.others.iter().fold(RBig::ZERO, |sum, (j, a)| sum + a * &x[j.index()]);
        let [lower, upper] = self.sides.clone().map(|side| side.map(|side| (side - &others) / &self.coefficient));
        let (lower, upper) = if self.coefficient > RBig::ZERO { (lower, upper) } else { (upper, lower) };
        let [least, most] = self.bounds.clone();
        let least = [lower, least].into_iter().flatten().max();
        let most = [upper, most].into_iter().flatten().min();
        let above = least.map_or(RBig::ZERO, |least| least.max(RBig::ZERO));
        x[self.column.index()] = most.map_or(above.clone(), |most| most.min(above));
    }

    /// What the row pays for it.
    fn restore_duals<N: Number>(&self, duals: &mut Duals<N>) {
        duals.columns[self.column.index()] = -(N::of(&self.coefficient) * duals.rows[self.row.index()].clone());
    }
}

/// Takes the column out of its only row `i`, where it costs nothing; true if it did.
pub(super) fn absorb(work: &mut Work<'_>, i: RowId, j: VarId, a: f64) -> Result<bool, Halt> {
    work.spend(work.row(i).terms.len())?;
    let coefficient = work.entry(i, j, a);
    if work.is_integer(j) && !is_whole_beside(work, i, j, &coefficient) {
        return Ok(false);
    }
    let bounds = work.bounds(j);
    let sides = work.sides(i);
    let [least, most] = bounds.clone().map(|bound| bound.map(|bound| bound * &coefficient));
    let (least, most) = if coefficient > RBig::ZERO { (least, most) } else { (most, least) };
    let widened = |side: &Option<RBig>, by: Option<RBig>| Some(side.as_ref()? - by?);
    let [lower, upper] = [widened(&sides[0], most), widened(&sides[1], least)];
    let floats = [side_of(lower.as_ref(), f64::NEG_INFINITY), side_of(upper.as_ref(), f64::INFINITY)];
    let [Some(lower), Some(upper)] = floats else { return Ok(false) };
    let rest = work.rest(i, j, &coefficient);
    let others = work.terms(i).into_iter().filter(|(other, _)| *other != j).collect();
    work.steps.push(Box::new(Slack { column: j, row: i, coefficient, bounds, sides, others }));
    work.set_sides(i, [lower, upper]);
    work.remove_singleton(i, j, rest);
    Ok(true)
}

/// Whether the sides of a row and all of its terms but that of column `j` are whole multiples of `a` at every point.
pub(super) fn is_whole_beside(work: &Work<'_>, i: RowId, j: VarId, a: &RBig) -> bool {
    let is_multiple = |value: RBig| (value / a).is_int();
    work.sides(i).into_iter().flatten().all(is_multiple)
        && work
            .row(i)
            .terms
            .iter()
            .filter(|(other, _)| *other != j)
            .all(|&(other, value)| work.is_integer(other) && is_multiple(work.entry(i, other, value)))
}
