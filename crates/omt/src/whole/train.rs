//! Networks without hidden layer: rounds over the open boxes of one output after the other.

use super::descent::{Descent, starts};
use super::floor::Floor;
use super::grid::Grid;
use super::lattice::Lattice;
use super::output::{Found, Output, Part, explore_part, settle};
use super::parameters::Parameters;
use super::tree::{Open, Ranked};
use crate::error::Error;
use crate::start::confirm;
use crate::threads::pool;
use crate::turns::Turns;
use bdnn::ending::{ended, unstarted};
use bdnn::separation::Semantics;
use bdnn::{
    Budget, Companion, Layer, Limits, Loss, Network, Problem, Progress, Request, SearchRow, Statistics, Status,
    Telling, Training, WeightDomain,
};
use budget::checkpoint::{Unreadable, decode, encode};
use budget::{Checkpoint, GapIntegral};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use std::collections::BinaryHeap;

/// Bytes that a coordinate takes at least: in the lattice, in the two columns of the grid, and as much again while these are made.
const BYTES_A_COORDINATE: u64 = 48;

/// Rounds between two regular rows of the progress table.
const ROW_ROUNDS: u64 = 16;

/// Whether the problem is of this kind: independent neurons with whole weights.
pub(crate) fn applies(problem: &Problem) -> bool {
    let architecture = &problem.architecture;
    architecture.hidden.is_empty()
        && architecture.weights != WeightDomain::Continuous
        && (architecture.classes == 2 || problem.loss == Loss::Hamming)
        && problem.partition.is_none()
        && problem.l0 == 0.0
        && problem.l1 == 0.0
        && problem.error_limits.is_empty()
        && problem.restrictions.is_none()
}

/// Trains a problem to which this [`applies`].
///
/// # Errors
/// As [`crate::train`].
pub(crate) fn train(request: Request<'_>, companion: Option<&mut dyn Companion>) -> Result<Training, Error> {
    let Request { problem, limits, start, progress, .. } = request;
    let confirmed = confirm(problem, start)?;
    let budget = Budget::new(limits, progress);
    let WeightDomain::Integer(bound) = problem.architecture.weights else {
        return Ok(unstarted(problem, &budget, confirmed));
    };
    let points = &problem.points;
    let coordinates = points.len() as u64 * points.num_features() as u64;
    if budget.room().is_some_and(|room| room / BYTES_A_COORDINATE < coordinates) {
        return Ok(ended(problem, &budget, confirmed, Status::MemoryLimit));
    }
    let lattice = {
        let point = |i: usize| points.scaled_exact(i);
        let semantics = Semantics::of_layer(problem, 0);
        Lattice::of(problem.architecture.inputs, points.len(), point, &semantics, bound, &|| budget.stop())
    };
    let Some(lattice) = lattice else { return Ok(unstarted(problem, &budget, confirmed)) };
    let mut run = Run::new(request, budget, lattice, companion.map(|other| other as &mut dyn Companion));
    if let Some((network, _)) = start.zip(confirmed.as_ref()) {
        run.take(network);
    }
    let state = request.checkpoint.resume.map(|state| run.restore(state)).transpose()?;
    let status = run.all(state);
    Ok(run.finish(status))
}

struct Run<'a> {
    problem: &'a Problem,
    limits: &'a Limits,
    progress: &'a dyn Progress,
    telling: Telling<'a>,
    budget: Budget<'a>,
    lattice: Lattice,
    companion: Option<&'a mut dyn Companion>,
    turns: Turns,
    floor: Floor,
    outputs: Vec<Output>,
    /// The output at hand.
    current: usize,
    open: BinaryHeap<Ranked>,
    order: u64,
    pool: Option<rayon::ThreadPool>,
    rounds: u64,
    nodes: u64,
    settled: u64,
    tried: u64,
    depth: u32,
    /// Multiplications that take as long as the run so far.
    work: u64,
    gaps: GapIntegral,
    parameters: Parameters,
    /// Of the outputs that are done.
    status: Status,
    checkpoint: Checkpoint<'a>,
    /// Whether a limit on nodes has cut a round short, so that no state is kept any more.
    short: bool,
}

/// A neuron as it is written down: weights, bias, cost, bound, and the least cost that no float has.
type OfOutput<W> = (W, f64, u64, u64, u64);
/// A run as it is written down: the output at hand with the slice of the next round, neurons, open boxes in their order, counts, when real weights
/// are asked, turns and companion.
type State<O, B, T, C> = ((usize, Status, u64), O, B, [u64; 6], u32, (u64, u64), T, C);

