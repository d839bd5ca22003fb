//! How to train, as users say it.

use crate::auto;
use crate::choice::{Choice, EngineName, PartEngine};
use crate::error::Error;
use bdnn::Problem;
use budget::Settings;
use formulation::Milp;
use heuristics::Validation;
use heuristics::local_search::LocalSearch;
use heuristics::split::{self, Batches, Reduction, Split, Splitting};

/// How to train.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Method {
    /// A short local search, then the conflict-driven engine wherever it applies, else the MILP; local search alone where
    /// exact search would not end. [`Choice::reason`] says which and why.
    #[default]
    Auto,
    /// Conflict-driven search over activation patterns, from the start of a short local search that then has turns beside it.
    Omt,
    /// Branch and bound on the MILP, every incumbent recounted exactly.
    Milp,
    /// Local search, at any size; it proves nothing beyond the loss that conflicting labels force.
    LocalSearch,
    /// Iterative data splitting; it proves no more than its engine proves on all points.
    Split(SplitOptions),
}

/// Options of data splitting; what is `None` depends on the engine.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SplitOptions {
    /// What trains on the parts.
    pub engine: PartEngine,
    /// How a part is divided in two.
    pub split: Split,
    /// Restarts of a clustering.
    pub restarts: u32,
    /// Parts divided a round, as a share of all parts, one at least. `None`: 0 for exact engines, 1 for local search.
    pub growth: Option<f64>,
    /// What a part is to the engine. `None`: shared activations for exact engines and under margin or radius, else centroids.
    pub reduction: Option<Reduction>,
    /// The points a round sees.
    pub batches: Batches,
    /// Whether local search on all points follows.
    pub polish: bool,
}

impl Default for SplitOptions {
    fn default() -> Self {
        let split::Options { split, restarts, batches, polish, .. } = split::Options::default();
        let engine = PartEngine::default();
        Self { engine, split, restarts, growth: None, reduction: None, batches, polish }
    }
}

impl SplitOptions {
    fn options(&self, problem: &Problem, validation: Option<Validation>) -> split::Options {
        let exact = self.engine != PartEngine::LocalSearch;
        let conditions = problem.epsilon.is_some() || problem.robust.is_some();
        let usual = if exact || conditions { Reduction::Shared } else { Reduction::Centroids };
        split::Options {
            split: self.split,
            restarts: self.restarts,
            growth: self.growth.unwrap_or(if exact { 0.0 } else { 1.0 }),
            reduction: self.reduction.unwrap_or(usual),
            batches: self.batches,
            nodes_by_size: !exact,
            polish: self.polish,
            validation,
        }
    }
}

impl Method {
    /// The method for a proof: one whose search a proof follows.
    pub(crate) fn that_proves(&self, problem: &Problem) -> Result<Self, Error> {
        match self {
            Self::Auto if omt::proof::supports(problem).is_err() => Ok(Self::Milp),
            Self::Auto | Self::Omt => Ok(Self::Omt),
            Self::Milp => Ok(Self::Milp),
            Self::LocalSearch | Self::Split(_) => Err(Error::ProvesNothing),
        }
    }

    /// Picks the engine. A MILP needs a margin, so the problem gets the default one if it has none.
    pub(crate) fn choose(
        &self,
        problem: &mut Problem,
        validation: Option<Validation>,
        settings: &Settings,
    ) -> Result<Choice, Error> {
        let asked = || "asked for".to_owned();
        let choice = match self {
            Self::Auto => auto::choose(problem, validation, settings),
            Self::Omt => {
                omt::supports(problem).map_err(Error::Unsupported)?;
                auto::omt(problem, settings)
            }
            Self::Milp => {
                formulation::supports(problem)?;
                // Where the model takes long to build, or does not fit, something stands before.
                if auto::is_large(problem, &settings.of()) {
                    Choice::insisting(EngineName::Milp, asked())
                } else {
                    Choice::alone(EngineName::Milp, asked(), Milp)
                }
            }
            Self::LocalSearch => Choice::alone(EngineName::LocalSearch, asked(), LocalSearch { validation }),
            Self::Split(options) => {
                split::supports(problem)?;
                if let (PartEngine::Omt, Err(lack)) = (options.engine, omt::supports(problem)) {
                    return Err(Error::UnsupportedParts(lack));
                }
                let engine = options.engine.engine();
                let reason = format!("with {} on the parts", engine.name());
                let splitting = Splitting { engine, options: options.options(problem, validation) };
                Choice::alone(EngineName::Split, reason, splitting)
            }
        };
        let by_milp = matches!(self, Self::Split(SplitOptions { engine: PartEngine::Milp, .. }));
        if by_milp || auto::needs_margin(choice.engine, problem) {
            problem.epsilon = Some(problem.margin());
        }
        Ok(choice)
    }
}
