//! Which column to branch on: pseudo-costs, made reliable by strong branching.
//!
//! A pseudo-cost is the mean gain of the relaxation's objective per unit by which branching moved the column. Until a
//! column has enough observations its two children are solved for a few iterations, which also finds columns of which
//! one side is empty. Where gains say nothing (most are zero, as for big-M models with weak relaxations), the recent
//! conflicts of a column and the mean number of bounds that propagation deduces from the branching decide.
//!
//! References: Achterberg, Koch, Martin, *Branching rules revisited*, OR Letters 33 (2005); Achterberg, *Constraint
//! Integer Programming* (2007), sections 5.8 (reliability), 5.10 (inference) and 5.11 (hybrid score); Eén, Sörensson, *An extensible
//! SAT-solver*, SAT 2003 (activities that fade).

use super::learning::Learner;
use super::lessons::Observation;
use crate::bounds::{BoundChange, Domain, Reason, Side};
use crate::relaxation::{Effort, Relaxation, Verdict};
use crate::scatter::scatter;
use crate::tolerances::LEAST_GAIN;
use crate::{Branching, Budget, Error, Options, Parameters, VarId};
use ::budget::observe::CANDIDATES;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Weights of conflicts beyond this are scaled back.
const LARGEST_BUMP: f64 = 1e100;

/// Sums of observations of one column in one direction.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Record {
    gain: f64,
    gains: u32,
    /// Gains above [`Parameters::telling_share`] of the mean.
    telling: u32,
    deductions: f64,
    empty: f64,
    visits: u32,
}

impl Record {
    fn mean_gain(&self) -> Option<f64> {
        (self.gains > 0).then(|| self.gain / f64::from(self.gains))
    }

    fn mean(sum: f64, visits: u32) -> f64 {
        if visits > 0 { sum / f64::from(visits) } else { 0.0 }
    }
}

/// A column whose relaxation value is not whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub var: usize,
    pub value: f64,
    /// Whether the child above is to come first; `None`: the one nearer to the value.
    pub up_first: Option<bool>,
}

impl Candidate {
    pub fn new(var: usize, value: f64) -> Self {
        Self { var, value, up_first: None }
    }

    /// Distances to the whole numbers below and above.
    fn distances(&self) -> (f64, f64) {
        let below = self.value - self.value.floor();
        (below, 1.0 - below)
    }

    /// The changes that make the two children.
    pub fn children(&self) -> [BoundChange; 2] {
        [BoundChange::upper(self.var, self.value.floor()), BoundChange::lower(self.var, self.value.floor() + 1.0)]
    }
}

/// What the choice came to.
pub(crate) enum Choice {
    Branch(Candidate),
    /// A child is empty: the other side holds for the whole node.
    Tighten(BoundChange, Reason),
    /// Both children are empty: the change of the first kind, and why the other child is.
    Empty(BoundChange, [Reason; 2]),
}

/// Result of a probe of one child.
enum Probe {
    Gain(f64),
    /// No point, or none better than the cutoff.
    Empty,
    Nothing,
}

/// What was observed so far.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Observed {
    /// Per column: downwards, upwards.
    records: Vec<[Record; 2]>,
    /// Over all columns.
    total: [Record; 2],
    /// Recent conflicts of each column, in units of `bump`, which grows so that old ones fade.
    activity: Vec<f64>,
    activity_sum: f64,
    bump: f64,
}

#[derive(Clone)]
pub(crate) struct PseudoCosts {
    parameters: Parameters,
    seed: u64,
    observed: Observed,
    /// Simplex iterations of probes; those of searches that share the tree count.
    pub probe_iterations: u64,
    /// Simplex iterations of these other searches.
    pub elsewhere: u64,
    /// What was observed since it was last taken, where others want to know.
    log: Option<Vec<Observation>>,
    /// The best candidates of the last choice with their scores, for observers.
    pub shortlist: [Option<(usize, f64)>; CANDIDATES],
}

