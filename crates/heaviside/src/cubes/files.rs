//! The other files of cubes of training: the best network, what came of a cube.

use super::file::{Format, read_if_there, stated, to_bytes, write};
use super::problem::Known;
use super::shared::{Best, Seen};
use super::terms::Term;
use crate::error::Error;
use bdnn::{Network, exact};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// `incumbent.json`: the best network known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IncumbentFile {
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// Its exact loss.
    pub loss: u64,
    /// On scaled features.
    pub network: Network,
}

/// `cube-NAME.result.json`: what came of a cube.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CubeResult {
    /// Program and version of the worker.
    pub program: String,
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// The cube's name.
    pub cube: String,
    /// Its conditions.
    pub terms: Vec<Term>,
    /// `closed`, or why the search ended before: `time-limit`, `node-limit`, `memory-limit`, `interrupted`, `unresolved`.
    pub status: String,
    /// No network of the cube loses less; `null`: it has no network at all.
    #[serde(deserialize_with = "stated")]
    pub bound: Option<u64>,
    /// The exact loss of the best network that the worker knew, in the cube or not.
    #[serde(deserialize_with = "stated")]
    pub loss: Option<u64>,
    /// That network.
    #[serde(deserialize_with = "stated")]
    pub network: Option<Network>,
    /// Decisions.
    pub nodes: u64,
    /// Conflicts.
    pub conflicts: u64,
    /// Pivots.
    pub lp_iterations: u64,
    /// Wall seconds of the search.
    pub seconds: f64,
}

/// The word of a cube that is done.
pub(super) const CLOSED: &str = "closed";

impl Format for IncumbentFile {
    const FORMAT: &'static str = "heaviside-incumbent";
}

impl Format for CubeResult {
    const FORMAT: &'static str = "heaviside-cube-result";
}

impl CubeResult {
    /// Whether nothing is left to do: no network of the cube loses less than the best known.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.bound.is_none() || self.loss.zip(self.bound).is_some_and(|(loss, bound)| bound >= loss)
    }

    /// Whether this says at least as much as the other.
    fn covers(&self, other: &Self) -> bool {
        self.least() >= other.least() && self.lost() <= other.lost()
    }

    fn least(&self) -> u64 {
        self.bound.unwrap_or(u64::MAX)
    }

    fn lost(&self) -> u64 {
        self.loss.unwrap_or(u64::MAX)
    }

    /// Writes it, with what other sittings and other workers have proven of the cube and found; if one of them has closed it, its result counts, and is
    /// returned.
    pub(super) fn write(mut self, path: &Path) -> Result<Self, Error> {
        if let Some(there) = read_if_there::<Self>(path)?
            && there.problem == self.problem
            && there.terms == self.terms
        {
            if there.is_closed() && (there.covers(&self) || !self.is_closed()) {
                return Ok(there);
            }
            if there.least() > self.least() {
                self.bound = there.bound;
            }
            if there.lost() < self.lost() {
                (self.loss, self.network) = (there.loss, there.network);
            }
            if self.is_closed() {
                CLOSED.clone_into(&mut self.status);
            }
        }
        write(path, &to_bytes(&self)?)?;
        Ok(self)
    }
}

impl Best for Known {
    type Found = (Network, u64);

    fn sha256(&self) -> &str {
        &self.sha256
    }

    fn parse(&self, bytes: &[u8]) -> Result<Seen<Self::Found>, String> {
        /// What an incumbent and a model have in common.
        #[derive(Deserialize)]
        struct Any {
            problem: Option<String>,
            loss: Option<u64>,
            network: Network,
        }
        let Any { problem, loss: said, network } =
            serde_json::from_slice(bytes).map_err(|error| format!("holds no network ({error})"))?;
        self.check(problem.as_deref())?;
        let loss = recount(self, &network)?;
        if problem.is_some() && said != Some(loss) {
            let said = said.map_or_else(|| "nothing of it".to_owned(), |said| said.to_string());
            return Err(format!("its network loses {loss}, and it says {said}"));
        }
        // A model is not.
        Ok(Seen { found: (network, loss), is_incumbent: problem.is_some() })
    }

    fn is_better(&self, (_, loss): &Self::Found, (_, other): &Self::Found) -> bool {
        loss < other
    }

    fn to_bytes(&self, (network, loss): &Self::Found) -> Result<Vec<u8>, Error> {
        to_bytes(&IncumbentFile { problem: self.sha256.clone(), loss: *loss, network: network.clone() })
    }
}

/// The exact loss of a network on the rows of the problem.
pub(super) fn recount(known: &Known, network: &Network) -> Result<u64, String> {
    network.check()?;
    if network.widths() != known.problem.architecture.widths() {
        return Err("its layers are not those of the problem".to_owned());
    }
    exact::check(&known.problem, network).map_err(|violation| format!("its network: {violation}"))
}
