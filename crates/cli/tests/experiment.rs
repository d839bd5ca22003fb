//! `heaviside experiment paper|robust|gap` on little data with few nodes.

mod common;

use common::{Files, dataset, heaviside};
use serde_json::Value;
use std::collections::BTreeSet;

fn datasets() -> String {
    dataset("manifest.json").trim_end_matches("manifest.json").to_owned()
}

fn rows(json: &Value) -> &Vec<Value> {
    json["rows"].as_array().expect("rows")
}

/// A grid in parts is the grid: an array of jobs, put together again.
#[test]
fn parts_of_the_grid_become_one_table() {
    let (files, data) = (Files::new(), datasets());
    let mut args = vec!["experiment", "paper", "--data", &data, "--only", "iris", "--depths", "0,1", "--widths", "3,4"];
    args.extend(["--methods", "exact,local-search", "--weights", "ternary", "--repeats", "2", "--node-limit", "2"]);
    let whole = heaviside(&[&args[..], &["--json"]].concat()).json();
    let parts: Vec<String> = (1..=3)
        .map(|number| {
            let run = heaviside(&[&args[..], &["--json", "--part", &format!("{number}/3")]].concat());
            files.add(&format!("part-{number}.json"), &run.json().to_string())
        })
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let gather = |parts: &[&str]| heaviside(&[&args[..], &["--json", "--gather"], parts].concat());
    let steady = |json: &Value| -> Vec<Value> {
        let mut rows = rows(json).clone();
        rows.iter_mut().for_each(|row| row["seconds"] = Value::Null);
        rows
    };
    let json = gather(&[parts[2], parts[0], parts[1]]).json();
    assert_eq!(steady(&json), steady(&whole));
    assert_eq!(json["notes"], whole["notes"]);
    let json = gather(&parts[..2]).json();
    assert!(json["notes"].to_string().contains("Missing parts of 3: 3"), "{json}");
    assert!(rows(&json).len() < rows(&whole).len());
    gather(&[parts[0], parts[0]]).fails(2, &["is part 1/3"]);
    let other: Vec<&str> = args.iter().map(|&arg| if arg == "0,1" { "2" } else { arg }).collect();
    heaviside(&[&other[..], &["--gather"], &parts].concat()).fails(2, &["which these options do not have"]);
    let whole = files.add("whole.json", &whole.to_string());
    gather(&[&whole]).fails(2, &["is no table of"]);
}

#[test]
fn the_grid_has_a_row_a_cell_and_writes_its_splits() {
    let (files, data) = (Files::new(), datasets());
    let splits = files.path("splits.jsonl");
    let mut args = vec!["experiment", "paper", "--data", &data, "--only", "iris", "--depths", "0,1", "--widths", "3,4"];
    args.extend(["--methods", "local-search,split", "--repeats", "2", "--node-limit", "2", "--splits", &splits]);
    let json = heaviside(&[&args[..], &["--json"]].concat()).json();
    let cells: Vec<String> = rows(&json)
        .iter()
        .map(|row| format!("{} {} {}", row["hidden"], row["weights"], row["method"]).replace('"', ""))
        .collect();
    let mut expected = vec![];
    for hidden in ["none", "3", "4"] {
        for weights in ["continuous", "ternary"] {
            for method in ["local search", "splitting"] {
                expected.push(format!("{hidden} {weights} {method}"));
            }
        }
    }
    assert_eq!(cells, expected);
    assert!(rows(&json).iter().all(|row| row["repeats"] == 2));
    // The same seeds give the same table, times apart.
    let again = heaviside(&[&args[..], &["--json"]].concat()).json();
    let steady = |json: &Value| -> Vec<Value> {
        rows(json).iter().flat_map(|row| [row["test accuracy, %"].clone(), row["training loss"].clone()]).collect()
    };
    assert_eq!(steady(&json), steady(&again));

    let text = files.read("splits.jsonl");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        let part = |name: &str| -> Vec<u64> {
            line[name].as_array().expect("lines").iter().map(|line| line.as_u64().expect("a number")).collect()
        };
        let (train, validation, test) = (part("train"), part("validation"), part("test"));
        assert!(train.len().abs_diff(75) <= 1 && validation.len().abs_diff(37) <= 1, "half and a quarter");
        let all: BTreeSet<u64> = [train, validation, test].concat().into_iter().collect();
        // Line 1 is the header.
        assert_eq!(all, (2..152).collect());
    }
    assert_ne!(lines[0]["train"], lines[1]["train"]);
}

