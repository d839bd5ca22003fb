//! The model while it is being reduced: exact numbers, what was removed, and what is to be looked at again.
//!
//! Rows and columns keep their numbers until [`super::finish`]. Every number that a reduction writes is the decimal of a float (but for
//! the objective's constant), within the range that [`float_of`] allows; a reduction that needs another is not made. So a reduction first
//! computes all that it writes, and then writes it.

use std::collections::VecDeque;

use dashu::rational::RBig;

use super::activity::{Activity, End};
use super::postsolve::Steps;
use crate::Budget;
use crate::model::{Datum, Model, Row, RowId, Sense, VarId, VarKind, Variable};
use crate::number::{approximately, decimal};
use crate::tolerances::{PRESOLVE_NUMBERS, PRESOLVE_WORK};

/// Exact work on an entry in units of [`Budget::spend`].
const WORK_OF_AN_ENTRY: usize = 4;

/// Why reducing ends before nothing is left to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// No point satisfies the model.
    Infeasible,
    /// The budget or the work allowed is over; what was done stands.
    Over,
}

/// What is to be visited, each once.
struct Queue {
    waits: Vec<bool>,
    order: VecDeque<u32>,
}

impl Queue {
    fn of_all(count: usize) -> Self {
        Self { waits: vec![true; count], order: (0..count as u32).collect() }
    }

    fn push(&mut self, k: u32) {
        if !std::mem::replace(&mut self.waits[k as usize], true) {
            self.order.push_back(k);
        }
    }

    fn pop(&mut self) -> Option<u32> {
        let k = self.order.pop_front()?;
        self.waits[k as usize] = false;
        Some(k)
    }
}

/// See the module.
pub(super) struct Work<'a> {
    pub model: Model,
    pub budget: &'a Budget<'a>,
    /// What takes a point of the reduced model back, in the order in which it was done.
    pub steps: Steps,
    /// -1 where the model maximises.
    sign: RBig,
    row_is_gone: Vec<bool>,
    column_is_gone: Vec<bool>,
    /// Rows of each column, those that are gone included.
    columns: Vec<Vec<u32>>,
    activities: Vec<Option<Box<Activity>>>,
    rows: Queue,
    to_visit: Queue,
    /// Work that may still be done.
    left: usize,
    /// Whether duals are to be taken back: there are no integer columns.
    pub has_duals: bool,
    /// Whether anything was written.
    pub is_changed: bool,
    /// Whether the bounds of a column have crossed: no point is left.
    pub is_crossed: bool,
}

/// The float whose decimal a number is, if it is neither so small nor so great that floats are no good with it.
pub(super) fn float_of(value: &RBig) -> Option<f64> {
    let float = approximately(value);
    let (least, greatest) = PRESOLVE_NUMBERS;
    let fits = float == 0.0 || (least..=greatest).contains(&float.abs());
    (fits && decimal(float) == *value).then_some(float)
}

/// The same for a side: infinite where there is none.
pub(super) fn side_of(value: Option<&RBig>, infinite: f64) -> Option<f64> {
    value.map_or(Some(infinite), float_of)
}

impl<'a> Work<'a> {
    /// A copy of the model without names; `None` if it has an entry whose float is zero and that is not, or the budget is over.
    pub fn of(model: &Model, budget: &'a Budget<'a>) -> Option<Self> {
        let variables = model.variables.iter().map(|var| Variable { name: String::new(), ..*var }).collect();
        let mut columns = vec![Vec::new(); model.num_vars()];
        let mut rows = Vec::with_capacity(model.num_rows());
        for (i, row) in model.rows_by_id() {
            if budget.spend(4 * row.terms.len()) {
                return None;
            }
            let mut terms = row.terms.clone();
            if !model.decimals.is_empty() {
                terms.retain(|&(var, a)| !model.decimals.value(Datum::Entry(i, var), a).is_zero());
            } else {
                terms.retain(|&(_, a)| a != 0.0);
            }
            if terms.iter().any(|&(_, a)| a == 0.0) {
                return None;
            }
            terms.sort_unstable_by_key(|&(var, _)| var);
            terms.iter().for_each(|(var, _)| columns[var.index()].push(i.0));
            rows.push(Row { name: String::new(), lower: row.lower, upper: row.upper, terms });
        }
        let (m, n) = (model.num_rows(), model.num_vars());
        let mut work = Self {
            sign: if model.sense == Sense::Maximise { -RBig::ONE } else { RBig::ONE },
            model: Model {
                name: model.name.clone(),
                sense: model.sense,
                offset: model.offset,
                variables,
                rows,
                decimals: model.decimals.clone(),
            },
            budget,
            steps: Vec::new(),
            row_is_gone: vec![false; m],
            column_is_gone: vec![false; n],
            columns,
            activities: vec![None; m],
            rows: Queue::of_all(m),
            to_visit: Queue::of_all(n),
            left: PRESOLVE_WORK * (model.num_nonzeros() + m + n),
            has_duals: !model.has_integers(),
            is_changed: false,
            is_crossed: false,
        };
        work.is_crossed = (0..n as u32).any(|j| work.crosses(VarId(j)));
        (0..n as u32).all(|j| work.round_bounds(VarId(j))).then_some(work)
    }

