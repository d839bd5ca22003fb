//! `heaviside cubes`, `train --cube` and `merge`: the answer of all pieces is that of one run, and what does not fit is found.

mod common;

use common::{Files, heaviside};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Rows in two dimensions whose classes no two neurons tell apart. The dual tree, which would take them in a moment, is off, and parts are not
/// refuted on the way.
fn scattered() -> String {
    let row = |i: u32| format!("{},{},{}\n", (i * 7) % 23, (i * 11) % 19, (i * i / 3) % 2);
    (0..26).map(row).collect()
}

const SHAPE: [&str; 6] = ["--hidden", "2", "--set", "omt.dual=no", "--set", "omt.cube_probe=3"];

/// Cubes of the rows in a folder of this name.
fn made(files: &Files, name: &str, options: &[&str]) -> (String, Value) {
    let (data, folder) = (files.add("data.csv", &scattered()), files.path(name));
    let words = [&["cubes", &data, "--out", &folder, "--node-limit", "20", "--json"][..], &SHAPE, options].concat();
    let json = heaviside(&words).json();
    (folder, json)
}

fn names(made: &Value) -> Vec<String> {
    let names = made["names"].as_array().expect("a list");
    names.iter().map(|name| name.as_str().expect("a name").to_owned()).collect()
}

fn train(folder: &str, name: &str, options: &[&str]) -> Value {
    let cube = format!("{folder}/cube-{name}.json");
    heaviside(&[&["train", "--cube", &cube, "--json"][..], options].concat()).json()
}

fn merged(folder: &str) -> Value {
    heaviside(&["merge", folder, "--json"]).json()
}

/// Changes a file by its JSON.
fn change(path: &str, how: impl FnOnce(&mut Value)) {
    let mut value: Value = serde_json::from_slice(&fs::read(path).expect("there")).expect("JSON");
    how(&mut value);
    fs::write(path, value.to_string()).expect("written");
}

/// Where the common run proves the optimum there is no cube to train, and `cubes` says what to do in its place.
#[test]
fn what_is_proven_before_it_is_divided_has_no_cubes() {
    let files = Files::new();
    let (data, folder) = (files.add("data.csv", "0,a\n1,a\n2,b\n3,b\n"), files.path("jobs"));
    let run = heaviside(&["cubes", &data, "--hidden", "1", "--cubes", "4", "--out", &folder]);
    let said = run.ok();
    assert!(said.contains("cubes            0") && said.contains("already proven: run `heaviside merge"), "{said}");
    assert_eq!(merged(&folder)["status"], "optimal");
    let help = heaviside(&["cubes", "--help"]);
    assert!(help.ok().contains("[OPTIONS] <DATA.csv|MODEL.mps|CUBE.json>"), "{}", help.ok());
}

#[test]
fn all_cubes_are_the_plain_run() {
    let files = Files::new();
    let (folder, made) = made(&files, "jobs", &["--cubes", "6"]);
    let names = names(&made);
    assert!((4..=6).contains(&names.len()), "{made}");
    let plain = files.trained(&scattered(), &SHAPE);
    let unfinished = merged(&folder);
    assert_eq!(unfinished["status"], "unfinished");
    let missing = unfinished["open"].as_array().expect("a list");
    assert!(missing.iter().all(|open| open["status"] == "missing") && missing.len() == names.len(), "{unfinished}");
    for name in &names {
        let run = train(&folder, name, &[]);
        assert_eq!(
            (&run["status"], &run["closed"], &run["was_closed"]),
            (&json!("closed"), &json!(true), &json!(false))
        );
        let again = train(&folder, name, &[]);
        assert_eq!((&again["was_closed"], &again["bound"]), (&json!(true), &run["bound"]));
    }
    let model = files.path("model.json");
    let answer = heaviside(&["merge", &folder, "--json", "--out", &model]).json();
    assert_eq!((&answer["status"], &answer["open"]), (&json!("optimal"), &json!([])));
    assert_eq!((&answer["loss"], answer["bound"].as_f64()), (&plain["loss"], plain["bound"].as_f64()));
    let data = files.path("data.csv");
    let checked = heaviside(&["check", "network", &model, &data, "--json"]).json();
    assert_eq!((&checked["loss"], &checked["valid"]), (&plain["loss"], &json!(true)));
    // What one cube says is missed.
    fs::remove_file(format!("{folder}/cube-{}.result.json", names[1])).expect("there");
    let open = &merged(&folder)["open"];
    assert_eq!((&open[0]["cube"], &open[0]["status"]), (&json!(names[1]), &json!("missing")));
}

