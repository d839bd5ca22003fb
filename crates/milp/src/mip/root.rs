//! The root: how a search begins, up to the first open node.

use ::budget::Instant;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::incumbent::{Fate, Scale};
use super::learning::Learner;
use super::listener::Listener;
use super::node::{Node, NodeQueue};
use super::report::Report;
use super::search::Search;
use super::seed::{Counters, Seed};
use super::state::State;
use crate::control::Hooks;
use crate::exact_lp::Meter;
use crate::model::{Model, VarKind};
use crate::options::Options;
use crate::outcome::Status;
use crate::proof::Certificate;
use crate::relaxation::{Verdict, whole_ray};
use crate::simplex::Basis;
use crate::tolerances::EXACT_WORK;
use crate::verify::{Units, implied_bounds};
use crate::whole::congruences;
use crate::{Budget, Error};

impl<'a> Search<'a> {
    pub(super) fn new(
        model: &'a Model,
        options: &'a Options,
        (budget, hooks): (&'a Budget<'a>, &'a Hooks<'a>),
        certificate: Option<&'a mut Certificate>,
        scale: Scale,
    ) -> Self {
        let seed = Seed::new(model, options, certificate.as_deref(), scale);
        let mut search = Self::grown(seed, options, (budget, hooks), certificate);
        if let Some(cutoff) = options.cutoff.as_ref().filter(|_| !search.is_certifying()) {
            let value = search.report.units().value_of_exact(cutoff);
            search.incumbent.lower_ceiling(&value);
            search.news_of_cutoff();
        }
        search
    }

    /// The search that begins with what is in a seed, without open nodes.
    pub(super) fn grown(
        seed: Seed<'a>,
        options: &'a Options,
        (budget, hooks): (&'a Budget<'a>, &'a Hooks<'a>),
        certificate: Option<&'a mut Certificate>,
    ) -> Self {
        let Seed { model, relaxation, propagator, domain, incumbent, pseudo_costs, learner, least, .. } = seed;
        let Counters { plunges, last_dive, dive_iterations, closed_bound, kept_bound } = seed.counters;
        Self {
            report: Report::new(Units::of(model)).counting_from(seed.statistics),
            listener: Listener::new(hooks.borrow().interest()),
            queue: NodeQueue::new(options.parameters.node_order, hooks.plugins().selection.is_some()),
            current_bound: f64::NEG_INFINITY,
            root_ceiling: f64::INFINITY,
            stopped: None,
            began: Instant::now(),
            work_of_root: 0,
            ray: None,
            created: 0,
            open_elsewhere: 0,
            pause_at: u64::MAX,
            pause_after: u64::MAX,
            plunges,
            last_dive,
            closed_bound,
            kept_bound,
            model,
            options,
            budget,
            hooks,
            certificate,
            relaxation,
            propagator,
            domain,
            incumbent,
            pseudo_costs,
            learner,
            least,
            dive_iterations,
        }
    }

    /// Propagates and solves the root (from a basis, if one is known), tries the start and the heuristics, and queues the root node.
    /// `Some` ends the run before the search.
    pub(super) fn root(&mut self, basis: Option<&Basis>) -> Result<Option<Status>, Error> {
        self.root_ceiling = self.incumbent.ceiling();
        if let Some(status) = self.prepare() {
            return Ok(Some(status));
        }
        if let Some(start) = &self.options.start
            && let Fate::Stopped(status) = self.try_point(start, 'S', 0)?
        {
            self.kept_bound = f64::NEG_INFINITY;
            return Ok(Some(status));
        }
        basis.into_iter().for_each(|basis| self.relaxation.load_basis(basis));
        let first = self.relax()?;
        let solved = self.relaxation.basis();
        let ended = self.finish_root(first)?;
        if let Some(Status::TimeLimit | Status::MemoryLimit | Status::Interrupted) = ended {
            State::Root(solved.packed()).keep(self.hooks);
        }
        Ok(ended)
    }

    /// What follows from the model alone: propagates the root, whose box is the base of all others. `Some` ends the run.
    pub(super) fn prepare(&mut self) -> Option<Status> {
        let crossed = |j: usize| self.domain.lower()[j] > self.domain.upper()[j];
        let empty_row = |row: &crate::model::Row| row.lower > row.upper;
        if (0..self.model.num_vars()).any(crossed) || self.model.rows.iter().any(empty_row) {
            self.certify_crossed();
            return Some(Status::Infeasible);
        }
        self.least = self.incumbent.round_up(self.relaxation.bound_without_rows(&self.domain));
        self.propagator.enqueue_all();
        let mut propagated = self.propagator.propagate(&mut self.domain, self.budget);
        if propagated.is_ok() {
            self.add_congruences();
            propagated = self.propagator.propagate(&mut self.domain, self.budget);
        }
        // What is to be beaten may have taken points away that are no better.
        self.count_closed(f64::NEG_INFINITY);
        if let Err(conflict) = propagated {
            self.certify_root(&conflict);
            return Some(Status::Infeasible);
        }
        if let Some(status) = self.budget.ask() {
            self.kept_bound = f64::NEG_INFINITY;
            return Some(status);
        }
        self.certify_base();
        self.domain.rebase();
        let least = self.relaxation.bound_without_rows(&self.domain);
        self.least = self.least.max(self.incumbent.round_up(least));
        self.imply_bounds();
        let is_bounded = |&j: &usize| self.domain.lower()[j].is_finite() && self.domain.upper()[j].is_finite();
        if !self.relaxation.integers().iter().all(is_bounded) {
            self.queue.be_fair();
        }
        self.learner = Learner::new(self.model, &self.domain, self.options, self.is_certifying());
        self.learner.from_cutoff = self.deduces_from_cutoff();
        self.relaxation.install(&self.domain);
        None
    }

