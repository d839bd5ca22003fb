//! `heaviside solve --solutions`: the best solutions, and what is said of the others.

mod common;

use common::{Files, heaviside, keys};
use serde_json::{Value, json};

/// A knapsack of 5: in order 9 (x y), 8 (x z), 7 (y z), 5 (x), 4 (y), 3 (z), 0.
const KNAPSACK: &str = "Maximize\n obj: 5 x + 4 y + 3 z\nSubject To\n room: 2 x + 3 y + z <= 5\nBinary\n x y z\nEnd\n";

/// Whole `n` with the best `c` beside it: -1.5 at 3, -1 at 2, -0.5 at 1, 0 at 0.
const MIXED: &str = "Minimize\n obj: c - n\nSubject To\n half: 2 c - n >= 0\nBounds\n n <= 3\nGeneral\n n\nEnd\n";

fn objectives(json: &Value) -> Vec<f64> {
    json["solutions"].as_array().unwrap().iter().map(|one| one["objective"].as_f64().unwrap()).collect()
}

#[test]
fn solutions_are_listed_best_first() {
    let files = Files::new();
    let model = files.add("k.lp", KNAPSACK);
    let json = heaviside(&["solve", &model, "--solutions", "3", "--json"]).json();
    assert_eq!((&json["status"], &json["objective"]), (&json!("optimal"), &json!(9.0)));
    assert_eq!(objectives(&json), [9.0, 8.0, 7.0]);
    assert_eq!(json["solutions"][1]["solution"], json!({ "x": 1.0, "y": 0.0, "z": 1.0 }));
    assert_eq!(json["solutions"][0]["verified"], "exact");
    let pool = &json["pool"];
    let mut found = keys(pool);
    found.sort_unstable();
    assert_eq!(found, ["complete", "lp_iterations", "nodes", "others", "seconds", "status", "wanted"]);
    assert_eq!((&pool["wanted"], &pool["status"], &pool["complete"]), (&json!(3), &json!("optimal"), &json!(true)));
    assert_eq!(pool["others"], 7.0, "none of the others is better");
    let run = heaviside(&["solve", &model, "--solutions", "3"]);
    assert!(run.ok().contains("3 solutions: objective 9, 8, 7"), "{}", run.out);
    assert!(run.out.contains("none of them has an objective above 7"), "{}", run.out);
}

/// Objectives that floats take for one number: what is said of others holds for the number, not for the nearest float, and the list is in their order.
#[test]
fn what_is_said_of_others_is_on_the_safe_side() {
    let files = Files::new();
    // 1000000000008.999972 at -4, then steps of a millionth times 7; floats are 0.00012 apart there.
    let text =
        "Minimize\n obj: 3 x + 0.000007 y + 1000000000000\nBounds\n 3 <= x <= 4\n -4 <= y <= -2\nGeneral\n x y\nEnd\n";
    let turned = text.replace("Minimize", "Maximize").replace("3 x + 0.000007 y +", "- 3 x - 0.000007 y -");
    for (text, sign) in [(text.to_owned(), 1.0), (turned, -1.0)] {
        let model = files.add("near.lp", &text);
        let json = heaviside(&["solve", &model, "--solutions", "2", "--json"]).json();
        let ys: Vec<f64> =
            json["solutions"].as_array().unwrap().iter().map(|one| one["solution"]["y"].as_f64().unwrap()).collect();
        assert_eq!(ys, [-4.0, -3.0]);
        let others = json["pool"]["others"].as_f64().unwrap();
        assert!(sign * others < 1_000_000_000_009.0 && sign * others > 1_000_000_000_008.9, "{others}");
    }
}

