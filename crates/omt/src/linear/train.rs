//! From a training problem without hidden layer to one task an output, and back to a network.

use super::answer::{Incumbent, Neuron};
use super::blocks::Crew;
use super::core::Core;
use super::geometry::Geometry;
use super::parameters::Conduct;
use super::race::{minimise, minimise_from};
use super::task::Task;
use super::watch::{Decision, Evidence, Outcome, TreeState, Watch};
use crate::turns::Turns;
use bdnn::ending::with_some_network;
use bdnn::{
    Budget, Companion, Layer, Limits, Loss, Network, Problem, Progress, Request, SearchRow, Statistics, Status,
    Telling, Training, WeightDomain,
};
use budget::checkpoint::{Unreadable, decode, encode};
use budget::{Checkpoint, GapIntegral, Keeper};
use std::rc::Rc;

/// Nodes between two regular rows of the progress table.
const ROW_NODES: u64 = 64;

/// Why this engine does not take a problem.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The problem asks for more than single neurons.
    #[error("the engine for single neurons does not train {what}")]
    Unsupported {
        /// What it asks for.
        what: &'static str,
    },
    /// The start network has another shape than the problem.
    #[error("the start network does not fit the problem's architecture")]
    Start,
    /// A state to go on with that is none.
    #[error(transparent)]
    Checkpoint(#[from] Unreadable),
    /// The problem makes no sense.
    #[error(transparent)]
    Problem(#[from] bdnn::Error),
}

/// Whether [`train`] takes the problem; the error names what it lacks.
///
/// # Errors
/// [`Error::Unsupported`].
pub fn supports(problem: &Problem) -> Result<(), Error> {
    let architecture = &problem.architecture;
    let lacks = [
        (!architecture.hidden.is_empty(), "hidden layers"),
        (architecture.weights != WeightDomain::Continuous, "integer weights"),
        (architecture.classes > 2 && problem.loss == Loss::ZeroOne, "several classes with the zero-one loss"),
        (problem.epsilon.is_some(), "with a margin"),
        (problem.robust.is_some(), "robustly"),
        (problem.partition.is_some(), "on a partition of the data"),
        (problem.l0 != 0.0 || problem.l1 != 0.0, "with a price on weights"),
        (!problem.error_limits.is_empty(), "with limits on errors"),
        (!problem.restrictions.is_none(), "with restrictions of weights"),
    ];
    match lacks.into_iter().find(|(lack, _)| *lack) {
        Some((_, what)) => Err(Error::Unsupported { what }),
        None => Ok(()),
    }
}

/// Trains a network without hidden layer to proven optimality: two classes with either loss, more with the Hamming loss,
/// whose outputs are independent neurons.
///
/// # Errors
/// [`Error::Problem`] if the problem makes no sense; [`Error::Unsupported`] as [`supports`] says; [`Error::Start`] if the start has another shape.
pub fn train(request: Request<'_>) -> Result<Training, Error> {
    train_beside(request, None)
}

/// [`train`] with a companion that looks for better networks in turns.
///
/// # Errors
/// As [`train`].
pub fn train_beside(request: Request<'_>, companion: Option<&mut dyn Companion>) -> Result<Training, Error> {
    run(request, companion, None)
}

/// Hears what the searches for the outputs prove.
pub trait TreeLog {
    /// A core, as [`Watch::core`].
    fn core(&mut self, core: &Core) -> u32;
    /// A leaf of the tree of an output, as [`Watch::leaf`].
    fn leaf(&mut self, output: usize, task: &Task, decisions: &[Decision], evidence: &Evidence);
    /// The end of an output's search: no neuron costs less than `bound` (without the task's base).
    fn bound(&mut self, output: usize, task: &Task, bound: u64);
}

/// [`train_beside`], and `log` hears why the bound holds.
///
/// # Errors
/// As [`train`].
pub fn train_logged(
    request: Request<'_>,
    companion: Option<&mut dyn Companion>,
    log: &mut dyn TreeLog,
) -> Result<Training, Error> {
    run(request, companion, Some(log))
}

fn run(
    request: Request<'_>,
    companion: Option<&mut dyn Companion>,
    log: Option<&mut dyn TreeLog>,
) -> Result<Training, Error> {
    let Request { problem, limits, start, progress, .. } = request;
    problem.check()?;
    supports(problem)?;
    let architecture = &problem.architecture;
    let outputs = architecture.outputs();
    let fits = |network: &Network| {
        network.layers.len() == 1
            && (network.layers[0].inputs, network.layers[0].outputs) == (architecture.inputs, outputs)
            && (architecture.bias || network.layers[0].biases.iter().all(|&b| b == 0.0))
            && network.check().is_ok()
    };
    if start.is_some_and(|start| !fits(start)) {
        return Err(Error::Start);
    }
    let budget = Budget::new(limits, progress);
    let tasks: Rc<[Task]> = (0..outputs).map(|output| Task::of_output(problem, output)).collect();
    // A proof needs the points, whatever the limit.
    let logged = log.is_some();
    let geometry = {
        let stop = || !logged && budget.stop();
        Geometry::new_within(&problem.points, architecture.bias, &stop)
    };
    let ended = budget.ended();
    let stop = || budget.stop();
    let crew = (!logged).then(|| Crew::new(limits.threads, &stop));
    let (log, companion) = (log.map(|log| log as &mut dyn TreeLog), companion.map(|other| other as &mut dyn Companion));
    let mut run = OutputRun::new(request, &budget, tasks.clone(), (log, companion));
    if let Some(start) = start {
        run.take(start);
    }
    let Some(geometry) = geometry else {
        // No time for a single node.
        let training = run.finish(ended.unwrap_or(Status::TimeLimit));
        return Ok(with_some_network(problem, training));
    };
    let resumed = request.checkpoint.resume.map(|state| run.restore(state)).transpose()?;
    let (from, mut resume) = (run.output, resumed.as_deref());
    for (output, task) in tasks.iter().enumerate().skip(from) {
        let from = run.best[output].clone().map(|(neuron, cost)| Incumbent { neuron, cost: cost - task.base });
        run.output = output;
        let conduct = Conduct { seed: limits.seed.wrapping_add(output as u64), parameters: limits.settings.of() };
        let outcome = match (resume.take(), &crew) {
            (Some(state), Some(crew)) => {
                minimise_from((&problem.points, &geometry, task), from, &conduct, crew, &mut run, state)?
            }
            _ => minimise(&problem.points, &geometry, task, from, &conduct, crew.as_ref(), &mut run),
        };
        if run.status == Status::Optimal {
            run.status = outcome.status;
        }
        if let Some(log) = &mut run.log {
            log.bound(output, task, outcome.bound);
        }
        run.close(outcome);
    }
    let status = run.status;
    Ok(run.finish(status))
}

/// What is written down of a run over all outputs: the output at hand, what is known of each, work, turns and companion, and the search for
/// the output.
type State<B, N, T, C, S> = (usize, Status, B, N, TreeState, u64, T, C, S);

/// One run over all outputs: limits, progress, and sums.
struct OutputRun<'a> {
    problem: &'a Problem,
    limits: &'a Limits,
    progress: &'a dyn Progress,
    telling: Telling<'a>,
    log: Option<&'a mut dyn TreeLog>,
    companion: Option<&'a mut dyn Companion>,
    turns: Turns,
    tasks: Rc<[Task]>,
    budget: &'a Budget<'a>,
    output: usize,
    /// Of the outputs that are done.
    status: Status,
    checkpoint: Checkpoint<'a>,
    /// By output: bound and best neuron with its cost, all with the task's base.
    bounds: Vec<u64>,
    bases: Vec<u64>,
    best: Vec<Option<(Neuron, u64)>>,
    /// Work on the outputs that are done.
    done: TreeState,
    rows: u64,
    gaps: GapIntegral,
}

