//! Kinds of linear programs.

use super::{activity, nonzero, pick, row_through, signed, spread, terms};
use crate::draft::{Decimal, Draft, decimal, whole};
use crate::random::Source;

/// Small whole numbers and halves, all sorts of rows and bounds, feasible or not.
pub(super) fn plain(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), offset: signed(source, 3), ..Draft::default() };
    for _ in 0..source.whole(1, 6) {
        let low = signed(source, 4);
        let high = low + whole(source.whole(0, 9) as i128);
        let (lower, upper) = [(Some(low), Some(high)), (Some(low), None), (Some(whole(0)), None)][source.whole(0, 2)];
        draft.column(lower, upper, signed(source, 5) * decimal(5, -1), false);
    }
    for _ in 0..source.whole(0, 6) {
        let terms = terms(source, draft.columns.len(), 2, |source| signed(source, 5));
        let side = signed(source, 12) * decimal(5, -1);
        let (lower, upper) = [(Some(side), Some(side)), (Some(side), None), (None, Some(side))][source.whole(0, 2)];
        draft.row(lower, terms, upper);
    }
    draft
}

/// Costs that differ by twelve orders of magnitude and more, in a box that may be open.
pub(super) fn cost_spread(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let mut point = vec![];
    for j in 0..source.whole(2, 5) {
        let cost = if j % 2 == 0 { spread(source, -6, -4) } else { spread(source, 6, 8) };
        let value = whole(source.whole(0, 10) as i128);
        let upper = [None, Some(whole(10)), Some(decimal(1, 6)), Some(decimal(1, 12))][source.whole(0, 3)];
        draft.column(Some(whole(0)), upper, cost, false);
        point.push(value);
    }
    for _ in 0..source.whole(1, 4) {
        let terms = terms(source, point.len(), 2, |source| nonzero(source, 3));
        row_through(source, &mut draft, terms, &point, true, |source| whole(source.whole(0, 9) as i128));
    }
    draft
}

/// Columns without bounds, rows of unlike scales.
pub(super) fn free_columns(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let mut point = vec![];
    for _ in 0..source.whole(2, 5) {
        let bounded = source.one_in(3);
        let value = signed(source, 9);
        let lower = bounded.then(|| value - whole(source.whole(0, 5) as i128));
        let upper = (bounded && source.one_in(2)).then(|| value + whole(source.whole(0, 5) as i128));
        draft.column(lower, upper, spread(source, 0, 2), false);
        point.push(value);
    }
    for _ in 0..source.whole(2, 7) {
        let scale = source.whole(0, 7) as i32;
        let terms = terms(source, point.len(), 2, |source| nonzero(source, 99) * decimal(1, scale - 3));
        row_through(source, &mut draft, terms, &point, true, |source| spread(source, 0, 2) * spread(source, -1, 0));
    }
    // A slack may be negative above: some of these have no feasible point.
    draft
}

/// As many equations as columns, or one more or less, all coefficients non-zero.
pub(super) fn dense_equations(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let columns = source.whole(2, 5);
    let size = pick(source, &[3, 9, 99, 9999]);
    let point: Vec<Decimal> = (0..columns).map(|_| whole(source.whole(0, 20) as i128)).collect();
    for _ in 0..columns {
        let upper = if source.one_in(2) { None } else { Some(whole(20)) };
        draft.column(Some(whole(0)), upper, signed(source, 20), false);
    }
    for _ in 0..source.whole(1, columns + 1) {
        let terms = terms(source, columns, 1, |source| nonzero(source, size));
        let miss = if source.one_in(6) { decimal(1, -3) } else { whole(0) };
        let side = activity(&terms, &point) + miss;
        draft.row(Some(side), terms, Some(side));
    }
    draft
}

/// Many rows through one vertex, many optimal bases.
pub(super) fn degenerate(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: true, ..Draft::default() };
    let columns = source.whole(3, 6);
    for _ in 0..columns {
        draft.column(Some(whole(0)), None, signed(source, 3), false);
    }
    for _ in 0..source.whole(3, 7) {
        let terms = terms(source, columns, 2, |source| signed(source, 4) * pick(source, &[whole(1), decimal(5, -1)]));
        draft.row(None, terms, Some(whole(0)));
    }
    let all = (0..columns).map(|j| (j, whole(1))).collect();
    if !source.one_in(4) {
        draft.row(None, all, Some(whole(source.whole(0, 2) as i128)));
    }
    draft
}

/// Negative upper bounds, infinite lower ones, single points.
pub(super) fn odd_bounds(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), offset: signed(source, 2), ..Draft::default() };
    let mut point = vec![];
    for _ in 0..source.whole(2, 6) {
        let value = signed(source, 9);
        let room = |source: &mut Source| whole(source.whole(0, 4) as i128) * pick(source, &[whole(1), decimal(1, 8)]);
        let (below, above) = (value - room(source), value + room(source));
        let (lower, upper) = [
            (None, Some(above)),
            (Some(below), None),
            (None, None),
            (Some(below), Some(above)),
            (Some(value), Some(value)),
        ][source.whole(0, 4)];
        draft.column(lower, upper, signed(source, 9), false);
        point.push(value);
    }
    for _ in 0..source.whole(1, 5) {
        let terms = terms(source, point.len(), 2, |source| nonzero(source, 5));
        row_through(source, &mut draft, terms, &point, true, |source| whole(source.whole(0, 9) as i128));
    }
    draft
}

