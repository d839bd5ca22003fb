//! The least and the greatest value of a row within the bounds of its columns, exactly.

use dashu::rational::RBig;

use crate::Budget;
use crate::model::{Datum, Model, RowId};
use crate::shortest::DecimalSum;

/// A least or greatest value: the sum of what is finite, and how many terms are not.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct End {
    pub sum: RBig,
    pub infinite: usize,
}

impl End {
    /// `None` if it is infinite.
    pub fn value(&self) -> Option<&RBig> {
        (self.infinite == 0).then_some(&self.sum)
    }

    fn less(&self, term: Option<RBig>) -> Self {
        match term {
            Some(term) => Self { sum: &self.sum - term, infinite: self.infinite },
            None => Self { sum: self.sum.clone(), infinite: self.infinite - 1 },
        }
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Activity {
    pub least: End,
    pub greatest: End,
}

/// Entries between two questions whether to go on.
const AT_ONCE: usize = 1 << 14;

impl Activity {
    /// `None` if the budget is over first. What it costs is counted by whoever asks for it.
    pub fn of(model: &Model, i: RowId, budget: &Budget<'_>) -> Option<Self> {
        let sums = [RBig::ZERO, RBig::ZERO].map(DecimalSum::from);
        let mut ends = sums.map(|sum| (sum, 0_usize));
        for (at, &(j, a)) in model.rows[i.index()].terms.iter().enumerate() {
            if at % AT_ONCE == AT_ONCE - 1 && budget.ask().is_some() {
                return None;
            }
            let var = &model.variables[j.index()];
            let bounds = [(Datum::Lower(j), var.lower), (Datum::Upper(j), var.upper)];
            // A positive coefficient takes the lower bound to the least value.
            let bounds = if a > 0.0 { bounds } else { [bounds[1], bounds[0]] };
            for ((sum, infinite), (datum, bound)) in ends.iter_mut().zip(bounds) {
                if bound.is_infinite() {
                    *infinite += 1;
                    continue;
                }
                let entry = Datum::Entry(i, j);
                let decimals = &model.decimals;
                match decimals.kept(datum, bound) {
                    Some(exact) => sum.add_number(exact * decimals.value(entry, a)),
                    None => decimals.add_product(sum, entry, a, bound),
                }
            }
        }
        let [least, greatest] = ends.map(|(sum, infinite)| End { sum: sum.total(), infinite });
        Some(Self { least, greatest })
    }

    /// Without a column of coefficient `a` and these bounds.
    pub fn without(&self, a: &RBig, lower: Option<&RBig>, upper: Option<&RBig>) -> [End; 2] {
        let (low, high) = if *a > RBig::ZERO { (lower, upper) } else { (upper, lower) };
        [self.least.less(low.map(|bound| a * bound)), self.greatest.less(high.map(|bound| a * bound))]
    }

    /// The bounds of a column of coefficient `a` have moved.
    pub fn moved(&mut self, a: &RBig, old: &[Option<RBig>; 2], new: &[Option<RBig>; 2]) {
        let low = usize::from(*a < RBig::ZERO);
        for (end, at) in [(&mut self.least, low), (&mut self.greatest, 1 - low)] {
            if old[at] == new[at] {
                continue;
            }
            match &old[at] {
                Some(bound) => end.sum -= a * bound,
                None => end.infinite -= 1,
            }
            match &new[at] {
                Some(bound) => end.sum += a * bound,
                None => end.infinite += 1,
            }
        }
    }
}
