//! Parts of a model: bounds of its integer columns.

use super::super::terms::Term;
use milp::{Model, Rational, VarKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A column is at most a whole number; where that does not hold, it is at least the next one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtMost {
    /// The name of an integer column.
    pub column: String,
    /// The whole number, less than 2^53 in size.
    pub at_most: i64,
}

/// Beyond it floats leave out whole numbers.
const LARGEST: u64 = 1 << 53;

/// The places of columns.
pub(super) fn index(model: &Model) -> BTreeMap<&str, usize> {
    (0..).zip(&model.variables).map(|(j, var)| (var.name.as_str(), j)).collect()
}

/// The model with the bounds that the terms of a cube ask for.
pub(super) fn restricted(model: &Model, terms: &[Term<AtMost>]) -> Result<Model, String> {
    let index = index(model);
    let mut part = model.clone();
    for Term { on: AtMost { column, at_most }, holds } in terms {
        let Some(&j) = index.get(column.as_str()) else {
            return Err(format!("has a condition on '{column}', which is no column of the model"));
        };
        let var = &mut part.variables[j];
        if var.kind != VarKind::Integer || at_most.unsigned_abs() >= LARGEST {
            return Err(format!("has a condition on '{column}' that is no whole bound of an integer column"));
        }
        #[allow(clippy::cast_precision_loss, reason = "floats hold it")]
        let bound = *at_most as f64;
        if *holds {
            var.upper = var.upper.min(bound);
        } else {
            var.lower = var.lower.max(bound + 1.0);
        }
    }
    Ok(part)
}

/// Whether an exact point is in a cube of the model.
pub(super) fn is_in(point: &[Rational], index: &BTreeMap<&str, usize>, terms: &[Term<AtMost>]) -> bool {
    terms.iter().all(|Term { on, holds }| {
        let value = index.get(on.column.as_str()).and_then(|&j| point.get(j));
        value.is_some_and(|value| (*value <= Rational::from(on.at_most)) == *holds)
    })
}
