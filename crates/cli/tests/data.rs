//! Data files as people have them, through the commands that read them.

mod common;

use common::{Files, Run, dataset, heaviside, heaviside_with};
use std::io::Write;

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// Trains on a text from standard input.
fn train(text: &str, options: &[&str]) -> Run {
    heaviside_with(&[&["train", "-"], options].concat(), text)
}

#[test]
fn what_was_read_is_said_before_training() {
    let run = heaviside(&["train", &dataset("iris.csv"), "--node-limit", "1", "--json"]);
    let line = run.err.lines().next().unwrap_or_default();
    let said =
        ": 150 rows, 4 features, a header; class: setosa 50, versicolor 50, virginica 50; nothing missing, 1 duplicate";
    assert!(line.ends_with(said), "{line}");
    let json = run.json();
    let data = &json["data"];
    assert_eq!((&data["rows"], &data["features"], &data["header"]), (&150.into(), &4.into(), &true.into()));
    assert_eq!((&data["duplicates"], &data["dropped"], &data["delimiter"]), (&1.into(), &0.into(), &",".into()));
    assert_eq!(data["classes"][2], serde_json::json!({"class": "virginica", "rows": 50}));
}

#[test]
fn headers_of_numbers() {
    let pandas = "0,1,2\n0.1,5,0\n0.2,6,1\n0.3,7,1\n0.4,1,0\n";
    let run = train(pandas, &[]);
    assert!(run.err.contains("4 rows, 2 features, a header; 2: 0 2, 1 2"), "{}", run.err);
    assert_eq!(train(pandas, &["--header", "no", "--json"]).json()["points"], 5);
    let years = "2020,2021,label\n1,2,yes\n2,1,no\n";
    train(years, &[]).fails(2, &["-:1", "2020, 2021, label", "--header yes or --header no"]);
    assert_eq!(train(years, &["--header", "yes", "--json"]).json()["points"], 2);
    // Every command that reads the file takes the option.
    let files = Files::new();
    let (data, model) = (files.add("years.csv", years), files.path("m.json"));
    heaviside(&["train", &data, "--header", "no", "--out", &model]).ok();
    for command in [&["predict", &model, &data][..], &["evaluate", &model, &data], &["check", "network", &model, &data]]
    {
        heaviside(command).fails(2, &["years.csv:1", "--header"]);
        heaviside(&[command, &["--header", "no"]].concat()).ok();
    }
    // With the names known from training, a header of numbers is no question.
    heaviside(&["train", &data, "--header", "yes", "--out", &model]).ok();
    heaviside(&["predict", &model, &data]).ok();
    heaviside(&["check", "network", &model, &data]).ok();
}

#[test]
fn numbers_that_floats_merge_are_said() {
    for (text, words) in [
        (
            "a,y\n9007199254740993,p\n9007199254740992,q\n",
            "9007199254740993 (line 2) and another number (line 3) differ",
        ),
        (
            "a,y\n0.1000000000000000000000000001,p\n0.1000000000000000000000000002,q\n",
            "0.1000000000000000000000000001 (line 2) and 0.1000000000000000000000000002 (line 3) differ, but both are 0.1 in",
        ),
    ] {
        let run = train(text, &["--json"]);
        let warning = run.err.lines().find(|line| line.contains("warning")).unwrap_or_default().to_owned();
        assert!(warning.contains(words) && warning.contains("column 1 (a)"), "{}", run.err);
        let json = run.json();
        assert_eq!(json["data"]["warnings"].as_array().map(Vec::len), Some(1));
        assert_eq!(json["loss"], 1, "one point with two labels");
    }
    // What a program prints of floats is not remarkable, however many digits it prints.
    let plain = "a,y\n0.1,p\n0.10000000000000001,q\n1.000000000000000056e-01,p\n0.30000000000000004,q\n";
    assert_eq!(train(plain, &["--json"]).json()["data"]["warnings"], serde_json::json!([]));
}

#[test]
fn odd_columns_and_labels_are_named() {
    let rows = |row: fn(i32) -> String| (0..40).map(row).collect::<String>();
    let cases = [
        ("a,b,y,\n1,5,p,\n2,6,q,\n".to_owned(), "column 4 without a name, is left out"),
        (format!(",a,y\n{}", rows(|i| format!("{i},{},{}\n", i * i % 7, i % 2))), "column 1 (x1) counts the rows"),
        (
            format!("a,b,y\n{}", rows(|i| format!("{},{},{}\n", i * i % 7, i % 2, i % 2))),
            "column 2 (b) equals the label",
        ),
        (
            format!("a,price\n{}", rows(|i| format!("{},{}\n", i * i % 7, i / 3))),
            "has 14 different numbers in 40 rows: a quantity",
        ),
    ];
    for (text, words) in cases {
        let run = train(&text, &["--method", "local-search", "--node-limit", "1"]);
        run.ok();
        assert!(run.err.contains(words), "{words}: {}", run.err);
    }
    let many: String = (0..3000).map(|i| format!("{i},c{}\n", i % 1200)).collect();
    train(&format!("a,y\n{many}"), &[]).fails(2, &["1200 classes in 3000 rows", "--label", "--positive"]);
}