    /// Makes the bounds of an integer column whole; false if they are no floats then.
    fn round_bounds(&mut self, j: VarId) -> bool {
        let old = self.bounds(j);
        let new = self.whole(j, old.clone());
        let sides = [(Datum::Lower(j), f64::NEG_INFINITY), (Datum::Upper(j), f64::INFINITY)];
        let floats = new.iter().zip(sides).map(|(bound, (_, infinite))| side_of(bound.as_ref(), infinite));
        let floats: Vec<Option<f64>> = floats.collect();
        for (k, (datum, _)) in sides.into_iter().enumerate() {
            if new[k] == old[k] {
                continue;
            }
            let Some(float) = floats[k] else { return false };
            self.set_bound(datum, float);
        }
        true
    }

    /// Bounds of a column as whole numbers, where it is whole.
    pub fn whole(&self, j: VarId, [lower, upper]: [Option<RBig>; 2]) -> [Option<RBig>; 2] {
        if !self.is_integer(j) {
            return [lower, upper];
        }
        [lower.map(|lower| lower.ceil().into()), upper.map(|upper| upper.floor().into())]
    }

    /// The next row to be looked at.
    pub fn next_row(&mut self) -> Option<RowId> {
        loop {
            let i = RowId(self.rows.pop()?);
            if !self.is_row_gone(i) {
                return Some(i);
            }
        }
    }

    /// The next column to be looked at.
    pub fn next_column(&mut self) -> Option<VarId> {
        loop {
            let j = VarId(self.to_visit.pop()?);
            if !self.is_column_gone(j) {
                return Some(j);
            }
        }
    }

    /// Counts work, in entries visited.
    pub fn spend(&mut self, work: usize) -> Result<(), Halt> {
        let is_over = self.budget.spend(WORK_OF_AN_ENTRY * work) || self.left < work;
        self.left = self.left.saturating_sub(work);
        if is_over { Err(Halt::Over) } else { Ok(()) }
    }

    pub fn is_row_gone(&self, i: RowId) -> bool {
        self.row_is_gone[i.index()]
    }

    pub fn is_column_gone(&self, j: VarId) -> bool {
        self.column_is_gone[j.index()]
    }

    pub fn row(&self, i: RowId) -> &Row {
        &self.model.rows[i.index()]
    }

    pub fn column(&self, j: VarId) -> &Variable {
        &self.model.variables[j.index()]
    }

    pub fn is_integer(&self, j: VarId) -> bool {
        self.column(j).kind == VarKind::Integer
    }

    /// Rows that are left and in which a column stands, with its coefficients.
    pub fn rows_of(&self, j: VarId) -> impl Iterator<Item = (RowId, f64)> {
        let left = self.columns[j.index()].iter().map(|&i| RowId(i)).filter(|&i| !self.is_row_gone(i));
        left.filter_map(move |i| Some((i, self.coefficient(i, j)?)))
    }

    /// How many rows a column stands in.
    pub fn count(&self, j: VarId) -> usize {
        self.columns[j.index()].iter().filter(|&&i| !self.row_is_gone[i as usize]).count()
    }

    pub fn coefficient(&self, i: RowId, j: VarId) -> Option<f64> {
        let terms = &self.row(i).terms;
        terms.binary_search_by_key(&j, |&(var, _)| var).ok().map(|k| terms[k].1)
    }

    /// The exact coefficient whose float is `a`.
    pub fn entry(&self, i: RowId, j: VarId, a: f64) -> RBig {
        self.model.decimals.value(Datum::Entry(i, j), a)
    }

    /// The entries of a column, exactly, where duals need them.
    pub fn entries(&self, j: VarId) -> Vec<(RowId, RBig)> {
        if self.has_duals { self.rows_of(j).map(|(i, a)| (i, self.entry(i, j, a))).collect() } else { Vec::new() }
    }

    /// The terms of a row, exactly.
    pub fn terms(&self, i: RowId) -> Vec<(VarId, RBig)> {
        self.row(i).terms.iter().map(|&(j, a)| (j, self.entry(i, j, a))).collect()
    }

