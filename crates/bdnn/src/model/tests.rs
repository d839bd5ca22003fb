//! Model files: back as they were written, and refused where they lie.

use super::*;
use crate::{Layer, Norm, WeightDomain};
use proptest::prelude::*;
use serde_json::{Value, json};

fn model(weight: f64, bias: f64, shift: f64) -> Model {
    Model {
        program: "heaviside 0.1.0".to_owned(),
        architecture: Architecture {
            inputs: 2,
            hidden: vec![1],
            classes: 2,
            bias: true,
            weights: WeightDomain::Continuous,
        },
        network: Network {
            layers: vec![
                Layer { inputs: 2, outputs: 1, weights: vec![weight, -0.5], biases: vec![bias] },
                Layer { inputs: 1, outputs: 1, weights: vec![1.0], biases: vec![-0.5] },
            ],
        },
        scaling: Scaling::MinMax,
        scaler: Scaler { shift: vec![shift, 0.0], divisor: vec![1.0, 3.0] },
        schema: Schema {
            features: vec!["width".to_owned(), "height".to_owned()],
            named: true,
            label: "kind".to_owned(),
            label_column: 2,
            weight: None,
            one_hot: vec![],
            classes: vec!["not cat".to_owned(), "cat".to_owned()],
            positive: Some("cat".to_owned()),
        },
        training: Provenance {
            epsilon: Some(1e-4),
            robust: Some(Robust { radius: 0.125, norm: Norm::L1 }),
            seed: u64::MAX,
            kept_apart: Fractions { validation: 0.0, test: 0.25 },
            stratify: true,
            rows: 3,
            distinct_points: 2,
            ..Provenance::new("omt", Loss::ZeroOne, "0123456789abcdef".repeat(4))
        },
        claim: Claim { status: Status::TimeLimit, loss: 3, objective: 3.0, bound: 1.5 },
    }
}

fn document() -> Value {
    serde_json::from_str(&model(0.25, 0.0, 0.0).to_json().unwrap()).unwrap()
}

#[test]
fn json_names_its_version_and_uses_the_words_of_the_command_line() {
    let json = document();
    assert_eq!((&json["format"], &json["version"]), (&json!("heaviside-model"), &json!(1)));
    assert_eq!(json["training"]["loss"], "zero-one");
    assert_eq!(json["training"]["robust"], json!({"radius": 0.125, "norm": "l1"}));
    assert_eq!(json["claim"]["status"], "time-limit");
    assert_eq!(json["network"]["layers"][0]["weights"], json!([0.25, -0.5]));
}

/// One lie a file.
#[test]
fn lies_are_refused() {
    let lies: &[(&str, Value, &str)] = &[
        ("/format", json!("other"), "the field \"format\" must be \"heaviside-model\""),
        ("/format", Value::Null, "the field \"format\" must be \"heaviside-model\""),
        ("/version", json!(2), "the version is 2; this program reads version 1"),
        ("/version", Value::Null, "the version is missing; this program reads version 1"),
        ("/architecture/inputs", json!(0), "architecture: a network needs at least one feature"),
        ("/architecture/inputs", json!(u64::MAX), "network: the network has widths"),
        ("/architecture/hidden", json!([1, 1]), "network: the network has widths [2, 1, 1] where [2, 1, 1, 1]"),
        ("/architecture/classes", json!(3), "network: the network has widths [2, 1, 1] where [2, 1, 3]"),
        ("/architecture/bias", json!(false), "network: layer 2, neuron 1: the bias -0.5 is not 0"),
        ("/architecture/weights", json!({"integer": 1}), "network: layer 1, neuron 1: the weight 0.25 is not in"),
        ("/architecture/weights", json!("complex"), "unknown variant `complex`"),
        ("/network/layers", json!([]), "network: the network has no layer"),
        ("/network/layers/0/weights", json!([0.25]), "network: layer 1 is 1 x 2, but has 1 weights"),
        ("/network/layers/0/weights/0", json!(1.5), "network: layer 1, neuron 1: the weight 1.5 is not in"),
        ("/network/layers/0/weights/0", Value::Null, "invalid type: null, expected f64"),
        ("/network/layers/0/outputs", json!(u64::MAX), "network: layer 1 is"),
        ("/network/layers/0/outputs", json!(-1), "invalid value: integer `-1`, expected usize"),
        ("/network/layers/1/inputs", json!(7), "network: layer 2 takes 7 inputs, but layer 1 has 1 outputs"),
        ("/network/layers/0/biases", json!([]), "network: layer 1 has 1 neurons, but 0 biases"),
        ("/scaler/divisor/1", json!(0.0), "scaler: feature 2: shift 0 and divisor 0 are not a finite positive map"),
        ("/scaler/divisor/1", json!(-1.0), "scaler: feature 2"),
        ("/scaler/shift", json!([0.0]), "scaler: the scaler has 1 shifts, but 2 divisors"),
        ("/scaler", json!({"shift": [0.0], "divisor": [1.0]}), "scaler: 1 features, but the network has 2 inputs"),
        ("/schema/features", json!(["width"]), "schema: 1 features, but the network has 2 inputs"),
        ("/schema/features", json!(["width", "width"]), "schema: two features are called \"width\""),
        ("/schema/label_column", json!(3), "schema: label_column 3 is beyond the last of 3 columns"),
        ("/schema/classes", json!(["cat"]), "schema: 1 classes, but the network tells 2 apart"),
        ("/schema/classes", json!(["cat", "cat"]), "schema: two classes are called \"cat\""),
        ("/schema/classes", json!(["1", "1.0"]), "schema: the classes \"1\" and \"1.0\" are one"),
        ("/schema/positive", json!("dog"), "schema: with a positive class there are two classes, and the second is it"),
        (
            "/schema/one_hot",
            json!([{"name": "colour", "column": 0, "values": ["red"]}]),
            "schema: the features do not fit the column \"colour\"",
        ),
        (
            "/schema/one_hot",
            json!([{"name": "class", "column": 2, "values": ["red"]}]),
            "schema: \"class\" is no column of categories beside the others",
        ),
        ("/training/error_limits", json!([{"class": 2, "most": 1}]), "training: error_limits are for two classes"),
        (
            "/training/error_limits",
            json!([{"class": 1, "most": 1}, {"class": 1, "most": 2}]),
            "training: error_limits are for two classes",
        ),
        (
            "/training/restrictions",
            json!({"monotone": [{"feature": 7, "direction": "nondecreasing"}]}),
            "training: feature 8 has a direction, and there are 2",
        ),
        (
            "/training/restrictions",
            json!({"monotone": [{"feature": 1, "direction": "nondecreasing"}]}),
            "network: along some path of weights from feature 2 to the output the sign is not +",
        ),
        ("/training/restrictions", json!({"max_features": 0}), "network: 2 features have weights, and at most 0 may"),
        ("/schema/extra", json!(1), "unknown field `extra`"),
        ("/training/epsilon", json!(0.0), "training: epsilon must be null or positive and finite"),
        ("/training/robust/radius", json!(-0.5), "training: the radius must be finite and not negative"),
        ("/training/l1", json!(-1.0), "training: l0 and l1 must be finite and not negative"),
        ("/training/data_sha256", json!("0".repeat(63)), "training: data_sha256 must be 64 lower-case"),
        ("/training/data_sha256", json!("G".repeat(64)), "training: data_sha256 must be 64 lower-case"),
        ("/training/kept_apart/test", json!(1.0), "training: the shares kept_apart"),
        ("/training/kept_apart/validation", json!(0.75), "training: the shares kept_apart"),
        ("/training/distinct_points", json!(4), "training: more distinct_points than rows"),
        ("/claim/status", json!("proven"), "unknown variant `proven`"),
        ("/claim/loss", json!(-1), "invalid value: integer `-1`, expected u64"),
        ("/claim", Value::Null, "invalid type: null, expected struct Claim"),
    ];
    for (path, lie, message) in lies {
        let mut json = document();
        let (parent, key) = path.rsplit_once('/').unwrap();
        match json.pointer_mut(parent).unwrap() {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = lie.clone(),
            object => object[key] = lie.clone(),
        }
        match Model::parse(json.to_string().as_bytes()) {
            Ok(_) => panic!("{path} = {lie} went through"),
            Err(found) => assert!(found.starts_with(message), "{path} = {lie}: {found}"),
        }
    }
}

