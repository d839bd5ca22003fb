//! Whatever engine, whatever state: a run that goes on ends as the one that was not interrupted, bit by bit; and keeping states changes nothing.

use budget::{Checkpoint, Keeper};
use heaviside::split::{self, Splitting};
use heaviside::{
    Architecture, Auto, Direction, Engine, ErrorLimit, Limits, LocalSearch, Loss, Milp, Norm, Omt, Points, Problem,
    Request, Robust, Scaler, Training, WeightDomain,
};
use std::collections::BTreeSet;
use std::sync::Mutex;

/// Keeps every state.
#[derive(Default)]
struct Shelf(Mutex<Vec<Vec<u8>>>);

impl Keeper for Shelf {
    fn is_due(&self) -> bool {
        true
    }

    fn keep(&self, state: Vec<u8>) {
        self.0.lock().unwrap().push(state);
    }
}

/// A small generator of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Random points and labels with some structure.
fn problem(seed: u64, (points, features, classes): (usize, usize, usize), hidden: &[usize]) -> Problem {
    let mut random = Random(seed);
    let rows: Vec<f64> = (0..points * features).map(|_| random.below(41) as f64 / 4.0 - 5.0).collect();
    let labels: Vec<usize> = rows
        .chunks(features)
        .map(|x| {
            let sum: f64 = x.iter().enumerate().map(|(j, x)| if j % 2 == 0 { *x } else { -x / 2.0 }).sum();
            let class = ((sum.abs() / 3.0) as usize) % classes;
            if random.below(4) == 0 { random.below(classes as u64) as usize } else { class }
        })
        .collect();
    let weights = WeightDomain::Continuous;
    let architecture = Architecture { inputs: features, hidden: hidden.to_vec(), classes, bias: true, weights };
    let points = Points::merge(features, classes, &rows, &labels, Scaler::identity(features));
    Problem::new(points, architecture, Loss::Hamming)
}

/// What must be the same.
fn end(training: &Training) -> String {
    let Training { status, network, loss, objective, bound, statistics } = training;
    let weights = network.iter().flat_map(|network| &network.layers);
    let bits: Vec<u64> =
        weights.flat_map(|layer| layer.weights.iter().chain(&layer.biases)).map(|w| w.to_bits()).collect();
    format!(
        "{status:?} loss {loss} objective {objective} bound {bound} nodes {} conflicts {} pivots {} network {bits:?}",
        statistics.nodes, statistics.conflicts, statistics.lp_iterations
    )
}

/// Some of all: the first three, and others up to the last.
fn some(count: usize) -> Vec<usize> {
    let spread = (0..4).map(|k| k * count.saturating_sub(1) / 3);
    let places: BTreeSet<usize> = (0..3).chain(spread).filter(|&at| at < count).collect();
    places.into_iter().collect()
}

/// Runs to the limit of nodes, and again from some of the states on the way; also from the last state of runs with smaller limits if these change
/// nothing before they end a run (`counts`). Returns how many states there were.
fn check(name: &str, engine: &dyn Engine, problem: &Problem, nodes: u64, counts: bool) -> usize {
    let limits = |nodes: u64, threads: usize| Limits { nodes, threads, seed: 5, ..Limits::default() };
    let run = |nodes: u64, threads: usize, checkpoint: Checkpoint<'_>| {
        let limits = limits(nodes, threads);
        engine.train(Request::new(problem, &limits).with_checkpoint(checkpoint)).expect(name)
    };
    let whole = end(&run(nodes, 1, Checkpoint::default()));
    let shelf = Shelf::default();
    let kept = end(&run(nodes, 2, Checkpoint { keeper: Some(&shelf), resume: None }));
    assert_eq!(whole, kept, "{name}: keeping states changes the run");
    let states = shelf.0.into_inner().unwrap();
    for at in some(states.len()) {
        for threads in [1, 2] {
            let again = Shelf::default();
            let checkpoint = Checkpoint { keeper: Some(&again), resume: Some(&states[at]) };
            let resumed = end(&run(nodes, threads, checkpoint));
            assert_eq!(whole, resumed, "{name}: from state {at} of {} on {threads} threads", states.len());
            let later = again.0.into_inner().unwrap();
            if let (Some(last), true) = (later.last(), threads == 1) {
                let checkpoint = Checkpoint { keeper: None, resume: Some(last) };
                assert_eq!(whole, end(&run(nodes, 2, checkpoint)), "{name}: twice from state {at}");
            }
        }
    }
    for share in [1, 3, 5].into_iter().filter(|_| counts) {
        let shelf = Shelf::default();
        run((nodes / 7 * share).max(1), 2, Checkpoint { keeper: Some(&shelf), resume: None });
        if let Some(last) = shelf.0.into_inner().unwrap().last() {
            let resumed = end(&run(nodes, 1, Checkpoint { keeper: None, resume: Some(last) }));
            assert_eq!(whole, resumed, "{name}: after {share} sevenths of the nodes");
        }
    }
    states.len()
}

