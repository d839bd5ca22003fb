//! `heaviside check`: true claims pass, false ones end with exit code 1.

mod common;

use common::{Files, heaviside, keys};

const KNAPSACK: &str = "Maximize\n obj: 5 x + 4 y + 3 z\nSubject To\n room: 2 x + 3 y + z <= 5\nBinary\n x y z\nEnd\n";

#[test]
fn a_feasible_solution_passes() {
    let files = Files::new();
    let (model, solution) = (files.add("k.lp", KNAPSACK), files.add("k.sol", "=obj= 9\nx 1\ny 1\n"));
    let json = heaviside(&["check", "solution", &model, &solution, "--json", "--tolerance", "0"]).json();
    assert_eq!(json["feasible"], true);
    assert_eq!(json["objective"], 9.0);
    assert_eq!(json["max_row_violation"], 0.0);
    assert_eq!(keys(&json).len(), 6);
}

#[test]
fn a_false_solution_fails_and_is_named() {
    let files = Files::new();
    let model = files.add("k.lp", KNAPSACK);
    let run = heaviside(&["check", "solution", &model, &files.add("a.sol", "x 1\ny 1\nz 1\n"), "--json"]);
    run.fails(1, &["rows", "1 (room)"]);
    assert!(run.out.contains("\"feasible\":false"), "{}", run.out);
    let almost = files.add("b.sol", "x 0.9999999\n");
    heaviside(&["check", "solution", &model, &almost]).fails(1, &["integrality", "1e-7 (x)"]);
    heaviside(&["check", "solution", &model, &almost, "--tolerance", "1e-6"]).ok();
}

#[test]
fn files_that_cannot_be_understood_are_bad_input() {
    let files = Files::new();
    let model = files.add("k.lp", KNAPSACK);
    heaviside(&["check", "solution", &model, &files.path("none.sol")]).fails(2, &["none.sol"]);
    heaviside(&["check", "solution", &model, &files.add("c.sol", "x one\n")]).fails(2, &["c.sol:1", "one"]);
}
