//! The part of a run between its start, or its resumption, and its end.

use super::file::Header;
use super::writer::State;
use crate::choice::EngineName;
use crate::error::Error;
use bdnn::{Interest, Network, Problem, Progress, SearchRow, Statistics, Status, Training, exact};
use budget::checkpoint::{decode, encode};
use budget::{GapIntegral, Instant};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The command that runs, as the header names it.
pub(crate) const COMMAND: &str = "train";

/// What a checkpoint has beside the engine's state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Past {
    /// Seconds of all sittings, and the primal-dual integral.
    pub(crate) seconds: f64,
    integral: f64,
    /// The best network; it is recounted, and not believed.
    best: Option<Network>,
    /// What was proven, at the end of a sitting.
    bound: Option<f64>,
    /// How the run ended, if that was its own end.
    end: Option<End>,
}

/// The end of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct End {
    status: Status,
    /// The engine that had the last word, and why.
    engine: EngineName,
    reason: String,
    nodes: u64,
    conflicts: u64,
    lp_iterations: u64,
}

/// A state as it stands in the file.
pub(crate) type Whole<T> = (Past, Option<T>);

/// What a checkpoint of this header and state says: what is past, and the engine's state if there is one.
pub(crate) fn parts(state: &[u8]) -> Result<Whole<Vec<u8>>, Error> {
    decode(state).map_err(|error| Error::Checkpoint(error.to_string()))
}

/// A network that satisfies the problem, with its loss and its objective.
fn recounted(problem: &Problem, network: Network) -> Option<(Network, u64, f64)> {
    let fits = network.check().is_ok() && network.widths() == problem.architecture.widths();
    let loss = exact::check(problem, &network).ok().filter(|_| fits)?;
    let objective = problem.objective(&network, loss);
    Some((network, loss, objective))
}

/// Hears of a sitting, for its checkpoints and for whoever listens: of a run that goes on with the seconds it had.
pub(crate) struct Sitting<'a> {
    progress: &'a dyn Progress,
    began: Instant,
    run: Map<String, Value>,
    past: Past,
    resumed: bool,
    /// The best network of earlier sittings with its loss and objective, recounted.
    before: Option<(Network, u64, f64)>,
    heard: Mutex<Heard>,
}

/// What was heard since it began.
#[derive(Default)]
struct Heard {
    gaps: GapIntegral,
    /// With its objective.
    best: Option<(Network, f64)>,
    bound: Option<f64>,
    /// Once it is over.
    end: Option<End>,
}

impl<'a> Sitting<'a> {
    /// One that goes on after `past`, if that is given; `run` is what the header says of it.
    pub(crate) fn new(
        problem: &Problem,
        progress: &'a dyn Progress,
        run: Map<String, Value>,
        past: Option<&Past>,
    ) -> Self {
        let heard = Mutex::default();
        let (resumed, past) = (past.is_some(), past.cloned().unwrap_or_default());
        let before = past.best.clone().and_then(|network| recounted(problem, network));
        Self { progress, began: Instant::now(), run, past, resumed, before, heard }
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// The run's own end, if an earlier sitting came to it: the engine that had the last word, why, and the training.
    pub(crate) fn over(&self) -> Result<Option<(EngineName, String, Training)>, Error> {
        let Some(End { status, engine, reason, nodes, conflicts, lp_iterations }) = self.past.end.clone() else {
            return Ok(None);
        };
        let found = self.before.clone();
        if found.is_none() && self.past.best.is_some() {
            return Err(Error::Checkpoint("the network in the checkpoint does not satisfy the problem".to_owned()));
        }
        let (seconds, primal_dual_integral) = (self.past.seconds, self.past.integral);
        let statistics =
            Statistics { nodes, conflicts, lp_iterations, seconds, primal_dual_integral, ..Statistics::default() };
        let (loss, objective) = found.as_ref().map_or((0, f64::INFINITY), |&(_, loss, objective)| (loss, objective));
        let network = found.map(|(network, ..)| network);
        let bound = self.past.bound.unwrap_or(f64::NEG_INFINITY);
        let training = Training { status, network, loss, objective, bound, statistics };
        Ok(Some((engine, reason, training.within_gap())))
    }

    /// The end of the sitting, with the sums of the run: a network or a bound that an earlier sitting had is not lost.
    pub(crate) fn finish(&self, training: Training, (engine, reason): (EngineName, &str), gap: f64) -> Training {
        let mut training = training;
        training.statistics.seconds += self.past.seconds;
        training.statistics.primal_dual_integral += self.past.integral;
        if let Some((network, loss, objective)) = self.before.clone()
            && (training.network.is_none() || objective < training.objective)
            && training.status != Status::Infeasible
        {
            training = Training { network: Some(network), loss, objective, ..training }.within_gap();
        }
        let before = self.past.bound.filter(|bound| *bound <= training.objective);
        let training = training.with_bound(before.unwrap_or(f64::NEG_INFINITY), gap);
        let Training { status, objective, bound, ref statistics, ref network, .. } = training;
        let Statistics { nodes, conflicts, lp_iterations, .. } = *statistics;
        let mut heard = self.heard();
        heard.best = network.clone().map(|network| (network, objective));
        heard.bound = Some(bound);
        heard.end = (!status.is_limit()).then(|| End {
            status,
            engine,
            reason: reason.to_owned(),
            nodes,
            conflicts,
            lp_iterations,
        });
        drop(heard);
        training
    }
}

impl State for Sitting<'_> {
    fn file(&self, engine: Option<&[u8]>) -> (Header, Vec<u8>) {
        let heard = self.heard();
        let seconds = self.seconds();
        let before = self.before.as_ref().map(|(network, _, objective)| (network, *objective));
        let found = heard.best.as_ref().map(|(network, objective)| (network, *objective));
        let best = before.into_iter().chain(found).min_by(|a, b| a.1.total_cmp(&b.1));
        let (best, objective) = (best.map(|(network, _)| network.clone()), best.map(|(_, objective)| objective));
        let bound = heard.bound.into_iter().chain(self.past.bound).reduce(f64::max);
        let past = Past {
            seconds: self.past.seconds + seconds,
            integral: self.past.integral + heard.gaps.until(seconds),
            best,
            // What rows say is for people.
            bound: if heard.end.is_some() { heard.bound } else { self.past.bound },
            end: heard.end.clone(),
        };
        let header = Header::new(COMMAND, self.run.clone(), past.seconds, (objective, bound));
        let engine = engine.filter(|_| past.end.is_none());
        (header, encode(&(past, engine)).unwrap_or_default())
    }

    fn warn(&self, message: &str) {
        self.progress.warn(message);
    }
}

impl Progress for Sitting<'_> {
    fn outer(&self) -> Option<&dyn Progress> {
        Some(self.progress)
    }

    fn interest(&self) -> Interest {
        // The nodes of earlier sittings were told then.
        if self.resumed { Interest::ROWS } else { self.progress.interest() }
    }

    fn row(&self, row: &SearchRow) {
        let mut heard = self.heard();
        heard.gaps.note(row.seconds, row.bound, row.incumbent);
        heard.bound = heard.bound.into_iter().chain([row.bound]).reduce(f64::max);
        drop(heard);
        self.progress.row(&SearchRow { seconds: row.seconds + self.past.seconds, ..*row });
    }

    fn incumbent(&self, network: &Network, objective: f64) {
        let mut heard = self.heard();
        if heard.best.as_ref().is_none_or(|(_, best)| objective < *best) {
            heard.best = Some((network.clone(), objective));
        }
        drop(heard);
        self.progress.incumbent(network, objective);
    }
}
