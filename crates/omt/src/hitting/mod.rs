//! Minimum-cost hitting sets over a growing list of cores.
//!
//! A core is a set of elements of which a solution must hold at least one; elements have whole, non-negative costs.
//! [`HittingSet`] keeps the irredundant cores, its best solution and its dual multipliers from call to call:
//! [`HittingSet::heuristic`] repairs and polishes the solution after new cores came (cheap), [`HittingSet::solve`] proves
//! the optimum by branch and bound, or as much of it as the limit allows. In an implicit hitting set loop the cores
//! come from an oracle that refutes the complement of a solution, and any lower bound here is one for the whole problem.
//!
//! All bounds are exact: dual multipliers are fixed-point integers, and the Lagrangian bound holds for any multipliers.
//!
//! References:
//! 1. Chandrasekaran, Karp, Moreno-Centeno and Vempala, Algorithms for implicit hitting set problems, SODA 2011.
//! 2. Davies and Bacchus, Solving MAXSAT by solving a sequence of simpler SAT instances, CP 2011 (MaxHS).
//! 3. Beasley, An algorithm for set covering problem, EJOR 31 (1987): Lagrangian bound, reductions.
//! 4. Caprara, Fischetti and Toth, A heuristic method for the set covering problem, Oper. Res. 47 (1999).

mod lagrange;
mod primal;
mod search;
#[cfg(test)]
mod tests;

use primal::Primal;

/// One unit of cost in the fixed-point numbers of the dual multipliers.
const UNIT: i64 = 1 << 16;

/// Costs above this are refused: sums of costs times the fixed-point unit stay within `i64`.
pub const MOST_COST: u64 = 1 << 30;

/// A set of elements that hits every core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// The elements, ascending.
    pub elements: Vec<u32>,
    /// Their cost.
    pub cost: u64,
}

/// What [`HittingSet::solve`] knows at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The best solution; `None` if a core is empty.
    pub solution: Option<Solution>,
    /// No solution costs less; `u64::MAX` if a core is empty.
    pub bound: u64,
    /// Nodes of branch and bound.
    pub nodes: u64,
}

impl Outcome {
    /// Whether the solution is proven to be one of least cost.
    #[must_use]
    pub fn is_optimal(&self) -> bool {
        self.solution.as_ref().is_some_and(|solution| solution.cost == self.bound)
    }
}

/// A growing instance. Invariants: `cores` holds no core twice and none that contains another; `multipliers` has one
/// entry a core; `bound` is proven for the cores at hand (cores only raise it).
#[derive(Clone, Debug)]
pub struct HittingSet {
    costs: Vec<u64>,
    cores: Vec<Box<[u32]>>,
    multipliers: Vec<i64>,
    best: Vec<u32>,
    bound: u64,
    impossible: bool,
}

impl HittingSet {
    /// No cores yet over elements 0, .., `costs.len()` - 1.
    ///
    /// # Panics
    /// If a cost is above [`MOST_COST`].
    #[must_use]
    pub fn new(costs: Vec<u64>) -> Self {
        assert!(costs.iter().all(|&cost| cost <= MOST_COST), "costs of at most 2^30");
        Self { costs, cores: vec![], multipliers: vec![], best: vec![], bound: 0, impossible: false }
    }

    /// Adds a core, any order of elements; false if it says nothing new. Cost O(total size of the cores).
    ///
    /// # Panics
    /// If an element is out of range.
    pub fn add_core(&mut self, elements: &[u32]) -> bool {
        let mut core = elements.to_vec();
        core.sort_unstable();
        core.dedup();
        assert!(core.last().is_none_or(|&e| (e as usize) < self.costs.len()), "elements are those of `new`");
        self.impossible |= core.is_empty();
        if self.cores.iter().any(|known| is_subset(known, &core)) {
            return false;
        }
        let mut at = 0;
        while at < self.cores.len() {
            if is_subset(&core, &self.cores[at]) {
                self.cores.swap_remove(at);
                self.multipliers.swap_remove(at);
            } else {
                at += 1;
            }
        }
        self.cores.push(core.into());
        self.multipliers.push(0);
        true
    }

    /// The cores, none of which contains another.
    #[must_use]
    pub fn cores(&self) -> &[Box<[u32]>] {
        &self.cores
    }

    /// The bound proven so far.
    #[must_use]
    pub fn bound(&self) -> u64 {
        if self.impossible { u64::MAX } else { self.bound }
    }

    /// A good solution at once: the last one repaired, stripped and improved by exchanges. `None` if a core is empty.
    pub fn heuristic(&mut self) -> Option<Solution> {
        if self.impossible {
            return None;
        }
        self.best = Primal::new(&self.costs, &self.cores).improve(&self.best);
        Some(self.solution())
    }

    /// The least-cost solution by branch and bound, unless `nodes` run out or `stop` says so.
    pub fn solve(&mut self, nodes: u64, stop: &dyn Fn() -> bool) -> Outcome {
        if self.heuristic().is_none() {
            return Outcome { solution: None, bound: u64::MAX, nodes: 0 };
        }
        let mut search = search::Search::new(self, nodes, stop);
        let finished = search.run();
        let (used, root_bound) = (search.used, search.root_bound);
        (self.multipliers, self.best) = (search.root_multipliers, search.best);
        let solution = self.solution();
        self.bound = self.bound.max(if finished { solution.cost } else { root_bound.min(solution.cost) });
        Outcome { bound: self.bound, solution: Some(solution), nodes: used }
    }

    fn solution(&self) -> Solution {
        let cost = self.best.iter().map(|&e| self.costs[e as usize]).sum();
        Solution { elements: self.best.clone(), cost }
    }
}

/// Whether every element of `part` is in `whole`, both ascending.
fn is_subset(part: &[u32], whole: &[u32]) -> bool {
    let mut rest = whole.iter();
    part.len() <= whole.len() && part.iter().all(|e| rest.by_ref().any(|f| f == e))
}
