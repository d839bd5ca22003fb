//! What a model and options have to be before any search.

use crate::Error;
use crate::model::Model;
use crate::options::Options;

/// Refuses numbers that mean nothing.
///
/// # Errors
/// [`Error::Options`] for limits that are none, [`Error::Model`] for NaN or infinite data and a start of the wrong length.
pub(super) fn check_input(model: &Model, options: &Options) -> Result<(), Error> {
    options.check()?;
    let refuse = |message: String| Err(Error::Model { model: model.name.clone(), message });
    for var in &model.variables {
        if var.lower == f64::INFINITY || var.upper == f64::NEG_INFINITY {
            return refuse(format!("column '{}' has to be infinite by its bounds; correct them", var.name));
        }
        if var.lower.is_nan() || var.upper.is_nan() || !var.cost.is_finite() {
            return refuse(format!("column '{}' has a NaN or an infinite cost; correct its data", var.name));
        }
    }
    for row in &model.rows {
        if row.lower == f64::INFINITY || row.upper == f64::NEG_INFINITY {
            return refuse(format!("row '{}' asks for an infinite activity; correct its sides", row.name));
        }
        if row.lower.is_nan() || row.upper.is_nan() || row.terms.iter().any(|(_, value)| !value.is_finite()) {
            return refuse(format!("row '{}' has a NaN or an infinite coefficient; correct its data", row.name));
        }
    }
    match &options.start {
        Some(start) if start.len() != model.num_vars() => {
            refuse(format!("the start has {} values for {} columns", start.len(), model.num_vars()))
        }
        _ => Ok(()),
    }
}
