//! The run: rounds of walks, the best network, the pool, and when it ends.

mod intake;
mod saved;

use super::Confirmed;
use super::arena::Arena;
use super::labels::Rank;
use super::parameters::Parameters;
use super::pool::Pool;
use super::slabs;
use super::walk::{Start, Walk};
use crate::{Error, Validation};
use bdnn::{
    Budget, Limits, Network, Problem, Progress, Request, SearchRow, Statistics, Status, Stop, Telling, Training,
    WeightDomain,
};
use budget::{Checkpoint, GapIntegral};
use rayon::prelude::*;

/// Walks at a time, at least, if so many are asked for: with one alone none could begin elsewhere.
const LEAST_WALKS: usize = 2;
/// Numbers that all walks together may hold: beyond, there are fewer of them, for the sake of memory.
const NUMBERS: usize = 1 << 24;
/// Bytes that a walk takes for each weight: its network and the best one, what it learns by, and planes on their way between.
const BYTES_OF_A_WALK: usize = 48;

/// The end of a run, with all that was found on the way.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The best network and what is known about it.
    pub training: Training,
    /// Good networks that differ in their answers, the best first.
    pub pool: Vec<Confirmed>,
    /// The network that does best on the validation rows and how many of them it predicts rightly, if there are any.
    validated: Option<(usize, Confirmed)>,
}

impl Outcome {
    /// What the run is about if the validation rows choose the network.
    pub(super) fn chosen(self) -> Training {
        let Some((right, chosen)) = self.validated else { return self.training };
        let Training { mut status, objective: least, bound, mut statistics, .. } = self.training;
        statistics.more.push(("right on validation", right as f64));
        statistics.more.push(("least training objective", least));
        if matches!(status, Status::Optimal | Status::WithinGap) && chosen.objective > least {
            status = Status::Heuristic;
        }
        let Confirmed { network, loss, objective } = chosen;
        Training { status, network: Some(network), loss, objective, bound, statistics }
    }
}

/// What a run is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose<'a> {
    /// The least objective.
    Train,
    /// A start for an exact engine, of so many rounds and for such a share of the time limit: that on rounds concerns only what is not yet
    /// optimal.
    Prime { rounds: u64, share: f64 },
    /// The most right predictions on these rows.
    Choose(&'a Validation),
}

pub(super) struct Run<'a> {
    pub(super) parameters: Parameters,
    problem: &'a Problem,
    limits: &'a Limits,
    progress: &'a dyn Progress,
    telling: Telling<'a>,
    budget: &'a Budget<'a>,
    bound: u64,
    pub(super) best: Option<Confirmed>,
    /// The best network before anything was learned and what was, if the run ended there and may go on.
    learned: Option<(Option<Network>, Option<Network>)>,
    pool: Pool,
    rounds: u64,
    /// The round of the last better network.
    found: u64,
    starts: u64,
    /// Whether the run was given a start that is worth more than the simplest networks.
    warm: bool,
    /// Whether slabs have been tried, and whether the best network is a makeshift of theirs.
    slabs: bool,
    makeshift: bool,
    /// Whether some walk still learns.
    learning: bool,
    /// The round in which the gap was met.
    met: Option<u64>,
    pub(super) purpose: Purpose<'a>,
    /// Whether progress hears nothing any more.
    pub(super) quiet: bool,
    validated: Option<(usize, Confirmed)>,
    /// Networks that lost something on their way out of floats, and networks the problem forbids.
    missed: u64,
    refused: u64,
    gaps: GapIntegral,
    pub(super) checkpoint: Checkpoint<'a>,
    /// Whether the limit on rounds has changed what is done in one, so that no state is kept any more.
    bent: bool,
}

/// What walks work with.
pub(super) struct Scene<'a> {
    arena: Arena<'a>,
    walks: Vec<Walk>,
    /// Sites a walk touches in a round, at most.
    largest: u64,
}

/// The threads of a run.
pub(super) fn threads(limits: &Limits) -> Result<rayon::ThreadPool, Error> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(budget::useful_threads(limits.threads)).build()?)
}