    /// The rest of the root, from the verdict on its relaxation.
    fn finish_root(&mut self, first: Verdict) -> Result<Option<Status>, Error> {
        let verdict = match first {
            Verdict::Unbounded => self.find_ray(u64::MAX),
            Verdict::Solved if self.relaxation.bound(self.budget) == f64::NEG_INFINITY => {
                match self.find_ray(EXACT_WORK) {
                    Verdict::Undecided => Verdict::Solved,
                    other => other,
                }
            }
            other => other,
        };
        let verdict = match verdict {
            Verdict::Solved => {
                self.certify_duals();
                self.current_bound = self.incumbent.round_up(self.relaxation.bound(self.budget));
                self.note('R', 0);
                // What only rationals can solve has nothing that floats could cut.
                if first == Verdict::Solved { self.cut()? } else { Verdict::Solved }
            }
            other => other,
        };
        match verdict {
            // A certificate wants the root to be closed like every other node.
            Verdict::Infeasible | Verdict::Cutoff if self.certificate.is_some() => {}
            Verdict::Infeasible | Verdict::Cutoff => {
                self.count_closed(f64::NEG_INFINITY);
                let is_empty = self.incumbent.objective().is_none();
                return Ok(Some(if is_empty { Status::Infeasible } else { Status::Optimal }));
            }
            Verdict::Unbounded => return Ok(Some(Status::Unbounded)),
            Verdict::Stopped(status) => {
                self.kept_bound = self.current_bound;
                return Ok(Some(status));
            }
            Verdict::Solved => {
                let bound = self.incumbent.round_up(self.relaxation.bound(self.budget));
                self.current_bound = self.current_bound.max(bound);
                if self.report.statistics.cuts > 0 {
                    self.note('R', 0);
                }
                self.root_heuristics()?;
            }
            Verdict::Undecided | Verdict::OutOfIterations => {}
        }
        let root = Node {
            id: 0,
            depth: 0,
            bound: self.current_bound,
            path: None,
            origin: None,
            basis: Some(Arc::new(self.relaxation.basis())),
            place: None,
            key: None,
        };
        self.tell_node(&root, None);
        self.queue.push(root);
        Ok(None)
    }

    /// What rows say modulo one, for the nodes below; the relaxation and a certificate carry the continuous columns in it.
    fn add_congruences(&mut self) {
        let found = congruences(self.model, &self.domain, self.options.parameters.elimination_work, self.budget);
        let is_continuous = |j: &usize| self.model.variables[*j].kind == VarKind::Continuous;
        let rest = found.iter().flat_map(|congruence| &congruence.rest).map(|(j, _)| *j as usize);
        let carried: BTreeSet<usize> = rest.filter(is_continuous).collect();
        let carried: Vec<usize> = carried.into_iter().collect();
        self.relaxation.carry(&carried);
        if let Some(certificate) = self.certificate.as_deref_mut() {
            certificate.carry(&carried);
        }
        found.into_iter().for_each(|congruence| self.propagator.add_congruence(congruence));
    }

    /// Gives the relaxation bounds of all columns to lean on: what was propagated, and what rows imply beyond that.
    fn imply_bounds(&mut self) {
        let problem = self.relaxation.problem();
        let n = problem.num_cols();
        let with_rows = |columns: &[f64], all: &[f64]| [columns, &all[n..]].concat();
        let lower = with_rows(self.domain.lower(), &problem.lower);
        let upper = with_rows(self.domain.upper(), &problem.upper);
        let implied = implied_bounds(problem, &lower, &upper, f64::INFINITY);
        self.relaxation.set_implied(Some(Arc::new(implied)));
    }

    /// Whether the root's relaxation is unbounded, in rationals; otherwise what holds instead.
    fn find_ray(&mut self, work: u64) -> Verdict {
        match self.relaxation.ray(Meter::new(work, self.budget)) {
            Ok(ray) => {
                self.ray = Some(whole_ray(ray, self.relaxation.integers()));
                Verdict::Unbounded
            }
            Err(verdict) => verdict,
        }
    }

    fn root_heuristics(&mut self) -> Result<(), Error> {
        if self.current_bound >= self.incumbent.cutoff() || self.fractional().is_empty() {
            return Ok(());
        }
        let parameters = &self.options.parameters;
        if parameters.rounding {
            let x = self.relaxation.solution().to_vec();
            self.fix_and_propagate(&x, 'H')?;
        }
        if parameters.dives && self.relax()? == Verdict::Solved {
            self.dive(0)?;
        }
        Ok(())
    }
}
