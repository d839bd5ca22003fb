//! One case of a run: a formula, and three ways to close it that share bounds and lemmas.
//!
//! A solution may be separable in exact arithmetic and still be shown by no floats. Then two questions come apart. What the case costs
//! at least is asked of the solver as before, below that solution's cost or, where a proof is written, by cores alone. Which networks
//! there are is asked of a copy of the solver that excludes what floats do not show ([`crate::beyond`]); nothing that it learns is part of a
//! bound or of a proof.

use crate::Parameters;
use crate::answer::{Realised, realise, realise_solution};
use crate::beyond::Beyond;
use crate::bounds::{Advance, Cores};
use crate::cells::{CellSearch, Cells, Outcome};
use crate::encode::Encoding;
use crate::goal::{Claim, Confirmed, Goal};
use crate::search::{Allowance, Counts, Lit, ProofSink, Solver, Var, Verdict};
use crate::theory::{Lemma, Separation};
use bdnn::pool::{self, Labelling};
use bdnn::{Problem, Stop};
use budget::checkpoint::{Unreadable, decode, encode};
use std::sync::Arc;

/// What became of a solution of the case's formula.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// It costs what it says; a network of it or none.
    Solved,
    /// It was none.
    Refuted,
    /// There was no time to know.
    Stopped,
}

/// A case as it is written down.
type Written = (
    Encoding,
    Solver,
    Option<Vec<u8>>,
    Cores,
    Option<u64>,
    (u64, Counts, u64, u64),
    (bool, bool, Option<u64>, Option<u64>),
    Option<Box<Beyond>>,
);

/// One formula with its solver and what is known about it.
pub(crate) struct Case {
    pub(crate) encoding: Encoding,
    pub(crate) solver: Solver,
    /// The same question by branch and bound over cells, where the data allows it.
    pub(crate) cells: Option<CellSearch>,
    /// The lower bound by cores, with the part of a round it may spend: 1 / `core_share`, or nothing.
    pub(crate) cores: Cores,
    pub(crate) core_share: Option<u64>,
    parameters: Parameters,
    rounds: u64,
    /// Work of the case this one was split from, up to then.
    inherited: Counts,
    /// Conflicts after which the case may be split (again).
    split_at: u64,
    /// No solution of this case costs less.
    pub(crate) bound: u64,
    /// The bound will not rise any more.
    closed: bool,
    /// Searched to its end: [closed](Self::closed), and no network is left to find that counts.
    pub(crate) done: bool,
    /// The least cost of a solution that is separable and that no floats were found for.
    pub(crate) unshown: Option<u64>,
    /// With a pool: the least loss of a labelling that was passed by, since no floats were found for it.
    pub(crate) passed_by: Option<u64>,
    /// Looks for networks from the first such solution on.
    beyond: Option<Box<Beyond>>,
    pub(crate) found: Vec<Confirmed>,
    pub(crate) fresh: Vec<(usize, Lemma)>,
}

impl Case {
    /// The case before any work.
    pub(crate) fn new(
        encoding: Encoding,
        parameters: &Parameters,
        (with_cores, look_ahead): (bool, bool),
        sink: Box<dyn ProofSink>,
    ) -> Self {
        let mut solver = Solver::tuned(&encoding.formula, parameters, sink);
        solver.allow_look_ahead(look_ahead);
        Self {
            solver,
            cells: None,
            cores: Cores::new(&encoding.formula.objective, parameters.trim_conflicts),
            core_share: with_cores.then_some(2),
            parameters: *parameters,
            rounds: 0,
            inherited: Counts::default(),
            split_at: 0,
            bound: encoding.formula.offset,
            encoding,
            closed: false,
            done: false,
            unshown: None,
            passed_by: None,
            beyond: None,
            found: Vec::new(),
            fresh: Vec::new(),
        }
    }

    /// What is written down of it between two rounds, where shared parts are known: a [`Written`].
    pub(crate) fn written(&self) -> Result<Vec<u8>, Unreadable> {
        let cells = self.cells.as_ref().map(CellSearch::state).transpose()?;
        let counts = (self.rounds, self.inherited, self.split_at, self.bound);
        let flags = (self.closed, self.done, self.unshown, self.passed_by);
        encode(&(&self.encoding, &self.solver, cells, &self.cores, self.core_share, counts, flags, &self.beyond))
    }

