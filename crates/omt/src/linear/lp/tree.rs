//! Branch and bound over the program of cores.
//!
//! Invariants: a node's bound is a [`Claim`] over proven clauses; a closed node has a bound of at least `upper`, or counts
//! as lost with the bound it had; what the tree does depends on its seed and its quotas of work alone, unless it is stopped.

use super::claim::Claim;
use super::done::Done;
use super::pool::{Clause, Pool};
use super::separate::Separation;
use super::simplex::{End, Literal, Simplex};
use crate::linear::parameters::{Conduct, Parameters};
use crate::tolerances::{COVER_CUTOFF, COVER_INTEGRAL, COVER_LEAST_CHANGE, COVER_LEAST_SCORE, COVER_PIVOTS};
use budget::Pace;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Beyond this many open nodes the dearest is taken first, which closes its subtree and frees memory: a limit on that alone.
const OPEN: usize = 50_000;

/// What a tree asks of its owner.
pub(in crate::linear) trait Host {
    /// A hyperplane (length dim, float units) that may be better than all known; the cost of the best one now.
    fn offer(&mut self, w: &[f64]) -> u64;
    /// The core that exact arithmetic has among the points `right`, of which the decided ones (`Some(true)` for wrong) stand on
    /// the side decided and the others on the wanted one. It may find a neuron instead.
    fn settle(&mut self, decided: &[Option<bool>], right: &[bool]) -> Option<Vec<crate::linear::Member>>;
}

/// What an advance may use: multiplications, about, and nodes.
#[derive(Clone, Copy, Debug)]
pub(in crate::linear) struct Quota {
    pub work: u64,
    pub nodes: u64,
}

/// How an advance ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::linear) enum State {
    /// The quota is spent.
    Open,
    /// No node is left.
    Over,
    /// It was told to stop.
    Stopped,
}

/// An open node: bounded, and what it is branched on.
#[derive(Serialize, Deserialize)]
struct Node {
    decided: Box<[Literal]>,
    /// The program's value.
    value: f64,
    branch: u32,
    /// The value of that column.
    at: f64,
}

/// The fate of a node.
enum Fate {
    Closed,
    Open(u64, Node),
    Stopped,
}

/// Gains per unit of change and their number, towards right and wrong.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct PseudoCost {
    gain: [f64; 2],
    count: [f64; 2],
}

impl PseudoCost {
    fn note(&mut self, wrong: bool, gain: f64) {
        self.gain[usize::from(wrong)] += gain;
        self.count[usize::from(wrong)] += 1.0;
    }

    /// With one more observation, that of the mean of all.
    fn estimate(&self, wrong: bool, mean: f64) -> f64 {
        let side = usize::from(wrong);
        (self.gain[side] + mean) / (1.0 + self.count[side])
    }
}

#[derive(Serialize, Deserialize)]
pub(in crate::linear) struct Tree {
    simplex: Simplex,
    pool: Pool,
    rng: ChaCha8Rng,
    parameters: Parameters,
    /// By bound, then deepest, then latest.
    open: BTreeMap<(u64, u32, u64), Node>,
    /// Whether the root is done; what is known of it until then.
    begun: bool,
    root: u64,
    /// Nodes of this cost or more are closed.
    upper: u64,
    /// Least bound of the nodes that floats could not settle.
    lost: u64,
    numbered: u64,
    pseudo: Vec<PseudoCost>,
    all: PseudoCost,
    done: Done,
}

impl Tree {
    /// For points of these weights; `upper` is a cost from which on nothing is of interest.
    pub(in crate::linear) fn new(weights: &[u64], upper: u64, conduct: &Conduct) -> Self {
        Self {
            simplex: Simplex::new(weights.iter().copied()),
            pool: Pool::default(),
            rng: ChaCha8Rng::seed_from_u64(conduct.seed),
            parameters: conduct.parameters,
            open: BTreeMap::new(),
            begun: false,
            root: 0,
            upper,
            lost: u64::MAX,
            numbered: 0,
            pseudo: vec![PseudoCost::default(); weights.len()],
            all: PseudoCost::default(),
            done: Done::default(),
        }
    }

    /// Every neuron costs at least this, or `upper`.
    pub(in crate::linear) fn bound(&self) -> u64 {
        let open = match self.open.first_key_value() {
            Some((key, _)) => key.0,
            None if self.begun => u64::MAX,
            None => self.root,
        };
        open.min(self.upper).min(self.lost)
    }

    /// Least bound of the nodes that floats could not settle, `u64::MAX` if there is none.
    pub(in crate::linear) fn lost(&self) -> u64 {
        self.lost
    }

    /// Open nodes, and the decisions of the next one.
    pub(in crate::linear) fn open(&self) -> (usize, usize) {
        (self.open.len(), self.open.first_key_value().map_or(0, |(_, node)| node.decided.len()))
    }

    /// What has been done since the start.
    pub(in crate::linear) fn done(&self) -> Done {
        let Simplex { work, pivots, .. } = self.simplex;
        self.done.plus(Done { work, pivots, ..Done::default() })
    }

