//! Columns that are multiples of others, the cost included: `x + r y` is a column like any other, and its value is handed out afterwards.
//! Of equal columns the dearer one stays at its bound where the cheaper one can do all that it does.

use std::collections::BTreeMap;

use dashu::rational::RBig;

use super::numbers::{bits, side_of};
use super::parallel_rows::fold;
use super::postsolve::{Duals, Inverse, Number};
use super::work::{Halt, Work};
use crate::model::{Datum, RowId, VarId};
use crate::tolerances::PRESOLVE_DOUBT;

/// `kept + ratio * gone` stands in the place of `kept`.
#[derive(Clone, Debug)]
struct Merged {
    kept: VarId,
    gone: VarId,
    ratio: RBig,
    kept_bounds: [Option<RBig>; 2],
    gone_bounds: [Option<RBig>; 2],
}

impl Inverse for Merged {
    fn columns(&self, see: &mut dyn FnMut(VarId)) {
        see(self.kept);
        see(self.gone);
    }

    /// The column that went takes the value nearest to zero that leaves the other one within its bounds.
    fn restore(&self, x: &mut [RBig]) {
        let sum = x[self.kept.index()].clone();
        let [low, high] = self.kept_bounds.clone().map(|bound| bound.map(|bound| (&sum - bound) / &self.ratio));
        let (low, high) = if self.ratio > RBig::ZERO { (high, low) } else { (low, high) };
        let [least, most] = self.gone_bounds.clone();
        let least = [low, least].into_iter().flatten().max();
        let most = [high, most].into_iter().flatten().min();
        let above = least.map_or(RBig::ZERO, |least| least.max(RBig::ZERO));
        let value = most.map_or(above.clone(), |most| most.min(above));
        x[self.kept.index()] = sum - &self.ratio * &value;
        x[self.gone.index()] = value;
    }

    /// A multiple of a column has that multiple of its reduced cost.
    fn restore_duals<N: Number>(&self, duals: &mut Duals<N>) {
        duals.columns[self.gone.index()] = N::of(&self.ratio) * duals.columns[self.kept.index()].clone();
    }

    /// The sum at a point.
    fn carry(&self, x: &mut [f64]) {
        let gone = std::mem::take(&mut x[self.gone.index()]);
        x[self.kept.index()] += crate::number::approximately(&self.ratio) * gone;
    }
}

/// A column that stays at its lower bound because another one, equal to it, does what it would; nothing is to be restored.
#[derive(Clone, Debug)]
struct Outdone {
    dear: VarId,
    cheap: VarId,
    /// The lower bound of the dear one.
    rest: f64,
}

impl Inverse for Outdone {
    /// What the dear one does at a point is done by the other one.
    fn carry(&self, x: &mut [f64]) {
        x[self.cheap.index()] += x[self.dear.index()] - self.rest;
    }
}

/// Merges columns; true if there were any.
pub(super) fn merge(work: &mut Work<'_>) -> Result<bool, Halt> {
    let (rows, columns) = work.left();
    let n = work.model.num_vars();
    let (mut hashes, mut firsts) = (vec![0_u64; n], vec![0.0; n]);
    for i in rows {
        work.spend(1 + work.row(i).terms.len() / 4)?;
        for &(j, a) in &work.row(i).terms {
            let first = &mut firsts[j.index()];
            *first = if *first == 0.0 { a } else { *first };
            hashes[j.index()] = fold(hashes[j.index()], i.0, a / *first);
        }
    }
    let mut known: BTreeMap<(u64, bool), VarId> = BTreeMap::new();
    let (mut any, mut dominated) = (false, Vec::new());
    for j in columns {
        work.spend(1)?;
        let key = (hashes[j.index()], work.is_integer(j));
        if firsts[j.index()] == 0.0 || work.model.is_fixed(j) {
            continue;
        }
        let Some(&other) = known.get(&key) else {
            known.insert(key, j);
            continue;
        };
        let multiple = firsts[j.index()] / firsts[other.index()];
        if multiple != 1.0 && !is_near(work.column(j).cost, multiple * work.column(other).cost) {
            continue;
        }
        work.spend(4 * work.count(j))?;
        let Some(ratio) = ratio(work, j, other) else { continue };
        match outdone(work, j, other, &ratio)? {
            Some(dear) => {
                let cheap = if dear == j { other } else { j };
                let rest = work.column(dear).lower;
                work.steps.push(Box::new(Outdone { dear, cheap, rest }));
                dominated.push(dear);
                known.insert(key, cheap);
            }
            None => any |= join(work, j, other, ratio)?,
        }
    }
    // What rows say of the others does not depend on columns that stay at the end where they count least.
    any |= !dominated.is_empty();
    dominated.into_iter().for_each(|j| work.fix_at(Datum::Lower(j)));
    Ok(any)
}