    /// The cost of a column, minimised.
    pub fn cost(&self, j: VarId) -> RBig {
        &self.sign * self.model.decimals.value(Datum::Cost(j), self.column(j).cost)
    }

    pub fn lower(&self, j: VarId) -> Option<RBig> {
        self.model.decimals.side(Datum::Lower(j), self.column(j).lower)
    }

    pub fn upper(&self, j: VarId) -> Option<RBig> {
        self.model.decimals.side(Datum::Upper(j), self.column(j).upper)
    }

    /// Both bounds of a column.
    pub fn bounds(&self, j: VarId) -> [Option<RBig>; 2] {
        [self.lower(j), self.upper(j)]
    }

    pub fn row_lower(&self, i: RowId) -> Option<RBig> {
        self.model.decimals.side(Datum::RowLower(i), self.row(i).lower)
    }

    pub fn row_upper(&self, i: RowId) -> Option<RBig> {
        self.model.decimals.side(Datum::RowUpper(i), self.row(i).upper)
    }

    /// Both sides of a row.
    pub fn sides(&self, i: RowId) -> [Option<RBig>; 2] {
        [self.row_lower(i), self.row_upper(i)]
    }

    /// The side of a row that is an equation.
    pub fn right(&self, i: RowId) -> Option<RBig> {
        let lower = self.row_lower(i)?;
        (self.row_upper(i)? == lower).then_some(lower)
    }

    /// The least and greatest value of a row within the bounds of its columns.
    pub fn activity(&mut self, i: RowId) -> &Activity {
        if self.activities[i.index()].is_none() {
            self.activities[i.index()] = Some(Box::new(Activity::of(&self.model, i)));
        }
        self.activities[i.index()].as_ref().expect("made above")
    }

    /// What a row less one of its columns comes to: least and greatest value.
    pub fn rest(&mut self, i: RowId, j: VarId, a: &RBig) -> [End; 2] {
        let [lower, upper] = self.bounds(j);
        self.activity(i).without(a, lower.as_ref(), upper.as_ref())
    }

    /// A bound that moves inwards, the decimal of `bound` (or infinite).
    pub fn set_bound(&mut self, datum: Datum, bound: f64) {
        let j = match datum {
            Datum::Lower(j) => {
                self.model.variables[j.index()].lower = bound;
                j
            }
            Datum::Upper(j) => {
                self.model.variables[j.index()].upper = bound;
                j
            }
            _ => return,
        };
        self.say(datum, bound);
        self.touch_column(j);
        self.is_crossed |= self.crosses(j);
    }

    fn crosses(&self, j: VarId) -> bool {
        let [lower, upper] = self.bounds(j);
        let var = self.column(j);
        var.lower > var.upper || lower.zip(upper).is_some_and(|(lower, upper)| lower > upper)
    }

    /// Both bounds, which may move outwards as well.
    pub fn set_bounds(&mut self, j: VarId, [lower, upper]: [f64; 2]) {
        let var = &mut self.model.variables[j.index()];
        (var.lower, var.upper) = (lower, upper);
        self.say(Datum::Lower(j), lower);
        self.say(Datum::Upper(j), upper);
        self.touch_column(j);
        self.is_crossed |= self.crosses(j);
    }

    /// A side of a row.
    pub fn set_side(&mut self, datum: Datum, side: f64) {
        let i = match datum {
            Datum::RowLower(i) => {
                self.model.rows[i.index()].lower = side;
                i
            }
            Datum::RowUpper(i) => {
                self.model.rows[i.index()].upper = side;
                i
            }
            _ => return,
        };
        self.say(datum, side);
        self.touch_row(i);
        if side.is_infinite() {
            // What its columns are free to do may have changed.
            self.model.rows[i.index()].terms.iter().for_each(|&(j, _)| self.to_visit.push(j.0));
        }
    }

    /// Both sides.
    pub fn set_sides(&mut self, i: RowId, [lower, upper]: [f64; 2]) {
        self.set_side(Datum::RowLower(i), lower);
        self.set_side(Datum::RowUpper(i), upper);
    }

    /// Coefficients of a row, by column; 0 takes the entry out.
    pub fn set_entries(&mut self, i: RowId, entries: impl IntoIterator<Item = (VarId, f64)>) {
        for (j, a) in entries {
            let terms = &mut self.model.rows[i.index()].terms;
            match (terms.binary_search_by_key(&j, |&(var, _)| var), a == 0.0) {
                (Ok(k), true) => {
                    terms.remove(k);
                    self.columns[j.index()].retain(|&other| other != i.0);
                }
                (Ok(k), false) => terms[k].1 = a,
                (Err(_), true) => {}
                (Err(k), false) => {
                    terms.insert(k, (j, a));
                    self.columns[j.index()].push(i.0);
                }
            }
            self.say(Datum::Entry(i, j), a);
            self.to_visit.push(j.0);
        }
        self.touch_row(i);
    }