/// Rays along which columns of unlike units move together: `a x = b y`, a and b far apart.
pub(super) fn hidden_rays(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let columns = source.whole(2, 4);
    let unit: Vec<i32> = (0..columns).map(|_| source.whole(0, 12) as i32 - 6).collect();
    for &exponent in &unit {
        let upper = if source.one_in(4) { Some(decimal(1, 7)) } else { None };
        draft.column(Some(whole(0)), upper, signed(source, 9) * decimal(1, exponent), false);
    }
    for _ in 0..source.whole(1, 4) {
        let terms: Vec<_> = terms(source, columns, 2, |source| signed(source, 3))
            .into_iter()
            .map(|(j, a)| (j, a * decimal(1, unit[j])))
            .collect();
        let side = signed(source, 3);
        let (lower, upper) =
            [(Some(side), None), (None, Some(side)), (Some(whole(0)), Some(whole(0)))][source.whole(0, 2)];
        draft.row(lower, terms, upper);
    }
    draft
}

/// Tenths, which no float holds: equations that are satisfied exactly or not at all.
pub(super) fn tenths(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), offset: decimal(1, -1), ..Draft::default() };
    let columns = source.whole(2, 5);
    let point: Vec<Decimal> = (0..columns).map(|_| decimal(source.whole(0, 30) as i128, -1)).collect();
    for value in &point {
        let upper = if source.one_in(2) { Some(*value) } else { Some(decimal(33, -1)) };
        draft.column(Some(whole(0)), upper, signed(source, 30) * decimal(1, -1), false);
    }
    for _ in 0..source.whole(1, 5) {
        let terms = terms(source, columns, 2, |source| nonzero(source, 9) * decimal(1, -1));
        row_through(source, &mut draft, terms, &point, true, |source| decimal(source.whole(0, 9) as i128, -1));
    }
    draft
}

/// Feasible or infeasible by 1e-9 to 1e-13.
pub(super) fn by_a_hair(source: &mut Source) -> Draft {
    let mut draft = Draft::default();
    let columns = source.whole(1, 4);
    let point: Vec<Decimal> = (0..columns).map(|_| decimal(source.whole(0, 40) as i128, -1)).collect();
    for _ in 0..columns {
        draft.column(Some(whole(0)), Some(whole(4)), signed(source, 3), false);
    }
    let terms = terms(source, columns, 1, |source| nonzero(source, 9));
    let value = activity(&terms, &point);
    let hair = decimal(source.whole(1, 9) as i128, -(source.whole(9, 13) as i32));
    let hair = [hair, -hair, whole(0)][source.whole(0, 2)];
    draft.row(Some(value), terms.clone(), None);
    let factor = pick(source, &[whole(1), whole(3), decimal(1, -1)]);
    let scaled = terms.into_iter().map(|(j, a)| (j, a * factor)).collect();
    draft.row(None, scaled, Some(((value + hair) * factor).rounded(15, source.one_in(2))));
    draft
}

/// The same rows and columns again, once in a while a little different.
pub(super) fn duplicates(source: &mut Source) -> Draft {
    let mut draft = plain(source);
    for _ in 0..source.whole(1, 3) {
        let old = source.whole(0, draft.columns.len() - 1);
        let mut column = draft.columns[old].clone();
        if source.one_in(3) {
            column.cost = column.cost + decimal(1, -(source.whole(0, 9) as i32));
        }
        draft.columns.push(column);
        let new = draft.columns.len() - 1;
        for row in &mut draft.rows {
            let entry = row.terms.iter().find(|(j, _)| *j == old).map(|&(_, a)| (new, a));
            row.terms.extend(entry);
        }
    }
    for _ in 0..if draft.rows.is_empty() { 0 } else { source.whole(1, 3) } {
        let mut row = draft.rows[source.whole(0, draft.rows.len() - 1)].clone();
        let factor = pick(source, &[whole(1), whole(2), whole(-1), whole(3)]);
        row.terms.iter_mut().for_each(|(_, a)| *a = *a * factor);
        let shift = if source.one_in(3) { decimal(1, -(source.whole(0, 9) as i32)) } else { whole(0) };
        let side = |side: Option<Decimal>| side.map(|side| side * factor + shift);
        (row.lower, row.upper) = (side(row.lower), side(row.upper));
        if factor == whole(-1) {
            std::mem::swap(&mut row.lower, &mut row.upper);
        }
        draft.rows.push(row);
    }
    draft
}

/// Sides of 1e-8 to 1e-12, which a tolerance would swallow, with large costs on what they leave.
pub(super) fn tiny_sides(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let columns = source.whole(1, 4);
    for _ in 0..columns {
        let upper = pick(source, &[None, Some(whole(1)), Some(decimal(1, -6))]);
        draft.column(Some(whole(0)), upper, spread(source, 0, 9), false);
    }
    for _ in 0..source.whole(1, 4) {
        let terms = terms(source, columns, 2, |source| spread(source, -4, 1));
        let side = spread(source, -12, -8);
        let (lower, upper) = [(Some(side), None), (None, Some(side)), (Some(side), Some(side))][source.whole(0, 2)];
        draft.row(lower, terms, upper);
    }
    draft
}
