//! What can go wrong, with what to change.

use bdnn::EngineError;
use std::path::{Path, PathBuf};

/// Bad input, or a run that failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Data that cannot be read or split.
    #[error(transparent)]
    Data(#[from] bdnn::DataError),
    /// A model that cannot be read or written.
    #[error(transparent)]
    Model(#[from] bdnn::model::ModelError),
    /// A problem that makes no sense.
    #[error(transparent)]
    Problem(#[from] bdnn::Error),
    /// The conflict-driven engine was asked for and does not take the problem.
    #[error("the conflict-driven engine does not apply: {0}; use the MILP or leave the choice to auto")]
    Unsupported(omt::Reason),
    /// It was asked for as the engine of data splitting.
    #[error("the conflict-driven engine does not apply to the parts: {0}; use local search or the MILP for them")]
    UnsupportedParts(omt::Reason),
    /// A proof was asked for that the engine cannot write.
    #[error("no proof can be written: {0}")]
    Unprovable(omt::Reason),
    /// A proof was asked for of a method that proves nothing.
    #[error("a proof needs a method that proves: auto, omt or milp")]
    ProvesNothing,
    /// Several solutions were asked for where no engine lists them.
    #[error("the conflict-driven engine lists solutions, and {0}")]
    OneSolution(String),
    /// A proof was asked for together with several solutions.
    #[error(
        "a proof is about the best network: it cannot say that several solutions are the best; leave one of both out"
    )]
    ProofOfSolutions,
    /// A problem that is not divided into cubes.
    #[error("no cubes can be made: {0}")]
    NoCubes(omt::Reason),
    /// A file of cubes that cannot be used, and why.
    #[error("{0}")]
    Cubes(String),
    /// Files of cubes that contradict each other.
    #[error("{0}")]
    Contradiction(String),
    /// A network that cannot be exported as asked.
    #[error("cannot export: {0}")]
    Export(String),
    /// A start that does not fit.
    #[error("cannot start from this model: {0}")]
    Start(&'static str),
    /// Rows that a classifier cannot take.
    #[error("{0}")]
    Rows(String),
    /// There is no network: limits came first, or none satisfies the problem.
    #[error("no network was found: the run ended as {}", .0.as_str())]
    NoNetwork(bdnn::Status),
    /// There is a network, but the trainer was to make no model of it.
    #[error("the trainer was told to make no model")]
    NoModel,
    /// The margin that the MILP takes where none is asked for is too small for the solver.
    #[error(
        "the mixed-integer program needs a margin, and the points are so close together (or so far from 0) that its usual one, {}, is lost in \
         the solver's tolerances; scale the data{}", bdnn::shortest(*usual), or_ask_for(*enough)
    )]
    UsualMargin {
        /// [`bdnn::Problem::margin`].
        usual: f64,
        /// The least margin that would do, infinite if none would.
        enough: f64,
    },
    /// The MILP that trains failed.
    #[error(transparent)]
    Formulation(#[from] formulation::Error),
    /// The MILP solver failed.
    #[error(transparent)]
    Milp(#[from] milp::Error),
    /// The conflict-driven engine refused.
    #[error(transparent)]
    Omt(#[from] omt::Error),
    /// A heuristic refused.
    #[error(transparent)]
    Heuristics(#[from] heuristics::Error),
    /// Another engine failed.
    #[error("{0}")]
    Engine(EngineError),
    /// A parameter that does not exist or takes no such value.
    #[error(transparent)]
    Setting(#[from] budget::SettingError),
    /// A file that cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A folder that may not be written to, or was changed during the run.
    #[error("{0}")]
    Folder(String),
    /// A checkpoint that cannot be read or written, or is not one of this run, with what to do.
    #[error("{0}")]
    Checkpoint(String),
    /// A bug: what cannot be did happen.
    #[error("internal error: {0}; please report it")]
    Internal(String),
}

/// What to do instead of scaling data, where a margin of `enough` would do.
fn or_ask_for(enough: f64) -> String {
    if !enough.is_finite() {
        return String::new();
    }
    format!(
        ", or ask for a margin of at least {enough:.1e} (--epsilon), which leaves out networks that tell closer points apart"
    )
}

impl Error {
    /// The error of an engine behind the trait [`bdnn::Engine`], with its type.
    #[must_use]
    pub fn of_engine(error: EngineError) -> Self {
        let error = match error.downcast::<Self>() {
            Ok(error) => return *error,
            Err(error) => error,
        };
        let error = match error.downcast::<heuristics::Error>() {
            // What failed is the engine of the parts.
            Ok(error) => match *error {
                heuristics::Error::Engine(inner) => return Self::of_engine(inner),
                error => return Self::Heuristics(error),
            },
            Err(error) => error,
        };
        let error = match error.downcast::<omt::Error>() {
            Ok(error) => return Self::Omt(*error),
            Err(error) => error,
        };
        match error.downcast::<formulation::Error>() {
            Ok(error) => Self::Formulation(*error),
            Err(error) => Self::Engine(error),
        }
    }

    /// The same error where `asked` is the margin that was asked for, without the name of one that nobody asked for.
    pub(crate) fn of_margin(self, asked: Option<f64>) -> Self {
        match (self, asked) {
            (Self::Formulation(formulation::Error::Tolerances { epsilon: usual, enough, .. }), None) => {
                Self::UsualMargin { usual, enough }
            }
            (error, _) => error,
        }
    }

    pub(crate) fn file(path: &Path, source: std::io::Error) -> Self {
        Self::File { path: path.to_path_buf(), source }
    }
}
