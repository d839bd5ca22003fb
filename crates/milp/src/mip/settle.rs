//! The end of a certified run: what is open is bounded once more, and what the certificate then proves is what is claimed.
//!
//! Entry point: [`Search::certify_rest`]. Nodes get bounds of their own while there is time (`reserve.rs`); where some
//! are left, the bound of the root is all that is claimed, and the lines of the tree are dropped. Where
//! the search calls its best point optimal and the bound of a node falls short of it, the node is split and its children are
//! closed in turn, as many as [`CLOSING_SPLITS`] allows.

use super::closing::{Evaluation, Ground};
use super::node::Node;
use super::reserve::closing_end;
use super::search::Search;
use crate::number::float_below;
use crate::proof::{Closed, Wanted};
use crate::relaxation::{Effort, Verdict};
use crate::tolerances::CLOSING_SPLITS;
use crate::{Error, Status};

/// The closing of what is open at the end of a run.
struct Closing {
    /// Relaxations end here.
    cutoff: f64,
    wanted: Wanted,
    /// Nodes that may be split.
    splits: u64,
}

impl Search<'_> {
    /// At the end of a run: a bound for each node that is still open, its own as long as there is time, then that of the
    /// root. Gives the status that the certificate leaves: what is called optimal or infeasible is what it proves.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub(super) fn certify_rest(&mut self, status: Status) -> Result<Status, Error> {
        if !self.is_certifying() || status == Status::Unbounded {
            return Ok(status);
        }
        let open = self.queue.bound();
        if open < self.incumbent.cutoff() {
            self.kept_bound = self.kept_bound.min(open);
        }
        self.budget.renew(closing_end(status, self.report.start(), self.options, self.seconds_to_write()));
        let cutoff = self.bound();
        let mut closing = match status {
            Status::Optimal => {
                Closing { cutoff, wanted: self.wanted(cutoff), splits: self.report.statistics.nodes + CLOSING_SPLITS }
            }
            _ => Closing { cutoff, wanted: self.nearly(cutoff).map_or(Wanted::Any, Wanted::Bound), splits: 0 },
        };
        let mut closed = 0;
        while let Some(node) = self.queue.pop() {
            let over = self.budget.ask().is_some();
            if over || closed >= self.options.closing_limit || !self.certify_open(node.clone(), &mut closing)? {
                self.queue.push(node);
                break;
            }
            closed += 1;
        }
        // Also if the run ended before there was a node, or no bound could be derived for one.
        let Self { certificate, domain, .. } = self;
        if let Some(certificate) = certificate.as_deref_mut()
            && certificate.is_open()
            && let Some(closed) = certificate.root_bound(domain, &closing.wanted)
        {
            // One open node with this bound, and the tree proves no more than the bound does alone.
            self.queue.clear();
            certificate.close(None, closed);
        }
        Ok(self.confirmed(status))
    }

    /// What the certificate leaves of a status and its bound.
    fn confirmed(&mut self, status: Status) -> Status {
        let is_claim = matches!(status, Status::Optimal | Status::Infeasible);
        let Some(certificate) = self.certificate.as_deref().filter(|_| is_claim) else { return status };
        let bound = match certificate.root() {
            Some(Closed { bound: None, .. }) => return status,
            Some(Closed { bound: Some(bound), .. }) => Some(bound),
            None => None,
        };
        if bound.is_some_and(|bound| certificate.best_objective().is_some_and(|best| best <= bound)) {
            return status;
        }
        let holds = bound.zip(self.least_wanted()).is_some_and(|(bound, least)| least <= *bound);
        let bound = bound.map_or(f64::NEG_INFINITY, |bound| float_below(&(bound - &self.report.units().fixed)));
        // What the certificate proves, which is on the grid already if the objective has one, to the last float below it.
        (self.kept_bound, self.least) = (self.kept_bound.min(bound), self.least.min(bound));
        if holds { status } else { self.budget.over().unwrap_or(Status::Unresolved) }
    }

    /// Bounds an open node, or splits it where that falls short of what is wanted; false if there was no time for it.
    fn certify_open(&mut self, mut node: Node, closing: &mut Closing) -> Result<bool, Error> {
        self.jump_to(&node);
        let mut mark = self.domain.mark();
        let ground = match self.enter(&node) {
            Err(conflict) => Ground::Conflict(conflict),
            Ok(()) => {
                self.relaxation.install(&self.domain);
                let effort = Effort { cutoff: closing.cutoff, ..Effort::full() };
                let verdict = self.relaxation.solve(effort, self.budget)?;
                match verdict {
                    Verdict::Solved | Verdict::Cutoff | Verdict::Infeasible => {
                        Ground::Proof(Some(self.relaxation.row_proof()))
                    }
                    Verdict::Stopped(_) => return Ok(false),
                    _ => Ground::Pattern,
                }
            }
        };
        match self.derive(&ground, &closing.wanted) {
            Some(Ok(closed)) => self.put(&node, closed),
            Some(Err(weak)) if closing.splits == 0 => self.close_weakly(&node, weak),
            Some(Err(_)) if self.budget.over().is_some() => return Ok(false),
            Some(Err(_)) => {
                closing.splits -= 1;
                if let Evaluation::Branch { candidate, bound, objective } = self.reopen(&mut node, &mut mark) {
                    let children = self.children(&node, mark, &candidate, bound, objective);
                    children.into_iter().for_each(|child| self.queue.push(child));
                }
            }
            None => {}
        }
        Ok(true)
    }
}