    /// A case that goes on from what was written, where shared parts are known; with `cells` where it searches over some.
    pub(crate) fn resumed(
        bytes: &[u8],
        parameters: &Parameters,
        cells: impl FnOnce() -> Option<Arc<Cells>>,
    ) -> Result<Self, Unreadable> {
        let (encoding, solver, searched, cores, core_share, counts, flags, beyond): Written = decode(bytes)?;
        let (rounds, inherited, split_at, bound) = counts;
        let (closed, done, unshown, passed_by) = flags;
        let (parameters, found, fresh) = (*parameters, vec![], vec![]);
        let mut case = Self {
            encoding,
            solver,
            cells: None,
            cores,
            core_share,
            parameters,
            rounds,
            inherited,
            split_at,
            bound,
            closed,
            done,
            unshown,
            passed_by,
            beyond,
            found,
            fresh,
        };
        if let Some(searched) = searched {
            case.search_cells(cells().as_ref());
            case.cells.as_mut().ok_or_else(Unreadable::inconsistent)?.restore(&searched)?;
        }
        Ok(case)
    }

    /// Also searches over these cells, if the case has one output function.
    pub(crate) fn search_cells(&mut self, cells: Option<&Arc<Cells>>) {
        self.cells = self.encoding.output.clone().and_then(|output| CellSearch::new(cells?.clone(), output));
    }

    /// Whether conflicts and cores are kept for observers.
    pub(crate) fn keep_told(&mut self, wanted: bool) {
        self.solver.keep_told(wanted);
        self.cores.keep_told(wanted);
    }

    /// Work of this case alone.
    pub(crate) fn counts(&self) -> Counts {
        let beyond = self.beyond.as_ref().map_or_else(Counts::default, |beyond| beyond.counts());
        self.solver.counts().since(self.inherited).plus(beyond)
    }

    /// Splits a case in two that has seen `patience` conflicts since it was made or split: this one keeps one value of a variable, a literal that is returned, the case returned has the
    /// other. All that was learned so far stays with both. `None` if it is too early or nothing is left to split.
    pub(crate) fn split(&mut self, patience: u64, stop: &Stop<'_>) -> Option<(Lit, Self)> {
        let conflicts = self.counts().conflicts;
        if self.closed
            || self.beyond.is_some()
            || self.cells.is_some()
            || conflicts < self.split_at.saturating_add(patience)
        {
            return None;
        }
        let lit = self.solver.split_literal(None, self.parameters.split_candidates, stop)?;
        let other = self.halve(lit);
        self.split_at = conflicts;
        Some((lit, other))
    }

    /// A literal of the first layer that splits the case well; `None` if there is none, or a search is on its way that a copy does not go on with.
    pub(crate) fn splitter(&mut self, stop: &Stop<'_>) -> Option<Lit> {
        if self.closed || self.beyond.is_some() || self.cells.is_some() {
            return None;
        }
        let literals = self.encoding.first_layer.iter().flatten().flatten();
        let variables: Vec<Var> = literals.map(|lit| lit.var()).collect();
        self.solver.split_literal(Some(variables), self.parameters.split_candidates, stop)
    }

    /// What neurons of the first layer do at points and is not known yet.
    pub(crate) fn undecided(&self) -> usize {
        let literals = self.encoding.first_layer.iter().flatten().flatten();
        literals.filter(|&&lit| self.solver.fixed(lit).is_none()).count()
    }

    /// Splits the case: this one keeps `lit`, the one returned has its negation.
    pub(crate) fn halve(&mut self, lit: Lit) -> Self {
        let mut other = Self {
            encoding: self.encoding.clone(),
            solver: self.solver.clone(),
            cells: None,
            beyond: None,
            cores: self.cores.clone(),
            inherited: self.solver.counts(),
            split_at: 0,
            found: Vec::new(),
            fresh: Vec::new(),
            ..*self
        };
        other.cores.cores = 0;
        self.solver.add_clause(&[lit]);
        other.solver.add_clause(&[!lit]);
        other
    }

    /// Tuples of cells evaluated.
    pub(crate) fn evaluations(&self) -> u64 {
        self.cells.as_ref().map_or(0, |cells| cells.evaluations)
    }

    /// No solution has this labelling from here on.
    pub(crate) fn exclude(&mut self, problem: &Problem, labelling: &Labelling) {
        if !self.closed {
            let clause = self.encoding.other_than(problem, labelling);
            self.solver.add_clause(&clause);
        }
    }

