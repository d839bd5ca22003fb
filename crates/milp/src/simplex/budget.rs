//! When to stop although the optimum is not reached.

use std::time::Instant;

use super::LpStatus;

/// Limits of one call of [`super::Simplex::solve`]. The default has none.
#[derive(Clone, Copy)]
pub struct Budget<'a> {
    /// Simplex iterations of this call.
    pub iterations: u64,
    /// Wall-clock end.
    pub deadline: Option<Instant>,
    /// Stop with [`LpStatus::Cutoff`] once the optimum is proven to be at least this (minimisation, offset included).
    pub cutoff: f64,
    /// Asked every few iterations; true ends the call with [`LpStatus::Interrupted`].
    pub stop: Option<&'a dyn Fn() -> bool>,
}

impl Default for Budget<'_> {
    fn default() -> Self {
        Self { iterations: u64::MAX, deadline: None, cutoff: f64::INFINITY, stop: None }
    }
}

impl Budget<'_> {
    /// The limit that is exceeded after `used` iterations, if any. Clock and callback are asked at every 32nd.
    pub(super) fn exceeded(&self, used: u64) -> Option<LpStatus> {
        if used >= self.iterations {
            return Some(LpStatus::IterationLimit);
        }
        if !used.is_multiple_of(32) {
            return None;
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Some(LpStatus::TimeLimit);
        }
        self.stop.is_some_and(|stop| stop()).then_some(LpStatus::Interrupted)
    }
}
