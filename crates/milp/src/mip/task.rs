//! The work of one search in a round in which several share a tree ([`super::together`]), from what it is given to what it returns.

use std::sync::Arc;

use super::incumbent::Best;
use super::lessons::Lessons;
use super::node::Node;
use super::search::Search;
use super::seed::{Counters, Seed};
use super::snapshot::Snapshot;
use crate::control::{Event, Hooks};
use crate::outcome::{Statistics, Status};
use crate::{Budget, Error, Options};

/// What a search is given for a round.
#[derive(Default)]
pub(super) struct Task {
    /// Which of the searches it is for.
    pub index: usize,
    pub nodes: Vec<Node>,
    /// The node at which the last round has ended a plunge.
    pub hand: Option<Node>,
    /// The best point of all.
    pub best: Option<Arc<Best>>,
    /// What all searches have found out in the last round.
    pub lessons: Arc<Vec<Lessons>>,
    /// Nodes created so far: those of the round have greater numbers.
    pub created: u64,
    /// Nodes that are open beside those of the task.
    pub open_elsewhere: usize,
    /// Simplex iterations of all searches, and those of their probes.
    pub iterations: u64,
    pub probe_iterations: u64,
    /// The round ends after so many nodes, or so much work of the budget.
    pub most_nodes: u64,
    pub work: u64,
    /// Whether there is no round, and only the state of the search is asked for.
    pub only_tells: bool,
}

/// What comes of a round. Counts are those of the round alone.
#[derive(Default)]
pub(super) struct Finished {
    /// What is open.
    pub nodes: Vec<Node>,
    /// The node at which a plunge has ended.
    pub hand: Option<Node>,
    pub best: Option<Arc<Best>>,
    pub lessons: Lessons,
    pub closed_bound: f64,
    pub kept_bound: f64,
    pub created: u64,
    pub plunges: u64,
    pub work: u64,
    pub statistics: Statistics,
    pub probe_iterations: u64,
    /// The limit that the search has met, if it is one of the run.
    pub limit: Option<Status>,
    /// Events, and the work told of before the first.
    pub told: Vec<Event>,
    pub told_from: u64,
    /// Whether it was the share of the limit of nodes that has ended the round.
    pub is_cut: bool,
    /// The state of the search, if it was asked for.
    pub snapshot: Option<Snapshot>,
}

impl<'a> Search<'a> {
    /// What another search of the same tree begins with.
    pub(super) fn seed(&self) -> Seed<'a> {
        Seed {
            model: self.model,
            relaxation: self.relaxation.another(),
            propagator: self.propagator.clone(),
            domain: self.domain.clone(),
            incumbent: self.incumbent.clone(),
            pseudo_costs: self.pseudo_costs.clone(),
            learner: self.learner.clone(),
            least: self.least,
            counters: Counters { dive_iterations: self.dive_iterations, ..Counters::default() },
            statistics: Statistics::default(),
        }
    }

    /// A search that shares a tree, which may have no end (`is_fair`).
    pub(super) fn sharing(
        seed: Seed<'a>,
        options: &'a Options,
        (budget, hooks): (&'a Budget<'a>, &'a Hooks<'a>),
        is_fair: bool,
    ) -> Self {
        let mut search = Self::grown(seed, options, (budget, hooks), None);
        search.listener.iterations = search.relaxation.iterations();
        search.pseudo_costs.keep_log();
        search.learner.keep();
        if is_fair {
            search.queue.be_fair();
        }
        search
    }

    /// Works on a task until its nodes are closed, its measure is full, or a limit is met.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub(super) fn work_on(&mut self, task: Task) -> Result<Finished, Error> {
        if task.only_tells {
            // Whatever comes next begins with a jump from the root.
            self.domain.undo_to(0);
            return Ok(Finished { snapshot: Some(self.snapshot()), ..Finished::default() });
        }
        if task.best.is_some_and(|best| self.incumbent.adopt(&best)) {
            self.news_of_cutoff();
        }
        for (_, lessons) in task.lessons.iter().enumerate().filter(|(of, _)| *of != task.index) {
            self.pseudo_costs.observe_all(&lessons.observations);
            lessons.rows.iter().for_each(|row| self.propagator.learn(row.clone(), None));
        }
        let (iterations, plunges) = (self.relaxation.iterations(), self.plunges);
        self.report.statistics.lp_iterations = iterations;
        let before = self.report.statistics.clone();
        (self.pseudo_costs.elsewhere, self.pseudo_costs.probe_iterations) =
            (task.iterations.saturating_sub(iterations), task.probe_iterations);
        (self.created, self.open_elsewhere) = (task.created, task.open_elsewhere);
        self.pause_at = before.nodes + task.most_nodes;
        let start = self.budget.work();
        self.pause_after = start.saturating_add(task.work);
        task.nodes.into_iter().for_each(|node| self.queue.push(node));
        let (status, hand) = self.go_on(task.hand)?;
        let exact = self.relaxation.exact_time.as_secs_f64();
        let verify_seconds = std::mem::replace(&mut self.report.statistics.verify_seconds, exact);
        let statistics = &self.report.statistics;
        let is_limit = matches!(status, Status::TimeLimit | Status::MemoryLimit | Status::Interrupted);
        Ok(Finished {
            nodes: self.queue.drain().collect(),
            hand,
            best: self.incumbent.best().cloned(),
            lessons: Lessons { observations: self.pseudo_costs.take_log(), rows: self.learner.take_kept() },
            is_cut: statistics.nodes - before.nodes >= task.most_nodes,
            snapshot: None,
            closed_bound: self.closed_bound,
            kept_bound: self.kept_bound,
            created: self.created - task.created,
            plunges: self.plunges - plunges,
            work: self.budget.work() - start,
            statistics: Statistics {
                nodes: statistics.nodes - before.nodes,
                lp_iterations: self.relaxation.iterations() - iterations,
                conflicts: statistics.conflicts - before.conflicts,
                unresolved: statistics.unresolved - before.unresolved,
                verify_seconds: exact - verify_seconds,
                ..Statistics::default()
            },
            probe_iterations: self.pseudo_costs.probe_iterations - task.probe_iterations,
            limit: is_limit.then_some(status),
            told: Vec::new(),
            told_from: before.nodes + before.lp_iterations,
        })
    }
}
