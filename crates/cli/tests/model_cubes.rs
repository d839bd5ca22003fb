//! `heaviside cubes MODEL`, `solve --cube` and `merge`: the answer of all pieces is that of one run, and what does not fit is refused.

mod common;

use common::{Files, heaviside};
use serde_json::{Value, json};
use std::fs;

/// Two knapsacks over 30 things, which takes some branching.
fn sacks() -> String {
    let sum = |of: fn(u32) -> u32| (0..30).map(|j| format!("{} x{j}", of(j))).collect::<Vec<_>>().join(" + ");
    let (worth, first, second) =
        (sum(|j| 30 + 7 * j * j % 41), sum(|j| 20 + 4 * j * j % 37), sum(|j| 20 + 5 * j * j % 31));
    let names: Vec<String> = (0..30).map(|j| format!("x{j}")).collect();
    format!(
        "maximize\n obj: {worth} + 0.5\nsubject to\n a: {first} <= 501\n b: {second} <= 433\nbinary\n {}\nend\n",
        names.join(" ")
    )
}

/// Cubes of the knapsacks, with less decided at the root, in a folder of this name.
fn made(files: &Files, name: &str, cubes: &str) -> (String, Vec<String>) {
    let (model, folder) = (files.add("sacks.lp", &sacks()), files.path(name));
    let words = ["cubes", &model, "--cubes", cubes, "--out", &folder, "--set", "milp.cut_rounds=0", "--json"];
    let made = heaviside(&words).json();
    let names = made["names"].as_array().expect("a list").iter();
    let names: Vec<String> = names.map(|name| name.as_str().expect("a name").to_owned()).collect();
    assert_eq!((made["cubes"].as_u64(), &made["folder"]), (Some(names.len() as u64), &json!(folder)));
    (folder, names)
}

fn solve(folder: &str, name: &str, options: &[&str]) -> Value {
    let cube = format!("{folder}/cube-{name}.json");
    heaviside(&[&["solve", "--cube", &cube, "--json"][..], options].concat()).json()
}

#[test]
fn two_workers_at_a_time_find_what_one_run_finds() {
    let files = Files::new();
    let (folder, names) = made(&files, "jobs", "6");
    assert_eq!(names.len(), 6);
    let whole = heaviside(&["solve", &files.path("sacks.lp"), "--json"]).json();
    let unfinished = heaviside(&["merge", &folder, "--json"]).json();
    assert_eq!((&unfinished["status"], unfinished["open"].as_array().map(Vec::len)), (&json!("unfinished"), Some(6)));
    let folder = &folder;
    for pair in names.chunks(2) {
        let runs: Vec<Value> = std::thread::scope(|scope| {
            let workers: Vec<_> =
                pair.iter().map(|name| scope.spawn(move || solve(folder, name, &["--threads", "1"]))).collect();
            workers.into_iter().map(|worker| worker.join().expect("no panic")).collect()
        });
        for run in runs {
            assert_eq!(
                (&run["status"], &run["closed"], &run["was_closed"]),
                (&json!("closed"), &json!(true), &json!(false))
            );
        }
    }
    assert_eq!(solve(folder, &names[0], &[])["was_closed"], json!(true));
    let solution = files.path("best.sol");
    let answer = heaviside(&["merge", folder, "--json", "--solution", &solution]).json();
    assert_eq!((&answer["status"], &answer["verified"]), (&json!("optimal"), &json!("exact")));
    for field in ["objective", "bound", "gap"] {
        assert_eq!(answer[field], whole[field], "{field}");
    }
    let model = files.path("sacks.lp");
    let checked = heaviside(&["check", "solution", &model, &solution, "--json"]).json();
    assert_eq!((&checked["feasible"], &checked["objective"]), (&json!(true), &whole["objective"]));
    let report = heaviside(&["merge", folder]);
    assert!(report.ok().contains("6 of"), "{}", report.out);
    // What one of them says is changed.
    let path = format!("{folder}/cube-{}.result.json", names[1]);
    let text = fs::read_to_string(&path).expect("there").replace("\"cube\":\"0002\"", "\"cube\":\"0003\"");
    fs::write(&path, text).expect("written");
    heaviside(&["merge", folder]).fails(1, &["0002.result.json", "another part of the model"]);
    fs::remove_file(&path).expect("there");
    let open = &heaviside(&["merge", folder, "--json"]).json()["open"];
    assert_eq!((&open[0]["cube"], &open[0]["status"]), (&json!("0002"), &json!("missing")));
}

