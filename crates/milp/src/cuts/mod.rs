//! Cutting planes: rows that every point of the model satisfies and the relaxation's solution does not.
//!
//! Open [`Separator::round`]. Families: [`aggregation`] (mixed-integer rounding of aggregated rows), [`gomory`] (of tableau rows), [`cover`] (knapsacks), [`zero_half`].
//! [`pool`] selects. What makes them safe stands in [`rounding`] and [`interval`]; when rounds are run, in [`crate::mip`] (`cutting.rs`).
//!
//! Invariant: a cut is valid for the model as it is written, all decimals exact, its own coefficients being the floats that they are. It follows
//! from rows, integrality, and bounds that hold in the whole tree, and may stand wherever a row of the model does.

mod aggregation;
mod cover;
mod cut;
mod equation;
mod gomory;
mod interval;
mod pool;
mod rounding;
mod substitution;
mod system;
#[cfg(test)]
mod tests;
mod zero_half;

use crate::bounds::Domain;
use crate::model::Model;
use crate::relaxation::Relaxation;
use crate::{Budget, Parameters};
use aggregation::Aggregator;
pub(crate) use cut::Family;
pub(crate) use pool::Found;
use pool::Pool;
use system::System;

/// What is needed for a round of cuts.
pub(crate) struct Separator<'a> {
    pub model: &'a Model,
    pub parameters: &'a Parameters,
    pub budget: &'a Budget<'a>,
}

impl Separator<'_> {
    /// Cuts of all families that the last solution of the relaxation violates, for a box in which every point of the model lies: those
    /// selected, the deepest first.
    pub fn round(&self, relaxation: &mut Relaxation<'_>, root: &Domain) -> Vec<Found> {
        let parameters = self.parameters;
        let system = System::new(self.model, relaxation, root, parameters.cut_nearest_rows);
        let mut pool = Pool::new(parameters.cut_entries + system.n / 5, parameters.cut_efficacy);
        let allowed = parameters.cut_work * (system.rows.values.len() + system.m);
        if parameters.covers {
            cover::separate(&system, &mut pool, self.budget);
        }
        if parameters.mir {
            let mut aggregator = Aggregator::new(&system, parameters, self.budget);
            aggregator.separate(&system, &mut pool, parameters.aggregated_rows, allowed);
        }
        if parameters.zero_half {
            zero_half::separate(&system, &mut pool, parameters.cuts_in_a_round, allowed, self.budget);
        }
        if parameters.gomory {
            gomory::separate(&system, relaxation, &mut pool, parameters.cuts_in_a_round, self.budget);
        }
        pool.select(system.n, parameters, self.budget)
    }
}
