//! One hidden neuron a layer: the network sees one bit of a point.
//!
//! Behind one hidden neuron every layer knows which side of its hyperplane a point is on, and nothing else. With biases in ideal semantics
//! a later neuron can be any function of that bit, so the network is a hyperplane and two *codes*: the outputs on either
//! side. For given codes each point has a cost of firing and a cost of resting, which is the task of the engine for single neurons.
//! A side's best code has at most one output on: with the Hamming loss an output is on where its class has more than half
//! of the weight. So there are C + 1 codes (C with the zero-one loss, where no class is never better), and a hyperplane may
//! be turned around: at most (C + 1) C / 2 tasks, the least of which is the optimum. Without biases it is another class: the
//! complement of a cone through 0 is not one of the kind "fires at 0".

use crate::linear::{
    Conduct, Crew, Descent, Geometry, Incumbent, Neuron, Task, TreeState, Watch, minimise, minimise_from,
};
use crate::start::confirm;
use crate::{Error, linear};
use bdnn::ending::{unstarted, with_some_network};
use bdnn::{
    Budget, Layer, Limits, Loss, Network, Problem, Progress, Request, SearchRow, Statistics, Status, Stop, Telling,
    Training,
};
use budget::checkpoint::{Unreadable, decode, encode};
use budget::{Checkpoint, GapIntegral, Keeper};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Nodes between two regular rows of the progress table.
const ROW_NODES: u64 = 64;

/// Whether the problem is of this kind.
pub(crate) fn applies(problem: &Problem) -> bool {
    let architecture = &problem.architecture;
    if architecture.hidden.is_empty() || architecture.hidden.iter().any(|&d| d != 1) || !architecture.bias {
        return false;
    }
    let mut plain = problem.clone();
    plain.architecture.hidden.clear();
    plain.loss = Loss::Hamming;
    linear::supports(&plain).is_ok()
}

/// Trains a problem to which this [`applies`].
///
/// # Errors
/// As [`crate::train`].
pub(crate) fn train(request: Request<'_>) -> Result<Training, Error> {
    let Request { problem, limits, start, progress, .. } = request;
    let confirmed = confirm(problem, start)?;
    let budget = Budget::new(limits, progress);
    let stop = || budget.stop();
    let geometry = Geometry::new_within(&problem.points, true, &stop);
    let Some((geometry, cases)) = geometry.and_then(|geometry| {
        let cases = all_codes(problem, &geometry, &Conduct::of(limits), &stop)?;
        Some((geometry, cases))
    }) else {
        return Ok(unstarted(problem, &budget, confirmed));
    };
    let crew = Crew::new(limits.threads, &stop);
    let mut run = CodeRun::new(request, &budget, geometry, cases);
    if let Some((network, loss)) = confirmed {
        run.offer(network, loss);
    }
    let search = request.checkpoint.resume.map(|state| run.restore(state)).transpose()?;
    let status = run.run(start, &crew, search)?;
    Ok(with_some_network(problem, run.finish(status)))
}

/// Outputs on the two sides, and what a hyperplane between them is asked for.
struct Codes {
    resting: Vec<bool>,
    firing: Vec<bool>,
    task: Task,
    /// Proven for networks with these codes.
    bound: u64,
}

struct CodeRun<'a> {
    problem: &'a Problem,
    limits: &'a Limits,
    progress: &'a dyn Progress,
    telling: Telling<'a>,
    budget: &'a Budget<'a>,
    geometry: Geometry,
    cases: Vec<Codes>,
    /// The case at hand.
    current: usize,
    best: Option<(Network, u64)>,
    /// Work on the cases that are done.
    nodes: u64,
    pivots: u64,
    cores: u64,
    packed: u64,
    rows: u64,
    /// Of the cases that are done.
    status: Status,
    checkpoint: Checkpoint<'a>,
    gaps: GapIntegral,
}

/// What is written down of a run: the case at hand, all bounds, the best network, work, and the search for the case.
type State<B, N, S> = (usize, Status, Vec<u64>, B, N, S);

