//! Groups of options that commands share.

mod checkpoint;
mod cube;
mod data;
mod limits;
mod network;
mod rows;
mod split;
mod trace;

pub use checkpoint::CheckpointArgs;
pub use cube::CubeArgs;
pub use data::DataArgs;
pub use limits::LimitArgs;
pub use network::{NetworkArgs, NormName, ProblemArgs, at_least_one, weights};
pub use rows::RowArgs;
pub use split::SplitArgs;
pub use trace::{TraceArgs, Tracing};

/// A finite number that is at least 0.
pub fn non_negative(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value >= 0.0 => Ok(value),
        _ => Err("expected a number, 0 or more, up to 1.8e308".to_owned()),
    }
}

/// A number above 0 that floats hold.
pub fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value > 0.0 => Ok(value),
        _ => Err("expected a number above 0, from 5e-324 to 1.8e308".to_owned()),
    }
}

/// A whole number, 0 or more.
pub fn whole(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to {}", u64::MAX))
}

/// A whole number, 1 or more.
pub fn positive_whole(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(value) if value > 0 => Ok(value),
        _ => Err(format!("expected a whole number from 1 to {}", u64::MAX)),
    }
}

/// A whole number from 1 to a million: more repeats than that would only take memory and time.
pub fn repeats(text: &str) -> Result<u32, String> {
    const MOST: u32 = 1_000_000;
    match text.parse() {
        Ok(count) if (1..=MOST).contains(&count) => Ok(count),
        _ => Err(format!("expected a whole number from 1 to {MOST}")),
    }
}

/// A number of worker threads.
pub fn threads(text: &str) -> Result<u16, String> {
    const MOST: u16 = 1024;
    match text.parse() {
        Ok(count) if (1..=MOST).contains(&count) => Ok(count),
        _ => Err(format!("expected a whole number from 1 to {MOST}")),
    }
}

/// A number strictly between 0 and 1.
pub fn fraction(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value > 0.0 && value < 1.0 => Ok(value),
        _ => Err("expected a number between 0 and 1, such as 0.2".to_owned()),
    }
}
