//! Points of a model, as files have them and recounted.

use super::part::index;
use milp::check::{bound_below, objective_at};
use milp::{Model, Options, Outcome, Rational, Sense};
use numerics::fraction;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A point that satisfies a model, with its objective.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The values of all columns, the nearest floats.
    pub values: Vec<f64>,
    /// The same without rounding, where the point satisfies the model without tolerance.
    pub exact: Option<Vec<Rational>>,
    /// Its exact objective, in the sense of the model.
    pub objective: Rational,
}

/// A point in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointFile {
    /// Whether values are fractions, and satisfy the model without tolerance; else they are floats.
    pub exact: bool,
    /// By the names of columns; those that are 0 are left out.
    pub values: BTreeMap<String, String>,
}

impl Point {
    /// The best point of a run, if it satisfies the model.
    pub(super) fn of(model: &Model, outcome: &Outcome) -> Option<Self> {
        let values = outcome.solution.clone()?;
        Self::recounted(model, values, outcome.exact_solution.clone())
    }

    fn recounted(model: &Model, values: Vec<f64>, exact: Option<Vec<Rational>>) -> Option<Self> {
        let tolerance = Options::default().feasibility_tolerance;
        let objective = objective_at(model, &values, exact.as_deref(), tolerance)?;
        Some(Self { values, exact, objective })
    }

    /// The point of a file.
    pub(super) fn read(file: &PointFile, model: &Model) -> Result<Self, String> {
        let (values, exact) = if file.exact {
            let exact = vector(&file.values, model, fraction)?;
            (exact.iter().map(|value| value.to_f64().value()).collect(), Some(exact))
        } else {
            (vector(&file.values, model, |text| text.parse::<f64>().ok().filter(|value| value.is_finite()))?, None)
        };
        Self::recounted(model, values, exact).ok_or_else(|| "its point does not satisfy the model".to_owned())
    }

    /// As a file has it.
    pub(super) fn file(&self, model: &Model) -> PointFile {
        let exact = self.exact.is_some();
        let values = match &self.exact {
            Some(exact) => named(model, exact, Rational::is_zero, ToString::to_string),
            None => named(model, &self.values, |value| *value == 0.0, |value| format!("{value:?}")),
        };
        PointFile { exact, values }
    }

    /// The nearest float to its objective.
    #[must_use]
    pub fn near(&self) -> f64 {
        self.objective.to_f64().value()
    }

    /// Whether it is better than one of this objective.
    pub(super) fn beats(&self, other: &Rational, sense: Sense) -> bool {
        is_better(&self.objective, other, sense)
    }

    /// The minimised objective.
    pub(super) fn value(&self, sense: Sense) -> Rational {
        if sense == Sense::Maximise { -self.objective.clone() } else { self.objective.clone() }
    }

    /// The same as a bound.
    pub(super) fn value_below(&self, sense: Sense) -> f64 {
        bound_below(&self.value(sense))
    }
}

/// Whether an objective is better than another one.
pub(super) fn is_better(one: &Rational, other: &Rational, sense: Sense) -> bool {
    if sense == Sense::Maximise { one > other } else { one < other }
}

/// Values by the names of columns, without zeros.
pub(super) fn named<T>(
    model: &Model,
    values: &[T],
    is_zero: impl Fn(&T) -> bool,
    text: impl Fn(&T) -> String,
) -> BTreeMap<String, String> {
    let columns = model.variables.iter().zip(values).filter(|(_, value)| !is_zero(value));
    columns.map(|(var, value)| (var.name.clone(), text(value))).collect()
}

/// The values of all columns from those of some.
pub(super) fn vector<T: Clone + Default>(
    values: &BTreeMap<String, String>,
    model: &Model,
    value: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, String> {
    let index = index(model);
    let mut vector = vec![T::default(); model.num_vars()];
    for (name, text) in values {
        let place = index.get(name.as_str()).ok_or_else(|| format!("has a value of '{name}', which is no column"))?;
        vector[*place] = value(text).ok_or_else(|| format!("the value of '{name}' is no number: {text}"))?;
    }
    Ok(vector)
}
