//! `heaviside train --proof` by either engine, and the checks of what it leaves behind.

mod common;

use common::{Files, dataset, heaviside, keys};
use serde_json::Value;
use std::path::Path;

const FOLDER: [&str; 5] = ["formula.opb", "lemmas.jsonl", "network.json", "problem.json", "proof.pbp"];

const MILP_FOLDER: [&str; 4] = ["certificate.vipr", "model.mps", "network.json", "problem.json"];

/// Points on a line and a half whose classes no two neurons tell apart.
fn scattered() -> String {
    let row = |i: u32| format!("{},{},{}\n", (i * 7) % 23, (i * 11) % 19, (i * i / 3) % 2);
    (0..26).map(row).collect()
}

/// The names of the files in a folder, in order.
fn names(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<_> =
        entries.map(|entry| entry.expect("entry").file_name().into_string().expect("UTF-8")).collect();
    names.sort();
    names
}

/// The object of a folder that passes the check.
fn checked(folder: &str, data: &str) -> Value {
    let json = heaviside(&["check", "proof", folder, "--data", data, "--json"]).json();
    assert_eq!((&json["valid"], &json["data_compared"]), (&true.into(), &true.into()));
    json
}

#[test]
fn optima_are_proven_down_to_the_data() {
    let files = Files::new();
    let (iris, scattered) = (dataset("iris.csv"), files.add("scattered.csv", &scattered()));
    let cases: [&[&str]; 7] = [
        &[&iris, "--positive", "virginica", "--hidden", "0"],
        &[&iris, "--positive", "versicolor", "--hidden", "2", "--weights", "ternary"],
        &[&iris, "--hidden", "0", "--weights", "ternary"],
        &[&scattered, "--hidden", "2", "--weights", "integer:2", "--robust", "0.02", "--norm", "l1"],
        &[&scattered, "--hidden", "2"],
        &[&scattered, "--hidden", "2", "--epsilon", "0.01", "--test", "0.3"],
        &[&scattered, "--hidden", "0", "--no-bias"],
    ];
    for (case, options) in cases.iter().enumerate() {
        let folder = files.path(&format!("proof{case}"));
        let mut args = vec!["train"];
        args.extend(*options);
        args.extend(["--proof", &folder, "--json"]);
        let trained = heaviside(&args).json();
        assert_eq!((&trained["status"], &trained["method"]), (&"optimal".into(), &"omt".into()), "{options:?}");
        let proof = &trained["proof"];
        assert_eq!(keys(proof), ["bound", "bytes", "compressed", "folder", "lemmas", "steps"]);
        assert_eq!((&proof["bound"], &proof["folder"]), (&trained["bound"], &folder.as_str().into()), "{options:?}");
        assert_eq!(names(&folder), FOLDER);

        let checked = checked(&folder, options[0]);
        assert_eq!(checked["claim"], "optimal", "{options:?}");
        assert_eq!((&checked["loss"], &checked["rows"]), (&trained["loss"], &trained["points"]), "{options:?}");
        assert_eq!((&checked["lemmas"], &checked["bound"]), (&proof["lemmas"], &checked["loss"]), "{options:?}");

        let kernel = files.path(&format!("kernel{case}"));
        let elaborated = heaviside(&["elaborate", &folder, "--out", &kernel, "--json"]).json();
        let by_kernel = heaviside(&["check", "kernel", &kernel, "--folder", &folder, "--json"]).json();
        assert_eq!((&by_kernel["claim"], &by_kernel["folder_compared"]), (&"optimal".into(), &true.into()));
        assert_eq!((&by_kernel["loss"], &by_kernel["points"]), (&checked["loss"], &checked["points"]), "{options:?}");
        assert_eq!(by_kernel["steps"], elaborated["steps"], "{options:?}");
        heaviside(&["check", "network", &format!("{folder}/network.json"), options[0]]).ok();
    }
}

/// The bound of a run that a limit stops is proven as far as it was reached.
#[test]
fn what_a_limit_leaves_is_checked_all_the_same() {
    let files = Files::new();
    let data = files.add("scattered.csv", &scattered());
    for (hidden, limit) in [("0", "1"), ("2", "150"), ("3", "150"), ("2,2", "300")] {
        let folder = files.path(&format!("proof-{hidden}"));
        let train = ["train", &data, "--hidden", hidden, "--node-limit", limit, "--json", "--proof", &folder];
        let trained = heaviside(&[&train[..], &["--set", "omt.dual=no"]].concat()).json();
        assert_eq!(trained["status"], "node-limit", "{hidden}");
        assert_eq!(trained["proof"]["bound"], trained["bound"], "{hidden}");
        let checked = checked(&folder, &data);
        assert_eq!((checked["bound"].as_f64(), &checked["loss"]), (trained["bound"].as_f64(), &trained["loss"]));
        let above = checked["bound"].as_u64() > Some(0);
        assert_eq!(checked["claim"], "bounds");
        assert!(above || ["3", "2,2"].contains(&hidden), "{hidden}: cores and trees raise the bound");
    }
}

