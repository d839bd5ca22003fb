//! The door that every engine has.

use crate::{Limits, Network, Problem, Progress, Silent, Training};
use ::budget::Checkpoint;

/// Why an engine failed.
pub type EngineError = Box<dyn std::error::Error + Send + Sync>;

/// What an engine is asked for: a problem within limits, from a network if there is one, and whoever hears of the run.
///
/// ```
/// use bdnn::{Limits, Problem, Request};
///
/// /// A hundred nodes at most, and nobody listens.
/// fn short(problem: &Problem) -> u64 {
///     let limits = Limits { nodes: 100, ..Limits::default() };
///     let request = Request::new(problem, &limits);
///     assert!(request.start.is_none() && !request.progress.should_stop());
///     request.limits.nodes
/// }
/// ```
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// What is minimised.
    pub problem: &'a Problem,
    /// What the run may use, and what is set of the engine.
    pub limits: &'a Limits,
    /// The network to begin with.
    pub start: Option<&'a Network>,
    /// Hears of the run, and may end it.
    pub progress: &'a dyn Progress,
    /// Who keeps the states of the run, and the one that it goes on with; an engine that another lets work has a part of its states, or none.
    pub checkpoint: Checkpoint<'a>,
}

impl<'a> Request<'a> {
    /// Without a start, and nobody listens or keeps states.
    #[must_use]
    pub fn new(problem: &'a Problem, limits: &'a Limits) -> Self {
        Self { problem, limits, start: None, progress: &Silent, checkpoint: Checkpoint::default() }
    }

    /// The same for another problem: the states of its run are others, and nobody keeps them.
    #[must_use]
    pub fn with_problem(self, problem: &'a Problem) -> Self {
        Self { problem, checkpoint: Checkpoint::default(), ..self }
    }

    /// The same with other states.
    #[must_use]
    pub fn with_checkpoint(self, checkpoint: Checkpoint<'a>) -> Self {
        Self { checkpoint, ..self }
    }

    /// The same within other limits.
    #[must_use]
    pub fn with_limits(self, limits: &'a Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same from another start, or from none.
    #[must_use]
    pub fn with_start(self, start: Option<&'a Network>) -> Self {
        Self { start, ..self }
    }

    /// The same, and `progress` hears of it.
    #[must_use]
    pub fn with_progress(self, progress: &'a dyn Progress) -> Self {
        Self { progress, ..self }
    }
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { problem, limits, start, progress: _, checkpoint } = self;
        let mut out = out.debug_struct("Request");
        out.field("problem", problem).field("limits", limits).field("start", start);
        out.field("checkpoint", checkpoint).finish_non_exhaustive()
    }
}

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

    /// The best network within the limits, from the start if there is one.
    ///
    /// # Errors
    /// Bad input, such as a problem that [`Engine::supports`] refuses or a start that does not satisfy the problem, or a
    /// numerical failure.
    fn train(&self, request: Request<'_>) -> Result<Training, EngineError>;
}

impl<E: Engine + ?Sized> Engine for &E {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    fn supports(&self, problem: &Problem) -> Result<(), String> {
        (**self).supports(problem)
    }

    fn train(&self, request: Request<'_>) -> Result<Training, EngineError> {
        (**self).train(request)
    }
}
