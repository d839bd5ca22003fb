//! `train --folds`: cross-validation beside the run.

mod common;

use common::{Files, dataset, heaviside};

#[test]
fn every_point_is_kept_apart_once() {
    let iris = dataset("iris.csv");
    let options = ["--positive", "virginica", "--folds", "5", "--stratify", "--json"];
    let json = heaviside(&[&["train", &iris][..], &options].concat()).json();
    // The run on all points is what it is without.
    assert_eq!((&json["loss"], &json["status"]), (&1.into(), &"optimal".into()));
    let found = &json["cross_validation"];
    let runs = found["runs"].as_array().expect("runs");
    assert_eq!((runs.len(), &found["folds"]), (5, &5.into()));
    let points: Vec<u64> = runs.iter().map(|run| run["test"]["points"].as_u64().expect("points")).collect();
    assert_eq!(points, [30; 5]);
    let shares: Vec<f64> = runs.iter().map(|run| run["test"]["accuracy"].as_f64().expect("accuracy")).collect();
    let mean = shares.iter().sum::<f64>() / 5.0;
    assert!((found["accuracy"].as_f64().expect("mean") - mean).abs() < 1e-12 && mean > 0.8, "{shares:?}");
    for run in runs {
        assert_eq!((&run["status"], &run["train"]["points"]), (&"optimal".into(), &120.into()));
        assert!(run["loss"].as_u64() <= Some(1) && run["loss"].as_f64() == run["bound"].as_f64(), "{run}");
    }
    // The same again, by the seed.
    let again = heaviside(&[&["train", &iris][..], &options].concat()).json();
    assert_eq!(again["cross_validation"], *found);
}

#[test]
fn folds_share_the_limit_and_say_what_they_did() {
    let iris = dataset("iris.csv");
    let run = heaviside(&["train", &iris, "--hidden", "3", "--folds", "3", "--time-limit", "2"]);
    run.ok();
    assert!(run.err.contains("fold 3 of 3"), "{}", run.err);
    assert!((run.out.clone() + &run.err).contains("cross-validation"), "{}", run.out);
    let json = heaviside(&["train", &iris, "--folds", "3", "--time-limit", "0.000001", "--json"]).json();
    assert!(json["cross_validation"].is_null() || json["cross_validation"]["accuracy"].is_null(), "{json}");
}

#[test]
fn weights_count_in_folds_as_well() {
    let files = Files::new();
    let rows: String = (0..30).map(|i| format!("{i},{},{}\n", i % 3, u8::from(i > 14))).collect();
    let data = files.add("data.csv", &format!("x,w,class\n{rows}"));
    let json = heaviside(&["train", &data, "--weight-column", "w", "--folds", "3", "--stratify", "--json"]).json();
    let runs = json["cross_validation"]["runs"].as_array().expect("runs").clone();
    let trained: u64 = runs.iter().map(|run| run["train"]["points"].as_u64().expect("points")).sum();
    // Twenty rows count; each trains twice.
    assert_eq!((trained, &json["points"]), (40, &20.into()));
}

/// Without the only row of weight 1 the unit of the others is 2: losses of runs are told with their own units.
#[test]
fn losses_of_folds_have_units() {
    let files = Files::new();
    let data = files.add("data.csv", "x,w,class\n0,2,a\n1,2,b\n2,2,a\n3,2,b\n4,2,a\n5,1,b\n6,2,b\n7,2,a\n");
    let run = heaviside(&["train", &data, "--weight-column", "w", "--folds", "8", "--json", "-v"]);
    let json = run.json();
    assert_eq!(json["units"]["unit"], "1");
    let runs = json["cross_validation"]["runs"].as_array().expect("runs");
    let totals = |run: &serde_json::Value| (run["units"]["total"].as_u64(), run["units"]["value"].as_f64());
    let found: Vec<_> = runs.iter().map(totals).collect();
    assert_eq!(found.iter().filter(|units| **units == (Some(7), Some(2.0))).count(), 1, "{found:?}");
    assert_eq!(found.iter().filter(|units| **units == (Some(13), Some(1.0))).count(), 7, "{found:?}");
    for run in runs {
        // Every row counts 2 but one.
        let worth = run["loss"].as_f64().expect("a loss") * run["units"]["value"].as_f64().expect("a unit");
        let errors = run["train"]["errors"].as_f64().expect("errors");
        assert!(worth == 2.0 * errors || worth == 2.0 * errors - 1.0, "{run}");
    }
    assert!(run.err.contains("units of 2: "), "{}", run.err);
}

#[test]
fn folds_that_cannot_be_are_refused() {
    let iris = dataset("iris.csv");
    heaviside(&["train", &iris, "--folds", "1"]).fails(2, &["from 2 to"]);
    heaviside(&["train", &iris, "--folds", "3", "--test", "0.2"]).fails(2, &["--folds", "--test"]);
    heaviside(&["train", &iris, "--folds", "151"]).fails(2, &["151 folds of 150 rows"]);
    heaviside(&["train", &iris, "--stratify"]).fails(2, &["--folds"]);
    // Without one of its folds nothing counts: that is said before anything is trained.
    let files = Files::new();
    let data = files.add("data.csv", "x,w,class\n0,1,a\n1,0,b\n2,0,a\n3,0,b\n4,0,a\n5,0,b\n");
    let refused = heaviside(&[
        "train",
        &data,
        "--weight-column",
        "w",
        "--folds",
        "3",
        "--stratify",
        "--out",
        &files.path("m.json"),
    ]);
    refused.fails(2, &["have the weight 0"]);
    assert!(
        !refused.err.contains("optimal") && !std::path::Path::new(&files.path("m.json")).exists(),
        "{}",
        refused.err
    );
}
