//! Columns of one row that cost nothing: what they can add widens the sides of the row (slack columns).
//!
//! The row is left with `lower - greatest a x <= others <= upper - least a x`; whatever the others are within that, some value of the
//! column makes up for it. A whole column does so if all that stands beside it is a whole multiple of its coefficient. All slack columns of
//! a row go together, one after the other: those that are not whole first, then the whole ones from the smallest coefficient on.

use dashu::base::UnsignedAbs;
use dashu::rational::RBig;
use numerics::whole::gcd;

use super::numbers::{bits, side_of};
use super::postsolve::{Duals, Inverse, Number};
use super::work::{Halt, Work};
use crate::model::{RowId, VarId};

/// The slack columns of a row, in the order in which they went, and its other columns.
#[derive(Clone, Debug)]
struct Slack {
    row: RowId,
    columns: Vec<One>,
    others: Vec<(VarId, RBig)>,
}

/// A slack column, with the sides of the row before it went.
#[derive(Clone, Debug)]
struct One {
    column: VarId,
    coefficient: RBig,
    bounds: [Option<RBig>; 2],
    sides: [Option<RBig>; 2],
}

impl One {
    /// The value nearest to zero with which the row holds.
    fn value(&self, others: &RBig) -> RBig {
        let [lower, upper] = self.sides.clone().map(|side| side.map(|side| (side - others) / &self.coefficient));
        let (lower, upper) = if self.coefficient > RBig::ZERO { (lower, upper) } else { (upper, lower) };
        let [least, most] = self.bounds.clone();
        let least = [lower, least].into_iter().flatten().max();
        let most = [upper, most].into_iter().flatten().min();
        let above = least.map_or(RBig::ZERO, |least| least.max(RBig::ZERO));
        most.map_or(above.clone(), |most| most.min(above))
    }

    /// The sides that the row has without the column.
    fn widened(&self) -> [Option<RBig>; 2] {
        let [least, most] = self.bounds.clone().map(|bound| bound.map(|bound| bound * &self.coefficient));
        let (least, most) = if self.coefficient > RBig::ZERO { (least, most) } else { (most, least) };
        let widened = |side: &Option<RBig>, by: Option<RBig>| Some(side.as_ref()? - by?);
        [widened(&self.sides[0], most), widened(&self.sides[1], least)]
    }
}

impl Inverse for Slack {
    fn columns(&self, see: &mut dyn FnMut(VarId)) {
        self.columns.iter().for_each(|one| see(one.column));
        self.others.iter().for_each(|(j, _)| see(*j));
    }

    fn restore(&self, x: &mut [RBig]) {
        let mut others = self.others.iter().fold(RBig::ZERO, |sum, (j, a)| sum + a * &x[j.index()]);
        for one in self.columns.iter().rev() {
            let value = one.value(&others);
            others += &one.coefficient * &value;
            x[one.column.index()] = value;
        }
    }

    /// What the row pays for them.
    fn restore_duals<N: Number>(&self, duals: &mut Duals<N>) {
        for one in &self.columns {
            duals.columns[one.column.index()] = -(N::of(&one.coefficient) * duals.rows[self.row.index()].clone());
        }
    }
}

/// The sides of a row while columns go, exactly and as floats.
#[derive(Clone)]
struct Sides {
    exact: [Option<RBig>; 2],
    floats: [f64; 2],
}

impl Sides {
    /// The column as it goes, if the row can do without it: the sides are floats then.
    fn take(&mut self, work: &Work<'_>, (column, coefficient): (VarId, RBig)) -> Option<One> {
        let one = One { column, coefficient, bounds: work.bounds(column), sides: self.exact.clone() };
        let [lower, upper] = one.widened();
        self.floats = [side_of(lower.as_ref(), f64::NEG_INFINITY)?, side_of(upper.as_ref(), f64::INFINITY)?];
        self.exact = [lower, upper];
        Some(one)
    }
}

