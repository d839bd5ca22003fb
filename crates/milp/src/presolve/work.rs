//! The model while it is being reduced: exact numbers, what was removed, and what is to be looked at again.
//!
//! Rows and columns keep their numbers until [`super::finish`]. Every number that a reduction writes is the decimal of a float (but for
//! the objective's constant), within the range that [`super::numbers`] allows; a reduction that needs another is not made. So a reduction first
//! computes all that it writes, and then writes it.

use dashu::rational::RBig;

use super::activity::{Activity, End};
use super::digits::Digits;
use super::numbers::side_of;
use super::occurrences::{Occurrences, coefficient};
use super::postsolve::Steps;
use super::queue::Queue;
use crate::model::{Datum, Model, Row, RowId, Sense, VarId, VarKind, Variable};
use crate::number::decimal;
use crate::{Budget, Parameters};

/// Exact work on an entry in units of [`Budget::spend`].
const WORK_OF_AN_ENTRY: usize = 4;

/// Entries moved within a row, or list, in the time that exact work on one takes.
const MOVES: usize = 32;

/// Why reducing ends before nothing is left to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// No point satisfies the model.
    Infeasible,
    /// The budget or the work allowed is over; what was done stands.
    Over,
}

/// See the module.
pub(super) struct Work<'a> {
    pub model: Model,
    pub budget: &'a Budget<'a>,
    /// What takes a point of the reduced model back, in the order in which it was done.
    pub steps: Steps,
    /// -1 where the model maximises.
    pub sign: RBig,
    row_is_gone: Vec<bool>,
    column_is_gone: Vec<bool>,
    occurrences: Occurrences,
    pub digits: Digits,
    activities: Vec<Option<Box<Activity>>>,
    /// When bounds of columns moved last, and when activities were summed up. Those of long rows are kept up instead.
    moved_at: Vec<u64>,
    made_at: Vec<u64>,
    now: u64,
    rows: Queue,
    /// Columns whose bounds have moved: their rows wait behind all others.
    moved: Queue,
    to_visit: Queue,
    /// Work that may still be done, in entries visited.
    pub allowance: usize,
    /// Entries of a row, and of its columns, up to which bounds that other rows imply are looked for.
    pub implying_entries: usize,
    /// Whether duals are to be taken back: there are no integer columns.
    pub has_duals: bool,
    /// Rows in which an integer column stands, or stood.
    pub has_integers: Vec<bool>,
    /// Whether anything was written.
    pub is_changed: bool,
    /// Whether the bounds of a column have crossed: no point is left.
    pub is_crossed: bool,
}

