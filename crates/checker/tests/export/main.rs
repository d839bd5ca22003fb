//! Exported networks: what is refused, and what is said of roundings.

mod categories;
mod graphs;
mod headers;
mod rounding;

use checker::export::{Report, check};
use checker::network::Options;
use checker::{Error, Source};

/// A model with one input, one hidden neuron and two classes.
const NETWORK: &str = r#"{"format": "heaviside-model", "version": 1,
 "architecture": {"inputs": 1, "hidden": [1], "classes": 2, "bias": true, "weights": "continuous"},
 "network": {"layers": [{"inputs": 1, "outputs": 1, "weights": [1], "biases": [0.5]},
  {"inputs": 1, "outputs": 1, "weights": [1], "biases": [-1]}]},
 "scaler": {"shift": [0], "divisor": [1]},
 "schema": {"features": ["a"], "named": false, "label": "b", "label_column": 1, "classes": ["0", "1"]},
 "training": {"loss": "zero-one", "epsilon": null, "robust": {"radius": 0.5, "norm": "l1"}, "l0": 0, "l1": 0,
  "data_sha256": "", "rows": 2, "distinct_points": 2},
 "claim": {"status": "optimal", "loss": 0, "objective": 0, "bound": 0}}"#;
const DATA: &str = "a,b\n1,1\n\"-2\",0\n";

/// The comparison of an exported network with a model on data.
fn compared(model: &str, exported: &[u8], data: &str) -> Result<Report, Error> {
    let data = vec![Source::new("data.csv", data.as_bytes())];
    check(Source::new("model.json", model.as_bytes()), Source::new("exported", exported), data, &Options::default())
}

/// What is wrong with an exported network, by its message; empty if it does what the model does, or only gives other classes.
fn fault(model: &str, exported: &[u8], data: &str) -> Option<String> {
    match compared(model, exported, data) {
        Err(error) => Some(error.to_string()),
        Ok(report) if report.holds() => None,
        Ok(report) => Some(report.false_claims.iter().map(ToString::to_string).collect()),
    }
}