#[test]
fn a_cube_of_a_model_is_split_again() {
    let files = Files::new();
    let (folder, names) = made(&files, "jobs", "2");
    let (first, rest) = names.split_first().expect("cubes");
    let limited = solve(&folder, first, &["--node-limit", "1"]);
    assert_eq!((&limited["status"], &limited["closed"]), (&json!("node-limit"), &json!(false)));
    let cube = format!("{folder}/cube-{first}.json");
    heaviside(&["cubes", &cube, "--mip-gap", "0.5"]).fails(2, &["--mip-gap"]);
    let parts = heaviside(&["cubes", &cube, "--cubes", "3", "--json"]).json();
    let parts = parts["names"].as_array().expect("a list").iter().map(|name| name.as_str().expect("a name"));
    for name in parts.chain(rest.iter().map(String::as_str)) {
        solve(&folder, name, &[]);
    }
    let answer = heaviside(&["merge", &folder, "--json"]).json();
    let whole = heaviside(&["solve", &files.path("sacks.lp"), "--json"]).json();
    assert_eq!((&answer["status"], &answer["objective"]), (&json!("optimal"), &whole["objective"]));
}

#[test]
fn what_does_not_go_together_is_refused() {
    let files = Files::new();
    let (folder, names) = made(&files, "jobs", "2");
    let (model, cube) = (files.path("sacks.lp"), format!("{folder}/cube-{}.json", names[0]));
    let target = files.path("other");
    heaviside(&["cubes", &model]).fails(2, &["--out JOBS is missing"]);
    heaviside(&["cubes", &model, "--out", &folder]).fails(2, &["holds cubes already"]);
    heaviside(&["cubes", &model, "--out", &target, "--hidden", "2"]).fails(2, &["--hidden", "not of models"]);
    heaviside(&["cubes", &model, "--out", &target, "--set", "omt.dual=no"]).fails(2, &["omt.dual", "milp."]);
    let semi = files.add(
        "semi.lp",
        "minimize\n obj: x + y\nsubject to\n r: x + y >= 1\nbounds\n 1 <= x <= 3\n y <= 3\ngeneral\n y\nsemi-continuous\n x\nend\n",
    );
    heaviside(&["cubes", &semi, "--out", &target]).fails(2, &["'x' is semi-continuous", "binary columns"]);
    let broken = files.add("broken.lp", "minimize\n obj: x +\nsubject to\n r: >= 1\n");
    heaviside(&["cubes", &broken, "--out", &target]).fails(2, &["broken.lp"]);
    let checkpoint = files.path("run.ckpt");
    for option in [["--certificate", "c.vipr"], ["--checkpoint", &checkpoint], ["--solutions", "2"], ["--seed", "3"]] {
        heaviside(&["solve", "--cube", &cube, option[0], option[1]]).fails(2, &["--cube", option[0]]);
    }
    heaviside(&["solve", &model, "--cube", &cube]).fails(2, &["--cube"]);
    heaviside(&["train", "--cube", &cube]).fails(2, &["cube"]);
    heaviside(&["merge", &folder, "--out", "model.json"]).fails(2, &["--out", "a model"]);
    heaviside(&["merge", &target]).fails(2, &["problem.json"]);
    // A worker that has only the files that it was sent.
    let (sent, problem) =
        (files.add("sent.json", &fs::read_to_string(&cube).expect("there")), format!("{folder}/problem.json"));
    heaviside(&["solve", "--cube", &sent]).fails(2, &["problem.json"]);
    let (incumbent, result) = (files.path("best.json"), files.path("came.json"));
    let words =
        ["solve", "--cube", &sent, "--problem", &problem, "--incumbent", &incumbent, "--result", &result, "--json"];
    assert_eq!(heaviside(&words).json()["closed"], json!(true));
    assert!(fs::metadata(&incumbent).is_ok() && fs::metadata(&result).is_ok());
    let other = files.path("others");
    heaviside(&["cubes", &model, "--cubes", "2", "--seed", "5", "--out", &other]).ok();
    let problem = format!("{other}/problem.json");
    heaviside(&["solve", "--cube", &cube, "--problem", &problem]).fails(2, &["is a cube of another problem"]);
}
