//! What a model says beyond bounds, integrality and rows: alternatives, of which every point takes one each.
//!
//! These are data: files are read into them and written from them, and points are held against them ([`nearest`]). A search knows none
//! of them; `crate::lowering` states them with binary columns and rows.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use dashu::base::Abs;
use dashu::rational::RBig;

use super::{Datum, Model, RowId, VarId};
use crate::Error;

/// The special constraints of a model; empty for most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Special {
    /// Columns that are 0 or within their bounds: semi-continuous ones, and semi-integer ones where they are whole. With crossed bounds
    /// they are 0.
    pub semi: BTreeSet<VarId>,
    /// Special ordered sets.
    pub sets: Vec<OrderedSet>,
    /// Rows that hold only where a binary column has a value.
    pub indicators: BTreeMap<RowId, Indicator>,
}

/// A special ordered set: at most so many of its columns are not 0, and those are neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderedSet {
    /// Name as read or given.
    pub name: String,
    /// How many: 1 for SOS1, 2 for SOS2.
    pub neighbours: usize,
    /// The columns in their order, which is all that weights of a file say.
    pub members: Vec<VarId>,
}

/// When a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// A binary column.
    pub column: VarId,
    /// Its value where the row holds.
    pub value: bool,
}

impl Special {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.semi.is_empty() && self.sets.is_empty() && self.indicators.is_empty()
    }
}

/// Refuses a model with special constraints, by the name of the first one.
pub(crate) fn refuse_special(model: &Model, advice: &str) -> Result<(), Error> {
    let Special { semi, sets, indicators } = &model.special;
    let what = if let Some(j) = semi.first() {
        format!("'{}' is semi-continuous", model.variables[j.index()].name)
    } else if let Some(set) = sets.first() {
        format!("'{}' is a special ordered set", set.name)
    } else if let Some(i) = indicators.keys().next() {
        format!("row '{}' has an indicator", model.rows[i.index()].name)
    } else {
        return Ok(());
    };
    Err(Error::Model { model: model.name.clone(), message: format!("{what}: {advice}") })
}

/// Refuses special constraints that mean nothing, which only callers can build: readers do not.
pub(crate) fn check_special(model: &Model) -> Result<(), Error> {
    let refuse = |message: String| Err(Error::Model { model: model.name.clone(), message });
    let Special { semi, sets, indicators } = &model.special;
    let named = semi.iter().chain(sets.iter().flat_map(|set| &set.members));
    let mut named = named.chain(indicators.values().map(|of| &of.column));
    if named.any(|j| j.index() >= model.num_vars()) || indicators.keys().any(|i| i.index() >= model.num_rows()) {
        return refuse("a special constraint speaks of a column or row that there is not".into());
    }
    for set in sets {
        let mut members: Vec<VarId> = set.members.clone();
        members.sort_unstable();
        members.dedup();
        if set.neighbours == 0 || members.len() < set.members.len() {
            return refuse(format!("the special ordered set '{}' has a column twice, or no neighbours", set.name));
        }
    }
    match indicators.iter().find(|(_, of)| !model.is_binary(of.column)) {
        None => Ok(()),
        Some((i, of)) => {
            let (row, column) = (&model.rows[i.index()].name, &model.variables[of.column.index()].name);
            refuse(format!("row '{row}' depends on '{column}', which is not binary; make it whole and within 0 and 1"))
        }
    }
}

impl Indicator {
    /// Whether the row always holds, or never, as far as the bounds of its column tell; `None` if it may do either.
    pub(crate) fn settled(self, model: &Model) -> Option<bool> {
        let (lower, upper) = exact_bounds(model, self.column);
        let may_be = |value: RBig| {
            lower.as_ref().is_none_or(|lower| *lower <= value) && upper.as_ref().is_none_or(|upper| value <= *upper)
        };
        match [may_be(RBig::ZERO), may_be(RBig::ONE)] {
            [true, true] => None,
            // Where it is neither, no row has a say.
            [_, is_one] => Some(is_one == self.value),
        }
    }
}