/// As [`check`], for runs that have states at all.
fn check_states(name: &str, engine: &dyn Engine, problem: &Problem, nodes: u64) {
    let states = check(name, engine, problem, nodes, true);
    assert!(states > 0, "{name}: nothing was kept");
}

#[test]
fn clauses_go_on() {
    for (seed, shape, hidden) in
        [(1, (60, 4, 2), &[2][..]), (2, (40, 3, 2), &[3]), (3, (24, 3, 2), &[2, 2]), (4, (30, 3, 3), &[3])]
    {
        let mut problem = problem(seed, shape, hidden);
        check_states("clauses", &Omt, &problem, 4000);
        problem.loss = Loss::ZeroOne;
        problem.architecture.bias = false;
        check_states("clauses without biases", &Omt, &problem, 1500);
    }
}

#[test]
fn blocks_and_the_dual_tree_go_on() {
    check_states("blocks", &Omt, &problem(7, (200, 5, 2), &[2]), 6000);
    check_states("blocks in more dimensions", &Omt, &problem(8, (150, 9, 2), &[2]), 6000);
    check_states("the dual tree", &Omt, &problem(9, (120, 2, 2), &[3]), 3000);
    check_states("the dual tree for two neurons", &Omt, &problem(10, (160, 3, 2), &[2]), 3000);
    check_states("the dual tree for one", &Omt, &problem(11, (400, 3, 2), &[]), 1000);
}

#[test]
fn conditions_go_on() {
    let mut margin = problem(20, (40, 3, 2), &[2]);
    margin.epsilon = Some(0.3);
    check_states("a margin", &Omt, &margin, 4000);
    margin.robust = Some(Robust { radius: 0.2, norm: Norm::Linf });
    check_states("a radius", &Omt, &margin, 3000);
    let mut limited = problem(21, (40, 3, 2), &[2]);
    limited.error_limits = vec![ErrorLimit { class: 1, most: 4 }];
    check_states("limits on errors", &Omt, &limited, 3000);
    let mut monotone = problem(22, (40, 4, 2), &[2]);
    monotone.restrictions.monotone.push(bdnn::Monotone { feature: 0, direction: Direction::Nondecreasing });
    check_states("a direction", &Omt, &monotone, 3000);
    let mut wide = problem(23, (24, 3, 2), &[7]);
    wide.epsilon = Some(0.01);
    check_states("a lazy table", &Omt, &wide, 600);
    let mut sets = problem(24, (40, 5, 2), &[2]);
    sets.restrictions.max_features = Some(2);
    check_states("sets of features", &Omt, &sets, 3000);
}

#[test]
fn single_neurons_go_on() {
    check_states("cores in few dimensions", &Omt, &problem(30, (90, 7, 2), &[]), 400);
    check_states("a program of cores", &Omt, &problem(31, (80, 13, 2), &[]), 40);
    check_states("several outputs", &Omt, &problem(32, (110, 6, 3), &[]), 300);
    check_states("one bit", &Omt, &problem(33, (80, 7, 2), &[1]), 300);
}

#[test]
fn whole_weights_go_on() {
    let whole = |seed, shape, hidden: &[usize], bound| {
        let mut problem = problem(seed, shape, hidden);
        problem.architecture.weights = WeightDomain::Integer(bound);
        problem
    };
    check_states("boxes", &Omt, &whole(40, (120, 9, 2), &[], 1), 30_000);
    check_states("boxes for several outputs", &Omt, &whole(41, (60, 6, 3), &[], 2), 4000);
    check_states("cells of whole weights", &Omt, &whole(42, (60, 5, 2), &[2], 1), 3000);
    check_states("whole weights as variables", &Omt, &whole(43, (30, 12, 2), &[2], 1), 1500);
    check_states("whole weights in two layers", &Omt, &whole(44, (24, 4, 2), &[2, 2], 1), 1500);
}

/// Limits of nodes are dealt out to the models that are searched together, so only states of mid-run are gone on with bit by bit; after a limit the answer is the same.
fn check_tree(name: &str, problem: &Problem, nodes: u64) {
    assert!(check(name, &Milp, problem, nodes, false) > 0, "{name}: nothing was kept");
    let run = |nodes: u64, checkpoint: Checkpoint<'_>| {
        let limits = Limits { nodes, threads: 1, seed: 5, ..Limits::default() };
        Milp.train(Request::new(problem, &limits).with_checkpoint(checkpoint)).expect(name)
    };
    let whole = run(u64::MAX, Checkpoint::default());
    for nodes in [1, nodes / 5] {
        let shelf = Shelf::default();
        run(nodes, Checkpoint { keeper: Some(&shelf), resume: None });
        if let Some(last) = shelf.0.into_inner().unwrap().last() {
            let resumed = run(u64::MAX, Checkpoint { keeper: None, resume: Some(last) });
            let answer = |training: &Training| (training.status, training.objective, training.bound);
            assert_eq!(answer(&resumed), answer(&whole), "{name}: after {nodes} nodes");
        }
    }
}

