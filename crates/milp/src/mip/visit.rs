//! What is done at a node: its box is entered, its relaxation solved, reduced costs fix columns, and children are made.
//! What comes of it is decided in [`super::search`].

use std::sync::Arc;

use super::branching::{Candidate, Choice};
use super::node::{Node, Origin};
use super::propagation::Conflict;
use super::search::Search;
use crate::Error;
use crate::bounds::{BoundChange, Path, Reason};
use crate::relaxation::{Effort, Verdict};
use crate::tolerances::{LARGEST_SPLIT, LARGEST_WHOLE, REDUCED_COST_FIXING, STEP_ROUNDING};

impl Search<'_> {
    /// Goes to a node that is not a child of the last one.
    pub(super) fn jump_to(&mut self, node: &Node) {
        self.domain.jump(node.path.as_ref());
        if let Some(basis) = &node.basis {
            self.relaxation.load_basis(basis);
        }
    }

    /// Applies the node's branching to the box of its parent, and propagates.
    pub(super) fn enter(&mut self, node: &Node) -> Result<(), Conflict> {
        let mark = self.domain.mark();
        let change = node.origin.map(|origin| origin.change);
        let reason = node.place.map_or(Reason::Guess, |(_, line)| Reason::Line(line));
        let result = change.map_or(Ok(()), |change| self.propagator.assume(&mut self.domain, change, reason));
        let result = result.and_then(|()| self.propagator.propagate(&mut self.domain, self.budget));
        if let Some(change) = change {
            let deductions = (self.domain.mark() - mark).saturating_sub(1);
            self.pseudo_costs.observe_visit(&change, deductions, result.is_err());
        }
        result
    }

    /// A change that holds for the whole node.
    pub(super) fn tighten(&mut self, change: BoundChange, reason: Reason) -> Result<(), Conflict> {
        self.propagator.imply(&mut self.domain, change, reason)?;
        self.propagator.propagate(&mut self.domain, self.budget)
    }

    /// Solves the relaxation of the box at hand.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub fn relax(&mut self) -> Result<Verdict, Error> {
        self.relaxation.install(&self.domain);
        let effort = Effort { cutoff: self.incumbent.relaxation_cutoff(), ..Effort::full() };
        let began = self.clock();
        let verdict = self.relaxation.solve(effort, self.budget);
        self.report.statistics.lp_iterations = self.relaxation.iterations();
        self.tell_relaxation(began);
        verdict
    }

    pub(super) fn choose(&mut self, candidates: Vec<Candidate>, cutoff: f64) -> Result<Choice, Error> {
        let Self { pseudo_costs, relaxation, domain, learner, budget, .. } = self;
        pseudo_costs.choose(candidates, relaxation, domain, learner, cutoff, budget)
    }

    pub(super) fn observe_gain(&mut self, node: &Node) {
        if let Some(origin) = node.origin {
            let gain = self.relaxation.objective() - origin.objective;
            self.pseudo_costs.observe_gain(&origin.change, gain, origin.distance);
        }
    }

    pub(super) fn observe_empty(&mut self, node: &Node) {
        if let Some(origin) = node.origin {
            self.pseudo_costs.observe_empty(&origin.change);
        }
    }

    /// Moving column j away from the bound it rests on costs at least its reduced cost a unit; more than the cutoff
    /// allows is cut away. Then propagates.
    pub(super) fn fix_by_reduced_costs(&mut self) -> Result<(), Conflict> {
        let (bound, cutoff) = (self.relaxation.bound(self.budget), self.incumbent.relaxation_cutoff());
        let room = cutoff - bound + 4.0 * f64::EPSILON * (cutoff.abs() + bound.abs());
        // Rationals' duals have no counterpart in floats.
        if !self.options.parameters.reduced_costs
            || !room.is_finite()
            || !self.deduces_from_cutoff()
            || self.relaxation.exact_optimum().is_some()
        {
            return Ok(());
        }
        let mut reason = Reason::Guess;
        for k in 0..self.relaxation.integers().len() {
            let j = self.relaxation.integers()[k];
            let (lower, upper) = (self.domain.lower()[j], self.domain.upper()[j]);
            if lower == upper || self.relaxation.is_basic(j) {
                continue;
            }
            let cost = self.relaxation.safe_reduced_cost(j);
            if cost.abs() <= REDUCED_COST_FIXING {
                continue;
            }
            let reach = (room / cost.abs() * (1.0 + 4.0 * f64::EPSILON) + STEP_ROUNDING).floor();
            let change =
                if cost > 0.0 { BoundChange::upper(j, lower + reach) } else { BoundChange::lower(j, upper - reach) };
            // Whole numbers beyond this may have been rounded.
            if change.value.abs() < LARGEST_WHOLE {
                if self.is_certifying() && matches!(reason, Reason::Guess) {
                    reason = Reason::Proof(self.relaxation.row_proof());
                }
                self.propagator.imply(&mut self.domain, change, reason.clone())?;
            }
        }
        self.propagator.propagate(&mut self.domain, self.budget)
    }

    /// Whether the last solution satisfies the bounds of the integer columns.
    pub(super) fn solution_in_box(&self) -> bool {
        let x = self.relaxation.solution();
        let slack = self.options.integrality_tolerance;
        self.relaxation
            .integers()
            .iter()
            .all(|&j| self.domain.lower()[j] - slack <= x[j] && x[j] <= self.domain.upper()[j] + slack)
    }

    /// Integer columns whose value in the last solution is not whole.
    pub fn fractional(&self) -> Vec<Candidate> {
        let x = self.relaxation.solution();
        let values = self.relaxation.integers().iter().map(|&var| Candidate::new(var, x[var]));
        values
            .filter(|candidate| (candidate.value - candidate.value.round()).abs() > self.options.integrality_tolerance)
            .collect()
    }

    /// Of the columns to branch on those that matter: where columns of very many values can be whole only if others take other
    /// values, branching on them never comes to an end, and on the others it does.
    pub(super) fn decisive(&self, candidates: Vec<Candidate>) -> Vec<Candidate> {
        let x = self.relaxation.solution();
        let slack = self.options.integrality_tolerance;
        for congruence in self.propagator.congruences().filter(|congruence| congruence.wide) {
            let rest: f64 = congruence.terms.iter().map(|(var, a)| a * x[var.index()]).sum();
            let (lower, upper) = congruence.sides;
            if (upper - rest + slack).floor() >= lower - rest - slack {
                continue;
            }
            let takes_part = |j: usize| congruence.terms.iter().any(|(var, _)| var.index() == j);
            let fractional: Vec<Candidate> = candidates.iter().filter(|at| takes_part(at.var)).copied().collect();
            if !fractional.is_empty() {
                return fractional;
            }
            let width = |j: usize| self.domain.upper()[j] - self.domain.lower()[j];
            let integers = self.relaxation.integers();
            let open = integers.iter().copied().filter(|&j| takes_part(j) && width(j) > 0.0);
            if let Some(var) = open.min_by(|&a, &b| width(a).total_cmp(&width(b)))
                && x[var].abs() < LARGEST_SPLIT
            {
                return vec![Candidate::new(var, self.beside(x[var].round(), var))];
            }
        }
        candidates
    }

    /// A value between a whole one and its neighbour within the bounds of its column.
    pub(super) fn beside(&self, value: f64, var: usize) -> f64 {
        if value < self.domain.upper()[var] { value + 0.5 } else { value - 0.5 }
    }

    /// The children of the node at hand, the one to plunge into first.
    pub(super) fn children(
        &mut self,
        node: &Node,
        mark: usize,
        candidate: &Candidate,
        bound: f64,
        objective: f64,
    ) -> [Node; 2] {
        let path = Path::extend(node.path.as_ref(), self.domain.changes_since(mark).collect());
        let basis = Some(Arc::new(self.relaxation.basis()));
        let places = self
            .certificate
            .as_deref_mut()
            .map(|certificate| certificate.branch(node.place.map(|(place, _)| place), candidate.children()).map(Some));
        let [below, above] = places.unwrap_or([None, None]);
        let mut child = |change: BoundChange, place| {
            self.created += 1;
            let distance = (change.value - candidate.value).abs();
            Node {
                id: self.created,
                depth: node.depth + 1,
                bound,
                path: path.clone(),
                origin: Some(Origin { change, distance, objective }),
                basis: basis.clone(),
                place,
                key: None,
            }
        };
        let [down, up] = candidate.children();
        let up_first = candidate.up_first.unwrap_or(candidate.value - candidate.value.floor() > 0.5);
        let mut children =
            if up_first { [child(up, above), child(down, below)] } else { [child(down, below), child(up, above)] };
        children.iter_mut().for_each(|child| child.key = self.key_by_plugin(child));
        children
    }
}
