//! Branch and bound over the sides of the points: the least-cost neuron, proven.
//!
//! Entry point: [`BranchAndBound::run`]. Invariants: every bound rests on exact cores alone; every incumbent's cost is that of the
//! exact forward pass; the result depends on the seed and the node limit, never on the clock, unless time runs out.

use super::answer::{self, Incumbent, Settled};
use super::descent::Descent;
use super::geometry::Geometry;
use super::lp::Done;
use super::node::{self, Evaluator, Node};
use super::parameters::{Conduct, Parameters};
use super::task::Task;
use super::watch::{Evidence, Outcome, TreeState, Watch};
use bdnn::budget::never;
use bdnn::{Points, Status};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Lines searched before the watch is asked again, and multiplications: limits hold by it.
const LINES_AT_ONCE: u64 = 100;
const WORK_AT_ONCE: u64 = 4_000_000;
/// Beyond this many open nodes the dearest is taken first, which closes its subtree and frees memory: a limit on that alone.
const OPEN: usize = 200_000;

pub(super) struct BranchAndBound<'a, 'w> {
    pub(super) points: &'a Points,
    pub(super) geometry: &'a Geometry,
    pub(super) task: &'a Task,
    evaluator: Evaluator<'a>,
    pub(super) incumbent: Incumbent,
    /// Whether it was given.
    pub(super) started: bool,
    /// The hyperplane of the latest node that had one (length dim, float units).
    latest: Option<Vec<f64>>,
    rng: ChaCha8Rng,
    pub(super) parameters: Parameters,
    pub(super) tree: TreeState,
    /// Bound over all nodes, open and at hand.
    pub(super) proven: u64,
    /// Least bound of the nodes that floats could not settle.
    pub(super) lost: u64,
    pub(super) stopped: Option<Status>,
    /// Proven beside the tree, and the work for it.
    pub(super) beside: u64,
    pub(super) aside: Done,
    pub(super) watch: &'w mut dyn Watch,
}

/// What a search goes on with, beside the data.
pub(super) type Remembered =
    (node::Remembered, Incumbent, Option<Vec<f64>>, ChaCha8Rng, TreeState, (u64, u64, u64, Done));

/// Open nodes in the order they are taken: least bound, then deepest, then latest.
pub(super) type Open = BTreeMap<(u64, u32, u64), Node>;

impl<'a, 'w> BranchAndBound<'a, 'w> {
    /// A search that begins at `start`, if it is any good.
    pub(super) fn new(
        points: &'a Points,
        geometry: &'a Geometry,
        task: &'a Task,
        start: Option<Incumbent>,
        conduct: &Conduct,
        watch: &'w mut dyn Watch,
    ) -> Self {
        let constant = Incumbent::constant(points, geometry, task);
        let start = start.filter(|start| start.cost < constant.cost);
        let started = start.is_some();
        let search = Self {
            points,
            geometry,
            task,
            evaluator: Evaluator::new(geometry, task, watch.wants_cores()),
            started,
            incumbent: start.unwrap_or(constant),
            latest: None,
            rng: ChaCha8Rng::seed_from_u64(conduct.seed),
            parameters: conduct.parameters,
            tree: TreeState::default(),
            proven: 0,
            lost: u64::MAX,
            stopped: None,
            beside: 0,
            aside: Done::default(),
            watch,
        };
        search.watch.incumbent(&search.incumbent);
        search
    }

    /// What is written down of it: a [`Remembered`].
    pub(super) fn state(&self) -> impl Serialize {
        let counts = (self.proven, self.lost, self.beside, self.aside);
        (self.evaluator.state(), &self.incumbent, &self.latest, &self.rng, &self.tree, counts)
    }

    /// Goes back to a state.
    pub(super) fn restore(&mut self, (evaluator, incumbent, latest, rng, tree, counts): Remembered) {
        self.evaluator.restore(evaluator);
        (self.incumbent, self.latest, self.rng, self.tree) = (incumbent, latest, rng, tree);
        (self.proven, self.lost, self.beside, self.aside) = counts;
    }

    /// Packs and branches until optimal or stopped.
    pub(super) fn run(&mut self) {
        let mut open = Open::new();
        if self.begin(&mut open) {
            self.go(&mut open, u64::MAX);
        }
    }

