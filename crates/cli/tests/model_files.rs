//! `predict`, `evaluate` and `check network` on a model made by hand: on `a` in [0, 4], scaled to [0, 1], the class is
//! yes from 2 on.

mod common;

use bdnn::data::{Fractions, Scaling, Schema};
use bdnn::model::{Claim, Provenance};
use bdnn::{Architecture, Dataset, Layer, Loss, Model, Network, ReadOptions, Scaler, Status, WeightDomain};
use common::{Files, heaviside, heaviside_with};

/// The row of 3 is labelled against the rule; 2 lies on it.
const DATA: &str = "a,b,class\n0,1,no\n4,1,yes\n2,0,yes\n3,5,no\n";

fn model(claimed_loss: u64) -> Model {
    let data = Dataset::parse(DATA.as_bytes(), "data", &ReadOptions::default()).unwrap();
    Model {
        program: "by hand".to_owned(),
        architecture: Architecture {
            inputs: 2,
            hidden: vec![],
            classes: 2,
            bias: true,
            weights: WeightDomain::Continuous,
        },
        network: Network { layers: vec![Layer { inputs: 2, outputs: 1, weights: vec![1.0, 0.0], biases: vec![-0.5] }] },
        scaling: Scaling::MinMax,
        scaler: Scaler { shift: vec![0.0, 0.0], divisor: vec![4.0, 5.0] },
        schema: Schema {
            features: vec!["a".to_owned(), "b".to_owned()],
            named: true,
            label: "class".to_owned(),
            label_column: 2,
            weight: None,
            one_hot: vec![],
            classes: vec!["no".to_owned(), "yes".to_owned()],
            positive: None,
        },
        training: Provenance {
            rows: 4,
            distinct_points: 4,
            ..Provenance::new("omt", Loss::Hamming, data.sha256(&data.all()))
        },
        claim: Claim { status: Status::TimeLimit, loss: claimed_loss, objective: claimed_loss as f64, bound: 0.0 },
    }
}

fn add(files: &Files, name: &str, model: &Model) -> String {
    files.add(name, &model.to_json().unwrap())
}

#[test]
fn predictions_are_a_table_with_the_class_last() {
    let files = Files::new();
    let model = add(&files, "m.json", &model(1));
    let run = heaviside_with(&["predict", &model, "-"], DATA);
    assert_eq!(run.ok(), "a,b,predicted class\n0,1,no\n4,1,yes\n2,0,yes\n3,5,yes\n");
    assert_eq!(run.err, "-: 4 rows, 2 features, a header; nothing missing, no duplicates\n");
    // Columns are found by name; others do not matter.
    let run = heaviside_with(&["predict", &model, "-", "--out", &files.path("p.csv")], "b;more;a\n0.5;x;1.75\n");
    assert_eq!(run.ok(), "");
    assert_eq!(files.read("p.csv"), "a,b,predicted class\n1.75,0.5,no\n");
    let json = heaviside_with(&["predict", &model, "-", "--json"], "2,0\n1,0\n").json();
    assert_eq!((&json["points"], &json["predictions"]), (&2.into(), &serde_json::json!(["yes", "no"])));
}

#[test]
fn rows_with_missing_values_are_dropped_only_on_demand() {
    let files = Files::new();
    let model = add(&files, "m.json", &model(1));
    let gaps = "a,b,class\n?,1,no\n4,1,yes\n";
    heaviside_with(&["predict", &model, "-"], gaps).fails(2, &["-:2", "column 1 (a)", "--drop-missing"]);
    let run = heaviside_with(&["predict", &model, "-", "--drop-missing"], gaps);
    assert_eq!(run.ok(), "line,a,b,predicted class\n3,4,1,yes\n", "which row it was");
    let json = heaviside_with(&["predict", &model, "-", "--drop-missing", "--json"], gaps).json();
    assert_eq!(json["lines"], serde_json::json!([3]));
    assert!(run.err.contains("1 row with missing values left out"), "{}", run.err);
    let run = heaviside_with(&["evaluate", &model, "-", "--drop-missing", "--json"], gaps);
    assert_eq!(run.json()["points"], 1);
}

#[test]
fn evaluation_counts_exactly() {
    let files = Files::new();
    let (model, data) = (add(&files, "m.json", &model(1)), files.add("data.csv", DATA));
    let mut json = heaviside(&["evaluate", &model, &data, "--json"]).json();
    assert_eq!(json["data"].take()["rows"], 4);
    let expected = serde_json::json!({
        "points": 4, "errors": 1, "accuracy": 0.75, "classes": ["no", "yes"], "confusion": [[1, 1], [0, 2]],
        "precision": [1.0, 2.0 / 3.0], "recall": [0.5, 1.0], "attack": null,
        "unseen": null, "part": null, "data": null,
    });
    assert_eq!(json, expected);
    let run = heaviside(&["evaluate", &model, &data]);
    assert_eq!(
        run.ok(),
        "accuracy 75.00%: 4 points, 1 error\n\n  \
           true \\ predicted       no     yes   recall\n  \
           no                      1       1   50.00%\n  \
           yes                     0       2  100.00%\n  \
           precision         100.00%  66.67%\n"
    );
}