    /// A better cost is known.
    pub(in crate::linear) fn lower(&mut self, upper: u64) {
        self.upper = self.upper.min(upper);
    }

    /// The clauses of another tree, whose point j is `of[j]` here, or nowhere.
    pub(in crate::linear) fn inherit(&mut self, other: &Self, of: &[Option<u32>]) {
        for clause in other.pool.iter() {
            let here = clause.iter().map(|&l| of[(l >> 1) as usize].map(|point| 2 * point + (l & 1)));
            let Some(mut here) = here.collect::<Option<Clause>>() else { continue };
            here.sort_unstable();
            self.pool.insert(here);
        }
    }

    /// Goes on until the quota is used up.
    pub(in crate::linear) fn advance(&mut self, at: &mut Separation<'_>, quota: Quota, host: &mut dyn Host) -> State {
        let mut run = Run { tree: self, at, host, cut: false };
        let end = run.tree.done().work.saturating_add(quota.work);
        let last = run.tree.done.nodes.saturating_add(quota.nodes);
        if !run.tree.begun {
            let root = run.tree.root;
            match run.bound(vec![None; run.at.task.len()], root, run.tree.parameters.root_rounds, end) {
                Fate::Stopped => return State::Stopped,
                Fate::Closed => {}
                Fate::Open(bound, _) if run.cut => {
                    run.tree.root = bound;
                    return State::Open;
                }
                Fate::Open(bound, node) => run.push(bound, node),
            }
            run.tree.begun = true;
        }
        loop {
            // The first node has the least bound: if that is of no interest, none is.
            if run.tree.open.first_key_value().is_none_or(|(key, _)| key.0 >= run.tree.upper) {
                run.tree.open.clear();
                return State::Over;
            }
            if (run.at.stop)() {
                return State::Stopped;
            }
            if run.tree.done().work >= end || run.tree.done.nodes >= last {
                return State::Open;
            }
            if run.branch() == State::Stopped {
                return State::Stopped;
            }
        }
    }
}

/// A tree that advances.
struct Run<'t, 'a, 'h> {
    tree: &'t mut Tree,
    at: &'t mut Separation<'a>,
    host: &'h mut dyn Host,
    /// Whether the latest rounds ended because there was no work left for more.
    cut: bool,
}

