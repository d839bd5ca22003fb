//! The data files published with Kurtz and Bah (arXiv 2110.11382) read as they are, where they are present.

use bdnn::{Architecture, Dataset, Layer, Loss, Network, Problem, ReadOptions, Scaler, Scaling, WeightDomain, exact};
use heaviside_acceptance::shared;

fn read(name: &str) -> Option<Dataset> {
    let path = shared(&format!("data/bdnn/{name}"))?;
    Some(Dataset::read(&path, &ReadOptions::default()).unwrap_or_else(|error| panic!("{error}")))
}

fn linear(inputs: usize) -> Architecture {
    Architecture { inputs, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous }
}

#[test]
fn breast_cancer_has_463_distinct_points_and_no_conflict() {
    let Some(data) = read("breast_cancer_wisconsin_original.csv") else { return };
    assert_eq!((data.len(), data.num_features(), &data.schema.classes[..]), (699, 9, &["0".into(), "1".into()][..]));
    let points = data.points(&data.all(), &Scaling::MinMax.fit(&data, &data.all()));
    assert_eq!(points.len(), 463);
    assert_eq!(Problem::new(points, linear(9), Loss::ZeroOne).floor(), 0);
}

#[test]
fn credit_card_duplicates_force_21_errors() {
    let Some(data) = read("default_of_credit_card_clients.csv") else { return };
    let points = data.points(&data.all(), &Scaler::identity(data.num_features()));
    assert_eq!((data.len(), points.len()), (30_000, 29_944));
    assert_eq!(Problem::new(points, linear(data.num_features()), Loss::Hamming).floor(), 21);
}

#[test]
fn random_sets_have_their_shapes() {
    for (name, rows, features) in [("uniform_n100_m200_0.csv", 200, 100), ("rand_n2_m15_d2_s0.csv", 15, 2)] {
        let Some(data) = read(name) else { return };
        assert_eq!((data.len(), data.num_features(), data.num_classes()), (rows, features, 2), "{name}");
        assert!(!data.schema.named, "{name} has no header");
    }
}

/// A commercial solver "proved" 6 errors for this network. It makes 33.
#[test]
fn a_false_optimum_is_recounted() {
    let (Some(data), Some(path)) =
        (read("breast_cancer_wisconsin_original.csv"), shared("data/bdnn/wrong_optimum_network.json"))
    else {
        return;
    };
    let text = std::fs::read_to_string(path).expect("readable");
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
