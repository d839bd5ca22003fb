//! Presolve: a smaller model that says the same, and the way back.
//!
//! Entry points: [`presolve`] and [`Reduction::restore`]. [`reduce`] visits rows and columns until nothing more happens, as far as the
//! budget and a limit of its own (linear in the size of the model) allow. A reduction is a file; what takes it back stands beside it and is
//! one [`postsolve::Step`].
//!
//! Everything is exact. Numbers are what the model's file says ([`crate::model::Decimals`]), and what a reduction writes is the decimal of a
//! float ([`work`]). Two kinds of reductions: those that keep all points ([`rows`], [`fixed`], [`tightening`], [`parallel_rows`],
//! equations in [`substitution`]), and those that keep one optimum if there is one, and a point if there is one ([`columns`], [`slack`],
//! [`parallel_columns`], singletons in [`substitution`]). So *infeasible*, every bound, and every exact point (with its objective) mean the
//! same of both models. Points that somebody else may refuse ([`crate::Control::judges`]) are another matter: there is no presolve for them.
//! That the reduced model is unbounded says so of the original, but the ray is looked for in that.
//!
//! References: Andersen, Andersen, *Presolving in linear programming*, Math. Programming 71 (1995); Savelsbergh, *Preprocessing and probing
//! techniques for mixed integer programming problems*, ORSA J. Computing 6 (1994); Achterberg, Bixby, Gu, Rothberg, Weninger, *Presolve
//! reductions in mixed integer programming*, INFORMS J. Computing 32 (2020).

mod activity;
mod columns;
mod digits;
mod finish;
mod fixed;
mod implied;
mod numbers;
mod objective;
mod occurrences;
mod parallel_columns;
mod parallel_rows;
mod postsolve;
mod queue;
mod rows;
mod slack;
mod substitution;
#[cfg(test)]
pub(crate) mod tests;
mod tightening;
mod work;

use dashu::rational::RBig;

use crate::check::dot;
use crate::model::{Model, RowId, Sense, VarId};
use crate::number::{approximately, decimal};
use crate::tolerances::rounding_margin;
use crate::whole::WholeRows;
use crate::{Budget, Parameters};
use numbers::bits;
pub(crate) use postsolve::Duals;
use postsolve::{Number, Steps};
use work::{Halt, Work};

/// A product of rationals in units of [`Budget::spend`].
const WORK_OF_A_RATIONAL: usize = 16;

/// What became of a model.
pub(crate) enum Presolved {
    /// Nothing was found.
    Same,
    /// No point satisfies it.
    Infeasible,
    /// A smaller or tighter model.
    Smaller(Box<Reduction>),
}

/// A reduced model and the way back from it.
pub(crate) struct Reduction {
    /// Without names.
    pub model: Model,
    /// The rows and columns of the reduced model in the original one.
    rows: Vec<RowId>,
    columns: Vec<VarId>,
    steps: Steps,
    /// Rows and columns of the original model.
    size: (usize, usize),
    /// Columns of the original model of which a step takes note.
    is_seen: Vec<bool>,
}

/// Reduces a model. Nothing is found where the budget is over.
pub(crate) fn presolve(model: &Model, parameters: &Parameters, budget: &Budget) -> Presolved {
    let work = Work::of(model, parameters, budget);
    work.map_or(Presolved::Same, |work| reduced(work, parameters))
}

fn reduced(mut work: Work<'_>, parameters: &Parameters) -> Presolved {
    let budget = work.budget;
    let size = (work.model.num_rows(), work.model.num_vars());
    if reduce(&mut work) == Err(Halt::Infeasible) {
        return Presolved::Infeasible;
    }
    if !work.is_changed || budget.over().is_some() {
        return Presolved::Same;
    }
    let Some((model, rows, columns, steps)) = finish::finish(work) else { return Presolved::Same };
    let whole = WholeRows::of(&model, parameters.elimination_work, budget);
    if whole.contradiction.is_some() {
        return Presolved::Infeasible;
    }
    if budget.over().is_some() {
        return Presolved::Same;
    }
    let model = if whole.rounded.is_empty() { model } else { WholeRows::apply(&whole.rounded, &model) };
    let mut is_seen = vec![false; size.1];
    steps.iter().for_each(|step| step.columns(&mut |j| is_seen[j.index()] = true));
    Presolved::Smaller(Box::new(Reduction { model, rows, columns, steps, size, is_seen }))
}

fn reduce(work: &mut Work<'_>) -> Result<(), Halt> {
    loop {
        visit_all(work)?;
        let is_news = fixed::sweep(work)? | parallel_rows::merge(work)? | parallel_columns::merge(work)?;
        if !is_news {
            return Ok(());
        }
    }
}

