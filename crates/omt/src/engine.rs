//! The run: cases, rounds, incumbents and the global bound.

use crate::answer::{Realised, realise, realise_solution};
use crate::cells::{Cells, Outcome, Search};
use crate::encode::{self, Encoding, Sites};
use crate::error::{Error, Reason};
use crate::linear;
use crate::search::{Budget, Counts, NoProof, Solver, Verdict};
use crate::theory::{Geometry, Lemma, Separation};
use bdnn::{Limits, Network, Problem, Progress, SearchRow, Statistics, Status, Training, WeightDomain};
use rayon::prelude::*;
use std::sync::Arc;
use std::time::Instant;

/// Conflicts a case may spend in its first round; each round allows half as many more.
const FIRST_ROUND: u64 = 500;

/// Evaluations of the search over cells that go with one conflict: about as much time.
const EVALUATIONS_PER_CONFLICT: u64 = 1000;

/// Whether the engine takes this problem, and if not, why.
///
/// # Errors
/// What stands in the way.
pub fn supports(problem: &Problem) -> Result<(), Reason> {
    if let WeightDomain::Integer(bound) = problem.architecture.weights {
        return Err(Reason::IntegerWeights { bound });
    }
    if problem.l0 != 0.0 || problem.l1 != 0.0 {
        return Err(Reason::Regularised { l0: problem.l0, l1: problem.l1 });
    }
    for (k, &width) in problem.architecture.hidden.iter().enumerate() {
        if width > encode::MAX_TABLE {
            return Err(Reason::TooWide { layer: k + 1, width, most: encode::MAX_TABLE });
        }
    }
    Ok(())
}

/// One formula with its solver and what is known about it.
struct Case {
    encoding: Encoding,
    solver: Solver,
    /// The same question by branch and bound over cells, where the data allows it.
    cells: Option<Search>,
    /// No solution of this case costs less.
    bound: u64,
    /// Searched to its end (for the bound it was given).
    done: bool,
    unresolved: bool,
    found: Vec<(Network, u64)>,
    fresh: Vec<(usize, Lemma)>,
}

/// The run of [`crate::train`].
struct Engine<'a> {
    problem: &'a Problem,
    limits: &'a Limits,
    progress: &'a dyn Progress,
    started: Instant,
    incumbent: Option<(Network, u64)>,
    floor: u64,
    cases: Vec<Case>,
    history: Vec<(f64, u64, u64)>,
}

/// Trains to proven optimality: see the crate's documentation. Networks whose outputs are independent neurons are
/// handed to [`linear::train`].
///
/// # Errors
/// [`Error::Problem`] if the problem is not sound, [`Error::Unsupported`] if it is not this engine's (see [`supports`]),
/// [`Error::Start`] if the start network does not satisfy the problem.
pub fn train(
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    progress: &dyn Progress,
) -> Result<Training, Error> {
    problem.check()?;
    supports(problem)?;
    if linear::supports(problem).is_ok() {
        return Ok(linear::train(problem, limits, start, progress)?);
    }
    let mut engine = Engine::new(problem, limits, progress);
    if let Some(network) = start {
        let loss = bdnn::exact::check(problem, network)?;
        engine.offer(network.clone(), loss);
    }
    engine.run()
}

impl<'a> Engine<'a> {
    fn new(problem: &'a Problem, limits: &'a Limits, progress: &'a dyn Progress) -> Self {
        let started = Instant::now();
        let sites = Sites::new(problem);
        let geometry = Arc::new(Geometry::first_layer(problem));
        let encodings: Vec<Encoding> = match encode::cases(problem, &geometry) {
            Some(functions) => functions.into_iter().map(|f| encode::shallow(&sites, &geometry, f)).collect(),
            None => vec![encode::layered(problem, &sites, &geometry)],
        };
        let cells = Cells::new(&sites, &geometry).map(Arc::new);
        let cases = encodings
            .into_iter()
            .map(|encoding| Case {
                solver: Solver::new(&encoding.formula, Box::new(NoProof)),
                cells: encoding.output.clone().and_then(|output| Search::new(cells.clone()?, output)),
                bound: encoding.formula.offset,
                encoding,
                done: false,
                unresolved: false,
                found: Vec::new(),
                fresh: Vec::new(),
            })
            .collect();
        Self { problem, limits, progress, started, incumbent: None, floor: problem.floor(), cases, history: Vec::new() }
    }

    fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Takes a confirmed network if it is better.
    fn offer(&mut self, network: Network, loss: u64) -> bool {
        if self.incumbent.as_ref().is_some_and(|(_, best)| *best <= loss) {
            return false;
        }
        #[allow(clippy::cast_precision_loss)]
        self.progress.incumbent(&network, loss as f64);
        self.incumbent = Some((network, loss));
        true
    }

    fn loss(&self) -> Option<u64> {
        self.incumbent.as_ref().map(|(_, loss)| *loss)
    }