#[test]
fn a_true_claim_passes() {
    let files = Files::new();
    let (model, data) = (add(&files, "m.json", &model(1)), files.add("data.csv", DATA));
    let run = heaviside(&["check", "network", &model, &data]);
    assert!(run.ok().contains("holds"), "{}", run.out);
    let json = heaviside(&["check", "network", &model, &data, "--json"]).json();
    assert_eq!((&json["valid"], &json["loss"], &json["claimed_loss"]), (&true.into(), &1.into(), &1.into()));
    assert!(json["failure"].is_null());
}

#[test]
fn false_claims_fail() {
    let files = Files::new();
    let data = files.add("data.csv", DATA);
    let check = |model: &Model, data: &str| heaviside(&["check", "network", &add(&files, "m.json", model), data]);

    check(&model(0), &data).fails(1, &["claims 0 as its loss, recounted 1"]);
    let run = heaviside(&["check", "network", &files.path("m.json"), &data, "--json"]);
    run.fails(1, &[]);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&json["valid"], &json["loss"]), (&false.into(), &1.into()));

    let mut optimum = model(1);
    optimum.claim.status = Status::Optimal;
    check(&optimum, &data).fails(1, &["claims an optimum with the bound 0 and the objective 1"]);

    let changed = files.add("changed.csv", &DATA.replace("3,5,no", "3,5,yes"));
    check(&model(0), &changed).fails(1, &["trained on other data"]);

    // The point at 2 fires with a = 0, so at 1.999.. it would not: no ball around it keeps that.
    let mut robust = model(1);
    robust.training.robust = Some(bdnn::Robust { radius: 0.01, norm: bdnn::Norm::Linf });
    check(&robust, &data).fails(1, &["data.csv:4", "on the whole ball"]);
    robust.network.layers[0].biases[0] = -0.25;
    check(&robust, &data).ok();
}

#[test]
fn the_training_rows_are_found_again() {
    let files = Files::new();
    let rows: String = (0..20).map(|i| format!("{},0,{}\n", i % 5, if i % 5 >= 2 { "yes" } else { "no" })).collect();
    let text = format!("a,b,class\n{rows}");
    let data = Dataset::parse(text.as_bytes(), "data", &ReadOptions::default()).unwrap();
    let shares = Fractions { validation: 0.0, test: 0.25 };
    let split = bdnn::data::split(&data.labels, 2, shares, true, 7).unwrap();
    let mut model = model(0);
    model.training.seed = 7;
    model.training.kept_apart = shares;
    model.training.stratify = true;
    model.training.rows = 15;
    model.training.distinct_points = 5;
    model.training.data_sha256 = data.sha256(&split.train);
    let path = files.add("all.csv", &text);
    let json = heaviside(&["check", "network", &add(&files, "m.json", &model), &path, "--json"]).json();
    assert_eq!((&json["points"], &json["loss"]), (&15.into(), &0.into()));
    model.training.seed = 8;
    heaviside(&["check", "network", &add(&files, "m.json", &model), &path]).fails(1, &["trained on other data"]);
}

/// In scaled units the points stand at a = 0, 1, 1/2 and 3/4, the rule at 1/2 (closed): within 1/4 the third can be
/// attacked and the fourth cannot be by moving to 1/2 alone, which still fires.
#[test]
fn attacks_are_decided_not_sampled() {
    let files = Files::new();
    let (model, data) = (add(&files, "m.json", &model(1)), files.add("data.csv", DATA));
    let attack = |radius: &str, norm: &str| {
        heaviside(&["evaluate", &model, &data, "--attack", radius, "--norm", norm, "--json"]).json()["attack"].clone()
    };
    for norm in ["linf", "l1"] {
        let found = attack("0.25", norm);
        assert_eq!((&found["certified"], &found["attackable"], &found["undecided"]), (&3.into(), &1.into(), &0.into()));
        assert_eq!(found["certified_robust_accuracy"], 0.5, "the fourth is certified and wrong");
        let found = attack("0.5", norm);
        assert_eq!((&found["certified"], &found["attackable"]), (&1.into(), &3.into()), "1 still fires at 1/2");
        let found = attack("0", norm);
        assert_eq!((&found["random_accuracy"], &found["certified"]), (&0.75.into(), &4.into()));
    }
    let run = heaviside(&["evaluate", &model, &data, "--attack", "0.25"]);
    assert!(run.ok().contains("certified robust accuracy  50.00%"), "{}", run.out);
    heaviside(&["evaluate", &model, &data, "--norm", "l1"]).fails(2, &["--attack"]);
}