/// See [`super::search`].
pub(super) fn run(request: Request<'_>, purpose: Purpose<'_>) -> Result<Outcome, Error> {
    let budget = Budget::new(request.limits, request.progress);
    let mut run = Run::new(request, &budget, purpose)?;
    let start = run.confirmed(request.start)?;
    run.telling.start(request.problem);
    let status = threads(request.limits)?.install(|| match request.checkpoint.resume {
        Some(state) => run.go_on(state),
        None => {
            run.take(start);
            Ok(run.search())
        }
    })?;
    Ok(run.finish(status))
}

impl<'a> Run<'a> {
    /// The run before anything is done.
    pub(super) fn new(request: Request<'a>, budget: &'a Budget<'a>, purpose: Purpose<'a>) -> Result<Self, Error> {
        let Request { problem, limits, progress, checkpoint, .. } = request;
        problem.check()?;
        if problem.l1 > 0.0 && problem.epsilon.is_none() && problem.architecture.weights == WeightDomain::Continuous {
            return Err(Error::NoLeastWeights);
        }
        let parameters: Parameters = limits.settings.of();
        Ok(Self {
            parameters,
            problem,
            limits,
            progress,
            telling: Telling::new(progress),
            budget,
            bound: problem.floor(),
            best: None,
            learned: None,
            pool: Pool::new(parameters.pool, parameters.different),
            rounds: 0,
            found: 0,
            starts: 0,
            warm: false,
            slabs: false,
            makeshift: false,
            learning: false,
            met: None,
            purpose,
            quiet: false,
            validated: None,
            missed: 0,
            refused: 0,
            gaps: GapIntegral::default(),
            checkpoint,
            bent: false,
        })
    }

    fn seconds(&self) -> f64 {
        self.budget.seconds()
    }

    /// Whether the gap asked for is met.
    pub(super) fn closed(&self) -> bool {
        let small = |best: &Confirmed| best.objective - self.bound as f64 <= self.limits.gap * best.objective;
        self.best.as_ref().is_some_and(small)
    }

    pub(super) fn search(&mut self) -> Status {
        match self.begin() {
            Ok(mut scene) => self.rounds(&mut scene),
            Err(status) => status,
        }
    }

    /// Goes on from a state.
    pub(super) fn go_on(&mut self, state: &[u8]) -> Result<Status, Error> {
        Ok(match self.restore(state)? {
            Some(mut scene) => self.rounds(&mut scene),
            None => self.budget.ended().unwrap_or(Status::TimeLimit),
        })
    }

    /// Rounds until the run ends.
    pub(super) fn rounds(&mut self, scene: &mut Scene<'a>) -> Status {
        loop {
            // What was told to stop has left things half done.
            if !self.budget.stop() {
                self.keep(scene);
            }
            if let Some(status) = self.ended() {
                return status;
            }
            self.round(scene);
        }
    }

