//! `heaviside train --solutions`: the list, what is said of others, and the files.

mod common;

use common::{Files, dataset, heaviside, keys};
use serde_json::Value;

/// Seven points of a line: alternating labels but for the last, and rows of one point that disagree.
const LINE: &str = "a,class\n0,x\n1,y\n2,x\n3,y\n4,x\n4,x\n4,y\n5,y\n6,y\n";

fn losses(json: &Value) -> Vec<u64> {
    json["solutions"].as_array().expect("a list").iter().map(|one| one["loss"].as_u64().expect("a loss")).collect()
}

#[test]
fn the_list_is_complete_and_says_so() {
    let files = Files::new();
    let line = files.add("line.csv", LINE);
    // One threshold: fourteen labellings. Two rows of `x` and one of `y` share a point.
    let all = heaviside(&["train", &line, "--solutions", "20", "--json"]).json();
    assert_eq!(
        (losses(&all).len(), &all["pool"]["others"], &all["pool"]["complete"]),
        (14, &Value::Null, &true.into())
    );
    assert!(losses(&all).is_sorted());
    assert_eq!((&all["loss"], &all["status"]), (&all["solutions"][0]["loss"], &"optimal".into()));
    for wanted in 1..6 {
        let some = heaviside(&["train", &line, "--solutions", &wanted.to_string(), "--json"]).json();
        assert_eq!(losses(&some), losses(&all)[..wanted]);
        let pool = &some["pool"];
        assert_eq!(keys(pool), ["complete", "others", "status", "tied", "wanted"]);
        assert_eq!((&pool["complete"], &pool["status"]), (&true.into(), &"optimal".into()));
        assert_eq!(pool["tied"], losses(&all)[wanted] == losses(&all)[wanted - 1], "{wanted}");
        assert!(pool["others"].as_u64() >= losses(&some).last().copied(), "{pool}");
    }
    // Without the option there is no word of it.
    let one = heaviside(&["train", &line, "--json"]).json();
    assert!(one["solutions"].is_null() && one["pool"].is_null());
}

#[test]
fn reports_say_what_is_proven_of_others() {
    let files = Files::new();
    let line = files.add("line.csv", LINE);
    let run = heaviside(&["train", &line, "--solutions", "20"]);
    let text = run.ok();
    assert!(
        text.contains("14 labellings of the training points: loss") && text.contains("no other labelling"),
        "{text}"
    );
    let run = heaviside(&["train", &line, "--solutions", "2", "--time-limit", "0.000001"]);
    assert!(!run.ok().contains("no other labelling"));
}

#[test]
fn every_solution_has_a_model_that_checks() {
    let files = Files::new();
    let line = files.add("line.csv", LINE);
    let (dir, best) = (files.path("pool"), files.path("best.json"));
    let args =
        ["train", &line, "--solutions", "11", "--hidden", "2", "--solutions-dir", &dir, "--out", &best, "--json"];
    let json = heaviside(&args).json();
    let mut seen = std::collections::BTreeSet::new();
    for (number, loss) in (1..).zip(losses(&json)) {
        let model = files.path(&format!("pool/solution-{number:02}.json"));
        let check = heaviside(&["check", "network", &model, &line, "--json"]).json();
        assert_eq!((&check["valid"], &check["loss"]), (&true.into(), &loss.into()), "{number}");
        let rows = heaviside(&["predict", &model, &line, "--json"]).json();
        assert!(seen.insert(rows["predictions"].to_string()), "{number} says what another says");
    }
    assert_eq!(seen.len(), 11);
    assert_eq!(files.read("best.json"), files.read("pool/solution-01.json"));
    // Nothing is overwritten.
    heaviside(&args).fails(2, &["--solutions-dir", "choose a new or empty folder"]);
}

#[test]
fn who_cannot_list_says_so() {
    let (files, iris) = (Files::new(), dataset("iris.csv"));
    let proof = files.path("proof");
    let base = ["train", &iris, "--positive", "setosa", "--solutions", "3"];
    let with = |more: &[&str]| heaviside(&[&base[..], more].concat());
    with(&["--proof", &proof]).fails(2, &["--proof", "several solutions"]);
    with(&["--method", "milp"]).fails(2, &["--solutions does not apply", "milp"]);
    with(&["--method", "local-search"]).fails(2, &["--solutions does not apply", "local-search"]);
    with(&["--l0", "0.1"]).fails(2, &["--solutions does not apply", "regularisation"]);
    with(&["--weights", "integer:100000"]).fails(2, &["--solutions does not apply", "too many values"]);
    heaviside(&["train", &iris, "--solutions", "0"]).fails(2, &["--solutions"]);
    heaviside(&["train", &iris, "--solutions-dir", "x"]).fails(2, &["--solutions"]);
    // One solution is what a proof is about.
    heaviside(&["train", &iris, "--positive", "setosa", "--solutions", "1", "--proof", &proof]).ok();
}

#[test]
fn several_classes_have_labellings_too() {
    let files = Files::new();
    let line = files.add("three.csv", "a,class\n0,x\n1,y\n2,z\n3,y\n");
    let json = heaviside(&["train", &line, "--solutions", "4", "--loss", "zero-one", "--json"]).json();
    assert_eq!((losses(&json).len(), &json["pool"]["complete"]), (4, &true.into()));
    assert!(losses(&json).is_sorted() && json["solutions"][3]["network"]["layers"].is_array());
}
