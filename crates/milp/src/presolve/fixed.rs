//! Columns that have one value only, taken out of their rows and of the objective.
//!
//! A side from which the values of such columns are subtracted may have more digits than a float says; then the columns of that row
//! stay.

use std::collections::BTreeMap;

use dashu::rational::RBig;

use super::numbers::{is_modest, side_of};
use super::postsolve::{Duals, Inverse, Number};
use super::work::{Halt, Work};
use crate::model::{RowId, VarId};

/// A column with its value, its cost, and where it stood.
#[derive(Clone, Debug)]
struct Fixed {
    column: VarId,
    value: RBig,
    cost: RBig,
    entries: Vec<(RowId, RBig)>,
}

impl Inverse for Fixed {
    fn columns(&self, see: &mut dyn FnMut(VarId)) {
        see(self.column);
    }

    fn restore(&self, x: &mut [RBig]) {
        x[self.column.index()] = self.value.clone();
    }

    /// A column that cannot move may have any reduced cost.
    fn restore_duals<N: Number>(&self, duals: &mut Duals<N>) {
        duals.columns[self.column.index()] = duals.left(&self.cost, &self.entries);
    }
}

/// What goes out of a row: the sum of the terms, and their columns.
#[derive(Default)]
struct Share {
    sum: RBig,
    columns: Vec<VarId>,
}

/// Takes out all columns whose bounds are equal; true if there were any.
pub(super) fn sweep(work: &mut Work<'_>) -> Result<bool, Halt> {
    let (_, columns) = work.left();
    work.spend(columns.len() / 8)?;
    let is_modest = |j: VarId| work.lower(j).is_some_and(|at| is_modest(&at) && is_modest(&(work.cost(j) * at)));
    let fixed: Vec<VarId> = columns.into_iter().filter(|&j| work.model.is_fixed(j) && is_modest(j)).collect();
    let mut shares: BTreeMap<RowId, Share> = BTreeMap::new();
    for &j in &fixed {
        work.spend(1 + work.count(j))?;
        let at = work.lower(j).unwrap_or(RBig::ZERO);
        for (i, a) in work.rows_of(j) {
            let share = shares.entry(i).or_default();
            share.sum += work.entry(i, j, a) * &at;
            share.columns.push(j);
        }
    }
    let mut stays = vec![false; work.model.num_vars()];
    let mut sides = BTreeMap::new();
    // A row that cannot do without its columns keeps them, which may leave another one with part of its own.
    let mut open: Vec<RowId> = shares.keys().copied().collect();
    while let Some(i) = open.pop() {
        work.spend(1)?;
        let share = &shares[&i];
        if share.sum.is_zero() {
            sides.remove(&i);
            continue;
        }
        if let Some(new) = shifted(work, i, &share.sum) {
            sides.insert(i, new);
            continue;
        }
        for j in share.columns.clone() {
            if std::mem::replace(&mut stays[j.index()], true) {
                continue;
            }
            work.spend(work.count(j))?;
            let at = work.lower(j).unwrap_or(RBig::ZERO);
            for (k, a) in work.rows_of(j) {
                let Some(share) = shares.get_mut(&k) else { continue };
                share.sum -= work.entry(k, j, a) * &at;
                if k != i {
                    open.push(k);
                }
            }
        }
        // None of its columns goes.
        sides.remove(&i);
    }
    let out: Vec<VarId> = fixed.into_iter().filter(|j| !stays[j.index()]).collect();
    let all: Vec<_> = out.iter().map(|&j| work.entries(j)).collect();
    for (i, share) in &shares {
        if share.columns.iter().any(|j| !stays[j.index()]) {
            work.remove_terms(*i, |j| share.columns.binary_search(&j).is_ok() && !stays[j.index()]);
        }
        if let Some(new) = sides.get(i) {
            work.set_sides(*i, *new);
        }
    }
    let any = !out.is_empty();
    for (j, entries) in out.into_iter().zip(all) {
        let Some(value) = work.lower(j) else { continue };
        let cost = work.cost(j);
        work.add_constant(&(&cost * &value));
        work.remove_column(j);
        work.steps.push(Box::new(Fixed { column: j, value, cost, entries }));
    }
    Ok(any)
}

fn shifted(work: &Work<'_>, i: RowId, shift: &RBig) -> Option<[f64; 2]> {
    let [lower, upper] = work.sides(i).map(|side| side.map(|side| side - shift));
    Some([side_of(lower.as_ref(), f64::NEG_INFINITY)?, side_of(upper.as_ref(), f64::INFINITY)?])
}
