//! `parameters`, `--set`, and what a seed decides.

mod common;

use common::heaviside;
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Fewest vertices that meet all edges of a grid of 5 by 5 bent to a torus: 15, and all columns are alike.
fn model() -> NamedTempFile {
    let place = |i: usize, j: usize| (i % 5) * 5 + j % 5;
    let names: Vec<String> = (0..25).map(|k| format!("x{k}")).collect();
    let mut text = format!("minimize\n obj: {}\nsubject to\n", names.join(" + "));
    for (i, j) in (0..25).map(|k| (k / 5, k % 5)) {
        for other in [place(i + 1, j), place(i, j + 1)] {
            text += &format!(" x{} + x{other} >= 1\n", place(i, j));
        }
    }
    text += &format!("binary\n {}\nend\n", names.join(" "));
    let file = tempfile::Builder::new().suffix(".lp").tempfile().expect("a file");
    std::fs::write(file.path(), text).expect("written");
    file
}

fn name(file: &NamedTempFile) -> &str {
    file.path().to_str().expect("UTF-8")
}

fn iris() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/iris.csv").to_str().expect("UTF-8").to_owned()
}

/// Status, objective and the work done by `solve`.
fn solved(options: &[&str]) -> (Value, Value, (u64, u64)) {
    let file = model();
    let mut all = vec!["solve", name(&file), "--json", "-q"];
    all.extend(options);
    let json = heaviside(&all).json();
    let count = |name: &str| json[name].as_u64().expect("a count");
    (json["status"].clone(), json["objective"].clone(), (count("nodes"), count("lp_iterations")))
}

#[test]
fn every_parameter_is_listed_and_can_be_set() {
    let json = heaviside(&["parameters", "--json"]).json();
    let rows = json["parameters"].as_array().expect("a list");
    assert!(rows.len() > 50);
    let page = heaviside(&["parameters"]);
    for row in rows {
        let (name, default) = (row["name"].as_str().expect("text"), row["default"].as_str().expect("text"));
        assert!(page.ok().contains(&format!("| `{name}` | ")));
        assert!(!row["about"].as_str().expect("text").is_empty() && !row["range"].as_str().expect("text").is_empty());
        if name.starts_with("milp.") {
            // The default is a value, too.
            assert_eq!(solved(&["--set", &format!("{name}={default}")]), solved(&[]), "{name}");
        }
    }
}

#[test]
fn settings_change_the_search_and_are_told() {
    // Cuts would leave nothing to branch on.
    let uncut = ["--set", "milp.cut_rounds=0"];
    let usual = solved(&uncut);
    let other = solved(&[&uncut[..], &["--set", "milp.branching=most-fractional", "--set", "milp.dives=no"]].concat());
    assert_eq!((&usual.0, &usual.1), (&other.0, &other.1));
    assert_ne!(usual.2, other.2);

    let file = model();
    let path = name(&file);
    let json = heaviside(&["solve", path, "--json", "--set", "milp.reliable=1", "--set", "milp.reliable=2"]).json();
    assert_eq!(json["settings"], serde_json::json!({"milp.reliable": "2"}));
    assert!(heaviside(&["solve", path, "--json"]).json().get("settings").is_none());

    let folder = tempfile::tempdir().expect("a folder");
    let out: PathBuf = folder.path().join("m.json");
    let out = out.to_str().expect("UTF-8");
    let data = iris();
    let train = ["train", &data, "--positive", "virginica", "--json", "--set", "auto.priming_rounds=1", "--out", out];
    let json = heaviside(&train).json();
    assert_eq!((&json["loss"], &json["settings"]["auto.priming_rounds"]), (&1.into(), &"1".into()));
    let text = std::fs::read_to_string(out).expect("the model");
    let model: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(model["training"]["settings"], serde_json::json!({"auto.priming_rounds": "1"}));
    heaviside(&["check", "network", out, &data]).ok();
    assert!(heaviside(&train[..5]).json().get("settings").is_none());
}

#[test]
fn wrong_settings_are_refused_by_name() {
    let (file, data) = (model(), iris());
    let path = name(&file);
    heaviside(&["solve", path, "--set", "milp.branch=reliability"]).fails(2, &["milp.branch", "milp.branching"]);
    heaviside(&["solve", path, "--set", "milp.reliable=-1"]).fails(2, &["milp.reliable", "0 to 1000000"]);
    heaviside(&["solve", path, "--set", "milp.branching=best"]).fails(2, &["reliability or pseudo-cost"]);
    heaviside(&["solve", path, "--set", "milp.dives"]).fails(2, &["NAME=VALUE", "heaviside parameters"]);
    heaviside(&["solve", path, "--set", "omt.cores=no"]).fails(2, &["omt.cores", "milp."]);
    heaviside(&["train", &data, "--set", "omt.core=no"]).fails(2, &["omt.core", "omt.cores"]);
}

#[test]
fn the_table_is_narrowed_by_words() {
    let all = heaviside(&["parameters", "--json"]).json();
    let names = |json: &Value| -> Vec<String> {
        let rows = json["parameters"].as_array().expect("rows").iter();
        rows.map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
    };
    let some = names(&heaviside(&["parameters", "Milp", "BRANCH", "--json"]).json());
    assert!(
        some.contains(&"milp.branching".to_owned()) && some.iter().all(|name| name.starts_with("milp.")),
        "{some:?}"
    );
    assert!(some.len() < names(&all).len());
    let report = heaviside(&["parameters", "milp.branching"]);
    assert!(report.ok().starts_with("## milp") && report.out.contains("most-fractional"), "{}", report.out);
    heaviside(&["parameters", "milp", "trampoline"]).fails(2, &["'milp trampoline'", "lists all"]);
}

/// The same seed does the same; some seed does something else, and all find the optimum. What presolve and cuts leave of the model is too
/// small to tell seeds apart.
#[test]
fn seeds_scatter_what_is_arbitrary() {
    let searched = |options: &[&str]| {
        let plain = ["--set", "milp.presolve=no", "--set", "milp.cut_rounds=0"];
        solved(&[&plain[..], options].concat())
    };
    let usual = searched(&["--seed", "0"]);
    assert_eq!(usual, searched(&[]));
    let others: Vec<_> = (1..5).map(|seed| searched(&["--seed", &seed.to_string()])).collect();
    assert_eq!(others[0], searched(&["--seed", "1"]));
    assert!(others.iter().all(|other| (&other.0, &other.1) == (&usual.0, &usual.1)));
    assert!(others.iter().any(|other| other.2 != usual.2));
}
