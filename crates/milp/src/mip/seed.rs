//! What a search begins with, and what is not shared between searches of one tree.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::branching::PseudoCosts;
use super::incumbent::{Incumbent, Scale};
use super::learning::Learner;
use super::objective::ObjectiveGrid;
use super::propagation::Propagator;
use crate::bounds::Domain;
use crate::model::{Datum, Model, VarKind, Variable};
use crate::number::{float_above, float_below};
use crate::options::Options;
use crate::outcome::Statistics;
use crate::proof::Certificate;
use crate::relaxation::Relaxation;
use crate::simplex::LpProblem;
use crate::verify::Units;

/// The state of a search beside its open nodes; it may go to another thread.
pub(super) struct Seed<'a> {
    pub model: &'a Model,
    pub relaxation: Relaxation<'a>,
    pub propagator: Propagator,
    pub domain: Domain,
    pub incumbent: Incumbent,
    pub pseudo_costs: PseudoCosts,
    pub learner: Learner,
    /// See [`super::search::Search::least`].
    pub least: f64,
    pub counters: Counters,
    pub statistics: Statistics,
}

/// What a search has counted, and the bounds of what it has closed; see [`super::search::Search`].
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Counters {
    pub plunges: u64,
    pub last_dive: u64,
    pub dive_iterations: u64,
    pub closed_bound: f64,
    pub kept_bound: f64,
}

impl Default for Counters {
    fn default() -> Self {
        let (closed_bound, kept_bound) = (f64::INFINITY, f64::INFINITY);
        Self { plunges: 0, last_dive: 0, dive_iterations: 0, closed_bound, kept_bound }
    }
}

impl<'a> Seed<'a> {
    /// At the root of a model, before anything is known; gaps are measured by `scale`.
    pub fn new(model: &'a Model, options: &Options, certificate: Option<&Certificate>, scale: Scale) -> Self {
        let problem = Arc::new(LpProblem::varying(model));
        let has_grid = certificate.is_none_or(Certificate::has_grid);
        let grid = ObjectiveGrid::detect(model).filter(|_| has_grid);
        let mut domain = Domain::new(
            model.columns_by_id().map(|(j, var)| whole_bound(model, Datum::Lower(j), var, var.lower)).collect(),
            model.columns_by_id().map(|(j, var)| whole_bound(model, Datum::Upper(j), var, var.upper)).collect(),
        );
        Self {
            relaxation: Relaxation::new(model, problem.clone(), options),
            propagator: Propagator::new(model, &problem, &mut domain, options),
            learner: Learner::new(model, &domain, options, certificate.is_some()),
            incumbent: Incumbent::new(model, grid, options, (Units::of(model).left_out(), scale)),
            pseudo_costs: PseudoCosts::new(model.num_vars(), options),
            least: f64::NEG_INFINITY,
            counters: Counters::default(),
            statistics: Statistics::default(),
            domain,
            model,
        }
    }
}

/// A bound of a column in floats: of integer ones the whole number that the exact bound leaves, or a float outside of it.
fn whole_bound(model: &Model, datum: Datum, var: &Variable, bound: f64) -> f64 {
    let exact = model.decimals.side(datum, bound).filter(|_| var.kind == VarKind::Integer);
    match (exact, datum) {
        (None, _) => bound,
        (Some(exact), Datum::Lower(_)) => float_below(&exact.ceil().into()),
        (Some(exact), _) => float_above(&exact.floor().into()),
    }
}
