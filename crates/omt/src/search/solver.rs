//! The search loop and the trail.

use super::analyze::Unconfirmed;
use super::arena::{Arena, ClauseRef};
use super::bounding::{Ahead, Bounding};
use super::clauses::Watch;
use super::counter::Counter;
use super::formula::{Formula, Neuron};
use super::heap::Heap;
use super::literal::{Lit, Var};
use super::proof::{ProofSink, Step};
use super::reduce::Restarts;
use super::theories::Implication;
use crate::theory::{Geometry, Implied, Lemma, Separation, Side, Support};
use bdnn::Stop;
use std::sync::Arc;

/// Why a literal is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Decision, assumption, or a fact.
    None,
    Clause(ClauseRef),
    Counter,
    /// Index into [`Solver::implications`].
    Theory(u32),
    /// Excluded by the look-ahead of this number.
    Ahead(u32),
}

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

/// Work done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Decisions.
    pub decisions: u64,
    /// Conflicts.
    pub conflicts: u64,
    /// Literals propagated by clauses and counter.
    pub propagations: u64,
    /// Literals implied by theories.
    pub implied: u64,
    /// Conflicts found by theories.
    pub theory_conflicts: u64,
    /// Lemmas confirmed.
    pub lemmas: u64,
    /// Guesses of the theory that exact arithmetic did not confirm.
    pub unconfirmed: u64,
    /// Restarts.
    pub restarts: u64,
    /// Simplex pivots.
    pub pivots: u64,
    /// Separability checks.
    pub checks: u64,
    /// Nodes looked at for disjoint cores.
    pub look_aheads: u64,
    /// Nodes closed by them.
    pub closed_ahead: u64,
    /// Penalties excluded by them.
    pub excluded_ahead: u64,
}

impl Counts {
    /// What a `Budget` counts.
    #[must_use]
    pub fn effort(&self) -> u64 {
        self.conflicts + self.look_aheads
    }

    /// The sum of two counts.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.each(other, |a, b| a + b)
    }

    /// What came after `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> Self {
        self.each(earlier, |a, b| a - b)
    }

    fn each(self, other: Self, f: fn(u64, u64) -> u64) -> Self {
        Self {
            decisions: f(self.decisions, other.decisions),
            conflicts: f(self.conflicts, other.conflicts),
            propagations: f(self.propagations, other.propagations),
            implied: f(self.implied, other.implied),
            theory_conflicts: f(self.theory_conflicts, other.theory_conflicts),
            lemmas: f(self.lemmas, other.lemmas),
            unconfirmed: f(self.unconfirmed, other.unconfirmed),
            restarts: f(self.restarts, other.restarts),
            pivots: f(self.pivots, other.pivots),
            checks: f(self.checks, other.checks),
            look_aheads: f(self.look_aheads, other.look_aheads),
            closed_ahead: f(self.closed_ahead, other.closed_ahead),
            excluded_ahead: f(self.excluded_ahead, other.excluded_ahead),
        }
    }
}