/// The pairs of codes, those with the best hyperplane at first sight first; `None` once `stop` says so.
fn all_codes(problem: &Problem, geometry: &Geometry, conduct: &Conduct, stop: &Stop<'_>) -> Option<Vec<Codes>> {
    let outputs = problem.architecture.outputs();
    let only = |class: usize| -> Vec<bool> { (0..outputs).map(|k| k == class).collect() };
    // Number `outputs` stands for no output at all.
    let none = usize::from(outputs == 1 || problem.loss == Loss::Hamming);
    let codes: Vec<Vec<bool>> = (0..outputs + none).map(only).collect();
    let points = problem.points.len();
    let mut rng = ChaCha8Rng::seed_from_u64(conduct.seed);
    let mut cases = Vec::new();
    for (k, resting) in codes.iter().enumerate() {
        for firing in &codes[..k] {
            let task = Task::new((0..points).map(|i| (problem.point_loss(i, firing), problem.point_loss(i, resting))));
            let start = Descent::mean_difference(geometry, &task);
            let mut descent = Descent::new(geometry, &task, &start).conducted(&conduct.parameters);
            descent.walk(conduct.parameters.order_lines.saturating_mul(geometry.dim() as u64), &mut rng, stop);
            if stop() {
                return None;
            }
            let promise = descent.cost() + task.base;
            let bound = task.base;
            cases.push((promise, Codes { resting: resting.clone(), firing: firing.clone(), task, bound }));
        }
    }
    cases.sort_by_key(|(promise, _)| *promise);
    Some(cases.into_iter().map(|(_, codes)| codes).collect())
}

impl<'a> CodeRun<'a> {
    fn new(request: Request<'a>, budget: &'a Budget<'a>, geometry: Geometry, cases: Vec<Codes>) -> Self {
        let Request { problem, limits, progress, .. } = request;
        Self {
            problem,
            limits,
            progress,
            telling: Telling::new(progress),
            budget,
            geometry,
            cases,
            current: 0,
            best: None,
            nodes: 0,
            pivots: 0,
            cores: 0,
            packed: 0,
            rows: 0,
            status: Status::Optimal,
            checkpoint: request.checkpoint,
            gaps: GapIntegral::default(),
        }
    }

    /// Goes back to a state; that of the search for the case at hand.
    fn restore(&mut self, state: &[u8]) -> Result<Vec<u8>, Error> {
        type Owned = State<Option<Network>, [u64; 5], Vec<u8>>;
        let (current, status, bounds, best, work, search): Owned = decode(state)?;
        if current >= self.cases.len() || bounds.len() != self.cases.len() {
            return Err(Unreadable::inconsistent().into());
        }
        self.cases.iter_mut().zip(bounds).for_each(|(codes, bound)| codes.bound = bound);
        (self.current, self.status) = (current, status);
        [self.nodes, self.pivots, self.cores, self.packed, self.rows] = work;
        if let Some((network, loss)) = confirm(self.problem, best.as_ref())? {
            self.offer(network, loss);
        }
        Ok(search)
    }

    fn loss(&self) -> Option<u64> {
        self.best.as_ref().map(|(_, loss)| *loss)
    }

    fn bound(&self) -> u64 {
        let least = self.cases.iter().map(|codes| codes.bound).min().unwrap_or(0);
        self.loss().map_or(least, |loss| least.min(loss))
    }

    fn offer(&mut self, network: Network, loss: u64) {
        if self.loss().is_none_or(|best| loss < best) {
            self.progress.incumbent(&network, loss as f64);
            self.best = Some((network, loss));
            self.note_gap();
        }
    }

    /// Case after case, the first one from a state of its search if there is one.
    fn run(
        &mut self,
        start: Option<&Network>,
        crew: &Crew<'_>,
        mut search: Option<Vec<u8>>,
    ) -> Result<Status, Unreadable> {
        let head = start.map(|network| {
            let layer = &network.layers[0];
            Neuron { weights: layer.neuron(0).to_vec(), bias: layer.biases[0] }
        });
        for k in self.current..self.cases.len() {
            self.current = k;
            let (points, geometry) = (&self.problem.points, self.geometry.clone());
            let task = self.cases[k].task.clone();
            let from = head.clone().map(|neuron| Incumbent { cost: neuron.cost(points, &task), neuron });
            let conduct =
                Conduct { seed: self.limits.seed.wrapping_add(k as u64), parameters: self.limits.settings.of() };
            let outcome = match search.take() {
                Some(state) => minimise_from((points, &geometry, &task), from, &conduct, crew, self, &state)?,
                None => minimise(points, &geometry, &task, from, &conduct, Some(crew), self),
            };
            self.nodes += outcome.tree.nodes;
            self.pivots += outcome.tree.pivots;
            self.cores += outcome.tree.work.cores;
            self.packed += outcome.tree.work.packed;
            self.cases[k].bound = self.cases[k].bound.max(task.base + outcome.bound);
            match outcome.status {
                Status::Optimal => {}
                Status::Unresolved => self.status = Status::Unresolved,
                stopped => return Ok(stopped),
            }
        }
        Ok(self.status)
    }

