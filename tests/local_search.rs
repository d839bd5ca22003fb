//! Local search against enumeration, known optima and the loss that the data force.

use bdnn::data::{Dataset, Fractions, ReadOptions};
use bdnn::{
    Architecture, Limits, Loss, Norm, Points, Problem, Request, Robust, Scaler, Scaling, Status, Training,
    WeightDomain, exact,
};
use heaviside_acceptance::random::Source;
use heaviside_acceptance::{files, known, oracle, shared};
use heuristics::Validation;
use heuristics::local_search::{choose, search, train};
use std::path::{Path, PathBuf};

fn rounds(nodes: u64) -> Limits {
    Limits { nodes, ..Limits::default() }
}

fn dataset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets").join(name)
}

/// What must hold of every result.
fn check(problem: &Problem, training: &Training) {
    let network = training.network.as_ref().expect("constant networks satisfy every problem");
    assert_eq!(exact::check(problem, network), Ok(training.loss));
    assert!(training.bound <= training.objective, "{} above {}", training.bound, training.objective);
    assert!((training.objective - problem.objective(network, training.loss)).abs() < 1e-9);
    if training.status == Status::Optimal {
        assert!(training.objective - training.bound <= 1e-9);
    }
}

/// A tiny problem of any kind.
fn tiny(source: &mut Source) -> Problem {
    let classes = 2 + usize::from(source.one_in(3));
    let bias = !source.one_in(4);
    let weights = match source.whole(0, 3) {
        0 => WeightDomain::Integer(1),
        1 => WeightDomain::Integer(2),
        _ => WeightDomain::Continuous,
    };
    let (rows, hidden): (usize, &[usize]) = match source.whole(0, 4) {
        0 | 1 => (9, &[]),
        2 | 3 => (7, &[2]),
        _ => (5, &[2, 2]),
    };
    let points = source.points(rows, 2, classes);
    let mut problem = source.problem(points, hidden, weights, bias);
    if source.one_in(2) {
        problem.epsilon = None;
    }
    if source.one_in(4) {
        problem.robust = Some(source.robust());
    }
    if source.one_in(4) {
        problem.partition = Some(source.partition(problem.points.len(), 4));
    }
    problem
}

/// Never below the true optimum, which enumeration knows, and seldom above it.
#[test]
fn agrees_with_enumeration_on_tiny_problems_of_every_kind() {
    let mut source = Source::new(20_261_123);
    let (mut problems, mut missed) = (0, vec![]);
    for at in 0..160 {
        let problem = tiny(&mut source);
        let training = train(Request::new(&problem, &rounds(2))).expect("a sound problem");
        check(&problem, &training);
        let optimum = oracle::optimum(&problem);
        assert!(training.objective >= optimum, "problem {at}: {} below {optimum}", training.objective);
        problems += 1;
        if training.objective > optimum {
            missed.push((at, training.objective, optimum));
        }
    }
    assert!(20 * missed.len() <= problems, "missed {missed:?} of {problems}");
}

/// With a price on weights the objective counts them, and weights that save nothing are gone.
#[test]
fn weights_have_their_price() {
    let mut source = Source::new(11);
    let mut above = 0.0;
    for _ in 0..40 {
        let weights = if source.one_in(2) { WeightDomain::Integer(2) } else { WeightDomain::Continuous };
        let points = source.points(8, 2, 2);
        let mut problem = source.problem(points, &[2], weights, true);
        problem.l0 = 0.3;
        if weights != WeightDomain::Continuous {
            problem.l1 = 0.1;
        }
        let training = train(Request::new(&problem, &rounds(2))).expect("a sound problem");
        check(&problem, &training);
        let optimum = oracle::optimum(&problem);
        assert!(training.objective >= optimum - 1e-9, "{} below {optimum}", training.objective);
        above += training.objective - optimum;
    }
    assert!(above <= 40.0 * 0.5, "{above} in sum above the optima");
    // Two points half apart: the least weight is the one whose margin is just kept.
    let points = Points::merge(1, 2, &[0.0, 0.5], &[0, 1], Scaler::identity(1));
    let mut problem = source.problem(points, &[], WeightDomain::Continuous, true);
    (problem.epsilon, problem.l1) = (Some(0.01), 1.0);
    let training = train(Request::new(&problem, &rounds(1))).expect("a sound problem");
    assert!((training.objective - 0.02).abs() < 1e-6, "{}", training.objective);
    problem.epsilon = None;
    let refused = train(Request::new(&problem, &rounds(1))).expect_err("no least weights");
    assert!(refused.to_string().contains("give an epsilon"), "{refused}");
}

