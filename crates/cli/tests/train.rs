//! `heaviside train` from the file to the model, and everything that works on the model after.

mod common;

use common::{Files, dataset, heaviside, heaviside_with, keys};
use serde_json::Value;

const XOR: &str = "a,b,class\n0,0,no\n0,1,yes\n1,0,yes\n1,1,no\n";

/// Points on a line whose classes alternate in blocks of three, with one flipped label: no threshold is right, so runs
/// take a while.
fn blocks() -> String {
    let row = |i: u32| format!("{i},{},{}\n", (i * 7) % 10, if i == 4 { 1 } else { (i / 3) % 2 });
    (0..18).map(row).collect()
}

#[test]
fn iris_from_the_data_to_the_check() {
    let files = Files::new();
    let (iris, model) = (dataset("iris.csv"), files.path("iris.json"));
    let json = heaviside(&["train", &iris, "--positive", "virginica", "--out", &model, "--json"]).json();
    assert_eq!(
        keys(&json),
        {
            let mut keys = [
                "status",
                "method",
                "loss",
                "bound",
                "gap",
                "errors",
                "accuracy",
                "epsilon",
                "points",
                "distinct_points",
                "nodes",
                "conflicts",
                "lp_iterations",
                "seconds",
                "network",
                "scaler",
                "schema",
                "test",
                "validation",
                "data",
            ];
            keys.sort_unstable();
            keys
        },
        "the fields of the contract"
    );
    for (field, value) in [
        ("status", Value::from("optimal")),
        ("loss", 1.into()),
        ("bound", 1.0.into()),
        ("gap", 0.0.into()),
        ("errors", 1.into()),
        ("accuracy", (149.0 / 150.0).into()),
        ("points", 150.into()),
        ("distinct_points", 149.into()),
        ("test", Value::Null),
    ] {
        assert_eq!(json[field], value, "{field}");
    }

    // The object alone is enough to classify: scaled features, weights, bias, names.
    assert_eq!(
        json["schema"]["features"],
        serde_json::json!(["sepal_length", "sepal_width", "petal_length", "petal_width"])
    );
    let [shift, divisor, weights, bias] =
        ["/scaler/shift", "/scaler/divisor", "/network/layers/0/weights", "/network/layers/0/biases"]
            .map(|at| serde_json::from_value::<Vec<f64>>(json.pointer(at).expect(at).clone()).unwrap());
    let text = std::fs::read_to_string(&iris).unwrap();
    let wrong = text.lines().skip(1).filter(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        let scaled = (0..4).map(|j| (cells[j].parse::<f64>().unwrap() - shift[j]) / divisor[j]);
        let sum: f64 = bias[0] + scaled.zip(&weights).map(|(x, w)| x * w).sum::<f64>();
        let class = &json["schema"]["classes"][usize::from(sum >= 0.0)];
        (class == "virginica") != (cells[4] == "virginica")
    });
    assert_eq!(wrong.count(), 1);

    let evaluated = heaviside(&["evaluate", &model, &iris, "--json"]).json();
    assert_eq!((&evaluated["errors"], &evaluated["points"]), (&1.into(), &150.into()));
    assert_eq!(evaluated["classes"], serde_json::json!(["not virginica", "virginica"]));

    let predicted = heaviside(&["predict", &model, &iris]);
    let classes: Vec<&str> = predicted.ok().lines().skip(1).filter_map(|line| line.rsplit(',').next()).collect();
    let labels = std::fs::read_to_string(&iris).unwrap();
    let wrong = labels
        .lines()
        .skip(1)
        .zip(&classes)
        .filter(|(line, class)| line.ends_with(",virginica") != (**class == "virginica"));
    assert_eq!((classes.len(), wrong.count()), (150, 1));

    heaviside(&["check", "network", &model, &iris]).ok();
}

