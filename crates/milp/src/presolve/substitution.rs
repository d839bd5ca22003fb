//! Columns that a row gives by its others, `x = constant - sum r_k x_k`: taken out with the row.
//!
//! * Equations of two columns ([`doubleton`]): one of them goes, and its bounds become bounds of the other.
//! * Columns of one row that have no bounds but those that the row implies, and a cost ([`singleton`]): that cost pulls the row to one of its
//!   sides, and the column takes what the others leave.
//!
//! A whole column goes only if what gives it is whole; it is never given by a continuous one.

use dashu::rational::RBig;

use super::numbers::{bits, float_of, is_modest, side_of};
use super::postsolve::{Duals, Inverse, Number};
use super::work::{Halt, Work};
use crate::model::{Datum, RowId, VarId};
use crate::number::approximately;
use crate::tolerances::PRESOLVE_RATIO;

/// What it takes to see what becomes of a row, in entries visited.
const WORK_OF_A_ROW: usize = 8;

/// `column = constant + sum of terms`.
#[derive(Clone, Debug)]
struct Substituted {
    column: VarId,
    constant: RBig,
    terms: Vec<(VarId, RBig)>,
    row: RowId,
    /// Of the column in the row.
    coefficient: RBig,
    cost: RBig,
    /// Of the column in other rows.
    entries: Vec<(RowId, RBig)>,
    /// Whether the lower and the upper bound of the one column that it is given by are its own.
    moved: [bool; 2],
}

impl Inverse for Substituted {
    fn columns(&self, see: &mut dyn FnMut(VarId)) {
        see(self.column);
        self.terms.iter().for_each(|(k, _)| see(*k));
    }

    fn restore(&self, x: &mut [RBig]) {
        let constant = self.constant.clone();
        x[self.column.index()] = self.terms.iter().fold(constant, |sum, (k, r)| sum + r * &x[k.index()]);
    }

    /// The row pays for the column; where it is a bound of the column that binds at the one it is given by, it pays for that one.
    fn restore_duals<N: Number>(&self, duals: &mut Duals<N>) {
        let coefficient = N::of(&self.coefficient);
        let mut left = duals.left(&self.cost, &self.entries);
        if let [(by, ratio)] = &self.terms[..]
            && let Some(reduced) = duals.take(*by, self.moved)
        {
            let own = reduced / N::of(ratio);
            left = left - own.clone();
            duals.columns[self.column.index()] = own;
        }
        duals.rows[self.row.index()] = left / coefficient;
    }
}

/// Takes a column out of its only row `i`, if the row implies its bounds; true if it did. The row goes as well.
pub(super) fn singleton(work: &mut Work<'_>, i: RowId, j: VarId, a: f64) -> Result<bool, Halt> {
    work.spend(1)?;
    let a = work.entry(i, j, a);
    let cost = work.cost(j);
    let [lower, upper] = work.sides(i);
    let wants_lower = (cost > RBig::ZERO) == (a > RBig::ZERO);
    let Some(side) = (if wants_lower { lower } else { upper }) else { return Ok(false) };
    if cost.is_zero() {
        return Ok(false);
    }
    // Within what the others leave, the column keeps its bounds by itself.
    let [least, greatest] = work.rest(i, j, &a)?.map(|end| end.value().map(|rest| (&side - rest) / &a));
    let (low, high) = if a > RBig::ZERO { (greatest, least) } else { (least, greatest) };
    let [floor, ceiling] = work.bounds(j);
    let keeps = floor.is_none_or(|floor| low.is_some_and(|low| low >= floor))
        && ceiling.is_none_or(|ceiling| high.is_some_and(|high| high <= ceiling));
    let constant = side / &a;
    let offset = &cost * &constant;
    if !keeps || !is_modest(&constant) || !work.fits_constant(&offset) {
        return Ok(false);
    }
    work.spend(work.row(i).terms.len())?;
    if work.is_integer(j) && !is_whole_beside(work, i, j, &a)? {
        return Ok(false);
    }
    let mut terms = Vec::with_capacity(work.row(i).terms.len());
    for &(k, value) in work.row(i).terms.iter().filter(|(other, _)| *other != j) {
        work.hear()?;
        terms.push((k, -(work.entry(i, k, value) / &a)));
    }
    let most = terms.iter().map(|(_, r)| bits(r)).fold(bits(&constant), usize::max);
    let Some(most) = work.digits.through(j, most) else { return Ok(false) };
    let Some(costs) = costs(work, &cost, &terms)? else { return Ok(false) };
    terms.iter().for_each(|(k, _)| work.digits.raise(*k, most));
    work.add_constant(&offset);
    costs.into_iter().for_each(|(k, cost)| work.set_cost(k, cost));
    work.remove_row(i);
    work.remove_column(j);
    work.steps.push(Box::new(Substituted {
        column: j,
        constant,
        terms,
        row: i,
        coefficient: a,
        cost,
        entries: Vec::new(),
        moved: [false; 2],
    }));
    Ok(true)
}