/// Limits leave results that a later run goes on from; another worker may come in between.
#[test]
fn open_cubes_go_on() {
    let files = Files::new();
    let (folder, made) = made(&files, "jobs", &["--cubes", "2"]);
    let plain = files.trained(&scattered(), &SHAPE);
    for name in &names(&made) {
        let first = train(&folder, name, &["--node-limit", "1"]);
        let (folder, again) = (&folder, name);
        let workers: Vec<_> = std::thread::scope(|scope| {
            let work = || scope.spawn(move || train(folder, again, &[]));
            let both = [work(), work()];
            both.into_iter().map(|worker| worker.join().expect("no panic")).collect()
        });
        assert!(workers.iter().all(|run| run["closed"] == json!(true)), "{workers:?}");
        assert!(first["bound"].as_u64() <= workers[0]["bound"].as_u64());
    }
    let answer = merged(&folder);
    assert_eq!((&answer["status"], &answer["loss"]), (&json!("optimal"), &plain["loss"]));
    let left: Vec<String> = fs::read_dir(&folder)
        .expect("there")
        .map(|entry| entry.expect("entry").file_name().into_string().expect("UTF-8"))
        .collect();
    assert!(left.iter().all(|name| !name.starts_with('.')), "{left:?}");
}

#[test]
fn a_cube_is_split_again() {
    let files = Files::new();
    let (folder, made) = made(&files, "jobs", &["--cubes", "2"]);
    let plain = files.trained(&scattered(), &SHAPE);
    let names_of_all = names(&made);
    let (first, rest) = names_of_all.split_first().expect("cubes");
    rest.iter().for_each(|name| drop(train(&folder, name, &[])));
    let cube = format!("{folder}/cube-{first}.json");
    heaviside(&["cubes", &cube, "--cubes", "3", "--hidden", "2"]).fails(2, &["--hidden"]);
    let parts = heaviside(&["cubes", &cube, "--cubes", "3", "--json"]).json();
    let again = heaviside(&["cubes", &cube, "--cubes", "9", "--json"]).json();
    assert_eq!(parts["names"], again["names"], "the first division stands");
    let parts = names(&parts);
    assert!(!parts.is_empty() && parts.iter().all(|name| name.starts_with(&format!("{first}-"))), "{parts:?}");
    assert_eq!(merged(&folder)["status"], "unfinished");
    parts.iter().for_each(|name| drop(train(&folder, name, &[])));
    let answer = merged(&folder);
    assert_eq!((&answer["status"], &answer["loss"]), (&json!("optimal"), &plain["loss"]));
    // The cube itself comes to the same end.
    train(&folder, first, &[]);
    assert_eq!(merged(&folder)["status"], "optimal");
}

/// Everything travels as files.
#[test]
fn a_worker_without_a_common_disk() {
    let files = Files::new();
    let (folder, made) = made(&files, "jobs", &["--cubes", "3"]);
    let name = &names(&made)[0];
    let elsewhere = files.path("elsewhere");
    fs::create_dir(&elsewhere).expect("new");
    let place = |file: &str| format!("{elsewhere}/{file}");
    fs::copy(format!("{folder}/cube-{name}.json"), place("cube.json")).expect("copied");
    fs::copy(format!("{folder}/problem.json"), place("p.json")).expect("copied");
    let words = ["--problem", &place("p.json"), "--incumbent", &place("best.json"), "--result", &place("r.json")];
    let run = heaviside(&[&["train", "--cube", &place("cube.json"), "--json"][..], &words].concat()).json();
    assert_eq!(run["closed"], true);
    fs::copy(place("r.json"), format!("{folder}/cube-{name}.result.json")).expect("copied");
    assert!(merged(&folder)["open"].as_array().expect("a list").iter().all(|open| open["cube"] != json!(name)));
    // Of another problem.
    let other = files.path("other");
    let data = files.add("other.csv", &scattered().replace("7,11,0", "7,11,1"));
    heaviside(&[&["cubes", &data, "--out", &other, "--node-limit", "20", "--cubes", "2"][..], &SHAPE].concat()).ok();
    let words = ["--problem", &format!("{other}/problem.json")[..]];
    heaviside(&[&["train", "--cube", &place("cube.json")][..], &words].concat()).fails(2, &["another problem"]);
    let words = [
        "--problem",
        &place("p.json")[..],
        "--incumbent",
        &format!("{other}/incumbent.json"),
        "--result",
        &place("s.json"),
    ];
    heaviside(&[&["train", "--cube", &place("cube.json")][..], &words].concat()).fails(2, &["another problem"]);
}