/// What a limit leaves of a model whose relaxation has no end is its point, with or without a list.
#[test]
fn limits_of_unbounded_relaxations_leave_the_point() {
    let files = Files::new();
    let text = "maximize\n obj: - 2 x - 2 y - 5 z + 7\nbounds\n -10000000000 <= x <= 10000000000\n -4 <= y <= 0\n -inf <= z <= inf\ngeneral\n y\nend\n";
    let (model, solution) = (files.add("m.lp", text), files.path("z.sol"));
    let run = heaviside(&["solve", &model, "--solutions", "5", "--node-limit", "0", "--solution", &solution, "--json"]);
    let json = run.json();
    assert_eq!((&json["status"], &json["pool"]["status"]), (&json!("node-limit"), &json!("node-limit")));
    assert_eq!((objectives(&json).len(), &json["pool"]["others"]), (1, &Value::Null));
    assert!(std::path::Path::new(&solution).exists());
}

#[test]
fn where_fewer_are_there_no_others_are() {
    let files = Files::new();
    let json = heaviside(&["solve", &files.add("k.lp", KNAPSACK), "--solutions", "50", "--json"]).json();
    assert_eq!(objectives(&json), [9.0, 8.0, 7.0, 5.0, 4.0, 3.0, 0.0]);
    assert_eq!((&json["pool"]["others"], &json["pool"]["complete"]), (&json!(null), &json!(true)));
    let folder = files.path("all");
    let mixed = files.add("m.lp", MIXED);
    let run = heaviside(&["solve", &mixed, "--solutions", "9", "--solutions-dir", &folder]);
    assert!(run.ok().contains("4 solutions: objective -1.5, -1, -0.5, 0"), "{}", run.out);
    assert!(run.out.contains("no other values of the integer columns make one"), "{}", run.out);
    for number in 1..=4 {
        let file = format!("{folder}/solution-{number}.sol");
        assert!(heaviside(&["check", "solution", &mixed, &file]).ok().contains("feasible"), "{file}");
    }
    heaviside(&["solve", &mixed, "--solutions", "9", "--solutions-dir", &folder]).fails(2, &["there are files in it"]);
}

#[test]
fn limits_leave_a_list_and_say_so() {
    let files = Files::new();
    let model = files.add("k.lp", KNAPSACK);
    let json = heaviside(&["solve", &model, "--solutions", "7", "--node-limit", "1", "--json"]).json();
    assert_eq!(json["pool"]["complete"], false, "{json}");
    assert_eq!(json["pool"]["status"], "node-limit");
    let listed = objectives(&json);
    assert!(listed.len() < 7 && listed.first() == Some(&9.0), "{json}");
    let run = heaviside(&["solve", &model, "--solutions", "7", "--node-limit", "1"]);
    assert!(run.ok().contains("so the list may lack some (node-limit)"), "{}", run.out);
}

#[test]
fn infeasible_models_have_none() {
    let files = Files::new();
    let model = files.add("i.lp", "Minimize\n obj: x\nSubject To\n a: 2 x = 3\nGeneral\n x\nEnd\n");
    let json = heaviside(&["solve", &model, "--solutions", "2", "--json"]).json();
    assert_eq!((&json["status"], &json["solutions"]), (&json!("infeasible"), &json!([])));
    assert_eq!((&json["pool"]["complete"], &json["pool"]["others"]), (&json!(true), &json!(null)));
}

#[test]
fn what_has_no_pool_is_refused_before_the_run() {
    let files = Files::new();
    let linear = files.add("l.lp", "Minimize\n obj: x\nSubject To\n a: x >= 3\nEnd\n");
    heaviside(&["solve", &linear, "--solutions", "2"]).fails(2, &["integer columns, of which there are none"]);
    let semi =
        files.add("s.lp", "Minimize\n obj: x\nSubject To\n a: x >= 3\nBounds\n x <= 9\nSemi-continuous\n x\nEnd\n");
    heaviside(&["solve", &semi, "--solutions", "2"]).fails(2, &["'x' is semi-continuous"]);
    heaviside(&["solve", &linear, "--solutions", "0"]).fails(2, &["--solutions"]);
    heaviside(&["solve", &linear, "--solutions-dir", &files.path("d")]).fails(2, &["--solutions"]);
}