/// A search that is over before its proof is written claims an optimum; the folder claims what it proves, and is accepted.
#[test]
fn a_limit_of_time_leaves_a_folder_that_claims_what_it_proves() {
    let files = Files::new();
    let data = dataset("haberman.csv");
    for limit in ["0.2", "1", "2", "4", "60"] {
        let folder = files.path(&format!("proof-{limit}"));
        let train = ["train", &data, "--hidden", "2", "--time-limit", limit, "--json", "--proof", &folder];
        let trained = heaviside(&train).json();
        if trained["proof"].is_null() {
            assert_ne!(limit, "60", "{trained}");
            continue;
        }
        let network: Value =
            serde_json::from_str(&std::fs::read_to_string(format!("{folder}/network.json")).expect("a network"))
                .expect("JSON");
        let (claim, proven) = (&network["claim"], checked(&folder, &data));
        assert_eq!(claim["bound"], trained["proof"]["bound"], "{limit}");
        assert_eq!(claim["status"] == "optimal", claim["bound"].as_f64() == claim["loss"].as_f64(), "{limit}: {claim}");
        assert_eq!(proven["bound"].as_f64(), claim["bound"].as_f64(), "{limit}");
        // The limit of a minute is not reached.
        assert!(limit != "60" || claim["status"] == "optimal", "{claim}");
    }
}

/// The same of the dual tree, whose proof goes on where a limit of nodes ends its search.
#[test]
fn what_a_limit_leaves_of_the_dual_tree_is_proven() {
    let files = Files::new();
    let (data, folder) = (dataset("haberman.csv"), files.path("proof"));
    let train = ["train", &data, "--hidden", "2", "--node-limit", "200", "--json", "--proof", &folder];
    let trained = heaviside(&train).json();
    assert_eq!((&trained["status"], &trained["proof"]["bound"]), (&"node-limit".into(), &trained["bound"]));
    // Conflicting labels alone force 6.
    assert!(trained["bound"].as_f64() > Some(6.0), "{}", trained["bound"]);
    assert_eq!(checked(&folder, &data)["bound"].as_f64(), trained["bound"].as_f64());
}

#[test]
fn packed_folders_prove_the_same() {
    let files = Files::new();
    let data = files.add("scattered.csv", &scattered());
    for hidden in ["0", "2", "2,2"] {
        let [plain, packed] = ["plain", "packed"].map(|name| files.path(&format!("{name}-{hidden}")));
        let train = ["train", &data, "--hidden", hidden, "--node-limit", "2000", "--json", "--proof"];
        let first = heaviside(&[&train[..], &[&plain]].concat()).json();
        let second = heaviside(&[&train[..], &[&packed, "--compress"]].concat()).json();
        assert_eq!(
            names(&packed),
            ["formula.opb.gz", "lemmas.jsonl.gz", "network.json", "problem.json", "proof.pbp.gz"],
            "{hidden}"
        );
        for field in ["bound", "lemmas", "steps"] {
            assert_eq!(first["proof"][field], second["proof"][field], "{hidden}: {field}");
        }
        let bytes = |json: &Value| json["proof"]["bytes"].as_u64().expect("a size");
        assert!(bytes(&second) < bytes(&first) && second["proof"]["compressed"] == true, "{hidden}");
        assert_eq!(checked(&plain, &data), checked(&packed, &data), "{hidden}");
    }
}

