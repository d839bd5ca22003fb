//! Local search over networks of any shape, one neuron at a time.
//!
//! Entry points: [`train`], [`search`] for a pool of good, different networks, and [`Beside`] for the start of an exact engine and
//! turns beside it.
//!
//! Invariant: every network that leaves this module has passed [`bdnn::exact::check`].

mod arena;
mod beside;
mod bits;
mod choice;
mod columns;
mod confirm;
mod cuts;
mod descent;
mod functions;
mod gradient;
mod labels;
mod line;
mod orthogonal;
mod parameters;
mod pool;
mod rows;
mod rules;
mod run;
mod shrink;
mod slabs;
mod state;
mod steps;
mod walk;

pub use beside::Beside;
pub use confirm::Confirmed;
pub use parameters::Parameters;
pub use run::Outcome;

use crate::{Error, Validation};
use bdnn::{Request, Training};
use run::Purpose;

/// Trains by local search, from the start if there is one. A limit on nodes counts rounds; under such a limit the result is
/// the same for every number of threads. Without limits the run ends when [`Parameters::patience`] rounds, and as many as there were
/// until the last better network, bring nothing better.
///
/// # Errors
/// [`Error::Problem`] if the problem makes no sense, [`Error::Start`] if the start does not satisfy it.
pub fn train(request: Request<'_>) -> Result<Training, Error> {
    search(request).map(|outcome| outcome.training)
}

/// Local search as a [`bdnn::Engine`].
#[derive(Clone, Debug, Default)]
pub struct LocalSearch {
    /// Rows to choose the network by, as [`choose`] takes them.
    pub validation: Option<Validation>,
}

impl bdnn::Engine for LocalSearch {
    fn name(&self) -> &'static str {
        "local-search"
    }

    fn train(&self, request: Request<'_>) -> Result<Training, bdnn::EngineError> {
        Ok(match &self.validation {
            Some(validation) => choose(request, validation)?,
            None => train(request)?,
        })
    }
}

/// As [`train`], with a bounded pool of networks beside the best one.
///
/// # Errors
/// As [`train`].
pub fn search(request: Request<'_>) -> Result<Outcome, Error> {
    run::run(request, Purpose::Train)
}

/// As [`train`], but of all networks the walks come by the one is returned that predicts most of the rows of `validation`
/// rightly, of equals the one with the least objective.
///
/// # Errors
/// As [`train`].
pub fn choose(request: Request<'_>, validation: &Validation) -> Result<Training, Error> {
    run::run(request, Purpose::Choose(validation)).map(Outcome::chosen)
}
