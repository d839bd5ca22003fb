//! What can be left out of a model, and what is left of it then.

use std::collections::BTreeSet;

use dashu::rational::RBig;

use crate::Budget;
use crate::model::{Datum, Model, RowId, VarId, VarKind};

/// A part of a model that can be left out by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// That a row is not below its lower side.
    LowerSide(RowId),
    /// That a row is not above its upper side.
    UpperSide(RowId),
    /// That a column is not below its lower bound.
    LowerBound(VarId),
    /// That a column is not above its upper bound.
    UpperBound(VarId),
    /// That a column is whole.
    Whole(VarId),
}

/// A part as `terms x >= right`, or `<=`.
pub(super) struct Inequality {
    pub terms: Vec<(VarId, RBig)>,
    pub right: RBig,
    pub is_upper: bool,
}

impl Part {
    /// What it says of real numbers; nothing where it asks for whole ones. Cost: the row, in rationals.
    pub(super) fn inequality(self, model: &Model) -> Option<Inequality> {
        let decimals = &model.decimals;
        let (datum, is_upper) = match self {
            Self::LowerSide(i) => (Datum::RowLower(i), false),
            Self::UpperSide(i) => (Datum::RowUpper(i), true),
            Self::LowerBound(j) => (Datum::Lower(j), false),
            Self::UpperBound(j) => (Datum::Upper(j), true),
            Self::Whole(_) => return None,
        };
        let terms = match self {
            Self::LowerSide(i) | Self::UpperSide(i) => {
                let terms = model.rows[i.index()].terms.iter();
                terms.map(|&(j, a)| (j, decimals.value(Datum::Entry(i, j), a))).collect()
            }
            Self::LowerBound(j) | Self::UpperBound(j) | Self::Whole(j) => vec![(j, RBig::ONE)],
        };
        Some(Inequality { terms, right: decimals.value(datum, model.float(datum)), is_upper })
    }

    /// Whether an exact point (length `num_vars()`) satisfies it. Cost: the row, in rationals.
    pub(super) fn holds_at(self, model: &Model, x: &[RBig]) -> bool {
        if let Self::Whole(j) = self {
            return x[j.index()].is_int();
        }
        self.inequality(model).is_none_or(|Inequality { terms, right, is_upper }| {
            let value = terms.iter().fold(RBig::ZERO, |sum, (j, a)| sum + a * &x[j.index()]);
            if is_upper { value <= right } else { value >= right }
        })
    }

    /// Entries that a look at it visits.
    pub(super) fn size(self, model: &Model) -> usize {
        match self {
            Self::LowerSide(i) | Self::UpperSide(i) => model.rows[i.index()].terms.len(),
            _ => 1,
        }
    }
}

/// All parts of a model: sides of rows, bounds, whole columns, each in the order of the model.
pub(super) fn parts(model: &Model) -> impl Iterator<Item = Part> + '_ {
    let sides = model.rows_by_id().flat_map(|(i, row)| {
        let lower = row.lower.is_finite().then_some(Part::LowerSide(i));
        lower.into_iter().chain(row.upper.is_finite().then_some(Part::UpperSide(i)))
    });
    let bounds = model.columns_by_id().flat_map(|(j, var)| {
        let lower = var.lower.is_finite().then_some(Part::LowerBound(j));
        lower.into_iter().chain(var.upper.is_finite().then_some(Part::UpperBound(j)))
    });
    let whole = model.columns_by_id().filter(|(_, var)| var.kind == VarKind::Integer);
    sides.chain(bounds).chain(whole.map(|(j, _)| Part::Whole(j)))
}

/// Which columns a part of a model has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Columns {
    /// Those of the model.
    All,
    /// Those that it says something of.
    Used,
}

/// The model that consists of these parts, without an objective. `None` when the budget is over. Cost: the non-zeros of the model.
pub(super) fn extract(model: &Model, set: &BTreeSet<Part>, columns: Columns, budget: &Budget) -> Option<Model> {
    let keeps = |part: Part| set.contains(&part);
    let side = |part: Part, bound: f64, none: f64| if keeps(part) { bound } else { none };
    let sides = |i: RowId| [Part::LowerSide(i), Part::UpperSide(i)];
    let mut is_used = vec![columns == Columns::All; model.num_vars()];
    for (_, row) in model.rows_by_id().filter(|(i, _)| sides(*i).into_iter().any(keeps)) {
        row.terms.iter().for_each(|(j, _)| is_used[j.index()] = true);
        (!budget.spend(8 + row.terms.len())).then_some(())?;
    }
    let mut rest = Model::new(model.name.as_str());
    let mut columns = vec![None; model.num_vars()];
    for (j, var) in model.columns_by_id() {
        (!budget.spend(8)).then_some(())?;
        if is_used[j.index()] || [Part::LowerBound(j), Part::UpperBound(j), Part::Whole(j)].into_iter().any(keeps) {
            let lower = side(Part::LowerBound(j), var.lower, f64::NEG_INFINITY);
            let upper = side(Part::UpperBound(j), var.upper, f64::INFINITY);
            let kind = if keeps(Part::Whole(j)) { VarKind::Integer } else { VarKind::Continuous };
            columns[j.index()] = Some(rest.add_var(var.name.as_str(), lower, upper, 0.0, kind));
        }
    }
    let mut rows = vec![None; model.num_rows()];
    for (i, row) in model.rows_by_id().filter(|(i, _)| sides(*i).into_iter().any(keeps)) {
        (!budget.spend(8 * row.terms.len())).then_some(())?;
        let lower = side(Part::LowerSide(i), row.lower, f64::NEG_INFINITY);
        let upper = side(Part::UpperSide(i), row.upper, f64::INFINITY);
        let terms = row.terms.iter().filter_map(|&(j, a)| Some((columns[j.index()]?, a)));
        rows[i.index()] = Some(rest.add_row(row.name.as_str(), lower, upper, terms));
    }
    // Numbers with more digits than floats have stand with their float, wherever that is.
    for datum in model.decimals.data() {
        let place = match datum {
            Datum::Offset | Datum::Cost(_) => None,
            Datum::Lower(j) => columns[j.index()].map(Datum::Lower),
            Datum::Upper(j) => columns[j.index()].map(Datum::Upper),
            Datum::RowLower(i) => rows[i.index()].map(Datum::RowLower),
            Datum::RowUpper(i) => rows[i.index()].map(Datum::RowUpper),
            Datum::Entry(i, j) => rows[i.index()].zip(columns[j.index()]).map(|(i, j)| Datum::Entry(i, j)),
        };
        let float = model.float(datum);
        if let (Some(place), Some(value)) = (place, model.decimals.kept(datum, float)) {
            rest.decimals.record(place, float, value.clone());
        }
    }
    Some(rest)
}
