//! The search loop, and what goes from one part to another: each part says in its signatures what else it touches.

use super::ahead::{Ahead, LookAhead};
use super::clauses::Clauses;
use super::conflict::Conflict;
use super::counter::Counters;
use super::counts::Counts;
use super::facts::Facts;
use super::formula::Formula;
use super::literal::{Lit, Var};
use super::order::Order;
use super::proof::{NoProof, ProofSink, Step};
use super::restarts::Restarts;
use super::theories::Theories;
use super::told::Learned;
use super::trail::{Reason, Trail, Unconfirmed};
use crate::Parameters;
use crate::theory::{Geometry, Lemma, Separation, Side};
use budget::Stop;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How a call of [`Solver::search`] ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All variables are assigned, all constraints hold: see [`Solver::value`]. The trail is left standing.
    Satisfied,
    /// No solution within the bound.
    Refuted,
    /// No solution within the bound satisfies all these assumptions (a subset of those given); the proof has that as this
    /// step.
    Core(Vec<Lit>, Step),
    /// The budget is spent.
    Budget,
    /// `stop` said so.
    Stopped,
}

/// Limits of one call.
pub struct Allowance<'a> {
    /// Effort allowed: conflicts, and look-aheads like conflicts.
    pub conflicts: u64,
    /// Asked at every conflict and decision, and while theories work; true ends the call.
    pub stop: &'a Stop<'a>,
}

/// The solver of one formula. A clone logs nothing.
#[derive(Clone, Serialize, Deserialize)]
pub struct Solver {
    pub(super) trail: Trail,
    pub(super) clauses: Clauses,
    pub(super) theories: Theories,
    pub(super) counters: Counters,
    pub(super) order: Order,
    pub(super) restarts: Restarts,
    pub(super) ahead: LookAhead,
    pub(super) conflict: Conflict,
    pub(super) facts: Facts,
    /// By variable: marks of conflict analysis, all 0 between two.
    pub(super) seen: Vec<u8>,
    pub(super) counts: Counts,
    #[serde(skip, default = "no_proof")]
    pub(super) sink: Box<dyn ProofSink>,
    /// False once the formula is refuted without assumptions.
    pub(super) consistent: bool,
    /// What was learned since it was asked for, if somebody listens.
    #[serde(skip)]
    pub(super) told: Option<Vec<Learned>>,
}

/// A solver that goes on after a checkpoint writes no proof.
fn no_proof() -> Box<dyn ProofSink> {
    Box::new(NoProof)
}

#[allow(clippy::cast_possible_truncation)]
impl Solver {
    /// A solver for `formula`, with the clauses loaded and nothing decided.
    #[must_use]
    pub fn new(formula: &Formula, sink: Box<dyn ProofSink>) -> Self {
        Self::tuned(formula, &Parameters::default(), sink)
    }

    /// The same with these parameters.
    #[must_use]
    pub fn tuned(formula: &Formula, parameters: &Parameters, sink: Box<dyn ProofSink>) -> Self {
        let mut solver = Self {
            trail: Trail::default(),
            clauses: Clauses::new(parameters),
            theories: Theories::new(formula),
            counters: Counters::default(),
            order: Order::new(parameters.activity_decay),
            restarts: Restarts::new(parameters),
            ahead: LookAhead::new(parameters),
            conflict: Conflict::default(),
            facts: Facts::default(),
            seen: Vec::new(),
            counts: Counts::default(),
            sink,
            consistent: true,
            told: None,
        };
        for _ in 0..formula.variables {
            solver.new_var();
        }
        solver.theories.connect();
        solver.set_objective(&formula.objective);
        for (index, limit) in formula.limits.iter().enumerate() {
            let step = solver.sink.limit(index);
            solver.counters.add_limit(solver.trail.values.len(), limit, step);
        }
        for (index, clause) in formula.clauses.iter().enumerate() {
            let step = solver.sink.problem(index);
            solver.add_step(clause, step);
        }
        solver
    }

    /// Whether what is learned is kept for [`Solver::take_told`].
    pub fn keep_told(&mut self, wanted: bool) {
        self.told = wanted.then(Vec::new);
    }

