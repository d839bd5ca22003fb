//! The door that every engine has.

use crate::{Limits, Network, Problem, Progress, Training};

/// Why an engine failed.
pub type EngineError = Box<dyn std::error::Error + Send + Sync>;

/// What trains. Engines mean the same by a problem, its limits and a network that counts (`docs/model.md`), so one may stand
/// for another: data splitting trains its parts with any of them.
pub trait Engine: Send + Sync {
    /// The word used in tables and JSON.
    fn name(&self) -> &'static str;

    /// Whether the engine takes this problem.
    ///
    /// # Errors
    /// What stands in the way, as the end of a sentence that begins with the name of the engine.
    fn supports(&self, problem: &Problem) -> Result<(), String> {
        problem.check().map_err(|error| error.to_string())
    }

    /// The best network within `limits`, from `start` if there is one.
    ///
    /// # Errors
    /// Bad input, such as a problem that [`Engine::supports`] refuses or a start that does not satisfy the problem, or a
    /// numerical failure.
    fn train(
        &self,
        problem: &Problem,
        limits: &Limits,
        start: Option<&Network>,
        progress: &dyn Progress,
    ) -> Result<Training, EngineError>;
}

impl<E: Engine + ?Sized> Engine for &E {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn supports(&self, problem: &Problem) -> Result<(), String> {
        (**self).supports(problem)
    }

    fn train(
        &self,
        problem: &Problem,
        limits: &Limits,
        start: Option<&Network>,
        progress: &dyn Progress,
    ) -> Result<Training, EngineError> {
        (**self).train(problem, limits, start, progress)
    }
}