    /// The network that puts a neuron's two sides into the codes of the case at hand.
    fn network(&self, neuron: &Neuron) -> Network {
        let Codes { resting, firing, .. } = &self.cases[self.current];
        let mut layers = neuron.network().layers;
        let repeat = Layer { inputs: 1, outputs: 1, weights: vec![1.0], biases: vec![-0.5] };
        layers.extend(std::iter::repeat_n(repeat, self.problem.architecture.hidden.len() - 1));
        let mut output = Layer::zeros(1, resting.len());
        for (k, sides) in resting.iter().zip(firing).enumerate() {
            (output.weights[k], output.biases[k]) = match sides {
                (false, true) => (1.0, -0.5),
                (true, false) => (-1.0, 0.5),
                (true, true) => (0.0, 1.0),
                (false, false) => (0.0, -1.0),
            };
        }
        layers.push(output);
        Network { layers }
    }

    /// Tells the primal-dual integral of a new bound or network.
    fn note_gap(&mut self) {
        self.gaps.note(self.budget.seconds(), self.bound() as f64, self.loss().map(|loss| loss as f64));
    }

    fn finish(self, status: Status) -> Training {
        let seconds = self.budget.seconds();
        let bound = self.bound();
        let cases = self.cases.len() as f64;
        let (network, loss) = self.best.map_or((None, 0), |(network, loss)| (Some(network), loss));
        Training {
            status,
            network,
            loss,
            objective: loss as f64,
            bound: bound as f64,
            statistics: Statistics {
                nodes: self.nodes,
                conflicts: self.packed,
                lp_iterations: self.pivots,
                seconds,
                primal_dual_integral: self.gaps.until(seconds),
                more: vec![("cases", cases), ("cores", self.cores as f64), ("cores packed", self.packed as f64)],
            },
        }
        .within_gap()
    }
}