    /// What was learned since the last call.
    pub fn take_told(&mut self) -> Vec<Learned> {
        self.told.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// A new variable.
    pub fn new_var(&mut self) -> Var {
        let var = Var(self.trail.levels.len() as u32);
        self.trail.new_var();
        self.clauses.new_var();
        self.theories.new_var();
        self.order.new_var();
        self.ahead.new_var();
        self.facts.new_var();
        self.seen.push(0);
        self.counters.grow(self.trail.values.len());
        var
    }

    /// Replaces a layer's geometry by one with more sites after the same first ones; `atoms` are those of the new sites,
    /// for each neuron of the layer in turn. Back to level 0.
    pub fn grow_layer(&mut self, layer: usize, geometry: &Arc<Geometry>, atoms: &[Vec<[Option<Lit>; 2]>]) {
        self.backtrack(0);
        self.theories.grow(layer, geometry, atoms);
    }

    /// Replaces the objective; back to level 0.
    pub fn set_objective(&mut self, objective: &[(Lit, u64)]) {
        self.backtrack(0);
        for &lit in self.trail.literals[..self.trail.counter_head].iter().rev() {
            self.counters.refund(lit);
        }
        self.trail.counter_head = 0;
        self.counters.objective.set_objective(self.trail.values.len(), objective);
        self.trail.head = 0;
    }

    /// Solutions must cost at most `bound` (offset not counted) from here on; `None` takes the constraint away,
    /// which is sound only while nothing has been learned under it.
    pub fn set_bound(&mut self, bound: Option<u64>) {
        self.backtrack(0);
        self.counters.objective.set_bound(bound);
        self.trail.counter_head = 0;
        for &lit in self.trail.literals.iter().rev() {
            self.counters.refund(lit);
        }
        self.trail.head = 0;
        if let Some(bound) = bound {
            self.sink.bound(bound);
        }
    }

    /// Raises a variable's activity before the search.
    pub fn prefer(&mut self, var: Var, by: f64) {
        self.order.prefer(var, by);
    }

    /// The value tried first when `var` is decided.
    pub fn set_phase(&mut self, var: Var, phase: bool) {
        self.order.phases[var.index()] = phase;
    }

    /// Whether nodes of searches without assumptions are bounded by look-ahead. Not before.
    pub fn allow_look_ahead(&mut self, allow: bool) {
        self.ahead.allowed = allow;
    }

    /// Forgets the values tried last: all variables are first tried false again.
    pub fn reset_phases(&mut self) {
        self.backtrack(0);
        self.order.phases.fill(false);
    }

    /// Value of a literal, if assigned.
    #[must_use]
    pub fn value(&self, lit: Lit) -> Option<bool> {
        (!self.trail.is_free(lit)).then(|| self.trail.is_true(lit))
    }

    /// Value of a literal, if it is the same in all solutions, as far as is known.
    #[must_use]
    pub fn fixed(&self, lit: Lit) -> Option<bool> {
        self.value(lit).filter(|_| self.trail.level_of(lit) == 0)
    }

    /// Work done so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts { pivots: self.theories.pivots(), ..self.counts }
    }

    /// The neurons' theories; after [`Verdict::Satisfied`] they hold the whole pattern.
    pub fn theories_mut(&mut self) -> &mut [Separation] {
        &mut self.theories.separations
    }

    /// Whether a proof is written.
    #[must_use]
    pub fn logs(&self) -> bool {
        self.sink.listens()
    }

    /// Clauses learned and lemma instances in use.
    #[must_use]
    pub fn num_learned(&self) -> usize {
        self.clauses.num_learned()
    }

    fn decide(&mut self, lit: Lit) {
        self.trail.open();
        self.trail.enqueue(lit, Reason::None);
    }

    /// Undoes all levels above `level`.
    pub fn backtrack(&mut self, level: u32) {
        if self.trail.level() <= level {
            return;
        }
        let start = self.trail.starts[level as usize];
        self.theories.retract(&mut self.trail, start);
        self.ahead.retract(start);
        while let Some(lit) = self.trail.pop(start) {
            self.counters.refund(lit);
            self.order.undone(lit);
        }
        self.trail.close(level);
    }

    /// Searches for a solution that satisfies `assumptions`.
    pub fn search(&mut self, assumptions: &[Lit], budget: &Allowance<'_>) -> Verdict {
        self.backtrack(0);
        let limit = self.counts.effort().saturating_add(budget.conflicts);
        let before = self.counts.conflicts;
        loop {
            if !self.consistent {
                return Verdict::Refuted;
            }
            // At least one conflict, so that repeated calls come to an end, and none beyond the limit.
            let spent = self.counts.effort() >= limit;
            if spent && self.counts.conflicts > before {
                return Verdict::Budget;
            }
            if !self.propagate(budget.stop) {
                self.resolve_conflict(budget.stop);
                if (budget.stop)() {
                    return Verdict::Stopped;
                }
                continue;
            }
            if (budget.stop)() {
                return Verdict::Stopped;
            }
            if spent && budget.conflicts == 0 {
                return Verdict::Budget;
            }
            if self.restarts.due(self.counts.conflicts) {
                self.backtrack(0);
                self.counts.restarts += 1;
                self.restarts.restarted(self.counts.conflicts);
                continue;
            }
            if self.trail.level() == 0 && self.restarts.reduction_due(self.counts.conflicts) {
                self.clauses.reduce(&mut self.trail, &mut *self.sink);
            }
            if assumptions.is_empty() {
                match self.look_ahead(budget.stop) {
                    Ahead::Skipped => {}
                    Ahead::Propagate => continue,
                    Ahead::Conflict => {
                        self.resolve_conflict(budget.stop);
                        continue;
                    }
                }
            }
            match self.next_decision(assumptions) {
                Ok(Some(lit)) => self.decide(lit),
                Ok(None) => return Verdict::Satisfied,
                Err(failed) => match self.core_of(failed, budget.stop) {
                    Ok((core, step)) => return Verdict::Core(core, step),
                    Err(Unconfirmed(lit)) => {
                        self.counts.conflicts += 1;
                        self.retract_guess(lit);
                    }
                },
            }
        }
    }