impl<'a> Work<'a> {
    /// A copy of the model without names; `None` if it has an entry whose float is zero and that is not, or the budget is over.
    pub fn of(model: &Model, parameters: &Parameters, budget: &'a Budget<'a>) -> Option<Self> {
        let variables = model.variables.iter().map(|var| Variable { name: String::new(), ..*var }).collect();
        let mut occurrences = Occurrences::new(model.num_vars());
        let mut rows = Vec::with_capacity(model.num_rows());
        let mut has_integers = Vec::with_capacity(model.num_rows());
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
            has_integers.push(terms.iter().any(|(j, _)| model.variables[j.index()].kind == VarKind::Integer));
            let row = Row { name: String::new(), lower: row.lower, upper: row.upper, terms };
            occurrences.add(&row);
            rows.push(row);
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
                ..Model::default()
            },
            budget,
            steps: Vec::new(),
            row_is_gone: vec![false; m],
            column_is_gone: vec![false; n],
            occurrences,
            digits: Digits::new(n),
            activities: vec![None; m],
            moved_at: vec![0; n],
            made_at: vec![0; m],
            now: 0,
            rows: Queue::of_all(m),
            moved: Queue::empty(n),
            to_visit: Queue::of_all(n),
            allowance: parameters.presolve_work.saturating_mul(model.num_nonzeros() + m + n),
            implying_entries: parameters.implying_entries,
            has_duals: !model.has_integers(),
            has_integers,
            is_changed: false,
            is_crossed: false,
        };
        for j in (0..n as u32).map(VarId) {
            work.is_crossed |= work.crosses(j);
            if budget.spend(WORK_OF_AN_ENTRY) || !work.round_bounds(j) {
                return None;
            }
        }
        Some(work)
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
            while let Some(i) = self.rows.pop().map(RowId) {
                if !self.is_row_gone(i) {
                    return Some(i);
                }
            }
            // All of them at once: a row that many of them share is visited once.
            let mut work = 0;
            while let Some(j) = self.moved.pop().map(VarId) {
                self.occurrences.list(j).iter().for_each(|&i| self.rows.push(i));
                work += 1 + self.count(j) / 8;
            }
            if work == 0 {
                return None;
            }
            self.charge(work);
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
        let is_over = self.allowance < work;
        self.charge(work);
        if is_over || self.budget.over().is_some() { Err(Halt::Over) } else { Ok(()) }
    }

    /// Hears within a long row, which was counted as a whole, whether the run is over: it may be left half done, for nothing that was reduced counts
    /// then.
    pub fn hear(&self) -> Result<(), Halt> {
        if self.budget.spend(WORK_OF_AN_ENTRY) { Err(Halt::Over) } else { Ok(()) }
    }

    /// Counts work that is not left half done; whoever spends next hears that it was too much.
    pub fn charge(&mut self, work: usize) {
        self.budget.spend(WORK_OF_AN_ENTRY * work);
        self.allowance = self.allowance.saturating_sub(work);
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
        let rows = self.occurrences.list(j).iter().map(|&i| RowId(i));
        rows.filter_map(move |i| Some((i, self.coefficient(i, j)?)))
    }

    /// How many rows a column stands in.
    pub fn count(&self, j: VarId) -> usize {
        self.occurrences.count(j)
    }

    pub fn coefficient(&self, i: RowId, j: VarId) -> Option<f64> {
        coefficient(self.row(i), j)
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
    pub fn activity(&mut self, i: RowId) -> Result<&Activity, Halt> {
        let made_at = self.made_at[i.index()];
        let is_current =
            self.occurrences.is_long(i) || self.row(i).terms.iter().all(|(j, _)| self.moved_at[j.index()] <= made_at);
        if !is_current || self.activities[i.index()].is_none() {
            self.charge(self.row(i).terms.len());
            let activity = Activity::of(&self.model, i, self.budget).ok_or(Halt::Over)?;
            self.made_at[i.index()] = self.now;
            self.activities[i.index()] = Some(Box::new(activity));
        }
        Ok(self.activities[i.index()].as_ref().expect("made above"))
    }

    /// What a row less one of its columns comes to: least and greatest value.
    pub fn rest(&mut self, i: RowId, j: VarId, a: &RBig) -> Result<[End; 2], Halt> {
        let [lower, upper] = self.bounds(j);
        Ok(self.activity(i)?.without(a, lower.as_ref(), upper.as_ref()))
    }

    /// A bound that moves inwards, the decimal of `bound` (or infinite).
    pub fn set_bound(&mut self, datum: Datum, bound: f64) {
        let (Datum::Lower(j) | Datum::Upper(j)) = datum else { return };
        let old = self.bounds(j);
        let var = &mut self.model.variables[j.index()];
        *(if matches!(datum, Datum::Lower(_)) { &mut var.lower } else { &mut var.upper }) = bound;
        self.say(datum, bound);
        self.touch_column(j, &old);
        self.is_crossed |= self.crosses(j);
    }

    fn crosses(&self, j: VarId) -> bool {
        let [lower, upper] = self.bounds(j);
        let var = self.column(j);
        var.lower > var.upper || lower.zip(upper).is_some_and(|(lower, upper)| lower > upper)
    }

    /// Both bounds, which may move outwards as well.
    pub fn set_bounds(&mut self, j: VarId, [lower, upper]: [f64; 2]) {
        let old = self.bounds(j);
        let var = &mut self.model.variables[j.index()];
        (var.lower, var.upper) = (lower, upper);
        self.say(Datum::Lower(j), lower);
        self.say(Datum::Upper(j), upper);
        self.touch_column(j, &old);
        self.is_crossed |= self.crosses(j);
    }

    /// A side of a row.
    pub fn set_side(&mut self, datum: Datum, side: f64) {
        let (Datum::RowLower(i) | Datum::RowUpper(i)) = datum else { return };
        let row = &mut self.model.rows[i.index()];
        let at = if matches!(datum, Datum::RowLower(_)) { &mut row.lower } else { &mut row.upper };
        let old = std::mem::replace(at, side);
        self.say(datum, side);
        self.rows.push(i.0);
        if side.is_infinite() && old.is_finite() {
            // What its columns are free to do may have changed.
            self.charge(self.row(i).terms.len() / MOVES);
            self.model.rows[i.index()].terms.iter().for_each(|&(j, _)| self.to_visit.push(j.0));
        }
    }

    /// Both sides.
    pub fn set_sides(&mut self, i: RowId, [lower, upper]: [f64; 2]) {
        self.set_side(Datum::RowLower(i), lower);
        self.set_side(Datum::RowUpper(i), upper);
    }

    /// Coefficients other than zero for columns that stand in a row.
    pub fn set_entries(&mut self, i: RowId, entries: impl IntoIterator<Item = (VarId, f64)>) {
        for (j, a) in entries {
            let terms = &mut self.model.rows[i.index()].terms;
            if let Ok(k) = terms.binary_search_by_key(&j, |&(var, _)| var) {
                terms[k].1 = a;
                self.say(Datum::Entry(i, j), a);
                self.to_visit.push(j.0);
            }
        }
        self.touch_row(i);
    }

    /// Puts a column with coefficient `a` (none, if that is 0) in the place of one that goes and of its own term, if there is one.
    pub fn replace(&mut self, i: RowId, gone: VarId, (j, a): (VarId, f64)) {
        self.has_integers[i.index()] |= self.is_integer(j);
        let terms = &mut self.model.rows[i.index()].terms;
        let place = |terms: &[(VarId, f64)], j: VarId| terms.binary_search_by_key(&j, |&(var, _)| var);
        let Ok(from) = place(terms, gone) else { return };
        let moved = match place(terms, j) {
            Err(to) if a != 0.0 => {
                // What stands between both places makes room.
                let (to, between) = if from < to { (to - 1, from..to) } else { (to, to..from + 1) };
                let moved = between.len();
                if from <= to {
                    terms[between].rotate_left(1)
                } else {
                    terms[between].rotate_right(1)
                }
                terms[to] = (j, a);
                self.occurrences.enter(j, i, &self.model.rows);
                moved
            }
            Err(_) => {
                terms.remove(from);
                terms.len() - from
            }
            Ok(_) => {
                terms.remove(from);
                let moved = terms.len() - from;
                if let Ok(at) = place(terms, j) {
                    terms[at].1 = a;
                    if a == 0.0 {
                        terms.remove(at);
                        self.occurrences.leave(j, i, &self.model.rows);
                    }
                }
                2 * moved
            }
        };
        let looked_at = std::mem::take(&mut self.occurrences.looked_at);
        self.charge((moved + looked_at) / MOVES);
        self.say(Datum::Entry(i, j), a);
        self.to_visit.push(j.0);
        self.touch_row(i);
    }

    /// The cost of a column, in the sense of the model.
    pub fn set_cost(&mut self, j: VarId, cost: f64) {
        self.model.variables[j.index()].cost = cost;
        self.say(Datum::Cost(j), cost);
        self.to_visit.push(j.0);
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

    /// The bounds of a column have changed, from `old`.
    fn touch_column(&mut self, j: VarId, old: &[Option<RBig>; 2]) {
        self.to_visit.push(j.0);
        self.moved.push(j.0);
        self.now += 1;
        self.moved_at[j.index()] = self.now;
        let new = self.bounds(j);
        for &i in self.occurrences.long(j) {
            let (i, row) = (RowId(i), &self.model.rows[i as usize]);
            if let (Some(activity), Some(a)) = (&mut self.activities[i.index()], coefficient(row, j)) {
                activity.moved(&self.model.decimals.value(Datum::Entry(i, j), a), old, &new);
            }
        }
        self.charge(1 + self.occurrences.long(j).len());
    }

    /// Takes a row out; whoever does so knows why that loses nothing.
    pub fn remove_row(&mut self, i: RowId) {
        self.is_changed = true;
        self.row_is_gone[i.index()] = true;
        self.activities[i.index()] = None;
        for (j, _) in std::mem::take(&mut self.model.rows[i.index()].terms) {
            self.to_visit.push(j.0);
            self.occurrences.lose(j, i, &self.model.rows);
        }
    }

    /// Takes a column out of the model; whoever does so takes it out of its rows.
    pub fn remove_column(&mut self, j: VarId) {
        self.is_changed = true;
        self.column_is_gone[j.index()] = true;
        self.occurrences.clear(j);
    }

    /// Takes columns that go out of a row; the sides are made up by the caller.
    pub fn remove_terms(&mut self, i: RowId, is_out: impl Fn(VarId) -> bool) {
        self.charge(self.row(i).terms.len() / MOVES);
        self.model.rows[i.index()].terms.retain(|&(j, _)| !is_out(j));
        self.touch_row(i);
    }

    /// A column stays at its lower or upper bound.
    pub fn fix_at(&mut self, datum: Datum) {
        let (Datum::Lower(j) | Datum::Upper(j)) = datum else { return };
        let old = self.bounds(j);
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
        self.touch_column(j, &old);
    }

    /// Rows and columns that are left.
    pub fn left(&self) -> (Vec<RowId>, Vec<VarId>) {
        let rows = (0..self.model.num_rows() as u32).map(RowId).filter(|&i| !self.is_row_gone(i)).collect();
        let columns = (0..self.model.num_vars() as u32).map(VarId).filter(|&j| !self.is_column_gone(j)).collect();
        (rows, columns)
    }
}