#[test]
fn contradictions_name_both_files() {
    let files = Files::new();
    let (folder, made) = made(&files, "jobs", &["--cubes", "4"]);
    let names = names(&made);
    names.iter().for_each(|name| drop(train(&folder, name, &[])));
    let kept = files.path("kept");
    let copy = |from: &str, to: &str| {
        let _ = fs::remove_dir_all(to);
        fs::create_dir(to).expect("new");
        for entry in fs::read_dir(from).expect("there") {
            let entry = entry.expect("entry");
            fs::copy(entry.path(), Path::new(to).join(entry.file_name())).expect("copied");
        }
    };
    copy(&folder, &kept);
    let file = |name: &str| format!("{folder}/{name}");
    let result = |name: &str| file(&format!("cube-{name}.result.json"));
    let fails = |words: &[&str]| {
        heaviside(&["merge", &folder]).fails(1, words);
        copy(&kept, &folder);
    };
    // A result that says too much of the part where the best network is.
    let loss = merged(&folder)["loss"].as_u64().expect("a loss");
    for name in &names {
        change(&result(name), |result| result["bound"] = json!(loss + 1));
    }
    fails(&["contradict each other", "incumbent.json", "no network loses less than"]);
    change(&result(&names[0]), |result| result["loss"] = json!(loss - 1));
    fails(&[&format!("cube-{}.result.json", names[0]), "problem.json", "and not"]);
    change(&result(&names[0]), |result| result["problem"] = json!("0"));
    fails(&[&format!("cube-{}.result.json", names[0]), "problem.json", "another problem"]);
    fs::copy(result(&names[0]), result(&names[1])).expect("copied");
    fails(&[&format!("cube-{}.result.json", names[1]), "tree.json", "another part"]);
    change(&file("tree.json"), |tree| tree["vertices"][0]["no"] = tree["vertices"][0]["yes"].clone());
    fails(&["tree.json", "lacks one of its children"]);
    change(&file("problem.json"), |problem| {
        problem["row_classes"][0] = json!(1 - problem["row_classes"][0].as_u64().expect("a class"))
    });
    heaviside(&["merge", &folder]).fails(2, &["problem.json", "fingerprint"]);
    copy(&kept, &folder);
    change(&file("problem.json"), |problem| problem["bound"] = json!(0));
    fails(&["incumbent.json", "problem.json", "another problem"]);
    change(&file(&format!("cube-{}.json", names[0])), |cube| cube["terms"] = json!([]));
    fails(&[&format!("cube-{}.json", names[0]), "tree.json"]);
    assert_eq!(merged(&folder)["status"], "optimal");
}

#[test]
fn one_proof_of_all_cubes() {
    let files = Files::new();
    for (number, options) in [
        &["--hidden", "2"][..],
        &["--hidden", "3"],
        &["--hidden", "2", "--epsilon", "0.01"],
        &["--hidden", "2", "--no-bias"],
        &["--hidden", "2,2"],
        &["--hidden", "2", "--max-false-negatives", "1"],
        &["--hidden", "2", "--weights", "integer:2", "--epsilon", "0.01"],
    ]
    .iter()
    .enumerate()
    {
        let rows: String =
            scattered().lines().take(if number < 2 { 26 } else { 14 }).map(|row| format!("{row}\n")).collect();
        let data = files.add("data.csv", &rows);
        let folder = files.path(&format!("jobs{number}"));
        let words = [
            &[
                "cubes",
                &data,
                "--out",
                &folder,
                "--node-limit",
                "20",
                "--proof",
                "--cubes",
                "5",
                "--json",
                "--set",
                "omt.cube_probe=3",
            ][..],
            options,
        ];
        let made = heaviside(&words.concat()).json();
        let names = names(&made);
        assert!(names.len() > 1, "{options:?}");
        let mut proofs = vec![];
        for (done, name) in names.iter().enumerate() {
            // With some cubes missing, and with an open one.
            if done == 1 {
                train(&folder, name, &["--node-limit", "5"]);
            }
            if done < 2 {
                proofs.push(files.path(&format!("proof{number}-{done}")));
                heaviside(&["merge", &folder, "--proof", &proofs[done]]).ok();
            }
            let run = train(&folder, name, &[]);
            assert_eq!(run["closed"], true, "{run}");
        }
        let whole = files.path(&format!("proof{number}"));
        let answer = heaviside(&["merge", &folder, "--proof", &whole, "--json"]).json();
        let plain = heaviside(&[&["train", &data, "--json"][..], options].concat()).json();
        assert_eq!((&answer["loss"], &answer["status"]), (&plain["loss"], &plain["status"]), "{options:?}");
        assert_eq!(answer["proof"]["bound"].as_f64(), answer["loss"].as_f64(), "{options:?}");
        proofs.push(whole);
        for proof in &proofs {
            let checked = heaviside(&["check", "proof", proof, "--data", &data, "--json"]);
            assert_eq!(checked.code, 0, "{options:?} {proof}: {} {}", checked.out, checked.err);
            let kernel = files.path("kernel");
            heaviside(&["elaborate", proof, "--out", &kernel]).ok();
        }
        let checked = heaviside(&["check", "proof", proofs.last().expect("one"), "--json"]).json();
        assert_eq!((&checked["bound"], &checked["loss"]), (&plain["loss"], &plain["loss"]), "{options:?}");
    }
}

