//! Columns that have one value only, taken out of their rows and of the objective.
//!
//! A side from which the values of such columns are subtracted may have more digits than a float says; then the columns of that row
//! stay.

use dashu::rational::RBig;

use super::postsolve::{Duals, Inverse, Number};
use super::work::{Halt, Work, side_of};
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
    fn restore(&self, x: &mut [RBig]) {
        x[self.column.index()] = self.value.clone();
    }

    /// A column that cannot move may have any reduced cost.
    fn restore_duals<N: Number>(&self, duals: &mut Duals<N>) {
        duals.columns[self.column.index()] = duals.left(&self.cost, &self.entries);
    }
}

/// Takes out all columns whose bounds are equal; true if there were any.
pub(super) fn sweep(work: &mut Work<'_>) -> Result<bool, Halt> {
    let (rows, columns) = work.left();
    work.spend(columns.len())?;
    let mut is_out = vec![false; work.model.num_vars()];
    let is_modest =
        |j: VarId| work.lower(j).is_some_and(|at| Work::is_modest(&at) && Work::is_modest(&(work.cost(j) * at)));
    let fixed: Vec<VarId> = columns.into_iter().filter(|&j| work.model.is_fixed(j) && is_modest(j)).collect();
    fixed.iter().for_each(|j| is_out[j.index()] = true);
    if fixed.is_empty() {
        return Ok(false);
    }
    // A row that cannot do without its columns keeps them, which may leave another one with part of its own.
    let mut sides: Vec<(RowId, Option<[f64; 2]>)> = Vec::new();
    loop {
        sides.clear();
        let mut is_settled = true;
        for &i in &rows {
            work.spend(work.row(i).terms.len())?;
            let shift = shift(work, i, &is_out);
            let Some(shift) = shift else { continue };
            if shift.is_zero() {
                sides.push((i, None));
                continue;
            }
            match shifted(work, i, &shift) {
                Some(new) => sides.push((i, Some(new))),
                None => {
                    is_settled = false;
                    work.row(i).terms.iter().for_each(|(j, _)| is_out[j.index()] = false);
                }
            }
        }
        if is_settled {
            break;
        }
    }
    let all: Vec<_> = fixed.iter().map(|&j| work.entries(j)).collect();
    for (i, new) in sides {
        work.remove_terms(i, |j| is_out[j.index()]);
        if let Some(new) = new {
            work.set_sides(i, new);
        }
    }
    let mut any = false;
    for (j, entries) in fixed.into_iter().zip(all).filter(|(j, _)| is_out[j.index()]) {
        let Some(value) = work.lower(j) else { continue };
        let cost = work.cost(j);
        work.add_constant(&(&cost * &value));
        work.remove_column(j);
        work.steps.push(Box::new(Fixed { column: j, value, cost, entries }));
        any = true;
    }
    Ok(any)
}

/// What the columns that go out add up to in a row; `None` if there are none.
fn shift(work: &Work<'_>, i: RowId, is_out: &[bool]) -> Option<RBig> {
    let terms = work.row(i).terms.iter().filter(|(j, _)| is_out[j.index()]);
    let values = terms.map(|&(j, a)| work.entry(i, j, a) * work.lower(j).unwrap_or(RBig::ZERO));
    values.reduce(|sum, term| sum + term)
}

fn shifted(work: &Work<'_>, i: RowId, shift: &RBig) -> Option<[f64; 2]> {
    let [lower, upper] = work.sides(i).map(|side| side.map(|side| side - shift));
    Some([side_of(lower.as_ref(), f64::NEG_INFINITY)?, side_of(upper.as_ref(), f64::INFINITY)?])
}
