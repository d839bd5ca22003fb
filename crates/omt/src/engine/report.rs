//! What is said of a run: rows while it lasts, and its end.

use super::Engine;
use super::dual_part::DualPart;
use crate::case::Case;
use crate::dual::Listener;
use crate::search::Counts;
use bdnn::{SearchRow, Statistics, Status, Training};

impl Engine<'_> {
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn report(&mut self, source: char) {
        let counts = self.counts();
        let (bound, seconds) = (self.bound(), self.seconds());
        self.gaps.note(seconds, bound as f64, self.loss().map(|loss| loss as f64));
        self.telling.row(&SearchRow {
            source,
            nodes: self.nodes(),
            open: self.cases.iter().filter(|case| !case.done).count() as u64
                + self.dual.as_ref().map_or(0, DualPart::open),
            depth: 0,
            bound: bound as f64,
            incumbent: self.loss().map(|loss| loss as f64),
            learned: self.cases.iter().map(|case| case.solver.num_learned() as u64).sum(),
            conflicts: self.conflicts(),
            lp_iterations: counts.pivots,
            seconds,
        });
    }

    /// By the clock of [`budget::Event`].
    pub(super) fn work(&self) -> u64 {
        self.nodes() + self.counts().pivots
    }

    /// Decisions of the cases, and tuples of the dual tree.
    pub(super) fn nodes(&self) -> u64 {
        self.counts().decisions + self.dual.as_ref().map_or(0, DualPart::tuples)
    }

    pub(super) fn counts(&self) -> Counts {
        self.cases.iter().map(Case::counts).fold(Counts::default(), Counts::plus)
    }

    /// Ends what is open in the trees that observers see: where all is proven nothing there is of interest.
    pub(super) fn close_trees(&mut self, status: Status) {
        let below = self.cutoff().unwrap_or(u64::MAX);
        let known = if self.labellings.is_some() { self.rest() } else { self.bound() };
        let is_proven = status == Status::Infeasible || known >= below;
        let work = self.work();
        self.told.finish(&self.cases, is_proven, work, &self.telling);
        if let Some(dual) = &self.dual {
            let listener = Listener { telling: Some(&self.telling), work: work - dual.tuples() };
            dual.finish(if is_proven { 0 } else { below }, listener);
        }
    }

    #[allow(clippy::cast_precision_loss)]
    pub(super) fn finish(self, status: Status) -> Training {
        let (counts, nodes, conflicts) = (self.counts(), self.nodes(), self.conflicts());
        let seconds = self.seconds();
        let proven = self.bound();
        let blocks = self.blocks.as_ref().map_or((0, 0), |blocks| (blocks.count, blocks.bound));
        let dual = self.dual.as_ref().map_or([("tuples examined", 0.0); 4], DualPart::figures);
        let (network, loss) = match self.incumbent {
            Some((network, loss)) => (Some(network), loss),
            None => (None, 0),
        };
        let bound = match status {
            Status::Optimal if self.limits.gap == 0.0 => loss as f64,
            Status::Infeasible => f64::INFINITY,
            _ => proven as f64,
        };
        Training {
            status,
            objective: if network.is_some() { loss as f64 } else { f64::INFINITY },
            network,
            loss,
            bound,
            statistics: Statistics {
                nodes,
                conflicts,
                lp_iterations: counts.pivots,
                seconds,
                primal_dual_integral: self.gaps.until(seconds),
                more: vec![
                    ("cases", self.cases.len() as f64),
                    ("propagations", counts.propagations as f64),
                    ("separability checks", counts.checks as f64),
                    ("implied by separability", counts.implied as f64),
                    ("separability conflicts", counts.theory_conflicts as f64),
                    ("lemmas", counts.lemmas as f64),
                    ("unconfirmed guesses", counts.unconfirmed as f64),
                    ("restarts", counts.restarts as f64),
                    ("look-aheads", counts.look_aheads as f64),
                    ("nodes closed by look-ahead", counts.closed_ahead as f64),
                    ("penalties excluded by look-ahead", counts.excluded_ahead as f64),
                    ("cores", self.cases.iter().map(|c| c.cores.cores).sum::<u64>() as f64),
                    ("errors refuted in blocks", blocks.0 as f64),
                    ("bound by blocks", blocks.1 as f64),
                    ("cells evaluated", self.cases.iter().map(|c| c.evaluations()).sum::<u64>() as f64),
                    dual[0],
                    dual[1],
                    dual[2],
                    dual[3],
                ],
            },
        }
        .within_gap()
    }
}