impl Watch for CodeRun<'_> {
    fn keeps(&self) -> bool {
        self.checkpoint.keeper.is_some_and(Keeper::is_due)
    }

    fn keep(&mut self, search: Vec<u8>) {
        let bounds = self.cases.iter().map(|codes| codes.bound).collect();
        let work = [self.nodes, self.pivots, self.cores, self.packed, self.rows];
        let best = self.best.as_ref().map(|(network, _)| network);
        let state: State<_, _, _> = (self.current, self.status, bounds, best, work, search);
        if let (Some(keeper), Ok(state)) = (self.checkpoint.keeper, encode(&state)) {
            keeper.keep(state);
        }
    }

    fn nodes(&self) -> u64 {
        self.limits.nodes.saturating_sub(self.nodes)
    }

    fn stop(&mut self, nodes: u64) -> Option<Status> {
        let gap = |loss: u64| (loss - self.bound()) as f64;
        let ended = self.budget.ended();
        if ended.is_some() {
            ended
        } else if self.nodes + nodes >= self.limits.nodes {
            Some(Status::NodeLimit)
        } else if self.loss().is_some_and(|loss| {
            self.cases[self.current].bound >= loss || gap(loss) <= self.limits.gap * (loss as f64).max(1.0)
        }) {
            // No network with these codes is better than one of others.
            Some(Status::Optimal)
        } else {
            None
        }
    }

    fn tree(&mut self, bound: u64, tree: &TreeState) {
        let before = self.bound();
        let codes = &mut self.cases[self.current];
        codes.bound = codes.bound.max(codes.task.base + bound);
        let risen = self.bound() > before;
        self.rows += 1;
        if risen || self.rows.is_multiple_of(ROW_NODES) {
            self.note_gap();
            self.telling.row(&SearchRow {
                source: if risen { 'B' } else { ' ' },
                nodes: self.nodes + tree.nodes,
                open: tree.open,
                depth: tree.depth,
                bound: self.bound() as f64,
                incumbent: self.loss().map(|loss| loss as f64),
                learned: self.cores + tree.work.cores,
                conflicts: self.packed + tree.work.packed,
                lp_iterations: self.pivots + tree.pivots,
                seconds: self.budget.seconds(),
            });
        }
    }

    fn incumbent(&mut self, incumbent: &Incumbent) {
        if self.loss().is_some_and(|best| best <= self.cases[self.current].task.base + incumbent.cost) {
            return;
        }
        let network = self.network(&incumbent.neuron);
        if let Ok(loss) = bdnn::exact::check(self.problem, &network) {
            self.offer(network, loss);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Points, Scaler, WeightDomain};

    fn problem(hidden: &[usize], bias: bool) -> Problem {
        let labels = [1, 1, 0, 0, 1, 0, 0, 1];
        let rows: Vec<f64> = (0..8).map(f64::from).collect();
        let hidden = hidden.to_vec();
        let architecture = Architecture { inputs: 1, hidden, classes: 2, bias, weights: WeightDomain::Continuous };
        Problem::new(Points::merge(1, 2, &rows, &labels, Scaler::identity(1)), architecture, Loss::ZeroOne)
    }

    #[test]
    fn a_chain_is_as_good_as_its_head() {
        let limits = Limits::default();
        for hidden in [&[1][..], &[1, 1, 1]] {
            let problem = problem(hidden, true);
            assert!(applies(&problem));
            let training = crate::train(Request::new(&problem, &limits)).expect("sound");
            assert_eq!((training.status, training.loss), (Status::Optimal, 2));
            let network = training.network.expect("optimal");
            assert_eq!(bdnn::exact::check(&problem, &network), Ok(2));
        }
        assert!(!applies(&problem(&[1], false)));
        assert!(!applies(&problem(&[2], true)));
    }

    #[test]
    fn a_start_is_never_lost() {
        let problem = problem(&[1], true);
        // Fires up to 1.5, by way of a head that fires beyond.
        let head = Layer { inputs: 1, outputs: 1, weights: vec![1.0], biases: vec![-1.5] };
        let flip = Layer { inputs: 1, outputs: 1, weights: vec![-1.0], biases: vec![0.5] };
        let start = Network { layers: vec![head, flip] };
        let limits = Limits { time: 0.0, ..Limits::default() };
        let training = crate::train(Request::new(&problem, &limits).with_start(Some(&start))).expect("sound");
        assert_eq!(training.loss, 2);
    }

    /// Against all codes on all sides of all cuts of a line, however unlikely.
    #[test]
    fn several_classes_share_one_bit() {
        for (seed, classes) in [(1_u64, 3), (2, 3), (3, 4), (4, 5)] {
            for loss in [Loss::Hamming, Loss::ZeroOne] {
                let mut state = seed;
                let mut random = |n: u64| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    (state >> 33) % n
                };
                let rows: Vec<f64> = (0..14).map(|_| random(9) as f64).collect();
                let labels: Vec<usize> =
                    rows.iter().map(|x| (*x as usize / 4 + random(2) as usize) % classes).collect();
                let architecture =
                    Architecture { inputs: 1, hidden: vec![1], classes, bias: true, weights: WeightDomain::Continuous };
                let points = Points::merge(1, classes, &rows, &labels, Scaler::identity(1));
                let problem = Problem::new(points, architecture, loss);
                let all: Vec<Vec<bool>> =
                    (0..1_usize << classes).map(|c| (0..classes).map(|k| c >> k & 1 == 1).collect()).collect();
                let side = |members: &dyn Fn(f64) -> bool| {
                    let inside = |&i: &usize| members(problem.points.raw(i)[0]);
                    let cost = |code: &Vec<bool>| {
                        (0..problem.points.len()).filter(inside).map(|i| problem.point_loss(i, code)).sum::<u64>()
                    };
                    all.iter().map(cost).min().expect("some code")
                };
                let cut = |at: f64| side(&|x| x < at) + side(&|x| x >= at);
                let best = (0..10).map(|at| cut(f64::from(at))).min().expect("some cut");
                let training = crate::train(Request::new(&problem, &Limits::default())).expect("sound");
                assert_eq!((training.status, training.loss), (Status::Optimal, best), "{classes} classes, {loss:?}");
                let network = training.network.expect("optimal");
                assert_eq!(bdnn::exact::check(&problem, &network), Ok(best));
                // A limit leaves a bound that holds and a network that counts.
                let limits = Limits { nodes: 0, ..Limits::default() };
                let cut_short = crate::train(Request::new(&problem, &limits)).expect("sound");
                assert!(cut_short.bound <= best as f64 && cut_short.network.is_some());
            }
        }
    }
}
