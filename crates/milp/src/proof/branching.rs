//! Branchings and what follows once both sides are closed, as lines.

use dashu::rational::RBig;

use super::Certificate;
use super::closing::Closed;
use super::journal::{Form, Rule};
use super::tree::{Place, Split};
use crate::bounds::{BoundChange, Side};
use crate::number::decimal;

impl Certificate {
    /// Splits the node at `place` (`None` is the root) by `x <= b` and `x >= b + 1`; gives the places of the children and
    /// the lines of their branchings.
    pub(crate) fn branch(&mut self, place: Option<Place>, changes: [BoundChange; 2]) -> [(Place, u64); 2] {
        let assumptions = changes.map(|change| {
            let sense = if change.side == Side::Lower { 'G' } else { 'L' };
            self.journal.push(sense, Some(&decimal(change.value)), Form::Column(change.var as usize), Rule::Assume)
        });
        let [down, up] = self.tree.branch(place, assumptions);
        [(down, assumptions[0]), (up, assumptions[1])]
    }

    /// Whether nothing is proven of the root yet.
    pub(crate) fn is_open(&self) -> bool {
        self.tree.root.is_none()
    }

    /// The node at `place` is closed, and with it all above whose other side is closed already.
    pub(crate) fn close(&mut self, mut place: Option<Place>, mut closed: Closed) {
        while let Some(at) = place {
            let Some(Split { parent, assumptions: [down, up], closed: [below, above] }) = self.tree.close(at, closed)
            else {
                return;
            };
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
