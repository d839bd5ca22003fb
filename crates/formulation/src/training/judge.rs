//! What the solver asks: does this candidate count?

use super::around::{Around, Judged};
use super::confirmed::{Confirmed, has_whole_objective, proven_bound};
use super::polish::{Guide, Polished, Polisher};
use crate::Formulation;
use bdnn::{Budget, Event, Interest, Network, Progress, exact};
use milp::{Control, Judgement, ProgressRow};

/// Judges candidates and keeps the best network that passed the exact check.
pub(super) struct Judge<'a> {
    /// The model, or those of the output's functions.
    formulations: &'a [Formulation],
    /// The one that candidates are points of.
    at: usize,
    polisher: Polisher<'a>,
    progress: &'a dyn Progress,
    best: Option<Confirmed>,
    replaced: u64,
    rejected: u64,
    refuted: u64,
    /// Who keeps what is known, if somebody does.
    around: Option<&'a Around<'a>>,
}

impl<'a> Judge<'a> {
    /// `formulations` are not empty. Activations mean the same in all of them.
    pub(super) fn new(
        formulations: &'a [Formulation],
        budget: &'a Budget<'a>,
        progress: &'a dyn Progress,
        around: Option<&'a Around<'a>>,
    ) -> Self {
        let polisher = Polisher::new(&formulations[0], budget);
        Self { formulations, at: 0, polisher, progress, best: None, replaced: 0, rejected: 0, refuted: 0, around }
    }

    /// Goes on with what was known, in the place of all that is; false if the network is none that counts.
    pub(super) fn restore(&mut self, judged: Judged) -> bool {
        let Judged { best, counts: [replaced, rejected, refuted] } = judged;
        (self.replaced, self.rejected, self.refuted) = (replaced, rejected, refuted);
        self.best = None;
        let Some(network) = best else { return true };
        let problem = self.formulation().problem();
        let fits = network.check().is_ok() && network.widths() == problem.architecture.widths();
        let loss = fits.then(|| exact::check(problem, &network).ok()).flatten();
        loss.map(|loss| self.offer(network, loss)).is_some()
    }

    /// Tells who keeps it what is known.
    pub(super) fn note(&self) {
        if let Some(around) = self.around {
            let best = self.best.as_ref().map(|best| best.network.clone());
            around.note(Judged { best, counts: [self.replaced, self.rejected, self.refuted] });
        }
    }

    pub(super) fn best(&self) -> Option<&Confirmed> {
        self.best.as_ref()
    }

    pub(super) fn into_best(self) -> Option<Confirmed> {
        self.best
    }

    /// How candidates fared, by name.
    pub(super) fn counters(&self) -> [(&'static str, f64); 3] {
        let of = |count: u64| count as f64;
        [("confirmed", of(self.replaced)), ("rejected", of(self.rejected)), ("refuted", of(self.refuted))]
    }

    /// Takes what is good in a network from anywhere: itself if it satisfies the problem, else (or where weights have a price)
    /// the network with its activations, if there is one with the margin. Nothing once the run is over.
    pub(super) fn consider_network(&mut self, network: &Network) {
        let formulation = self.formulation();
        let problem = formulation.problem();
        if network.check().is_err() || network.widths() != problem.architecture.widths() {
            return;
        }
        let budget = self.polisher.budget();
        if budget.stop() {
            return;
        }
        if has_whole_objective(problem) {
            match exact::check_within(problem, network, &|| budget.stop()) {
                Some(Err(_)) => {}
                Some(Ok(loss)) if self.best.as_ref().is_none_or(|best| (loss as f64) < best.objective) => {
                    self.offer(network.clone(), loss);
                    return;
                }
                Some(Ok(_)) | None => return,
            }
        }
        let Some(activations) = formulation.part_activations(network) else { return };
        let guide = Guide::of_network(network, formulation);
        if let Polished::Network(network, loss) = self.polisher.polish(&activations, &guide) {
            self.offer(network, loss);
        }
    }

    /// Takes a network that passes the exact check with this loss, and keeps it if it is the best so far.
    fn offer(&mut self, network: Network, loss: u64) -> Confirmed {
        let confirmed = Confirmed::new(self.formulation(), network, loss);
        if self.best.as_ref().is_none_or(|best| confirmed.objective < best.objective) {
            self.progress.incumbent(&confirmed.network, confirmed.objective);
            self.best = Some(confirmed.clone());
        }
        confirmed
    }

    /// The network that a candidate's weights spell out has activations of its own, which may even be better than
    /// those its binaries claim.
    fn spelled_out(&mut self, network: &Network) {
        let problem = self.formulation().problem();
        let promising = self.best.as_ref().is_none_or(|best| (exact::loss(problem, network) as f64) < best.objective);
        if promising {
            self.consider_network(network);
        }
    }

    /// What to say of a candidate.
    fn verdict(&mut self, candidate: &[f64]) -> Judgement {
        if self.best.as_ref().is_some_and(|best| best.point.as_deref() == Some(candidate)) {
            return Judgement::Accept;
        }
        let formulation = self.formulation();
        let network = formulation.decode(candidate);
        let guide = Guide { network, signs: formulation.signs(candidate) };
        let activations = formulation.activations(candidate);
        let polished = self.polisher.polish(&activations, &guide);
        self.spelled_out(&guide.network);
        let confirmed = match polished {
            Polished::Network(network, loss) => self.offer(network, loss),
            Polished::Undecided => {
                self.rejected += 1;
                return Judgement::Reject;
            }
            Polished::Impossible => {
                self.refuted += 1;
                return Judgement::Infeasible;
            }
        };
        self.replaced += 1;
        let better = self.best.as_ref().filter(|best| best.objective < confirmed.objective);
        let point = better.map_or(confirmed.point, |best| best.point.clone());
        Judgement::Replace(point.unwrap_or_else(|| formulation.point(&confirmed.network, &activations)))
    }

    fn formulation(&self) -> &'a Formulation {
        &self.formulations[self.at]
    }
}

impl Control for Judge<'_> {
    fn should_stop(&self) -> bool {
        self.progress.should_stop()
    }

    fn judge(&mut self, candidate: &[f64]) -> Judgement {
        let judgement = self.verdict(candidate);
        self.note();
        judgement
    }

    fn turn(&mut self, model: usize) {
        self.at = model;
    }

    fn ceiling(&self) -> Option<f64> {
        self.best.as_ref().map(|best| best.objective)
    }

    fn interest(&self) -> Interest {
        self.progress.interest()
    }

    fn columns(&mut self, names: &mut dyn Iterator<Item = &str>) {
        self.progress.columns(names);
    }

    fn event(&mut self, event: &Event) {
        self.progress.event(event);
    }

    /// Bound and best network as they are for the problem.
    fn progress(&mut self, row: &ProgressRow) {
        let problem = self.formulation().problem();
        let bound = proven_bound(problem, row.bound).max(if has_whole_objective(problem) { 0.0 } else { row.bound });
        let incumbent = self.best.as_ref().map(|best| best.objective);
        self.progress.row(&ProgressRow { bound, incumbent, ..*row });
    }
}
