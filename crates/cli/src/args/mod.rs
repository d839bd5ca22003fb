//! Groups of options that commands share.

mod data;
mod global;
mod limits;
mod network;
mod rows;
mod split;

pub use data::{DataArgs, Prepared};
pub use global::GlobalArgs;
pub use limits::LimitArgs;
pub use network::{NetworkArgs, NormName, ProblemArgs, weights};
pub use rows::RowArgs;
pub use split::{SplitArgs, SplitEngineName, validation};

use std::path::Path;

/// Whether a path stands for standard input or output.
pub fn is_dash(path: &Path) -> bool {
    path == Path::new("-")
}

/// A finite number that is at least 0.
pub fn non_negative(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value),
        _ => Err("expected a finite number, 0 or more".to_owned()),
    }
}

/// A finite number above 0.
pub fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok(value),
        _ => Err("expected a finite number above 0".to_owned()),
    }
}

/// A number strictly between 0 and 1.
pub fn fraction(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value < 1.0 => Ok(value),
        _ => Err("expected a number between 0 and 1, such as 0.2".to_owned()),
    }
}
