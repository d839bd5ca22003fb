//! Networks recounted exactly.

use checker::network::{Options, Report, check};
use checker::number::exact;
use checker::{Error, Source};
use std::path::PathBuf;

/// A model file of one layer on two features, with the given pieces.
struct File {
    weights: &'static str,
    bias: &'static str,
    epsilon: &'static str,
    robust: &'static str,
    loss: u64,
    hash: String,
}

impl File {
    fn text(&self) -> String {
        let Self { weights, bias, epsilon, robust, loss, hash } = self;
        format!(
            r#"{{"format": "heaviside-model", "version": 1, "program": "a test",
 "architecture": {{"inputs": 2, "hidden": [], "classes": 2, "bias": true, "weights": "continuous"}},
 "network": {{"layers": [
   {{"inputs": 2, "outputs": 1, "weights": [{weights}], "biases": [{bias}]}}]}},
 "scaling": "min-max", "scaler": {{"shift": [1, 0.0], "divisor": [3, 1e0]}},
 "schema": {{"features": ["a", "b"], "named": true, "label": "class", "label_column": 2, "classes": ["no", "yes"]}},
 "training": {{"method": "omt", "loss": "zero-one", "epsilon": {epsilon}, "robust": {robust},
   "l0": 0, "l1": 0.0, "seed": 1, "data_sha256": "{hash}", "rows": 5, "distinct_points": 4}},
 "claim": {{"status": "optimal", "loss": {loss},
   "objective": {loss}.0, "bound": {loss}}}}}"#
        )
    }
}

const DATA: &str = "a,b,class\n1,0,no\n2,0,no\n2,0,yes\n4,0.5,yes\n1,\"1\",yes\n";

fn run(model: &str, data: &str) -> Result<Report, Error> {
    check(Source::new("model.json", model.as_bytes()), Source::new("data.csv", data.as_bytes()), &Options::default())
}

/// (a - 1)/3 + b - 1/2, which makes one error: the point at (2, 0) that is both.
fn separating() -> File {
    let mut file =
        File { weights: "1, 1", bias: "-0.5", epsilon: "null", robust: "null", loss: 1, hash: String::new() };
    file.hash = run(&file.text(), DATA).unwrap().data_sha256;
    file
}

/// Rows by class and predicted class, as a table.
fn confusion(report: &Report, classes: usize) -> Vec<Vec<u64>> {
    let at = |class, predicted| report.confusion.get(&(class, predicted)).copied().unwrap_or(0);
    (0..classes).map(|class| (0..classes).map(|predicted| at(class, predicted)).collect()).collect()
}

fn claims(report: &Report) -> Vec<String> {
    report.false_claims.iter().map(ToString::to_string).collect()
}

#[test]
fn a_right_model_passes() {
    let report = run(&separating().text(), DATA).unwrap();
    assert_eq!(claims(&report), [""; 0]);
    assert_eq!((report.rows, report.distinct_points, report.loss, report.errors), (5, 4, 1, 1));
    assert_eq!(confusion(&report, 2), [[2, 0], [1, 2]]);
    // At (2, 0): 1/3 - 1/2, exactly, although 1/3 is no binary64.
    assert_eq!(report.largest_resting, Some(exact("-1/6").unwrap()));
    assert_eq!(report.least_firing, Some(exact("1/2").unwrap()));
    assert_eq!(report.objective, exact("1").unwrap());
}

/// Values that rounding gets wrong: 0.1 and 0.2 as binary64 sum to more than 0.3, and (2 - 1)/3 is a third.
#[test]
fn signs_are_exact() {
    let loss = |weights, bias| {
        let file = File { weights, bias, ..separating() };
        confusion(&run(&file.text(), "0.1,0.2,yes\n4,0,no\n").unwrap(), 2)
    };
    // In binary64, 0.2 as it stands is 0.2000000000000000111; only the exact zero fires.
    assert_eq!(loss("0, 1", "-0.2"), [[1, 0], [0, 1]]);
    assert_eq!(loss("0, 1", "-0.20000000000000004"), [[1, 0], [1, 0]]);
    // (2 - 1)/3 - 1/3 = 0 is a sum of thirds: with the nearest binary64 to 1/3 below a third, it fires.
    let file = File { weights: "1, 0", bias: "-0.3333333333333333", ..separating() };
    let report = run(&file.text(), "2,0,yes\n").unwrap();
    assert_eq!(confusion(&report, 2), [[0, 0], [0, 1]]);
    assert_eq!(report.least_firing, Some(exact("1/3").unwrap() - exact("6004799503160661/18014398509481984").unwrap()));
}