/// The solver of one formula. A clone logs nothing.
#[derive(Clone)]
pub struct Solver {
    pub(super) arena: Arena,
    pub(super) watches: Vec<Vec<Watch>>,
    /// Clauses that may be deleted.
    pub(super) learned: Vec<ClauseRef>,
    /// By literal: 0 unassigned, 1 true, 2 false.
    pub(super) values: Vec<u8>,
    pub(super) levels: Vec<u32>,
    pub(super) reasons: Vec<Reason>,
    pub(super) trail: Vec<Lit>,
    pub(super) level_starts: Vec<usize>,
    pub(super) head: usize,
    pub(super) counter_head: usize,
    pub(super) theory_head: usize,
    pub(super) counter: Counter,
    pub(super) heap: Heap,
    pub(super) increment: f64,
    pub(super) phases: Vec<bool>,
    pub(super) layers: Vec<Arc<Geometry>>,
    pub(super) neurons: Vec<Neuron>,
    pub(super) theories: Vec<Separation>,
    /// For each literal the (neuron, site, side) it asserts.
    pub(super) asserts: Vec<Vec<(u32, u32, Side)>>,
    pub(super) implications: Vec<Implication>,
    pub(super) supports: Vec<Support>,
    /// Buffers of theory propagation: neurons told something new, what one of them implies.
    pub(super) touched: Vec<usize>,
    pub(super) implied: Vec<Implied>,
    /// Clauses (theory lemma instances) to be attached before the next propagation.
    pub(super) pending: Vec<(Vec<Lit>, Step)>,
    /// Lemmas confirmed since they were last taken, by layer.
    pub(super) fresh_lemmas: Vec<(usize, Lemma)>,
    pub(super) seen: Vec<u8>,
    pub(super) conflict: Vec<Lit>,
    /// What `conflict` is in the proof.
    pub(super) conflict_step: Step,
    /// By variable: the unit clause of a literal at level 0, once it is in the proof.
    pub(super) units: Vec<Option<Step>>,
    /// Literals at the front of the trail whose unit clauses are in the proof.
    pub(super) certified: usize,
    pub(super) restarts: Restarts,
    pub(super) bounding: Bounding,
    /// Undoing does not change phases: what is undone was not chosen.
    pub(super) keep_phases: bool,
    pub(super) counts: Counts,
    /// Watches that propagation had before it: what work is measured in.
    pub(super) visits: u64,
    pub(super) sink: Box<dyn ProofSink>,
    /// False once the formula is refuted without assumptions.
    pub(super) consistent: bool,
}

#[allow(clippy::cast_possible_truncation)]
impl Solver {
    /// A solver for `formula`, with the clauses loaded and nothing decided.
    #[must_use]
    pub fn new(formula: &Formula, sink: Box<dyn ProofSink>) -> Self {
        let mut solver = Self {
            arena: Arena::default(),
            watches: Vec::new(),
            learned: Vec::new(),
            values: Vec::new(),
            levels: Vec::new(),
            reasons: Vec::new(),
            trail: Vec::new(),
            level_starts: Vec::new(),
            head: 0,
            counter_head: 0,
            theory_head: 0,
            counter: Counter::default(),
            heap: Heap::default(),
            increment: 1.0,
            phases: Vec::new(),
            layers: formula.layers.clone(),
            neurons: formula.neurons.clone(),
            theories: formula.neurons.iter().map(|n| Separation::new(formula.layers[n.layer].clone())).collect(),
            asserts: Vec::new(),
            implications: Vec::new(),
            supports: Vec::new(),
            touched: Vec::new(),
            implied: Vec::new(),
            pending: Vec::new(),
            fresh_lemmas: Vec::new(),
            seen: Vec::new(),
            conflict: Vec::new(),
            conflict_step: Step::default(),
            units: Vec::new(),
            certified: 0,
            restarts: Restarts::default(),
            bounding: Bounding::default(),
            keep_phases: false,
            counts: Counts::default(),
            visits: 0,
            sink,
            consistent: true,
        };
        for _ in 0..formula.variables {
            solver.new_var();
        }
        for (j, neuron) in formula.neurons.iter().enumerate() {
            for (site, atoms) in neuron.atoms.iter().enumerate() {
                for (lit, side) in atoms.iter().zip([Side::Fires, Side::Silent]) {
                    if let Some(lit) = lit {
                        solver.asserts[lit.index()].push((j as u32, site as u32, side));
                    }
                }
            }
        }
        solver.set_objective(&formula.objective);
        for (index, clause) in formula.clauses.iter().enumerate() {
            let step = solver.sink.problem(index);
            solver.add_step(clause, step);
        }
        solver
    }

    /// A new variable.
    pub fn new_var(&mut self) -> Var {
        let var = Var(self.levels.len() as u32);
        self.values.extend([0, 0]);
        self.watches.extend([Vec::new(), Vec::new()]);
        self.asserts.extend([Vec::new(), Vec::new()]);
        self.levels.push(0);
        self.reasons.push(Reason::None);
        self.phases.push(false);
        self.seen.push(0);
        self.units.push(None);
        self.heap.push_var(0.0);
        self.counter.grow(self.values.len());
        self.grow_bounding();
        var
    }

