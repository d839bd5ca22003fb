//! What every engine takes beside the problem, and what it returns.

use crate::Network;
use crate::tolerances::{BOUND_ACCURACY, HALF_A_UNIT};
use ::budget::Settings;
use ::budget::checkpoint::Unreadable;
use serde::{Deserialize, Serialize};

/// Limits of one run, the same for every engine, and what is set of the engines.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Wall seconds, `f64::INFINITY` for none.
    pub time: f64,
    /// Gigabytes (10^9 bytes) that the process may take, `f64::INFINITY` for none.
    pub memory: f64,
    /// Nodes (branch and bound), conflicts (omt) or rounds (local search).
    pub nodes: u64,
    /// Relative gap at which the search ends; 0 proves the optimum.
    pub gap: f64,
    /// Worker threads, 0 for all cores. Under a node limit the result does not depend on it.
    pub threads: usize,
    /// Seed of every random choice.
    pub seed: u64,
    /// Parameters of the engines that are not as by default.
    pub settings: Settings,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: f64::INFINITY,
            memory: f64::INFINITY,
            nodes: u64::MAX,
            gap: 0.0,
            threads: 0,
            seed: 0,
            settings: Settings::default(),
        }
    }
}

impl Limits {
    /// What is left of them after so many seconds.
    #[must_use]
    pub fn after(&self, seconds: f64) -> Self {
        Self { time: (self.time - seconds).max(0.0), ..self.clone() }
    }
}

/// Why a run ended. Written as in [`Status::as_str`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The network's objective equals the proven bound.
    Optimal,
    /// The network's objective is within [`Limits::gap`] of the proven bound, and not proven optimal.
    WithinGap,
    /// Time is up.
    TimeLimit,
    /// The node limit is reached.
    NodeLimit,
    /// The process has taken more memory than the limit allows.
    MemoryLimit,
    /// [`crate::Progress::should_stop`] said so.
    Interrupted,
    /// A heuristic ended by its own rules, above its bound.
    Heuristic,
    /// No network satisfies the problem.
    Infeasible,
    /// The search ended with cases floating point could not decide; the bound holds, the optimum is not proven.
    Unresolved,
}

impl Status {
    /// The word used in tables and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::WithinGap => "within-gap",
            Self::TimeLimit => "time-limit",
            Self::NodeLimit => "node-limit",
            Self::MemoryLimit => "memory-limit",
            Self::Interrupted => "interrupted",
            Self::Heuristic => "heuristic",
            Self::Infeasible => "infeasible",
            Self::Unresolved => "unresolved",
        }
    }

    /// Whether a limit or the caller ended the run before its own end.
    #[must_use]
    pub fn is_limit(self) -> bool {
        matches!(self, Self::TimeLimit | Self::NodeLimit | Self::MemoryLimit | Self::Interrupted)
    }
}

/// What a companion did in a turn.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    /// How long it was, in multiplications that take as long; 0 once there is nothing left to do.
    pub work: u64,
    /// A better network than the one that was known, with its exact loss.
    pub found: Option<(Network, u64)>,
}

/// A heuristic that goes on beside an exact engine, in turns: the engine says when, by the work done, so that under a node
/// limit nothing depends on a clock.
pub trait Companion {
    /// The work of its latest turn.
    fn last(&self) -> u64;

    /// Works for a while; `best` is the loss known.
    fn turn(&mut self, best: u64) -> Turn;

    /// What it goes on with after a checkpoint; `None` if it begins anew.
    fn state(&self) -> Option<Vec<u8>> {
        None
    }

    /// Goes on with such a state of a companion that was made as this one was.
    ///
    /// # Errors
    /// [`Unreadable`] if it is none.
    fn restore(&mut self, _state: &[u8]) -> Result<(), Unreadable> {
        Err(Unreadable::inconsistent())
    }
}

/// Work done.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// Nodes of branch and bound, decisions of omt, rounds of local search.
    pub nodes: u64,
    /// Conflicts.
    pub conflicts: u64,
    /// Simplex iterations (pivots).
    pub lp_iterations: u64,
    /// Wall seconds.
    pub seconds: f64,
    /// Integral of the relative primal-dual gap over the seconds of the run.
    pub primal_dual_integral: f64,
    /// Figures only this engine has, by name, in print order.
    pub more: Vec<(&'static str, f64)>,
}