#[test]
fn tiny_and_huge_numbers_train() {
    let run = train("a,b,y\n1e-320,2,p\n0,2,q\n", &[]);
    assert!(!run.ok().contains("NaN") && !run.out.contains("inf"), "{}", run.out);
    let huge = "a,b,y\n1.7e308,2,p\n-1.7e308,2,q\n0,3,q\n";
    for scale in ["minmax", "standard"] {
        let run = train(huge, &["--scale", scale, "--json"]);
        assert_eq!(run.json()["loss"], 0, "{scale}");
    }
}

#[test]
fn packed_files_are_read_whatever_their_name() {
    let files = Files::new();
    let iris = std::fs::read(dataset("iris.csv")).unwrap();
    let path = files.path("iris.data");
    std::fs::write(&path, packed(&iris)).unwrap();
    let model = files.path("m.json");
    let json = heaviside(&["train", &path, "--positive", "virginica", "--out", &model, "--json"]).json();
    assert_eq!((&json["loss"], &json["data"]["gzip"]), (&1.into(), &true.into()));
    heaviside(&["check", "network", &model, &dataset("iris.csv")]).ok();
    heaviside(&["check", "network", &model, &path]).ok();
    std::fs::write(&path, &packed(&iris)[..300]).unwrap();
    heaviside(&["train", &path]).fails(2, &["iris.data"]);
}

#[test]
fn parts_of_a_training_run_are_found_again() {
    let files = Files::new();
    let (iris, model) = (dataset("iris.csv"), files.path("m.json"));
    let options =
        ["--positive", "virginica", "--test", "0.2", "--validation", "0.1", "--stratify", "--seed", "7", "--json"];
    let trained = heaviside(&[&["train", &iris, "--out", &model], &options[..]].concat()).json();
    let evaluate = |part| heaviside(&["evaluate", &model, &iris, "--part", part, "--json"]).json();
    for part in ["test", "validation"] {
        let json = evaluate(part);
        for field in ["points", "errors", "accuracy"] {
            assert_eq!(json[field], trained[part][field], "{part} {field}");
        }
        assert_eq!(json["part"], part);
    }
    assert_eq!((&evaluate("train")["points"], &evaluate("train")["errors"]), (&trained["points"], &trained["errors"]));
    // Any other row, also of a part that did not train, makes it other data.
    let text = std::fs::read_to_string(&iris).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for at in 1..20 {
        let mut changed = lines.clone();
        let row = changed[at].replacen('.', ".0", 1);
        changed[at] = &row;
        let other = files.add("other.csv", &changed.join("\n"));
        heaviside(&["evaluate", &model, &other, "--part", "test"]).fails(2, &["other.csv", "not the data"]);
    }
    heaviside(&["train", &iris, "--out", &model]).ok();
    heaviside(&["evaluate", &model, &iris, "--part", "test"]).fails(2, &["without --test"]);
    assert_eq!(evaluate("train")["points"], 150);
}

#[test]
fn columns_are_found_by_name_in_any_order() {
    let files = Files::new();
    let model = files.path("m.json");
    let data = files.add("d.csv", "a,b,y\n0,1,no\n1,0,yes\n0,0,no\n1,1,yes\n");
    heaviside(&["train", &data, "--out", &model]).ok();
    let turned = files.add("turned.csv", "note;b;a\n7;1;0\n7;0;1\n");
    let run = heaviside(&["predict", &model, &turned]);
    assert_eq!(run.ok(), "a,b,predicted y\n0,1,no\n1,0,yes\n");
    assert!(run.err.contains("the model does not use column note"), "{}", run.err);
    let lacking = files.add("lacking.csv", "c,note\n7,1\n");
    heaviside(&["predict", &model, &lacking]).fails(2, &["no column \"a\", \"b\"", "the columns are c, note"]);
}

/// Reading hears the limit: a pipe that never ends and never says anything. What was to be written is named.
#[cfg(unix)]
#[test]
fn reading_hears_the_time_limit() {
    use std::process::{Command, Stdio};
    let began = std::time::Instant::now();
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("heaviside"))
        .args(["train", "-", "--time-limit", "0.3", "--json", "--out", "q.json", "--proof", "q"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .current_dir(std::env::temp_dir())
        .spawn()
        .unwrap();
    let stdin = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("there is no result, and q.json, q are not written"), "{said}");
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &json["status"], &json["loss"]), (Some(0), &"time-limit".into(), &().into()));
    assert!(began.elapsed().as_secs() < 20);
}
