use super::*;
use crate::Validation;
use crate::local_search::LocalSearch;
use ::omt::Exact;
use bdnn::{Architecture, Loss, Points, Scaler, WeightDomain};
use proptest::prelude::*;
use rand::RngExt;
use std::sync::Mutex;

const LOCAL: LocalSearch = LocalSearch { validation: None };

/// Points in the square; the class is that of a strip, with some labels flipped.
fn strip(points: usize, hidden: Vec<usize>, seed: u64) -> Problem {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let rows: Vec<f64> = (0..2 * points).map(|_| random.random_range(-1.0..1.0)).collect();
    let inside = |p: &[f64]| (p[0] + p[1]).abs() < 0.5;
    let labels: Vec<usize> = rows.chunks(2).map(|p| usize::from(inside(p) ^ random.random_bool(0.05))).collect();
    let points = Points::merge(2, 2, &rows, &labels, Scaler::identity(2));
    let architecture = Architecture { inputs: 2, hidden, classes: 2, bias: true, weights: WeightDomain::Continuous };
    Problem::new(points, architecture, Loss::ZeroOne)
}

fn one_thread(seed: u64) -> Limits {
    Limits { threads: 1, seed, ..Limits::default() }
}

/// Remembers the best objective after every round.
#[derive(Default)]
struct Rounds(Mutex<Vec<(u64, f64)>>);

impl Progress for Rounds {
    fn row(&self, row: &SearchRow) {
        if row.source == 'P' {
            self.0.lock().unwrap().push((row.open, row.incumbent.unwrap()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// With an exact engine and no limits the last partition is the full problem, so the optimum is the optimum; parts
    /// only ever grow in number, and losses never.
    #[test]
    fn splitting_to_the_end_is_exact(seed in 0_u64..1000, growth in 0.0_f64..1.0, by in 0_usize..3) {
        let problem = strip(14, vec![2], seed);
        let best = ::omt::train(Request::new(&problem, &one_thread(0))).unwrap();
        let split = [Split::KMeans, Split::KMedians, Split::Linear][by];
        let options = Options { growth, split, polish: false, ..Options::default() };
        let rounds = Rounds::default();
        let found = train(Request::new(&problem, &one_thread(seed)).with_progress(&rounds), &options, &Exact).unwrap();
        prop_assert_eq!(found.status, Status::Optimal);
        prop_assert_eq!((found.loss, found.bound), (best.loss, best.loss as f64));
        let rounds = rounds.0.into_inner().unwrap();
        prop_assert!(rounds.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 >= pair[1].1), "{rounds:?}");
    }
}

/// A partition's optimum is an upper bound: stopped early, the run claims the bound of the labels and no more.
#[test]
fn early_ends_claim_no_bound() {
    let problem = strip(40, vec![2], 3);
    let limits = Limits { nodes: 1, ..one_thread(0) };
    let options = Options { polish: false, ..Options::default() };
    let found = train(Request::new(&problem, &limits), &options, &Exact).unwrap();
    assert!(found.loss as f64 > found.bound && found.bound == problem.floor() as f64);
    assert_ne!(found.status, Status::Optimal);
    assert_eq!(exact::check(&problem, found.network.as_ref().unwrap()), Ok(found.loss));
}

#[test]
fn the_seed_decides() {
    let problem = strip(60, vec![3], 5);
    for batches in [Batches::All, Batches::Window(20), Batches::Average(25)] {
        let options = Options { growth: 1.0, reduction: Reduction::Centroids, batches, ..Options::default() };
        let run = |threads| {
            let limits = Limits { nodes: 8, threads, ..one_thread(1) };
            let found = train(Request::new(&problem, &limits), &options, &LOCAL).unwrap();
            assert_eq!(exact::check(&problem, found.network.as_ref().unwrap()), Ok(found.loss));
            (found.loss, found.network)
        };
        assert_eq!(run(1), run(2), "{batches:?}");
    }
}

/// The network with the best accuracy on the rows kept apart is returned, whatever fits the training rows better.
#[test]
fn validation_chooses() {
    let problem = strip(60, vec![3], 8);
    let apart = strip(60, vec![3], 9);
    let rows: Vec<f64> = (0..60).flat_map(|i| apart.points.raw(i).to_vec()).collect();
    // Labels that only a constant network gets right.
    let validation = Validation { rows, labels: vec![1; 60] };
    let options = Options { growth: 1.0, validation: Some(validation.clone()), ..Options::default() };
    let limits = Limits { nodes: 2000, ..one_thread(1) };
    let found = train(Request::new(&problem, &limits), &options, &Exact).unwrap();
    assert_eq!(validation.right(&problem, found.network.as_ref().unwrap()), 60);
    let least = found.statistics.more.iter().find(|(name, _)| *name == "least training objective").unwrap().1;
    assert!(least < found.objective, "it found better for training");
    assert_ne!(found.status, Status::Optimal);
}

/// Conditions of the full problem hold of what comes out, also where means stand for the points.
#[test]
fn conditions_survive() {
    for reduction in [Reduction::Shared, Reduction::Centroids] {
        let mut problem = strip(40, vec![3], 11);
        problem.architecture.weights = WeightDomain::Integer(1);
        problem.epsilon = Some(1e-3);
        problem.robust = Some(bdnn::Robust { radius: 0.01, norm: bdnn::Norm::Linf });
        let options = Options { growth: 1.0, reduction, ..Options::default() };
        let limits = Limits { nodes: 6, ..one_thread(2) };
        let found = train(Request::new(&problem, &limits), &options, &LOCAL).unwrap();
        assert_eq!(exact::check(&problem, found.network.as_ref().unwrap()), Ok(found.loss));
    }
}

/// Trains nothing: its k-th network from 0 is the rule x + y >= 24.5 - k, and there is a `T` for each, where the run has an `I` for a better network.
struct Steps<'a>(&'a Mutex<String>);

impl Engine for Steps<'_> {
    fn name(&self) -> &'static str {
        "steps"
    }