#[test]
fn missing_fields_and_broken_text_are_refused() {
    for field in ["program", "architecture", "network", "scaling", "scaler", "schema", "training", "claim"] {
        let mut json = document();
        json.as_object_mut().unwrap().remove(field);
        let found = Model::parse(json.to_string().as_bytes()).unwrap_err();
        assert!(found.starts_with(&format!("missing field `{field}`")), "{found}");
    }
    let text = document().to_string();
    for end in 0..text.len() {
        assert!(Model::parse(&text.as_bytes()[..end]).is_err(), "cut at {end}");
    }
    let deep = format!("{{\"format\": {}", "[".repeat(100_000));
    assert!(Model::parse(deep.as_bytes()).is_err());
    let huge = text.replacen("0.25", "1e999", 1);
    assert!(Model::parse(huge.as_bytes()).unwrap_err().contains("number out of range"));
}

#[test]
fn what_cannot_be_read_is_not_written() {
    let mut broken = model(0.25, 0.0, 0.0);
    broken.claim.bound = f64::INFINITY;
    assert_eq!(broken.to_json(), Err("claim: bound is inf".to_owned()));
    broken = model(f64::NAN, 0.0, 0.0);
    assert_eq!(broken.to_json(), Err("network: layer 1 has a weight or bias that is not finite".to_owned()));
}

#[test]
fn errors_name_the_file() {
    let error = Model::read(Path::new("no/such/model.json")).unwrap_err().to_string();
    assert!(error.starts_with("no/such/model.json: "), "{error}");
}

proptest! {
    #[test]
    fn numbers_come_back_bit_by_bit(
        weight in -1.0..=1.0f64,
        bias in any::<f64>().prop_filter("finite", |x| x.is_finite()),
        shift in any::<f64>().prop_filter("finite", |x| x.is_finite()),
    ) {
        let written = model(weight, bias, shift);
        let read = Model::parse(written.to_json().unwrap().as_bytes()).unwrap();
        prop_assert_eq!(read.network.layers[0].weights[0].to_bits(), weight.to_bits());
        prop_assert_eq!(read.network.layers[0].biases[0].to_bits(), bias.to_bits());
        prop_assert_eq!(read.scaler.shift[0].to_bits(), shift.to_bits());
        prop_assert_eq!(read, written);
    }

    #[test]
    fn never_panics(at in 0usize..2000, byte in any::<u8>()) {
        let mut bytes = document().to_string().into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        // A model or a message; a model that is accepted is sane.
        if let Ok(model) = Model::parse(&bytes) {
            prop_assert_eq!(model.check(), Ok(()));
            let _ = model.exact().predict(&[0.0, 1.0]);
        }
    }
}
