//! The tree of branchings: a node is closed by its own proof, or once both its children are.

use dashu::rational::RBig;

use super::journal::{Form, Rule};
use super::{Certificate, Closed};
use crate::bounds::{BoundChange, Side};
use crate::number::decimal;

/// Where a node hangs: its parent's branching, and on which side of it (0 down, 1 up).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    branching: u32,
    side: u8,
}

/// A branching with an open side.
struct Branching {
    parent: Option<Place>,
    assumptions: [u64; 2],
    closed: [Option<Closed>; 2],
}

/// Branchings with an open side, and the root once it is closed. Memory grows with the open nodes and their ancestors.
#[derive(Default)]
pub(super) struct Tree {
    branchings: Vec<Option<Branching>>,
    free: Vec<u32>,
    pub root: Option<Closed>,
}

impl Certificate {
    /// Splits the node at `place` (`None` is the root) by `x <= b` and `x >= b + 1`; gives the places of the children and
    /// the lines of their branchings.
    pub(crate) fn branch(&mut self, place: Option<Place>, changes: [BoundChange; 2]) -> [(Place, u64); 2] {
        let assumptions = changes.map(|change| {
            let sense = if change.side == Side::Lower { 'G' } else { 'L' };
            self.journal.push(sense, Some(&decimal(change.value)), Form::Column(change.var as usize), Rule::Assume)
        });
        let branching = Branching { parent: place, assumptions, closed: [None, None] };
        let index = match self.tree.free.pop() {
            Some(index) => {
                self.tree.branchings[index as usize] = Some(branching);
                index
            }
            None => {
                self.tree.branchings.push(Some(branching));
                self.tree.branchings.len() as u32 - 1
            }
        };
        [0, 1].map(|side| (Place { branching: index, side }, assumptions[usize::from(side)]))
    }

    /// Whether nothing is proven of the root yet.
    pub(crate) fn is_open(&self) -> bool {
        self.tree.root.is_none()
    }

    /// The node at `place` is closed, and with it all above whose other side is closed already.
    pub(crate) fn close(&mut self, mut place: Option<Place>, mut closed: Closed) {
        while let Some(Place { branching, side }) = place {
            let slot = &mut self.tree.branchings[branching as usize];
            let Some(node) = slot else { return };
            node.closed[usize::from(side)] = Some(closed);
            if node.closed.iter().any(Option::is_none) {
                return;
            }
            let Some(Branching { parent, assumptions: [down, up], closed: [Some(below), Some(above)] }) = slot.take()
            else {
                return;
            };
            self.tree.free.push(branching);
            let rule = [below.line, down, above.line, up];
            closed = self.unsplit(least(&below, &above), rule);
            place = parent;
        }
        self.tree.root = Some(closed);
    }

    /// A line that both sides of a disjunction dominate: a contradiction, or a bound on the objective.
    pub(super) fn unsplit(&mut self, bound: Option<RBig>, rule: [u64; 4]) -> Closed {
        let line = match &bound {
            None => self.journal.push('G', Some(&RBig::ONE), Form::Zero, Rule::Unsplit(rule)),
            Some(bound) => {
                let (sense, right) = self.objective_side(bound);
                self.journal.push(sense, Some(&right), Form::Objective, Rule::Unsplit(rule))
            }
        };
        Closed { line, bound }
    }

    /// `objective >= bound` (minimised) as it is written in the sense of the model.
    pub(super) fn objective_side(&self, bound: &RBig) -> (char, RBig) {
        if self.model.maximise { ('L', -bound) } else { ('G', bound.clone()) }
    }
}

/// The weaker of two bounds; a contradiction is the strongest.
fn least(a: &Closed, b: &Closed) -> Option<RBig> {
    match (&a.bound, &b.bound) {
        (Some(a), Some(b)) => Some(a.min(b).clone()),
        (a, b) => a.as_ref().or(b.as_ref()).cloned(),
    }
}
