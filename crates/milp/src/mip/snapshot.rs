//! One search as a checkpoint has it, without its open nodes and without what its root gives anew.
//!
//! What is kept is all that the next node depends on, to the last digit: a search goes on as if nothing had been. What comes from a file is
//! looked at before it is used; it may be wrong, but no place in it leads astray, and no point counts that was not checked.

use serde::{Deserialize, Serialize};

use super::branching::{Observed, PseudoCosts};
use super::incumbent::{Incumbent, SavedBest};
use super::open::MOST;
use super::propagation::{Propagator, SavedRows};
use super::search::Search;
use super::seed::{Counters, Seed};
use crate::bounds::Domain;
use crate::control::Hooks;
use crate::model::Model;
use crate::outcome::Statistics;
use crate::relaxation::{Relaxation, SavedRelaxation};

/// The state of a search between two nodes.
#[derive(Serialize, Deserialize)]
pub(super) struct Snapshot {
    relaxation: SavedRelaxation,
    rows: SavedRows,
    observed: Observed,
    /// See [`PseudoCosts`].
    probe_iterations: u64,
    elsewhere: u64,
    /// Columns whose bounds have changed since somebody asked.
    changed: Vec<u32>,
    best: Option<SavedBest>,
    ceiling: f64,
    counters: Counters,
    nodes: u64,
    lp_iterations: u64,
    conflicts: u64,
    cuts: u64,
    unresolved: u64,
}

/// What of a search, or of its seed, a snapshot is put into. The relaxation has its rows.
struct Parts<'s, 'a> {
    model: &'a Model,
    relaxation: &'s mut Relaxation<'a>,
    propagator: &'s mut Propagator,
    domain: &'s mut Domain,
    pseudo_costs: &'s mut PseudoCosts,
    incumbent: &'s mut Incumbent,
}

impl Snapshot {
    /// Puts the snapshot into these parts, and gives back its counts; `None` if it is of another model.
    fn restore(self, parts: Parts<'_, '_>, hooks: &Hooks) -> Option<(Counters, Statistics)> {
        let Parts { model, relaxation, propagator, domain, pseudo_costs, incumbent } = parts;
        let Self { nodes, lp_iterations, conflicts, cuts, unresolved, .. } = self;
        let Counters { plunges, last_dive, dive_iterations, closed_bound, kept_bound } = self.counters;
        let of = [nodes, lp_iterations, conflicts, cuts, unresolved, plunges, last_dive, dive_iterations];
        let all = of.into_iter().chain([self.probe_iterations, self.elsewhere]);
        if all.max().is_some_and(|most| most >= MOST) || closed_bound.is_nan() || kept_bound.is_nan() {
            return None;
        }
        relaxation.restore(self.relaxation)?;
        propagator.restore(self.rows)?;
        if !pseudo_costs.restore(self.observed) || !domain.set_changed(self.changed) {
            return None;
        }
        (pseudo_costs.probe_iterations, pseudo_costs.elsewhere) = (self.probe_iterations, self.elsewhere);
        incumbent.restore((self.best, self.ceiling), (model, &relaxation.problem().cost), hooks)?;
        let statistics = Statistics { nodes, lp_iterations, conflicts, cuts, unresolved, ..Statistics::default() };
        Some((self.counters, statistics))
    }
}

impl<'a> Search<'a> {
    /// Its state between two nodes. Cost: its size.
    pub(super) fn snapshot(&self) -> Snapshot {
        let statistics = &self.report.statistics;
        Snapshot {
            relaxation: self.relaxation.save(),
            rows: self.propagator.save(),
            observed: self.pseudo_costs.observed().clone(),
            probe_iterations: self.pseudo_costs.probe_iterations,
            elsewhere: self.pseudo_costs.elsewhere,
            changed: self.domain.changed().to_vec(),
            best: self.incumbent.best().map(|best| best.save()),
            ceiling: self.incumbent.ceiling(),
            counters: Counters {
                plunges: self.plunges,
                last_dive: self.last_dive,
                dive_iterations: self.dive_iterations,
                closed_bound: self.closed_bound,
                kept_bound: self.kept_bound,
            },
            nodes: statistics.nodes,
            lp_iterations: statistics.lp_iterations,
            conflicts: statistics.conflicts,
            cuts: statistics.cuts,
            unresolved: statistics.unresolved,
        }
    }

    /// Goes on from a snapshot, at the root or in the box in which it was taken; `None`, and the search is not to be used any more, if it is of
    /// another model.
    pub(super) fn restore_snapshot(&mut self, snapshot: Snapshot) -> Option<()> {
        let Self { model, relaxation, propagator, domain, pseudo_costs, incumbent, .. } = self;
        let parts = Parts { model, relaxation, propagator, domain, pseudo_costs, incumbent };
        let (counters, statistics) = snapshot.restore(parts, self.hooks)?;
        let Counters { plunges, last_dive, dive_iterations, closed_bound, kept_bound } = counters;
        (self.plunges, self.last_dive, self.dive_iterations) = (plunges, last_dive, dive_iterations);
        (self.closed_bound, self.kept_bound) = (closed_bound, kept_bound);
        self.report.statistics = statistics;
        Some(())
    }
}

impl Seed<'_> {
    /// The same for a search that is to grow from this seed.
    pub(super) fn restore_snapshot(&mut self, snapshot: Snapshot, hooks: &Hooks) -> Option<()> {
        self.domain.undo_to(0);
        let Self { model, relaxation, propagator, domain, pseudo_costs, incumbent, .. } = self;
        let parts = Parts { model, relaxation, propagator, domain, pseudo_costs, incumbent };
        (self.counters, self.statistics) = snapshot.restore(parts, hooks)?;
        Some(())
    }
}
