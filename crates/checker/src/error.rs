//! What a check may answer instead of a report.

use std::fmt;

/// Why a file was not accepted. Lines count from 1; 0 stands for the file as a whole.
#[derive(Debug)]
pub enum Error {
    /// The file could not be opened or read.
    Unreadable {
        /// Name of the file.
        file: String,
        /// What the system said.
        reason: std::io::Error,
    },
    /// The file does not follow its format, or exceeds [`crate::limits`]; nothing is said about its claim.
    Malformed {
        /// Name of the file.
        file: String,
        /// Line of the fault.
        line: u64,
        /// What is wrong there.
        what: String,
    },
    /// The check was not finished: its budget was spent, or the caller stopped it. Nothing is said about the claim.
    Unfinished {
        /// Name of the file at hand.
        file: String,
        /// Line that was reached.
        line: u64,
        /// What ended the check.
        what: String,
    },
    /// The file can be read and what it claims does not follow.
    Refuted {
        /// Name of the file that makes the claim.
        file: String,
        /// Line of the first step that fails.
        line: u64,
        /// Which step, and what it would have needed.
        what: String,
    },
}

impl Error {
    /// Whether a readable file made a false or unproven claim.
    #[must_use]
    pub fn is_refutation(&self) -> bool {
        matches!(self, Self::Refuted { .. })
    }

    /// Whether the claim is left unproven by files that can be read: refuted, or not checked to the end (the command's exit code is
    /// then 1, else 2).
    #[must_use]
    pub fn leaves_unproven(&self) -> bool {
        matches!(self, Self::Refuted { .. } | Self::Unfinished { .. })
    }

    /// The line of the fault, 0 for the file as a whole.
    #[must_use]
    pub fn line(&self) -> u64 {
        match self {
            Self::Unreadable { .. } => 0,
            Self::Malformed { line, .. } | Self::Refuted { line, .. } | Self::Unfinished { line, .. } => *line,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { file, reason } => write!(f, "{file}: {reason}"),
            Self::Unfinished { file, line: 0, what } => write!(f, "{file}: the check was not finished: {what}"),
            Self::Unfinished { file, line, what } => write!(f, "{file}:{line}: the check was not finished: {what}"),
            Self::Malformed { file, line: 0, what } | Self::Refuted { file, line: 0, what } => {
                write!(f, "{file}: {what}")
            }
            Self::Malformed { file, line, what } | Self::Refuted { file, line, what } => {
                write!(f, "{file}:{line}: {what}")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unreadable { reason, .. } => Some(reason),
            Self::Malformed { .. } | Self::Refuted { .. } | Self::Unfinished { .. } => None,
        }
    }
}