impl PseudoCosts {
    pub fn new(columns: usize, options: &Options) -> Self {
        Self {
            parameters: options.parameters,
            seed: options.seed,
            observed: Observed {
                records: vec![Default::default(); columns],
                total: Default::default(),
                activity: vec![0.0; columns],
                activity_sum: 0.0,
                bump: 1.0,
            },
            probe_iterations: 0,
            elsewhere: 0,
            log: None,
            shortlist: [None; CANDIDATES],
        }
    }

    /// What was observed so far.
    pub fn observed(&self) -> &Observed {
        &self.observed
    }

    /// Goes on from what was observed; false if it is of other columns.
    pub fn restore(&mut self, observed: Observed) -> bool {
        let columns = self.observed.records.len();
        let fits = observed.records.len() == columns && observed.activity.len() == columns;
        self.observed = observed;
        fits
    }

    /// From now on what is observed is kept for others.
    pub fn keep_log(&mut self) {
        self.log = Some(Vec::new());
    }

    /// What was observed since the last call.
    pub fn take_log(&mut self) -> Vec<Observation> {
        self.log.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Takes over what another search has observed.
    pub fn observe_all(&mut self, observations: &[Observation]) {
        let log = self.log.take();
        for observation in observations {
            match observation {
                Observation::Gain { change, gain, distance } => self.observe_gain(change, *gain, *distance),
                Observation::Visit { change, deductions, empty } => self.observe_visit(change, *deductions, *empty),
                Observation::Conflict(columns) => self.bump(columns.iter().copied()),
                Observation::Empty(change) => self.observe_empty(change),
            }
        }
        self.log = log;
    }

    fn note(&mut self, observation: impl FnOnce() -> Observation) {
        if let Some(log) = &mut self.log {
            log.push(observation());
        }
    }

    fn record(&mut self, change: &BoundChange, update: impl Fn(&mut Record)) {
        let direction = usize::from(change.side == Side::Lower);
        update(&mut self.observed.records[change.var as usize][direction]);
        update(&mut self.observed.total[direction]);
    }

    /// The relaxation's objective rose by `gain` when the change moved the column by `distance`.
    pub fn observe_gain(&mut self, change: &BoundChange, gain: f64, distance: f64) {
        if distance > LEAST_GAIN && gain.is_finite() {
            self.note(|| Observation::Gain { change: *change, gain, distance });
            let unit = gain.max(0.0) / distance;
            let least = self.parameters.telling_share
                * self.observed.total[usize::from(change.side == Side::Lower)].mean_gain().unwrap_or(0.0);
            self.record(change, |record| {
                record.gain += unit;
                record.gains += 1;
                record.telling += u32::from(unit > least.max(LEAST_GAIN));
            });
        }
    }

    /// Propagation deduced `deductions` bounds from the change, or found that the child is empty.
    pub fn observe_visit(&mut self, change: &BoundChange, deductions: usize, empty: bool) {
        self.note(|| Observation::Visit { change: *change, deductions, empty });
        self.record(change, |record| {
            record.visits += 1;
            record.deductions += deductions as f64;
            record.empty += f64::from(u8::from(empty));
        });
    }

    /// A row was learned from a closed node, or closed one: its columns are where the search decides.
    pub fn observe_conflict(&mut self, terms: &[(VarId, f64)]) {
        self.note(|| Observation::Conflict(terms.iter().map(|(var, _)| *var).collect()));
        self.bump(terms.iter().map(|(var, _)| *var));
    }

    fn bump(&mut self, columns: impl Iterator<Item = VarId>) {
        for var in columns {
            self.observed.activity[var.index()] += self.observed.bump;
            self.observed.activity_sum += self.observed.bump;
        }
        self.observed.bump /= self.parameters.activity_decay;
        if self.observed.bump > LARGEST_BUMP {
            self.observed.activity.iter_mut().for_each(|activity| *activity /= LARGEST_BUMP);
            self.observed.activity_sum /= LARGEST_BUMP;
            self.observed.bump /= LARGEST_BUMP;
        }
    }

    /// The relaxation found that the child made by the change is empty.
    pub fn observe_empty(&mut self, change: &BoundChange) {
        self.note(|| Observation::Empty(*change));
        self.record(change, |record| record.empty += 1.0);
    }

    /// The order of columns that nothing else tells apart: as they stand, or scattered by the seed.
    fn arbitrary(&self, a: usize, b: usize) -> Ordering {
        let place = |var| if self.seed == 0 { 0.0 } else { scatter(self.seed, var) };
        place(a).total_cmp(&place(b)).then(a.cmp(&b))
    }

    fn is_reliable(&self, var: usize) -> bool {
        self.observed.records[var].iter().all(|record| record.gains >= self.parameters.reliable)
    }

    /// Expected gains of the two children.
    pub(super) fn expected_gains(&self, candidate: &Candidate) -> [f64; 2] {
        let (down, up) = candidate.distances();
        let mean = |direction: usize| {
            let own = self.observed.records[candidate.var][direction].mean_gain();
            own.or_else(|| self.observed.total[direction].mean_gain()).unwrap_or(1.0)
        };
        [down * mean(0), up * mean(1)]
    }

    /// The hybrid score, given the gains of the two children.
    fn score(&self, var: usize, gains: [f64; 2]) -> f64 {
        let product = |a: f64, b: f64| a.max(LEAST_GAIN) * b.max(LEAST_GAIN);
        let mean_gain = |k: usize| self.observed.total[k].mean_gain().unwrap_or(1.0);
        let both = |of: fn(&Record) -> f64| {
            let own = product(
                Record::mean(of(&self.observed.records[var][0]), self.observed.records[var][0].visits),
                Record::mean(of(&self.observed.records[var][1]), self.observed.records[var][1].visits),
            );
            let all = product(
                Record::mean(of(&self.observed.total[0]), self.observed.total[0].visits),
                Record::mean(of(&self.observed.total[1]), self.observed.total[1].visits),
            );
            own / (own + all)
        };
        let gain = product(gains[0], gains[1]);
        let (silence, parameters) = (self.silence(), &self.parameters);
        gain / (gain + product(mean_gain(0), mean_gain(1)))
            + (parameters.deduction_weight + parameters.silent_deduction_weight * silence)
                * both(|record| record.deductions)
            + parameters.empty_weight * (1.0 - silence) * both(|record| record.empty)
            + parameters.silent_activity_weight * silence * self.relative_activity(var)
    }

    /// Activity against the mean, in [0, 1].
    fn relative_activity(&self, var: usize) -> f64 {
        let mean = self.observed.activity_sum / self.observed.activity.len() as f64;
        if mean > 0.0 { self.observed.activity[var] / (self.observed.activity[var] + mean) } else { 0.0 }
    }

    /// How little the gains tell: 0 when half of the branchings or more raise the objective, 1 when none does.
    fn silence(&self) -> f64 {
        let (telling, gains) =
            self.observed.total.iter().fold((0, 0), |sum, of| (sum.0 + of.telling, sum.1 + of.gains));
        if gains > 0 { (1.0 - 2.0 * f64::from(telling) / f64::from(gains)).max(0.0) } else { 0.0 }
    }

    /// Chooses among `candidates` (not empty). The relaxation stands at the node's optimum and comes back with the
    /// same basis and the bounds of `domain`.
    ///
    /// # Errors
    /// Those of the relaxation.
    pub fn choose(
        &mut self,
        mut candidates: Vec<Candidate>,
        relaxation: &mut Relaxation<'_>,
        domain: &Domain,
        learner: &mut Learner,
        cutoff: f64,
        budget: &Budget,
    ) -> Result<Choice, Error> {
        let by_gains = match self.parameters.branching {
            Branching::Reliability | Branching::PseudoCost => true,
            Branching::MostFractional => false,
        };
        if !by_gains {
            let depth = |candidate: &Candidate| candidate.distances().0.min(candidate.distances().1);
            let farthest =
                |a: &Candidate, b: &Candidate| depth(b).total_cmp(&depth(a)).then_with(|| self.arbitrary(a.var, b.var));
            candidates.sort_by(farthest);
            self.shorten(candidates.iter().map(|candidate| (candidate.var, depth(candidate))));
            return Ok(Choice::Branch(candidates[0]));
        }
        let estimate = |this: &Self, candidate: &Candidate| this.score(candidate.var, this.expected_gains(candidate));
        let mut scored: Vec<(f64, Candidate)> =
            candidates.drain(..).map(|candidate| (estimate(self, &candidate), candidate)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| self.arbitrary(a.1.var, b.1.var)));
        self.shorten(scored.iter().map(|(score, candidate)| (candidate.var, *score)));

        let objective = relaxation.objective();
        let basis = relaxation.basis();
        let (mut best, mut best_score) = (scored[0].1, f64::NEG_INFINITY);
        let mut without_success = 0;
        let mut decision = None;
        for &(expected, candidate) in &scored {
            if budget.over().is_some() {
                break;
            }
            let score = if self.is_reliable(candidate.var) || !self.may_probe(relaxation) {
                expected
            } else {
                let mut gains = [0.0; 2];
                let mut empty = [false; 2];
                let mut reasons = [Reason::Guess, Reason::Guess];
                for (k, change) in candidate.children().into_iter().enumerate() {
                    let probe = self.probe(&change, relaxation, domain, cutoff, objective, budget)?;
                    if matches!(probe, Probe::Empty) {
                        reasons[k] = learner.learn(relaxation).map_or(Reason::Guess, Reason::Proof);
                    }
                    relaxation.install(domain);
                    relaxation.load_basis(&basis);
                    match probe {
                        Probe::Gain(gain) => {
                            let distance = if k == 0 { candidate.distances().0 } else { candidate.distances().1 };
                            self.observe_gain(&change, gain, distance);
                            gains[k] = gain;
                        }
                        Probe::Empty => empty[k] = true,
                        Probe::Nothing => {}
                    }
                }
                let [down, up] = candidate.children();
                let [below, above] = reasons;
                decision = match empty {
                    [true, true] => Some(Choice::Empty(up, [below, above])),
                    [true, false] => Some(Choice::Tighten(up, below)),
                    [false, true] => Some(Choice::Tighten(down, above)),
                    [false, false] => None,
                };
                if decision.is_some() {
                    break;
                }
                self.score(candidate.var, gains)
            };
            if score > best_score {
                (best, best_score) = (candidate, score);
                without_success = 0;
            } else {
                without_success += 1;
                if without_success >= self.parameters.lookahead {
                    break;
                }
            }
        }
        Ok(decision.unwrap_or(Choice::Branch(best)))
    }