#[test]
fn robust_training_is_set_against_attacks() {
    let (files, data) = (Files::new(), datasets());
    let figure = files.path("robust.svg");
    let mut args = vec!["experiment", "robust", "--data", &data, "--only", "iris", "--widths", "3", "--repeats", "2"];
    args.extend(["--node-limit", "3", "--defences", "0,0.1", "--attacks", "0,1", "--figure", &figure, "--json"]);
    let json = heaviside(&args).json();
    let found: Vec<(f64, f64)> =
        rows(&json).iter().map(|row| (row["defence"].as_f64().unwrap(), row["attack"].as_f64().unwrap())).collect();
    assert_eq!(found, [(0.0, 0.0), (0.0, 0.1), (0.1, 0.0), (0.1, 0.1)]);
    let mean = |cell: &Value| cell.as_str().unwrap().split(' ').next().unwrap().parse::<f64>().unwrap();
    for row in rows(&json) {
        let (random, worst) = (mean(&row["random attacks, %"]), mean(&row["worst case, %"]));
        assert!(worst <= random + 0.1, "nothing is worse than the worst case: {row}");
        assert!(row["attack"] != 0 || (worst - random).abs() < 0.1, "no attack, no difference: {row}");
    }
    assert!(files.read("robust.svg").starts_with("<svg"));
    heaviside(&["experiment", "robust", "--data", &data, "--defences", "0"]).fails(2, &["--defences"]);
}

/// The sets of the repository, of which these take milliseconds.
#[test]
fn known_optima_are_proven_again() {
    let data = dataset("optima");
    let json = heaviside(&["experiment", "optima", "--data", &data, "--only", "rand_n2_m2", "--json"]).json();
    let found: Vec<(&str, &str)> =
        rows(&json).iter().map(|row| (row["data"].as_str().unwrap(), row["verdict"].as_str().unwrap())).collect();
    assert_eq!(found, [("rand_n2_m20_d2_s0", "proven"), ("rand_n2_m25_d2_s0", "proven")]);
    heaviside(&["experiment", "optima", "--data", &Files::new().path("")]).fails(2, &["expected.csv"]);
}

/// Whatever rule branches, the optimum is the same; the rule of the experiment is asked.
#[test]
fn rules_of_branching_are_compared() {
    let json = heaviside(&["experiment", "branching", "--only", "knapsack 1", "--json"]).json();
    let [row, mean] = rows(&json).as_slice() else { panic!("{json}") };
    let nodes = |rule: &str| row[rule].as_str().unwrap().split(' ').next().unwrap().parse::<u64>().unwrap();
    let counts = ["reliability", "pseudo-cost", "most-fractional", "dearest"].map(nodes);
    assert!(counts.iter().all(|&count| count > 10), "{counts:?}");
    assert!(counts[3] != counts[2], "{counts:?}");
    assert_eq!(mean["model"], "mean of 1");
    let models = format!("{}/../milp/tests/models", env!("CARGO_MANIFEST_DIR"));
    let json = heaviside(&["experiment", "branching", "--data", &models, "--only", "queens", "--json"]).json();
    assert_eq!(rows(&json)[0]["model"], "queens.mps");
}

