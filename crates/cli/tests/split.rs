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

/// `heaviside train datasets/digits.csv --hidden 50 --weights ternary --method split --validation 0.25 --test 0.25
/// --stratify --time-limit 60`
#[test]
#[ignore = "a minute"]
fn digits_with_ternary_weights() {
    let digits = dataset("digits.csv");
    let mut args = vec!["train", &digits, "--hidden", "50", "--weights", "ternary", "--method", "split"];
    args.extend(["--validation", "0.25", "--test", "0.25", "--stratify", "--time-limit", "60", "--json"]);
    let json = heaviside(&args).json();
    assert!(json["test"]["accuracy"].as_f64().unwrap() > 0.85, "{}", json["test"]);
}

/// The credit card data are not in the project; HEAVISIDE_SHARED names the directory that has them.
#[test]
#[ignore = "needs ../shared, two minutes"]
fn credit_card_clients() {
    let shared = std::env::var_os("HEAVISIDE_SHARED").map_or_else(
        || std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        std::path::PathBuf::from,
    );
    let path = shared.join("data/bdnn/default_of_credit_card_clients.csv");
    assert!(path.exists(), "{} is not there", path.display());
    let data = path.to_str().expect("UTF-8");
    let mut args = vec!["train", data, "--hidden", "25", "--method", "split"];
    args.extend(["--validation", "0.25", "--test", "0.25", "--stratify", "--time-limit", "90", "--json"]);
    let json = heaviside(&args).json();
    assert!(json["test"]["accuracy"].as_f64().unwrap() >= 0.81, "{}", json["test"]);
}