/// Whether floats leave it open if two costs are the same.
fn is_near(a: f64, b: f64) -> bool {
    (a - b).abs() <= PRESOLVE_DOUBT * a.abs().max(b.abs())
}

/// By what a column is the other one in all rows.
fn ratio(work: &Work<'_>, j: VarId, other: VarId) -> Option<RBig> {
    let sorted = |j: VarId| {
        let mut entries: Vec<(RowId, RBig)> = work.rows_of(j).map(|(i, a)| (i, work.entry(i, j, a))).collect();
        entries.sort_by_key(|(i, _)| *i);
        entries
    };
    let (entries, others) = (sorted(j), sorted(other));
    let (first, first_other) = (&entries.first()?.1, &others.first()?.1);
    let is_multiple = entries.len() == others.len()
        && entries.iter().zip(&others).all(|((i, a), (k, b))| i == k && a * first_other == b * first);
    is_multiple.then(|| first / first_other)
}

/// Of two columns with equal entries the one that is no cheaper and that the other can always stand in for.
fn outdone(work: &mut Work<'_>, j: VarId, other: VarId, ratio: &RBig) -> Result<Option<VarId>, Halt> {
    if !ratio.is_one() {
        return Ok(None);
    }
    let (dear, cheap) = if work.cost(j) < work.cost(other) { (other, j) } else { (j, other) };
    if work.lower(dear).is_none() {
        return Ok(None);
    }
    let stands_in = work.upper(cheap).is_none() || exclude_each_other(work, dear, cheap)?;
    Ok(stands_in.then_some(dear))
}

/// Whether both are binary and a row lets only one of them be 1.
fn exclude_each_other(work: &mut Work<'_>, j: VarId, other: VarId) -> Result<bool, Halt> {
    let is_binary = |work: &Work<'_>, j: VarId| {
        let var = work.column(j);
        work.is_integer(j) && var.lower == 0.0 && var.upper == 1.0
    };
    if !is_binary(work, j) || !is_binary(work, other) {
        return Ok(false);
    }
    let rows: Vec<(RowId, f64)> = work.rows_of(j).collect();
    for (i, a) in rows {
        work.spend(1)?;
        let a = work.entry(i, j, a);
        let [lower, upper] = work.sides(i);
        let activity = work.activity(i)?;
        // Both are 0 in the end of the row that their coefficient is away from.
        let (end, side) = if a > RBig::ZERO { (&activity.least, upper) } else { (&activity.greatest, lower) };
        let Some((end, side)) = end.value().zip(side) else { continue };
        let both = end + &a * RBig::from(2);
        if if a > RBig::ZERO { both > side } else { both < side } {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes column `j`, which is `ratio` times `other`, into that.
fn join(work: &mut Work<'_>, j: VarId, other: VarId, ratio: RBig) -> Result<bool, Halt> {
    let is_unit = ratio.is_one() || (-&ratio).is_one();
    if work.cost(j) != work.cost(other) * &ratio || work.is_integer(j) && !is_unit {
        return Ok(false);
    }
    let (kept_bounds, gone_bounds) = (work.bounds(other), work.bounds(j));
    let [low, high] = gone_bounds.clone().map(|bound| bound.map(|bound| bound * &ratio));
    let (low, high) = if ratio > RBig::ZERO { (low, high) } else { (high, low) };
    let sum = |a: &Option<RBig>, b: Option<RBig>| Some(a.as_ref()? + b?);
    let lower = side_of(sum(&kept_bounds[0], low).as_ref(), f64::NEG_INFINITY);
    let upper = side_of(sum(&kept_bounds[1], high).as_ref(), f64::INFINITY);
    let (Some(lower), Some(upper), Some(most)) = (lower, upper, work.digits.through(j, bits(&ratio))) else {
        return Ok(false);
    };
    work.digits.raise(other, most);
    work.set_bounds(other, [lower, upper]);
    // The sweep takes it.
    work.set_bounds(j, [0.0; 2]);
    work.steps.push(Box::new(Merged { kept: other, gone: j, ratio, kept_bounds, gone_bounds }));
    Ok(true)
}
