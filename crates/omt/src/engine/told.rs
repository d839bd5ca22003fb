//! What observers hear of the cases: each is a root, and a case that is split ends where its halves begin.

use crate::case::Case;
use crate::encode::Encoding;
use crate::search::Lit;
use bdnn::{Interest, Telling, What};
use budget::observe::{self, Branching, CANDIDATES, Conflict, Core, End, Ending, Node, On, Restart, Tree};

const TREE: Tree = Tree { search: "cases", index: 0 };

/// The node of a case.
#[derive(Clone, Copy, Debug)]
struct CaseNode {
    id: u64,
    depth: u32,
    has_ended: bool,
    conflicts: u64,
}

/// The nodes of the cases, in their order.
#[derive(Debug, Default)]
pub(super) struct CaseNodes {
    nodes: Vec<CaseNode>,
    created: u64,
    /// Cores and restarts told.
    cores: u64,
    restarts: u64,
}

/// A bound as observers hear it.
#[allow(clippy::cast_precision_loss)]
fn bound_of(case: &Case) -> f64 {
    if case.bound == u64::MAX { f64::INFINITY } else { case.bound as f64 }
}

/// The variable of a literal, and whether it makes a neuron fire, or a point wrong.
fn meaning(encoding: &Encoding, lit: Lit) -> (On, bool) {
    let number = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
    for (part, units) in encoding.first_layer.iter().enumerate() {
        if let Some(neuron) = units.iter().position(|unit| unit.is_some_and(|unit| unit.var() == lit.var())) {
            let fires = units[neuron] == Some(lit);
            return (On::Unit { layer: 1, part: number(part), neuron: number(neuron) }, fires);
        }
        if let Some(penalty) = encoding.penalties[part].iter().find(|penalty| penalty.var() == lit.var()) {
            return (On::Point(number(part)), *penalty == lit);
        }
    }
    (On::Other(lit.var().0), lit.polarity())
}

impl CaseNodes {
    /// The cases before the first round.
    pub(super) fn begin(&mut self, cases: &mut [Case], telling: &Telling<'_>) {
        let listens = telling.wants(Interest::LEARNING);
        cases.iter_mut().for_each(|case| case.keep_told(listens));
        for case in cases.iter() {
            let id = self.node(0, None, bound_of(case), (0, 0), telling);
            self.nodes.push(CaseNode { id, depth: 0, has_ended: false, conflicts: 0 });
        }
    }

    fn node(
        &mut self,
        parent: u64,
        branching: Option<Branching>,
        bound: f64,
        (depth, work): (u32, u64),
        telling: &Telling<'_>,
    ) -> u64 {
        self.created += 1;
        let id = self.created;
        telling.event(Interest::TREE, work, || What::Node(Node { tree: TREE, id, parent, depth, branching, bound }));
        id
    }

    /// A case was split: it has the literal from now on, and the last case its negation.
    pub(super) fn split(&mut self, case: usize, cases: &[Case], lit: Lit, work: u64, telling: &Telling<'_>) {
        let CaseNode { id: parent, depth, .. } = self.nodes[case];
        let bound = bound_of(&cases[case]);
        let halves = [lit, !lit].map(|lit| {
            let (on, holds) = meaning(&cases[case].encoding, lit);
            let branching = Branching { on, is_upper: !holds, value: f64::from(u8::from(holds)) };
            let id = self.node(parent, Some(branching), bound, (depth + 1, work), telling);
            CaseNode { id, depth: depth + 1, has_ended: false, conflicts: 0 }
        });
        self.end(case, Ending::Branched, bound, work, telling);
        self.nodes[case] = halves[0];
        self.nodes.push(halves[1]);
    }

    /// What a round brought.
    pub(super) fn round(&mut self, cases: &mut [Case], work: u64, restarts: u64, telling: &Telling<'_>) {
        for (number, case) in cases.iter_mut().enumerate() {
            let node = self.nodes[number].id;
            for learned in case.solver.take_told() {
                let crate::search::Learned { size, glue, level, backjump } = learned;
                let conflict = Conflict { tree: Some(TREE), node, size, glue, level, backjump };
                telling.event(Interest::LEARNING, work, || What::Conflict(conflict));
            }
            for (size, weight) in case.cores.take_told() {
                self.cores += 1;
                let core = Core { count: self.cores, size, weight };
                telling.event(Interest::LEARNING, work, || What::Core(core));
            }
            let conflicts = case.counts().conflicts;
            if conflicts > self.nodes[number].conflicts && !self.nodes[number].has_ended {
                self.nodes[number].conflicts = conflicts;
                let (bound, learned) = (bound_of(case), case.solver.num_learned() as u64);
                let told = observe::Case { tree: TREE, node, bound, conflicts, learned };
                telling.event(Interest::LEARNING, work, || What::Case(told));
            }
            if case.done {
                let ending = if case.bound == u64::MAX { Ending::Infeasible } else { Ending::Fathomed };
                self.end(number, ending, bound_of(case), work, telling);
            }
        }
        if restarts > self.restarts {
            self.restarts = restarts;
            telling.event(Interest::LEARNING, work, || What::Restart(Restart { count: restarts }));
        }
    }

    /// The run is over: what is still open holds nothing better if all is proven.
    pub(super) fn finish(&mut self, cases: &[Case], is_proven: bool, work: u64, telling: &Telling<'_>) {
        let ending = if is_proven { Ending::Fathomed } else { Ending::Open };
        for (number, case) in cases.iter().enumerate() {
            self.end(number, ending, bound_of(case), work, telling);
        }
    }

    fn end(&mut self, case: usize, ending: Ending, bound: f64, work: u64, telling: &Telling<'_>) {
        let CaseNode { id, depth, .. } = self.nodes[case];
        if std::mem::replace(&mut self.nodes[case].has_ended, true) {
            return;
        }
        let (frac, candidates) = (None, [None; CANDIDATES]);
        let end = End { tree: TREE, id, depth, ending, bound, frac, candidates };
        telling.event(Interest::TREE, work, || What::End(end));
    }
}
