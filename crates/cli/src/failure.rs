//! Why a command did not do its job, and the exit code that says so.

use std::path::{Path, PathBuf};

/// Everything that ends a command early.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Bad usage or bad input: an option or a file is not what it must be.
    #[error("{0}")]
    Input(String),
    /// A file that cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file as the user named it.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// Data that cannot be read or split.
    #[error("{0}")]
    Data(#[from] bdnn::DataError),
    /// A model that cannot be read or written.
    #[error("{0}")]
    Model(#[from] bdnn::model::ModelError),
    /// A problem that cannot be formulated or trained.
    #[error("{0}")]
    Bdnn(#[from] bdnn::Error),
    /// A problem that has no model, or whose model cannot be solved.
    #[error("{0}")]
    Formulation(#[from] formulation::Error),
    /// A model file or a run that the MILP solver refuses.
    #[error("{0}")]
    Milp(#[from] milp::Error),
    /// A problem that the conflict-driven engine refuses.
    #[error("{0}")]
    Omt(#[from] omt::Error),
    /// A problem that local search refuses.
    #[error("{0}")]
    Heuristics(#[from] heuristics::Error),
    /// A trace that cannot be read.
    #[error("{0}")]
    Trace(#[from] trace::Error),
    /// A `check` found a false claim; what was false stands in the report already.
    #[error("check failed: {0}")]
    Check(String),
    /// A file that the checker cannot read, or a false claim at a place it names.
    #[error("{0}")]
    Checker(#[from] checker::Error),
    /// The reader of standard output went away: nothing is left to say.
    #[error("standard output is closed")]
    BrokenPipe,
    /// A bug: what cannot be did happen.
    #[error("internal error: {0}; please report it")]
    Internal(String),
    /// Standard output failed for another reason.
    #[error("standard output: {0}")]
    Stdout(std::io::Error),
}

impl From<heaviside::Error> for Failure {
    fn from(error: heaviside::Error) -> Self {
        use heaviside::Error;
        match error {
            Error::Data(error) => Self::Data(error),
            Error::Model(error) => Self::Model(error),
            Error::Problem(error) => Self::Bdnn(error),
            Error::Unsupported(lack) => {
                Self::Input(format!("--method omt does not apply: {lack}; use --method milp or auto"))
            }
            Error::UnsupportedParts(lack) => {
                Self::Input(format!("--split-engine omt does not apply: {lack}; use local-search or milp"))
            }
            Error::NoCubes(lack) => Self::Input(format!("no cubes can be made: {lack}")),
            Error::Contradiction(what) => Self::Check(what),
            Error::Unprovable(lack) => Self::Input(format!("--proof does not apply: {lack}")),
            Error::ProvesNothing => {
                Self::Input("--proof needs an engine that proves: --method auto, omt or milp".to_owned())
            }
            Error::OneSolution(lack) => Self::Input(format!("--solutions does not apply: the conflict-driven engine lists them, and {lack}")),
            Error::ProofOfSolutions => Self::Input(
                "--proof proves what the best network loses, not that several solutions are the best: leave out one of them"
                    .to_owned(),
            ),
            Error::Formulation(error) => Self::Formulation(error),
            Error::Milp(error) => Self::Milp(error),
            Error::Omt(error) => Self::Omt(error),
            Error::Heuristics(error) => Self::Heuristics(error),
            Error::File { path, source } => Self::File { path, source },
            Error::Internal(message) => Self::Internal(message),
            error => Self::Input(error.to_string()),
        }
    }
}

impl Failure {
    /// The exit code: 1 a check failed, 2 bad usage, input or output, 3 internal or numerical failure, 0 a closed pipe.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::BrokenPipe => 0,
            Self::Check(_) => 1,
            Self::Checker(error) if error.leaves_unproven() => 1,
            Self::Input(_) | Self::Data(_) | Self::Model(_) | Self::Trace(_) | Self::Checker(_) => 2,
            // What cannot be read or written, wherever it is named.
            Self::File { .. } | Self::Stdout(_) => 2,
            Self::Internal(_) => 3,
            Self::Milp(error) | Self::Formulation(formulation::Error::Solver(error)) => milp_code(error),
            Self::Bdnn(_) | Self::Formulation(_) | Self::Omt(_) | Self::Heuristics(_) => 2,
        }
    }

    /// A failure of writing to standard output; that its reader has gone is none.
    pub fn stdout(source: std::io::Error) -> Self {
        // Writers of tables wrap what they are told.
        let table = source.get_ref().and_then(|inner| inner.downcast_ref::<csv::Error>());
        let kind = match table.map(csv::Error::kind) {
            Some(csv::ErrorKind::Io(inner)) => inner.kind(),
            _ => source.kind(),
        };
        match kind {
            std::io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            _ => Self::Stdout(source),
        }
    }

    /// A failure of reading or writing `path`.
    pub fn file(path: &Path, source: std::io::Error) -> Self {
        Self::File { path: path.to_path_buf(), source }
    }
}

fn milp_code(error: &milp::Error) -> u8 {
    match error {
        milp::Error::Numerical(_) => 3,
        _ => 2,
    }
}