    /// Replaces a layer's geometry by one with more sites after the same first ones; `atoms` are those of the new sites,
    /// for each neuron of the layer in turn. Back to level 0.
    pub fn grow_layer(&mut self, layer: usize, geometry: &Arc<Geometry>, atoms: &[Vec<[Option<Lit>; 2]>]) {
        self.backtrack(0);
        self.layers[layer] = geometry.clone();
        let mut atoms = atoms.iter();
        for (j, neuron) in self.neurons.iter_mut().enumerate().filter(|(_, neuron)| neuron.layer == layer) {
            for pair in atoms.next().into_iter().flatten() {
                let site = neuron.atoms.len() as u32;
                for (lit, side) in pair.iter().zip([Side::Fires, Side::Silent]) {
                    if let Some(lit) = lit {
                        self.asserts[lit.index()].push((j as u32, site, side));
                    }
                }
                neuron.atoms.push(*pair);
            }
            self.theories[j].grow(geometry.clone());
        }
    }

    /// Replaces the objective; back to level 0.
    pub fn set_objective(&mut self, objective: &[(Lit, u64)]) {
        self.backtrack(0);
        for &lit in self.trail[..self.counter_head].iter().rev() {
            self.counter.refund(lit);
        }
        self.counter_head = 0;
        self.counter.set_objective(self.values.len(), objective);
        self.head = 0;
    }

    /// Solutions must cost at most `bound` (offset not counted) from here on; `None` takes the constraint away,
    /// which is sound only while nothing has been learned under it.
    pub fn set_bound(&mut self, bound: Option<u64>) {
        self.backtrack(0);
        self.counter.set_bound(bound);
        self.counter_head = 0;
        for &lit in self.trail.iter().rev() {
            self.counter.refund(lit);
        }
        self.head = 0;
        if let Some(bound) = bound {
            self.sink.bound(bound);
        }
    }

    /// Raises a variable's activity before the search.
    pub fn prefer(&mut self, var: Var, by: f64) {
        self.heap.bump(var, by);
    }

    /// The value tried first when `var` is decided.
    pub fn set_phase(&mut self, var: Var, phase: bool) {
        self.phases[var.index()] = phase;
    }

    /// Whether nodes of searches without assumptions are bounded by look-ahead. Not before.
    pub fn allow_look_ahead(&mut self, allow: bool) {
        self.bounding.allow(allow);
    }

    /// Forgets the values tried last: all variables are first tried false again.
    pub fn reset_phases(&mut self) {
        self.backtrack(0);
        self.phases.fill(false);
    }

    /// Value of a literal, if assigned.
    #[must_use]
    pub fn value(&self, lit: Lit) -> Option<bool> {
        match self.values[lit.index()] {
            0 => None,
            v => Some(v == 1),
        }
    }