    /// The root; false if the search is over.
    pub(super) fn begin(&mut self, open: &mut Open) -> bool {
        let Some(root) = self.root() else { return false };
        self.push(open, root);
        true
    }

    /// Branches until no node is left, the watch says stop or so much work is done.
    pub(super) fn go(&mut self, open: &mut Open, work: u64) {
        while let Some((_, node)) = if open.len() < OPEN { open.pop_first() } else { open.pop_last() } {
            if node.bound >= self.incumbent.cost {
                self.close(&node);
                continue;
            }
            let least = open.first_key_value().map_or(u64::MAX, |(key, _)| key.0).min(node.bound);
            self.proven = self.proven.max(least);
            self.report(open.len() + 1, node.decisions.len());
            let children = self.branch(node);
            if self.stopped.is_some() {
                open.values().for_each(|node| self.close(node));
                return;
            }
            self.tree.nodes += 1;
            if self.tree.nodes.is_multiple_of(self.parameters.follow_nodes)
                && let Some(w) = self.latest.take()
            {
                self.descend(&w, self.parameters.follow_lines);
            }
            for child in children {
                self.push(open, child);
            }
            if self.evaluator.simplex.work >= work && !open.is_empty() {
                return;
            }
        }
        self.proven = self.incumbent.cost.min(self.lost);
    }

    /// Multiplications of the search over packings.
    pub(super) fn packed(&self) -> u64 {
        self.evaluator.simplex.work
    }

    /// Multiplications of all searches.
    pub(super) fn work(&self) -> u64 {
        self.packed() + self.aside.work
    }

    pub(super) fn nodes(&self) -> u64 {
        self.tree.nodes + self.aside.nodes
    }

    /// No neuron costs less.
    pub(super) fn bound_now(&self) -> u64 {
        self.proven.min(self.lost).max(self.beside).min(self.incumbent.cost)
    }

    pub(super) fn finish(mut self) -> Outcome {
        let bound = self.bound_now();
        self.tree.open = 0;
        self.report(0, 0);
        self.tree.nodes = self.nodes();
        let status = match self.stopped {
            _ if bound == self.incumbent.cost => Status::Optimal,
            Some(status) => status,
            None => Status::Unresolved,
        };
        Outcome { status, incumbent: self.incumbent, bound, tree: self.tree }
    }

    fn push(&mut self, open: &mut Open, node: Node) {
        if node.bound < self.incumbent.cost {
            let depth = u32::MAX - node.decisions.len() as u32;
            open.insert((node.bound, depth, u64::MAX - self.evaluator.work.evaluations - open.len() as u64), node);
        } else {
            self.close(&node);
        }
    }

    /// Tells the watch of a leaf.
    fn close(&mut self, node: &Node) {
        self.watch.leaf(&node.decisions, &node.evidence);
    }

    pub(super) fn report(&mut self, open: usize, depth: usize) {
        self.tree.open = open as u64;
        self.tree.depth = depth as u32;
        self.tree.work = self.evaluator.work.clone();
        let mut tree = self.tree.clone();
        tree.nodes = self.nodes();
        tree.pivots = self.evaluator.simplex.pivots + self.aside.pivots;
        tree.work.evaluations += self.aside.evaluations;
        tree.work.cores += self.aside.cores;
        tree.work.refused += self.aside.refused;
        self.watch.tree(self.bound_now(), &tree);
        self.tree = tree;
        self.tree.nodes -= self.aside.nodes;
    }

    /// The root, bounded and with as many points decided as probing can; `None` when the search is over.
    fn root(&mut self) -> Option<Node> {
        if !self.started {
            self.descend(&Descent::mean_difference(self.geometry, self.task), self.parameters.first_lines);
        }
        let mut root = Node::root(&self.evaluator.simplex);
        let w = self.bound(&mut root);
        if let Some(w) = w {
            self.descend(&w, if self.started { self.parameters.follow_lines } else { self.parameters.first_lines });
        }
        self.proven = root.bound.min(self.incumbent.cost);
        self.report(1, 0);
        self.probe(root)
    }

