//! Branch and bound: depth-first over elements in or out, with propagation, Lagrangian bounds and reduced-cost fixing.

use super::lagrange::Relaxation;
use super::primal::Primal;
use super::{HittingSet, UNIT, is_subset};

/// Subgradient steps at the root and at the other nodes, which start from their parent's multipliers.
const ROOT_STEPS: u32 = 400;
const NODE_STEPS: u32 = 40;
/// Nodes from one rounding of the multipliers to a solution to the next.
const ROUNDING: u64 = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    In,
    Out,
}

/// What became of a node.
enum Fate {
    Closed,
    Branch(u32),
}

pub(super) struct Search<'a> {
    costs: Vec<u64>,
    cores: Vec<Box<[u32]>>,
    of_element: Vec<Vec<u32>>,
    sides: Vec<Option<Side>>,
    /// Elements in the order they were decided.
    trail: Vec<u32>,
    paid: u64,
    /// By core: elements in, and undecided ones.
    hits: Vec<u32>,
    open: Vec<u32>,
    multipliers: Vec<i64>,
    limit: u64,
    stop: &'a dyn Fn() -> bool,
    /// Cost of `best`.
    upper: u64,
    pub best: Vec<u32>,
    /// Nodes so far.
    pub used: u64,
    pub root_bound: u64,
    pub root_multipliers: Vec<i64>,
}

impl<'a> Search<'a> {
    pub(super) fn new(instance: &HittingSet, limit: u64, stop: &'a dyn Fn() -> bool) -> Self {
        let (costs, cores) = (instance.costs.clone(), instance.cores.clone());
        let mut of_element = vec![vec![]; costs.len()];
        for (c, core) in cores.iter().enumerate() {
            core.iter().for_each(|&e| of_element[e as usize].push(c as u32));
        }
        Self {
            of_element,
            sides: vec![None; costs.len()],
            trail: vec![],
            paid: 0,
            hits: vec![0; cores.len()],
            open: cores.iter().map(|core| core.len() as u32).collect(),
            multipliers: instance.multipliers.clone(),
            limit,
            stop,
            upper: instance.solution().cost,
            best: instance.best.clone(),
            used: 0,
            root_bound: instance.bound,
            root_multipliers: instance.multipliers.clone(),
            costs,
            cores,
        }
    }

    /// Whether the tree was searched to its end.
    pub(super) fn run(&mut self) -> bool {
        self.dominate();
        // Open branchings: the trail's length before, the element, and whether its second side is still to come.
        let mut branchings: Vec<(usize, u32, bool)> = vec![];
        while self.root_bound < self.upper {
            if self.used >= self.limit || (self.stop)() {
                return false;
            }
            self.used += 1;
            match self.node() {
                Fate::Branch(e) => {
                    branchings.push((self.trail.len(), e, true));
                    self.decide(e, Side::In);
                }
                Fate::Closed => {
                    while branchings.pop_if(|(_, _, second)| !*second).is_some() {}
                    let Some((before, e, second)) = branchings.last_mut() else { break };
                    let (before, e) = (*before, *e);
                    *second = false;
                    self.back(before);
                    self.decide(e, Side::Out);
                }
            }
        }
        true
    }

    fn decide(&mut self, e: u32, side: Side) {
        debug_assert!(self.sides[e as usize].is_none(), "an element is decided once");
        self.sides[e as usize] = Some(side);
        self.trail.push(e);
        for &c in &self.of_element[e as usize] {
            self.open[c as usize] -= 1;
            self.hits[c as usize] += u32::from(side == Side::In);
        }
        self.paid += if side == Side::In { self.costs[e as usize] } else { 0 };
    }

    fn back(&mut self, before: usize) {
        for e in self.trail.split_off(before) {
            let side = self.sides[e as usize].take();
            for &c in &self.of_element[e as usize] {
                self.open[c as usize] += 1;
                self.hits[c as usize] -= u32::from(side == Some(Side::In));
            }
            self.paid -= if side == Some(Side::In) { self.costs[e as usize] } else { 0 };
        }
    }

