//! What can go wrong.

use thiserror::Error;

/// Why a folder has no kernel file.
#[derive(Debug, Error)]
pub enum Error {
    /// A file of the folder is not what `train --proof` writes.
    #[error("{file}: {what}")]
    Malformed {
        /// The file's name.
        file: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// A step of the proof uses more than the kernel knows, or does not follow.
    #[error("proof.pbp:{line}: {what}")]
    Step {
        /// Its line, from 1.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// The problem is one that the kernel does not know, or too large for it.
    #[error("the kernel refuses the problem: {0}")]
    Problem(String),
    /// The kernel file cannot be written.
    #[error("{0}")]
    Write(#[from] std::io::Error),
    /// Whoever called wanted it to end.
    #[error("stopped")]
    Stopped,
}