#[test]
fn the_milp_engine_leaves_a_certificate() {
    let files = Files::new();
    let data: String = scattered().lines().take(8).map(|line| format!("{line}\n")).collect();
    let data = files.add("few.csv", &data);
    for (hidden, limit, packed) in [("0", "100000", false), ("2", "100000", true), ("2", "3", false)] {
        let folder = files.path(&format!("milp-{hidden}-{limit}"));
        let train = ["train", &data, "--method", "milp", "--hidden", hidden, "--node-limit", limit, "--json"];
        let mut args = [&train[..], &["--proof", &folder]].concat();
        args.extend(packed.then_some("--compress"));
        let trained = heaviside(&args).json();
        let end = if packed { ".gz" } else { "" };
        let [model, certificate] = ["model.mps", "certificate.vipr"].map(|name| format!("{folder}/{name}{end}"));
        assert!(names(&folder).contains(&"network.json".to_owned()), "{hidden}");
        assert_eq!(trained["proof"]["compressed"], packed);
        let checked = heaviside(&["check", "certificate", &model, &certificate, "--json"]).json();
        let text = |field: &str| checked[field].as_str().and_then(|text| text.parse::<f64>().ok());
        assert_eq!(text("lower"), trained["proof"]["bound"].as_f64(), "{hidden} {limit}");
        assert_eq!(text("upper"), trained["loss"].as_f64(), "{hidden} {limit}");
        let claim = if limit == "3" { "bounds" } else { "optimal" };
        assert_eq!(checked["claim"], claim, "{hidden} {limit}");
        let checked = self::checked(&folder, &data);
        assert_eq!((&checked["claim"], &checked["epsilon"]), (&claim.into(), &1e-4.into()), "{hidden} {limit}");
        assert_eq!(checked["bound"].as_f64(), trained["proof"]["bound"].as_f64(), "{hidden} {limit}");
        assert_eq!(checked["loss"], trained["loss"], "{hidden} {limit}");
    }
}

/// Whole and regularised weights, balls, several classes, rows kept apart: what the other engine's proofs know nothing of.
#[test]
fn proofs_of_the_milp_engine_speak_of_the_data() {
    let files = Files::new();
    let row =
        |i: u32| format!("{},{},{}\n", (i * 7) % 23, f64::from(i * 11 % 19) / 3.0, ["a", "b", "c"][i as usize % 3]);
    let data = files.add("few.csv", &(0..9).map(row).collect::<String>());
    let cases: [(&[&str], &[&str]); 5] = [
        (
            &["--hidden", "0", "--positive", "b", "--weights", "ternary"],
            &["2-1, whole weights of at most 1\n", "loss is"],
        ),
        (
            &["--hidden", "1", "--positive", "b", "--l1", "0.01", "--l0", "0.1"],
            &["2-1-1, real weights", "least objective", "0.1 for each weight that is not 0, 0.01 for each unit"],
        ),
        (
            &["--hidden", "0", "--loss", "zero-one", "--robust", "0.05", "--norm", "l1", "--test", "0.3"],
            &["2-3, real weights", "zero-one: each row counts", "radius 0.05, l1"],
        ),
        (
            &["--hidden", "1", "--positive", "c", "--robust", "0.05", "--norm", "linf", "--no-bias"],
            &["2-1-1, real weights in [-1, 1], no biases", "radius 0.05, linf"],
        ),
        (
            &["--hidden", "1,1", "--positive", "a", "--scale", "none", "--epsilon", "0.1"],
            &["2-1-1-1, real", "epsilon 0.1: what does not fire has a <= -0.1"],
        ),
    ];
    for (case, (options, premises)) in cases.iter().enumerate() {
        let folder = files.path(&format!("milp{case}"));
        let train = ["train", &data, "--method", "milp", "--proof", &folder, "--node-limit", "200", "--json"];
        let trained = heaviside(&[&train[..], options].concat()).json();
        let checked = checked(&folder, &data);
        assert_eq!(checked["loss"], trained["loss"], "{options:?}");
        assert_eq!(checked["bound"].as_f64(), trained["proof"]["bound"].as_f64(), "{options:?}");
        assert_eq!(checked["epsilon"], trained["epsilon"], "{options:?}");
        let text = heaviside(&["check", "proof", &folder]);
        for premise in ["margin", "epsilon"].iter().chain(*premises) {
            assert!(text.ok().contains(premise), "{premise}: {}", text.out);
        }
    }
    // A lie in any of the files is found, and where both proofs stand together none is read.
    let folder = files.path("milp0");
    let path = |name: &str| format!("{folder}/{name}");
    let lie = |name: &str, from: &str, to: &str, messages: &[&str]| {
        let text = std::fs::read_to_string(path(name)).expect("a text");
        assert!(text.contains(from), "{name}: {from}");
        std::fs::write(path(name), text.replacen(from, to, 1)).expect("a file");
        heaviside(&["check", "proof", &folder]).fails(1, messages);
        std::fs::write(path(name), text).expect("a file");
    };
    lie("model.mps", " G fire_1_0_0", " L fire_1_0_0", &["model.mps", "`fire_1_0_0`"]);
    lie("certificate.vipr", "RTP range", "RTP range 9 inf %", &["certificate.vipr"]);
    lie("problem.json", "\"claim\":{\"bound\":", "\"claim\":{\"bound\":1", &["problem.json:1", "claims a bound of 1"]);
    lie("network.json", "\"integer\": 1", "\"integer\": 2", &["network.json", "not those of problem.json"]);
    checked(&folder, &data);
    std::fs::write(path("formula.opb"), "").expect("a file");
    heaviside(&["check", "proof", &folder]).fails(2, &["both model.mps and formula.opb"]);
}

