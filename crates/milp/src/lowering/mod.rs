//! Special constraints ([`crate::Special`]) stated with binary columns and rows: an ordinary model with the same points.
//!
//! Entry points: [`lower`]; [`Lowered::extend`] and [`Lowered::restore`] carry points there and back. Added columns and rows stand behind those
//! of the model and cost nothing, so that bounds, objectives, infeasibility and rays mean the same of both.
//!
//! * A semi-continuous column `x` in {0} or [l, u] that excludes 0 has a binary `z` with `l z <= x <= u z`.
//! * A special ordered set has a binary for each place where its neighbours may begin, at most one of which is 1, and each
//!   column is within its bounds times the sum of the binaries of the places that let it be other than 0.
//! * A row `T <= b` where `z = 1` is `T + M z <= b + M`, where `b + M` is the largest value of `T` within the [`bounds`] of its columns; for
//!   `z = 0` it is `T - M z <= b`. Either side of a row has its own `M`.
//!
//! A row whose condition's column has no other value within its bounds is an ordinary row, or none at all; no bounds are asked for then.
//!
//! All of it is exact: numbers are what the model's file says ([`crate::Decimals`]), and what is computed of them is recorded likewise. Rows
//! of small coefficients are multiplied by a power of ten first, so that a large `M` does not widen their tolerance
//! ([`crate::check::is_feasible`]).
//!
//! References: Beale, Tomlin, *Special facilities in a general mathematical programming system for non-convex problems using ordered sets of
//! variables*, OR 69 (1970); Bonami, Lodi, Tramontani, Wiese, *On mathematical programming with indicator constraints*, Math. Programming 151 (2015).

mod bounds;
mod names;
mod rows;
#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use dashu::rational::RBig;

use crate::model::{
    Indicator, Model, OrderedSet, RowId, Special, VarId, VarKind, check_special, exact_bounds, is_crossed, takes_zero,
};
use crate::number::decimal;
use crate::{Budget, Error};
use bounds::{Bounds, WORK_OF_A_TERM};
use rows::Draft;

/// What an added binary column is 1 for.
#[derive(Clone, Copy, Debug)]
enum Choice {
    /// A semi-continuous column is within its bounds.
    Used(VarId),
    /// The neighbours of a set, by its index, begin at a place.
    Place(usize, usize),
}

/// An ordinary model, and how its points stand for those of the model that it was made of.
pub(crate) struct Lowered<'m> {
    /// Columns and rows of the original come first.
    pub model: Model,
    original: &'m Model,
    /// Of each added column.
    choices: Vec<Choice>,
}

impl Lowered<'_> {
    /// A point of the original with the alternatives that it is nearest to.
    pub fn extend(&self, x: &[f64]) -> Vec<f64> {
        let is_finite = x.iter().all(|x| x.is_finite());
        let value = |j: VarId| decimal(x[j.index()]);
        let places: Vec<usize> = match is_finite {
            true => self.original.special.sets.iter().map(|set| set.nearest(value)).collect(),
            false => Vec::new(),
        };
        let chosen = self.choices.iter().map(|choice| match *choice {
            _ if !is_finite => false,
            Choice::Used(j) => !takes_zero(self.original, j, &value(j)),
            Choice::Place(set, place) => places[set] == place,
        });
        x.iter().copied().chain(chosen.map(|is_chosen| f64::from(u8::from(is_chosen)))).collect()
    }

    /// Leaves of a point or a ray what belongs to the original.
    pub fn restore<N>(&self, x: &mut Vec<N>) {
        x.truncate(self.original.num_vars());
    }
}

/// The model without its special constraints: columns that may be 0 all the same have bounds that allow it. What bounds its objective bounds
/// that of `model`.
pub(crate) fn relaxed(model: &Model) -> Model {
    let mut relaxed = Model { special: Special::default(), ..model.clone() };
    for &j in &model.special.semi {
        let is_zero = is_crossed(&exact_bounds(model, j));
        let var = &mut relaxed.variables[j.index()];
        (var.lower, var.upper) = if is_zero { (0.0, 0.0) } else { (var.lower.min(0.0), var.upper.max(0.0)) };
    }
    for i in model.special.indicators.keys() {
        let row = &mut relaxed.rows[i.index()];
        (row.lower, row.upper) = (f64::NEG_INFINITY, f64::INFINITY);
    }
    relaxed
}