impl OrderedSet {
    /// Where the columns that are not 0 may begin; one place alone if all of them may be.
    pub(crate) fn places(&self) -> Range<usize> {
        0..(self.members.len() + 1).saturating_sub(self.neighbours).max(1)
    }

    /// The first of the places for which the largest of the other columns is least.
    pub(crate) fn nearest(&self, x: impl Fn(VarId) -> RBig) -> usize {
        let sizes: Vec<RBig> = self.members.iter().map(|&j| x(j).abs()).collect();
        // The largest size before each member, and from each on.
        let running = |largest: &mut RBig, size: &RBig| {
            let before = largest.clone();
            if size > largest {
                largest.clone_from(size);
            }
            Some(before)
        };
        let zero = RBig::ZERO;
        let before: Vec<RBig> = sizes.iter().chain([&zero]).scan(RBig::ZERO, running).collect();
        let mut from: Vec<RBig> = sizes.iter().rev().chain([&zero]).scan(RBig::ZERO, running).collect();
        from.reverse();
        let outside = |place: &usize| {
            let after = from.get(place + self.neighbours).unwrap_or(&zero);
            (&before[*place]).max(after).clone()
        };
        self.places().min_by_key(outside).unwrap_or(0)
    }
}

/// The bounds of a column in rationals, `None` where it has none.
pub(crate) fn exact_bounds(model: &Model, j: VarId) -> (Option<RBig>, Option<RBig>) {
    let var = &model.variables[j.index()];
    (model.decimals.side(Datum::Lower(j), var.lower), model.decimals.side(Datum::Upper(j), var.upper))
}

/// Whether a lower bound is above the upper one.
pub(crate) fn is_crossed((lower, upper): &(Option<RBig>, Option<RBig>)) -> bool {
    lower.as_ref().zip(upper.as_ref()).is_some_and(|(lower, upper)| lower > upper)
}

/// Whether a semi-continuous column takes 0 rather than a value within its bounds: what it is nearer to.
pub(crate) fn takes_zero(model: &Model, j: VarId, x: &RBig) -> bool {
    let bounds = exact_bounds(model, j);
    if is_crossed(&bounds) {
        return true;
    }
    let (lower, upper) = bounds;
    let outside = lower.map(|lower| lower - x).into_iter().chain(upper.map(|upper| x - upper)).max();
    outside.is_some_and(|outside| x.clone().abs() <= outside)
}