    /// Learns where that needs no walks, and sets the scene; the status if the run is over before.
    pub(super) fn begin(&mut self) -> Result<Scene<'a>, Status> {
        let (before, learned) = match self.learned.take() {
            Some(earlier) => earlier,
            None => (self.best.as_ref().map(|best| best.network.clone()), self.learn()),
        };
        if let Some(status) = self.ended() {
            self.learned = Some((before, learned));
            return Err(status);
        }
        let budget = self.budget;
        let stop = || budget.stop();
        let Some(mut arena) = Arena::new(self.problem, self.parameters, &stop) else {
            return Err(budget.ended().unwrap_or(Status::TimeLimit));
        };
        let over = || budget.ended().unwrap_or(Status::TimeLimit);
        let planes = |network: &Network| arena.planes(network, &stop).ok_or_else(over);
        let learned = learned.as_ref().map(planes).transpose()?;
        let count = self.walks(arena.weights)?;
        self.starts = count;
        let best = self.best.as_ref().map(|best| &best.network);
        let first = before.as_ref().filter(|_| learned.is_none()).or(best).map(planes).transpose()?;
        drop(before);
        arena.learned = learned;
        let seed = self.limits.seed;
        let begin = |stream: u64| {
            let start = if stream % 4 == 3 { Start::Random } else { Start::Learned };
            Walk::new(&arena, seed, stream, start, &stop)
        };
        let mut walks: Vec<Walk> = (0..count).into_par_iter().filter(|_| !stop()).map(begin).collect();
        // A start that is worth something begins every second walk, and they work for longer from the beginning.
        if let (Some(planes), Some(walk)) = (&first, walks.last_mut()) {
            walk.restart(&arena, planes, &stop);
        }
        if let (Some(planes), true) = (&first, self.warm) {
            let warm = walks.par_iter_mut().enumerate().filter(|(at, _)| at % 2 == 1);
            warm.for_each(|(_, walk)| walk.resume(&arena, planes, &stop));
        }
        let largest = self.largest();
        self.slabs = !self.parameters.slabs || !slabs::fits(&arena);
        self.collect(&arena, &mut walks, &stop);
        Ok(Scene { arena, walks, largest })
    }

    /// How many walks there are, for networks of so many weights; the status if there is no memory for them.
    fn walks(&self, weights: usize) -> Result<u64, Status> {
        let numbers = self.problem.points.len() * self.problem.architecture.widths().iter().sum::<usize>() + weights;
        let most = self.parameters.walks;
        let count = (NUMBERS / numbers.max(1)).clamp(LEAST_WALKS.min(most), most);
        let takes = (count * weights).saturating_mul(BYTES_OF_A_WALK) as u64;
        if self.budget.room().is_some_and(|room| takes > room) { Err(Status::MemoryLimit) } else { Ok(count as u64) }
    }

    /// Sites a walk touches in a round, at most.
    fn largest(&self) -> u64 {
        let Parameters { first_slice, slice_per_point, largest_slice, .. } = self.parameters;
        let points = self.problem.points.len() as u64;
        slice_per_point.saturating_mul(points).max(first_slice).min(largest_slice)
    }

    /// One round of all walks; returns the sites that they touched, about.
    pub(super) fn round(&mut self, Scene { arena, walks, largest }: &mut Scene<'a>) -> u64 {
        let budget = self.budget;
        let stop = || budget.stop();
        self.try_slabs(arena, walks, &stop);
        let slice =
            if self.warm { *largest } else { (self.parameters.first_slice << self.rounds.min(16)).min(*largest) };
        self.rounds += 1;
        walks.par_iter_mut().for_each(|walk| walk.advance(arena, slice, &stop));
        self.collect(arena, walks, &stop);
        self.note(walks);
        self.report(' ');
        self.restart(arena, walks, &stop);
        slice * walks.len() as u64
    }

    /// Rounds and seconds that the run may take.
    fn planned(&self) -> (u64, f64) {
        match self.purpose {
            Purpose::Prime { rounds, share } => (rounds.min(self.limits.nodes), share * self.limits.time),
            Purpose::Train | Purpose::Choose(_) => (self.limits.nodes, self.limits.time),
        }
    }

    /// Why there is nothing more to do.
    pub(super) fn ended(&self) -> Option<Status> {
        let closed = self.closed();
        if closed && !self.waits() {
            return Some(Status::Optimal);
        }
        let priming = matches!(self.purpose, Purpose::Prime { .. });
        let (rounds, time) = self.planned();
        let ended = self.budget.ended();
        let limit = if ended.is_some() {
            ended
        } else if self.seconds() >= time {
            Some(Status::TimeLimit)
        } else if self.rounds >= rounds && !(closed && priming) {
            Some(Status::NodeLimit)
        } else if self.rounds - self.found >= self.parameters.patience.max(self.found) {
            Some(Status::Heuristic)
        } else {
            None
        };
        limit.map(|limit| if closed { Status::Optimal } else { limit })
    }

    /// Whether a run that has met the gap goes on for a better network of the same objective.
    fn waits(&self) -> bool {
        let graced = self.met.is_some_and(|met| self.rounds < met + self.parameters.grace);
        let chooses = matches!(self.purpose, Purpose::Choose(_));
        graced && (self.makeshift || (chooses && self.learning))
    }

    /// When it is time, tries what slabs make of wide layers. Where that meets the gap the run is all but over; else two
    /// walks go on from there if they are no worse off.
    fn try_slabs(&mut self, arena: &Arena<'_>, walks: &mut [Walk], stop: &Stop<'_>) {
        let (rounds, time) = self.planned();
        let (due, last) = (self.rounds >= self.parameters.slabs_round, self.rounds + 1 >= rounds);
        if self.slabs || !(due || last || self.seconds() >= self.parameters.slabs_share * time) {
            return;
        }
        self.bent |= last && !due && self.rounds + 1 >= self.limits.nodes;
        self.slabs = true;
        let streams = self.starts..self.starts + self.parameters.slab_walks;
        self.starts = streams.end;
        let seed = self.limits.seed;
        let mut made: Vec<Walk> = streams
            .into_par_iter()
            .filter(|_| !stop())
            .map(|stream| Walk::new(arena, seed, stream, Start::Slabs, stop))
            .collect();
        self.collect(arena, &mut made, stop);
        self.makeshift = self.closed();
        for (old, new) in walks.iter_mut().rev().zip(made) {
            if new.best_rank() <= old.best_rank() && !old.learns() {
                *old = new;
            }
        }
    }

    /// What has become of the walks.
    fn note(&mut self, walks: &[Walk]) {
        self.learning = walks.iter().any(Walk::learns);
        if self.met.is_none() && self.closed() {
            self.met = Some(self.rounds);
        }
    }

    /// Gives walks that have gone stale another start: a new one, or a member of the pool.
    fn restart(&mut self, arena: &Arena<'_>, walks: &mut [Walk], stop: &Stop<'_>) {
        let elite: Vec<_> = self.pool.networks().collect();
        let stale = self.parameters.stale;
        for walk in walks {
            if stop() {
                return;
            }
            let leads = self.best.as_ref().is_some_and(|best| {
                // In this order of ranks a price is as good as a loss.
                walk.best_rank() <= Rank { price: best.objective - best.loss as f64, ..Rank::within(best.loss) }
            });
            if walk.learns() || walk.stale() < if leads { 4 * stale } else { stale } {
                continue;
            }
            self.starts += 1;
            if self.starts.is_multiple_of(2) && !elite.is_empty() {
                let network = &elite[(self.starts / 2) as usize % elite.len()].network;
                let Some(planes) = arena.planes(network, stop) else { return };
                walk.restart(arena, &planes, stop);
            } else {
                let start = [Start::Slabs, Start::Learned, Start::Random][(self.starts / 2) as usize % 3];
                *walk = Walk::new(arena, self.limits.seed, self.starts, start, stop);
            }
        }
    }

    /// The primal-dual integral so far, in seconds.
    pub(super) fn integral(&self) -> f64 {
        self.gaps.until(self.seconds())
    }

    fn report(&mut self, source: char) {
        if self.quiet {
            return;
        }
        let row = SearchRow {
            source,
            nodes: self.rounds,
            bound: self.bound as f64,
            incumbent: self.best.as_ref().map(|best| best.objective),
            seconds: self.seconds(),
            ..SearchRow::default()
        };
        self.telling.row(&row);
    }

    pub(super) fn finish(self, status: Status) -> Outcome {
        let statistics = Statistics {
            nodes: self.rounds,
            seconds: self.seconds(),
            primal_dual_integral: self.integral(),
            more: vec![
                ("starts", self.starts as f64),
                ("networks in the pool", self.pool.networks().len() as f64),
                ("networks that lost points to rounding", self.missed as f64),
                ("networks refused", self.refused as f64),
            ],
            ..Statistics::default()
        };
        let (loss, objective) = self.best.as_ref().map_or((0, f64::INFINITY), |best| (best.loss, best.objective));
        let network = self.best.map(|best| best.network);
        let training = Training { status, network, loss, objective, bound: self.bound as f64, statistics }.within_gap();
        let mut telling = self.telling;
        telling.finish(&training);
        Outcome { training, pool: self.pool.into_networks(), validated: self.validated }
    }
}
