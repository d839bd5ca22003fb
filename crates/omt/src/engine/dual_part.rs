//! The dual tree's part of a run: its bound, its networks, and its slices.

use crate::answer::realise;
use crate::dual::{self, Found, Listener, Search};
use crate::encode::Threshold;
use crate::goal::{Claim, Confirmed, Goal};
use crate::theory::{Geometry, Separation, Side};
use bdnn::pool::Labelling;
use bdnn::{Network, Problem, Stop};
use budget::checkpoint::{Unreadable, decode, encode};
use budget::observe::Ending;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The search in the space of weights, beside whatever else a run does.
pub(super) struct DualPart {
    search: Search,
    /// Effort allowed so far. A cone may take more at once; that is missing from the next shares.
    allowed: u64,
    /// The least loss of sides that were found and that nobody could give weights: no bound is above it.
    unrealised: Option<u64>,
    /// Steps that count as one conflict: about as much time.
    steps_per_conflict: u64,
    /// Labellings that are known: many tuples have the same.
    known: BTreeSet<Labelling>,
}

impl DualPart {
    /// For these output functions, if the problem is of the kind; see [`dual::search`].
    pub(super) fn new(
        problem: &Problem,
        geometry: &Geometry,
        functions: &[Threshold],
        labels: bool,
        parameters: &dual::Parameters,
        stop: &Stop<'_>,
    ) -> Option<Self> {
        let plain = problem.partition.is_none() && geometry.closed_under_complement();
        let search =
            dual::search(problem, geometry.points().filter(|_| plain)?, functions.to_vec(), labels, parameters, stop)?;
        Some(Self {
            search,
            allowed: 0,
            unrealised: None,
            steps_per_conflict: parameters.steps_per_conflict,
            known: BTreeSet::new(),
        })
    }

    /// What is written down of it.
    pub(super) fn state(&mut self) -> Result<Vec<u8>, Unreadable> {
        encode(&(self.search.state()?, self.allowed, self.unrealised, &self.known))
    }

    /// Goes back to a state.
    pub(super) fn restore(&mut self, state: &[u8]) -> Result<(), Unreadable> {
        let (search, allowed, unrealised, known): (Vec<u8>, _, _, _) = decode(state)?;
        self.search.restore(&search)?;
        (self.allowed, self.unrealised, self.known) = (allowed, unrealised, known);
        Ok(())
    }

    /// Whether nothing else has to be tried.
    pub(super) fn suffices(&self) -> bool {
        self.search.suffices()
    }

    /// Gives up after so many steps.
    pub(super) fn with_patience(mut self, steps: u64) -> Self {
        self.search.patience = steps;
        self
    }

    /// Whether it has given up.
    pub(super) fn gave_up(&self) -> bool {
        self.search.steps() >= self.search.patience
    }

    /// Whether nothing is left to search.
    pub(super) fn over(&self) -> bool {
        self.search.open() == 0
    }

    /// A labelling is known: it is not told again.
    pub(super) fn exclude(&mut self, labelling: &Labelling) {
        self.known.insert(labelling.clone());
    }

    /// Proven lower bound, where the best network known loses `loss`.
    pub(super) fn bound(&self, loss: Option<u64>) -> u64 {
        [self.search.bound(), self.unrealised, loss].into_iter().flatten().min().unwrap_or(0)
    }

    /// Work in the unit of the limits.
    pub(super) fn conflicts(&self) -> u64 {
        self.search.effort().min(self.allowed).div_ceil(self.steps_per_conflict)
    }

    /// Tuples examined.
    pub(super) fn tuples(&self) -> u64 {
        self.search.work.tuples
    }

    /// Tuples that are open.
    pub(super) fn open(&self) -> u64 {
        self.search.open() as u64
    }

    /// Figures for the statistics.
    pub(super) fn figures(&self) -> [(&'static str, f64); 4] {
        let work = self.search.work;
        [
            ("tuples examined", work.tuples as f64),
            ("tuples closed by cores", work.closed as f64),
            ("tuples left for their many rays", work.left as f64),
            ("nodes of the dual tree", self.search.nodes() as f64),
        ]
    }

    /// Observers hear of the tree from now on.
    pub(super) fn begin(&self, listener: Listener<'_>) {
        self.search.begin(listener);
    }

    /// The run is over, and nothing below `below` is of interest.
    pub(super) fn finish(&self, below: u64, listener: Listener<'_>) {
        self.search.finish(below, listener);
    }

    /// Allows it about as much time as so many conflicts take.
    pub(super) fn allow(&mut self, conflicts: u64) {
        self.allowed = self.allowed.saturating_add(conflicts.saturating_mul(self.steps_per_conflict));
    }

    /// Searches for what is wanted; the networks found, each of interest after those before. None is found once the time is spent.
    pub(super) fn advance(
        &mut self,
        (problem, geometry): (&Problem, &Arc<Geometry>),
        mut goal: Goal,
        pool: Option<&rayon::ThreadPool>,
        listener: Listener<'_>,
        stop: &Stop<'_>,
    ) -> Vec<Confirmed> {
        let end = self.allowed;
        let (mut networks, mut stopped) = (Vec::new(), false);
        while networks.is_empty() && self.search.effort() < end && !self.over() && !self.gave_up() && !stop() {
            let below = goal.below().unwrap_or(u64::MAX);
            let found = self.search.advance(below, end - self.search.effort(), pool, listener, stop);
            for found in found {
                if goal.below().is_some_and(|below| below <= found.loss) {
                    self.search.end(&found, Ending::Integer, listener);
                    continue;
                }
                stopped = stopped || stop();
                if stopped {
                    self.pass_by(&found, Ending::Open, listener);
                    continue;
                }
                let labelling = goal.is_pool().then(|| self.search.labelling(&found));
                if labelling.as_ref().is_some_and(|labelling| !self.known.insert(labelling.clone())) {
                    self.search.end(&found, Ending::Integer, listener);
                    continue;
                }
                let claim = labelling.as_ref().map_or(Claim::Loss(found.loss), Claim::Labelling);
                match self.network((problem, geometry), &found, &claim, stop) {
                    Some((network, loss)) => {
                        goal.found(loss);
                        self.search.end(&found, Ending::Integer, listener);
                        networks.push(Confirmed { network, loss, labelling });
                    }
                    None if stop() => {
                        stopped = true;
                        self.pass_by(&found, Ending::Open, listener);
                    }
                    None => self.pass_by(&found, Ending::Unresolved, listener),
                }
            }
        }
        networks
    }

    /// What was found has no weights: nobody gives any, or there is no time left for it.
    fn pass_by(&mut self, found: &Found, ending: Ending, listener: Listener<'_>) {
        self.search.end(found, ending, listener);
        self.unrealised = self.unrealised.into_iter().chain([found.loss]).min();
    }

    /// Weights for the sides that were found, confirmed.
    fn network(
        &self,
        (problem, geometry): (&Problem, &Arc<Geometry>),
        found: &Found,
        claim: &Claim<'_>,
        stop: &Stop<'_>,
    ) -> Option<(Network, u64)> {
        let side = |fires: bool| if fires { Side::Fires } else { Side::Silent };
        let mut theories: Vec<Separation> = Vec::new();
        for sides in self.search.sides(found) {
            let mut theory = Separation::new(geometry.clone());
            sides.for_each(|(site, fires)| theory.assert(site, side(fires)));
            theories.push(theory);
        }
        realise(problem, Some(self.search.output(found)), &mut theories, claim, stop)
    }
}