    /// Work done so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts { pivots: self.theories.iter().map(Separation::pivots).sum(), ..self.counts }
    }

    /// The neurons' theories; after [`Verdict::Satisfied`] they hold the whole pattern.
    pub fn theories_mut(&mut self) -> &mut [Separation] {
        &mut self.theories
    }

    /// Clauses learned and lemma instances in use.
    #[must_use]
    pub fn num_learned(&self) -> usize {
        self.learned.len()
    }

    pub(super) fn level(&self) -> u32 {
        self.level_starts.len() as u32
    }

    pub(super) fn is_true(&self, lit: Lit) -> bool {
        self.values[lit.index()] == 1
    }

    pub(super) fn is_false(&self, lit: Lit) -> bool {
        self.values[lit.index()] == 2
    }

    pub(super) fn is_free(&self, lit: Lit) -> bool {
        self.values[lit.index()] == 0
    }

    pub(super) fn enqueue(&mut self, lit: Lit, reason: Reason) {
        debug_assert!(self.is_free(lit));
        self.values[lit.index()] = 1;
        self.values[(!lit).index()] = 2;
        let var = lit.var().index();
        self.levels[var] = self.level();
        self.reasons[var] = reason;
        self.trail.push(lit);
    }

    fn decide(&mut self, lit: Lit) {
        self.level_starts.push(self.trail.len());
        self.enqueue(lit, Reason::None);
    }

    /// Undoes all levels above `level`.
    pub fn backtrack(&mut self, level: u32) {
        if self.level() <= level {
            return;
        }
        let start = self.level_starts[level as usize];
        self.retract_theories(start);
        self.retract_exclusions(start);
        while self.trail.len() > start {
            if let Some(lit) = self.trail.pop() {
                self.counter.refund(lit);
                self.values[lit.index()] = 0;
                self.values[(!lit).index()] = 0;
                if !self.keep_phases {
                    self.phases[lit.var().index()] = lit.polarity();
                }
                self.heap.insert(lit.var());
            }
        }
        self.head = self.head.min(start);
        self.counter_head = self.counter_head.min(start);
        self.theory_head = self.theory_head.min(start);
        self.level_starts.truncate(level as usize);
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
            // At least one conflict, so that repeated calls come to an end.
            if self.counts.effort() >= limit && (self.counts.conflicts > before || budget.conflicts == 0) {
                return Verdict::Budget;
            }
            if self.restarts.due(self.counts.conflicts) {
                self.restart();
                continue;
            }
            if self.level() == 0 {
                self.reduce_if_due();
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
        while let Some(&assumption) = assumptions.get(self.level() as usize) {
            if self.is_true(assumption) {
                // An empty level keeps level k+1 the place of assumption k.
                self.level_starts.push(self.trail.len());
            } else if self.is_false(assumption) {
                return Err(assumption);
            } else {
                return Ok(Some(assumption));
            }
        }
        while let Some(var) = self.heap.pop() {
            let lit = var.is(self.phases[var.index()]);
            if self.is_free(lit) {
                self.counts.decisions += 1;
                return Ok(Some(lit));
            }
        }
        Ok(None)
    }

    /// All propagation to a fixed point; false on conflict, which is then in `self.conflict` (all literals false). Once
    /// `stop` says so theories find no conflict any more: who asked to propagate has to ask `stop` as well before they
    /// rely on there being none.
    pub(super) fn propagate(&mut self, stop: &Stop<'_>) -> bool {
        loop {
            if !self.attach_pending() || !self.propagate_clauses() || !self.propagate_counter() {
                return false;
            }
            if self.head < self.trail.len() {
                continue;
            }
            if !self.propagate_theories(stop) {
                return false;
            }
            if self.head == self.trail.len() && self.pending.is_empty() {
                return true;
            }
        }
    }

    fn propagate_counter(&mut self) -> bool {
        let mut paid = self.counter_head == 0;
        while self.counter_head < self.trail.len() {
            paid |= self.counter.pay(self.trail[self.counter_head]);
            self.counter_head += 1;
        }
        if !paid {
            return true;
        }
        if self.counter.exceeded() {
            self.conflict.clear();
            self.conflict.extend(self.counter.explain(None).iter().map(|&l| !l));
            self.conflict_step = Step::COUNTER;
            return false;
        }
        for k in 0..self.counter.unaffordable().len() {
            let lit = self.counter.unaffordable()[k];
            if self.is_free(lit) {
                self.counts.propagations += 1;
                self.enqueue(!lit, Reason::Counter);
            }
        }
        true
    }

    /// Cost of the payments made so far.
    #[must_use]
    pub fn paid(&self) -> u64 {
        self.counter.sum()
    }

    /// Lemmas confirmed since the last call.
    pub fn take_lemmas(&mut self) -> Vec<(usize, Lemma)> {
        std::mem::take(&mut self.fresh_lemmas)
    }
}
