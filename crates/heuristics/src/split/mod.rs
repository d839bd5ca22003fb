//! Iterative data splitting: train on few parts of the data, split where the loss is, train again.
//!
//! At first all points are one part. Each round an engine trains on the reduced problem that the parts make (see
//! [`Reduction`]), from the best network so far; then the parts with the greatest loss are divided in two by clustering
//! or by a linear classifier. The run ends when the loss is what conflicting labels force, when no split can help, or at
//! a limit; what is left of the time polishes the best network on all points by [`crate::local_search`].
//!
//! Entry point: [`train`]. Invariants: every network that leaves this module has passed [`bdnn::exact::check`] on the
//! full problem; the bound returned is one on the full problem, that of the labels unless the last round's engine has
//! proven a better one on all points. The optimum of a reduced problem is an upper bound and never more.
//!
//! Reference: Kurtz and Bah, arXiv 2110.11382 (2021) (data splitting: parts, k-means, warm starts) and their public code
//! (batches).

mod batch;
mod cluster;
mod keeper;
mod linear;
mod options;
mod parameters;
mod partition;
mod reduced;
mod saved;
mod schedule;
#[cfg(test)]
mod tests;

pub use batch::Batches;
pub use options::{Options, Split};
pub use parameters::Parameters;
pub use reduced::Reduction;

use crate::{Error, local_search};
use batch::Deck;
use bdnn::start;
use bdnn::{
    Budget, Engine, EngineError, Limits, Network, Problem, Progress, Quiet, Request, SearchRow, Statistics, Status,
    Stop, Telling, Training, exact,
};
use budget::checkpoint::Unreadable;
use budget::{Checkpoint, Keeper as _, never};
use cluster::Metric;
use keeper::Keeper;
use partition::Partition;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use saved::{Frame, Round, Stage};
use schedule::Schedule;

/// Data splitting as a [`bdnn::Engine`].
pub struct Splitting<E> {
    /// What trains on the parts.
    pub engine: E,
    /// How.
    pub options: Options,
}

impl<E: Engine> Engine for Splitting<E> {
    fn name(&self) -> &'static str {
        "split"
    }

    fn supports(&self, problem: &Problem) -> Result<(), String> {
        supports(problem).map_err(|error| error.to_string())?;
        self.engine.supports(problem)
    }

    fn train(&self, request: Request<'_>) -> Result<Training, EngineError> {
        Ok(train(request, &self.options, &self.engine)?)
    }
}

/// Whether the reduced problems of [`train`] say anything of a problem.
///
/// # Errors
/// [`Error::ErrorLimits`], [`Error::Restrictions`].
pub fn supports(problem: &Problem) -> Result<(), Error> {
    if !problem.error_limits.is_empty() {
        return Err(Error::ErrorLimits);
    }
    if problem.restrictions.is_none() { Ok(()) } else { Err(Error::Restrictions) }
}