    /// Keeps the first of these, the best first.
    fn shorten(&mut self, mut scored: impl Iterator<Item = (usize, f64)>) {
        self.shortlist = std::array::from_fn(|_| scored.next());
    }

    fn may_probe(&self, relaxation: &Relaxation<'_>) -> bool {
        let others = (self.elsewhere + relaxation.iterations()).saturating_sub(self.probe_iterations) as f64;
        let allowed = self.parameters.free_probe_iterations + (self.parameters.probe_share * others) as u64;
        let probes = match self.parameters.branching {
            Branching::Reliability => true,
            Branching::PseudoCost | Branching::MostFractional => false,
        };
        probes && self.probe_iterations < allowed
    }

    fn probe(
        &mut self,
        change: &BoundChange,
        relaxation: &mut Relaxation<'_>,
        domain: &Domain,
        cutoff: f64,
        objective: f64,
        budget: &Budget,
    ) -> Result<Probe, Error> {
        let var = change.var as usize;
        match change.side {
            Side::Lower => relaxation.set_bounds(var, change.value, domain.upper()[var]),
            Side::Upper => relaxation.set_bounds(var, domain.lower()[var], change.value),
        }
        let before = relaxation.iterations();
        let verdict = relaxation.solve(Effort { iterations: self.parameters.probe_iterations, cutoff }, budget)?;
        self.probe_iterations += relaxation.iterations() - before;
        Ok(match verdict {
            Verdict::Solved => Probe::Gain(relaxation.objective() - objective),
            Verdict::Infeasible | Verdict::Cutoff => Probe::Empty,
            _ => Probe::Nothing,
        })
    }
}