/// Visits rows and columns as long as any of them waits, rows first.
fn visit_all(work: &mut Work<'_>) -> Result<(), Halt> {
    loop {
        if work.is_crossed {
            return Err(Halt::Infeasible);
        }
        if let Some(i) = work.next_row() {
            if rows::visit(work, i)? && !substitution::doubleton(work, i)? {
                tightening::visit(work, i)?;
            }
        } else if let Some(j) = work.next_column() {
            if columns::visit(work, j)? {
                visit_singleton(work, j)?;
            }
        } else {
            return Ok(());
        }
    }
}

/// A column that stands in one row only.
fn visit_singleton(work: &mut Work<'_>, j: VarId) -> Result<(), Halt> {
    let mut rows = work.rows_of(j);
    let (Some((i, a)), None) = (rows.next(), rows.next()) else { return Ok(()) };
    drop(rows);
    if work.cost(j).is_zero() {
        slack::absorb(work, i, j, a)?;
    } else {
        substitution::singleton(work, i, j, a)?;
    }
    Ok(())
}

impl Reduction {
    /// The point of the original model that a point of the reduced one stands for: exactly feasible if that is, with the same objective.
    /// `None` if the budget is over. Cost: the terms of all rows that went, in rationals.
    pub fn restore(&self, x: &[RBig], budget: &Budget) -> Option<Vec<RBig>> {
        let mut all = vec![RBig::ZERO; self.size.1];
        for (j, x) in self.columns.iter().zip(x) {
            all[j.index()] = x.clone();
        }
        self.take_back(&mut all, budget).then_some(all)
    }

    /// The same for floats, taken for decimals, rounded to the nearest. Columns that no step takes note of stay as they are.
    pub fn restore_floats(&self, x: &[f64], budget: &Budget) -> Option<Vec<f64>> {
        let mut all = vec![RBig::ZERO; self.size.1];
        for (j, &x) in self.columns.iter().zip(x).filter(|(j, _)| self.is_seen[j.index()]) {
            all[j.index()] = decimal(x);
        }
        if !self.take_back(&mut all, budget) {
            return None;
        }
        let mut floats: Vec<f64> = all.iter().map(|x| approximately(x) + 0.0).collect();
        for (j, x) in self.columns.iter().zip(x).filter(|(j, _)| !self.is_seen[j.index()]) {
            floats[j.index()] = x + 0.0;
        }
        Some(floats)
    }

    /// Fills in what is not in the reduced model; false if the budget is over.
    fn take_back(&self, x: &mut [RBig], budget: &Budget) -> bool {
        self.steps.iter().rev().all(|step| {
            let mut work = 1;
            step.columns(&mut |j| work += 1 + bits(&x[j.index()]) / 128);
            step.restore(x);
            !budget.spend(WORK_OF_A_RATIONAL * work)
        })
    }

    /// Duals of the original, from those of the reduced model (minimised).
    pub fn restore_duals<N: Number>(&self, reduced: Duals<N>) -> Duals<N> {
        let mut duals = Duals { rows: vec![N::default(); self.size.0], columns: vec![N::default(); self.size.1] };
        for (i, dual) in self.rows.iter().zip(reduced.rows) {
            duals.rows[i.index()] = dual;
        }
        for (j, left) in self.columns.iter().zip(reduced.columns) {
            duals.columns[j.index()] = left;
        }
        self.steps.iter().rev().for_each(|step| N::restore(step.as_ref(), &mut duals));
        duals
    }

    /// The same for duals of rows in floats and in the sense of the model. What is left of a cost after them counts as nothing if rounding
    /// may have left it.
    pub fn restore_float_duals(&self, rows: &[f64]) -> Duals<f64> {
        let sign = if self.model.sense == Sense::Maximise { -1.0 } else { 1.0 };
        let rows: Vec<f64> = rows.iter().map(|dual| sign * dual).collect();
        let mut terms: Vec<Vec<(f64, f64)>> =
            self.model.variables.iter().map(|var| vec![(sign * var.cost, 1.0)]).collect();
        for (row, &dual) in self.model.rows.iter().zip(&rows).filter(|(_, dual)| **dual != 0.0) {
            row.terms.iter().for_each(|&(j, a)| terms[j.index()].push((a, -dual)));
        }
        let left = |terms: Vec<(f64, f64)>| {
            let count = terms.len();
            let (sum, size) = dot(terms.into_iter());
            if sum.abs() <= rounding_margin(count, size) { 0.0 } else { sum }
        };
        let columns = terms.into_iter().map(left).collect();
        self.restore_duals(Duals { rows, columns })
    }

    /// The point of the reduced model for one of the original: feasible if that is, and no worse.
    pub fn carry(&self, x: &[f64]) -> Vec<f64> {
        let mut all = x.to_vec();
        self.steps.iter().for_each(|step| step.carry(&mut all));
        // Columns that went to a bound for the sake of an optimum, and stayed because their values are great, go there.
        let kept = self.columns.iter().zip(&self.model.variables);
        kept.map(|(j, var)| all[j.index()].max(var.lower).min(var.upper)).collect()
    }

    /// The number of a column in the original model.
    pub fn original(&self, column: u32) -> u32 {
        self.columns[column as usize].0
    }
}