/// States the special constraints of `model` in rows. Cost O(non-zeros) in rationals of the rows with an indicator, and of all rows where a bound
/// is missing.
///
/// # Errors
/// [`Error::Model`] where that needs a bound that a column has not got and that does not follow from rows either; also for a
/// column of an indicator that is not binary, and numbers beyond those of floats. If the budget is over, any of them, or a model that lacks
/// some of the constraints.
pub(crate) fn lower<'m>(model: &'m Model, budget: &Budget) -> Result<Lowered<'m>, Error> {
    check_special(model)?;
    let mut work = Work {
        original: model,
        budget,
        bounds: Bounds::of(model, budget),
        draft: Draft::new(relaxed(model)),
        choices: Vec::new(),
    };
    let used = work.semi_continuous()?;
    for (index, set) in model.special.sets.iter().enumerate() {
        work.set(index, set, &used)?;
    }
    work.indicators()?;
    let (mut stated, choices) = (work.draft.model, work.choices);
    names::number(&mut stated.variables, model.num_vars(), |var| &mut var.name, budget);
    names::number(&mut stated.rows, model.num_rows(), |row| &mut row.name, budget);
    Ok(Lowered { model: stated, original: model, choices })
}

fn refuse<T>(model: &Model, message: String) -> Result<T, Error> {
    Err(Error::Model { model: model.name.clone(), message })
}

struct Work<'m, 'b> {
    original: &'m Model,
    budget: &'b Budget<'b>,
    bounds: Bounds<'m, 'b>,
    draft: Draft,
    choices: Vec<Choice>,
}

impl Work<'_, '_> {
    fn name(&self, j: VarId) -> &str {
        &self.original.variables[j.index()].name
    }

    fn binary(&mut self, name: String, choice: Choice) -> VarId {
        self.choices.push(choice);
        self.draft.model.add_var(name, 0.0, 1.0, 0.0, VarKind::Integer)
    }

    /// A finite bound, or what to say for want of one.
    fn finite(&mut self, j: VarId, is_upper: bool, what: impl FnOnce(&Self) -> String) -> Result<RBig, Error> {
        match self.bounds.get(j, is_upper) {
            Some(bound) => Ok(bound),
            None => {
                let (name, side) = (self.name(j), if is_upper { "upper" } else { "lower" });
                let message = format!(
                    "{}: '{name}' has no {side} bound, and none follows from the rows; give it one (any that holds)",
                    what(self)
                );
                refuse(self.original, message)
            }
        }
    }

    /// The binary columns of the semi-continuous ones.
    fn semi_continuous(&mut self) -> Result<BTreeMap<VarId, VarId>, Error> {
        let mut used = BTreeMap::new();
        for &j in &self.original.special.semi {
            if self.budget.spend(6 * WORK_OF_A_TERM) {
                return Ok(used);
            }
            let Some((lower, upper)) = bounds::apart_from_zero(self.original, j) else { continue };
            let said = |work: &Self| format!("the semi-continuous column '{}' needs both bounds", work.name(j));
            let lower = lower.map_or_else(|| self.finite(j, false, said), Ok)?;
            let upper = upper.map_or_else(|| self.finite(j, true, said), Ok)?;
            let z = self.binary(format!("used({})", self.name(j)), Choice::Used(j));
            used.insert(j, z);
            let times = |bound: &RBig| vec![(j, RBig::ONE), (z, -bound)];
            let name = self.name(j).to_owned();
            let (least, most) = (times(&lower), times(&upper));
            if lower == upper {
                self.draft.row(format!("{name} of used"), least, Some(RBig::ZERO), Some(RBig::ZERO))?;
            } else {
                self.draft.row(format!("{name} above"), least, Some(RBig::ZERO), None)?;
                self.draft.row(format!("{name} below"), most, None, Some(RBig::ZERO))?;
            }
        }
        Ok(used)
    }