#[test]
fn the_report_tells_what_matters() {
    let run = heaviside_with(&["train", "-", "--hidden", "2"], XOR);
    let line = |key: &str| {
        let start = format!("  {key} ");
        let found = run.out.lines().find(|line| line.starts_with(&start));
        found.unwrap_or_else(|| panic!("no {key} in: {}", run.out))[start.len()..].trim().to_owned()
    };
    run.ok();
    assert!(line("status").starts_with("optimal"));
    assert_eq!(line("network"), "2-2-1");
    assert!(line("points").starts_with("4, 4 distinct"));
    assert!(line("loss").starts_with("0 (hamming)"));
    assert_eq!(line("bound"), "0");
    assert!(line("training").contains("100.00%"));
    assert!(line("method").contains(": "), "an engine and a reason");
    assert!(run.out.contains("yes if") && run.out.contains("h1 if"), "the rule: {}", run.out);
    assert!(run.err.contains("BestBound") && !run.out.contains("BestBound"));
}

#[test]
fn formulate_and_solve_find_what_train_finds() {
    let files = Files::new();
    let iris = files.add(
        "small.csv",
        &std::fs::read_to_string(dataset("iris.csv"))
            .unwrap()
            .lines()
            .step_by(6)
            .map(|l| format!("{l}\n"))
            .collect::<String>(),
    );
    let data = files.add("blocks.csv", &blocks());
    let cases: &[&[&str]] = &[
        &[&iris, "--positive", "versicolor"],
        &[&iris, "--loss", "zero-one"],
        &[&data, "--no-bias"],
        &[&data, "--weights", "ternary", "--epsilon", "0.01"],
        &[&data, "--robust", "0.05", "--norm", "l1"],
    ];
    for options in cases {
        let trained = heaviside(&[&["train", "--method", "milp", "--json"], *options].concat()).json();
        let model = heaviside(&[&["formulate"], *options].concat());
        let solved = heaviside_with(&["solve", "-", "--json"], model.ok()).json();
        assert_eq!((&trained["status"], &solved["status"]), (&"optimal".into(), &"optimal".into()), "{options:?}");
        let (loss, objective) = (trained["loss"].as_f64().unwrap(), solved["objective"].as_f64().unwrap());
        assert!((loss - objective).abs() < 1e-6, "{options:?}: {loss} {objective}");
    }
}

#[test]
fn the_same_seed_gives_the_same_result_for_any_number_of_threads() {
    let files = Files::new();
    let data = files.add("blocks.csv", &blocks());
    let run = |threads: &str| {
        let options = ["--hidden", "2", "--node-limit", "300", "--seed", "5", "--test", "0.2", "--json"];
        let mut json = heaviside(&[&["train", &data, "--threads", threads], &options[..]].concat()).json();
        json["seconds"] = Value::Null;
        json
    };
    let one = run("1");
    assert_eq!(one, run("2"));
    assert_eq!(one, run("1"));
    assert!(one["network"].is_object());
}

#[test]
fn a_time_limit_returns_a_network() {
    let files = Files::new();
    let model = files.path("m.json");
    let data = dataset("haberman.csv");
    let run = heaviside(&[
        "train",
        &data,
        "--hidden",
        "3",
        "--method",
        "milp",
        "--time-limit",
        "1",
        "--json",
        "--out",
        &model,
    ]);
    let json = run.json();
    assert_eq!(json["status"], "time-limit");
    assert!(json["bound"].as_f64().unwrap() < json["loss"].as_f64().unwrap(), "{json}");
    assert!(json["gap"].as_f64().unwrap() > 0.0);
    heaviside(&["check", "network", &model, &data]).ok();
}

#[test]
fn parts_kept_apart_are_reported_and_found_again() {
    let files = Files::new();
    let (iris, model) = (dataset("iris.csv"), files.path("m.json"));
    let options = ["--positive", "virginica", "--test", "0.2", "--validation", "0.1", "--stratify", "--seed", "3"];
    let json = heaviside(&[&["train", &iris, "--out", &model, "--json"], &options[..]].concat()).json();
    assert_eq!(
        [&json["points"], &json["test"]["points"], &json["validation"]["points"]].map(Value::as_u64),
        [Some(105), Some(30), Some(15)]
    );
    let checked = heaviside(&["check", "network", &model, &iris, "--json"]).json();
    assert_eq!((&checked["points"], &checked["loss"]), (&105.into(), &json["loss"]));
    // All rows: the errors of the three parts together.
    let all = heaviside(&["evaluate", &model, &iris, "--json"]).json();
    let sum: u64 =
        [&json, &json["test"], &json["validation"]].iter().map(|part| part["errors"].as_u64().unwrap()).sum();
    assert_eq!(all["errors"].as_u64(), Some(sum));
}