/// What a bound is about stands in the report: a bound on an objective is none on a loss even where the two are equal, and nothing is said of
/// networks beyond margin, ball, biases and limits.
#[test]
fn a_claim_is_told_with_its_premises() {
    let files = Files::new();
    let data = files.add("pair.csv", "x,class\n0,n\n1,y\n2,y\n");
    let folder = files.path("proof");
    let told = |options: &[&str]| {
        let train = ["train", &data, "--proof", &folder, "--json"];
        let trained = heaviside(&[&train[..], options].concat()).json();
        (trained, heaviside(&["check", "proof", &folder]).ok().to_owned(), checked(&folder, &data))
    };
    // A network without weights is best at this price, and its objective is its loss.
    let (trained, text, json) = told(&["--method", "milp", "--l0", "10"]);
    assert_eq!((&trained["loss"], &trained["status"]), (&1.into(), &"optimal".into()));
    assert!(text.contains("the least objective is") && !text.contains("the least loss"), "{text}");
    assert_eq!((&json["l0"], &json["l1"]), (&10.0.into(), &0.0.into()));
    // The exact engine's.
    let (_, text, json) = told(&["--method", "omt", "--hidden", "2", "--epsilon", "0.1", "--robust", "0.05"]);
    assert!(text.contains("epsilon 0.1: what") && text.contains("radius 0.05, linf"), "{text}");
    assert_eq!((&json["epsilon"], &json["radius"], &json["norm"]), (&0.1.into(), &0.05.into(), &"linf".into()));
    let (_, text, json) = told(&["--method", "omt", "--hidden", "2", "--no-bias", "--max-false-positives", "0"]);
    assert!(text.contains("1-2-1, real weights in [-1, 1], no biases"), "{text}");
    assert!(text.contains("structure, limits and lemmas, nothing else"), "{text}");
    let architecture =
        serde_json::json!({ "inputs": 1, "hidden": [2], "classes": 2, "bias": false, "whole_weights": null });
    assert_eq!((&json["architecture"], &json["counts"]), (&architecture, &"hamming".into()));
}

/// A proof, for which the search has no lists of what whole weights do, costs nobody the network that training without it gives.
#[test]
fn proofs_of_whole_weights_begin_with_a_good_network() {
    let files = Files::new();
    let train = ["train", &common::dataset("iris.csv"), "--positive", "versicolor", "--weights", "ternary", "--json"];
    let free = heaviside(&train).json();
    let folder = files.path("proof");
    let proven = heaviside(&[&train[..], &["--proof", &folder, "--node-limit", "1"]].concat()).json();
    assert_eq!((&proven["method"], &proven["status"]), (&"omt".into(), &"node-limit".into()));
    assert_eq!((&free["loss"], &proven["loss"]), (&34.into(), &34.into()));
}

/// That no network meets the conditions is certified like any bound.
#[test]
fn infeasibility_is_certified() {
    let files = Files::new();
    let data = files.add("xor.csv", "x,y,class\n0,0,n\n1,1,n\n0,1,y\n1,0,y\n");
    for method in ["milp", "omt"] {
        let folder = files.path(method);
        let limits = ["--max-false-positives", "0", "--max-false-negatives", "0"];
        let run =
            heaviside(&[&["train", &data, "--method", method, "--proof", &folder, "--json"][..], &limits].concat());
        let trained = run.json();
        assert_eq!((&trained["status"], &trained["proof"]["bound"]), (&"infeasible".into(), &serde_json::Value::Null));
        assert!(!run.err.contains("could not certify"), "{}", run.err);
        assert_eq!(checked(&folder, &data)["claim"], "infeasible");
    }
}