    /// Columns of a set within their bounds times the places that they may stand at.
    fn set(&mut self, index: usize, set: &OrderedSet, used: &BTreeMap<VarId, VarId>) -> Result<(), Error> {
        let places = set.places();
        if places.len() < 2 {
            return Ok(());
        }
        // A binary column is its own place, and that of a semi-continuous one the place of this.
        let own = |j: VarId| {
            let own = used.get(&j).copied().or_else(|| self.original.is_binary(j).then_some(j));
            own.filter(|_| set.neighbours == 1)
        };
        let known: Vec<Option<VarId>> = places.clone().map(|place| own(set.members[place])).collect();
        let columns: Vec<VarId> = (0..)
            .zip(&known)
            .map(|(place, known)| {
                known.unwrap_or_else(|| {
                    self.binary(format!("place({},{})", set.name, place + 1), Choice::Place(index, place))
                })
            })
            .collect();
        for (k, &j) in set.members.iter().enumerate() {
            if known.get(k).is_some_and(Option::is_some) {
                continue;
            }
            let first = (k + 1).saturating_sub(set.neighbours);
            let near = &columns[first..=k.min(columns.len() - 1)];
            if self.budget.spend(2 * (1 + near.len()) * WORK_OF_A_TERM) {
                return Ok(());
            }
            for is_upper in [false, true] {
                let said = |_: &Self| format!("the special ordered set '{}' needs bounds of its columns", set.name);
                let bound = self.finite(j, is_upper, said)?;
                // The bounds of the column say as much.
                if bound.is_zero() || (bound > RBig::ZERO) != is_upper {
                    continue;
                }
                let terms = std::iter::once((j, RBig::ONE)).chain(near.iter().map(|&y| (y, -bound.clone()))).collect();
                let zero = Some(RBig::ZERO);
                let (lower, upper) = if is_upper { (None, zero) } else { (zero, None) };
                self.draft.row(format!("{} in {}", self.name(j), set.name), terms, lower, upper)?;
            }
        }
        let terms = columns.into_iter().map(|y| (y, RBig::ONE)).collect();
        self.draft.row(set.name.clone(), terms, None, Some(RBig::ONE))
    }

    /// Rows that hold where a binary column has its value.
    fn indicators(&mut self) -> Result<(), Error> {
        for (&i, &of) in &self.original.special.indicators {
            if self.budget.spend(self.original.rows[i.index()].terms.len() * WORK_OF_A_TERM) {
                return Ok(());
            }
            match of.settled(self.original) {
                Some(true) => self.draft.restore(i, self.original),
                Some(false) => {}
                None => self.conditional(i, of)?,
            }
        }
        Ok(())
    }

    /// A row that holds where a binary column has its value.
    fn conditional(&mut self, i: RowId, of: Indicator) -> Result<(), Error> {
        let row = rows::Conditional::of(self.original, i, of);
        // The first of the sides stands in the place of the row.
        let mut place = Some(i);
        for is_upper in [true, false] {
            let Some(side) = row.side(is_upper) else { continue };
            let mut extreme = RBig::ZERO;
            for (j, a) in &row.terms {
                let said = |work: &Self| {
                    let (row, column) = (&work.original.rows[i.index()].name, work.name(of.column));
                    format!("row '{row}' holds where '{column}' is {} and needs bounds elsewhere", u8::from(of.value))
                };
                extreme += a * self.finite(*j, (*a > RBig::ZERO) == is_upper, said)?;
            }
            if let Some((terms, side)) = row.relaxed(is_upper, side, &extreme) {
                let (lower, upper) = if is_upper { (None, Some(side)) } else { (Some(side), None) };
                match place.take() {
                    Some(i) => self.draft.replace(i, terms, lower, upper)?,
                    None => {
                        let name = self.original.rows[i.index()].name.clone();
                        self.draft.row(format!("{name} below"), terms, lower, upper)?;
                    }
                }
            }
        }
        Ok(())
    }
}