/// The end of a run.
#[derive(Clone, Debug)]
pub struct Training {
    /// Why the run ended.
    pub status: Status,
    /// The best network; its loss is confirmed by the exact forward pass. `None` only if nothing was found.
    pub network: Option<Network>,
    /// Exact loss of `network` on the training rows.
    pub loss: u64,
    /// `loss` plus regularisation.
    pub objective: f64,
    /// Proven lower bound on the objective.
    pub bound: f64,
    /// Work done.
    pub statistics: Statistics,
}

impl Training {
    /// Why the status is [`Status::Unresolved`], in words; `None` for any other.
    #[must_use]
    pub fn doubt(&self) -> Option<String> {
        let below = self.network.as_ref().map_or_else(String::new, |_| {
            format!(
                " with less than {} (and not less than {})",
                crate::shortest(self.objective),
                crate::shortest(self.bound)
            )
        });
        (self.status == Status::Unresolved)
            .then(|| format!("a network{below} is not excluded, and no weights in floating point were found for one"))
    }

    /// Whether bound and objective are one: equal, or less apart than the accuracy of a bound where weights have a price. Losses are whole, in units
    /// however many, and nothing is between two of them.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        #[allow(clippy::cast_precision_loss)]
        let most = if self.objective == self.loss as f64 { HALF_A_UNIT } else { f64::INFINITY };
        self.objective - self.bound <= (BOUND_ACCURACY * self.objective.abs()).min(most)
    }

    /// The same end with the status it deserves. An engine that ended because the gap asked for is met has proven an optimum only if
    /// [bound and objective are one](Self::is_proven) (see `docs/model.md`); and if they are, the network is optimal whatever ended the run.
    #[must_use]
    pub fn within_gap(self) -> Self {
        let status = match self.status {
            Status::Infeasible => Status::Infeasible,
            _ if self.network.is_some() && self.is_proven() => Status::Optimal,
            Status::Optimal => Status::WithinGap,
            status => status,
        };
        Self { status, ..self }
    }

    /// The same end with a bound that was proven meanwhile, where it is the larger one, and the status that it makes of a limit's under
    /// this [`Limits::gap`]. A bound that the network refutes is none.
    #[must_use]
    pub fn with_bound(self, bound: f64, gap: f64) -> Self {
        let refuted = bound > self.objective + BOUND_ACCURACY * self.objective.abs();
        debug_assert!(!refuted, "a network of objective {} refutes the bound {bound}", self.objective);
        if refuted || bound.is_nan() || bound <= self.bound {
            return self;
        }
        let raised = Self { bound: bound.min(self.objective), ..self };
        let closed = raised.is_proven() || raised.objective - raised.bound <= gap * raised.objective.abs();
        let status = if closed { Status::Optimal } else { raised.status };
        Self { status, ..raised }.within_gap()
    }

    /// The end of a run whose network meets the bound that conflicting labels force ([`crate::Problem::floor`]), after so many
    /// seconds, where weights have no price.
    #[must_use]
    pub fn at_floor(network: Network, loss: u64, seconds: f64) -> Self {
        let statistics = Statistics { seconds, primal_dual_integral: seconds, ..Statistics::default() };
        let objective = loss as f64;
        Self { status: Status::Optimal, network: Some(network), loss, objective, bound: objective, statistics }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Layer;

    fn ended(status: Status, network: bool, loss: u64, bound: f64) -> Training {
        let network = network.then(|| Network { layers: vec![Layer::zeros(1, 1)] });
        let objective = if network.is_some() { loss as f64 } else { f64::INFINITY };
        Training { status, network, loss, objective, bound, statistics: Statistics::default() }.within_gap()
    }

    /// A network that meets the bound is optimal, whatever ended the run; one above it never is.
    #[test]
    fn the_status_follows_from_loss_and_bound() {
        for status in
            [Status::TimeLimit, Status::NodeLimit, Status::MemoryLimit, Status::Interrupted, Status::Unresolved]
        {
            assert_eq!(ended(status, true, 0, 0.0).status, Status::Optimal);
            assert_eq!(ended(status, true, 7, 7.0).status, Status::Optimal);
            assert_eq!(ended(status, true, 7, 6.0).status, status);
            assert_eq!(ended(status, false, 0, 0.0).status, status, "there is no network");
        }
        assert_eq!(ended(Status::Heuristic, true, 1 << 40, (1_u64 << 40) as f64 - 1.0).status, Status::Heuristic);
        assert_eq!(ended(Status::Optimal, true, 7, 6.0).status, Status::WithinGap);
        assert_eq!(ended(Status::Infeasible, false, 0, f64::INFINITY).status, Status::Infeasible);
    }
}