#[test]
fn what_cannot_be_divided_is_refused() {
    let files = Files::new();
    let data = files.add("data.csv", &scattered());
    let folder = files.path("jobs");
    let cubes = |options: &[&str]| heaviside(&[&["cubes", &data, "--out", &folder][..], options].concat());
    cubes(&["--max-features", "1"]).fails(2, &["number of features"]);
    cubes(&["--hidden", "2", "--l1", "0.1"]).fails(2, &["l1"]);
    cubes(&["--proof"]).fails(2, &["hidden layers"]);
    cubes(&["--hidden", "2", "--weights", "integer:5000", "--proof"]).fails(2, &["too many values"]);
    heaviside(&["cubes", &data, "--hidden", "2"]).fails(2, &["--out"]);
    assert!(!Path::new(&folder).exists());
    heaviside(&["train", "--cube", &data]).fails(2, &["heaviside-cube"]);
    heaviside(&["train", "--cube", "x.json", "--hidden", "2"]).fails(2, &["--hidden"]);
    heaviside(&["train", &data, "--cube", "x.json"]).fails(2, &["--cube"]);
    heaviside(&["train", "--hidden", "2"]).fails(2, &["DATA.csv"]);
    heaviside(&["merge", &files.path("nothing")]).fails(2, &["problem.json"]);
}

/// A problem that the common run solves is one closed leaf.
#[test]
fn nothing_is_left_to_divide() {
    let files = Files::new();
    let data = files.add("data.csv", &scattered());
    let folder = files.path("jobs");
    let made = heaviside(&["cubes", &data, "--hidden", "2", "--out", &folder, "--json"]).json();
    assert_eq!((&made["names"], &made["closed"]), (&json!([]), &json!(1)));
    let plain = files.trained(&scattered(), &["--hidden", "2"]);
    let answer = merged(&folder);
    assert_eq!((&answer["status"], &answer["loss"]), (&json!("optimal"), &plain["loss"]));
    heaviside(&["cubes", &data, "--hidden", "2", "--out", &folder]).fails(2, &["holds cubes already"]);
}

/// A part that is all networks, of which no output functions are told apart.
#[test]
fn the_proof_of_one_cube() {
    let files = Files::new();
    let data = files.add("data.csv", "f0,y\n5,a\n4,b\n3,c\n3,a\n");
    let (folder, proof) = (files.path("jobs"), files.path("proof"));
    let made =
        heaviside(&["cubes", &data, "--hidden", "1", "--label", "y", "--proof", "--out", &folder, "--json"]).json();
    names(&made).iter().for_each(|name| drop(train(&folder, name, &[])));
    let answer = heaviside(&["merge", &folder, "--proof", &proof, "--json"]).json();
    assert_eq!((&answer["status"], &answer["loss"]), (&json!("optimal"), &json!(3)));
    let checked = heaviside(&["check", "proof", &proof, "--data", &data, "--json"]).json();
    assert_eq!((&checked["valid"], checked["bound"].as_f64()), (&json!(true), Some(3.0)), "{checked}");
    // A loss that the best network does not have.
    change(&format!("{folder}/incumbent.json"), |incumbent| incumbent["loss"] = json!(2));
    heaviside(&["merge", &folder]).fails(1, &["incumbent.json", "loses 3", "2"]);
}

/// A result may be closed by several sittings; a proof is that of one, and one that ended early does not stand for it.
#[test]
fn a_closed_cube_has_a_closed_proof() {
    let files = Files::new();
    let (folder, jobs) = made(&files, "jobs", &["--cubes", "3", "--proof"]);
    let name = names(&jobs).remove(0);
    assert_eq!(train(&folder, &name, &[])["closed"], json!(true));
    assert_eq!(train(&folder, &name, &[])["was_closed"], json!(true));
    let part = format!("{folder}/cube-{name}.proof/part.json");
    change(&part, |part| part["closed"] = json!(false));
    let again = train(&folder, &name, &[]);
    assert_eq!((&again["was_closed"], &again["closed"]), (&json!(false), &json!(true)));
    change(&part, |part| assert_eq!(part["closed"], json!(true)));
}
