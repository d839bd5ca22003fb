//! The state of a proof in progress, and the constraints that steps name.

use super::constraint::{Constraint, TooLarge};
use super::index::Index;
use super::names::Names;
use super::objective::Objective;
use super::problem::Problem;
use super::propagation::Propagator;
use super::tokens::Tokens;
use crate::model::shorten;
use crate::{Error, Source};
use std::collections::BTreeMap;

/// A proof in progress.
pub(super) struct Run<'s> {
    pub tokens: Tokens<'s>,
    pub names: Names,
    pub objective: Option<Objective>,
    pub database: Propagator,
    pub labels: BTreeMap<String, usize>,
    /// Constraints to look up, once a step needed that.
    pub index: Option<Index>,
    /// The least value of a logged solution; without an objective 0.
    pub best: Option<i64>,
    pub constraints: usize,
    pub alive: usize,
    pub most_alive: usize,
}

impl<'s> Run<'s> {
    pub fn new(problem: Problem, proof: Source<'s>) -> Self {
        let Problem { names, objective, database, labels } = problem;
        let constraints = database.last_id();
        Self {
            tokens: Tokens::new(proof, b'%'),
            names,
            objective,
            database,
            labels,
            index: None,
            best: None,
            constraints,
            alive: constraints,
            most_alive: constraints,
        }
    }

    pub fn large(&self, large: TooLarge) -> Error {
        self.tokens.malformed(large.to_string())
    }

    /// Whether the live constraints and these lead to a conflict by propagation.
    pub fn refutes(&mut self, assumptions: &[&Constraint]) -> Result<bool, Error> {
        let refuted = self.database.refutes(assumptions).map_err(|large| self.large(large))?;
        self.tokens.spend(self.database.take_steps())?;
        Ok(refuted)
    }

    /// The current token as the id of a constraint, alive or not: a number from 1, backwards from -1, or a label.
    pub fn id(&self) -> Result<usize, Error> {
        if let Some(label) = self.tokens.label()? {
            let id = self.labels.get(&label).copied();
            return id.ok_or_else(|| self.tokens.refuted(format!("there is no label `@{}`", shorten(&label))));
        }
        self.numbered(self.tokens.integer("the id of a constraint")?)
    }

    /// The id that a number stands for: from 1, or backwards from -1.
    pub fn numbered(&self, number: i64) -> Result<usize, Error> {
        let last = self.database.last_id();
        let size = usize::try_from(number.unsigned_abs()).unwrap_or(usize::MAX);
        let id = if number < 0 { (last + 1).saturating_sub(size) } else { size };
        if (1..=last).contains(&id) {
            Ok(id)
        } else {
            Err(self.tokens.refuted(format!("there is no constraint {number} (so far there are {last})")))
        }
    }

    /// A live constraint.
    pub fn live(&self, id: usize) -> Result<Constraint, Error> {
        match self.database.get(id) {
            Some(row) => Ok(row.constraint()),
            None => Err(self.tokens.refuted(format!("constraint {id} was deleted"))),
        }
    }
}
