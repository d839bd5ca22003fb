//! What an observer hears of the tree, see [`budget::observe`]. Where nobody listens nothing here does more than test a flag.

use ::budget::Instant;
use ::budget::observe::{
    Branching, CANDIDATES, End, Ending, Event, Finish, Incumbent, Interest, Lp, On, Start, Tree, What,
};

use super::branching::Candidate;
use super::closing::Ground;
use super::listener::Listener;
use super::node::Node;
use super::search::Search;
use crate::bounds::Side;
use crate::control::Control;
use crate::model::{Model, Sense, VarKind};
use crate::outcome::Outcome;

/// The tree of a run.
const TREE: Tree = Tree { search: "branch and bound", index: 0 };

/// Numbers of nodes count from 1 for observers.
fn number(node: &Node) -> u64 {
    node.id + 1
}

impl Search<'_> {
    pub(super) fn wants(&self, kinds: Interest) -> bool {
        self.listener.interest.wants(kinds)
    }

    pub(super) fn tell(&mut self, what: What) {
        let statistics = &self.report.statistics;
        let work = statistics.nodes + statistics.lp_iterations;
        self.hooks.borrow_mut().event(&Event::new(work, what));
    }

    pub(super) fn tell_start(&mut self) {
        if self.wants(Interest::BOUNDS) {
            self.tell(What::Start(start_of(self.model)));
        }
        if self.wants(Interest::TREE) {
            self.hooks.borrow_mut().columns(&mut self.model.variables.iter().map(|var| var.name.as_str()));
        }
    }

    /// A node was made; `parent` counts as [`Node::id`] does.
    pub(super) fn tell_node(&mut self, node: &Node, parent: Option<u64>) {
        if !self.wants(Interest::TREE) {
            return;
        }
        let branching = node.origin.map(|origin| Branching {
            on: On::Column(origin.change.var),
            is_upper: origin.change.side == Side::Upper,
            value: origin.change.value,
        });
        let (id, parent) = (number(node), parent.map_or(0, |parent| parent + 1));
        let bound = self.report.units().bound(node.bound);
        self.tell(What::Node(::budget::observe::Node { tree: TREE, id, parent, depth: node.depth, branching, bound }));
    }

    /// The node at hand from now on.
    pub(super) fn tell_entry(&mut self, node: &Node) {
        self.listener.enter(number(node), node.depth);
    }

    /// Notes on what ground the node at hand closes.
    pub(super) fn note_ground(&mut self, ground: &Ground) {
        self.listener.note(match ground {
            Ground::Conflict(_) => Ending::Conflict,
            Ground::Proof(_) if self.relaxation.is_empty() => Ending::Infeasible,
            Ground::Proof(_) => Ending::Fathomed,
            Ground::Pattern => Ending::Infeasible,
        });
    }

    /// The node at hand is closed, on the ground noted, or has children.
    pub(super) fn tell_end(&mut self, node: &Node, branched: bool) {
        let noted = self.listener.ending.take().unwrap_or(Ending::Fathomed);
        self.tell_ending(node, if branched { Ending::Branched } else { noted });
        self.listener.node = 0;
    }

    fn tell_ending(&mut self, node: &Node, ending: Ending) {
        if self.wants(Interest::TREE) {
            let bound = self.report.units().bound(node.bound);
            let frac = self.listener.frac.take();
            let shortlist = if ending == Ending::Branched { self.pseudo_costs.shortlist } else { [None; CANDIDATES] };
            let candidates = shortlist.map(|one| one.map(|(var, score)| (On::Column(var as u32), score)));
            let (tree, id, depth) = (TREE, number(node), node.depth);
            self.tell(What::End(End { tree, id, depth, ending, bound, frac, candidates }));
        }
    }

    /// These columns are fractional at the node at hand.
    pub(super) fn note_fractional(&mut self, candidates: &[Candidate]) {
        if self.wants(Interest::TREE) {
            let distance = |candidate: &Candidate| (candidate.value - candidate.value.round()).abs();
            let count = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
            self.listener.frac = Some((candidates.iter().map(distance).sum(), count));
        }
    }

    /// The search is over: what is left in the queue ends here. Afterwards the tree is told of no more.
    pub(super) fn tell_rest(&mut self) {
        if self.wants(Interest::TREE) {
            let cutoff = self.incumbent.cutoff();
            let left: Vec<Node> = std::iter::from_fn(|| self.queue.pop()).collect();
            for node in left {
                let ending = if node.bound >= cutoff { Ending::Fathomed } else { Ending::Open };
                self.tell_ending(&node, ending);
                self.queue.push(node);
            }
        }
        self.listener.node = 0;
    }

    /// A better point.
    pub(super) fn tell_incumbent(&mut self, source: char) {
        if !self.wants(Interest::BOUNDS) {
            return;
        }
        if let Some(objective) = self.incumbent.objective() {
            let (node, objective) = (self.listener.node, self.report.units().objective_near(objective));
            self.tell(What::Incumbent(Incumbent { node, source, objective }));
        }
    }

    /// A bound, if it is not the one told last.
    pub(super) fn tell_bound(&mut self, bound: f64) {
        if self.wants(Interest::BOUNDS) && self.listener.bound != Some(bound) {
            self.listener.bound = Some(bound);
            let bound = self.report.units().bound(bound);
            self.tell(What::Bound(bound));
        }
    }

    /// When a relaxation began that is to be told of.
    pub(super) fn clock(&self) -> Option<Instant> {
        self.wants(Interest::PROGRAMS).then(Instant::now)
    }

    /// The relaxation was solved that began then.
    pub(super) fn tell_relaxation(&mut self, began: Option<Instant>) {
        if let Some(began) = began {
            let all = self.relaxation.iterations();
            let (node, iterations) = (self.listener.node, all - self.listener.iterations);
            self.listener.iterations = all;
            self.tell(What::Lp(Lp { node, iterations, seconds: began.elapsed().as_secs_f64() }));
        }
    }

    /// A row of so many entries was learned, or a node closed by propagation (none).
    pub(super) fn tell_conflict(&mut self, size: usize) {
        if self.wants(Interest::LEARNING) {
            let Listener { node, depth: level, .. } = self.listener;
            let size = u32::try_from(size).unwrap_or(u32::MAX);
            let conflict =
                ::budget::observe::Conflict { tree: Some(TREE), node, size, glue: 0, level, backjump: level };
            self.tell(What::Conflict(conflict));
        }
    }
}

/// The first event of a run.
pub(super) fn start_of(model: &Model) -> Start {
    let integers = model.variables.iter().filter(|var| var.kind == VarKind::Integer);
    Start {
        rows: model.num_rows() as u64,
        columns: model.num_vars() as u64,
        integers: integers.count() as u64,
        maximise: model.sense == Sense::Maximise,
    }
}

/// The last event of a run.
pub(super) fn finish(outcome: &Outcome, control: &mut dyn Control) {
    if control.interest().wants(Interest::BOUNDS) {
        let Outcome { status, objective, bound, statistics, .. } = outcome;
        let work = statistics.nodes + statistics.lp_iterations;
        let (status, primal_dual_integral) = (status.as_str(), statistics.primal_dual_integral);
        let finish = Finish { status, incumbent: *objective, bound: *bound, primal_dual_integral };
        control.event(&Event::new(work, What::Finish(finish)));
    }
}
