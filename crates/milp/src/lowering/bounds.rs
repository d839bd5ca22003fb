//! Bounds of columns in rationals: those of the model, and where it has none, what rows that always hold say.

use dashu::rational::RBig;

use crate::Budget;
use crate::model::{Datum, Model, Row, RowId, VarId, exact_bounds, is_crossed};
use crate::number::{decimal, printed_above, printed_below};

/// Work in rationals that a term of a row takes, in units of [`Budget::spend`].
pub(super) const WORK_OF_A_TERM: usize = 50;
/// A bound may follow from another that has followed; so many times rows are visited at most, since such chains may go on for ever. Other
/// models do not get here.
const ROUNDS: usize = 20;

/// Bounds of all columns; 0 is within those of semi-continuous ones.
pub(super) struct Bounds<'m, 'b> {
    model: &'m Model,
    budget: &'b Budget<'b>,
    /// Lower, upper.
    sides: [Vec<Option<RBig>>; 2],
    /// Whether rows have been asked.
    is_implied: bool,
}

/// The bounds of a semi-continuous column, with 0 in the place of the nearer one; `None` where 0 is within them anyway, and where no
/// other value is.
pub(super) fn apart_from_zero(model: &Model, j: VarId) -> Option<(Option<RBig>, Option<RBig>)> {
    let bounds = exact_bounds(model, j);
    let is_crossed = is_crossed(&bounds);
    let (lower, upper) = bounds;
    let is_apart = lower.as_ref().is_some_and(|lower| *lower > RBig::ZERO)
        || upper.as_ref().is_some_and(|upper| *upper < RBig::ZERO);
    (is_apart && !is_crossed).then_some((lower, upper))
}

impl<'m, 'b> Bounds<'m, 'b> {
    /// Those of the model; none where the budget is over.
    pub fn of(model: &'m Model, budget: &'b Budget<'b>) -> Self {
        let mut sides = [Vec::with_capacity(model.num_vars()), Vec::with_capacity(model.num_vars())];
        for (j, _) in model.columns_by_id() {
            let mut bounds = if budget.spend(WORK_OF_A_TERM) { (None, None) } else { exact_bounds(model, j) };
            if model.special.semi.contains(&j) {
                bounds = match is_crossed(&bounds) {
                    true => (Some(RBig::ZERO), Some(RBig::ZERO)),
                    false => (bounds.0.map(|low| low.min(RBig::ZERO)), bounds.1.map(|up| up.max(RBig::ZERO))),
                };
            }
            let (lower, upper) = bounds;
            sides[0].push(lower);
            sides[1].push(upper);
        }
        Self { model, budget, sides, is_implied: false }
    }

    /// A bound of a column, asked of rows if it has none.
    pub fn get(&mut self, j: VarId, is_upper: bool) -> Option<RBig> {
        if self.sides[usize::from(is_upper)][j.index()].is_none() && !std::mem::replace(&mut self.is_implied, true) {
            self.imply();
        }
        self.sides[usize::from(is_upper)][j.index()].clone()
    }

    /// Bounds for columns that miss one, from rows that always hold.
    fn imply(&mut self) {
        for _ in 0..ROUNDS {
            let mut is_news = false;
            for (i, row) in self.model.rows_by_id() {
                let condition = self.model.special.indicators.get(&i);
                let always_holds = condition.is_none_or(|of| of.settled(self.model) == Some(true));
                if !always_holds || !self.misses(row) {
                    continue;
                }
                if self.budget.spend(WORK_OF_A_TERM * row.terms.len()) {
                    return;
                }
                let sides = [(Datum::RowLower(i), row.lower), (Datum::RowUpper(i), row.upper)];
                for (is_upper, (datum, side)) in [false, true].into_iter().zip(sides) {
                    if let Some(side) = self.model.decimals.side(datum, side) {
                        is_news |= self.imply_by(i, row, is_upper, &side);
                    }
                }
            }
            if !is_news {
                return;
            }
        }
    }

    fn misses(&self, row: &Row) -> bool {
        row.terms.iter().any(|(j, _)| self.sides.iter().any(|side| side[j.index()].is_none()))
    }

    /// Whether a side of a row bounds a column that was without. The other terms are at their least for an upper side.
    fn imply_by(&mut self, i: RowId, row: &Row, is_upper: bool, side: &RBig) -> bool {
        let (mut rest, mut open) = (RBig::ZERO, None);
        let terms = row.terms.iter().map(|&(j, a)| (j, self.model.decimals.value(Datum::Entry(i, j), a)));
        let terms: Vec<(VarId, RBig)> = terms.filter(|(_, a)| !a.is_zero()).collect();
        let contribution = |sides: &[Vec<Option<RBig>>; 2], j: VarId, a: &RBig| {
            let end = usize::from((*a > RBig::ZERO) != is_upper);
            sides[end][j.index()].as_ref().map(|bound| a * bound)
        };
        for (k, (j, a)) in terms.iter().enumerate() {
            match contribution(&self.sides, *j, a) {
                Some(term) => rest += term,
                None if open.is_some() => return false,
                None => open = Some(k),
            }
        }
        let mut is_news = false;
        for (k, (j, a)) in terms.iter().enumerate().filter(|(k, _)| open.is_none_or(|open| open == *k)) {
            let end = usize::from((*a > RBig::ZERO) == is_upper);
            if self.sides[end][j.index()].is_some() {
                continue;
            }
            let others = if open == Some(k) {
                rest.clone()
            } else {
                &rest - contribution(&self.sides, *j, a).unwrap_or(RBig::ZERO)
            };
            let bound = (side - others) / a;
            // Rounded outwards to what a file could say.
            let float = if end == 1 { printed_above(&bound) } else { printed_below(&bound) };
            if float.is_finite() && float.abs() < f64::MAX {
                self.sides[end][j.index()] = Some(decimal(float));
                is_news = true;
            }
        }
        is_news
    }
}