#[test]
fn a_new_proof_leaves_nothing_of_the_old_one() {
    let files = Files::new();
    let data = files.add("few.csv", "a,class\n0,n\n1,y\n2,n\n3,y\n");
    let folder = files.path("proof");
    std::fs::create_dir(&folder).unwrap();
    let run = |more: &[&str]| heaviside(&[&["train", &data, "--hidden", "2", "--proof", &folder, "-q"], more].concat());
    let train = |more: &[&str]| {
        run(more).ok();
        names(&folder)
    };
    let packed: Vec<String> =
        FOLDER.iter().map(|n| if n.ends_with("json") { (*n).to_owned() } else { format!("{n}.gz") }).collect();
    assert_eq!(train(&[]), FOLDER);
    assert_eq!(train(&["--compress"]), packed);
    assert_eq!(train(&["--method", "milp"]), MILP_FOLDER);
    checked(&folder, &data);
    assert_eq!(train(&[]), FOLDER);
    checked(&folder, &data);
    // What is no proof is left alone, and so is the proof beside it.
    let note = Path::new(&folder).join("note.txt");
    std::fs::write(&note, "mine").unwrap();
    run(&["--method", "milp"]).fails(2, &["note.txt"]);
    assert_eq!(std::fs::read_to_string(note).unwrap(), "mine");
    checked(&folder, &data);
    assert_eq!(files.names(), ["few.csv", "proof"], "nothing is left beside it");
}

#[test]
fn folders_that_cannot_be_made_are_named_before_the_run() {
    let files = Files::new();
    let data = files.add("few.csv", "a,class\n0,n\n1,y\n2,n\n3,y\n");
    let taken = files.add("taken", "a file");
    for folder in [taken.clone(), format!("{taken}/below")] {
        for method in ["omt", "milp"] {
            let run = heaviside(&["train", &data, "--hidden", "2", "--method", method, "--proof", &folder]);
            run.fails(2, &[&folder]);
            assert!(run.out.is_empty() && !run.err.contains("BestBound"), "{}", run.err);
        }
    }
    assert_eq!(files.read("taken"), "a file");
    heaviside(&["train", &data, "--compress"]).fails(2, &["--proof"]);
    heaviside(&["train", &data, "--proof", &files.path("p"), "--method", "split"]).fails(2, &["--method auto"]);
}

/// A margin that nobody asked for is warned about where it may matter, and no message names one that nobody asked for.
#[test]
fn a_margin_that_nobody_asked_for_is_told() {
    let files = Files::new();
    let train = |name: &str, rows: &str, more: &[&str]| {
        let (data, proof) = (files.add(name, rows), files.path(&format!("{name}.proof")));
        let args = ["train", &data, "--header", "no", "--weights", "ternary", "--hidden", "0", "--l0", "0.001"];
        let args = [&args[..], &["--proof", &proof]].concat();
        heaviside(&[&args[..], more].concat())
    };
    let warned = "takes networks with a margin only";
    let whole = train("whole.csv", "0,0,a\n1,0,b\n0,1,b\n1,1,a\n2,1,b\n", &[]);
    assert!(whole.ok().contains("writes no proof here"), "{}", whole.out);
    assert!(!whole.err.contains(warned), "{}", whole.err);
    let close = train("close.csv", "0.1,a\n0.3,b\n0.7,a\n", &[]);
    close.ok();
    assert!(close.err.contains(warned), "{}", close.err);
    let tiny = train("tiny.csv", "0,a\n1e-5,b\n", &["--scale", "none"]);
    tiny.fails(2, &["ask for a margin of at least"]);
    assert!(!tiny.err.contains("epsilon ="), "{}", tiny.err);
}

/// Points that differ in their last digit: the run ends by itself, and the checker accepts what it proves.
#[test]
fn last_digits_are_proven() {
    let files = Files::new();
    let one = "0.30000000000000004,0.3,1\n0.30000000000000004,0.30000000000000004,0\n0.30000000000000004,0.1,0\n";
    let two = "1e15,0.3,b\n1e15,0.30000000000000004,a\n1e15,0.4,b\n1000000000000001,0.3,a\n";
    let cases: [(&str, &str, &[&str]); 2] =
        [("one.csv", one, &["--hidden", "1,1"]), ("two.csv", two, &["--hidden", "2", "--no-bias", "--scale", "none"])];
    for (name, rows, more) in cases {
        let (data, proof) = (files.add(name, rows), files.path(&format!("{name}.proof")));
        let args = ["train", &data, "--header", "no", "--node-limit", "1000", "--json", "--proof", &proof];
        let json = heaviside(&[&args[..], more].concat()).json();
        assert_eq!((&json["status"], &json["loss"], &json["bound"]), (&"optimal".into(), &1.into(), &1.0.into()));
        assert!(json["reason"].is_null() && checked(&proof, &data)["bound"] == 1, "{name}");
    }
}