/// Takes all slack columns out of row `i`, one of which `j` is; true if it did.
pub(super) fn absorb(work: &mut Work<'_>, i: RowId, j: VarId, a: f64) -> Result<bool, Halt> {
    work.spend(1)?;
    let row = work.row(i);
    let mut sides = Sides { exact: work.sides(i), floats: [row.lower, row.upper] };
    // Rows are long: what cannot go is left without a look at the whole of it.
    let asked = (j, work.entry(i, j, a));
    if !work.is_integer(j) && sides.clone().take(work, asked).is_none() {
        return Ok(false);
    }
    work.spend(2 * work.row(i).terms.len())?;
    let is_slack = |j: VarId| work.count(j) == 1 && work.column(j).cost == 0.0 && work.cost(j).is_zero();
    let (slacks, mut others): (Vec<_>, Vec<_>) = work.terms(i).into_iter().partition(|(j, _)| is_slack(*j));
    let (mut whole, slacks): (Vec<_>, Vec<_>) = slacks.into_iter().partition(|(j, _)| work.is_integer(*j));
    let mut columns = Vec::new();
    for (j, a) in slacks {
        work.spend(4)?;
        match sides.take(work, (j, a.clone())) {
            Some(one) => columns.push(one),
            None => others.push((j, a)),
        }
    }
    if others.iter().all(|(j, _)| work.is_integer(*j)) {
        take_whole(work, &mut sides, &mut whole, &others, &mut columns)?;
    }
    if columns.is_empty() {
        return Ok(false);
    }
    others.append(&mut whole);
    others.sort_unstable_by_key(|(j, _)| *j);
    let most = others.iter().map(|(_, a)| bits(a)).max().unwrap_or(0);
    let most = columns.iter().map(|one| work.digits.through(one.column, most + bits(&one.coefficient)));
    let Some(most) = most.collect::<Option<Vec<usize>>>().and_then(|all| all.into_iter().max()) else {
        return Ok(false);
    };
    others.iter().for_each(|(k, _)| work.digits.raise(*k, most));
    work.remove_terms(i, |j| others.binary_search_by_key(&j, |(other, _)| *other).is_err());
    work.set_sides(i, sides.floats);
    columns.iter().for_each(|one| work.remove_column(one.column));
    work.steps.push(Box::new(Slack { row: i, columns, others }));
    Ok(true)
}

/// Takes those of the `whole` slack columns of which all that is left beside them is a multiple.
fn take_whole(
    work: &Work<'_>,
    sides: &mut Sides,
    whole: &mut Vec<(VarId, RBig)>,
    others: &[(VarId, RBig)],
    columns: &mut Vec<One>,
) -> Result<(), Halt> {
    // The greatest last: of the smallest ones the others can be multiples.
    let size = |a: &RBig| if *a < RBig::ZERO { -a } else { a.clone() };
    whole.sort_by_cached_key(|(j, a)| (std::cmp::Reverse(size(a)), *j));
    let mut unit = RBig::ZERO;
    for (_, a) in others {
        work.hear()?;
        unit = common_unit(&unit, a);
    }
    // What stands beside each column and those before it.
    let mut units = Vec::with_capacity(whole.len());
    for (_, a) in whole.iter() {
        work.hear()?;
        let next = common_unit(&unit, a);
        units.push(std::mem::replace(&mut unit, next));
    }
    for unit in units.into_iter().rev() {
        work.hear()?;
        let Some((j, a)) = whole.last().cloned() else { break };
        let is_multiple = |value: &RBig| (value / &a).is_int();
        if !is_multiple(&unit) || !sides.exact.iter().flatten().all(is_multiple) {
            break;
        }
        let Some(one) = sides.take(work, (j, a)) else { break };
        columns.push(one);
        whole.pop();
    }
    Ok(())
}

/// The greatest number of which both are whole multiples.
fn common_unit(a: &RBig, b: &RBig) -> RBig {
    let whole = |a: &RBig, b: &RBig| a.numerator().clone().unsigned_abs() * b.denominator();
    RBig::from_parts(gcd(&whole(a, b), &whole(b, a)).into(), a.denominator() * b.denominator())
}
