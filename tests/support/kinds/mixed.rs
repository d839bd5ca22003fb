//! Kinds of models with continuous and whole columns.

use super::{linear, nonzero, pick, row_through, signed, spread, terms, whole as whole_kinds};
use crate::draft::{Decimal, Draft, decimal, whole};
use crate::random::Source;

/// Small numbers, tenths and quarters.
pub(super) fn plain(source: &mut Source) -> Draft {
    let mut draft = linear::plain(source);
    for column in &mut draft.columns {
        if source.one_in(2) {
            column.integer = true;
            column.upper = column.upper.or(Some(whole(6)));
            column.lower = column.lower.map(|lower| if source.one_in(3) { lower - decimal(5, -1) } else { lower });
        }
    }
    draft
}

/// Lower bounds or sides above upper ones, once in a while by a hair.
pub(super) fn crossed(source: &mut Source) -> Draft {
    let mut draft = match source.whole(0, 2) {
        0 => linear::plain(source),
        1 => plain(source),
        _ => whole_kinds::plain(source),
    };
    let gap = pick(source, &[whole(1), whole(2), decimal(1, -1), decimal(1, -9), decimal(1, -12), whole(0)]);
    if source.one_in(2) || draft.rows.is_empty() {
        let j = source.whole(0, draft.columns.len() - 1);
        let lower = draft.columns[j].lower.unwrap_or_default();
        draft.columns[j].lower = Some(lower);
        draft.columns[j].upper = Some(lower - gap);
    } else {
        let i = source.whole(0, draft.rows.len() - 1);
        let side = draft.rows[i].lower.or(draft.rows[i].upper).expect("a side");
        draft.rows[i].lower = Some(side);
        draft.rows[i].upper = Some(side - gap);
    }
    draft
}

/// Columns in no row, rows of no column, no rows at all.
pub(super) fn empty(source: &mut Source) -> Draft {
    let mut draft = if source.one_in(3) { Draft::default() } else { plain(source) };
    if source.one_in(4) {
        draft.rows.clear();
    }
    for _ in 0..source.whole(1, 2) {
        let upper = pick(source, &[None, Some(whole(3)), Some(whole(0)), Some(decimal(25, -1))]);
        let lower = pick(source, &[None, Some(whole(0)), Some(whole(-1))]);
        draft.column(lower, upper, signed(source, 1), source.one_in(2));
    }
    for _ in 0..source.whole(0, 2) {
        let side = pick(source, &[whole(0), whole(0), whole(1), whole(-1), decimal(1, -10)]);
        let (lower, upper) = pick(source, &[(Some(side), None), (None, Some(side)), (Some(side), Some(side))]);
        draft.row(lower, vec![], upper);
    }
    draft
}

/// Costs twelve orders apart on whole and continuous columns.
pub(super) fn cost_spread(source: &mut Source) -> Draft {
    let mut draft = linear::cost_spread(source);
    for column in &mut draft.columns {
        column.integer = source.one_in(2);
        column.upper = column.upper.or_else(|| if source.one_in(2) { Some(whole(50)) } else { None });
    }
    draft
}

/// `a'x + b <= M z` with M up to 1e6 and a margin down to 1e-6: a neuron's rows.
pub(super) fn big_m(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let inputs = source.whole(1, 3);
    for _ in 0..inputs {
        draft.column(Some(whole(-1)), Some(whole(1)), whole(0), false);
    }
    let bound = pick(source, &[10, 1000, 1_000_000]);
    let epsilon = decimal(1, -(source.whole(1, 6) as i32));
    for _ in 0..source.whole(1, 4) {
        let fires = draft.binary(nonzero(source, 3));
        let terms: Vec<_> = (0..inputs).map(|j| (j, signed(source, 8) * decimal(125, -3))).collect();
        // fires = 1: at least 0; fires = 0: at most -epsilon.
        let mut low = terms.clone();
        low.push((fires, -whole(bound)));
        draft.row(Some(-whole(bound)), low, None);
        let mut high = terms;
        high.push((fires, -whole(bound) - epsilon));
        draft.row(None, high, Some(-epsilon));
    }
    if source.one_in(2) {
        let count = draft.columns.len();
        let terms = (inputs..count).map(|j| (j, whole(1))).collect();
        draft.row(Some(whole(1)), terms, Some(whole(source.whole(1, 2) as i128)));
    }
    draft
}

