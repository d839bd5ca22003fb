//! The best networks so far: by the objective, and by accuracy on rows kept apart if there are any.

use crate::Validation;
use crate::local_search::Confirmed;
use bdnn::{Network, Problem, Progress, Stop};
use budget::never;
use serde::{Deserialize, Serialize};
use std::sync::{Mutex, PoisonError};

/// What a run would return now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Best {
    /// Least objective.
    pub(super) trained: Confirmed,
    /// Most right predictions on the validation rows, then least objective; with how many are right.
    pub(super) chosen: Option<(usize, Confirmed)>,
}

/// Collects confirmed networks of the full problem, also those that an engine reports while it runs.
pub(super) struct Keeper<'a> {
    problem: &'a Problem,
    validation: Option<&'a Validation>,
    progress: &'a dyn Progress,
    best: Mutex<Option<Best>>,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(problem: &'a Problem, validation: Option<&'a Validation>, progress: &'a dyn Progress) -> Self {
        Self { problem, validation, progress, best: Mutex::new(None) }
    }

    /// The best so far.
    pub(super) fn best(&self) -> Option<Best> {
        self.best.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes back to what was known.
    pub(super) fn restore(&self, best: Option<Best>) {
        if let Some(best) = &best {
            self.progress.incumbent(&best.trained.network, best.trained.objective);
        }
        *self.best.lock().unwrap_or_else(PoisonError::into_inner) = best;
    }

    /// Looks at a network; one that does not satisfy the problem is nothing. True if its objective is the least so far.
    pub(super) fn offer(&self, network: Network) -> bool {
        self.offer_within(network, &never)
    }

    /// As [`Self::offer`]; nothing once `stop` says so.
    pub(super) fn offer_within(&self, network: Network, stop: &Stop<'_>) -> bool {
        let confirmed = Confirmed::within(self.problem, network, stop);
        confirmed.is_some_and(|confirmed| confirmed.is_ok_and(|confirmed| self.take(confirmed)))
    }

    /// Looks at a network that satisfies the problem.
    pub(super) fn take(&self, confirmed: Confirmed) -> bool {
        let right = self.validation.map(|validation| validation.right(self.problem, &confirmed.network));
        let mut best = self.best.lock().unwrap_or_else(PoisonError::into_inner);
        let chosen = |right: Option<usize>| right.map(|right| (right, confirmed.clone()));
        let Some(best) = &mut *best else {
            self.progress.incumbent(&confirmed.network, confirmed.objective);
            *best = Some(Best { chosen: chosen(right), trained: confirmed });
            return true;
        };
        if let (Some(right), Some((most, kept))) = (right, &best.chosen)
            && (right > *most || (right == *most && confirmed.objective < kept.objective))
        {
            best.chosen = chosen(Some(right));
        }
        let better = confirmed.objective < best.trained.objective;
        if better {
            self.progress.incumbent(&confirmed.network, confirmed.objective);
            best.trained = confirmed;
        }
        better
    }
}