impl<'a> OutputRun<'a> {
    fn new(
        request: Request<'a>,
        budget: &'a Budget<'a>,
        tasks: Rc<[Task]>,
        (log, companion): (Option<&'a mut dyn TreeLog>, Option<&'a mut dyn Companion>),
    ) -> Self {
        let Request { problem, limits, progress, .. } = request;
        let bases: Vec<u64> = tasks.iter().map(|task| task.base).collect();
        Self {
            problem,
            limits,
            progress,
            telling: Telling::new(progress),
            log,
            turns: Turns::new(companion.as_ref().map_or(0, |companion| companion.last()), limits.settings.of()),
            companion,
            best: vec![None; tasks.len()],
            tasks,
            budget,
            output: 0,
            status: Status::Optimal,
            checkpoint: request.checkpoint,
            bounds: bases.clone(),
            bases,
            done: TreeState::default(),
            rows: 0,
            gaps: GapIntegral::default(),
        }
    }

    /// Goes back to a state; that of the search for the output at hand.
    fn restore(&mut self, state: &[u8]) -> Result<Vec<u8>, Unreadable> {
        type Owned = State<Vec<u64>, Vec<Option<(Neuron, u64)>>, Turns, Option<Vec<u8>>, Vec<u8>>;
        let (output, status, bounds, best, done, rows, turns, companion, search): Owned = decode(state)?;
        let count = self.tasks.len();
        if output >= count || bounds.len() != count || best.len() != count {
            return Err(Unreadable::inconsistent());
        }
        // Costs are recounted: a neuron counts as what it does.
        for (j, known) in best.iter().enumerate() {
            let task = &self.tasks[j];
            let counted = |neuron: &Neuron| task.base + neuron.cost(&self.problem.points, task);
            if known.as_ref().is_some_and(|(neuron, cost)| {
                neuron.weights.len() != self.problem.architecture.inputs
                    || !neuron.is_finite()
                    || counted(neuron) != *cost
            }) {
                return Err(Unreadable::inconsistent());
            }
        }
        (self.output, self.status, self.bounds, self.best) = (output, status, bounds, best);
        (self.done, self.rows, self.turns) = (done, rows, turns);
        if let (Some(state), Some(other)) = (companion, &mut self.companion) {
            other.restore(&state)?;
        }
        self.note_gap();
        if let (Some(network), Some(loss)) = (self.network(), self.loss()) {
            self.progress.incumbent(&network, loss as f64);
        }
        Ok(search)
    }