/// Trains by iterative data splitting, from the start if there is one, with `engine` on the reduced problems.
/// A limit on nodes counts the engine's nodes (see [`Options::nodes_by_size`]); under it the result depends on the engine alone for determinism.
///
/// # Errors
/// [`Error::Problem`] if the problem makes no sense or has a partition already, [`Error::Start`] if the start does not
/// satisfy it, [`Error::Engine`] when the engine fails; those of [`supports`].
pub fn train(request: Request<'_>, options: &Options, engine: &dyn Engine) -> Result<Training, Error> {
    let Request { problem, limits, start, progress, .. } = request;
    let budget = Budget::new(limits, progress);
    let stop = || budget.stop();
    problem.check()?;
    supports(problem)?;
    if problem.partition.is_some() {
        let message = "data splitting makes a partition of its own; give a problem without".to_owned();
        return Err(Error::Problem(bdnn::Error::Problem(message)));
    }
    let keeper = Keeper::new(problem, options.validation.as_ref(), progress);
    if let Some(network) = start {
        keeper.take(local_search::Confirmed::new(problem, network.clone())?);
    }
    let resumed = request.checkpoint.resumed::<(Frame, Vec<u8>)>()?;
    let simple = start::networks(problem, &stop).filter(|_| !stop() && resumed.is_none());
    // There is time for the first of them in any case.
    let first = start::constant(problem).into_iter().map(|network| (network, &never as &Stop<'_>));
    for (network, stop) in first.chain(simple.map(|network| (network, &stop as &Stop<'_>))) {
        let began = budget.seconds();
        keeper.offer_within(network, stop);
        budget.keep(KEPT * (budget.seconds() - began));
    }
    let mut run = Run::new(request, options, &budget, &keeper, engine);
    run.telling.start(problem);
    let (stage, mut state) = match resumed {
        Some((frame, state)) => (run.restore(frame)?, Some(state)),
        None => (Stage::Rounds(None), None),
    };
    let mut status = match stage {
        Stage::Rounds(round) => run.rounds(round, state.take())?,
        Stage::Polish(ended) => ended,
    };
    if options.polish && !run.saw_all && matches!(status, Status::Heuristic | Status::TimeLimit | Status::NodeLimit) {
        status = run.polish(status, state)?;
    }
    let (training, mut telling) = run.finish(status);
    telling.finish(&training);
    Ok(training)
}

/// What is kept back of a limit of time, as a multiple of the longest exact forward pass over all points so far: the end is
/// one. Limits hold by it.
const KEPT: f64 = 1.5;

/// A run.
struct Run<'a> {
    problem: &'a Problem,
    options: &'a Options,
    limits: &'a Limits,
    budget: &'a Budget<'a>,
    keeper: &'a Keeper<'a>,
    progress: &'a dyn Progress,
    telling: Telling<'a>,
    engine: &'a dyn Engine,
    random: ChaCha8Rng,
    deck: Deck,
    partition: Partition,
    schedule: Schedule,
    parameters: Parameters,
    /// Proven lower bound on the full problem's objective.
    bound: f64,
    /// The last round's engine saw the full problem.
    saw_all: bool,
    rounds: u64,
    work: Statistics,
    /// Least objective that a reduced problem's network has on the full problem.
    upper: f64,
    checkpoint: Checkpoint<'a>,
}

/// Passes on everything, and offers every network that is found.
struct Offering<'a> {
    progress: &'a dyn Progress,
    keeper: &'a Keeper<'a>,
    bound: f64,
}

impl Progress for Offering<'_> {
    fn should_stop(&self) -> bool {
        self.progress.should_stop()
    }

    fn row(&self, row: &SearchRow) {
        self.progress.row(&SearchRow { bound: row.bound.max(self.bound), ..*row });
    }

    fn incumbent(&self, network: &Network, _objective: f64) {
        self.keeper.offer(network.clone());
    }
}

impl<'a> Run<'a> {
    fn new(
        request: Request<'a>,
        options: &'a Options,
        budget: &'a Budget<'a>,
        keeper: &'a Keeper<'a>,
        engine: &'a dyn Engine,
    ) -> Self {
        let Request { problem, limits, progress, .. } = request;
        let points = problem.points.len();
        let mut random = ChaCha8Rng::seed_from_u64(limits.seed);
        Self {
            deck: Deck::new(points, &mut random),
            random,
            partition: Partition::one(points),
            schedule: Schedule::new(limits, options, points),
            parameters: limits.settings.of(),
            bound: problem.floor() as f64,
            saw_all: false,
            rounds: 0,
            work: Statistics::default(),
            upper: f64::INFINITY,
            problem,
            options,
            limits,
            budget,
            keeper,
            progress,
            telling: Telling::new(progress),
            engine,
            checkpoint: request.checkpoint,
        }
    }

    /// What stands around the states of an engine.
    fn frame(&self, stage: Stage) -> Frame {
        Frame {
            deck: self.deck.clone(),
            random: self.random.clone(),
            partition: self.partition.clone(),
            best: self.keeper.best(),
            bound: self.bound,
            saw_all: self.saw_all,
            upper: self.upper,
            counts: [self.rounds, self.work.conflicts, self.work.lp_iterations],
            spent: self.schedule.so_far(),
            stage,
        }
    }

    /// Goes back to a frame; networks are recounted.
    fn restore(&mut self, frame: Frame) -> Result<Stage, Error> {
        if frame.partition.of_point().len() != self.problem.points.len() {
            return Err(Unreadable::inconsistent().into());
        }
        for known in
            frame.best.iter().flat_map(|best| [Some(&best.trained), best.chosen.as_ref().map(|(_, known)| known)])
        {
            let counted =
                known.map(|known| local_search::Confirmed::new(self.problem, known.network.clone())).transpose()?;
            if counted.as_ref() != known {
                return Err(Error::CheckpointNetwork);
            }
        }
        self.keeper.restore(frame.best);
        (self.deck, self.random, self.partition) = (frame.deck, frame.random, frame.partition);
        (self.bound, self.saw_all, self.upper) = (frame.bound, frame.saw_all, frame.upper);
        [self.rounds, self.work.conflicts, self.work.lp_iterations] = frame.counts;
        self.schedule.go_on(frame.spent);
        self.work.nodes = self.schedule.spent();
        Ok(frame.stage)
    }

    /// Whether the gap asked for is met.
    fn closed(&self) -> bool {
        let met = |best: keeper::Best| {
            best.trained.objective - self.bound <= self.limits.gap * best.trained.objective.max(1.0)
        };
        self.keeper.best().is_some_and(met)
    }

    /// Trains and splits until something ends it, from within a round and a state of its engine if it goes on.
    fn rounds(&mut self, mut round: Option<Round>, mut state: Option<Vec<u8>>) -> Result<Status, Error> {
        loop {
            if self.closed() {
                return Ok(Status::Optimal);
            }
            if let Some(limit) = self.budget.ended().or_else(|| self.schedule.exhausted()) {
                return Ok(limit);
            }
            self.round(round.take(), state.take())?;
            self.report('P');
            if self.closed() {
                return Ok(Status::Optimal);
            }
            if let Some(limit) = self.budget.ended() {
                return Ok(limit);
            }
            if !self.split() {
                return Ok(Status::Heuristic);
            }
        }
    }

    /// The next round before its first batch.
    fn begin(&mut self) -> Round {
        self.rounds += 1;
        let batches = self.deck.deal(self.options.batches, &mut self.random);
        let nodes = self.schedule.round(self.limits, self.partition.len(), batches.len()).nodes;
        Round { batches, nodes, at: 0, start: self.keeper.best().map(|best| best.trained.network), weighted: vec![] }
    }

    /// Trains on the reduced problems of a round, from where it stood if it goes on.
    fn round(&mut self, round: Option<Round>, mut state: Option<Vec<u8>>) -> Result<(), Error> {
        let mut round = round.unwrap_or_else(|| self.begin());
        let limits = self.schedule.round(self.limits, self.partition.len(), round.batches.len());
        let limits = Limits { nodes: round.nodes, ..limits };
        for at in round.at..round.batches.len() {
            if at > 0 && self.budget.stop() {
                break;
            }
            round.at = at;
            let keeper = match self.checkpoint.keeper {
                Some(_) => self.checkpoint.around(&self.frame(Stage::Rounds(Some(round.clone()))))?,
                None => None,
            };
            if let Some(keeper) = keeper.as_ref().filter(|keeper| keeper.is_due() && !self.budget.stop()) {
                // The engine has not begun.
                keeper.keep(vec![]);
            }
            let inner = state.take();
            let checkpoint = Checkpoint::within(keeper.as_ref(), inner.as_deref());
            let Round { batches, start, weighted, .. } = &mut round;
            let batch = &batches[at];
            let reduced = reduced::problem(self.problem, &self.partition, batch, self.options.reduction);
            // Without conditions on activations what satisfies one problem satisfies another.
            let free = reduced.epsilon.is_none() && reduced.robust.is_none() && reduced.partition.is_none();
            let fitting = start.as_ref().filter(|network| free || exact::check(&reduced, network).is_ok());
            let full = batch.len() == self.problem.points.len() && self.partition.is_discrete();
            let request = Request::new(&reduced, &limits).with_start(fitting).with_checkpoint(checkpoint);
            let training = if full {
                let progress = Offering { progress: self.progress, keeper: self.keeper, bound: self.bound };
                self.engine.train(request.with_progress(&progress))
            } else {
                self.engine.train(request.with_progress(&Quiet(&|| self.progress.should_stop())))
            };
            let training = training.map_err(Error::Engine)?;
            self.add_work(&training.statistics, &limits, reduced.points.len());
            self.saw_all = full;
            if full {
                self.bound = self.bound.max(training.bound);
            }
            let Some(network) = training.network else { continue };
            *start = Some(network.clone());
            // Counted on all points before the next is trained: a limit then finds all that came before it.
            if batches.len() > 1 {
                weighted.push((network.clone(), self.accuracy(&network)));
            }
            self.offer(network);
        }
        if let Some(average) = batch::average(self.problem, &round.weighted) {
            self.offer(average);
        }
        Ok(())
    }

    fn offer(&mut self, network: Network) {
        let began = self.budget.seconds();
        let confirmed = local_search::Confirmed::new(self.problem, network);
        self.budget.keep(KEPT * (self.budget.seconds() - began));
        if let Ok(confirmed) = confirmed {
            self.upper = self.upper.min(confirmed.objective);
            self.keeper.take(confirmed);
        }
    }

    /// What a batch's network weighs in an average: its accuracy on the validation rows, or else its share of outputs
    /// that are right on the training rows.
    #[allow(clippy::cast_precision_loss)]
    fn accuracy(&self, network: &Network) -> f64 {
        match &self.options.validation {
            Some(validation) => validation.right(self.problem, network) as f64,
            None => {
                let outputs = (self.problem.points.units() * self.problem.architecture.outputs() as u64) as f64;
                (outputs - exact::loss(self.problem, network) as f64).max(0.0)
            }
        }
    }

    /// Divides the parts where the best network loses most beyond what their points force; without a network, the
    /// largest. False if there is none to divide, or if none is of use.
    fn split(&mut self) -> bool {
        let count = schedule::splits(self.partition.len(), self.options.growth);
        let losses = self.losses();
        let mut order: Vec<usize> =
            (0..self.partition.len()).filter(|&p| self.partition.members(p).len() > 1).collect();
        // Means without loss gain nothing from more of them; parts that share activations hold others back.
        if self.options.reduction == Reduction::Centroids {
            order.retain(|&p| losses[p] > 0);
        }
        order.sort_by_key(|&p| (std::cmp::Reverse((losses[p], self.partition.members(p).len())), p));
        order.truncate(count);
        let stop = || self.budget.stop();
        for &p in &order {
            if stop() {
                break;
            }
            let members = self.partition.members(p);
            let points = &self.problem.points;
            let how = (self.options.restarts, &self.parameters);
            let leaves = match self.options.split {
                Split::KMeans => cluster::divide(points, members, Metric::Means, how, &mut self.random, &stop),
                Split::KMedians => cluster::divide(points, members, Metric::Medians, how, &mut self.random, &stop),
                Split::Linear => linear::divide(points, members, self.parameters.epochs, &stop),
            };
            self.partition.split(p, &leaves);
        }
        !order.is_empty()
    }

    /// What the best network loses in each part, beyond what conflicting labels of its points force.
    fn losses(&self) -> Vec<u64> {
        let mut losses = vec![0; self.partition.len()];
        let Some(best) = self.keeper.best() else { return losses };
        let patterns = exact::patterns(&self.problem.points, &best.trained.network);
        for (i, pattern) in patterns.iter().enumerate() {
            let outputs = pattern.last().expect("a network has a layer");
            losses[self.partition.of_point()[i]] += self.problem.point_loss(i, outputs) - self.problem.point_floor(i);
        }
        losses
    }

    /// Local search on all points with what is left of the limits, from a state if it goes on. `ended` is how the rounds did.
    fn polish(&mut self, ended: Status, state: Option<Vec<u8>>) -> Result<Status, Error> {
        let Some(limits) = self.schedule.rest(self.limits, self.budget.left()) else { return Ok(ended) };
        let start = self.keeper.best().map(|best| best.trained.network);
        let progress = Offering { progress: self.progress, keeper: self.keeper, bound: self.bound };
        let keeper = match self.checkpoint.keeper {
            Some(_) => self.checkpoint.around(&self.frame(Stage::Polish(ended)))?,
            None => None,
        };
        let request = Request::new(self.problem, &limits).with_start(start.as_ref()).with_progress(&progress);
        let request = request.with_checkpoint(Checkpoint::within(keeper.as_ref(), state.as_deref()));
        let training = match &self.options.validation {
            Some(validation) => local_search::choose(request, validation)?,
            None => local_search::train(request)?,
        };
        self.add_work(&training.statistics, &limits, self.problem.points.len());
        if let Some(network) = training.network {
            self.keeper.offer(network);
        }
        Ok(if self.closed() { Status::Optimal } else { training.status })
    }

    /// Counts an engine's work on so many points. Engines have units of their own for limits in nodes, so no more than its limit counts.
    fn add_work(&mut self, statistics: &Statistics, limits: &Limits, points: usize) {
        self.schedule.spend(statistics.nodes.min(limits.nodes), points);
        self.work.nodes = self.schedule.spent();
        self.work.conflicts += statistics.conflicts;
        self.work.lp_iterations += statistics.lp_iterations;
    }

    fn report(&mut self, source: char) {
        let best = self.keeper.best();
        let row = SearchRow {
            source,
            nodes: self.work.nodes,
            open: self.partition.len() as u64,
            depth: u32::try_from(self.rounds).unwrap_or(u32::MAX),
            bound: self.bound,
            incumbent: best.map(|best| best.trained.objective),
            conflicts: self.work.conflicts,
            lp_iterations: self.work.lp_iterations,
            seconds: self.schedule.seconds(),
            ..SearchRow::default()
        };
        self.telling.row(&row);
    }

    #[allow(clippy::cast_precision_loss)]
    fn finish(self, status: Status) -> (Training, Telling<'a>) {
        let mut statistics = self.work;
        statistics.seconds = self.schedule.seconds();
        statistics.more = vec![("splitting rounds", self.rounds as f64), ("parts", self.partition.len() as f64)];
        if self.upper.is_finite() {
            statistics.more.push(("upper bound by reduced problems", self.upper));
        }
        let Some(best) = self.keeper.best() else {
            let none = Training {
                status: if status == Status::Optimal { Status::Unresolved } else { status },
                network: None,
                loss: 0,
                objective: f64::INFINITY,
                bound: self.bound,
                statistics,
            };
            return (none, self.telling);
        };
        let returned = match best.chosen {
            Some((right, chosen)) => {
                statistics.more.push(("right on validation", right as f64));
                statistics.more.push(("least training objective", best.trained.objective));
                chosen
            }
            None => best.trained,
        };
        let bound = self.bound.min(returned.objective);
        let closed = returned.objective - bound <= self.limits.gap * returned.objective.max(1.0);
        let status = match status {
            // The network that validates best need not be the one with the least objective.
            Status::Optimal if !closed => Status::Heuristic,
            _ if closed => Status::Optimal,
            status => status,
        };
        let training = Training {
            status,
            network: Some(returned.network),
            loss: returned.loss,
            objective: returned.objective,
            bound,
            statistics,
        };
        (training.within_gap(), self.telling)
    }
}