#[test]
fn the_gap_is_to_what_is_proven() {
    let files = Files::new();
    let points: String = (0..20).map(|i| format!("{i},{},{}\n", (i * 7) % 10, (i / 4) % 2)).collect();
    files.add("blocks.csv", &points);
    files.add("expected.csv", "file,hidden,zero_one_loss\nblocks.csv,0,\nblocks.csv,2,\n");
    let directory = files.path("");
    let json = heaviside(&["experiment", "gap", "--data", &directory, "--json"]).json();
    assert_eq!(rows(&json).len(), 2, "both are proven");
    for row in rows(&json) {
        assert!(row["local search"].as_u64() >= row["optimum"].as_u64(), "{row}");
    }
    let empty = Files::new();
    heaviside(&["experiment", "gap", "--data", &empty.path("")]).fails(2, &["expected.csv", "manifest.json"]);
}

#[test]
fn proofs_are_measured_and_checked() {
    let files = Files::new();
    files.add("line.csv", "a,class\n0,0\n1,1\n2,0\n3,1\n4,1\n5,0\n6,1\n");
    files.add("expected.csv", "file,hidden,zero_one_loss\nline.csv,0,2\nline.csv,2,2\nline.csv,9,\n");
    let json = heaviside(&["experiment", "proofs", "--data", &files.path(""), "--repeats", "2", "--json"]).json();
    let rows = rows(&json);
    assert_eq!(rows.len(), 2, "nine hidden neurons are too many for a proof");
    for (row, (hidden, loss)) in rows.iter().zip([(0, 2), (2, 2)]) {
        assert_eq!((&row["hidden"], &row["loss"], &row["bound"]), (&hidden.into(), &loss.into(), &loss.into()));
        assert_eq!(row["checked"], "accepted");
        assert!(row["steps"].as_u64() > Some(2) && row["check, s"].is_number());
    }
    assert_eq!(json["notes"][0], "2 of 2 proofs accepted");
    let dir = Files::new();
    heaviside(&["experiment", "proofs", "--data", &dir.path("")]).fails(2, &["neither expected.csv nor manifest.json"]);
}

#[test]
fn models_are_judged_by_their_known_optima() {
    let json = heaviside(&["experiment", "models", "--data", "../milp/tests/models", "--only", ".lp", "--json"]).json();
    let rows = json["rows"].as_array().expect("rows");
    assert!(rows.len() >= 10 && rows.iter().all(|row| row["agrees"] == "yes"), "{json}");
    let files = Files::new();
    std::fs::write(files.path("small.lp"), "Maximize\n obj: x\nSubject To\n c: 2 x <= 3\nEnd\n").unwrap();
    std::fs::write(files.path("expected.csv"), "file,status,objective\nsmall.lp,optimal,2\n").unwrap();
    let json = heaviside(&["experiment", "models", "--data", &files.path(""), "--json"]).json();
    assert_eq!((&json["rows"][0]["agrees"], &json["rows"][0]["objective"]), (&"NO".into(), &1.5.into()));
    std::fs::write(files.path("expected.csv"), "file,objective\nsmall.lp,2\n").unwrap();
    heaviside(&["experiment", "models", "--data", &files.path("")]).fails(2, &["expected.csv", "'status'"]);
}

#[test]
fn the_register_proves_what_it_states() {
    let files = Files::new();
    files.add("cryotherapy.csv", "a,b,class\n0,0,0\n1,1,0\n0,1,1\n1,0,1\n1,0,1\n");
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let run = |more: &[&str]| {
        let mut command = assert_cmd::Command::new(assert_cmd::cargo::cargo_bin!("heaviside"));
        let output =
            command.current_dir(root).args(["experiment", "register", "--data", &files.path("")]).args(more).output();
        let output = output.expect("it runs");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    };
    let page = run(&["--only", "cryo"]);
    for word in ["| cryotherapy.csv |", "| 5 x 2", "6 [1]", "# Proven optima", "## Files", "Cryotherapy, UCI"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let json: Value = serde_json::from_str(&run(&["--only", "m15", "--json"])).expect("one object");
    let row = &json["optima"]["rows"][0];
    assert_eq!((&row["data"], &row["least errors"]), (&"optima/rand_n2_m15_d2_s0.csv".into(), &3.into()));
    assert!(row["proof, steps"].as_u64() > Some(2), "{row}");
    let digest = json["files"]["rows"][0]["SHA-256"].as_str().expect("a digest");
    assert!(digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit()));
}
