//! A formula in memory.

use super::constraint::{Constraint, Sum};
use super::formula::{Reader, Row};
use super::names::Names;
use super::objective::Objective;
use super::propagation::Propagator;
use crate::model::shorten;
use crate::{Error, Source};
use std::collections::BTreeMap;

/// A formula that was read, and all that a proof needs to go on from it.
#[derive(Default)]
pub(crate) struct Problem {
    pub names: Names,
    pub objective: Option<Objective>,
    pub(super) database: Propagator,
    pub(super) labels: BTreeMap<String, usize>,
}

impl Problem {
    /// Reads a whole formula.
    pub fn read(source: Source<'_>) -> Result<Self, Error> {
        let mut reader = Reader::new(source);
        let mut problem = Self::default();
        if let Some((sum, constant)) = reader.objective(&mut problem.names)? {
            problem.set_objective(&sum, constant, &reader)?;
        }
        while let Some(row) = reader.next(&mut problem.names)? {
            problem.add(row, &reader)?;
        }
        Ok(problem)
    }

    /// The objective that the reader gave.
    pub fn set_objective(&mut self, sum: &Sum, constant: i64, reader: &Reader<'_>) -> Result<(), Error> {
        let sum = sum.iter().map(|&(coefficient, lit)| (coefficient.into(), lit)).collect();
        let objective = Objective::new(sum, constant).map_err(|large| reader.malformed(large.to_string()))?;
        self.objective = Some(objective);
        Ok(())
    }

    /// Adds the next constraint of the formula.
    pub fn add(&mut self, row: Row, reader: &Reader<'_>) -> Result<(), Error> {
        let sum = row.sum.iter().map(|&(coefficient, lit)| (coefficient.into(), lit)).collect();
        let added = Constraint::new(sum, row.degree.into()).and_then(|row| self.database.add(&row, true));
        added.map_err(|large| reader.malformed(large.to_string()))?;
        if let Some(label) = row.label {
            let what = format!("label `@{}` stands twice", shorten(&label));
            if self.labels.insert(label, self.database.last_id()).is_some() {
                return Err(reader.malformed(what));
            }
        }
        Ok(())
    }
}
