//! What the search leaves in a certificate: why each node is closed. Without a certificate nothing here does anything. What is open
//! in the end is settled in `settle.rs`.

use super::closing::{Evaluation, Ground};
use super::node::Node;
use super::propagation::Conflict;
use super::reserve::{Progress, search_end};
use super::search::Search;
use crate::Rational;
use crate::bounds::Reason;
use crate::number::decimal;
use crate::proof::{Certificate, Closed, Exactly, Wanted};
use crate::tolerances::CERTIFIED_SHORTFALL;

impl Search<'_> {
    pub(super) fn is_certifying(&self) -> bool {
        self.certificate.is_some()
    }

    /// Whether bounds may be deduced from the cutoff. A certificate can cut off points only whose objective is *above* that
    /// of a known one; without a step of the objective those of equal objective remain, and the search must not rest on
    /// their exclusion.
    pub(super) fn deduces_from_cutoff(&self) -> bool {
        self.certificate.as_ref().is_none_or(|certificate| certificate.has_grid())
    }

    /// Closes a node on the given ground; with a certificate only if the proof can be derived exactly.
    pub(super) fn close(&mut self, node: &Node, ground: Ground) -> Evaluation {
        self.note_ground(&ground);
        let wanted = self.wanted(node.bound);
        match self.derive(&ground, &wanted) {
            None => Evaluation::Closed,
            Some(Ok(closed)) => {
                self.put(node, closed);
                Evaluation::Closed
            }
            Some(Err(weak)) => Evaluation::Unproven(weak),
        }
    }

    /// Closes a node that cannot be split with what can be derived for it, be it less than floating point claims.
    pub(super) fn close_weakly(&mut self, node: &Node, weak: Option<Closed>) {
        let weak = weak.or_else(|| match self.derive(&Ground::Pattern, &Wanted::Any)? {
            Ok(closed) => Some(closed),
            Err(weak) => weak,
        });
        if let Some(closed) = weak {
            self.put(node, closed);
        }
    }

    pub(super) fn put(&mut self, node: &Node, closed: Closed) {
        if let Some(certificate) = &mut self.certificate {
            certificate.close(node.place.map(|(place, _)| place), closed);
        }
    }

    /// What a certificate must reach for a node with this bound: that nothing in it is better than the best point by more than the
    /// gap, without any allowance, and nearly the bound itself if that is more. It counts fixed columns.
    pub(super) fn wanted(&self, bound: f64) -> Wanted {
        let Some(least) = self.least_wanted() else { return Wanted::Contradiction };
        let more = self.nearly(bound);
        let wanted = more.map_or(least.clone(), |more| least.max(more));
        Wanted::Bound(match self.certificate.as_deref().and_then(Certificate::best_objective) {
            Some(best) if *best < wanted => best.clone(),
            _ => wanted,
        })
    }

    /// The bound below which nothing may be left if the best point is to be optimal within the gap; `None` without a point.
    pub(super) fn least_wanted(&self) -> Option<Rational> {
        let least = Rational::try_from(self.incumbent.cutoff()).ok()? + &self.report.units().fixed;
        let best = self.certificate.as_deref().and_then(Certificate::best_objective);
        Some(best.map_or(least.clone(), |best| least.min(best.clone())))
    }

    /// A bound of the search less what may get lost where multipliers are rounded to few bits; `None` if it is infinite.
    pub(super) fn nearly(&self, bound: f64) -> Option<Rational> {
        let exact = Rational::try_from(bound).ok()?;
        let size = exact.clone().max(-&exact).max(Rational::ONE);
        let shortfall = size * decimal(CERTIFIED_SHORTFALL);
        // A certificate rounds its bounds up to the step of the objective: within half a step there is but one of them.
        let half = self.certificate.as_deref().and_then(Certificate::step).map(|step| step / Rational::from(2));
        let shortfall = half.map_or(shortfall.clone(), |half| half.min(shortfall));
        Some(exact + &self.report.units().fixed - shortfall)
    }

    /// `None` without a certificate; `Err` holds what falls short of `wanted`, if there is anything.
    pub(super) fn derive(&mut self, ground: &Ground, wanted: &Wanted) -> Option<Result<Closed, Option<Closed>>> {
        let Self { certificate, domain, relaxation, budget, .. } = self;
        let certificate: &mut Certificate = certificate.as_deref_mut()?;
        let found = match ground {
            Ground::Conflict(conflict) => certificate.conflict(domain, &conflict.reason, conflict.change, budget),
            Ground::Proof(Some(proof)) => {
                let contradiction = !proof.with_cost || certificate.has_grid();
                let reason = Reason::Proof(proof.clone());
                let conflict = if contradiction { certificate.conflict(domain, &reason, None, budget) } else { None };
                conflict.or_else(|| certificate.dual_bound(domain, proof, wanted, budget).filter(|_| proof.with_cost))
            }
            Ground::Proof(None) | Ground::Pattern => None,
        };
        let enough = |closed: &Closed| closed.reaches(wanted);
        if let Some(closed) = found.filter(enough) {
            return Some(Ok(closed));
        }
        Some(match certificate.exactly(domain, &relaxation.basis().status, wanted, budget) {
            Exactly::Closed(closed) if enough(&closed) => Ok(closed),
            Exactly::Closed(closed) => Err(Some(closed)),
            Exactly::Unknown => Err(None),
        })
    }

    /// The model contradicts itself by a pair of bounds or sides.
    pub(super) fn certify_crossed(&mut self) {
        if let Some(certificate) = self.certificate.as_deref_mut()
            && let Some(closed) = certificate.crossed()
        {
            certificate.close(None, closed);
        }
    }

    /// Propagation at the root ended in a conflict.
    pub(super) fn certify_root(&mut self, conflict: &Conflict) {
        if let Some(Ok(closed)) = self.derive(&Ground::Conflict(conflict.clone()), &Wanted::Contradiction)
            && let Some(certificate) = self.certificate.as_deref_mut()
        {
            certificate.close(None, closed);
        }
    }

    /// What propagation deduced at the root.
    pub(super) fn certify_base(&mut self) {
        if let Some(certificate) = self.certificate.as_deref_mut() {
            certificate.rebase(&mut self.domain, self.budget);
        }
    }

    /// What the relaxation says at the root.
    pub(super) fn certify_duals(&mut self) {
        let duals = self.is_certifying().then(|| self.relaxation.row_proof());
        if let (Some(certificate), Some(duals)) = (&mut self.certificate, duals) {
            certificate.keep_root(duals);
        }
    }

    /// Seconds that the certificate takes to be written and read, by what it holds so far.
    pub(super) fn seconds_to_write(&self) -> f64 {
        self.certificate.as_ref().map_or(0.0, |certificate| certificate.seconds_to_write())
    }

    /// With a certificate, moves the end of the search to where what is open can still be closed and written.
    pub(super) fn keep_time_to_close(&self) {
        if self.is_certifying() {
            let (nodes, open) = (self.report.statistics.nodes, self.queue.len());
            let seconds = self.began.elapsed().as_secs_f64();
            let progress = Progress { seconds, nodes, open, writing: self.seconds_to_write() };
            self.budget.end_at(search_end(self.report.start(), self.options, progress));
        }
    }
}
