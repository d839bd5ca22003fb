//! Which engine trains, and why.

use crate::failure::Failure;
use bdnn::formulation::margin;
use bdnn::{Limits, Network, Problem, Progress, Training};
use clap::ValueEnum;

/// What `--method` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MethodName {
    /// The conflict-driven engine wherever it applies, else the MILP; the report says why
    Auto,
    /// Conflict-driven search over activation patterns
    Omt,
    /// The MILP that `formulate` writes, every incumbent recounted exactly
    Milp,
}

/// The engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// [`omt::train`].
    Omt,
    /// [`bdnn::milp_training::train`].
    Milp,
}

/// An engine and the reason for it.
#[derive(Clone, Debug)]
pub struct Choice {
    pub engine: Engine,
    pub reason: String,
}

impl Engine {
    /// The word used in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Omt => "omt",
            Self::Milp => "milp",
        }
    }
}

/// Picks the engine. A MILP needs a margin, so the problem gets the default one if the user gave none.
pub fn choose(method: MethodName, problem: &mut Problem) -> Result<Choice, Failure> {
    let (engine, reason) = match (method, omt::supports(problem)) {
        (MethodName::Auto, Ok(())) => (Engine::Omt, "the conflict-driven engine takes this problem".to_owned()),
        (MethodName::Auto, Err(lack)) => (Engine::Milp, format!("the conflict-driven engine does not apply: {lack}")),
        (MethodName::Omt, Err(lack)) => {
            return Err(Failure::Input(format!("--method omt does not apply: {lack}; use --method milp or auto")));
        }
        (MethodName::Omt, Ok(())) => (Engine::Omt, "asked for".to_owned()),
        (MethodName::Milp, _) => (Engine::Milp, "asked for".to_owned()),
    };
    if engine == Engine::Milp {
        problem.epsilon = Some(margin(problem));
    }
    Ok(Choice { engine, reason })
}

/// Runs the engine.
pub fn train(
    choice: &Choice,
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    progress: &dyn Progress,
) -> Result<Training, Failure> {
    match choice.engine {
        Engine::Omt => Ok(omt::train(problem, limits, start, progress)?),
        Engine::Milp => Ok(bdnn::milp_training::train(problem, limits, start, progress)?),
    }
}
