//! Rows that are multiples of others: one of them with the sides of both is enough.

use std::collections::BTreeMap;

use dashu::rational::RBig;

use super::numbers::side_of;
use super::postsolve::{Duals, Inverse, Number};
use super::work::{Halt, Work};
use crate::model::{Datum, RowId, VarId};

/// A row that was a multiple of another one, which has its sides now.
#[derive(Clone, Debug)]
struct Doubled {
    row: RowId,
    other: RowId,
    multiple: RBig,
    /// Whether the lower and the upper side of the other one are those of the row.
    moved: [bool; 2],
}

impl Inverse for Doubled {
    /// The row whose side binds has the dual.
    fn restore_duals<N: Number>(&self, duals: &mut Duals<N>) {
        if let Some(dual) = duals.take_row(self.other, self.moved) {
            duals.rows[self.row.index()] = dual / N::of(&self.multiple);
        }
    }
}

/// Folds a coefficient, as a multiple of the first one, into a hash.
pub(super) fn fold(hash: u64, place: u32, multiple: f64) -> u64 {
    let mixed = (hash ^ u64::from(place)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed ^ mixed >> 29) ^ multiple.to_bits()).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

/// Merges rows; true if there were any.
pub(super) fn merge(work: &mut Work<'_>) -> Result<bool, Halt> {
    let (rows, _) = work.left();
    let mut known: BTreeMap<u64, RowId> = BTreeMap::new();
    let mut any = false;
    for i in rows {
        work.spend(1 + work.row(i).terms.len() / 4)?;
        let terms = &work.row(i).terms;
        let Some(&(_, first)) = terms.first() else { continue };
        let hash = terms.iter().fold(terms.len() as u64, |hash, &(j, a)| fold(hash, j.0, a / first));
        let Some(&other) = known.get(&hash) else {
            known.insert(hash, i);
            continue;
        };
        work.spend(work.row(i).terms.len())?;
        if let Some(multiple) = multiple(work, i, other)? {
            any |= join(work, i, other, &multiple)?;
        }
    }
    Ok(any)
}

/// By what a row is the other one.
fn multiple(work: &Work<'_>, i: RowId, other: RowId) -> Result<Option<RBig>, Halt> {
    let (terms, others) = (&work.row(i).terms, &work.row(other).terms);
    let first = |i: RowId, terms: &[(VarId, f64)]| terms.first().map(|&(j, a)| work.entry(i, j, a));
    let Some((first, first_other)) = first(i, terms).zip(first(other, others)) else { return Ok(None) };
    if terms.len() != others.len() {
        return Ok(None);
    }
    for (&(j, a), &(k, b)) in terms.iter().zip(others) {
        work.hear()?;
        if j != k || work.entry(i, j, a) * &first_other != work.entry(other, k, b) * &first {
            return Ok(None);
        }
    }
    Ok(Some(first / first_other))
}

/// Takes row `i`, which is `multiple` times `other`, into that; false if its sides are no floats there.
fn join(work: &mut Work<'_>, i: RowId, other: RowId, multiple: &RBig) -> Result<bool, Halt> {
    let [lower, upper] = work.sides(i).map(|side| side.map(|side| side / multiple));
    let (lower, upper) = if *multiple > RBig::ZERO { (lower, upper) } else { (upper, lower) };
    let [old_lower, old_upper] = work.sides(other);
    let lower = [lower, old_lower.clone()].into_iter().flatten().max();
    let upper = [upper, old_upper.clone()].into_iter().flatten().min();
    if lower.as_ref().zip(upper.as_ref()).is_some_and(|(lower, upper)| lower > upper) {
        return Err(Halt::Infeasible);
    }
    // What stays as it is need not be the decimal of a float.
    let row = work.row(other);
    let float = |new: &Option<RBig>, old: &Option<RBig>, stated: f64, infinite: f64| {
        if new == old { Some((stated, false)) } else { side_of(new.as_ref(), infinite).map(|side| (side, true)) }
    };
    let sides =
        [float(&lower, &old_lower, row.lower, f64::NEG_INFINITY), float(&upper, &old_upper, row.upper, f64::INFINITY)];
    let [Some((lower, new_lower)), Some((upper, new_upper))] = sides else { return Ok(false) };
    if work.has_duals {
        let (multiple, moved) = (multiple.clone(), [new_lower, new_upper]);
        work.steps.push(Box::new(Doubled { row: i, other, multiple, moved }));
    }
    work.remove_row(i);
    if new_lower {
        work.set_side(Datum::RowLower(other), lower);
    }
    if new_upper {
        work.set_side(Datum::RowUpper(other), upper);
    }
    Ok(true)
}
