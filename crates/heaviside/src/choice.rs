//! Which engine trains, and why.

use bdnn::Engine;
use formulation::Milp;
use heuristics::local_search::LocalSearch;
use omt::Exact;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// The engines of [`Method`](crate::Method), by the words used in tables and JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum EngineName {
    /// `omt`: [`omt::train_beside`].
    Omt,
    /// `milp`: [`formulation::train`].
    Milp,
    /// `local-search`: [`heuristics::local_search::train`].
    LocalSearch,
    /// `split`: [`heuristics::split::train`].
    Split,
}

/// An engine and the reason for it.
#[derive(Clone)]
#[non_exhaustive]
pub struct Choice {
    /// What trains.
    pub engine: EngineName,
    /// Why, in words.
    pub reason: String,
    /// The engine itself where it trains alone; `None` for an exact one from a start that a short local search makes.
    pub(crate) alone: Option<Arc<dyn Engine>>,
    /// Whether the engine was asked for, so that no start is too poor for it.
    pub(crate) insists: bool,
}

/// Engines for parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartEngine {
    /// Parallel local search.
    #[default]
    LocalSearch,
    /// Conflict-driven search, alone: it begins with the network of the round before.
    Omt,
    /// The MILP.
    Milp,
}

impl EngineName {
    /// The word used in tables and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Omt => "omt",
            Self::Milp => "milp",
            Self::LocalSearch => "local-search",
            Self::Split => "split",
        }
    }
}

impl PartEngine {
    pub(crate) fn engine(self) -> &'static dyn Engine {
        match self {
            Self::LocalSearch => &LocalSearch { validation: None },
            Self::Omt => &Exact,
            Self::Milp => &Milp,
        }
    }
}

impl Choice {
    pub(crate) fn alone(engine: EngineName, reason: String, alone: impl Engine + 'static) -> Self {
        Self { engine, reason, alone: Some(Arc::new(alone)), insists: true }
    }

    pub(crate) fn primed(engine: EngineName, reason: String) -> Self {
        Self { engine, reason, alone: None, insists: false }
    }

    /// The same where the engine was asked for.
    pub(crate) fn insisting(engine: EngineName, reason: String) -> Self {
        Self { insists: true, ..Self::primed(engine, reason) }
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { engine, reason, alone, .. } = self;
        let primed = alone.is_none();
        out.debug_struct("Choice").field("engine", engine).field("reason", reason).field("primed", &primed).finish()
    }
}