/// Whole weights, one neuron: the search has every step it needs, so it should hardly ever miss.
#[test]
fn whole_weights_are_searched_step_by_step() {
    let mut source = Source::new(7);
    let mut missed = 0;
    for _ in 0..40 {
        let bound = source.whole(1, 3) as u32;
        let points = source.points(14, 3, 2);
        let problem = source.problem(points, &[], WeightDomain::Integer(bound), true);
        let training = train(Request::new(&problem, &rounds(2))).expect("a sound problem");
        check(&problem, &training);
        let optimum = oracle::optimum(&problem);
        assert!(training.objective >= optimum);
        missed += u32::from(training.objective > optimum);
    }
    assert!(missed <= 1, "{missed} of 40 missed");
}

/// At least nine of ten rows of the table of known optima, none below.
#[test]
fn reaches_known_optima() {
    let (mut known, mut reached) = (0, 0);
    for row in known::optima() {
        let Some(optimum) = row.optimum else { continue };
        let problem = row.problem();
        let training = train(Request::new(&problem, &rounds(6))).expect("a sound problem");
        check(&problem, &training);
        assert!(training.loss >= optimum, "{}: {} below the known optimum {optimum}", row.file, training.loss);
        known += 1;
        reached += u32::from(training.loss == optimum);
        if row.hidden == 0 {
            assert_eq!(training.loss, 13, "Breast Cancer without hidden layer");
        }
    }
    assert!(10 * reached >= 9 * known, "{reached} of {known}");
}

#[test]
#[ignore = "needs ../shared"]
fn a_thousand_points_without_hidden_layer() {
    let path = shared("data/bdnn/uniform_n10_m1000_0.csv");
    let problem = files::problem(&path, Scaling::MinMax, &[]);
    let training = train(Request::new(&problem, &rounds(3))).expect("a sound problem");
    check(&problem, &training);
    assert!(training.loss <= 120, "{}", training.loss);
}

/// Wide layers: the loss is the one that conflicting labels force, and known to be optimal.
#[test]
fn wide_layers_meet_the_floor() {
    let mut sets: Vec<PathBuf> =
        ["iris.csv", "sonar.csv", "boston_housing.csv"].iter().map(|name| dataset(name)).collect();
    sets.push(known::path("breast_cancer_wisconsin_filled.csv"));
    sets.iter().for_each(|path| meets_the_floor(path));
}

#[test]
#[ignore = "needs ../shared"]
fn wide_layers_meet_the_floor_in_a_hundred_dimensions() {
    meets_the_floor(&shared("data/bdnn/uniform_n100_m200_0.csv"));
}

fn meets_the_floor(path: &Path) {
    for hidden in [&[25][..], &[25, 4]] {
        let problem = files::problem(path, Scaling::MinMax, hidden);
        let training = train(Request::new(&problem, &rounds(4))).expect("a sound problem");
        check(&problem, &training);
        assert_eq!((training.status, training.loss), (Status::Optimal, problem.floor()), "{path:?} {hidden:?}");
    }
}

/// One, two and three threads: the same result to the last bit, whatever the kind of the problem.
#[test]
fn threads_change_nothing() {
    let iris = |hidden: &[usize], weights: WeightDomain| {
        let mut problem = files::problem(&dataset("iris.csv"), Scaling::MinMax, hidden);
        problem.architecture.weights = weights;
        problem
    };
    let mut robust = iris(&[2], WeightDomain::Continuous);
    robust.robust = Some(Robust { radius: 0.01, norm: Norm::Linf });
    let mut parted = iris(&[3], WeightDomain::Continuous);
    parted.partition = Some((0..parted.points.len()).map(|i| i % 20).collect());
    let mut hamming = iris(&[2, 3], WeightDomain::Integer(2));
    hamming.loss = Loss::Hamming;
    for problem in [iris(&[], WeightDomain::Continuous), iris(&[2], WeightDomain::Integer(1)), robust, parted, hamming]
    {
        let outcome = |threads| {
            let limits = Limits { threads, seed: 3, ..rounds(3) };
            let outcome = search(Request::new(&problem, &limits)).expect("a sound problem");
            check(&problem, &outcome.training);
            let Training { status, network, loss, .. } = outcome.training;
            (status, network, loss, outcome.pool)
        };
        let one = outcome(1);
        assert_eq!(one, outcome(2));
        assert_eq!(one, outcome(3));
    }
}