    fn bound(&self) -> u64 {
        self.bounds.iter().sum()
    }

    /// Takes the neurons of a network that are better than those known, by output.
    fn take(&mut self, network: &Network) {
        let layer = &network.layers[0];
        for (output, task) in self.tasks.iter().enumerate() {
            let neuron = Neuron { weights: layer.neuron(output).to_vec(), bias: layer.biases[output] };
            let cost = task.base + neuron.cost(&self.problem.points, task);
            if self.best[output].as_ref().is_none_or(|(_, best)| cost < *best) {
                self.best[output] = Some((neuron, cost));
            }
        }
    }

    fn loss(&self) -> Option<u64> {
        self.best.iter().map(|best| best.as_ref().map(|(_, cost)| cost)).sum()
    }

    fn network(&self) -> Option<Network> {
        let mut layer = Layer::zeros(self.problem.architecture.inputs, self.best.len());
        layer.weights.clear();
        for (output, best) in self.best.iter().enumerate() {
            let (neuron, _) = best.as_ref()?;
            layer.weights.extend(&neuron.weights);
            layer.biases[output] = neuron.bias;
        }
        Some(Network { layers: vec![layer] })
    }

    /// Whether the gap of the output at hand is as small as the limits ask: then so is that of the sum.
    fn gap_met(&self) -> bool {
        let Some((_, cost)) = &self.best[self.output] else { return false };
        self.limits.gap > 0.0 && (cost - self.bounds[self.output]) as f64 <= self.limits.gap * *cost as f64
    }

    /// Tells the primal-dual integral of a new bound or network.
    fn note_gap(&mut self) {
        self.gaps.note(self.budget.seconds(), self.bound() as f64, self.loss().map(|loss| loss as f64));
    }

    fn row(&mut self, source: char, tree: &TreeState) {
        self.note_gap();
        let sum = |f: fn(&TreeState) -> u64| f(&self.done) + f(tree);
        self.telling.row(&SearchRow {
            source,
            nodes: sum(|t| t.nodes),
            open: tree.open,
            depth: tree.depth,
            bound: self.bound() as f64,
            incumbent: self.loss().map(|loss| loss as f64),
            learned: sum(|t| t.work.cores),
            conflicts: sum(|t| t.work.packed),
            lp_iterations: sum(|t| t.pivots),
            seconds: self.budget.seconds(),
        });
    }

    fn close(&mut self, outcome: Outcome) {
        self.bounds[self.output] = self.bases[self.output] + outcome.bound;
        self.note_gap();
        let TreeState { nodes, pivots, probed, work, .. } = outcome.tree;
        self.done.nodes += nodes;
        self.done.pivots += pivots;
        self.done.probed += probed;
        self.done.work.evaluations += work.evaluations;
        self.done.work.cores += work.cores;
        self.done.work.certified += work.certified;
        self.done.work.packed += work.packed;
        self.done.work.refused += work.refused;
    }