    /// Searches for what is wanted until the budget is spent or the case is closed: over cells first, where there
    /// are any, then upwards by cores, then downwards.
    pub(crate) fn advance(&mut self, problem: &Problem, mut goal: Goal, budget: &Allowance<'_>) {
        self.rounds += 1;
        // With the patterns tried last the search forgets the neighbourhood of the incumbent.
        if self.rounds.is_multiple_of(self.parameters.fresh_phases) {
            self.solver.reset_phases();
        }
        if !self.closed {
            self.advance_bound(problem, &mut goal, budget);
        }
        if self.closed {
            self.done = self.beyond.as_mut().is_none_or(|beyond| {
                beyond.advance(problem, &self.encoding, self.bound, goal.below(), budget, &mut self.found)
            });
        }
    }

    /// Searches until the budget is spent or the bound cannot rise.
    fn advance_bound(&mut self, problem: &Problem, goal: &mut Goal, budget: &Allowance<'_>) {
        if self.cells.is_some() {
            self.advance_cells(problem, goal, budget);
            if self.closed {
                return;
            }
        }
        let conflicts = self.solver.counts().effort();
        if let Some(share) = self.core_share {
            let share = if self.rests_on_cores() { 1 } else { share };
            let share = Allowance { conflicts: budget.conflicts / share, stop: budget.stop };
            self.advance_cores(problem, goal, &share);
        }
        let spent = self.solver.counts().effort() - conflicts;
        if !self.closed {
            let rest = Allowance { conflicts: budget.conflicts.saturating_sub(spent), stop: budget.stop };
            self.advance_clauses(problem, goal, &rest);
        }
        self.fresh.append(&mut self.solver.take_lemmas());
    }

    /// Whether cores alone raise the bound: a proof has no constraint that says "below the cost of what was not shown".
    fn rests_on_cores(&self) -> bool {
        self.unshown.is_some() && self.solver.logs()
    }

    /// Below what the solver searches: losses of interest, or the cost of a solution that was not shown.
    fn target(&self, goal: &Goal) -> Option<u64> {
        let unshown = self.unshown.filter(|_| !self.solver.logs());
        goal.below().into_iter().chain(unshown).min()
    }

    /// Gives the search its target as a bound; true if the case is closed by it.
    fn aim_below(&mut self, goal: &Goal) -> bool {
        if goal.below().into_iter().chain(self.unshown).any(|least| least <= self.bound) {
            self.closed = true;
        } else if let Some(target) = self.target(goal) {
            self.solver.set_bound(Some(target - 1 - self.encoding.formula.offset));
        }
        self.closed
    }

    /// Nothing costs less than the target.
    fn refuted(&mut self, goal: &Goal) {
        self.bound = self.target(goal).unwrap_or(u64::MAX);
        self.closed = true;
    }

    /// Writes truth tables further if the solver's solution shows a pattern they lack: then it is none.
    fn extend_tables(&mut self) -> bool {
        self.encoding.lazy.iter_mut().any(|table| table.extend(&mut self.solver))
    }

    /// Takes the solver's solution.
    fn take_solution(&mut self, problem: &Problem, goal: &mut Goal, budget: &Allowance<'_>) -> Taken {
        let cost = self.encoding.formula.offset + self.solver.paid();
        let labelling = goal.is_pool().then(|| self.encoding.labelling(problem, &self.solver));
        let claim = labelling.as_ref().map_or(Claim::Loss(cost), Claim::Labelling);
        match (realise_solution(problem, &self.encoding, &mut self.solver, &claim, budget.stop), labelling) {
            (Realised::Network(network, reached), labelling) => {
                goal.found(reached);
                labelling.iter().for_each(|labelling| self.exclude(problem, labelling));
                self.found.push(Confirmed { network, loss: reached, labelling });
                Taken::Solved
            }
            (Realised::Refuted(lemmas), _) => {
                lemmas.iter().for_each(|(layer, lemma)| self.solver.import_lemma(*layer, lemma));
                Taken::Refuted
            }
            (Realised::Unshown(_), Some(labelling)) => {
                let loss = pool::loss(problem, &labelling);
                self.passed_by = self.passed_by.into_iter().chain([loss]).min();
                self.exclude(problem, &labelling);
                Taken::Solved
            }
            (Realised::Unshown(_), None) => {
                self.beyond.get_or_insert_with(|| Box::new(Beyond::new(&self.solver, &self.encoding)));
                self.unshown = self.unshown.into_iter().chain([cost]).min();
                Taken::Solved
            }
            (Realised::Stopped, _) => Taken::Stopped,
        }
    }