impl<'a> Run<'a> {
    fn new(
        request: Request<'a>,
        budget: Budget<'a>,
        lattice: Lattice,
        companion: Option<&'a mut dyn Companion>,
    ) -> Self {
        let Request { problem, limits, progress, .. } = request;
        let outputs = (0..problem.architecture.outputs()).map(|output| Output::new(problem, &lattice, output));
        let parameters: Parameters = limits.settings.of();
        Self {
            outputs: outputs.collect(),
            problem,
            limits,
            progress,
            telling: Telling::new(progress),
            budget,
            lattice,
            turns: Turns::new(companion.as_ref().map_or(0, |companion| companion.last()), limits.settings.of()),
            companion,
            floor: Floor::new(parameters.real_after),
            current: 0,
            open: BinaryHeap::new(),
            order: 0,
            pool: None,
            rounds: 0,
            nodes: 0,
            settled: 0,
            tried: 0,
            depth: 0,
            work: 0,
            gaps: GapIntegral::default(),
            parameters,
            status: Status::Optimal,
            checkpoint: request.checkpoint,
            short: false,
        }
    }

    /// Keeps the state before a round of this slice, if it is time; not after one that a limit or a wish to stop has cut short.
    fn keep(&self, slice: u64) {
        if self.checkpoint.keeper.is_none() || self.short || self.budget.stop() {
            return;
        }
        self.checkpoint.keep(|| {
            let of_output = |output: &'_ Output| -> OfOutput<Vec<i32>> {
                (output.weights.clone(), output.bias, output.cost, output.bound, output.unrealised)
            };
            let outputs: Vec<_> = self.outputs.iter().map(of_output).collect();
            let open: Vec<(u64, &Open)> = self.open.iter().map(|ranked| (ranked.order, &ranked.open)).collect();
            let counts = [self.order, self.rounds, self.nodes, self.settled, self.tried, self.work];
            let companion = self.companion.as_ref().and_then(|companion| companion.state());
            let floor = self.floor.state();
            let state: State<_, _, _, _> =
                ((self.current, self.status, slice), outputs, open, counts, self.depth, floor, &self.turns, companion);
            encode(&state)
        });
    }

    /// Goes back to a state; the slice of the next round. Neurons are recounted.
    fn restore(&mut self, state: &[u8]) -> Result<u64, Unreadable> {
        type Owned = State<Vec<OfOutput<Vec<i32>>>, Vec<(u64, Open)>, Turns, Option<Vec<u8>>>;
        let ((current, status, slice), outputs, open, counts, depth, floor, turns, companion): Owned = decode(state)?;
        if current >= self.outputs.len() || outputs.len() != self.outputs.len() {
            return Err(Unreadable::inconsistent());
        }
        for (output, (weights, bias, cost, bound, unrealised)) in self.outputs.iter_mut().zip(outputs) {
            if weights.len() != output.weights.len() {
                return Err(Unreadable::inconsistent());
            }
            (output.weights, output.bias, output.cost) = (weights, bias, cost);
            (output.bound, output.unrealised) = (bound, unrealised);
        }
        let network = self.network();
        if bdnn::exact::check(self.problem, &network) != Ok(self.loss()) {
            return Err(Unreadable::inconsistent());
        }
        self.progress.incumbent(&network, self.loss() as f64);
        self.open = open.into_iter().map(|(order, open)| Ranked { order, open }).collect();
        (self.current, self.status, self.depth, self.turns) = (current, status, depth, turns);
        [self.order, self.rounds, self.nodes, self.settled, self.tried, self.work] = counts;
        self.floor.restore(floor);
        if let (Some(state), Some(other)) = (companion, &mut self.companion) {
            other.restore(&state)?;
        }
        Ok(slice)
    }

    fn loss(&self) -> u64 {
        self.outputs.iter().map(|output| output.task.base + output.cost).sum()
    }

    fn bound(&self) -> u64 {
        self.outputs.iter().map(|output| output.task.base + output.bound).sum()
    }

    fn network(&self) -> Network {
        let mut layer = Layer::zeros(self.problem.architecture.inputs, self.outputs.len());
        layer.weights = self.outputs.iter().flat_map(|output| output.weights.iter().map(|&w| f64::from(w))).collect();
        layer.biases = self.outputs.iter().map(|output| output.bias).collect();
        Network { layers: vec![layer] }
    }

    /// All outputs in turn, the first one from the round of a slice if it goes on.
    fn all(&mut self, mut from: Option<u64>) -> Status {
        for output in self.current..self.outputs.len() {
            self.current = output;
            match self.one(from.take()) {
                Status::Optimal => {}
                Status::Unresolved => self.status = Status::Unresolved,
                stopped => return stopped,
            }
        }
        self.status
    }

    /// The output at hand, to its end or to a limit.
    fn one(&mut self, from: Option<u64>) -> Status {
        let (task, budget) = (&self.outputs[self.current].task, &self.budget);
        let Some(grid) = Grid::new(&self.lattice, task, &|| budget.stop()) else {
            return self.budget.ended().unwrap_or(Status::Interrupted);
        };
        let bound = i32::try_from(self.lattice.bound).unwrap_or(i32::MAX);
        let mut slice = from.unwrap_or(self.parameters.first_slice);
        if from.is_none() {
            let (low, high) = (vec![-bound; grid.inputs()], vec![bound; grid.inputs()]);
            self.open.clear();
            self.floor.begin(self.work);
            self.push(Open { bound: 0, low: low.into(), high: high.into() });
            self.walk(&grid, bound);
        }
        loop {
            self.keep(slice);
            self.raise();
            let output = &self.outputs[self.current];
            if output.bound >= output.cost || self.gap_met() {
                return Status::Optimal;
            }
            if self.open.peek().is_none_or(|next| next.open.bound >= output.cost) {
                return Status::Unresolved;
            }
            if let Some(ended) = self.budget.ended() {
                return ended;
            }
            if self.nodes >= self.limits.nodes {
                return Status::NodeLimit;
            }
            self.consult();
            self.ask_real_weights();
            self.round(&grid, slice);
            slice = (slice + slice / 2).min(self.parameters.longest_slice);
        }
    }

    fn push(&mut self, open: Open) {
        self.order += 1;
        self.open.push(Ranked { order: self.order, open });
    }

    /// The local search before the first round.
    fn walk(&mut self, grid: &Grid, bound: i32) {
        let mut rng = ChaCha8Rng::seed_from_u64(self.limits.seed.wrapping_add(self.current as u64));
        let until = self.parameters.tried_per_feature * grid.inputs() as u64;
        for start in starts(grid, bound) {
            let mut descent = Descent::new(grid, bound, self.parameters.values, start);
            let mut found = None;
            let mut least = self.outputs[self.current].cost;
            let (lattice, task, budget) = (&self.lattice, &self.outputs[self.current].task, &self.budget);
            descent.walk(until, &mut rng, &|| budget.stop(), &mut |weights, cost| {
                if cost < least
                    && let Some((better, true)) = settle(lattice, task, weights).filter(|(found, _)| found.cost < least)
                {
                    least = better.cost;
                    found = Some(better);
                }
                least > 0
            });
            self.tried += descent.tried;
            self.work += descent.tried * grid.points.len() as u64;
            if let Some(found) = found {
                self.offer(found, 'H');
            }
        }
    }

    /// Explores some open boxes, in parallel where threads may be many.
    fn round(&mut self, grid: &Grid, slice: u64) {
        let left = self.limits.nodes - self.nodes;
        let parts = self.parameters.parts.min(self.open.len());
        let most = left.div_ceil(parts.max(1) as u64);
        self.short |= most < slice;
        let slice = slice.min(most);
        let roots: Vec<Open> = (0..parts).filter_map(|_| self.open.pop()).map(|ranked| ranked.open).collect();
        if self.pool.is_none() && parts > 1 {
            self.pool = pool(self.limits.threads);
        }
        let (lattice, output, budget) = (&self.lattice, &self.outputs[self.current], &self.budget);
        let work = |root: Open| explore_part(grid, lattice, output, root, slice, budget);
        let explored: Vec<Part> = match &self.pool {
            Some(pool) => pool.install(|| roots.into_par_iter().map(work).collect()),
            None => roots.into_iter().map(work).collect(),
        };
        for part in explored {
            self.nodes += part.slice.nodes;
            self.work += part.slice.nodes * grid.points.len() as u64;
            self.settled += part.settled;
            self.depth = part.slice.depth;
            let output = &mut self.outputs[self.current];
            output.unrealised = output.unrealised.min(part.unrealised);
            // The latest is the deepest: it comes first among equals.
            part.slice.open.into_iter().rev().for_each(|open| self.push(open));
            if let Some(found) = part.found {
                self.offer(found, 'S');
            }
        }
        self.rounds += 1;
        if self.rounds.is_multiple_of(ROW_ROUNDS) {
            self.row(' ');
        }
    }

    /// The bound of the output at hand is that of its open boxes.
    fn raise(&mut self) {
        let open = self.open.peek().map_or(u64::MAX, |next| next.open.bound);
        let output = &mut self.outputs[self.current];
        let bound = open.min(output.unrealised).min(output.cost);
        if bound > output.bound {
            output.bound = bound;
            self.row('B');
        }
    }

    /// Lets real weights raise the bound of the output at hand, if it is their turn.
    fn ask_real_weights(&mut self) {
        let output = &mut self.outputs[self.current];
        let bound = self.floor.ask(self.work, self.problem, output, self.limits, &self.budget);
        let Some(bound) = bound.map(|bound| bound.min(output.cost)).filter(|&bound| bound > output.bound) else {
            return;
        };
        output.bound = bound;
        self.row('B');
    }

    /// Takes a neuron that is better than the one known.
    fn offer(&mut self, found: Found, source: char) {
        let output = &mut self.outputs[self.current];
        if found.cost >= output.cost {
            return;
        }
        let known = std::mem::replace(
            output,
            Output { weights: found.weights, bias: found.bias, cost: found.cost, ..output.clone() },
        );
        let network = self.network();
        if bdnn::exact::check(self.problem, &network) == Ok(self.loss()) {
            self.progress.incumbent(&network, self.loss() as f64);
            self.row(source);
        } else {
            self.outputs[self.current] = Output { unrealised: known.unrealised.min(found.cost), ..known };
        }
    }

    /// Takes the neurons of a network that are better than those known.
    fn take(&mut self, network: &Network) {
        let patterns = bdnn::exact::patterns(&self.problem.points, network);
        let layer = &network.layers[0];
        let mut better = false;
        for (j, output) in self.outputs.iter_mut().enumerate() {
            let cost = output.task.cost(|i| patterns[i][0][j]);
            if cost < output.cost {
                #[allow(clippy::cast_possible_truncation)]
                let weights = layer.neuron(j).iter().map(|&w| w as i32).collect();
                (output.weights, output.bias, output.cost, better) = (weights, layer.biases[j], cost, true);
            }
        }
        if better {
            self.progress.incumbent(&self.network(), self.loss() as f64);
            self.row('H');
        }
    }

    /// Lets the companion have its turn, if it is due.
    fn consult(&mut self) {
        let (loss, work) = (self.loss(), self.work);
        let Some(companion) = self.companion.as_mut().filter(|_| self.turns.due(work)) else { return };
        let turn = companion.turn(loss);
        self.turns.count(&turn, work);
        if let Some((network, _)) = turn.found {
            self.take(&network);
        }
    }

    /// Whether the gap of the output at hand is as small as the limits ask: then so is that of the sum.
    fn gap_met(&self) -> bool {
        let Output { task, cost, bound, .. } = &self.outputs[self.current];
        self.limits.gap > 0.0 && (cost - bound) as f64 <= self.limits.gap * (task.base + cost) as f64
    }

    fn row(&mut self, source: char) {
        let (bound, loss, seconds) = (self.bound() as f64, self.loss() as f64, self.budget.seconds());
        self.gaps.note(seconds, bound, Some(loss));
        self.telling.row(&SearchRow {
            source,
            nodes: self.nodes,
            open: self.open.len() as u64,
            depth: self.depth,
            bound,
            incumbent: Some(loss),
            seconds,
            ..SearchRow::default()
        });
    }

    fn finish(self, status: Status) -> Training {
        let (seconds, loss) = (self.budget.seconds(), self.loss());
        let more = [
            ("vectors tried by local search", self.tried),
            ("vectors settled exactly", self.settled),
            ("rounds", self.rounds),
            ("largest bound by real weights", self.floor.largest),
        ];
        Training {
            status,
            network: Some(self.network()),
            loss,
            objective: loss as f64,
            bound: self.bound() as f64,
            statistics: Statistics {
                nodes: self.nodes,
                seconds,
                primal_dual_integral: self.gaps.until(seconds),
                more: more.map(|(name, count)| (name, count as f64)).into(),
                ..Statistics::default()
            },
        }
        .within_gap()
    }
}
