//! What is left after reducing, as a model of its own.

use super::postsolve::Steps;
use super::work::Work;
use crate::model::{Datum, Model, Row, RowId, VarId};
use crate::number::decimal;

/// The reduced model, and the numbers that its rows and columns have in the original one; `None` if the budget is over.
pub(super) fn finish(work: Work<'_>) -> Option<(Model, Vec<RowId>, Vec<VarId>, Steps)> {
    let budget = work.budget;
    let (rows, columns) = work.left();
    let mut place = vec![u32::MAX; work.model.num_vars()];
    for (k, j) in columns.iter().enumerate() {
        place[j.index()] = k as u32;
    }
    let (old, steps) = (work.model, work.steps);
    let mut model = Model { name: old.name, sense: old.sense, offset: old.offset, ..Model::default() };
    let mut keep = |from: Datum, to: Datum, float: f64| {
        if let Some(value) = old.decimals.kept(from, float)
            && decimal(float) != *value
        {
            model.decimals.record(to, float, value.clone());
        }
    };
    keep(Datum::Offset, Datum::Offset, old.offset);
    for (k, j) in columns.iter().enumerate() {
        if budget.spend(1) {
            return None;
        }
        let (var, to) = (&old.variables[j.index()], VarId(k as u32));
        keep(Datum::Cost(*j), Datum::Cost(to), var.cost);
        keep(Datum::Lower(*j), Datum::Lower(to), var.lower);
        keep(Datum::Upper(*j), Datum::Upper(to), var.upper);
    }
    for (k, i) in rows.iter().enumerate() {
        if budget.spend(1 + old.rows[i.index()].terms.len()) {
            return None;
        }
        let (row, to) = (&old.rows[i.index()], RowId(k as u32));
        keep(Datum::RowLower(*i), Datum::RowLower(to), row.lower);
        keep(Datum::RowUpper(*i), Datum::RowUpper(to), row.upper);
        for &(j, a) in &row.terms {
            keep(Datum::Entry(*i, j), Datum::Entry(to, VarId(place[j.index()])), a);
        }
    }
    model.variables = columns.iter().map(|j| old.variables[j.index()].clone()).collect();
    let mut all = old.rows;
    model.rows = rows.iter().map(|i| std::mem::replace(&mut all[i.index()], empty())).collect();
    for row in &mut model.rows {
        row.terms.iter_mut().for_each(|(j, _)| *j = VarId(place[j.index()]));
    }
    Some((model, rows, columns, steps))
}

fn empty() -> Row {
    Row { name: String::new(), lower: 0.0, upper: 0.0, terms: Vec::new() }
}
