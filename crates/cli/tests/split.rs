//! `heaviside train --method split`.

mod common;

use common::{Files, dataset, heaviside};

/// Exact engines on parts end at one part a point, and then know as much as without splitting.
#[test]
fn splitting_with_an_exact_engine_proves_the_optimum() {
    let files = Files::new();
    let rows: String =
        (0..18).map(|i| format!("{i},{},{}\n", (i * 7) % 10, if i == 4 { 1 } else { (i / 3) % 2 })).collect();
    let data = files.add("blocks.csv", &rows);
    let alone = heaviside(&["train", &data, "--method", "omt", "--json"]).json();
    for how in ["kmeans", "kmedians", "linear"] {
        let args = ["train", &data, "--method", "split", "--split", how, "--split-engine", "omt", "--json"];
        let json = heaviside(&args).json();
        assert_eq!((&json["method"], &json["status"]), (&"split".into(), &"optimal".into()), "{how}");
        assert_eq!((&json["loss"], &json["bound"]), (&alone["loss"], &alone["bound"]), "{how}");
    }
}

/// The model passes the checker, and the report says what the parts prove.
#[test]
fn ternary_networks_by_splitting() {
    let files = Files::new();
    let (iris, model) = (dataset("iris.csv"), files.path("m.json"));
    let mut args = vec!["train", &iris, "--hidden", "4", "--weights", "ternary", "--method", "split"];
    args.extend(["--validation", "0.25", "--test", "0.25", "--stratify", "--node-limit", "20", "--out", &model]);
    let run = heaviside(&args);
    assert!(run.ok().contains("upper bound for all points"), "{}", run.out);
    heaviside(&["check", "network", &model, &iris]).ok();
    let network: serde_json::Value = serde_json::from_str(&files.read("m.json")).unwrap();
    for layer in network["network"]["layers"].as_array().unwrap() {
        assert!(layer["weights"].as_array().unwrap().iter().all(|w| [-1.0, 0.0, 1.0].contains(&w.as_f64().unwrap())));
    }
}

#[test]
fn its_options_are_its_own() {
    let iris = dataset("iris.csv");
    heaviside(&["train", &iris, "--batch", "10"]).fails(2, &["--batch", "--method split"]);
    heaviside(&["train", &iris, "--method", "split", "--batch-mode", "average"]).fails(2, &["--batch"]);
    let wide = ["train", &iris, "--method", "split", "--split-engine", "omt", "--l1", "0.1"];
    heaviside(&wide).fails(2, &["--split-engine omt does not apply"]);
}
