//! `--max-false-positives` and `--max-false-negatives`: from the options to reports, files, proofs and checks.

mod common;

use common::{Files, heaviside};
use serde_json::{Value, json};

/// A cut at 0.5 makes 3 false positives, one at 1.5 two and a false negative, one at 2.5 one and three.
const DATA: &str = "x,class\n0,no\n1,no\n1,yes\n2,no\n2,yes\n2,yes\n3,no\n3,yes\n3,yes\n";

#[test]
fn reports_tell_the_errors_and_their_limits() {
    let files = Files::new();
    let free = files.trained(DATA, &[]);
    assert_eq!((&free["loss"], &free["error_limits"]), (&3.into(), &Value::Null));
    let json = files.trained(DATA, &["--max-false-positives", "1", "--max-false-negatives", "60%"]);
    assert_eq!((&json["status"], &json["loss"], &json["bound"]), (&"optimal".into(), &4.into(), &4.0.into()));
    let limits = json!([
        { "errors_are": "false-positives", "class": "no", "points": 4, "most": 1, "errors": 1 },
        { "errors_are": "false-negatives", "class": "yes", "points": 5, "most": 3, "errors": 3 },
    ]);
    assert_eq!(json["error_limits"], limits);
    let data = files.path("data.csv");
    let report = heaviside(&["train", &data, "--max-false-negatives", "0"]);
    assert!(report.ok().contains("0 of 5 of class yes, at most 0"), "{}", report.out);
    // The other way round, the positive class is another.
    let json = files.trained(DATA, &["--max-false-positives", "0", "--positive", "no"]);
    assert_eq!((&json["error_limits"][0]["class"], &json["error_limits"][0]["errors"]), (&"yes".into(), &0.into()));
}

#[test]
fn that_no_network_keeps_the_limits_is_a_result() {
    let files = Files::new();
    let none = ["--max-false-positives", "0", "--max-false-negatives", "20%"];
    for method in ["auto", "omt", "milp"] {
        let folder = files.path(&format!("none-{method}"));
        let json = files.trained(DATA, &[&none[..], &["--method", method, "--proof", &folder]].concat());
        assert_eq!(
            (&json["status"], &json["loss"], &json["network"]),
            (&"infeasible".into(), &Value::Null, &Value::Null)
        );
        assert_eq!((&json["bound"], &json["gap"]), (&Value::Null, &Value::Null));
        assert_eq!((&json["error_limits"][1]["errors"], &json["proof"]["bound"]), (&Value::Null, &Value::Null));
        let checked = heaviside(&["check", "proof", &folder, "--data", &files.path("data.csv"), "--json"]).json();
        assert_eq!((&checked["claim"], &checked["valid"]), (&"infeasible".into(), &true.into()));
        assert_eq!(checked["error_limits"], json!([{ "class": "no", "most": 0 }, { "class": "yes", "most": 1 }]));
    }
    let (data, model) = (files.path("data.csv"), files.path("model.json"));
    let report = heaviside(&[&["train", &data, "--out", &model][..], &none].concat());
    assert!(report.ok().contains("no network within the limits"), "{}", report.out);
    assert!(report.out.contains("none: there is no network"), "{}", report.out);
    assert!(report.err.contains("is not written"), "{}", report.err);
    // Local search knows that it has none, and not that there is none.
    let json = files.trained(DATA, &[&none[..], &["--method", "local-search", "--node-limit", "3"]].concat());
    assert_eq!((&json["status"], &json["loss"]), (&"node-limit".into(), &Value::Null));
}

#[test]
fn models_and_proofs_hold_the_limits() {
    let files = Files::new();
    let (data, model) = (files.add("data.csv", DATA), files.path("model.json"));
    for (method, hidden) in [("omt", "0"), ("omt", "2"), ("milp", "0")] {
        let folder = files.path(&format!("proof-{method}-{hidden}"));
        let limit = ["--max-false-negatives", "1", "--method", method, "--hidden", hidden, "--threads", "1"];
        heaviside(&[&["train", &data, "--proof", &folder, "--out", &model][..], &limit].concat()).ok();
        let report = heaviside(&["check", "proof", &folder, "--data", &data]);
        assert!(report.ok().contains("at most 1 of class yes"), "{}", report.out);
        let report = heaviside(&["check", "network", &model, &data]);
        assert!(report.ok().contains("at most 1 of class yes"), "{}", report.out);
    }
    // A network that errs more often than its file says.
    let limits = ["--max-false-positives", "2", "--max-false-negatives", "1", "--out", &model];
    heaviside(&[&["train", &data][..], &limits].concat()).ok();
    let text = std::fs::read_to_string(&model).unwrap().replace("\"most\": 2", "\"most\": 1");
    let lie = files.add("lie.json", &text);
    heaviside(&["check", "network", &lie, &data]).fails(1, &["at most 1 errors of the class `no`, recounted 2"]);
    // It is a network all the same.
    heaviside(&["predict", &lie, &data]).ok();
}

#[test]
fn the_model_for_other_solvers_has_the_limits() {
    let files = Files::new();
    let (data, out) = (files.add("data.csv", DATA), files.path("model.lp"));
    let limits = ["--max-false-positives", "1", "--max-false-negatives", "60%"];
    heaviside(&[&["formulate", &data, "--out", &out][..], &limits].concat()).ok();
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(text.contains("errors_0") && text.contains("errors_1"), "{text}");
    assert_eq!(heaviside(&["solve", &out, "--json"]).json()["objective"], 4.0);
}

#[test]
fn what_cannot_be_is_refused() {
    let files = Files::new();
    let data = files.add("data.csv", DATA);
    let refused = |options: &[&str], words: &[&str]| {
        heaviside(&[&["train", &data][..], options].concat()).fails(2, words);
    };
    refused(&["--max-false-negatives", "1.5"], &["1.5", "whole number", "2.5%"]);
    refused(&["--max-false-negatives", "101%"], &["101%", "share"]);
    refused(&["--max-false-negatives", "-1"], &["'-1'", "from 0"]);
    refused(&["--max-false-negatives", "1", "--method", "split"], &["data splitting", "local search"]);
    refused(&["--max-false-negatives", "1", "--class-weight", "yes=0"], &["\"yes\"", "count nothing"]);
    let three = files.add("three.csv", "x,class\n0,a\n1,b\n2,c\n");
    heaviside(&["train", &three, "--max-false-positives", "1"]).fails(2, &["two classes"]);
    heaviside(&["train", &three, "--max-false-positives", "1", "--positive", "b"]).ok();
}