    /// The cost of a column, in the sense of the model.
    pub fn set_cost(&mut self, j: VarId, cost: f64) {
        self.model.variables[j.index()].cost = cost;
        self.say(Datum::Cost(j), cost);
        self.to_visit.push(j.0);
    }

    /// The cost that stands for a minimised one, as the model writes it.
    pub fn cost_of(&self, minimised: &RBig) -> Option<f64> {
        float_of(&(&self.sign * minimised))
    }

    /// Whether a number is of a size that floats are good with; it may have more digits than they have.
    pub fn is_modest(value: &RBig) -> bool {
        approximately(value).abs() <= PRESOLVE_NUMBERS.1
    }

    /// Adds to the constant of the (minimised) objective, which is kept exactly.
    pub fn add_constant(&mut self, minimised: &RBig) {
        let offset = self.model.decimals.value(Datum::Offset, self.model.offset) + &self.sign * minimised;
        self.model.offset = approximately(&offset);
        if self.model.decimals.value(Datum::Offset, self.model.offset) != offset {
            self.model.decimals.record(Datum::Offset, self.model.offset, offset);
        }
    }

    /// What a file said in the place of a number that has changed does not count any more, even if the float is the same.
    fn say(&mut self, datum: Datum, float: f64) {
        self.is_changed = true;
        if self.model.decimals.kept(datum, float).is_some() {
            self.model.decimals.record(datum, float, decimal(float));
        }
    }

    fn touch_row(&mut self, i: RowId) {
        self.activities[i.index()] = None;
        self.rows.push(i.0);
    }

    /// The bounds of a column have changed.
    fn touch_column(&mut self, j: VarId) {
        self.to_visit.push(j.0);
        for &i in &self.columns[j.index()] {
            if !self.row_is_gone[i as usize] {
                self.activities[i as usize] = None;
                self.rows.push(i);
            }
        }
    }

    /// Takes a row out; whoever does so knows why that loses nothing.
    pub fn remove_row(&mut self, i: RowId) {
        self.is_changed = true;
        self.row_is_gone[i.index()] = true;
        self.activities[i.index()] = None;
        for (j, _) in std::mem::take(&mut self.model.rows[i.index()].terms) {
            self.to_visit.push(j.0);
        }
    }

    /// Takes a column out of the model; whoever does so takes it out of its rows.
    pub fn remove_column(&mut self, j: VarId) {
        self.is_changed = true;
        self.column_is_gone[j.index()] = true;
    }

    /// Takes a column out of the one row that it stands in, which keeps the activity `rest`.
    pub fn remove_singleton(&mut self, i: RowId, j: VarId, [least, greatest]: [End; 2]) {
        let terms = &mut self.model.rows[i.index()].terms;
        terms.retain(|&(var, _)| var != j);
        self.columns[j.index()].clear();
        self.remove_column(j);
        self.activities[i.index()] = Some(Box::new(Activity { least, greatest }));
        self.rows.push(i.0);
    }

    /// Takes all columns out of a row for which `is_out` holds; the sides are made up by the caller.
    pub fn remove_terms(&mut self, i: RowId, is_out: impl Fn(VarId) -> bool) {
        self.model.rows[i.index()].terms.retain(|&(j, _)| !is_out(j));
        self.touch_row(i);
    }

    /// A column stays at its lower or upper bound.
    pub fn fix_at(&mut self, datum: Datum) {
        let (Datum::Lower(j) | Datum::Upper(j)) = datum else { return };
        let var = &mut self.model.variables[j.index()];
        let (at, other) = match datum {
            Datum::Lower(_) => (var.lower, Datum::Upper(j)),
            _ => (var.upper, Datum::Lower(j)),
        };
        (var.lower, var.upper) = (at, at);
        // The float alone may not say which number it stands for.
        let exact = self.model.decimals.value(datum, at);
        if self.model.decimals.value(other, at) != exact {
            self.model.decimals.record(other, at, exact);
        }
        self.is_changed = true;
        self.touch_column(j);
    }

    /// Rows and columns that are left.
    pub fn left(&self) -> (Vec<RowId>, Vec<VarId>) {
        let rows = (0..self.model.num_rows() as u32).map(RowId).filter(|&i| !self.is_row_gone(i)).collect();
        let columns = (0..self.model.num_vars() as u32).map(VarId).filter(|&j| !self.is_column_gone(j)).collect();
        (rows, columns)
    }
}
