//! `heaviside solve`, from the file to the report.

mod common;

use common::{Files, heaviside, heaviside_with, keys};

/// max 5x + 4y + 3z over a knapsack of 5 with weights 2, 3, 1: the best is x and y, 9.
const KNAPSACK: &str = "Maximize\n obj: 5 x + 4 y + 3 z\nSubject To\n room: 2 x + 3 y + z <= 5\nBinary\n x y z\nEnd\n";
const INFEASIBLE: &str = "Minimize\n obj: x\nSubject To\n a: x + y >= 3\n b: x + y <= 2\nEnd\n";
const UNBOUNDED: &str = "Maximize\n obj: x + y\nSubject To\n a: x - y <= 2\nEnd\n";

#[test]
fn json_has_every_field_of_the_contract() {
    let files = Files::new();
    let json = heaviside(&["solve", &files.add("k.lp", KNAPSACK), "--json"]).json();
    let mut sorted = keys(&json);
    sorted.sort_unstable();
    let mut expected = [
        "status",
        "objective",
        "bound",
        "gap",
        "nodes",
        "lp_iterations",
        "cuts",
        "seconds",
        "max_bound_violation",
        "max_row_violation",
        "max_integrality_violation",
        "solution",
        "primal_dual_integral",
        "verified",
        "verify_seconds",
        "warnings",
    ];
    expected.sort_unstable();
    assert_eq!(sorted, expected);
    assert_eq!(json["status"], "optimal");
    assert_eq!(json["objective"], 9.0);
    assert_eq!(json["bound"], 9.0);
    assert_eq!(json["gap"], 0.0);
    assert_eq!(json["max_integrality_violation"], 0.0);
    assert_eq!(json["solution"], serde_json::json!({ "x": 1.0, "y": 1.0, "z": 0.0 }));
}

#[test]
fn the_report_is_the_standard_output() {
    let files = Files::new();
    let run = heaviside(&["solve", &files.add("k.lp", KNAPSACK)]);
    assert!(run.ok().contains("status"), "{}", run.out);
    assert!(run.out.lines().any(|line| line.split_whitespace().eq(["objective", "9"])), "{}", run.out);
    assert!(run.err.contains("1 rows, 3 columns (3 integer), 3 non-zeros"), "{}", run.err);
    assert!(run.err.contains("BestBound"), "{}", run.err);
    assert!(run.out.contains("--solution FILE"), "where the values are: {}", run.out);
    let file = files.path("k.sol");
    assert!(!heaviside(&["solve", &files.path("k.lp"), "--solution", &file]).ok().contains("--solution"));
}

#[test]
fn a_model_may_come_from_standard_input() {
    let json = heaviside_with(&["solve", "-", "--json"], KNAPSACK).json();
    assert_eq!(json["objective"], 9.0);
}

#[test]
fn infeasible_and_unbounded_are_answers() {
    let files = Files::new();
    let run = heaviside(&["solve", &files.add("i.lp", INFEASIBLE), "--json"]);
    let json = run.json();
    assert_eq!(json["status"], "infeasible");
    assert!(json["objective"].is_null() && json["max_row_violation"].is_null(), "{json}");
    let json = heaviside(&["solve", &files.add("u.lp", UNBOUNDED), "--json"]).json();
    assert_eq!(json["status"], "unbounded");
}

#[test]
fn solution_files_go_out_and_come_back() {
    let files = Files::new();
    let model = files.add("k.lp", KNAPSACK);
    let solution = files.path("k.sol");
    heaviside(&["solve", &model, "--solution", &solution]).ok();
    let text = files.read("k.sol");
    for line in ["x 1", "y 1"] {
        assert!(text.lines().any(|l| l.split_whitespace().collect::<Vec<_>>().join(" ") == line), "{text}");
    }
    let run = heaviside(&["solve", &model, "--start", &solution, "--node-limit", "0", "--json"]);
    assert_eq!(run.json()["objective"], 9.0, "the start counts before any node");
    assert_eq!(files.names(), ["k.lp", "k.sol"], "no temporary file stays");
}

#[test]
fn without_a_solution_nothing_is_written() {
    let files = Files::new();
    let run = heaviside(&["solve", &files.add("i.lp", INFEASIBLE), "--solution", &files.path("i.sol")]);
    run.ok();
    assert!(run.err.contains("no solution was found"), "{}", run.err);
    assert_eq!(files.names(), ["i.lp"]);
}

#[test]
fn bad_models_are_refused_with_their_place() {
    let files = Files::new();
    let mps = files.add("bad.mps", "NAME bad\nROWS\n N cost\n L row\nCOLUMNS\n x cost abc\nENDATA\n");
    heaviside(&["solve", &mps]).fails(2, &["bad.mps:6", "abc"]);
    let lp = files.add("bad.lp", "Minimize\n obj: x +\nSubject To\n c: x >= \nEnd\n");
    heaviside(&["solve", &lp]).fails(2, &["bad.lp:"]);
    heaviside(&["solve", &files.path("none.mps")]).fails(2, &["none.mps", "No such file"]);
    heaviside(&["solve", &files.add("empty.mps", "")]).fails(2, &["empty.mps"]);
    heaviside(&["solve", &files.path("")]).fails(2, &["is a folder"]);
}