    fn train(&self, _: Request<'_>) -> Result<Training, EngineError> {
        let mut told = self.0.lock().unwrap();
        let bias = told.matches('T').count() as f64 - 24.5;
        told.push('T');
        let layers = vec![bdnn::Layer { inputs: 2, outputs: 1, weights: vec![1.0; 2], biases: vec![bias] }];
        let network = Some(Network { layers });
        let statistics = Statistics::default();
        Ok(Training { status: Status::Optimal, network, loss: 0, objective: 0.0, bound: 0.0, statistics })
    }
}

impl Progress for Steps<'_> {
    fn incumbent(&self, _: &Network, _: f64) {
        self.0.lock().unwrap().push('I');
    }

    fn should_stop(&self) -> bool {
        self.0.lock().unwrap().matches('T').count() >= 5
    }
}

/// What a window's network is worth is counted before the next is trained: a run that is stopped among a thousand windows has those before,
/// and nothing left to count.
#[test]
fn windows_are_counted_as_they_come() {
    // On one feature no threshold has less than 95 errors.
    let rows: Vec<f64> = (0..400).flat_map(|i| [f64::from(i / 20), f64::from(i % 20)]).collect();
    let labels: Vec<usize> = rows.chunks(2).map(|p| usize::from(p[0] + p[1] >= 20.0)).collect();
    let points = Points::merge(2, 2, &rows, &labels, Scaler::identity(2));
    let architecture =
        Architecture { inputs: 2, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
    let problem = Problem::new(points, architecture, Loss::ZeroOne);
    let told = Mutex::new(String::new());
    let steps = Steps(&told);
    let options = Options { batches: Batches::Average(1), polish: false, ..Options::default() };
    let found = train(Request::new(&problem, &one_thread(0)).with_progress(&steps), &options, &steps).unwrap();
    // The first misses 19 + 18 + .. + 15 points, the fifth 19.
    assert_eq!((found.status, found.loss), (Status::Interrupted, 19));
    let told = told.lock().unwrap();
    assert_eq!(told.trim_start_matches('I'), "TITITITITI", "{told}");
}

struct Unlicensed;

impl Engine for Unlicensed {
    fn name(&self) -> &'static str {
        "unlicensed"
    }

    fn train(&self, _: Request<'_>) -> Result<Training, EngineError> {
        Err("no licence".into())
    }
}

#[test]
fn misuse_is_refused() {
    let mut problem = strip(10, vec![], 0);
    let run = |problem: &Problem, engine: &dyn Engine| {
        train(Request::new(problem, &one_thread(0)), &Options::default(), engine).unwrap_err().to_string()
    };
    assert_eq!(run(&problem, &Unlicensed), "no licence");
    problem.partition = Some(vec![0; 10]);
    assert!(run(&problem, &Exact).contains("partition"));
}
