//! The bound of a column that one of its rows implies, with the bounds that the model states for the others.
//!
//! It holds as long as that row and these bounds do: whoever leans on it while changing another row loses nothing.

use dashu::rational::RBig;

use super::work::{Halt, Work};
use crate::model::{RowId, VarId};

/// The best upper (or lower) bound of column `j` that a row other than `except` implies.
pub(super) fn implied(work: &mut Work<'_>, j: VarId, is_upper: bool, except: RowId) -> Result<Option<RBig>, Halt> {
    let rows: Vec<(RowId, f64)> = work.rows_of(j).filter(|(i, _)| *i != except).collect();
    work.spend(rows.len())?;
    let mut best: Option<RBig> = None;
    for (i, a) in rows {
        // The side that keeps `a x` from growing in the direction asked for.
        let by_upper = (a > 0.0) == is_upper;
        let row = work.row(i);
        if (if by_upper { row.upper } else { row.lower }).is_infinite() {
            continue;
        }
        let a = work.entry(i, j, a);
        let [least, greatest] = work.rest(i, j, &a)?;
        let rest = if by_upper { least } else { greatest };
        let side = if by_upper { work.row_upper(i) } else { work.row_lower(i) };
        let Some(limit) = side.zip(rest.value()).map(|(side, rest)| (side - rest) / &a) else { continue };
        let is_better = best.as_ref().is_none_or(|best| if is_upper { limit < *best } else { limit > *best });
        if is_better {
            best = Some(limit);
        }
    }
    Ok(best)
}
