//! What a row alone says: nothing (empty and redundant rows), that there is no point, one value for each of its columns (forcing rows), or a
//! bound (rows of a single column).
//!
//! None of them loses a point; what is to be taken back are duals.

use dashu::rational::RBig;

use super::numbers::float_of;
use super::postsolve::{Duals, Inverse, Number};
use super::work::{Halt, Work};
use crate::model::{Datum, RowId, VarId};

/// A row that became a bound of its column.
#[derive(Clone, Debug)]
struct Bounding {
    row: RowId,
    column: VarId,
    coefficient: RBig,
    /// Whether the lower and the upper bound are the row's.
    moved: [bool; 2],
}

impl Inverse for Bounding {
    /// Where the bound binds that was the row's, the row does.
    fn restore_duals<N: Number>(&self, duals: &mut Duals<N>) {
        if let Some(reduced) = duals.take(self.column, self.moved) {
            duals.rows[self.row.index()] = reduced / N::of(&self.coefficient);
        }
    }
}

/// A row that held all of its columns at one of its ends.
#[derive(Clone, Debug)]
struct Forcing {
    row: RowId,
    terms: Vec<(VarId, RBig)>,
    at_least: bool,
}

impl Inverse for Forcing {
    /// The row takes from its columns what they would not pay at their bounds.
    fn restore_duals<N: Number>(&self, duals: &mut Duals<N>) {
        let mut dual = N::default();
        for (j, a) in &self.terms {
            let ratio = duals.columns[j.index()].clone() / N::of(a);
            if if self.at_least { ratio < dual } else { ratio > dual } {
                dual = ratio;
            }
        }
        for (j, a) in &self.terms {
            let reduced = &mut duals.columns[j.index()];
            *reduced = std::mem::take(reduced) - N::of(a) * dual.clone();
        }
        duals.rows[self.row.index()] = dual;
    }
}

/// Whether the row is left as it is.
pub(super) fn visit(work: &mut Work<'_>, i: RowId) -> Result<bool, Halt> {
    work.spend(1)?;
    let [lower, upper] = work.sides(i);
    if lower.is_none() && upper.is_none() {
        work.remove_row(i);
        return Ok(false);
    }
    let activity = work.activity(i)?;
    let (least, greatest) = (activity.least.value(), activity.greatest.value());
    let above = |a: Option<&RBig>, b: Option<&RBig>| a.zip(b).is_some_and(|(a, b)| a > b);
    let reaches = |a: Option<&RBig>, b: Option<&RBig>| a.zip(b).is_some_and(|(a, b)| a >= b);
    if above(least, upper.as_ref()) || above(lower.as_ref(), greatest) || above(lower.as_ref(), upper.as_ref()) {
        return Err(Halt::Infeasible);
    }
    let holds_lower = lower.is_none() || reaches(least, lower.as_ref());
    let holds_upper = upper.is_none() || reaches(upper.as_ref(), greatest);
    if holds_lower && holds_upper {
        work.remove_row(i);
        return Ok(false);
    }
    let forces = [reaches(least, upper.as_ref()), reaches(lower.as_ref(), greatest)];
    if forces[0] || forces[1] {
        force(work, i, forces[0])?;
        return Ok(false);
    }
    if holds_lower && lower.is_some() {
        work.set_side(Datum::RowLower(i), f64::NEG_INFINITY);
    }
    if holds_upper && upper.is_some() {
        work.set_side(Datum::RowUpper(i), f64::INFINITY);
    }
    match work.row(i).terms[..] {
        [(j, a)] => Ok(!bound(work, i, j, a)),
        _ => Ok(true),
    }
}

/// The row holds with all columns at the bounds of its least (or greatest) value alone.
fn force(work: &mut Work<'_>, i: RowId, at_least: bool) -> Result<(), Halt> {
    if work.has_duals {
        work.steps.push(Box::new(Forcing { row: i, terms: work.terms(i), at_least }));
    }
    for (j, a) in work.row(i).terms.clone() {
        work.hear()?;
        work.fix_at(if (a > 0.0) == at_least { Datum::Lower(j) } else { Datum::Upper(j) });
    }
    work.remove_row(i);
    Ok(())
}

/// Makes bounds of the sides of a row over one column; false if they are no floats.
fn bound(work: &mut Work<'_>, i: RowId, j: VarId, a: f64) -> bool {
    let a = work.entry(i, j, a);
    let [lower, upper] = work.sides(i).map(|side| side.map(|side| side / &a));
    let (lower, upper) = if a > RBig::ZERO { (lower, upper) } else { (upper, lower) };
    let [lower, upper] = work.whole(j, [lower, upper]);
    let news = |new: Option<RBig>, old: Option<RBig>, is_news: fn(&RBig, &RBig) -> bool| {
        new.filter(|new| old.is_none_or(|old| is_news(new, &old)))
    };
    let lower = news(lower, work.lower(j), |new, old| new > old);
    let upper = news(upper, work.upper(j), |new, old| new < old);
    let floats = [&lower, &upper].map(|bound| bound.as_ref().map(float_of));
    if floats.contains(&Some(None)) {
        return false;
    }
    if work.has_duals {
        let moved = floats.map(|float| float.is_some());
        work.steps.push(Box::new(Bounding { row: i, column: j, coefficient: a, moved }));
    }
    for (float, datum) in floats.into_iter().zip([Datum::Lower(j), Datum::Upper(j)]) {
        if let Some(Some(float)) = float {
            work.set_bound(datum, float);
        }
    }
    work.remove_row(i);
    true
}
