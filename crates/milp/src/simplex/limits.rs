//! When to stop although the optimum is not reached.

use super::status::LpStatus;
use crate::{Budget, Status};

/// Limits of one call of [`super::Simplex::solve`]. The default has none.
#[derive(Clone, Copy, Debug)]
pub struct Limits<'a> {
    /// Simplex iterations of this call.
    pub iterations: u64,
    /// Stop with [`LpStatus::Cutoff`] once the optimum is proven to be at least this (minimisation, offset included).
    pub cutoff: f64,
    /// Time, memory and interruption: asked at the start, and then at each iteration and pivot of a factorisation, so that
    /// clock and callback are looked at every millisecond or so.
    pub budget: Option<&'a Budget<'a>>,
}

impl Default for Limits<'_> {
    fn default() -> Self {
        Self { iterations: u64::MAX, cutoff: f64::INFINITY, budget: None }
    }
}

impl Limits<'_> {
    /// The limit that is exceeded after `used` iterations, if any; an iteration is this much work.
    pub(super) fn exceeded(&self, used: u64, work: usize) -> Option<LpStatus> {
        if used >= self.iterations {
            return Some(LpStatus::IterationLimit);
        }
        let budget = self.budget?;
        if used == 0 {
            budget.ask();
        }
        if budget.spend(work) { self.over() } else { None }
    }

    /// The limit of the budget that somebody found exceeded.
    pub(super) fn over(&self) -> Option<LpStatus> {
        Some(match self.budget?.over()? {
            Status::TimeLimit => LpStatus::TimeLimit,
            Status::MemoryLimit => LpStatus::MemoryLimit,
            _ => LpStatus::Interrupted,
        })
    }
}
