//! Where the search asks the plug-ins of the caller ([`crate::plugins`]), and what it makes of their answers. Without plug-ins nothing here does
//! more than test a flag.

use super::branching::Candidate;
use super::closing::Ground;
use super::incumbent::Fate;
use super::node::Node;
use super::search::Search;
use crate::Error;
use crate::bounds::{BoundChange, Reason};
use crate::model::{Model, VarKind};
use crate::plugins::{Bound, Deduction, ExtraRow, Fractional, NodeView, OpenNode};
use crate::simplex::NewRow;

impl Search<'_> {
    /// The node at hand, with its relaxation's solution once there is one.
    fn view(&self, (number, depth): (u64, u32), bound: f64, is_solved: bool) -> NodeView<'_> {
        let units = self.report.units();
        let columns = self.model.num_vars();
        let solution = if is_solved { &self.relaxation.solution()[..columns] } else { &[] };
        NodeView {
            model: self.model,
            number,
            depth,
            bound: units.bound(bound),
            incumbent: self.incumbent.objective().map(|value| units.objective_near(value)),
            lower: self.domain.lower(),
            upper: self.domain.upper(),
            solution,
            objective: if is_solved { units.objective_near(self.relaxation.objective()) } else { f64::NAN },
        }
    }

    /// The choice of the caller's branching rule, if there is one and it makes one.
    ///
    /// # Errors
    /// [`Error::Plugin`] for a candidate that there is not.
    pub(super) fn choose_by_plugin(
        &self,
        node: &Node,
        bound: f64,
        candidates: &[Candidate],
    ) -> Result<Option<Candidate>, Error> {
        if !self.hooks.has_plugins() {
            return Ok(None);
        }
        let mut plugins = self.hooks.plugins();
        let Some(rule) = &mut plugins.branching else { return Ok(None) };
        let told = candidates.iter().map(|candidate| Fractional {
            column: candidate.var,
            value: candidate.value,
            gains: self.pseudo_costs.expected_gains(candidate),
        });
        let told: Vec<Fractional> = told.collect();
        let Some(branch) = rule.choose(&self.view((node.id + 1, node.depth), bound, true), &told) else {
            return Ok(None);
        };
        let chosen = candidates.get(branch.candidate).ok_or_else(|| {
            Error::Plugin(format!("the branching rule chose candidate {} of {}", branch.candidate, candidates.len()))
        })?;
        Ok(Some(Candidate { up_first: branch.up_first, ..*chosen }))
    }

    /// What the caller's selection says of a new open node.
    pub(super) fn key_by_plugin(&self, node: &Node) -> Option<f64> {
        if !self.hooks.has_plugins() {
            return None;
        }
        let units = self.report.units();
        let objective = node.origin.map_or(f64::NAN, |origin| units.objective_near(origin.objective));
        let told = OpenNode { number: node.id + 1, depth: node.depth, bound: units.bound(node.bound), objective };
        self.hooks.plugins().selection.as_mut().map(|selection| selection.key(&told))
    }

    /// Whether a child of a node comes directly after it.
    pub(super) fn is_plunging(&self) -> bool {
        !self.hooks.has_plugins() || self.hooks.plugins().selection.as_ref().is_none_or(|selection| selection.plunges())
    }

    /// The cuts of the caller at the root, with their names.
    ///
    /// # Errors
    /// [`Error::Plugin`] for rows that make no sense.
    pub(super) fn cuts_of_plugins(&self) -> Result<Vec<(&'static str, Vec<NewRow>)>, Error> {
        if !self.hooks.has_plugins() {
            return Ok(Vec::new());
        }
        let view = self.view((1, 0), self.current_bound, true);
        let mut found = Vec::new();
        for separator in &mut self.hooks.plugins().separators {
            let rows = separator.separate(&view).into_iter().map(|row| stated(row, self.model));
            let rows: Vec<NewRow> = rows.collect::<Result<_, _>>()?;
            if !rows.is_empty() {
                found.push((separator.name(), rows));
            }
        }
        Ok(found)
    }

    /// Adds the lazy rows that points did not keep; whether there was a new one.
    ///
    /// # Errors
    /// [`Error::Plugin`] for rows that make no sense.
    pub(super) fn add_lazy_rows(&mut self) -> Result<bool, Error> {
        if !self.hooks.has_plugins() {
            return Ok(false);
        }
        let mut news: Vec<NewRow> = Vec::new();
        for row in self.hooks.take_violated() {
            let row = stated(row, self.model)?;
            if !self.relaxation.added().iter().chain(&news).any(|known| *known == row) {
                news.push(row);
            }
        }
        let is_news = !news.is_empty();
        if is_news {
            self.relaxation.add_rows(news);
        }
        Ok(is_news)
    }

    /// Lets the caller's propagators, and the search's own after each, find out what they can of the node at hand.
    ///
    /// # Errors
    /// [`Error::Plugin`] for bounds that make no sense.
    pub(super) fn propagate_plugins(&mut self, node: &Node) -> Result<Result<(), Ground>, Error> {
        if !self.hooks.has_plugins() {
            return Ok(Ok(()));
        }
        let hooks = self.hooks;
        let count = hooks.plugins().propagators.len();
        // How many in a row have found nothing.
        let (mut turn, mut idle) = (0, 0);
        while idle < count && self.budget.ask().is_none() {
            let view = self.view((node.id + 1, node.depth), node.bound, false);
            let deduction = hooks.plugins().propagators[turn % count].propagate(&view);
            let mark = self.domain.mark();
            match deduction {
                Deduction::Nothing => {}
                Deduction::Empty => return Ok(Err(Ground::Pattern)),
                Deduction::Bounds(bounds) => {
                    for bound in bounds {
                        let change = change(bound, self.model)?;
                        if let Err(conflict) = self.tighten(change, Reason::Guess) {
                            return Ok(Err(Ground::Conflict(conflict)));
                        }
                    }
                }
            }
            idle = if self.domain.mark() > mark { 0 } else { idle + 1 };
            turn += 1;
        }
        Ok(Ok(()))
    }

    /// Tries the points of the caller's heuristics; whether there was a new best one, so that the node is to be looked at again.
    ///
    /// # Errors
    /// Those of the relaxation; [`Error::Plugin`] for a point of another length.
    pub(super) fn ask_heuristics(&mut self, node: &Node, bound: f64) -> Result<bool, Error> {
        if !self.hooks.has_plugins() {
            return Ok(false);
        }
        let hooks = self.hooks;
        let before = self.incumbent.objective();
        let points: Vec<Vec<f64>> = {
            let view = self.view((node.id + 1, node.depth), bound, true);
            hooks.plugins().heuristics.iter_mut().filter_map(|heuristic| heuristic.propose(&view)).collect()
        };
        for point in &points {
            if point.len() != self.model.num_vars() {
                let (found, columns) = (point.len(), self.model.num_vars());
                return Err(Error::Plugin(format!("a heuristic's point has {found} values for {columns} columns")));
            }
            if let Fate::Stopped(status) = self.try_point(point, 'H', node.depth)? {
                self.stopped = Some(status);
            }
        }
        Ok(self.incumbent.objective() != before)
    }
}

