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

const COVER: &str =
    "Minimize\n x + y + 10\nSubject To\n c: 2 x + 2 y >= 3\nBounds\n x <= 9\n y <= 9\nGenerals\n x y\nEnd\n";
const CERTIFICATE: &str = "VER 1.1\nVAR 2 x y\nINT 2 0 1\nOBJ min 2 0 1 1 1\nCON 5 4\nlx G 0 1 0 1\nux L 9 1 0 1\n\
    ly G 0 1 1 1\nuy L 9 1 1 1\nc G 3 2 0 2 1 2\nRTP range 2 2\nSOL 1\nbest 1 0 2\nDER 2\n\
    half G 3/2 OBJ { lin 1 4 1/2 } 6\nbound G 2 OBJ { rnd 1 5 1 } -1\n";

#[test]
fn a_valid_certificate_passes() {
    let files = Files::new();
    let (model, proof) = (files.add("c.lp", COVER), files.add("c.vipr", CERTIFICATE));
    let json = heaviside(&["check", "certificate", &model, &proof, "--json"]).json();
    assert_eq!((&json["valid"], &json["claim"]), (&true.into(), &"optimal".into()));
    // The model's constant included.
    assert_eq!((&json["lower"], &json["upper"]), (&"12".into(), &"12".into()));
    assert!(heaviside(&["check", "certificate", &model, &proof]).ok().contains("the optimum is 12"));
    let bound = files.add("b.vipr", &CERTIFICATE.replace("RTP range 2 2", "RTP range 2 inf"));
    assert!(heaviside(&["check", "certificate", &model, &bound]).ok().contains("the optimum is at least 12"));
}

#[test]
fn a_false_certificate_fails_at_its_step() {
    let files = Files::new();
    let model = files.add("c.lp", COVER);
    let beyond = files.add("a.vipr", &CERTIFICATE.replace("RTP range 2 2", "RTP range 3 inf"));
    let run = heaviside(&["check", "certificate", &model, &beyond, "--json"]);
    run.fails(1, &["a.vipr:16", "not proven"]);
    assert!(run.out.contains("\"valid\":false"), "{}", run.out);
    let step = files.add("b.vipr", &CERTIFICATE.replace("lin 1 4 1/2", "lin 1 4 1"));
    heaviside(&["check", "certificate", &model, &step]).fails(1, &["b.vipr:15", "`half` (lin)"]);
    let cut = files.add("c.vipr", CERTIFICATE.split_at(200).0);
    heaviside(&["check", "certificate", &model, &cut]).fails(2, &["c.vipr", "the file ends"]);
}