    /// Decides points whose other side would cost too much, those far from the incumbent's hyperplane first.
    fn probe(&mut self, mut root: Node) -> Option<Node> {
        let activations = self.activations();
        let mut order: Vec<u32> = (0..self.task.len() as u32).filter(|&i| self.task.weight[i as usize] > 0).collect();
        order.sort_by(|&i, &j| activations[j as usize].abs().total_cmp(&activations[i as usize].abs()));
        let mut vain = 0;
        for i in order {
            let right = (activations[i as usize] >= 0.0) == self.task.wanted[i as usize];
            let mut other = root.child(self.task, i, !right);
            self.bound(&mut other);
            if self.stopped.is_some() || root.bound >= self.incumbent.cost {
                self.close(&root);
                return None;
            }
            if other.bound >= self.incumbent.cost {
                self.close(&other);
                root = root.child(self.task, i, right);
                self.bound(&mut root);
                self.proven = self.proven.max(root.bound.min(self.incumbent.cost));
                self.tree.probed += 1;
                vain = 0;
            } else {
                vain += 1;
                if vain > self.parameters.vain_probes {
                    break;
                }
            }
        }
        if self.stopped.is_some() {
            self.close(&root);
            return None;
        }
        Some(root)
    }

    /// The incumbent's activations in scaled floats.
    pub(super) fn activations(&self) -> Vec<f64> {
        let Incumbent { neuron, .. } = &self.incumbent;
        let dot = |x: &[f64]| neuron.bias + neuron.weights.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
        (0..self.points.len()).map(|i| dot(self.points.scaled(i))).collect()
    }