#[test]
fn branch_and_bound_goes_on() {
    for (seed, shape, hidden) in [(90, (14, 3, 2), &[2][..]), (91, (20, 2, 2), &[]), (92, (12, 3, 3), &[2])] {
        let mut problem = problem(seed, shape, hidden);
        problem.epsilon = Some(0.01);
        check_tree("the model", &problem, 250);
    }
    let mut whole = problem(93, (20, 4, 2), &[2]);
    whole.architecture.weights = WeightDomain::Integer(1);
    whole.epsilon = Some(0.01);
    check_tree("the model with whole weights", &whole, 250);
    let mut priced = problem(94, (14, 3, 2), &[2]);
    (priced.l0, priced.epsilon) = (0.5, Some(0.01));
    check_tree("the model with prices", &priced, 250);
}

#[test]
fn local_search_goes_on() {
    check_states("local search", &LocalSearch::default(), &problem(50, (200, 5, 2), &[4]), 14);
    check_states("local search for classes", &LocalSearch::default(), &problem(51, (120, 5, 3), &[3, 3]), 10);
    let mut priced = problem(52, (100, 6, 2), &[3]);
    (priced.l0, priced.l1, priced.epsilon) = (0.5, 0.1, Some(0.1));
    check_states("prices", &LocalSearch::default(), &priced, 9);
    let mut whole = problem(53, (100, 6, 2), &[3]);
    whole.architecture.weights = WeightDomain::Integer(1);
    whole.restrictions.max_features = Some(3);
    check_states("few features with whole weights", &LocalSearch::default(), &whole, 9);
}

/// What the rounds of data splitting may take depends on the limit from the first one on: so runs of one limit are compared.
#[test]
fn data_splitting_goes_on() {
    for (name, batches) in [("all", split::Batches::All), ("windows", split::Batches::Window(40))] {
        let options = split::Options { growth: 1.0, nodes_by_size: true, batches, ..split::Options::default() };
        let engine = Splitting { engine: LocalSearch::default(), options };
        let states = check(name, &engine, &problem(60, (90, 4, 2), &[3]), 60, false);
        assert!(states > 3, "{states} states");
    }
    let options = split::Options { batches: split::Batches::Average(30), ..split::Options::default() };
    let states =
        check("exact", &Splitting { engine: omt::Exact, options }, &problem(61, (60, 3, 2), &[2]), 2000, false);
    assert!(states > 3, "{states} states");
}

#[test]
fn the_chain_of_auto_goes_on() {
    check_states("clauses", &Auto, &problem(70, (80, 5, 2), &[2]), 4000);
    check_states("single neurons", &Auto, &problem(71, (300, 8, 2), &[]), 300);
    check_states("a wide layer", &Auto, &problem(72, (300, 6, 2), &[20]), 300);
    let mut whole = problem(73, (150, 9, 2), &[]);
    whole.architecture.weights = WeightDomain::Integer(1);
    check_states("whole weights", &Auto, &whole, 20_000);
}

/// Bytes that are no state are refused, wherever they end.
#[test]
fn what_is_no_state_is_refused() {
    let limits = Limits { nodes: 300, ..Limits::default() };
    let problems = [problem(80, (60, 4, 2), &[2]), problem(81, (200, 8, 2), &[])];
    for problem in &problems {
        let shelf = Shelf::default();
        let checkpoint = Checkpoint { keeper: Some(&shelf), resume: None };
        Auto.train(Request::new(problem, &limits).with_checkpoint(checkpoint)).expect("sound");
        let state = shelf.0.into_inner().unwrap().pop().expect("states are kept");
        for length in (0..40).map(|k| k * (state.len() - 1) / 39).filter(|&length| length > 0) {
            let checkpoint = Checkpoint { keeper: None, resume: Some(&state[..length]) };
            let refused = Auto.train(Request::new(problem, &limits).with_checkpoint(checkpoint));
            assert!(refused.is_err(), "{length} of {} bytes", state.len());
        }
        let longer = [&state[..], &[0]].concat();
        let checkpoint = Checkpoint { keeper: None, resume: Some(&longer) };
        assert!(Auto.train(Request::new(problem, &limits).with_checkpoint(checkpoint)).is_err());
    }
}