/// A row of a plug-in as the relaxation takes it.
fn stated(row: ExtraRow, model: &Model) -> Result<NewRow, Error> {
    let ExtraRow { terms, lower, upper } = row;
    let mut terms: Vec<(usize, f64)> = terms.into_iter().map(|(var, value)| (var.index(), value)).collect();
    terms.sort_by_key(|(column, _)| *column);
    let columns = model.num_vars();
    let wrong = |what: String| Err(Error::Plugin(format!("a row {what}")));
    if let Some((column, _)) = terms.iter().find(|(column, _)| *column >= columns) {
        return wrong(format!("has column {column} of {columns}"));
    }
    if let Some(pair) = terms.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return wrong(format!("has column '{}' twice", model.variables[pair[0].0].name));
    }
    if let Some((column, value)) = terms.iter().find(|(_, value)| !value.is_finite()) {
        return wrong(format!("has the coefficient {value} of column '{}'", model.variables[*column].name));
    }
    if !(lower < f64::INFINITY && upper > f64::NEG_INFINITY && lower <= upper) {
        return wrong(format!("has the sides {lower} and {upper}"));
    }
    terms.retain(|(_, value)| *value != 0.0);
    Ok(NewRow { lower, upper, terms })
}

/// A bound of a plug-in as a change of the box.
fn change(bound: Bound, model: &Model) -> Result<BoundChange, Error> {
    let Bound { column, is_upper, value } = bound;
    let (j, columns) = (column.index(), model.num_vars());
    let Some(var) = model.variables.get(j) else {
        return Err(Error::Plugin(format!("a bound is of column {j} of {columns}")));
    };
    if value.is_nan() || value == if is_upper { f64::NEG_INFINITY } else { f64::INFINITY } {
        return Err(Error::Plugin(format!("a bound of column '{}' is {value}", var.name)));
    }
    let is_whole = var.kind == VarKind::Integer;
    Ok(match is_upper {
        true => BoundChange::upper(j, if is_whole { value.floor() } else { value }),
        false => BoundChange::lower(j, if is_whole { value.ceil() } else { value }),
    })
}
