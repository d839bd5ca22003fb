//! Stratified OLL over the penalties of one case.

use super::totalizer::Totalizer;
use crate::search::{Allowance, Lit, Solver, Step, Verdict};
use bdnn::Stop;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one call brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Advance {
    /// The bound rose.
    Raised,
    /// The solver holds a solution that costs no more than the bound of the stratum; at the last one it is optimal. If
    /// it is one: [`Cores::solved`].
    Solution,
    /// Nothing costs less than the solver's own bound.
    Refuted,
    /// The budget is spent.
    Budget,
}

/// The reformulated objective: bound plus the weights of true penalties.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Cores {
    weights: BTreeMap<Lit, u64>,
    /// Penalties that are outputs: (totalizer, k).
    outputs: BTreeMap<Lit, (usize, usize)>,
    /// One for each core.
    totalizers: Vec<Totalizer>,
    stratum: u64,
    /// Conflicts spent on making a core smaller, one attempt.
    trim_conflicts: u64,
    /// Proven lower bound (offset not counted).
    pub(crate) bound: u64,
    /// Cores found.
    pub(crate) cores: u64,
    /// Size and weight of those found since it was asked for, if somebody listens.
    #[serde(skip)]
    told: Option<Vec<(u32, u64)>>,
}

impl Cores {
    pub(crate) fn new(objective: &[(Lit, u64)], trim_conflicts: u64) -> Self {
        let mut weights = BTreeMap::new();
        for &(lit, weight) in objective {
            *weights.entry(lit).or_insert(0) += weight;
        }
        let stratum = weights.values().copied().max().unwrap_or(1);
        Self {
            weights,
            outputs: BTreeMap::new(),
            totalizers: Vec::new(),
            stratum,
            trim_conflicts,
            bound: 0,
            cores: 0,
            told: None,
        }
    }

    /// Whether cores are kept for [`Cores::take_told`].
    pub(crate) fn keep_told(&mut self, wanted: bool) {
        self.told = wanted.then(Vec::new);
    }

    /// Size and weight of the cores found since the last call.
    pub(crate) fn take_told(&mut self) -> Vec<(u32, u64)> {
        self.told.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// One core, one solution, or the budget.
    pub(crate) fn step(&mut self, solver: &mut Solver, budget: &Allowance<'_>) -> Advance {
        let mut assumptions: Vec<(u64, Lit)> =
            self.weights.iter().filter(|&(_, &w)| w >= self.stratum).map(|(&lit, &w)| (w, !lit)).collect();
        assumptions.sort_by_key(|&(weight, lit)| (std::cmp::Reverse(weight), lit));
        let assumptions: Vec<Lit> = assumptions.into_iter().map(|(_, lit)| lit).collect();
        let end = solver.counts().effort().saturating_add(budget.conflicts);
        match solver.search(&assumptions, budget) {
            Verdict::Core(core, step) => {
                let (core, step) = trim(core, step, (self.trim_conflicts, end), solver, budget.stop);
                self.relax(&core, step, solver);
                Advance::Raised
            }
            Verdict::Satisfied => Advance::Solution,
            Verdict::Refuted => Advance::Refuted,
            Verdict::Budget | Verdict::Stopped => Advance::Budget,
        }
    }

    /// On to the next stratum: this one has a solution.
    pub(crate) fn solved(&mut self) {
        self.stratum = self.weights.values().copied().filter(|&w| w < self.stratum).max().unwrap_or(0);
    }

    /// Whether no penalty is lighter than those assumed away now: a solution then costs as much as the bound.
    pub(crate) fn last(&self) -> bool {
        self.weights.values().all(|&weight| weight >= self.stratum)
    }

    /// Whether all penalties are assumed away: a solution then is optimal.
    pub(crate) fn complete(&self) -> bool {
        self.stratum == 0
    }

    /// One of the core's penalties must be paid: pay the least weight, and charge each further one by an output.
    fn relax(&mut self, core: &[Lit], step: Step, solver: &mut Solver) {
        let penalties: Vec<Lit> = core.iter().map(|&lit| !lit).collect();
        let least = penalties.iter().filter_map(|lit| self.weights.get(lit)).copied().min().unwrap_or(0);
        self.bound += least;
        self.cores += 1;
        if let Some(told) = &mut self.told {
            told.push((u32::try_from(core.len()).unwrap_or(u32::MAX), least));
        }
        solver.add_core(&penalties, least, step);
        for &penalty in &penalties {
            if let Some(weight) = self.weights.get_mut(&penalty) {
                *weight -= least;
                if *weight == 0 {
                    self.weights.remove(&penalty);
                }
            }
            if let Some(&(totalizer, k)) = self.outputs.get(&penalty) {
                self.charge(totalizer, k + 1, least, solver);
            }
        }
        self.totalizers.push(Totalizer::new(penalties));
        self.charge(self.totalizers.len() - 1, 2, least, solver);
        self.stratum = self.stratum.min(self.weights.values().copied().max().unwrap_or(0)).max(1);
    }

    fn charge(&mut self, totalizer: usize, k: usize, weight: u64, solver: &mut Solver) {
        if let Some(output) = self.totalizers[totalizer].at_least(k, solver) {
            *self.weights.entry(output).or_insert(0) += weight;
            self.outputs.insert(output, (totalizer, k));
            solver.charge_core(totalizer, k, output, weight);
        }
    }
}

/// Solves again under the core alone while that makes it smaller, for at most so many conflicts each time and until so much effort was made.
fn trim(
    mut core: Vec<Lit>,
    mut step: Step,
    (most, end): (u64, u64),
    solver: &mut Solver,
    stop: &Stop<'_>,
) -> (Vec<Lit>, Step) {
    while core.len() > 1 {
        let conflicts = most.min(end.saturating_sub(solver.counts().effort()));
        core.reverse();
        let again = solver.search(&core, &Allowance { conflicts, stop });
        match again {
            Verdict::Core(smaller, why) if smaller.len() < core.len() => (core, step) = (smaller, why),
            _ => break,
        }
    }
    (core, step)
}