    /// The next assumption or the free variable of highest activity; `Err` with an assumption that is false.
    fn next_decision(&mut self, assumptions: &[Lit]) -> Result<Option<Lit>, Lit> {
        while let Some(&assumption) = assumptions.get(self.trail.level() as usize) {
            if self.trail.is_true(assumption) {
                // An empty level keeps level k+1 the place of assumption k.
                self.trail.open();
            } else if self.trail.is_false(assumption) {
                return Err(assumption);
            } else {
                return Ok(Some(assumption));
            }
        }
        let next = self.order.next(&self.trail);
        self.counts.decisions += u64::from(next.is_some());
        Ok(next)
    }

    /// All propagation to a fixed point; false on conflict, which is then in `self.conflict`. Once
    /// `stop` says so theories find no conflict any more: who asked to propagate has to ask `stop` as well before they
    /// rely on there being none.
    pub(super) fn propagate(&mut self, stop: &Stop<'_>) -> bool {
        loop {
            if !self.attach_pending() || !self.propagate_clauses() || !self.propagate_counters() {
                return false;
            }
            if self.trail.head < self.trail.literals.len() {
                continue;
            }
            if !self.propagate_theories(stop) {
                return false;
            }
            if self.trail.head == self.trail.literals.len() && self.theories.instances.is_empty() {
                return true;
            }
        }
    }

    /// Propagates clauses to a fixed point; false on conflict.
    pub(super) fn propagate_clauses(&mut self) -> bool {
        let Some(clause) = self.clauses.propagate(&mut self.trail, &mut self.counts) else { return true };
        self.conflict.literals.clear();
        self.conflict.literals.extend(self.clauses.arena.literals(clause));
        self.conflict.step = self.clauses.arena.step(clause);
        false
    }

    /// Tells the theories the new literals and propagates them once; false on conflict.
    pub(super) fn propagate_theories(&mut self, stop: &Stop<'_>) -> bool {
        let Self { theories, trail, sink, counts, .. } = self;
        match theories.propagate(trail, &mut **sink, counts, stop) {
            Ok(()) => true,
            Err(conflict) => {
                self.conflict = conflict;
                false
            }
        }
    }

    /// Pays what has become true, and excludes what no longer fits; false on conflict.
    fn propagate_counters(&mut self) -> bool {
        let mut paid = self.trail.counter_head == 0;
        while self.trail.counter_head < self.trail.literals.len() {
            paid |= self.counters.pay(self.trail.literals[self.trail.counter_head]);
            self.trail.counter_head += 1;
        }
        if !paid {
            return true;
        }
        for number in self.counters.numbers() {
            let counter = self.counters.at(number);
            if counter.exceeded() {
                self.conflict.literals.clear();
                self.conflict.literals.extend(counter.explain(None).iter().map(|&l| !l));
                self.conflict.step = counter.step;
                return false;
            }
            for &lit in counter.unaffordable() {
                if self.trail.is_free(lit) {
                    self.counts.propagations += 1;
                    self.trail.enqueue(!lit, Reason::Counter(number));
                }
            }
        }
        true
    }

    /// Cost of the payments made so far.
    #[must_use]
    pub fn paid(&self) -> u64 {
        self.counters.objective.sum()
    }

    /// Lemmas confirmed since the last call.
    pub fn take_lemmas(&mut self) -> Vec<(usize, Lemma)> {
        std::mem::take(&mut self.theories.lemmas)
    }

    /// Takes over a lemma that another solver of the same layers has confirmed.
    pub fn import_lemma(&mut self, layer: usize, lemma: &Lemma) {
        self.backtrack(0);
        self.theories.instantiate(layer, lemma, None, &mut *self.sink);
    }

    /// The side a neuron asserts at a site under the current assignment, if any.
    #[must_use]
    pub fn decided_side(&self, neuron: usize, site: usize) -> Option<Side> {
        self.theories.decided_side(&self.trail, neuron, site)
    }
}
