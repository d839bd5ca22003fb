//! Nodes that floats do not decide: what rationals say of them.
//!
//! Entry points: [`Search::exactly_bounded`] (a bound too near to the best point), [`Search::leaf_exactly`] (whole values that make
//! no point), [`Search::give_up`] (nothing left to branch on in floats). Every relaxation is solved in rationals within the work
//! allowed to them, and points and bounds are compared exactly. Whole numbers beyond those that floats hold are branched on
//! in [`Search::search_exactly`] alone, depth first, and only for so many relaxations.

use ::budget::observe::Ending;
use dashu::integer::IBig;

use super::branching::Candidate;
use super::closing::{Evaluation, Ground};
use super::node::Node;
use super::search::Search;
use crate::Rational;
use crate::bounds::Side;
use crate::exact_lp::ExactEnd;
use crate::number::{approximately, float_below};
use crate::relaxation::{ExactChange, Verdict};
use crate::tolerances::LARGEST_SPLIT;

/// Relaxations of one such search: it is for boxes that a few of them decide, and what it leaves is searched on as any other node.
const MOST_RELAXATIONS: usize = 100;

impl Search<'_> {
    /// What the optimum of the relaxation in rationals adds to the bound of its node, and whether nothing in it is better than the
    /// best point. Where it is whole on integer columns it may be that itself.
    pub(super) fn exactly_bounded(&mut self, node: &Node, bound: f64) -> (f64, bool) {
        let Some((point, objective)) = self.relaxation.exact_optimum() else { return (bound, false) };
        let bound = bound.max(self.incumbent.round_up(float_below(objective)));
        let objective = objective.clone();
        if !self.incumbent.is_met_by(&objective) && self.relaxation.integers().iter().all(|&j| point[j].is_int()) {
            let point = point.to_vec();
            self.offer_exact(point, node.depth);
        }
        (bound, self.incumbent.is_met_by(&objective))
    }

    /// An integer column that is not whole in the optimum that rationals found, to be branched on.
    fn exactly_fractional(&self) -> Option<Candidate> {
        let (point, _) = self.relaxation.exact_optimum()?;
        let integers = self.relaxation.integers().iter().copied();
        let below = integers.filter(|&j| !point[j].is_int()).map(|j| (j, approximately(&point[j].floor().into())));
        let (var, below) = below.into_iter().find(|(_, below)| below.abs() < LARGEST_SPLIT)?;
        Some(Candidate::new(var, below + 0.5))
    }

    /// A leaf whose values are whole as floats see them, and yet no point: rationals may close it, or tell which column is not whole.
    pub(super) fn leaf_exactly(&mut self, node: &Node, bound: f64) -> Option<Evaluation> {
        match self.relaxation.solve_exactly(self.budget) {
            Verdict::Infeasible => {
                let proof = Some(self.relaxation.row_proof());
                return Some(self.close(node, Ground::Proof(proof)));
            }
            Verdict::Solved => {}
            _ => return None,
        }
        let (bound, is_met) = self.exactly_bounded(node, bound);
        if is_met || bound >= self.incumbent.cutoff() {
            let proof = Some(self.relaxation.row_proof());
            return Some(self.close(node, Ground::Proof(proof)));
        }
        let objective = self.relaxation.objective();
        self.exactly_fractional().map(|candidate| Evaluation::Branch { candidate, bound, objective })
    }

    /// Closes a node that floats can neither decide nor split: in rationals, or without proof, and its bound is kept.
    pub(super) fn give_up(&mut self, node: &Node, bound: f64, unresolved: bool) -> Evaluation {
        let mut bound = bound;
        match self.relaxation.solve_exactly(self.budget) {
            Verdict::Infeasible if !self.is_certifying() => {
                self.listener.note(Ending::Infeasible);
                return Evaluation::Closed;
            }
            Verdict::Solved => {
                let is_met;
                (bound, is_met) = self.exactly_bounded(node, bound);
                let is_met = is_met || bound >= self.incumbent.cutoff();
                if !self.is_certifying() && (is_met || self.search_exactly(node.depth)) {
                    return Evaluation::Closed;
                }
            }
            _ => {}
        }
        if self.is_certifying() {
            // Exact arithmetic may know better.
            match self.close(node, Ground::Pattern) {
                Evaluation::Unproven(weak) => self.close_weakly(node, weak),
                other => return other,
            }
        }
        if unresolved {
            self.listener.note(Ending::Unresolved);
        }
        self.kept_bound = self.kept_bound.min(bound);
        self.report.statistics.unresolved += u64::from(unresolved);
        Evaluation::Closed
    }

    /// Searches the box at hand; true if it holds no point better than the best one afterwards. Points that are found count.
    fn search_exactly(&mut self, depth: u32) -> bool {
        let mut open: Vec<Vec<ExactChange>> = vec![Vec::new()];
        for _ in 0..MOST_RELAXATIONS {
            let Some(changes) = open.pop() else { return true };
            let point = match self.relaxation.solve_within(&changes, self.budget) {
                ExactEnd::Infeasible { .. } => continue,
                ExactEnd::Optimal { point, .. } => point,
                ExactEnd::Unbounded { .. } | ExactEnd::Unfinished => return false,
            };
            let Some(objective) = self.relaxation.exact_objective(&point) else { return false };
            if self.incumbent.is_met_by(&objective) {
                continue;
            }
            let Some(column) = self.relaxation.integers().iter().copied().find(|&j| !point[j].is_int()) else {
                self.offer_exact(point, depth);
                if !self.incumbent.is_met_by(&objective) {
                    return false;
                }
                continue;
            };
            let below = point[column].floor();
            let child = |side, value: IBig| {
                let mut changes = changes.clone();
                changes.push(ExactChange { column, side, value: Rational::from(value) });
                changes
            };
            open.push(child(Side::Lower, &below + IBig::ONE));
            open.push(child(Side::Upper, below));
        }
        open.is_empty()
    }

    /// Offers a point that satisfies the model exactly.
    fn offer_exact(&mut self, point: Vec<Rational>, depth: u32) {
        let before = self.incumbent.objective();
        let Self { incumbent, budget, hooks, model, certificate, .. } = self;
        incumbent.offer_exact(point, (budget, hooks), model, certificate.as_deref_mut());
        if self.incumbent.objective() != before {
            self.news_of_incumbent('T', depth);
        }
    }
}
