//! What a row says of its integer columns: bounds, and coefficients that are larger than they need to be.
//!
//! *Bounds* are rounded to whole numbers and kept; those of continuous columns would only make the relaxation degenerate. *Coefficients*: let
//! `a x + others <= b` be redundant for all but the last value u of a whole column x. Then `(a - d) x + others <= b - d u` with
//! `d = b - greatest(others) - a (u - 1)` has the same whole points, and its relaxation has fewer others. With a column that another row
//! bounds, what that row implies is as good as a bound (the row stays as it is).
//!
//! Reference: Savelsbergh, *Preprocessing and probing techniques for mixed integer programming problems*, ORSA J. Computing 6 (1994),
//! section 1.2.

use dashu::rational::RBig;

use super::implied::implied;
use super::numbers::float_of;
use super::work::{Halt, Work};
use crate::model::{Datum, RowId, VarId};
use crate::number::approximately;
use crate::tolerances::{INTEGER_PROGRESS, PRESOLVE_DOUBT, PRESOLVE_RATIO};

/// Visits a row of two columns or more.
pub(super) fn visit(work: &mut Work<'_>, i: RowId) -> Result<(), Halt> {
    // A look at all of a long row would be one for each of its columns that is fixed.
    if work.has_integers[i.index()] {
        tighten_bounds(work, i)?;
        tighten_coefficients(work, i)?;
    }
    Ok(())
}

/// Whether the room between a row's end and its side leaves part of the range of one of its columns, in floats.
fn leaves_part(work: &Work<'_>, i: RowId, room: f64) -> bool {
    work.row(i).terms.iter().any(|&(j, a)| {
        let var = work.column(j);
        work.is_integer(j) && a.abs() * (var.upper - var.lower) > room * (1.0 - PRESOLVE_DOUBT)
    })
}

fn tighten_bounds(work: &mut Work<'_>, i: RowId) -> Result<(), Halt> {
    work.spend(work.row(i).terms.len())?;
    let [lower, upper] = work.sides(i);
    for (side, is_upper) in [(upper, true), (lower, false)] {
        let Some(side) = side else { continue };
        let activity = work.activity(i)?.clone();
        let end = if is_upper { &activity.least } else { &activity.greatest };
        if end.infinite > 1 || end.infinite == 0 && !leaves_part(work, i, approximately(&(&side - &end.sum)).abs()) {
            continue;
        }
        for (j, a) in work.row(i).terms.clone() {
            if work.is_integer(j) {
                work.hear()?;
                tighten(work, i, (j, a), &side, is_upper, &activity)?;
            }
        }
    }
    Ok(())
}

/// The bound that one side leaves of an integer column, given the ends of the whole row.
fn tighten(
    work: &mut Work<'_>,
    i: RowId,
    (j, a): (VarId, f64),
    side: &RBig,
    is_upper: bool,
    activity: &super::activity::Activity,
) -> Result<(), Halt> {
    let [lower, upper] = work.bounds(j);
    let exact = work.entry(i, j, a);
    // Bounds may have moved since the ends were summed up; that of this column's own term has not, if it is finite.
    let [least, greatest] = activity.without(&exact, lower.as_ref(), upper.as_ref());
    let Some(rest) = (if is_upper { &least } else { &greatest }).value() else { return Ok(()) };
    let limit = (side - rest) / exact;
    let gives_upper = (a > 0.0) == is_upper;
    let limit: RBig = if gives_upper { limit.floor().into() } else { limit.ceil().into() };
    let old = if gives_upper { &upper } else { &lower };
    let other = if gives_upper { &lower } else { &upper };
    let moves = old.as_ref().is_none_or(|old| if gives_upper { limit < *old } else { limit > *old });
    if !moves {
        return Ok(());
    }
    if other.as_ref().is_some_and(|other| if gives_upper { limit < *other } else { limit > *other }) {
        return Err(Halt::Infeasible);
    }
    let is_progress = match (&lower, &upper) {
        (Some(lower), Some(upper)) => {
            let old = old.clone().unwrap_or(RBig::ZERO);
            approximately(&(&old - &limit)).abs() >= INTEGER_PROGRESS * approximately(&(upper - lower))
        }
        _ => true,
    };
    if let Some(bound) = float_of(&limit).filter(|_| is_progress) {
        work.set_bound(if gives_upper { Datum::Upper(j) } else { Datum::Lower(j) }, bound);
    }
    Ok(())
}

