//! Kinds of models whose sides are of 1e7 to 1e12 while their coefficients are small decimals: quotients of floats are off by
//! more than any absolute tolerance, and whole columns without bounds have nothing else to be bounded by.

use super::{nonzero, pick, signed};
use crate::draft::{Decimal, Draft, decimal, whole};
use crate::random::Source;

/// A whole number of 7 to 12 digits.
fn large(source: &mut Source) -> Decimal {
    let digits = source.whole(7, 12) as u32;
    whole(source.whole(10_usize.pow(digits - 1), 10_usize.pow(digits) - 1) as i128)
}

/// A number of up to two digits, tenths or hundredths.
fn fine(source: &mut Source) -> Decimal {
    whole(source.whole(1, 99) as i128) * decimal(1, -(source.whole(0, 2) as i32))
}

/// One row with one whole column that has no bound of its own, beside a column of either kind; the best value of the first is
/// planted.
pub(super) fn one_sided(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let best = large(source);
    let lower = pick(source, &[Some(whole(0)), None]);
    let x = if draft.maximise {
        draft.column(lower, None, whole(1), true)
    } else {
        draft.column(pick(source, &[Some(whole(0)), Some(whole(7))]), None, whole(1), true)
    };
    let other = draft.column(Some(whole(0)), pick(source, &[None, Some(whole(0))]), whole(0), source.one_in(2));
    let (a, b) = (fine(source), fine(source));
    // A side that the planted value meets, or falls short of by less than the next one costs.
    let spare = pick(source, &[whole(0), a - decimal(1, -2)]);
    if draft.maximise {
        draft.row(None, vec![(x, a), (other, b)], Some(a * best + spare));
    } else {
        draft.row(Some(a * best - spare), vec![(x, a), (other, -b)], None);
    }
    draft
}

/// Two equations of two whole columns through a point; or no point, by less than a hundredth.
pub(super) fn equations(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let point = [large(source), large(source)];
    for _ in 0..2 {
        draft.column(Some(whole(0)), None, signed(source, 3), true);
    }
    for _ in 0..source.whole(1, 2) {
        let terms = vec![(0, fine(source)), (1, if source.one_in(3) { fine(source) } else { -fine(source) })];
        let miss = if source.one_in(4) { decimal(1, -2) } else { whole(0) };
        let side = super::activity(&terms, &point) + miss;
        draft.row(Some(side), terms, Some(side));
    }
    draft
}

/// Rows whose sides are of 1e15 to 1e40, which other solvers take for none, and coefficients that make as much of them as of any
/// other; bounds up to 9e19, from where on files have none.
pub(super) fn huge_sides(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let huge = |source: &mut Source, exponent: i32| whole(source.whole(1, 99) as i128) * decimal(1, exponent);
    let whole_columns = source.one_in(3);
    for _ in 0..source.whole(1, 4) {
        let exponent = source.whole(0, 18) as i32;
        let lower = pick(source, &[Some(whole(0)), Some(whole(0)), None, Some(whole(-7))]);
        let upper = if source.one_in(2) { None } else { Some(huge(source, exponent)) };
        let integer = whole_columns && source.one_in(2);
        draft.column(lower, upper, signed(source, 9), integer);
    }
    for _ in 0..source.whole(1, 3) {
        let exponent = source.whole(8, 26) as i32;
        let terms = super::terms(source, draft.columns.len(), 2, |source| {
            let below = pick(source, &[0, 0, 0, 1, 3]);
            nonzero(source, 9) * decimal(1, exponent - below)
        });
        let over = source.whole(7, 12) as i32;
        let side = nonzero(source, 1) * huge(source, exponent + over);
        let (lower, upper) =
            pick(source, &[(Some(side), None), (None, Some(side)), (None, Some(side)), (Some(side), Some(side))]);
        draft.row(lower, terms, upper);
    }
    draft
}

/// A whole column of few values beside one with sides far off, in rows of decimals.
pub(super) fn far_sides(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let low = pick(source, &[whole(0), whole(-5)]);
    draft.column(Some(low), Some(low + whole(source.whole(0, 12) as i128)), signed(source, 9), true);
    let side = |source: &mut Source| {
        let sign = nonzero(source, 1);
        sign * large(source) * decimal(1, -(source.whole(0, 1) as i32))
    };
    let lower = if source.one_in(2) { Some(side(source)) } else { None };
    let upper = if source.one_in(3) { Some(side(source)) } else { None };
    draft.column(lower, upper, signed(source, 9), source.one_in(2));
    for _ in 0..source.whole(1, 3) {
        let sign = nonzero(source, 1);
        let terms = vec![(0, fine(source)), (1, sign * fine(source))];
        let side = side(source);
        let (lower, upper) =
            pick(source, &[(Some(side), None), (None, Some(side)), (None, Some(side)), (Some(side), Some(side))]);
        draft.row(lower, terms, upper);
    }
    draft
}
