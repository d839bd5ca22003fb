//! Kinds of models whose columns are all whole.

use super::{activity, nonzero, pick, row_through, signed, terms};
use crate::draft::{Decimal, Draft, decimal, whole};
use crate::random::Source;

/// Small whole numbers in boxes.
pub(super) fn plain(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), offset: signed(source, 3), ..Draft::default() };
    for _ in 0..source.whole(1, 5) {
        let low = signed(source, 3);
        let high = low + whole(source.whole(0, 5) as i128);
        draft.column(Some(low), Some(high), signed(source, 9), true);
    }
    for _ in 0..source.whole(0, 4) {
        let terms = terms(source, draft.columns.len(), 2, |source| signed(source, 6));
        let side = signed(source, 9);
        let width = whole(source.whole(0, 3) as i128);
        let (lower, upper) =
            [(Some(side), Some(side)), (Some(side), None), (None, Some(side)), (Some(side), Some(side + width))]
                [source.whole(0, 3)];
        draft.row(lower, terms, upper);
    }
    draft
}

/// Sides and coefficients of 9 to 15 digits.
pub(super) fn huge_numbers(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let magnitude = source.whole(9, 15) as u32;
    let size = 10_i128.pow(magnitude);
    let huge = |source: &mut Source| whole(size * source.whole(1, 9) as i128 / 9 + source.whole(0, 9) as i128);
    let mut point = vec![];
    for j in 0..source.whole(1, 4) {
        let binary = j > 0 && source.one_in(2);
        let value = if binary { whole(source.whole(0, 1) as i128) } else { huge(source) };
        let upper = if binary { Some(whole(1)) } else { pick(source, &[None, Some(decimal(1, magnitude as i32))]) };
        draft.column(Some(whole(0)), upper, signed(source, 9), true);
        point.push(if upper.is_some() && !binary { whole(source.whole(0, 999) as i128) } else { value });
    }
    for _ in 0..source.whole(1, 3) {
        let binary = |j: usize| draft.columns[j].upper == Some(whole(1));
        let mut terms = terms(source, point.len(), 2, |source| nonzero(source, 9));
        for (j, a) in &mut terms {
            if binary(*j) && source.one_in(2) {
                *a = *a * huge(source);
            }
        }
        row_through(source, &mut draft, terms, &point, true, |source| whole(source.whole(0, 9) as i128));
    }
    if source.one_in(3) {
        // The planted point may be lost by a unit.
        let last = draft.rows.last_mut().expect("a row");
        last.lower = last.lower.map(|side| side + whole(1));
        last.upper = last.upper.map(|side| side + whole(1));
    }
    draft
}

/// Numbers of 16 to 19 digits, of which floats hold some and merge others.
pub(super) fn beyond_floats(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let base = (1_i128 << source.whole(52, 62)) + source.whole(0, 5) as i128 - 2;
    let upper = if source.one_in(2) { Some(whole(base)) } else { None };
    let x = draft.column(Some(whole(0)), upper, nonzero(source, 3), true);
    let y = draft.column(Some(whole(0)), Some(whole(source.whole(1, 9) as i128)), nonzero(source, 9), true);
    let a = whole(source.whole(1, 3) as i128);
    let small = nonzero(source, 5);
    let b = pick(source, &[small, whole(base - 1)]);
    let side = whole(base + source.whole(0, 4) as i128 - 2);
    let (lower, upper) = [(Some(side), Some(side)), (Some(side), None), (None, Some(side))][source.whole(0, 2)];
    draft.row(lower, vec![(x, a), (y, b)], upper);
    draft
}

/// Equations that a common divisor decides, over bounded and unbounded columns.
pub(super) fn parity(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let divisor = source.whole(2, 7) as i128;
    let columns = source.whole(2, 4);
    let kinds: [(Option<Decimal>, Option<Decimal>); 4] = [
        (Some(whole(0)), None),
        (None, None),
        (Some(decimal(-1, 8)), Some(decimal(1, 8))),
        (Some(whole(0)), Some(whole(9))),
    ];
    for _ in 0..columns {
        let (lower, upper) = pick(source, &kinds);
        draft.column(lower, upper, signed(source, 2), true);
    }
    let terms = terms(source, columns, 1, |source| nonzero(source, 6) * whole(divisor));
    let rest = if source.one_in(2) { source.whole(1, divisor as usize - 1) as i128 } else { 0 };
    let side = whole(divisor * source.whole(0, 40) as i128 + rest);
    let width = whole(if source.one_in(4) { 1 } else { 0 });
    draft.row(Some(side), terms, Some(side + width));
    draft
}

/// An even number of binaries, doubled, has no odd sum; neither has one with an even surplus.
pub(super) fn odd_binaries(source: &mut Source) -> Draft {
    let mut draft = Draft::default();
    let columns = source.whole(3, 41);
    let factor = whole(source.whole(2, 3) as i128);
    for _ in 0..columns {
        draft.binary(signed(source, 1));
    }
    let mut terms: Vec<_> = (0..columns).map(|j| (j, factor)).collect();
    if source.one_in(3) {
        let slack = draft.column(Some(whole(0)), pick(source, &[None, Some(whole(9))]), whole(0), true);
        terms.push((slack, whole(-2) * factor));
    }
    let side = factor * whole((columns / 2) as i128) + whole(i128::from(!source.one_in(4)));
    draft.row(Some(side), terms, Some(side));
    draft
}

