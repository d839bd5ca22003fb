//! Bad input, numerical failure, I/O.

use std::path::PathBuf;

use ::budget::checkpoint::Unreadable;

/// Everything that ends a run without an [`crate::Outcome`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A model file that cannot be understood.
    #[error("{}:{line}: {message}", path.display())]
    Parse {
        /// The file as the caller named it.
        path: PathBuf,
        /// Line, counted from 1.
        line: usize,
        /// What is wrong and what to do.
        message: String,
    },
    /// A file that cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file as the caller named it.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A model that no run can start from (NaN, infinite coefficients, a start of the wrong length).
    #[error("{}: {message}", named(model))]
    Model {
        /// The model's name.
        model: String,
        /// Which row or column, and what to do.
        message: String,
    },
    /// An option that means nothing (a negative or NaN limit, gap or tolerance).
    #[error("{option} is {value}: {message}")]
    Options {
        /// Name of the field of [`crate::Options`].
        option: &'static str,
        /// What it was set to.
        value: f64,
        /// What to give instead.
        message: &'static str,
    },
    /// What a plug-in has said makes no sense.
    #[error("plug-in: {0}")]
    Plugin(String),
    /// The state that a run was to go on from is none of its search.
    #[error("{0}")]
    Checkpoint(String),
    /// Floating point gave up: no factorisation of the basis passes its own checks.
    #[error("numerical failure: {0}")]
    Numerical(String),
}

impl Error {
    /// A state of another search.
    pub(crate) fn unfit() -> Self {
        Self::Checkpoint("the state in the checkpoint is not one of this model and these options; start anew".into())
    }
}

impl From<Unreadable> for Error {
    fn from(error: Unreadable) -> Self {
        Self::Checkpoint(error.to_string())
    }
}

/// How a message begins; many models have no name.
fn named(model: &str) -> String {
    if model.is_empty() { "the model".into() } else { format!("model {model}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_without_a_name() {
        let said = |model: &str| Error::Model { model: model.into(), message: "no".into() }.to_string();
        assert_eq!((said(""), said("a")), ("the model: no".to_owned(), "model a: no".to_owned()));
    }
}
