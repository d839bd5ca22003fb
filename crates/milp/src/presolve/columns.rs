//! What a column alone says: its bounds cross or leave no whole number, it stands in no row, or all rows allow it to go where its cost
//! wants it (dual fixing).
//!
//! Fixing at a bound loses points, but none that is better than one that is kept: moving the column there keeps every row.

use dashu::integer::IBig;
use dashu::rational::RBig;

use super::numbers::bits;
use super::postsolve::Inverse;
use super::work::{Halt, Work};
use crate::model::{Datum, VarId};

/// A column without cost and without a bound on the side to which all its rows let it go: they are gone with it.
#[derive(Clone, Debug)]
struct Unlocked {
    column: VarId,
    /// Where it is at least (or at most): its bound on the other side.
    from: Option<RBig>,
    goes_up: bool,
    is_integer: bool,
    rows: Vec<Freed>,
}

/// A row that such a column satisfies on its own: its side, its other columns, the coefficient of the column.
#[derive(Clone, Debug)]
struct Freed {
    side: RBig,
    terms: Vec<(VarId, RBig)>,
    coefficient: RBig,
}

impl Inverse for Unlocked {
    fn columns(&self, see: &mut dyn FnMut(VarId)) {
        see(self.column);
        self.rows.iter().flat_map(|row| &row.terms).for_each(|(j, _)| see(*j));
    }

    /// The value nearest to zero, or to the bound, with which all rows hold.
    fn restore(&self, x: &mut [RBig]) {
        let further = |a: RBig, b: RBig| if (a > b) == self.goes_up { a } else { b };
        let reach = self.rows.iter().map(|row| {
            let others = row.terms.iter().fold(RBig::ZERO, |sum, (j, a)| sum + a * &x[j.index()]);
            (&row.side - others) / &row.coefficient
        });
        let start = self.from.clone().map_or(RBig::ZERO, |from| further(from, RBig::ZERO));
        let value = reach.fold(start, further);
        let whole = |value: RBig| -> IBig { if self.goes_up { value.ceil() } else { value.floor() } };
        x[self.column.index()] = if self.is_integer { whole(value).into() } else { value };
    }
}

/// Whether the column is left.
pub(super) fn visit(work: &mut Work<'_>, j: VarId) -> Result<bool, Halt> {
    work.spend(1)?;
    let [lower, upper] = work.bounds(j);
    if lower.as_ref().zip(upper.as_ref()).is_some_and(|(lower, upper)| lower > upper) {
        return Err(Halt::Infeasible);
    }
    if lower == upper && lower.is_some() {
        // The sweep takes it.
        return Ok(false);
    }
    let [falls, rises] = locks(work, j)?;
    let cost = work.cost(j);
    if falls && cost >= RBig::ZERO {
        return Ok(!go(work, j, false, &cost)?);
    }
    if rises && cost <= RBig::ZERO {
        return Ok(!go(work, j, true, &cost)?);
    }
    Ok(true)
}

/// Whether no row minds if the column falls, and if it rises.
fn locks(work: &mut Work<'_>, j: VarId) -> Result<[bool; 2], Halt> {
    let mut free = [true; 2];
    let mut seen = 1;
    for (i, a) in work.rows_of(j) {
        let row = work.row(i);
        let [below, above] = [row.lower.is_finite(), row.upper.is_finite()];
        free[0] &= if a > 0.0 { !below } else { !above };
        free[1] &= if a > 0.0 { !above } else { !below };
        seen += 1;
        if free == [false; 2] {
            break;
        }
    }
    work.spend(seen)?;
    Ok(free)
}

/// The column goes to its end; false if there is none and it has a cost (the model may be unbounded).
fn go(work: &mut Work<'_>, j: VarId, up: bool, cost: &RBig) -> Result<bool, Halt> {
    let [lower, upper] = work.bounds(j);
    let (end, from) = if up { (upper, lower) } else { (lower, upper) };
    if end.is_some() {
        work.fix_at(if up { Datum::Upper(j) } else { Datum::Lower(j) });
        return Ok(true);
    }
    if !cost.is_zero() {
        return Ok(false);
    }
    let rows: Vec<_> = work.rows_of(j).collect();
    let (mut freed, mut most) = (Vec::with_capacity(rows.len()), 0);
    for &(i, a) in &rows {
        work.spend(1 + work.row(i).terms.len())?;
        let [lower, upper] = work.sides(i);
        // The one side that the row has: the other would lock the column.
        let Some(side) = (if (a > 0.0) == up { lower } else { upper }) else { continue };
        let terms: Vec<_> = work.terms(i).into_iter().filter(|(other, _)| *other != j).collect();
        let coefficient = work.entry(i, j, a);
        most = most.max(bits(&coefficient) + terms.iter().map(|(_, a)| bits(a)).max().unwrap_or(0));
        freed.push(Freed { side, terms, coefficient });
    }
    let Some(most) = work.digits.through(j, most) else { return Ok(false) };
    freed.iter().flat_map(|row| &row.terms).for_each(|(k, _)| work.digits.raise(*k, most));
    let is_integer = work.is_integer(j);
    work.steps.push(Box::new(Unlocked { column: j, from, goes_up: up, is_integer, rows: freed }));
    rows.into_iter().for_each(|(i, _)| work.remove_row(i));
    work.remove_column(j);
    Ok(true)
}