impl Run<'_, '_, '_> {
    fn push(&mut self, bound: u64, node: Node) {
        self.tree.numbered += 1;
        let depth = u32::MAX - node.decided.len() as u32;
        self.tree.open.insert((bound, depth, u64::MAX - self.tree.numbered), node);
    }

    /// Branches the next node.
    fn branch(&mut self) -> State {
        let next = if self.tree.open.len() < OPEN { self.tree.open.pop_first() } else { self.tree.open.pop_last() };
        let Some((key, node)) = next else { return State::Over };
        let mut children = vec![];
        for wrong in [true, false] {
            let mut decided = vec![None; self.at.task.len()];
            for &literal in &node.decided {
                decided[(literal >> 1) as usize] = Some(literal & 1 == 0);
            }
            decided[node.branch as usize] = Some(wrong);
            let fate = self.bound(decided, key.0, self.tree.parameters.rounds, u64::MAX);
            let most = self.tree.upper as f64 - node.value;
            let gain = match &fate {
                Fate::Closed => most - 1.0,
                Fate::Open(_, child) => (child.value - node.value).max(0.0),
                Fate::Stopped => {
                    // The node stays open as it was.
                    self.tree.open.insert(key, node);
                    return State::Stopped;
                }
            };
            let change = if wrong { 1.0 - node.at } else { node.at };
            let gain = gain.clamp(0.0, most.max(0.0)) / change.max(COVER_LEAST_CHANGE);
            self.tree.pseudo[node.branch as usize].note(wrong, gain);
            self.tree.all.note(wrong, gain);
            if let Fate::Open(bound, child) = fate {
                children.push((bound, child));
            }
        }
        self.tree.done.nodes += 1;
        children.into_iter().for_each(|(bound, child)| self.push(bound, child));
        State::Open
    }

    /// Bounds a node whose parent's bound is `least`, and chooses what it is branched on. After rounds of separation, or `end` of
    /// the work, it is what it is.
    fn bound(&mut self, mut decided: Vec<Option<bool>>, least: u64, rounds: usize, end: u64) -> Fate {
        self.tree.done.evaluations += 1;
        loop {
            let separated = self.solve(&decided, rounds, end);
            if (self.at.stop)() {
                return Fate::Stopped;
            }
            let Tree { simplex, pool, upper, parameters, .. } = &mut *self.tree;
            let most_forced = parameters.forced;
            let terms = simplex.certificate();
            let claim = Claim::new(
                &self.at.task.weight,
                &decided,
                terms.iter().map(|&(number, multiplier)| (pool.clause(number), multiplier)),
            );
            pool.tidy(simplex, parameters);
            let bound = claim.bound().max(least);
            if bound >= *upper {
                return Fate::Closed;
            }
            let mut forced = 0;
            for (j, decided) in decided.iter_mut().enumerate() {
                if decided.is_none() && self.at.task.weight[j] > 0 {
                    *decided = claim.implied(j, *upper);
                    forced += usize::from(decided.is_some());
                }
            }
            self.tree.done.forced += forced as u64;
            if forced > most_forced {
                continue;
            }
            if let Some((branch, at)) = self.choose(&decided) {
                let literal = |(j, wrong): (usize, bool)| 2 * j as Literal + u32::from(!wrong);
                let literals =
                    decided.iter().enumerate().filter_map(|(j, wrong)| wrong.map(|wrong| literal((j, wrong))));
                let value = claim.value().max(least as f64 - 1.0);
                return Fate::Open(bound, Node { decided: literals.collect(), value, branch, at });
            }
            if separated || self.settle(&decided, bound) {
                continue;
            }
            return Fate::Closed;
        }
    }

    /// Solves the program and separates in turns; whether clauses were added that it has not been solved with.
    fn solve(&mut self, decided: &[Option<bool>], rounds: usize, end: u64) -> bool {
        let Tree { simplex, pool, rng, upper, done, parameters, .. } = &mut *self.tree;
        decided.iter().enumerate().for_each(|(j, &value)| simplex.decide(j, value));
        let (mut best, mut vain) = (f64::NEG_INFINITY, 0);
        self.cut = false;
        for _ in 0..rounds {
            let cutoff = upper.saturating_sub(1) as f64 * (1.0 + COVER_CUTOFF.1) + COVER_CUTOFF.0;
            let limit = COVER_PIVOTS * (simplex.rows.len() + decided.len());
            let stop = self.at.stop;
            let mut ask = || stop();
            if stop() {
                return false;
            }
            if simplex.solve(cutoff, limit, &mut Pace::new(&mut ask)) != End::Optimal {
                return false;
            }
            let value = simplex.objective();
            vain = if value < best + parameters.least_gain { vain + 1 } else { 0 };
            best = best.max(value);
            if vain >= parameters.vain_rounds {
                return false;
            }
            if pool.employ_violated(simplex, parameters) > 0 {
                continue;
            }
            let (cores, hyperplane) = self.at.cores(&simplex.x, decided, parameters, rng);
            let mut added = false;
            for clause in cores {
                if let Some(number) = pool.insert(clause) {
                    pool.employ(number, simplex);
                    added = true;
                }
            }
            if let Some(w) = hyperplane {
                *upper = self.host.offer(&w).min(*upper);
            }
            *done = done.plus(self.at.done());
            if !added {
                return false;
            }
            self.cut = done.work + simplex.work >= end;
            if self.cut {
                return true;
            }
        }
        true
    }

    /// What to branch on, and its value; `None` if all values are whole.
    fn choose(&self, decided: &[Option<bool>]) -> Option<(u32, f64)> {
        let Tree { simplex, pseudo, all, .. } = &*self.tree;
        let mean = [false, true].map(|wrong| all.gain[usize::from(wrong)] / all.count[usize::from(wrong)].max(1e-9));
        let score = |j: usize| {
            let gain = |wrong: bool| pseudo[j].estimate(wrong, mean[usize::from(wrong)]);
            (gain(false) * simplex.x[j] + COVER_LEAST_SCORE) * (gain(true) * (1.0 - simplex.x[j]) + COVER_LEAST_SCORE)
        };
        let open = |j: &usize| {
            let x = simplex.x[*j];
            decided[*j].is_none() && self.at.task.weight[*j] > 0 && x > COVER_INTEGRAL && x < 1.0 - COVER_INTEGRAL
        };
        let best = (0..decided.len()).filter(open).max_by(|&a, &b| score(a).total_cmp(&score(b)))?;
        Some((best as u32, simplex.x[best]))
    }

    /// Deals with a node whose values are all whole: whether there is news, so that it is to be bounded again. If not, it is lost.
    fn settle(&mut self, decided: &[Option<bool>], bound: u64) -> bool {
        let x = &self.tree.simplex.x;
        let settled = self.at.settle(x, decided);
        self.tree.done = self.tree.done.plus(self.at.done());
        let x = &self.tree.simplex.x;
        let clause = match settled {
            Ok(clause) => Some(clause),
            Err(hyperplane) => {
                if let Some(w) = hyperplane {
                    self.tree.upper = self.host.offer(&w).min(self.tree.upper);
                }
                if bound >= self.tree.upper {
                    return true;
                }
                let right: Vec<bool> =
                    x.iter().zip(decided).map(|(x, decided)| decided.is_some() || *x < 0.5).collect();
                let members = self.host.settle(decided, &right);
                members.map(|members| self.at.clause(&members))
            }
        };
        let new = clause.and_then(|clause| self.tree.pool.insert(clause));
        match new {
            Some(number) => self.tree.pool.employ(number, &mut self.tree.simplex),
            None if bound < self.tree.upper => self.tree.lost = self.tree.lost.min(bound),
            None => {}
        }
        new.is_some()
    }
}
