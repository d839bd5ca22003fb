//! Which engine trains, and why.

use bdnn::Engine;
use formulation::Milp;
use heuristics::Validation;
use heuristics::local_search::LocalSearch;
use heuristics::split;
use omt::Omt;

/// The engines of [`Method`](crate::Method), by the words used in tables and JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EngineName {
    /// `omt`: [`omt::train`].
    Omt,
    /// `milp`: [`formulation::train`].
    Milp,
    /// `local-search`: [`heuristics::local_search::train`].
    LocalSearch,
    /// `split`: [`heuristics::split::train`].
    Split,
}

/// An engine and the reason for it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Choice {
    /// What trains.
    pub engine: EngineName,
    /// Why, in words.
    pub reason: String,
    /// Whether a short local search makes the start.
    pub(crate) primed: bool,
    /// For data splitting.
    pub(crate) split: Option<(PartEngine, split::Options)>,
    /// For local search, the rows that choose the network.
    pub(crate) validation: Option<Validation>,
}

/// Engines for parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PartEngine {
    /// Parallel local search.
    #[default]
    LocalSearch,
    /// Conflict-driven search.
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
            Self::Omt => &Omt,
            Self::Milp => &Milp,
        }
    }
}

impl Choice {
    pub(crate) fn of(engine: EngineName, reason: String) -> Self {
        Self { engine, reason, primed: false, split: None, validation: None }
    }
}