/// Whether the sides of a row and all of its terms but that of column `j` are whole multiples of `a` at every point.
fn is_whole_beside(work: &Work<'_>, i: RowId, j: VarId, a: &RBig) -> Result<bool, Halt> {
    let is_multiple = |value: RBig| (value / a).is_int();
    if !work.sides(i).into_iter().flatten().all(is_multiple) {
        return Ok(false);
    }
    for &(other, value) in work.row(i).terms.iter().filter(|(other, _)| *other != j) {
        work.hear()?;
        if !work.is_integer(other) || !is_multiple(work.entry(i, other, value)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What the costs of the terms become, in the sense of the model; `None` if one of them is no float.
fn costs(work: &Work<'_>, cost: &RBig, terms: &[(VarId, RBig)]) -> Result<Option<Vec<(VarId, f64)>>, Halt> {
    let mut costs = Vec::with_capacity(terms.len());
    for (k, r) in terms {
        work.hear()?;
        let Some(sum) = work.cost_of(&(work.cost(*k) + cost * r)) else { return Ok(None) };
        costs.push((*k, sum));
    }
    Ok(Some(costs))
}

/// All that replacing a column by another one writes.
struct Plan {
    row: RowId,
    column: VarId,
    by: VarId,
    constant: RBig,
    ratio: RBig,
    entries: Vec<(RowId, f64, [f64; 2])>,
    bounds: [Option<f64>; 2],
    cost: f64,
    /// See [`super::digits::Digits::through`].
    digits: usize,
}

/// Takes out a column of an equation of two; true if it did.
pub(super) fn doubleton(work: &mut Work<'_>, i: RowId) -> Result<bool, Halt> {
    let [(j, a), (k, b)] = work.row(i).terms[..] else { return Ok(false) };
    let Some(right) = work.right(i) else { return Ok(false) };
    let (a, b) = (work.entry(i, j, a), work.entry(i, k, b));
    // The shorter column goes, of two of the same length the one that is not whole.
    let length = |j: VarId| (work.count(j), work.is_integer(j));
    let pairs = [(j, &a, k, &b), (k, &b, j, &a)];
    let pairs = if length(j) <= length(k) { pairs } else { [pairs[1], pairs[0]] };
    for (column, a, by, b) in pairs {
        if let Some(plan) = plan(work, i, column, by, &right / a, -(b / a))? {
            carry_out(work, plan);
            return Ok(true);
        }
    }
    Ok(false)
}

/// `None` if a number that has to be written cannot be.
fn plan(
    work: &mut Work<'_>,
    row: RowId,
    column: VarId,
    by: VarId,
    constant: RBig,
    ratio: RBig,
) -> Result<Option<Plan>, Halt> {
    work.spend(1)?;
    if work.is_integer(column) && !(work.is_integer(by) && ratio.is_int() && constant.is_int()) {
        return Ok(None);
    }
    let (least, greatest) = PRESOLVE_RATIO;
    if !(least..=greatest).contains(&approximately(&ratio).abs())
        || !is_modest(&constant)
        || !work.fits_constant(&(work.cost(column) * &constant))
    {
        return Ok(None);
    }
    let Some(digits) = work.digits.through(column, bits(&ratio).max(bits(&constant))) else { return Ok(None) };
    let rows: Vec<(RowId, f64)> = work.rows_of(column).filter(|(i, _)| *i != row).collect();
    let mut entries = Vec::with_capacity(rows.len());
    for (i, a) in rows {
        work.spend(WORK_OF_A_ROW)?;
        let Some(entry) = entry(work, (i, a), column, by, &constant, &ratio) else { return Ok(None) };
        entries.push(entry);
    }
    let [lower, upper] = work.bounds(column).map(|bound| bound.map(|bound| (bound - &constant) / &ratio));
    let [lower, upper] = work.whole(by, if ratio > RBig::ZERO { [lower, upper] } else { [upper, lower] });
    let lower = lower.filter(|lower| work.lower(by).is_none_or(|old| *lower > old));
    let upper = upper.filter(|upper| work.upper(by).is_none_or(|old| *upper < old));
    // A bound that is not news is not written.
    let write = |bound: Option<RBig>| bound.map_or(Some(None), |bound| float_of(&bound).map(Some));
    let cost = work.cost_of(&(work.cost(by) + work.cost(column) * &ratio));
    let (Some(lower), Some(upper), Some(cost)) = (write(lower), write(upper), cost) else { return Ok(None) };
    Ok(Some(Plan { row, column, by, constant, ratio, entries, bounds: [lower, upper], cost, digits }))
}

/// What becomes of a row in which the column stands: the coefficient of the other one, and the sides.
fn entry(
    work: &Work<'_>,
    (i, a): (RowId, f64),
    column: VarId,
    by: VarId,
    constant: &RBig,
    ratio: &RBig,
) -> Option<(RowId, f64, [f64; 2])> {
    let a = work.entry(i, column, a);
    let old = work.coefficient(i, by).map_or(RBig::ZERO, |b| work.entry(i, by, b));
    let shift = &a * constant;
    let [lower, upper] = work.sides(i).map(|side| side.map(|side| side - &shift));
    let sides = [side_of(lower.as_ref(), f64::NEG_INFINITY)?, side_of(upper.as_ref(), f64::INFINITY)?];
    Some((i, float_of(&(old + a * ratio))?, sides))
}

fn carry_out(work: &mut Work<'_>, plan: Plan) {
    let Plan { row, column, by, constant, ratio, entries, bounds, cost, digits } = plan;
    let a = work.coefficient(row, column).map_or(RBig::ONE, |a| work.entry(row, column, a));
    let others = work.entries(column).into_iter().filter(|(i, _)| *i != row).collect();
    let own_cost = work.cost(column);
    let moved = bounds.map(|bound| bound.is_some());
    for (i, a, sides) in entries {
        work.replace(i, column, (by, a));
        work.set_sides(i, sides);
    }
    let datums = [Datum::Lower(by), Datum::Upper(by)];
    for (bound, datum) in bounds.into_iter().zip(datums) {
        if let Some(bound) = bound {
            work.set_bound(datum, bound);
        }
    }
    work.add_constant(&(&own_cost * &constant));
    work.set_cost(by, cost);
    work.digits.raise(by, digits);
    work.remove_row(row);
    work.remove_column(column);
    work.steps.push(Box::new(Substituted {
        column,
        constant,
        terms: vec![(by, ratio)],
        row,
        coefficient: a,
        cost: own_cost,
        entries: others,
        moved,
    }));
}
