//! Training by the mixed-integer model on data whose optimum is known.
//!
//! The quick half runs always; the rest takes minutes and is asked for with `--ignored`.

use bdnn::{
    Architecture, Layer, Limits, Loss, Network, Points, Problem, ReadOptions, Request, Scaler, Scaling, Status,
    Training, WeightDomain, exact,
};
use heaviside_acceptance::{files, known, shared};
use std::path::Path;

/// The margin of the known optima.
const EPSILON: f64 = 1e-4;

fn train(problem: &Problem, limits: &Limits) -> Training {
    let training = formulation::train(Request::new(problem, limits)).unwrap_or_else(|error| panic!("{error}"));
    let network = training.network.as_ref().expect("limits return some network");
    assert_eq!(exact::check(problem, network), Ok(training.loss), "the network has the loss that is claimed");
    assert!(training.bound <= training.objective);
    training
}

fn with_margin(path: &Path, scaling: Scaling, hidden: &[usize]) -> Problem {
    Problem { epsilon: Some(EPSILON), ..files::problem(path, scaling, hidden) }
}

/// Trains the rows of `expected.csv` with between `least` and `most` points.
fn optima(least: usize, most: usize) -> usize {
    let mut trained = 0;
    for known::Known { file: name, hidden, optimum } in known::optima() {
        let Some(optimum) = optimum.filter(|_| hidden > 0) else { continue };
        let problem = with_margin(&known::path(&name), Scaling::None, &[hidden]);
        if !(least..=most).contains(&problem.points.num_rows()) {
            continue;
        }
        let training = train(&problem, &Limits::default());
        println!("{name}: {} after {} nodes", training.loss, training.statistics.nodes);
        assert_eq!((training.status, training.loss), (Status::Optimal, optimum), "{name} with {hidden} neurons");
        trained += 1;
    }
    trained
}

#[test]
fn small_expected_optima_are_proven() {
    assert_eq!(optima(0, 20), 2);
}

#[test]
#[ignore = "minutes"]
fn larger_expected_optima_are_proven() {
    assert!(optima(21, 25) > 0);
}

/// The data behind a model file of `bdnn-mps`, read off its first-layer rows and the costs of its outputs.
fn data_of_model(path: &Path) -> Points {
    let model = milp::io::read_model(path).unwrap_or_else(|error| panic!("{error}"));
    let named = |prefix: &str| -> Vec<usize> {
        (0..model.num_vars()).filter(|&j| model.variables[j].name.starts_with(prefix)).collect()
    };
    let (weights, bias, outputs) = (named("W1_0_"), named("b1_0"), named("z_"));
    let coefficient = |row: &milp::model::Row, j: usize| {
        row.terms.iter().find(|&&(var, _)| var.index() == j).map_or(0.0, |&(_, value)| value)
    };
    // One row a point bounds the first neuron from above.
    let of_points = model.rows.iter().filter(|row| row.upper.is_finite() && coefficient(row, bias[0]) == 1.0);
    let rows: Vec<f64> = of_points.flat_map(|row| weights.iter().map(|&w| coefficient(row, w))).collect();
    let labels: Vec<usize> = outputs.iter().map(|&z| usize::from(model.variables[z].cost < 0.0)).collect();
    Points::merge(weights.len(), 2, &rows, &labels, Scaler::identity(weights.len()))
}

/// Our formulation of the same data has the optimum that other solvers found for theirs.
fn optima_of_models(names: &[(&str, usize, u64)]) {
    for &(name, neurons, optimum) in names {
        let points = data_of_model(&shared(&format!("data/bdnn-mps/{name}.mps")));
        let architecture = Architecture {
            inputs: points.num_features(),
            hidden: vec![neurons],
            classes: 2,
            bias: true,
            weights: WeightDomain::Continuous,
        };
        let problem = Problem { epsilon: Some(EPSILON), ..Problem::new(points, architecture, Loss::Hamming) };
        let training = train(&problem, &Limits::default());
        println!("{name}: {} after {} nodes", training.loss, training.statistics.nodes);
        assert_eq!((training.status, training.loss), (Status::Optimal, optimum), "{name}");
    }
}

#[test]
#[ignore = "needs ../shared"]
fn models_by_others_have_the_same_optima() {
    optima_of_models(&[("rand_n2_m10_d2_s0", 2, 0), ("rand_n3_m20_d2_s0", 2, 1)]);
}

#[test]
#[ignore = "needs ../shared, minutes"]
fn larger_models_by_others_have_the_same_optima() {
    optima_of_models(&[("rand_n2_m20_d3_s0", 3, 1), ("teacher_n2_m30_d2_s0", 2, 3)]);
}

fn breast_cancer() -> Problem {
    with_margin(&known::path("breast_cancer_wisconsin_filled.csv"), Scaling::MinMax, &[])
}

/// A leading solver with default tolerances "proves" 6 here. The optimum is 13: no bound may exceed it, no network
/// claim less than it makes.
#[test]
fn breast_cancer_never_reports_a_loss_its_network_does_not_have() {
    let problem = breast_cancer();
    assert_eq!((problem.points.num_rows(), problem.points.len(), problem.floor()), (699, 463, 0));
    let training = train(&problem, &Limits { nodes: 40, time: 60.0, ..Limits::default() });
    println!("{:?}: loss {}, bound {}", training.status, training.loss, training.bound);
    assert!(training.loss >= 13 && training.bound <= 13.0);
}

#[test]
fn the_wrong_optimum_makes_33_errors() {
    let problem = breast_cancer();
    let text = std::fs::read_to_string(known::path("wrong_optimum_network.json")).expect("readable");
    let json: serde_json::Value = serde_json::from_str(&text).expect("well formed");
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");
    let weights: Vec<f64> = json["weights"].as_array().expect("a list").iter().map(number).collect();
    let layer = Layer { inputs: weights.len(), outputs: 1, weights, biases: vec![number(&json["bias"])] };
    let network = Network { layers: vec![layer] };
    assert_eq!(exact::loss(&problem, &network), json["errors_recounted"].as_u64().expect("a count"));
    assert_eq!(exact::loss(&problem, &network), 33);
    assert!(exact::check(&problem, &network).is_err(), "nor does it keep the margin");
    // As a start it is no more than what its activations are worth.
    let limits = Limits { nodes: 0, time: 60.0, ..Limits::default() };
    let training = formulation::train(Request::new(&problem, &limits).with_start(Some(&network))).expect("well formed");
    assert!((13..=33).contains(&training.loss));
}

#[test]
fn iris_has_its_published_optimum() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/iris.csv");
    let options = ReadOptions { positive: Some("virginica".to_owned()), ..ReadOptions::default() };
    let data = bdnn::Dataset::read(&path, &options).unwrap_or_else(|error| panic!("{error}"));
    let members = data.all();
    let points = data.points(&members, &Scaling::MinMax.fit(&data, &members));
    let architecture =
        Architecture { inputs: 4, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
    let problem = Problem { epsilon: Some(EPSILON), ..Problem::new(points, architecture, Loss::ZeroOne) };
    let training = train(&problem, &Limits::default());
    println!("{} nodes", training.statistics.nodes);
    assert_eq!((training.status, training.loss), (Status::Optimal, 1));
}
