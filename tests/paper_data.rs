//! The data files published with Kurtz and Bah (arXiv 2110.11382) read as they are.

use bdnn::{Architecture, Dataset, Layer, Loss, Network, Problem, ReadOptions, Scaler, Scaling, WeightDomain, exact};
use heaviside_acceptance::{known, shared};
use std::path::Path;

fn read(path: &Path) -> Dataset {
    Dataset::read(path, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn breast_cancer() -> Dataset {
    read(&known::path("breast_cancer_wisconsin_filled.csv"))
}

fn linear(inputs: usize) -> Architecture {
    Architecture { inputs, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous }
}

#[test]
fn breast_cancer_has_463_distinct_points_and_no_conflict() {
    let data = breast_cancer();
    assert_eq!((data.len(), data.num_features(), &data.schema.classes[..]), (699, 9, &["0".into(), "1".into()][..]));
    let points = data.points(&data.all(), &Scaling::MinMax.fit(&data, &data.all()));
    assert_eq!(points.len(), 463);
    assert_eq!(Problem::new(points, linear(9), Loss::ZeroOne).floor(), 0);
}

#[test]
#[ignore = "needs ../shared"]
fn credit_card_duplicates_force_21_errors() {
    let data = read(&shared("data/bdnn/default_of_credit_card_clients.csv"));
    let points = data.points(&data.all(), &Scaler::identity(data.num_features()));
    assert_eq!((data.len(), points.len()), (30_000, 29_944));
    assert_eq!(Problem::new(points, linear(data.num_features()), Loss::Hamming).floor(), 21);
}

#[test]
#[ignore = "needs ../shared"]
fn uniform_sets_have_their_shape() {
    has_shape(&shared("data/bdnn/uniform_n100_m200_0.csv"), 200, 100);
}

#[test]
fn random_sets_have_their_shapes() {
    has_shape(&known::path("rand_n2_m15_d2_s0.csv"), 15, 2);
    has_shape(&known::path("teacher_n5_m50_d2_s0.csv"), 50, 5);
}

fn has_shape(path: &Path, rows: usize, features: usize) {
    let data = read(path);
    assert_eq!((data.len(), data.num_features(), data.num_classes()), (rows, features, 2), "{path:?}");
    assert!(!data.schema.named, "{path:?} has no header");
}

/// A commercial solver "proved" 6 errors for this network. It makes 33.
#[test]
fn a_false_optimum_is_recounted() {
    let data = breast_cancer();
    let text = std::fs::read_to_string(known::path("wrong_optimum_network.json")).expect("readable");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let weights = json["weights"].as_array().expect("a list").iter().map(|w| w.as_f64().expect("a number")).collect();
    let bias = json["bias"].as_f64().expect("a number");
    let network = Network { layers: vec![Layer { inputs: 9, outputs: 1, weights, biases: vec![bias] }] };
    let points = data.points(&data.all(), &Scaler { shift: vec![1.0; 9], divisor: vec![9.0; 9] });
    let mut problem = Problem::new(points, linear(9), Loss::ZeroOne);
    assert_eq!(exact::check(&problem, &network), Ok(33));
    problem.epsilon = Some(1e-4);
    assert!(exact::check(&problem, &network).is_err(), "nor does it keep the margin it was trained with");
}