    /// Proven lower bound: the least over cases, but never above the incumbent.
    fn bound(&self) -> u64 {
        let bound = self.cases.iter().map(|case| case.bound).min().unwrap_or(0).max(self.floor);
        self.loss().map_or(bound, |loss| bound.min(loss))
    }

    fn conflicts(&self) -> u64 {
        self.cases.iter().map(|case| case.solver.counts().conflicts).sum()
    }

    /// Whether the gap asked for is met.
    fn closed(&self) -> bool {
        #[allow(clippy::cast_precision_loss)]
        self.loss().is_some_and(|loss| {
            let gap = (loss - self.bound()) as f64;
            gap <= self.limits.gap * (loss as f64).max(1.0)
        })
    }

    fn run(mut self) -> Result<Training, Error> {
        let mut slice = FIRST_ROUND;
        let status = loop {
            self.report('R');
            if self.closed() {
                break Status::Optimal;
            }
            if self.cases.iter().all(|case| case.done) {
                let unresolved = self.cases.iter().any(|case| case.unresolved);
                break if unresolved {
                    Status::Unresolved
                } else if self.incumbent.is_none() {
                    Status::Infeasible
                } else {
                    Status::Optimal
                };
            }
            if self.progress.should_stop() {
                break Status::Interrupted;
            }
            if self.seconds() >= self.limits.time {
                break Status::TimeLimit;
            }
            let spent = self.conflicts();
            if spent >= self.limits.nodes {
                break Status::NodeLimit;
            }
            let open = self.cases.iter().filter(|case| !case.done).count() as u64;
            self.round(slice.min((self.limits.nodes - spent).div_ceil(open)));
            slice += slice / 2;
        };
        Ok(self.finish(status))
    }

    /// Lets every open case search for `slice` conflicts, then shares what was found in the order of the cases.
    fn round(&mut self, slice: u64) {
        let (problem, loss, progress) = (self.problem, self.loss(), self.progress);
        let (started, time) = (self.started, self.limits.time);
        let stop = || progress.should_stop() || started.elapsed().as_secs_f64() >= time;
        let budget = Budget { conflicts: slice, stop: &stop };
        let work = |case: &mut Case| case.advance(problem, loss, &budget);
        if self.limits.threads == 1 {
            self.cases.iter_mut().filter(|case| !case.done).for_each(work);
        } else {
            self.cases.par_iter_mut().filter(|case| !case.done).for_each(work);
        }
        let mut found = Vec::new();
        for case in &mut self.cases {
            found.append(&mut case.found);
        }
        for (network, loss) in found {
            if self.offer(network, loss) {
                self.report('S');
            }
        }
    }

    #[allow(clippy::cast_precision_loss)]
    fn report(&mut self, source: char) {
        let counts = self.counts();
        let (bound, seconds) = (self.bound(), self.seconds());
        self.history.push((seconds, bound, self.loss().unwrap_or(u64::MAX)));
        self.progress.row(&SearchRow {
            source,
            nodes: counts.decisions,
            open: self.cases.iter().filter(|case| !case.done).count() as u64,
            depth: 0,
            bound: bound as f64,
            incumbent: self.loss().map(|loss| loss as f64),
            cuts: self.cases.iter().map(|case| case.solver.num_learned() as u64).sum(),
            conflicts: counts.conflicts,
            lp_iterations: counts.pivots,
            seconds,
        });
    }

    fn counts(&self) -> Counts {
        self.cases.iter().map(|case| case.solver.counts()).fold(Counts::default(), Counts::plus)
    }

    #[allow(clippy::cast_precision_loss)]
    fn finish(self, status: Status) -> Training {
        let counts = self.counts();
        let seconds = self.seconds();
        let proven = self.bound();
        let (network, loss) = match self.incumbent {
            Some((network, loss)) => (Some(network), loss),
            None => (None, 0),
        };
        let mut integral = 0.0;
        for (k, &(at, bound, loss)) in self.history.iter().enumerate() {
            let until = self.history.get(k + 1).map_or(seconds, |next| next.0);
            let gap = if loss == u64::MAX { 1.0 } else { (loss - bound) as f64 / (loss as f64).max(1.0) };
            integral += gap * (until - at);
        }
        Training {
            status,
            network,
            loss,
            objective: loss as f64,
            bound: if status == Status::Optimal && self.limits.gap == 0.0 { loss as f64 } else { proven as f64 },
            statistics: Statistics {
                nodes: counts.decisions,
                conflicts: counts.conflicts,
                lp_iterations: counts.pivots,
                seconds,
                primal_dual_integral: integral,
                more: vec![
                    ("cases", self.cases.len() as f64),
                    ("propagations", counts.propagations as f64),
                    ("separability checks", counts.checks as f64),
                    ("implied by separability", counts.implied as f64),
                    ("separability conflicts", counts.theory_conflicts as f64),
                    ("lemmas", counts.lemmas as f64),
                    ("unconfirmed guesses", counts.unconfirmed as f64),
                    ("restarts", counts.restarts as f64),
                    ("cells evaluated", self.cases.iter().map(|c| c.evaluations()).sum::<u64>() as f64),
                ],
            },
        }
    }
}