/// Members of the pool are sorted, confirmed, and differ in what they answer.
#[test]
fn the_pool_holds_different_networks() {
    let problem = files::problem(&dataset("haberman.csv"), Scaling::MinMax, &[2]);
    let outcome = search(Request::new(&problem, &rounds(4))).expect("a sound problem");
    assert!(outcome.pool.len() > 1);
    assert!(outcome.pool.is_sorted_by(|a, b| a.objective <= b.objective));
    assert_eq!(outcome.pool[0].loss, outcome.training.loss);
    let answers = |at: usize| exact::patterns(&problem.points, &outcome.pool[at].network);
    for at in 0..outcome.pool.len() {
        assert_eq!(exact::check(&problem, &outcome.pool[at].network), Ok(outcome.pool[at].loss));
        for before in 0..at {
            let last = |pattern: &bdnn::exact::Pattern| pattern.last().cloned();
            assert!(answers(at).iter().map(last).ne(answers(before).iter().map(last)));
        }
    }
}

/// A start is not lost, whatever the limits, and one that breaks the rules is refused.
#[test]
fn a_start_is_the_least_that_comes_back() {
    let problem = files::problem(&dataset("haberman.csv"), Scaling::MinMax, &[]);
    let good = train(Request::new(&problem, &rounds(3))).expect("a sound problem");
    let again = train(Request::new(&problem, &rounds(0)).with_start(good.network.as_ref())).expect("a sound problem");
    assert_eq!((again.status, again.loss), (Status::NodeLimit, good.loss));
    let mut wrong = good.network.expect("a network");
    wrong.layers[0].weights[0] = 2.0;
    let refused =
        train(Request::new(&problem, &rounds(1)).with_start(Some(&wrong))).expect_err("a weight outside the box");
    assert!(refused.to_string().contains("not in the domain"), "{refused}");
}

/// Half of the digits to train on, the other half to judge by: (training part, the other rows and their labels).
fn digits(hidden: &[usize]) -> (Problem, Validation) {
    let data = Dataset::read(&dataset("digits.csv"), &ReadOptions::default()).expect("a readable data set");
    let halves = Fractions { validation: 0.0, test: 0.5 };
    let split = bdnn::data::split(&data.labels, data.num_classes(), halves, true, 1).expect("ten classes");
    let scaler = Scaling::MinMax.fit(&data, &split.train);
    let architecture = Architecture {
        inputs: data.num_features(),
        hidden: hidden.to_vec(),
        classes: data.num_classes(),
        bias: true,
        weights: WeightDomain::Continuous,
    };
    let rest = Validation {
        rows: split.test.iter().flat_map(|&i| data.row(i)).copied().collect(),
        labels: split.test.iter().map(|&i| data.labels[i]).collect(),
    };
    (Problem::new(data.points(&split.train, &scaler), architecture, Loss::Hamming), rest)
}

/// Many networks of a wide shape have the least loss; the one returned is one that predicts.
#[test]
fn optimal_wide_networks_predict_well() {
    let (problem, rest) = digits(&[50]);
    let training = train(Request::new(&problem, &rounds(12))).expect("a sound problem");
    check(&problem, &training);
    assert_eq!((training.status, training.loss), (Status::Optimal, 0));
    let right = rest.right(&problem, training.network.as_ref().expect("checked"));
    assert!(100 * right > 93 * rest.labels.len(), "{right} of {}", rest.labels.len());
}

/// The rows kept apart choose the network, whatever it loses in training.
#[test]
fn validation_rows_choose() {
    let problem = files::problem(&dataset("haberman.csv"), Scaling::MinMax, &[6]);
    let rows: Vec<f64> = (0..problem.points.len()).flat_map(|i| problem.points.raw(i)).copied().collect();
    let labels = vec![1; problem.points.len()];
    let validation = Validation { rows, labels };
    let best = train(Request::new(&problem, &rounds(4))).expect("a sound problem");
    let chosen = choose(Request::new(&problem, &rounds(4)), &validation).expect("a sound problem");
    check(&problem, &chosen);
    let right = |training: &Training| validation.right(&problem, training.network.as_ref().expect("checked"));
    assert_eq!(right(&chosen), validation.labels.len(), "a constant network, found at once, is right everywhere here");
    assert!(right(&best) < right(&chosen) && best.loss < chosen.loss);
    assert_ne!(chosen.status, Status::Optimal);
}
