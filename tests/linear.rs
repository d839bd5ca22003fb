//! Networks without hidden layer on real data: published optima, limits, and the same answer each time.

use bdnn::{Architecture, Dataset, Limits, Loss, Network, Problem, Progress, ReadOptions, Request, Scaling, SearchRow};
use bdnn::{Status, Training, WeightDomain, exact};
use omt::linear;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets").join(name)
}

fn problem(path: &Path, positive: Option<&str>, scaling: Scaling) -> Problem {
    let options = ReadOptions { positive: positive.map(str::to_owned), ..ReadOptions::default() };
    let data = Dataset::read(path, &options).unwrap_or_else(|error| panic!("{error}"));
    let members = data.all();
    let points = data.points(&members, &scaling.fit(&data, &members));
    let architecture = Architecture {
        inputs: data.num_features(),
        hidden: vec![],
        classes: data.num_classes(),
        bias: true,
        weights: WeightDomain::Continuous,
    };
    Problem::new(points, architecture, Loss::Hamming)
}

/// Trains to the end and recounts the network.
fn optimum(problem: &Problem) -> u64 {
    let training = linear::train(Request::new(problem, &Limits::default())).expect("supported");
    assert_eq!(training.status, Status::Optimal);
    assert_eq!(training.bound, training.loss as f64);
    let network = training.network.expect("there always is one");
    assert_eq!(exact::loss(problem, &network), training.loss);
    assert!(network.layers[0].weights.iter().all(|w| w.abs() <= 1.0));
    training.loss
}

#[test]
fn iris_one_class_against_the_rest_and_all_at_once() {
    let path = data("iris.csv");
    for (class, loss) in [("setosa", 0), ("versicolor", 25), ("virginica", 1)] {
        assert_eq!(optimum(&problem(&path, Some(class), Scaling::MinMax)), loss, "{class}");
    }
    assert_eq!(optimum(&problem(&path, None, Scaling::Standard)), 26, "three outputs");
}

/// He and Little, An efficient, provably exact algorithm for the 0-1 loss linear classification problem (2023).
#[test]
fn haberman_has_its_published_optimum() {
    assert_eq!(optimum(&problem(&data("haberman.csv"), None, Scaling::MinMax)), 66);
}

#[test]
fn breast_cancer_wisconsin_has_its_known_optimum() {
    let path = heaviside_acceptance::known::path("breast_cancer_wisconsin_filled.csv");
    assert_eq!(optimum(&problem(&path, None, Scaling::MinMax)), 13);
}

#[test]
fn wdbc_sonar_and_wine_are_separable() {
    for name in ["breast_cancer_wdbc.csv", "sonar.csv", "wine.csv"] {
        assert_eq!(optimum(&problem(&data(name), None, Scaling::MinMax)), 0, "{name}");
    }
}

/// Records what it is told; stops after some rows.
#[derive(Default)]
struct Record {
    rows: Mutex<Vec<(u64, u64, f64)>>,
    incumbents: Mutex<Vec<f64>>,
    patience: Option<usize>,
}

impl Progress for Record {
    fn should_stop(&self) -> bool {
        self.patience.is_some_and(|patience| self.rows.lock().expect("one thread").len() >= patience)
    }
    fn row(&self, row: &SearchRow) {
        self.rows.lock().expect("one thread").push((row.nodes, row.lp_iterations, row.bound));
    }
    fn incumbent(&self, _network: &Network, objective: f64) {
        self.incumbents.lock().expect("one thread").push(objective);
    }
}

fn limited(problem: &Problem, nodes: u64, record: &Record) -> Training {
    linear::train(Request::new(problem, &Limits { nodes, ..Limits::default() }).with_progress(record))
        .expect("supported")
}

#[test]
fn a_limited_run_is_honest_and_repeatable() {
    let problem = problem(&data("boston_housing.csv"), None, Scaling::MinMax);
    let (first, second) = (Record::default(), Record::default());
    let training = limited(&problem, 10, &first);
    let again = limited(&problem, 10, &second);
    assert_eq!(training.status, Status::NodeLimit);
    assert_eq!(training.statistics.nodes, 10);
    assert!(0.0 < training.bound && training.bound < training.objective);
    assert_eq!((training.loss, training.bound), (again.loss, again.bound));
    assert_eq!(
        (&training.network, training.statistics.lp_iterations),
        (&again.network, again.statistics.lp_iterations)
    );
    let rows = first.rows.into_inner().expect("one thread");
    assert_eq!(rows, second.rows.into_inner().expect("one thread"));
    assert!(rows.is_sorted_by(|a, b| a.2 <= b.2), "the bound only rises: {rows:?}");
    let incumbents = first.incumbents.into_inner().expect("one thread");
    assert!(incumbents.is_sorted_by(|a, b| a > b), "each incumbent is better: {incumbents:?}");
    assert_eq!(incumbents.last(), Some(&training.objective));
    // Going on from its network, the search is not worse off.
    let network = training.network.expect("there always is one");
    let limits = Limits { nodes: 0, ..Limits::default() };
    let started = linear::train(Request::new(&problem, &limits).with_start(Some(&network))).expect("supported");
    assert!(started.loss <= training.loss);
}

#[test]
fn a_run_that_is_told_to_stop_returns_what_it_has() {
    let problem = problem(&data("boston_housing.csv"), None, Scaling::MinMax);
    let training = limited(&problem, u64::MAX, &Record { patience: Some(3), ..Record::default() });
    assert_eq!(training.status, Status::Interrupted);
    let network = training.network.expect("there always is one");
    assert_eq!(exact::loss(&problem, &network), training.loss);
}

#[test]
fn a_gap_asked_for_is_a_gap_granted() {
    let problem = problem(&data("haberman.csv"), None, Scaling::MinMax);
    let limits = Limits { gap: 0.3, ..Limits::default() };
    let training = linear::train(Request::new(&problem, &limits)).expect("supported");
    assert_eq!(training.status, Status::WithinGap);
    assert!((training.objective - training.bound) / training.objective <= 0.3);
    assert!(training.bound < 66.0, "stopped before the end");
}