impl Case {
    fn evaluations(&self) -> u64 {
        self.cells.as_ref().map_or(0, |cells| cells.evaluations)
    }

    /// Searches below `loss` (or for anything) until the budget is spent or the case is closed.
    fn advance(&mut self, problem: &Problem, mut loss: Option<u64>, budget: &Budget<'_>) {
        let end = self.solver.counts().conflicts + budget.conflicts;
        if self.cells.is_some() {
            self.advance_cells(problem, &mut loss, budget);
            if self.done {
                return;
            }
        }
        loop {
            let offset = self.encoding.formula.offset;
            if let Some(loss) = loss {
                if loss <= offset {
                    self.done = true;
                    return;
                }
                self.solver.set_bound(Some(loss - 1 - offset));
            }
            let conflicts = end.saturating_sub(self.solver.counts().conflicts);
            if conflicts == 0 {
                break;
            }
            match self.solver.search(&[], &Budget { conflicts, stop: budget.stop }) {
                Verdict::Satisfied => match realise_solution(problem, &self.encoding, &mut self.solver) {
                    Realised::Network(network, reached) => {
                        loss = Some(reached);
                        self.found.push((network, reached));
                    }
                    Realised::Refuted(lemmas) => {
                        lemmas.iter().for_each(|(layer, lemma)| self.solver.import_lemma(*layer, lemma));
                    }
                    Realised::Unrealised => {
                        self.bound = self.bound.max(self.encoding.formula.offset);
                        self.unresolved = true;
                        self.done = true;
                        return;
                    }
                },
                Verdict::Refuted => {
                    self.bound = loss.unwrap_or(u64::MAX);
                    self.done = true;
                    break;
                }
                Verdict::Core(_) | Verdict::Budget | Verdict::Stopped => break,
            }
        }
        self.fresh.append(&mut self.solver.take_lemmas());
    }

    /// The round of the search over cells.
    fn advance_cells(&mut self, problem: &Problem, loss: &mut Option<u64>, budget: &Budget<'_>) {
        let offset = self.encoding.formula.offset;
        let Some(mut search) = self.cells.take() else { return };
        let end = search.evaluations.saturating_add(budget.conflicts.saturating_mul(EVALUATIONS_PER_CONFLICT));
        loop {
            let below = loss.map_or(u64::MAX, |loss| loss.saturating_sub(offset));
            match search.advance(below, end.saturating_sub(search.evaluations), budget.stop) {
                Outcome::Found(cost, sides) => {
                    let geometry = &self.encoding.formula.layers[0];
                    let mut theories: Vec<Separation> = sides
                        .iter()
                        .map(|side| {
                            let mut theory = Separation::new(geometry.clone());
                            side.iter().for_each(|&(site, side)| theory.assert(site, side));
                            theory
                        })
                        .collect();
                    let output = self.encoding.output.as_ref();
                    let Some((network, reached)) = realise(problem, output, &mut theories, offset + cost) else {
                        // A listed pattern that is none: the clauses have to finish this case.
                        return;
                    };
                    *loss = Some(reached);
                    self.found.push((network, reached));
                }
                Outcome::Exhausted => {
                    self.bound = loss.unwrap_or(u64::MAX);
                    self.done = true;
                    break;
                }
                Outcome::Budget => {
                    let open = search.bound().map_or(u64::MAX, |bound| bound + offset);
                    self.bound = self.bound.max(open.min(loss.unwrap_or(u64::MAX)));
                    break;
                }
            }
        }
        self.cells = Some(search);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Loss, Points, Scaler, Silent};
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Clauses alone and cells alone prove the same optimum.
        #[test]
        fn two_engines_agree(
            n in 2_usize..4,
            d in 1_usize..4,
            raw in prop::collection::vec(-20_i32..21, 42),
            labels in prop::collection::vec(0_usize..2, 10..15),
        ) {
            let rows: Vec<f64> = raw[..n * labels.len()].iter().map(|&v| f64::from(v)).collect();
            let points = Points::merge(n, 2, &rows, &labels, Scaler::identity(n));
            let architecture = Architecture {
                inputs: n,
                hidden: vec![d],
                classes: 2,
                bias: true,
                weights: WeightDomain::Continuous,
            };
            let problem = Problem::new(points, architecture, Loss::ZeroOne);
            let limits = Limits { threads: 1, ..Limits::default() };
            let both = train(&problem, &limits, None, &Silent).expect("sound");
            let mut clauses = Engine::new(&problem, &limits, &Silent);
            clauses.cases.iter_mut().for_each(|case| case.cells = None);
            let clauses = clauses.run().expect("sound");
            prop_assert_eq!(clauses.status, Status::Optimal);
            prop_assert_eq!((both.status, both.loss), (Status::Optimal, clauses.loss));
        }
    }
}