/// The ordinary model of those alternatives that a point is nearest to: it satisfies `model` as far as that one. Values are asked for of
/// special columns alone. Cost: copying the model, if anything is special.
pub(crate) fn nearest(model: &Model, x: impl Fn(VarId) -> RBig) -> Cow<'_, Model> {
    if model.special.is_empty() {
        return Cow::Borrowed(model);
    }
    let Special { semi, sets, indicators } = &model.special;
    let mut chosen = Model { special: Special::default(), ..model.clone() };
    for &j in semi.iter().filter(|&&j| takes_zero(model, j, &x(j))) {
        let var = &mut chosen.variables[j.index()];
        (var.lower, var.upper) = (0.0, 0.0);
    }
    for set in sets {
        let place = set.nearest(&x);
        let members = set.members.iter().enumerate();
        for (_, j) in members.filter(|(k, _)| !(place..place + set.neighbours).contains(k)) {
            let var = &mut chosen.variables[j.index()];
            (var.lower, var.upper) = (var.lower.max(0.0), var.upper.min(0.0));
        }
    }
    let half = RBig::ONE / RBig::from(2);
    for (i, _) in indicators.iter().filter(|(_, of)| (x(of.column) > half) != of.value) {
        let row = &mut chosen.rows[i.index()];
        (row.lower, row.upper) = (f64::NEG_INFINITY, f64::INFINITY);
    }
    Cow::Owned(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::is_feasible;
    use crate::{VarKind, Violations};

    const INF: f64 = f64::INFINITY;

    /// Four columns in [-10, 10].
    fn model() -> (Model, [VarId; 4]) {
        let mut model = Model::new("t");
        let columns = ["a", "b", "c", "d"].map(|name| model.add_var(name, -10.0, 10.0, 0.0, VarKind::Continuous));
        (model, columns)
    }

    #[test]
    fn semi_continuous_columns_are_zero_or_within_their_bounds() {
        let mut model = Model::new("t");
        for (lower, upper) in [(2.0, 5.0), (-5.0, -2.0), (3.0, INF), (20.0, 10.0)] {
            let j = model.add_var(format!("{lower}"), lower, upper, 0.0, VarKind::Continuous);
            model.special.semi.insert(j);
        }
        let of = |point: [f64; 4]| Violations::of(&model, &point).bound;
        assert_eq!(of([0.0; 4]), 0.0);
        assert_eq!(of([5.0, -2.0, 1e9, 0.0]), 0.0);
        assert_eq!((of([0.75, 0.0, 0.0, 0.0]), of([1.75, 0.0, 0.0, 0.0])), (0.75, 0.25));
        assert_eq!((of([0.0, 1.0, 0.0, 0.0]), of([0.0, -1.5, 0.0, 0.0])), (1.0, 0.5));
        assert_eq!((of([0.0, 0.0, 2.0, 0.0]), of([0.0, 0.0, 0.0, 15.0])), (1.0, 15.0));
        assert!(is_feasible(&model, &[1e-10, 0.0, 3.0 - 1e-10, 0.0], 1e-9, 1e-9));
        assert!(!is_feasible(&model, &[1e-8, 0.0, 0.0, 0.0], 1e-9, 1e-9));
        assert!(!is_feasible(&model, &[f64::NAN, 0.0, 0.0, 0.0], 1e-9, 1e-9));
    }

    #[test]
    fn columns_of_a_set_are_zero_but_for_neighbours() {
        let (mut model, columns) = model();
        for (neighbours, rows) in [
            (1, [([0.0; 4], 0.0), ([0.0, -3.0, 0.0, 0.0], 0.0), ([1.0, -3.0, 0.5, 0.0], 1.0)]),
            (2, [([0.0, -3.0, 2.0, 0.0], 0.0), ([1.0, 0.0, 2.0, 0.0], 1.0), ([3.0, 4.0, 5.0, 6.0], 4.0)]),
            (4, [([1.0; 4], 0.0), ([0.0; 4], 0.0), ([10.5, 0.0, 0.0, 0.0], 0.5)]),
        ] {
            model.special.sets = vec![OrderedSet { name: "s".into(), neighbours, members: columns.to_vec() }];
            for (point, violation) in rows {
                assert_eq!(Violations::of(&model, &point).bound, violation, "{neighbours} {point:?}");
            }
        }
        // A column that cannot be 0 and is none of the neighbours.
        model.special.sets[0].neighbours = 1;
        model.variables[0].lower = 1.0;
        assert_eq!(Violations::of(&model, &[1.0, 2.0, 0.0, 0.0]).bound, 1.0);
        assert_eq!(Violations::of(&model, &[0.0, 2.0, 0.0, 0.0]).bound, 1.0);
        assert_eq!(Violations::of(&model, &[1.0, 0.0, 0.0, 0.0]).bound, 0.0);
    }

    #[test]
    fn rows_with_an_indicator_hold_where_it_has_its_value() {
        let (mut model, [a, b, ..]) = model();
        let z = model.add_var("z", 0.0, 1.0, 0.0, VarKind::Integer);
        let on = model.add_row("on", 3.0, 4.0, [(a, 1.0), (b, 1.0)]);
        let off = model.add_row("off", -INF, -1.0, [(a, 1.0)]);
        model.special.indicators.insert(on, Indicator { column: z, value: true });
        model.special.indicators.insert(off, Indicator { column: z, value: false });
        let of = |a: f64, b: f64, z: f64| Violations::of(&model, &[a, b, 0.0, 0.0, z]).row;
        assert_eq!((of(1.0, 2.5, 1.0), of(1.0, 1.0, 1.0), of(1.0, 4.0, 1.0)), (0.0, 1.0, 1.0));
        assert_eq!((of(-1.0, 9.0, 0.0), of(0.5, 9.0, 0.0)), (0.0, 1.5));
    }
}