#[test]
fn false_claims_are_named() {
    let right = separating().text();
    let refuted = |from: &str, to: &str| {
        assert_eq!(right.matches(from).count(), 1, "{from}");
        claims(&run(&right.replace(from, to), DATA).unwrap()).join("\n")
    };
    for (from, to, expected) in [
        ("\"loss\": 1,", "\"loss\": 0,", "model.json:9: claims 0 as its loss, recounted 1"),
        ("\"objective\": 1.0", "\"objective\": 0.5", "model.json:10: claims the objective 1/2, recounted 1"),
        ("\"bound\": 1", "\"bound\": 2", "model.json:10: claims the lower bound 2, but reaches 1"),
        ("\"rows\": 5", "\"rows\": 6", "model.json:8: claims 6 rows, recounted 5"),
        ("\"distinct_points\": 4", "\"distinct_points\": 5", "model.json:8: claims 5 distinct points, recounted 4"),
        ("\"classes\": [\"no\"", "\"classes\": [\"NO\"", "no class `no`"),
        ("[1, 1]", "[1.5, 1]", "model.json:4: layer 1: weight 3/2 outside its domain"),
        ("\"bias\": true", "\"bias\": false", "model.json:4: layer 1: a bias in a network without"),
        ("\"weights\": \"continuous\"", "\"weights\": {\"integer\": 1}", ""),
        ("\"epsilon\": null", "\"epsilon\": 0.25", "data.csv:3: layer 1, neuron 1 has the pre-activation -1/6"),
        ("\"epsilon\": null", "\"epsilon\": 0.125", ""),
        ("\"robust\": null", "\"robust\": {\"radius\": 0.0625, \"norm\": \"linf\"}", ""),
        ("\"robust\": null", "\"robust\": {\"radius\": 0.125, \"norm\": \"linf\"}", "data.csv:3: layer 1, neuron 1"),
        ("\"robust\": null", "\"robust\": {\"radius\": 0.125, \"norm\": \"l1\"}", ""),
        ("\"robust\": null", "\"robust\": {\"radius\": 0.1875, \"norm\": \"l1\"}", "data.csv:3: layer 1, neuron 1"),
    ] {
        if from.starts_with("\"classes\"") {
            let error = run(&right.replace(from, to), DATA).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
            continue;
        }
        let found = refuted(from, to);
        let same = if expected.is_empty() { found.is_empty() } else { found.contains(expected) };
        assert!(same, "{from} -> {to}: {found}");
    }
    // Another data file.
    let found = claims(&run(&right, &DATA.replace("4,0.5", "4,0.25")).unwrap()).join("\n");
    assert!(found.contains("other data"), "{found}");
}