#[test]
fn bad_starts_are_refused() {
    let files = Files::new();
    let model = files.add("k.lp", KNAPSACK);
    let start = files.add("bad.sol", "x 1\nnobody 2\n");
    heaviside(&["solve", &model, "--start", &start]).fails(2, &["bad.sol:2", "nobody"]);
}

#[test]
fn unwritable_targets_fail_before_the_run() {
    let files = Files::new();
    let model = files.add("k.lp", KNAPSACK);
    let run = heaviside(&["solve", &model, "--solution", &files.path("no/such/dir.sol")]);
    run.fails(2, &["no/such/dir.sol"]);
    assert!(!run.err.contains("BestBound"), "{}", run.err);
    heaviside(&["solve", &model, "--log", &files.path("no/such/dir.log")]).fails(2, &["no/such/dir.log"]);
}

#[test]
fn limits_must_make_sense() {
    for (option, value) in [
        ("--time-limit", "-1"),
        ("--time-limit", "nan"),
        ("--threads", "0"),
        ("--mip-gap", "-0.5"),
        ("--node-limit", "x"),
    ] {
        heaviside(&["solve", "k.lp", &format!("{option}={value}")]).fails(2, &[option, value]);
    }
}

/// A market split (Cornuéjols and Dawande 1998): small, and far beyond any solver in a second.
fn market_split() -> String {
    let (rows, columns) = (5, 40);
    let mut lp = String::from("Minimize\n obj:");
    let mut state = 1_u64;
    let mut body = String::new();
    for i in 0..rows {
        lp += &format!(" + p{i} + q{i}");
        let weights: Vec<u64> = (0..columns)
            .map(|_| {
                // Knuth's linear congruential generator, MMIX.
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 33) % 100
            })
            .collect();
        body += &format!(" r{i}:");
        weights.iter().enumerate().for_each(|(j, w)| body += &format!(" + {w} x{j}"));
        body += &format!(" + p{i} - q{i} = {}\n", weights.iter().sum::<u64>() / 2);
    }
    let binaries: Vec<String> = (0..columns).map(|j| format!("x{j}")).collect();
    format!("{lp}\nSubject To\n{body}Binary\n {}\nEnd\n", binaries.join(" "))
}

#[test]
fn limits_end_with_the_best_so_far() {
    let files = Files::new();
    let model = files.add("split.lp", &market_split());
    let run = |limit: &[&str]| heaviside(&[&["solve", &model, "--json"], limit].concat()).json();
    let some = |threads| run(&["--node-limit", "200", "--set", "milp.alone_work=0", "--threads", threads]);
    let (by_nodes, again) = (some("1"), some("2"));
    assert_eq!(by_nodes["status"], "node-limit");
    for field in ["objective", "bound", "nodes", "lp_iterations"] {
        assert_eq!(by_nodes[field], again[field], "{field}");
    }
    let by_time = run(&["--time-limit", "0.5"]);
    assert_eq!(by_time["status"], "time-limit");
    assert!(by_time["bound"].as_f64() <= by_time["objective"].as_f64(), "{by_time}");
}

/// Ctrl-C: everything as always, with what there is.
#[cfg(unix)]
#[test]
fn an_interrupted_run_reports_and_succeeds() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};
    let files = Files::new();
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("heaviside"))
        .args(["solve", &files.add("split.lp", &market_split()), "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The table has begun, so the handler stands.
    let mut err = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("BestBound") {
        line.clear();
        assert!(err.read_line(&mut line).unwrap() > 0, "ended before the table");
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let mut rest = String::new();
    err.read_to_string(&mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{rest}");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["status"], "interrupted");
    assert!(rest.contains("stopping with the best"), "{rest}");
}

/// A start that breaks the model is told of, and so is an earlier file that a run without a solution leaves.
#[test]
fn starts_that_do_not_count_are_told_of() {
    let files = Files::new();
    let model = files.add("m.lp", "min\n - x\nst\n r: 2 x - y = 0\nbounds\n x <= 10\n y <= 30\ngen\n x y\nend\n");
    let start = files.add("s.sol", "x 5\n");
    let run = heaviside(&["solve", &model, "--start", &start, "--json"]);
    let json = run.json();
    assert_eq!(json["objective"], -10.0);
    let warning = json["warnings"][0].as_str().unwrap();
    assert!(warning.contains("s.sol: rows are violated by up to 10"), "{warning}");
    assert!(run.err.contains(warning), "{}", run.err);
    let right = files.add("t.sol", "x 5\ny 10\n");
    assert_eq!(heaviside(&["solve", &model, "--start", &right, "--json"]).json()["warnings"], serde_json::json!([]));
    let none = files.add("n.lp", "min\n x\nst\n r: x >= 5\nbounds\n x <= 4\nend\n");
    let run = heaviside(&["solve", &none, "--solution", &right]);
    assert!(run.err.contains("of an earlier run"), "{}", run.err);
    assert_eq!(files.read("t.sol"), "x 5\ny 10\n");
}
