//! Verdicts over labelled rows.

use super::worst_case::{Verdict, WorstCase};
use crate::Stop;
use rayon::prelude::*;
use serde::Serialize;

/// What became of the points, each counted under one of the first three.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Points whose class no perturbation of the ball changes.
    pub certified: usize,
    /// Points whose class some perturbation changes.
    pub attackable: usize,
    /// Points where the work limit came first.
    pub undecided: usize,
    /// Certified points that are predicted rightly.
    pub robust: usize,
    /// Undecided points that are predicted rightly.
    pub open: usize,
}

impl Tally {
    /// The tally of `count` points, by all threads at hand: `point` gives each and its class. What `stop` leaves is undecided.
    #[must_use]
    pub fn all<'p>(
        case: &WorstCase<'_>,
        count: usize,
        point: impl Fn(usize) -> (&'p [f64], usize) + Sync,
        stop: &Stop<'_>,
    ) -> Self {
        let one = |i: usize| {
            let (raw, label) = point(i);
            Self::of(case, raw, label, stop)
        };
        (0..count).into_par_iter().map(one).reduce(Self::default, Self::plus)
    }

    /// The tally of one point with the class `label`; undecided once `stop` says so.
    #[must_use]
    pub fn of(case: &WorstCase<'_>, raw: &[f64], label: usize, stop: &Stop<'_>) -> Self {
        let right = usize::from(case.network.predict(raw) == label);
        match case.decide_within(raw, stop) {
            Verdict::Certified => Self { certified: 1, robust: right, ..Self::default() },
            Verdict::Attackable(_) => Self { attackable: 1, ..Self::default() },
            Verdict::Undecided => Self { undecided: 1, open: right, ..Self::default() },
        }
    }

    /// Both tallies together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            certified: self.certified + other.certified,
            attackable: self.attackable + other.attackable,
            undecided: self.undecided + other.undecided,
            robust: self.robust + other.robust,
            open: self.open + other.open,
        }
    }

    /// All points.
    #[must_use]
    pub fn points(&self) -> usize {
        self.certified + self.attackable + self.undecided
    }
}