    /// The core-guided part of a round. Its share falls while it finds nothing.
    fn advance_cores(&mut self, problem: &Problem, goal: &mut Goal, budget: &Allowance<'_>) {
        let offset = self.encoding.formula.offset;
        let end = self.solver.counts().effort() + budget.conflicts;
        let before = self.cores.bound;
        while !self.cores.complete() && !self.aim_below(goal) {
            let conflicts = end.saturating_sub(self.solver.counts().effort());
            if conflicts == 0 {
                break;
            }
            match self.cores.step(&mut self.solver, &Allowance { conflicts, stop: budget.stop }) {
                Advance::Raised => {
                    let most = self.target(goal).unwrap_or(u64::MAX);
                    self.bound = self.bound.max(offset + self.cores.bound).min(most);
                }
                Advance::Solution => {
                    if self.extend_tables() {
                        continue;
                    }
                    match self.take_solution(problem, goal, budget) {
                        // There may be more labellings that cost as little.
                        Taken::Solved if goal.is_pool() && self.cores.last() => {}
                        Taken::Solved => self.cores.solved(),
                        Taken::Refuted => {}
                        Taken::Stopped => return,
                    }
                }
                Advance::Refuted => self.refuted(goal),
                Advance::Budget => break,
            }
        }
        let longer = |share: u64| if self.cores.bound > before { 2 } else { (2 * share).min(16) };
        self.core_share = self.core_share.map(longer);
    }

    /// The downward part of a round.
    fn advance_clauses(&mut self, problem: &Problem, goal: &mut Goal, budget: &Allowance<'_>) {
        let end = self.solver.counts().effort() + budget.conflicts;
        while !self.aim_below(goal) {
            if self.rests_on_cores() {
                self.closed = self.cores.complete() || self.core_share.is_none();
                return;
            }
            let conflicts = end.saturating_sub(self.solver.counts().effort());
            if conflicts == 0 {
                return;
            }
            match self.solver.search(&[], &Allowance { conflicts, stop: budget.stop }) {
                Verdict::Satisfied => {
                    if !self.extend_tables() && self.take_solution(problem, goal, budget) == Taken::Stopped {
                        return;
                    }
                }
                Verdict::Refuted => self.refuted(goal),
                Verdict::Core(..) | Verdict::Budget | Verdict::Stopped => return,
            }
        }
    }

    /// Lets the search try what the first layer of a known network does at each site first: by site and neuron, whether it fires.
    pub(crate) fn follow(&mut self, fires: impl Fn(usize, usize) -> bool) {
        for (i, row) in self.encoding.first_layer.iter().enumerate() {
            for (j, lit) in row.iter().enumerate() {
                if let Some(lit) = lit {
                    self.solver.set_phase(lit.var(), fires(i, j) == lit.polarity());
                }
            }
        }
    }

    /// The round of the search over cells.
    fn advance_cells(&mut self, problem: &Problem, goal: &mut Goal, budget: &Allowance<'_>) {
        let offset = self.encoding.formula.offset;
        let Some(mut search) = self.cells.take() else { return };
        let end = search.evaluations.saturating_add(budget.conflicts.saturating_mul(self.parameters.cell_evaluations));
        loop {
            let below = goal.below().map_or(u64::MAX, |loss| loss.saturating_sub(offset));
            match search.advance(below, end.saturating_sub(search.evaluations), budget.stop) {
                Outcome::Found(cost, sides) => {
                    let geometry = &self.encoding.formula.layers[0];
                    let mut theories: Vec<Separation> = sides
                        .iter()
                        .map(|side| {
                            let mut theory = Separation::new(geometry.clone());
                            side.iter().for_each(|&(site, side)| theory.assert(site, side));
                            theory
                        })
                        .collect();
                    let output = self.encoding.output.as_ref();
                    let claim = Claim::Loss(offset + cost);
                    let Some((network, reached)) = realise(problem, output, &mut theories, &claim, budget.stop) else {
                        // A listed pattern that is none: the clauses have to finish this case.
                        return;
                    };
                    goal.found(reached);
                    self.found.push(Confirmed { network, loss: reached, labelling: None });
                }
                Outcome::Exhausted => {
                    self.refuted(goal);
                    break;
                }
                Outcome::Budget => {
                    let open = search.bound().map_or(u64::MAX, |bound| bound + offset);
                    self.bound = self.bound.max(open.min(goal.below().unwrap_or(u64::MAX)));
                    break;
                }
            }
        }
        self.cells = Some(search);
    }
}
