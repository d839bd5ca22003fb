//! Columns of very many categories: found in one step, kept as one number, zeros where they are not known.

use crate::compared;
use checker::{Budget, Source, export, network, network::Options};

/// A model with a column of so many categories `v0`, `v1`, .. and one of numbers, of which the weight of each is -1, 1, -1, ..
fn model(categories: usize, training: (&str, usize, usize)) -> String {
    let list = |of: &dyn Fn(usize) -> String| (0..categories).map(of).collect::<Vec<_>>().join(",");
    let (sha256, rows, points) = training;
    format!(
        r#"{{"format": "heaviside-model", "version": 1,
 "architecture": {{"inputs": {inputs}, "hidden": [], "classes": 2, "bias": true, "weights": {{"integer": 1}}}},
 "network": {{"layers": [{{"inputs": {inputs}, "outputs": 1, "weights": [{weights}, 1], "biases": [0]}}]}},
 "scaler": {{"shift": [{zeros}, 0], "divisor": [{ones}, 1]}},
 "schema": {{"features": [{features}, "n"], "named": true, "label": "y", "label_column": 2, "classes": ["0", "1"],
  "one_hot": [{{"name": "c", "column": 0, "values": [{values}]}}]}},
 "training": {{"loss": "zero-one", "epsilon": null, "robust": null, "l0": 0, "l1": 0, "data_sha256": "{sha256}", "rows": {rows}, "distinct_points": {points}}},
 "claim": {{"status": "optimal", "loss": 0, "objective": 0, "bound": 0}}}}"#,
        inputs = categories + 1,
        weights = list(&|at| if at % 2 == 0 { "-1".to_owned() } else { "1".to_owned() }),
        zeros = list(&|_| "0".to_owned()),
        ones = list(&|_| "1".to_owned()),
        features = list(&|at| format!("\"c=v{at}\"")),
        values = list(&|at| format!("\"v{at}\"")),
    )
}

/// Rows in which every category comes in turn.
fn data(categories: usize, rows: usize) -> String {
    let row = |at: usize| format!("v{},0,{}\n", at % categories, at % categories % 2);
    "c,n,y\n".to_owned() + &(0..rows).map(row).collect::<String>()
}

#[test]
fn many_categories_take_steps_and_memory_as_the_file_has_bytes() {
    const CATEGORIES: usize = 3000;
    const ROWS: usize = 12_000;
    let text = data(CATEGORIES, ROWS);
    let budget = Budget::default();
    let source = |name: &str, text: String| Source::new(name.to_owned(), std::io::Cursor::new(text)).within(&budget);
    let options = Options::default();
    let model = |sha256: &str| source("model.json", model(CATEGORIES, (sha256, ROWS, CATEGORIES)));
    let start = std::time::Instant::now();
    let report = network::check(model(""), source("data.csv", text.clone()), &options).unwrap();
    let report = network::check(model(&report.data_sha256), source("data.csv", text.clone()), &options).unwrap();
    assert!(report.false_claims.is_empty(), "{:?}", report.false_claims);
    assert_eq!((report.loss, report.distinct_points), (0, CATEGORIES));
    // 36 million rationals would be 2 GB.
    assert!((ROWS..100 * ROWS * 3).contains(&budget.most_held()), "{budget:?}");
    // And 36 million comparisons of decimals a minute.
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// Names that mean one thing are found, however many there are, and the message says which.
#[test]
fn names_of_one_meaning_are_refused() {
    const CATEGORIES: usize = 20_000;
    let text = model(CATEGORIES, ("", 1, 1));
    let start = std::time::Instant::now();
    let twice = text.replace("\"v19999\"", "\"v7\"").replace("c=v19999", "c=v7");
    let error = compared(&twice, b"{}", "c,n,y\nv1,0,1\n").unwrap_err().to_string();
    assert!(error.contains("one_hot[0].values`: expected different values"), "{error}");
    let numbers = text.replace("\"v19999\"", "\"2e0\"").replace("c=v19999", "c=2e0");
    let numbers = numbers.replace("\"v2\"", "\"2.0\"").replace("c=v2\"", "c=2.0\"");
    let error = compared(&numbers, b"{}", "c,n,y\nv1,0,1\n").unwrap_err().to_string();
    assert!(error.contains("expected different values"), "{error}");
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// What `predict` encodes as zeros is compared as zeros; training data have no such rows.
#[test]
fn unknown_categories_are_zeros_for_exports_alone() {
    let model = model(2, ("", 3, 3));
    let header = "static const char *const x_classes[2] = { \"0\", \"1\" };\n\
        static int x_predict(const int8_t *x) { return x[1] + x[2] - x[0] >= 0; }";
    let rows = "c,n,y\nv0,0,0\nv1,0,1\nv9,0,1\nv9,-1,0\n";
    let report = compared(&model, header.as_bytes(), rows).unwrap();
    assert!(report.holds() && report.is_exact, "{report:?}");
    assert_eq!((report.rows, report.unknown), (4, 2));
    let wrong = compared(&model, header.replace(">= 0", "> 0").as_bytes(), rows).unwrap();
    assert_eq!(wrong.differences.iter().map(|row| row.line).collect::<Vec<_>>(), [4]);
    let source = |text: &str| Source::new("given", std::io::Cursor::new(text.to_owned()));
    let error = network::check(source(&model), source(rows), &Options::default()).unwrap_err().to_string();
    assert!(error.contains("the model knows no value `v9`"), "{error}");
    let missing = "c,n,y\nv0,0,0\n?,0,1\n";
    let data = vec![source(missing)];
    assert!(export::check(source(&model), source(header), data, &Options::default()).is_err());
}