/// A knapsack beside a constant, or a column that is as good as one, of 1e6 to 1e12.
pub(super) fn offset(source: &mut Source) -> Draft {
    let mut draft = knapsack_of(source, 60);
    let large = decimal(1, source.whole(6, 12) as i32);
    if source.one_in(2) {
        draft.offset = large;
    } else {
        let x = draft.column(Some(whole(0)), Some(whole(1)), if draft.maximise { large } else { -large }, true);
        draft.row(None, vec![(x, whole(1))], Some(whole(1)));
    }
    draft
}

/// Fixed columns with costs that dwarf all others.
pub(super) fn fixed_costs(source: &mut Source) -> Draft {
    let mut draft = if source.one_in(2) { knapsack_of(source, 20) } else { plain(source) };
    for _ in 0..source.whole(1, 2) {
        let value = nonzero(source, 3);
        let fixed =
            draft.column(Some(value), Some(value), nonzero(source, 9) * decimal(1, source.whole(8, 12) as i32), true);
        if source.one_in(2) && !draft.rows.is_empty() {
            let i = source.whole(0, draft.rows.len() - 1);
            let row = &mut draft.rows[i];
            row.terms.push((fixed, whole(2)));
            row.lower = row.lower.map(|side| side + whole(2) * value);
            row.upper = row.upper.map(|side| side + whole(2) * value);
        }
    }
    draft
}

/// `x_i - x_j >= 1` along paths and cycles, columns mostly without upper bounds.
pub(super) fn order_cycles(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(4), ..Draft::default() };
    let columns = source.whole(2, 6);
    for _ in 0..columns {
        let upper = pick(source, &[None, None, Some(decimal(1, 6)), Some(whole(4))]);
        draft.column(Some(whole(0)), upper, signed(source, 3), true);
    }
    for _ in 0..source.whole(2, columns + 2) {
        let (i, j) = (source.whole(0, columns - 1), source.whole(0, columns - 1));
        if i != j {
            let factor = pick(source, &[whole(1), whole(1), whole(2)]);
            let side = pick(source, &[whole(1), whole(1), whole(0), whole(-1)]);
            draft.row(Some(side), vec![(i, factor), (j, -factor)], None);
        }
    }
    draft
}

/// Knapsacks with coefficients up to a million, one or two rows, once in a while an equation.
pub(super) fn knapsack(source: &mut Source) -> Draft {
    let size = pick(source, &[1000, 100_000, 1_000_000]);
    let mut draft = knapsack_of(source, size);
    if source.one_in(3) {
        let point: Vec<Decimal> = draft.columns.iter().map(|_| whole(source.whole(0, 1) as i128)).collect();
        let terms = terms(source, point.len(), 1, |source| whole(source.whole(1, size) as i128));
        let value = activity(&terms, &point);
        draft.row(Some(value), terms, Some(value + whole(source.whole(0, 2) as i128)));
    }
    draft
}

fn knapsack_of(source: &mut Source, size: usize) -> Draft {
    let mut draft = Draft { maximise: true, ..Draft::default() };
    let columns = source.whole(3, 7);
    let mut terms = vec![];
    let mut sum = 0;
    for j in 0..columns {
        let weight = source.whole(1, size);
        draft.column(
            Some(whole(0)),
            Some(whole(source.whole(1, 2) as i128)),
            whole((weight + source.whole(0, size / 4)) as i128),
            true,
        );
        terms.push((j, whole(weight as i128)));
        sum += weight;
    }
    draft.row(None, terms, Some(whole((sum / 2) as i128)));
    draft
}

/// Whole columns without bounds on one or both sides.
pub(super) fn unbounded_ranges(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let columns = source.whole(2, 4);
    for _ in 0..columns {
        let lower = pick(source, &[None, Some(whole(0)), Some(whole(-2))]);
        draft.column(lower, None, signed(source, 4), true);
    }
    for _ in 0..source.whole(1, columns + 1) {
        let terms = terms(source, columns, 2, |source| signed(source, 7));
        let side = signed(source, 15);
        let (lower, upper) = [(Some(side), Some(side)), (Some(side), None), (None, Some(side))][source.whole(0, 2)];
        draft.row(lower, terms, upper);
    }
    draft
}

/// Every element in exactly one chosen set, or in at least one, or at most one.
pub(super) fn partitioning(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(4), ..Draft::default() };
    let columns = source.whole(4, 10);
    let size = pick(source, &[5, 99, 99_999]);
    for _ in 0..columns {
        draft.binary(whole(source.whole(1, size) as i128));
    }
    for _ in 0..source.whole(2, 6) {
        let terms = terms(source, columns, 3, |_| whole(1));
        let (lower, upper) =
            pick(source, &[(Some(whole(1)), Some(whole(1))), (Some(whole(1)), None), (None, Some(whole(1)))]);
        draft.row(lower, terms, upper);
    }
    draft
}