#[test]
fn a_start_is_where_the_run_begins() {
    let files = Files::new();
    let (data, model) = (files.add("blocks.csv", &blocks()), files.path("m.json"));
    let options = ["--hidden", "2", "--method", "milp"];
    let train = |more: &[&str]| heaviside(&[&["train", &data, "--json"], &options[..], more].concat());
    let first = train(&["--node-limit", "500", "--out", &model]).json();
    let second = train(&["--node-limit", "1", "--start", &model]).json();
    assert!(second["loss"].as_u64() <= first["loss"].as_u64(), "{first} {second}");
    for (what, wrong) in [("widths", vec!["--hidden", "3"]), ("scaled", vec!["--hidden", "2", "--scale", "standard"])] {
        let run = heaviside(&[&["train", &data, "--start", &model], &wrong[..]].concat());
        run.fails(2, &["m.json", what]);
    }
}

#[test]
fn odd_shapes_work() {
    let three = "x;y;kind\r\n0;0;a\r\n0;1;a\r\n1;0;b\r\n1;1;b\r\n2;0;c\r\n2;1;c\r\n";
    for options in
        [&["--hidden", "2,2"][..], &["--loss", "zero-one", "--hidden", "2"], &["--scale", "none", "--hidden", "2"]]
    {
        let json = heaviside_with(&[&["train", "-", "--json"], options].concat(), three).json();
        assert_eq!((&json["status"], &json["loss"]), (&"optimal".into(), &0.into()), "{options:?}");
    }
    // Equal points with different labels: the floor is the bound, whatever the network.
    let conflict = "1,0\n1,1\n1,1\n2,0\n";
    let json = heaviside_with(&["train", "-", "--json"], conflict).json();
    assert_eq!((&json["loss"], &json["bound"], &json["distinct_points"]), (&1.into(), &1.0.into(), &2.into()));
}

#[test]
fn local_search_proves_what_the_data_force_and_no_more() {
    let iris = dataset("iris.csv");
    let json = heaviside(&["train", &iris, "--hidden", "25", "--method", "local-search", "--json"]).json();
    assert_eq!((&json["status"], &json["method"]), (&"optimal".into(), &"local-search".into()));
    assert_eq!((&json["loss"], &json["bound"]), (&0.into(), &0.0.into()));
    // A line cannot do it, and local search cannot know.
    let options = ["--positive", "versicolor", "--method", "local-search", "--node-limit", "2"];
    let json = heaviside(&[&["train", &iris, "--json"], &options[..]].concat()).json();
    assert_eq!((&json["status"], &json["nodes"], &json["bound"]), (&"node-limit".into(), &2.into(), &0.0.into()));
    let unlimited =
        heaviside(&["train", &iris, "--positive", "versicolor", "--method", "local-search", "--json"]).json();
    assert_eq!(unlimited["status"], "heuristic");
    assert!(unlimited["loss"].as_u64() <= json["loss"].as_u64());
}

#[test]
fn auto_begins_with_local_search_and_says_who_had_the_last_word() {
    let iris = dataset("iris.csv");
    let json = heaviside(&["train", &iris, "--hidden", "25", "--json"]).json();
    assert_eq!((&json["status"], &json["method"]), (&"optimal".into(), &"local-search".into()));
    let json = heaviside(&["train", &iris, "--positive", "virginica", "--json"]).json();
    assert_eq!((&json["status"], &json["method"], &json["loss"]), (&"optimal".into(), &"omt".into(), &1.into()));
}

#[test]
fn problems_too_large_for_exact_search_are_searched_locally() {
    let digits = dataset("digits.csv");
    let options = ["--hidden", "50", "--weights", "ternary", "--node-limit", "1"];
    let run = heaviside(&[&["train", &digits], &options[..]].concat());
    assert!(run.ok().contains("local-search"), "{}", run.out);
    assert!(run.out.contains("exact search would not end"), "{}", run.out);
}