    fn finish(self, status: Status) -> Training {
        let seconds = self.budget.seconds();
        let loss = self.loss().unwrap_or(u64::MAX);
        let work = &self.done.work;
        Training {
            status,
            network: self.network(),
            loss,
            objective: loss as f64,
            bound: self.bound() as f64,
            statistics: Statistics {
                nodes: self.done.nodes,
                conflicts: work.packed,
                lp_iterations: self.done.pivots,
                seconds,
                primal_dual_integral: self.gaps.until(seconds),
                more: vec![
                    ("nodes bounded", work.evaluations as f64),
                    ("cores", work.cores as f64),
                    ("cores proven by float bounds", work.certified as f64),
                    ("cores packed", work.packed as f64),
                    ("guesses refused", work.refused as f64),
                    ("points decided by probing", self.done.probed as f64),
                ],
            },
        }
        .within_gap()
    }
}

impl Watch for OutputRun<'_> {
    fn wants_cores(&self) -> bool {
        self.log.is_some()
    }

    fn core(&mut self, core: &Core) -> u32 {
        self.log.as_mut().map_or(0, |log| log.core(core))
    }

    fn leaf(&mut self, decisions: &[Decision], evidence: &Evidence) {
        if let Some(log) = &mut self.log {
            log.leaf(self.output, &self.tasks[self.output], decisions, evidence);
        }
    }

    fn keeps(&self) -> bool {
        self.checkpoint.keeper.is_some_and(Keeper::is_due)
    }

    fn keep(&mut self, search: Vec<u8>) {
        let companion = self.companion.as_ref().and_then(|companion| companion.state());
        let state: State<_, _, _, _, _> = (
            self.output,
            self.status,
            &self.bounds,
            &self.best,
            self.done.clone(),
            self.rows,
            &self.turns,
            companion,
            search,
        );
        if let (Some(keeper), Ok(state)) = (self.checkpoint.keeper, encode(&state)) {
            keeper.keep(state);
        }
    }

    fn nodes(&self) -> u64 {
        self.limits.nodes.saturating_sub(self.done.nodes)
    }

    fn stop(&mut self, nodes: u64) -> Option<Status> {
        let ended = self.budget.ended();
        if ended.is_some() {
            ended
        } else if self.done.nodes + nodes >= self.limits.nodes {
            Some(Status::NodeLimit)
        } else if self.gap_met() {
            Some(Status::Optimal)
        } else {
            None
        }
    }

    fn better(&mut self, work: u64) -> Option<Incumbent> {
        if !self.turns.due(work) {
            return None;
        }
        let best = self.loss().unwrap_or(u64::MAX);
        let turn = self.companion.as_mut()?.turn(best);
        self.turns.count(&turn, work);
        let (network, _) = turn.found?;
        let before = self.best[self.output].as_ref().map(|(_, cost)| *cost);
        self.take(&network);
        self.note_gap();
        self.progress.incumbent(&self.network()?, self.loss()? as f64);
        let (neuron, cost) = self.best[self.output].clone()?;
        let task = &self.tasks[self.output];
        before.is_none_or(|before| cost < before).then(|| Incumbent { neuron, cost: cost - task.base })
    }

    fn tree(&mut self, bound: u64, tree: &TreeState) {
        let bound = self.bases[self.output] + bound;
        let risen = bound > self.bounds[self.output];
        self.bounds[self.output] = self.bounds[self.output].max(bound);
        self.rows += 1;
        if risen || self.rows.is_multiple_of(ROW_NODES) {
            self.row(if risen { 'B' } else { ' ' }, tree);
        }
    }

    fn incumbent(&mut self, incumbent: &Incumbent) {
        let cost = self.bases[self.output] + incumbent.cost;
        if self.best[self.output].as_ref().is_some_and(|(_, best)| *best <= cost) {
            return;
        }
        self.best[self.output] = Some((incumbent.neuron.clone(), cost));
        self.note_gap();
        if let (Some(network), Some(loss)) = (self.network(), self.loss()) {
            self.progress.incumbent(&network, loss as f64);
        }
    }
}