fn tighten_coefficients(work: &mut Work<'_>, i: RowId) -> Result<(), Halt> {
    let is_upper = match work.sides(i) {
        [None, Some(_)] => true,
        [Some(_), None] => false,
        _ => return Ok(()),
    };
    work.spend(work.row(i).terms.len())?;
    let Some(excess) = excess(work, i, is_upper)? else { return Ok(()) };
    if excess <= RBig::ZERO {
        return Ok(());
    }
    // In terms of `others <= side`: the row turned if its side is the lower one.
    let turn = if is_upper { RBig::ONE } else { -RBig::ONE };
    let side = if is_upper { work.row_upper(i) } else { work.row_lower(i) };
    let Some(mut side) = side.map(|side| side * &turn) else { return Ok(()) };
    let Some(small) = float_of(&excess) else { return Ok(()) };
    let least = work.row(i).terms.iter().fold(f64::INFINITY, |least, (_, a)| least.min(a.abs()));
    if small < PRESOLVE_RATIO.0 * least {
        return Ok(());
    }
    let mut entries = Vec::new();
    for (j, a) in work.row(i).terms.clone() {
        if !work.is_integer(j) || a.abs() <= small {
            continue;
        }
        work.hear()?;
        let a = work.entry(i, j, a) * &turn;
        let [lower, upper] = work.bounds(j);
        let is_positive = a > RBig::ZERO;
        let Some(end) = (if is_positive { upper } else { lower }) else { continue };
        let new = if is_positive { excess.clone() } else { -&excess };
        side -= (a - &new) * end;
        entries.push((j, if is_positive == is_upper { small } else { -small }));
    }
    if entries.is_empty() {
        return Ok(());
    }
    let Some(float) = float_of(&(side * &turn)) else { return Ok(()) };
    work.set_entries(i, entries);
    work.set_side(if is_upper { Datum::RowUpper(i) } else { Datum::RowLower(i) }, float);
    Ok(())
}

/// By how much the row's end exceeds its one side: what a coefficient needs to be at most. `None` if it has no end.
fn excess(work: &mut Work<'_>, i: RowId, is_upper: bool) -> Result<Option<RBig>, Halt> {
    let activity = work.activity(i)?.clone();
    let end = if is_upper { activity.greatest } else { activity.least };
    let side = if is_upper { work.row_upper(i) } else { work.row_lower(i) };
    let Some(side) = side else { return Ok(None) };
    let mut sum = end.sum;
    let mut infinite = end.infinite;
    let short = work.implying_entries;
    if work.row(i).terms.len() <= short {
        for (j, a) in work.row(i).terms.clone() {
            let wants_upper = (a > 0.0) == is_upper;
            if work.is_integer(j) || work.count(j) > short {
                continue;
            }
            let Some(bound) = implied(work, j, wants_upper, i)? else { continue };
            let a = work.entry(i, j, a);
            let stated = if wants_upper { work.upper(j) } else { work.lower(j) };
            match stated {
                None => {
                    sum += a * bound;
                    infinite -= 1;
                }
                Some(stated) if if wants_upper { bound < stated } else { bound > stated } => {
                    sum += a * (bound - stated)
                }
                Some(_) => {}
            }
        }
    }
    if infinite > 0 {
        return Ok(None);
    }
    Ok(Some(if is_upper { sum - side } else { side - sum }))
}
