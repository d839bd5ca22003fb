//! One case of a run: a formula, and three ways to close it that share bounds and lemmas.

use crate::Parameters;
use crate::answer::{Realised, realise, realise_solution};
use crate::bounds::{Advance, Cores};
use crate::cells::{CellSearch, Cells, Outcome};
use crate::encode::Encoding;
use crate::primal::LocalSearch;
use crate::search::{Allowance, Counts, ProofSink, Solver, Verdict};
use crate::theory::{Lemma, Separation};
use bdnn::{Network, Problem, Stop};
use std::sync::Arc;

/// Evaluations of the search over cells that go with one conflict: about as much time.
const EVALUATIONS_PER_CONFLICT: u64 = 1000;

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
    /// Searched to its end (for the bound it was given).
    pub(crate) done: bool,
    pub(crate) unresolved: bool,
    pub(crate) found: Vec<(Network, u64)>,
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
            done: false,
            unresolved: false,
            found: Vec::new(),
            fresh: Vec::new(),
        }
    }

    /// Also searches over these cells, if the case has one output function.
    pub(crate) fn search_cells(&mut self, cells: Option<&Arc<Cells>>) {
        self.cells = self.encoding.output.clone().and_then(|output| CellSearch::new(cells?.clone(), output));
    }

    /// Work of this case alone.
    pub(crate) fn counts(&self) -> Counts {
        self.solver.counts().since(self.inherited)
    }

    /// Splits a case in two that has seen `patience` conflicts since it was made or split: this one keeps one value of a variable, the case returned has the
    /// other. All that was learned so far stays with both. `None` if it is too early or nothing is left to split.
    pub(crate) fn split(&mut self, patience: u64, stop: &Stop<'_>) -> Option<Self> {
        let conflicts = self.counts().conflicts;
        if self.done || self.cells.is_some() || conflicts < self.split_at.saturating_add(patience) {
            return None;
        }
        let lit = self.solver.split_literal(self.parameters.split_candidates, stop)?;
        self.split_at = conflicts;
        let mut other = Self {
            encoding: self.encoding.clone(),
            solver: self.solver.clone(),
            cells: None,
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
        Some(other)
    }

    /// Tuples of cells evaluated.
    pub(crate) fn evaluations(&self) -> u64 {
        self.cells.as_ref().map_or(0, |cells| cells.evaluations)
    }

    /// Searches below `loss` (or for anything) until the budget is spent or the case is closed: over cells first, where there
    /// are any, then upwards by cores, then downwards.
    pub(crate) fn advance(&mut self, problem: &Problem, mut loss: Option<u64>, budget: &Allowance<'_>) {
        self.rounds += 1;
        // With the patterns tried last the search forgets the neighbourhood of the incumbent.
        if self.rounds.is_multiple_of(self.parameters.fresh_phases) {
            self.solver.reset_phases();
        }
        if self.cells.is_some() {
            self.advance_cells(problem, &mut loss, budget);
            if self.done {
                return;
            }
        }
        let conflicts = self.solver.counts().effort();
        if let Some(share) = self.core_share {
            let share = Allowance { conflicts: budget.conflicts / share, stop: budget.stop };
            self.advance_cores(problem, &mut loss, &share);
        }
        let spent = self.solver.counts().effort() - conflicts;
        if !self.done {
            let rest = Allowance { conflicts: budget.conflicts.saturating_sub(spent), stop: budget.stop };
            self.advance_clauses(problem, loss, &rest);
        }
        self.fresh.append(&mut self.solver.take_lemmas());
    }

    /// Gives the search the bound of a loss; true if the case is closed by it.
    fn aim_below(&mut self, loss: Option<u64>) -> bool {
        let Some(loss) = loss else { return false };
        if loss <= self.bound {
            self.done = true;
        } else {
            self.solver.set_bound(Some(loss - 1 - self.encoding.formula.offset));
        }
        self.done
    }

    /// Writes truth tables further if the solver's solution shows a pattern they lack: then it is none.
    fn extend_tables(&mut self) -> bool {
        self.encoding.lazy.iter_mut().any(|table| table.extend(&mut self.solver))
    }

    /// Takes the solver's solution: true if the search may go on.
    fn take_solution(&mut self, problem: &Problem, loss: &mut Option<u64>, budget: &Allowance<'_>) -> bool {
        match realise_solution(problem, &self.encoding, &mut self.solver, budget.stop) {
            Realised::Network(network, reached) => {
                *loss = Some(reached);
                self.found.push((network, reached));
            }
            Realised::Refuted(lemmas) => {
                lemmas.iter().for_each(|(layer, lemma)| self.solver.import_lemma(*layer, lemma));
            }
            Realised::Unrealised => {
                self.unresolved = true;
                self.done = true;
            }
            Realised::Stopped => return false,
        }
        !self.done
    }

    /// The core-guided part of a round. Its share falls while it finds nothing.
    fn advance_cores(&mut self, problem: &Problem, loss: &mut Option<u64>, budget: &Allowance<'_>) {
        let offset = self.encoding.formula.offset;
        let end = self.solver.counts().effort() + budget.conflicts;
        let before = self.cores.bound;
        while !self.cores.complete() && !self.aim_below(*loss) {
            let conflicts = end.saturating_sub(self.solver.counts().effort());
            if conflicts == 0 {
                break;
            }
            match self.cores.step(&mut self.solver, &Allowance { conflicts, stop: budget.stop }) {
                Advance::Raised => {
                    self.bound = self.bound.max(offset + self.cores.bound).min(loss.unwrap_or(u64::MAX));
                }
                Advance::Solution => {
                    if self.extend_tables() {
                        continue;
                    }
                    self.cores.solved();
                    if !self.take_solution(problem, loss, budget) {
                        return;
                    }
                }
                Advance::Refuted => {
                    self.bound = loss.unwrap_or(u64::MAX);
                    self.done = true;
                }
                Advance::Budget => break,
            }
        }
        let longer = |share: u64| if self.cores.bound > before { 2 } else { (2 * share).min(16) };
        self.core_share = self.core_share.map(longer);
    }

    /// The downward part of a round.
    fn advance_clauses(&mut self, problem: &Problem, mut loss: Option<u64>, budget: &Allowance<'_>) {
        let end = self.solver.counts().effort() + budget.conflicts;
        while !self.aim_below(loss) {
            let conflicts = end.saturating_sub(self.solver.counts().effort());
            if conflicts == 0 {
                return;
            }
            match self.solver.search(&[], &Allowance { conflicts, stop: budget.stop }) {
                Verdict::Satisfied => {
                    if !self.extend_tables() && !self.take_solution(problem, &mut loss, budget) {
                        return;
                    }
                }
                Verdict::Refuted => {
                    self.bound = loss.unwrap_or(u64::MAX);
                    self.done = true;
                }
                Verdict::Core(..) | Verdict::Budget | Verdict::Stopped => return,
            }
        }
    }

    /// Lets the search try the local search's best patterns first.
    pub(crate) fn follow(&mut self, local: &LocalSearch<'_>) {
        for (i, row) in self.encoding.first_layer.iter().enumerate() {
            for (j, lit) in row.iter().enumerate() {
                if let Some(lit) = lit {
                    self.solver.set_phase(lit.var(), local.fires(i, j) == lit.polarity());
                }
            }
        }
    }

    /// The round of the search over cells.
    fn advance_cells(&mut self, problem: &Problem, loss: &mut Option<u64>, budget: &Allowance<'_>) {
        let offset = self.encoding.formula.offset;
        let Some(mut search) = self.cells.take() else { return };
        let end = search.evaluations.saturating_add(budget.conflicts.saturating_mul(EVALUATIONS_PER_CONFLICT));
        loop {
            let below = loss.map_or(u64::MAX, |loss| loss.saturating_sub(offset));
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
                    let claimed = offset + cost;
                    let Some((network, reached)) = realise(problem, output, &mut theories, claimed, budget.stop) else {
                        // A listed pattern that is none: the clauses have to finish this case.
                        return;
                    };
                    *loss = Some(reached);
                    self.found.push((network, reached));
                }
                Outcome::Exhausted => {
                    self.bound = loss.unwrap_or(u64::MAX);
                    self.done = true;
                    break;
                }
                Outcome::Budget => {
                    let open = search.bound().map_or(u64::MAX, |bound| bound + offset);
                    self.bound = self.bound.max(open.min(loss.unwrap_or(u64::MAX)));
                    break;
                }
            }
        }
        self.cells = Some(search);
    }
}