    /// Splits a node in two; in one or none when trying the candidates decides them. A candidate with a child that is
    /// closed is decided at once, and the choice starts anew from the other child.
    fn branch(&mut self, mut node: Node) -> Vec<Node> {
        'choice: loop {
            let mut best: Option<((u64, u64), [Node; 2])> = None;
            let candidates = self.candidates(&node);
            for &i in &candidates {
                let mut children = [node.child(self.task, i, true), node.child(self.task, i, false)];
                for child in &mut children {
                    self.bound(child);
                    if self.stopped.is_some() {
                        self.close(&node);
                        return vec![];
                    }
                }
                let upper = self.incumbent.cost;
                if node.bound >= upper {
                    self.close(&node);
                    return vec![];
                }
                let [right, wrong] = &children;
                match (right.bound >= upper, wrong.bound >= upper) {
                    (true, true) => {
                        children.iter().for_each(|child| self.close(child));
                        return vec![];
                    }
                    (false, false) => {}
                    (closed, _) => {
                        let [right, wrong] = children;
                        let (closed, open) = if closed { (right, wrong) } else { (wrong, right) };
                        self.close(&closed);
                        node = open;
                        continue 'choice;
                    }
                }
                let gains = [right.bound - node.bound, wrong.bound - node.bound];
                let score = ((4 * gains[0] + 1).saturating_mul(4 * gains[1] + 1), gains[0].max(gains[1]));
                if best.as_ref().is_none_or(|(most, _)| score > *most) {
                    best = Some((score, children));
                }
            }
            return match best {
                Some((_, children)) => children.into(),
                None => {
                    self.settle(&mut node);
                    self.close(&node);
                    vec![]
                }
            };
        }
    }

    /// Closes a node without a point left to branch on: the decided points and the free ones that the packing has not
    /// charged are all that its bound asks for, and exact arithmetic says whether there is such a neuron.
    fn settle(&mut self, node: &mut Node) {
        let mut right = vec![true; self.task.len()];
        node.packing.iter().flat_map(|packed| packed.free.iter()).for_each(|&i| right[i as usize] = false);
        let mut task = self.task.clone();
        for decision in node.decisions.iter().filter(|decision| !decision.right) {
            task.wanted[decision.point as usize] ^= true;
        }
        let (points, geometry) = (self.points, self.geometry);
        let (settled, said) = self.watched(|stop| answer::settle(points, geometry, &task, &right, stop));
        let Some(settled) = settled else {
            self.stopped = said;
            return;
        };
        match settled {
            Settled::Impossible(core) => {
                let refuted = Some(self.watch.core(&core));
                node.evidence = Rc::new(Evidence { refuted, charges: vec![] });
            }
            Settled::Found(mut found) => {
                found.cost = found.neuron.cost(self.points, self.task);
                if found.cost > node.bound {
                    // Rounding to floats lost what the separator had.
                    self.lost = self.lost.min(node.bound);
                }
                if found.cost < self.incumbent.cost {
                    self.incumbent = found;
                    self.watch.incumbent(&self.incumbent);
                }
            }
        }
    }

    /// Free points to branch on: those of the shortest cores of the packing; any others if it has none but single ones.
    fn candidates(&self, node: &Node) -> Vec<u32> {
        let mut cores: Vec<&[u32]> = node.packing.iter().map(|packed| &*packed.free).filter(|c| c.len() > 1).collect();
        cores.sort_by_key(|free| free.len());
        let mut taken = vec![false; self.task.len()];
        let mut candidates: Vec<u32> = vec![];
        for &i in cores.into_iter().flatten() {
            if candidates.len() < self.parameters.candidates && !std::mem::replace(&mut taken[i as usize], true) {
                candidates.push(i);
            }
        }
        if candidates.is_empty() {
            node.decisions.iter().for_each(|decision| taken[decision.point as usize] = true);
            node.packing.iter().flat_map(|packed| packed.free.iter()).for_each(|&i| taken[i as usize] = true);
            candidates.extend((0..taken.len()).find(|&i| !taken[i] && self.task.weight[i] > 0).map(|i| i as u32));
        }
        candidates
    }

    /// Bounds a node, unless the search is to stop; offers the hyperplane that comes out of it.
    fn bound(&mut self, node: &mut Node) -> Option<Vec<f64>> {
        self.stopped = self.stopped.or_else(|| self.watch.stop(self.tree.nodes + self.aside.nodes));
        if self.stopped.is_some() {
            return None;
        }
        let w = self.evaluator.bound(node, self.incumbent.cost, self.tree.nodes + self.aside.nodes, self.watch);
        self.ask_beside();
        self.stopped = self.watch.stop(self.tree.nodes + self.aside.nodes);
        let w = w?;
        if self.offer(&w) {
            self.descend(&w, self.parameters.later_lines);
        }
        self.latest = Some(w.clone());
        Some(w)
    }

    /// Takes a better neuron from elsewhere, if there is one.
    pub(super) fn ask_beside(&mut self) {
        if let Some(better) = self.watch.better(self.work()).filter(|b| b.cost < self.incumbent.cost) {
            self.incumbent = better;
        }
    }

    /// Takes a hyperplane (length dim, float units) as incumbent if it is better; whether it was.
    pub(super) fn offer(&mut self, w: &[f64]) -> bool {
        let (points, geometry, task, upper) = (self.points, self.geometry, self.task, self.incumbent.cost);
        let (better, _) = self.watched(|stop| answer::improve(points, geometry, task, w, upper, stop));
        let found = better.is_some();
        if let Some(better) = better {
            self.incumbent = better;
            self.watch.incumbent(&self.incumbent);
        }
        found
    }

    /// Exact arithmetic that asks the watch between its pivots; also what the watch said if that ended it.
    pub(super) fn watched<T>(&mut self, work: impl FnOnce(&dyn Fn() -> bool) -> T) -> (T, Option<Status>) {
        let (watch, said, nodes) =
            (RefCell::new(&mut *self.watch), Cell::new(None), self.tree.nodes + self.aside.nodes);
        let stop = || {
            said.set(watch.borrow_mut().stop(nodes));
            said.get().is_some()
        };
        let result = work(&stop);
        (result, said.get())
    }

    /// Follows a hyperplane by line searches and offers where they end.
    pub(super) fn descend(&mut self, w: &[f64], lines: u64) {
        let lines = lines.min(self.parameters.most_lines / (self.task.len() as u64).max(1)).max(1);
        let mut descent = Descent::new(self.geometry, self.task, w).conducted(&self.parameters);
        // A line costs O(m dim).
        let size = (self.task.len() * self.geometry.dim()) as u64;
        let at_once = (WORK_AT_ONCE / size.max(1)).clamp(1, LINES_AT_ONCE);
        while descent.lines < lines
            && descent.cost() > 0
            && self.watch.stop(self.tree.nodes + self.aside.nodes).is_none()
        {
            descent.walk(at_once.min(lines - descent.lines), &mut self.rng, &never);
        }
        let w = descent.weights().to_vec();
        self.offer(&w);
    }
}
