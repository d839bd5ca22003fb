//! What `train` says of the classes whose errors are limited.

use crate::console::visible_name;
use bdnn::data::shown;
use bdnn::{Rational, Schema};
use heaviside::LimitedErrors;
use serde::Serialize;

/// A limit on the errors of a class, in units where rows have weights.
#[derive(Serialize)]
pub struct LimitJson<'a> {
    errors_are: &'static str,
    class: &'a str,
    /// Points of the class.
    points: u64,
    most: u64,
    /// `null` without a network.
    errors: Option<u64>,
}

impl<'a> LimitJson<'a> {
    pub fn of(limit: &LimitedErrors, schema: &'a Schema) -> Self {
        let LimitedErrors { class, most, errors, total, .. } = *limit;
        Self { errors_are: kind(class), class: &schema.classes[class], points: total, most, errors }
    }
}

/// What errors of a class of two are.
fn kind(class: usize) -> &'static str {
    if class == 0 { "false-positives" } else { "false-negatives" }
}

/// `false negatives` and `2 of 239 of class malignant, at most 3`; a unit is named where it is not 1.
pub fn line(limit: &LimitedErrors, schema: &Schema, unit: Option<&Rational>) -> (String, String) {
    let LimitedErrors { class, most, errors, total, .. } = *limit;
    let name = visible_name(&schema.classes[class]);
    let of = match unit.filter(|unit| !unit.is_one()) {
        Some(unit) => format!("{total} units of {}, class {name}, at most {most}", shown(unit)),
        None => format!("{total} of class {name}, at most {most}"),
    };
    let text = errors.map_or_else(|| of.clone(), |errors| format!("{errors} of {of}"));
    (kind(class).replace('-', " "), text)
}