/// Margin and ball together: a + r |w| <= -epsilon must hold exactly, to the last bit.
#[test]
fn margins_are_exact() {
    let file = |epsilon: &'static str, robust: &'static str| {
        let weights = "0.5, -0.25";
        let file = File { weights, bias: "-0.25", epsilon, robust, ..separating() };
        claims(&run(&file.text(), "1,0,no\n7,0,yes\n").unwrap()).iter().any(|claim| claim.contains("margin"))
    };
    // At (1, 0) the pre-activation is -1/4, at (7, 0) it is 3/4; |w|_1 = 3/4, |w|_inf = 1/2.
    assert!(!file("0.25", "null"));
    assert!(file("0.25000000000000006", "null"));
    assert!(!file("0.0625", r#"{"radius": 0.25, "norm": "linf"}"#));
    assert!(file("0.0625", r#"{"radius": 0.25000000000000006, "norm": "linf"}"#));
    assert!(!file("0.125", r#"{"radius": 0.25, "norm": "l1"}"#));
    assert!(file("0.12500000000000003", r#"{"radius": 0.25, "norm": "l1"}"#));
    // Without epsilon the ball's edge may not touch the hyperplane on the resting side.
    assert!(!file("null", r#"{"radius": 0.3333333333333333, "norm": "linf"}"#));
    assert!(file("null", r#"{"radius": 0.5, "norm": "l1"}"#));
    assert!(!file("null", r#"{"radius": 0.49999999999999994, "norm": "l1"}"#));
}

/// A hidden layer and three classes, by hand.
#[test]
fn deep_and_many_classes() {
    let model = r#"{"format": "heaviside-model", "version": 1,
 "architecture": {"inputs": 1, "hidden": [2], "classes": 3, "bias": true, "weights": {"integer": 2}},
 "network": {"layers": [
  {"inputs": 1, "outputs": 2, "weights": [1, 1], "biases": [0, -1]},
  {"inputs": 2, "outputs": 3, "weights": [-1, 0, 1, -2, 0, 1], "biases": [0, -1, -1]}]},
 "scaler": {"shift": [0], "divisor": [1]},
 "schema": {"features": ["x1"], "named": false, "label": "label", "label_column": 1, "classes": ["1", "2", "3"]},
 "training": {"loss": "hamming", "epsilon": null, "l0": 0.5, "l1": 0.25, "data_sha256": "", "rows": 4, "distinct_points": 4},
 "claim": {"status": "heuristic", "loss": 2, "objective": 7, "bound": 0}}"#;
    // h = (x >= 0, x >= 1); outputs (-h1 >= 0, h1 - 2 h2 - 1 >= 0, h2 - 1 >= 0).
    let report = run(model, "-1 ; 1.0\r\n0; 2\r\n\r\n1 ;3\r\n2;1\r\n").unwrap();
    assert_eq!(confusion(&report, 3), [[1, 0, 1], [0, 1, 0], [0, 0, 1]]);
    assert_eq!((report.hamming, report.zero_one, report.errors, report.loss), (2, 1, 1, 2));
    // 2 + 0.5 * 6 weights + 0.25 * 7.
    assert_eq!(report.objective, exact("6.75").unwrap());
    assert!(claims(&report).join("\n").contains("claims the objective 7, recounted 27/4"));
}

/// Rows kept apart are left out; the order of the others matters to the fingerprint alone.
#[test]
fn training_rows_by_line() {
    let model = separating().text();
    let on = |lines: &[u64]| {
        let options = Options { lines: Some(lines.to_vec()), ..Options::default() };
        check(Source::new("model.json", model.as_bytes()), Source::new("data.csv", DATA.as_bytes()), &options)
    };
    assert_eq!(claims(&on(&[2, 3, 4, 5, 6]).unwrap()), [""; 0]);
    assert!(claims(&on(&[3, 2, 4, 5, 6]).unwrap()).join("").contains("other data"));
    let part = on(&[6, 2]).unwrap();
    assert_eq!((part.rows, part.loss, confusion(&part, 2)), (2, 0, vec![vec![1, 0], vec![0, 1]]));
    for lines in [&[1][..], &[2, 2], &[7]] {
        assert_eq!(on(lines).unwrap_err().line(), lines[lines.len() - 1]);
    }
}

#[test]
fn bad_data_names_its_line() {
    let model = separating().text();
    for (data, line, word) in [
        ("", 0, "no data row"),
        ("a,b,class\n", 0, "no data row"),
        ("a,b,class\n1,2\n", 2, "2 cells"),
        ("a,b,class\n1,x,no\n", 2, "column 2: `x`"),
        ("a,b,class\n1,inf,no\n", 2, "column 2: not a finite"),
        ("a,b,class\n1,2,no\n1,?,no\n", 3, "missing"),
        ("a,b,class\n1,2,maybe\n", 2, "no class `maybe`"),
        ("a,c,class\n1,2,no\n", 1, "lacks a feature"),
        ("a,b,label\n1,2,no\n", 1, "no label column `class`"),
        ("a,b,a,class\n1,2,3,no\n", 1, "two columns"),
        ("1,2\n", 1, "2 columns"),
    ] {
        let error = run(&model, data).unwrap_err();
        assert!(error.to_string().contains(word), "{data:?}: {error}");
        assert_eq!(error.line(), line, "{data:?}: {error}");
    }
    let dropped = check(
        Source::new("model.json", model.as_bytes()),
        Source::new("data.csv", &b"\xef\xbb\xbfb\tclass\ta\n1\tno\t2\n1\t\t2\nNA\tyes\t2\n"[..]),
        &Options { drop_missing: true, ..Options::default() },
    );
    let dropped = dropped.unwrap();
    assert_eq!((dropped.rows, dropped.dropped), (1, 2));
}

#[test]
fn bad_models_name_their_field() {
    let right = separating().text();
    for (from, to, line, word) in [
        ("heaviside-model", "other", 1, "format"),
        ("\"version\": 1", "\"version\": 2", 1, "version"),
        ("\"inputs\": 2, \"hidden\"", "\"inputs\": 3, \"hidden\"", 5, "scaler"),
        ("{\"inputs\": 2, \"outputs\"", "{\"inputs\": 3, \"outputs\"", 4, "layers[0]"),
        ("\"hidden\": []", "\"hidden\": [0]", 2, "without neurons"),
        ("\"hidden\": []", "\"hidden\": [2]", 3, "2 layers"),
        ("\"classes\": 2", "\"classes\": 1", 2, "at least 2"),
        ("[1, 1]", "[1]", 4, "weights"),
        ("[1, 1]", "[1, \"1\"]", 4, "weights[1]"),
        ("[1, 1]", "[1, 1e999]", 4, "weights[1]"),
        ("[3, 1e0]", "[3, 0]", 5, "positive"),
        ("[3, 1e0]", "[3]", 5, "2 shifts"),
        ("\"label_column\": 2", "\"label_column\": 3", 6, "label_column"),
        ("[\"no\", \"yes\"]", "[\"no\"]", 6, "2 classes"),
        ("\"zero-one\"", "\"none\"", 7, "hamming"),
        ("\"epsilon\": null", "\"epsilon\": 0", 7, "positive"),
        ("\"loss\": 1,", "\"loss\": -1,", 9, "natural"),
        ("\"claim\": {", "\"claim\": [", 9, "`]`"),
        ("\"seed\": 1,", "\"seed\": 1, \"seed\": 1,", 8, "twice"),
        ("\"seed\": 1,", "\"seed\": 01,", 8, "zeros"),
        ("a test", "a \\ud800 test", 1, "surrogate"),
    ] {
        assert_eq!(right.matches(from).count(), 1, "{from}");
        let error = run(&right.replace(from, to), DATA).unwrap_err();
        assert!(error.to_string().contains(word), "{from} -> {to}: {error}");
        assert_eq!(error.line(), line, "{error}");
    }
    let deep = "[".repeat(100_000);
    assert!(run(&deep, DATA).unwrap_err().to_string().contains("deeper"));
}

/// No change of one character panics, and what is then claimed wrongly is named.
#[test]
fn mutants_do_not_panic() {
    let right = separating().text();
    for at in 0..right.len() {
        for with in ["", "0", "\"", "]", "-", "e9", ","] {
            let mutant = format!("{}{with}{}", &right[..at], &right[at + 1..]);
            if let Ok(report) = run(&mutant, DATA) {
                assert!(report.loss == report.claimed_loss || !report.false_claims.is_empty());
            }
        }
    }
}

/// The "proven optimum" of 6 errors that a leading solver reported with default tolerances: its network makes 33.
#[test]
fn the_wrong_optimum_is_refuted() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../datasets/optima");
    let [network, data] =
        ["wrong_optimum_network.json", "breast_cancer_wisconsin_filled.csv"].map(|name| folder.join(name));
    let text = std::fs::read_to_string(network).unwrap();
    let between = |start: &str, end: &str| {
        let rest = text.split_once(start).unwrap().1;
        rest.split_once(end).unwrap().0.trim().to_owned()
    };
    let weights = between("\"weights\": [", "]");
    let bias = between("\"bias\":", ",");
    let model = |hash: &str| {
        let names: Vec<String> = (1..=9).map(|j| format!("\"x{j}\"")).collect();
        format!(
            r#"{{"format": "heaviside-model", "version": 1,
 "architecture": {{"inputs": 9, "hidden": [], "classes": 2, "bias": true, "weights": "continuous"}},
 "network": {{"layers": [{{"inputs": 9, "outputs": 1, "weights": [{weights}], "biases": [{bias}]}}]}},
 "scaler": {{"shift": [{}1], "divisor": [{}9]}},
 "schema": {{"features": [{}], "named": false, "label": "label", "label_column": 9, "classes": ["0", "1"]}},
 "training": {{"loss": "zero-one", "epsilon": 1e-4, "l0": 0, "l1": 0, "data_sha256": "{hash}",
  "rows": 699, "distinct_points": 463}},
 "claim": {{"status": "optimal", "loss": 6, "objective": 6.000142, "bound": 6.0}}}}"#,
            "1, ".repeat(8),
            "9, ".repeat(8),
            names.join(", ")
        )
    };
    let recount = |hash: &str| {
        let model = model(hash);
        check(Source::new("model.json", model.as_bytes()), Source::open(&data).unwrap(), &Options::default()).unwrap()
    };
    let hash = recount("").data_sha256;
    let report = recount(&hash);
    assert_eq!((report.rows, report.distinct_points, report.errors, report.loss), (699, 463, 33, 33));
    let claims = claims(&report).join("\n");
    assert!(claims.contains("claims 6 as its loss, recounted 33"), "{claims}");
    assert!(claims.contains("breaks the claimed margin"), "{claims}");
    assert!(!claims.contains("other data"), "{claims}");
}

/// A label among the features and a class that no row has: neither claim means anything.
#[test]
fn claims_are_bound_to_columns_and_classes() {
    let file = separating();
    let report = run(&file.text(), DATA).unwrap();
    let binding = &report.binding;
    assert_eq!((binding.columns.clone(), binding.class_rows.clone()), (Some((vec![0, 1], 2)), vec![2, 3]));
    assert_eq!((binding.label.as_str(), binding.rows, binding.rows_in_file), ("class", 5, 5));
    let refuted = |text: &str, data: &str, word: &str| {
        let claims = claims(&run(text, data).unwrap()).join("\n");
        assert!(claims.contains(word), "{claims}");
    };
    // The label is numeric, and the network reads it.
    let numeric = "a,b,class\n1,0,0\n2,0,0\n2,0,1\n4,0.5,1\n1,1,1\n";
    let text = file.text().replace("[\"no\", \"yes\"]", "[\"0\", \"1\"]");
    refuted(&text.replace("[\"a\", \"b\"]", "[\"a\", \"class\"]"), numeric, "the label `class` is used as a feature");
    refuted(&text.replace("[\"a\", \"b\"]", "[\"a\", \"a\"]"), numeric, "the feature `a` stands twice");
    refuted(&file.text(), "a,b,class\n1,0,yes\n2,0,yes\n", "no row has the class `no`");
    // A class whose rows were all kept apart has rows in the file.
    let options = Options { lines: Some(vec![4, 5, 6]), ..Options::default() };
    let source = |name: &'static str, text: &str| Source::new(name, std::io::Cursor::new(text.to_owned()));
    let report = check(source("model.json", &file.text()), source("data.csv", DATA), &options).unwrap();
    assert_eq!((report.binding.rows, report.binding.rows_in_file), (3, 5));
    assert_eq!(report.binding.class_rows, [0, 3]);
    assert!(!claims(&report).join("\n").contains("no row"), "{:?}", claims(&report));
}

/// Classes by the thousand: what is counted grows with the rows, not with the square of the classes.
#[test]
fn many_classes() {
    let classes = 1500;
    let list = |item: &dyn Fn(usize) -> String| (0..classes).map(item).collect::<Vec<_>>().join(", ");
    let text = separating()
        .text()
        .replace("\"classes\": 2", &format!("\"classes\": {classes}"))
        .replace("[\"no\", \"yes\"]", &format!("[{}]", list(&|c| format!("\"c{c}\""))))
        .replace("\"outputs\": 1", &format!("\"outputs\": {classes}"))
        .replace("[1, 1]", &format!("[{}]", list(&|_| "1, 1".to_owned())))
        .replace("[-0.5]", &format!("[{}]", list(&|_| "-0.5".to_owned())));
    let data: String = (0..classes).map(|c| format!("{},0,c{c}\n", c % 7)).collect();
    let report = run(&text, &format!("a,b,class\n{data}")).unwrap();
    assert_eq!(report.rows, classes);
    assert!(report.confusion.len() <= classes);
    assert_eq!(report.confusion.values().sum::<u64>(), classes as u64);
}
