//! What keeps an engine from starting.

/// Bad input to an engine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The parts of a problem do not fit together or make no sense; says what to change.
    #[error("{0}")]
    Problem(String),
}