    fn free(&self, c: usize) -> impl Iterator<Item = u32> + '_ {
        self.cores[c].iter().copied().filter(|&e| self.sides[e as usize].is_none())
    }

    /// At the root: takes elements without cost, leaves out those whose cores another one hits for no more.
    fn dominate(&mut self) {
        for e in 0..self.costs.len() as u32 {
            if self.of_element[e as usize].is_empty() {
                self.decide(e, Side::Out);
            } else if self.costs[e as usize] == 0 {
                self.decide(e, Side::In);
            }
        }
        for e in 0..self.costs.len() as u32 {
            if self.sides[e as usize].is_some() {
                continue;
            }
            let mine = &self.of_element[e as usize];
            let dominates = |f: u32| {
                f != e
                    && self.sides[f as usize].is_none()
                    && self.costs[f as usize] <= self.costs[e as usize]
                    && is_subset(mine, &self.of_element[f as usize])
            };
            if self.cores[mine[0] as usize].iter().any(|&f| dominates(f)) {
                self.decide(e, Side::Out);
            }
        }
    }

    /// Takes the last undecided element of every core that needs it; false if a core has none.
    fn propagate(&mut self) -> bool {
        let mut changed = true;
        while changed {
            changed = false;
            for c in 0..self.cores.len() {
                if self.hits[c] > 0 || self.open[c] > 1 {
                    continue;
                }
                let Some(e) = self.free(c).next() else { return false };
                self.decide(e, Side::In);
                changed = true;
            }
        }
        true
    }

    /// Bounds the node at hand until it is closed or nothing more can be fixed.
    fn node(&mut self) -> Fate {
        let root = self.used == 1;
        loop {
            if !self.propagate() || self.paid >= self.upper {
                return Fate::Closed;
            }
            let cores: Vec<(u32, Vec<u32>)> = (0..self.cores.len())
                .filter(|&c| self.hits[c] == 0)
                .map(|c| (c as u32, self.free(c).collect()))
                .collect();
            if cores.is_empty() {
                self.offer(&[], &[]);
                return Fate::Closed;
            }
            let mut elements: Vec<u32> = cores.iter().flat_map(|(_, elements)| elements.iter().copied()).collect();
            elements.sort_unstable();
            elements.dedup();
            let relaxation = Relaxation { costs: &self.costs, elements: &elements, cores: &cores };
            // The node is closed when it leaves no room for a solution one cheaper than the best.
            let room = (self.upper - 1 - self.paid) as i64 * UNIT;
            let steps = if root { ROOT_STEPS } else { NODE_STEPS };
            let bound = relaxation.bound(&mut self.multipliers, steps, room + UNIT, room);
            if root {
                self.root_multipliers.copy_from_slice(&self.multipliers);
                let whole = self.paid + (bound.value + UNIT - 1).div_euclid(UNIT).max(0) as u64;
                self.root_bound = self.root_bound.max(whole.min(self.upper));
            }
            if bound.value > room {
                return Fate::Closed;
            }
            let before = self.trail.len();
            for &e in &elements {
                let reduced = bound.reduced[e as usize];
                if bound.value + reduced.abs() > room {
                    self.decide(e, if reduced > 0 { Side::Out } else { Side::In });
                }
            }
            if self.trail.len() > before {
                continue;
            }
            if root || self.used.is_multiple_of(ROUNDING) {
                self.offer(&elements, &bound.reduced);
            }
            return Fate::Branch(self.choose(&elements, &bound.reduced));
        }
    }

    /// The element in the most cores to hit, weighed against its reduced cost.
    fn choose(&self, elements: &[u32], reduced: &[i64]) -> u32 {
        let score = |e: u32| {
            let gain = self.of_element[e as usize].iter().filter(|&&c| self.hits[c as usize] == 0).count() as f64;
            gain * UNIT as f64 / (UNIT + 4 * reduced[e as usize].abs()) as f64
        };
        let better = |best: u32, e: u32| if score(e) > score(best) { e } else { best };
        elements.iter().copied().reduce(better).expect("a core to hit has elements")
    }

    /// Makes a solution of the elements in and those of `elements` that the relaxation takes; keeps it if it is better.
    fn offer(&mut self, elements: &[u32], reduced: &[i64]) {
        let inside = self.trail.iter().copied().filter(|&e| self.sides[e as usize] == Some(Side::In));
        let taken = elements.iter().copied().filter(|&e| reduced[e as usize] < 0);
        let from: Vec<u32> = inside.chain(taken).collect();
        let solution = Primal::new(&self.costs, &self.cores).improve(&from);
        let cost = solution.iter().map(|&e| self.costs[e as usize]).sum();
        if cost < self.upper {
            (self.upper, self.best) = (cost, solution);
        }
    }
}