/// Coefficients of 1e-7 beside ones, whole columns with ranges that make them count.
pub(super) fn tiny_coefficients(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(2), ..Draft::default() };
    let mut point: Vec<Decimal> = vec![];
    for _ in 0..source.whole(2, 5) {
        let integer = source.one_in(2);
        let upper = pick(source, &[whole(10), decimal(1, 7), decimal(1, 4)]);
        let cost = nonzero(source, 9) * pick(source, &[whole(1), decimal(1, -7), decimal(1, -4)]);
        draft.column(Some(whole(0)), Some(upper), cost, integer);
        point.push(whole(source.whole(0, 10) as i128));
    }
    for _ in 0..source.whole(1, 4) {
        let terms = terms(source, point.len(), 2, |source| {
            nonzero(source, 9) * pick(source, &[whole(1), decimal(1, -7), decimal(1, -6)])
        });
        row_through(source, &mut draft, terms, &point, false, |source| spread(source, -7, 0) * whole(1));
    }
    draft
}

/// Flow through a small network, arcs paid for when used.
pub(super) fn fixed_charge(source: &mut Source) -> Draft {
    let mut draft = Draft::default();
    let nodes = source.whole(2, 4);
    let demand = source.whole(1, 20) as i128;
    let capacity = pick(source, &[whole(10), whole(25), decimal(1, 5), decimal(105, -1)]);
    let mut balance: Vec<Vec<(usize, Decimal)>> = vec![vec![]; nodes];
    for from in 0..nodes {
        for to in (0..nodes).filter(|&to| to != from) {
            if to == from + 1 || source.one_in(3) {
                let flow =
                    draft.column(Some(whole(0)), None, signed(source, 4) * decimal(1, -1) + decimal(5, -1), false);
                let open = draft.binary(whole(source.whole(1, 30) as i128));
                draft.row(None, vec![(flow, whole(1)), (open, -capacity)], Some(whole(0)));
                balance[from].push((flow, whole(1)));
                balance[to].push((flow, whole(-1)));
            }
        }
    }
    for (node, terms) in balance.into_iter().enumerate() {
        let supply = if node == 0 {
            demand
        } else if node + 1 == nodes {
            -demand
        } else {
            0
        };
        draft.row(Some(whole(supply)), terms, Some(whole(supply)));
    }
    draft
}

/// Either this range or that one, 1e10 away.
pub(super) fn disjunction(source: &mut Source) -> Draft {
    let mut draft = Draft { maximise: source.one_in(3), ..Draft::default() };
    let far = decimal(1, source.whole(6, 10) as i32);
    let integer = source.one_in(2);
    for _ in 0..source.whole(1, 2) {
        let upper = if source.one_in(2) { Some(far * whole(2)) } else { None };
        let x = draft.column(Some(whole(0)), upper, nonzero(source, 3), integer);
        let b = draft.binary(signed(source, 5));
        let near = whole(source.whole(1, 20) as i128);
        // b = 0: x <= near; b = 1: x >= far - near.
        draft.row(None, vec![(x, whole(1)), (b, -far)], Some(near));
        draft.row(Some(-near), vec![(x, whole(1)), (b, -far)], None);
        draft.row(Some(whole(1)), vec![(x, whole(1))], None);
    }
    if draft.columns.len() > 2 && source.one_in(2) {
        draft.row(None, vec![(1, whole(1)), (3, whole(1))], Some(whole(1)));
        draft.row(Some(signed(source, 9)), vec![(0, whole(1)), (2, whole(-1))], None);
    }
    draft
}
