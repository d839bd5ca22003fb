//! `--weight-column` and `--class-weight`: a row of weight k is k rows, down to the checks.

mod common;

use common::{Files, dataset, heaviside};
use serde_json::Value;

/// Nothing separates x = 1: a b of weight 2.5 beside two a.
const DATA: &str = "x,w,class\n0,1,a\n1,1,a\n1,0.5,a\n1,2.5,b\n2,0,a\n3,1,b\n";

#[test]
fn losses_count_units() {
    let files = Files::new();
    let json = files.trained(DATA, &["--weight-column", "w"]);
    // The unit is a half: the two a at x = 1 count 2 and 1, and are wrong.
    assert_eq!((&json["loss"], &json["bound"], &json["status"]), (&3.into(), &3.0.into(), &"optimal".into()));
    assert_eq!((&json["errors"], &json["points"]), (&2.into(), &5.into()));
    assert_eq!(json["units"], serde_json::json!({ "unit": "1/2", "value": 0.5, "total": 12 }));
    assert_eq!(json["data"]["weights"], "w");
    // Without weights the b is wrong, and w is a feature like any other.
    assert_eq!(files.trained(DATA, &[])["units"], Value::Null);
    let data = files.path("data.csv");
    let report = heaviside(&["train", &data, "--weight-column", "w"]);
    report.ok();
    assert!(report.err.contains("weights: w") && report.err.contains("1 row has the weight 0"), "{}", report.err);
    assert!(report.err.contains("3 units of 1/2: 1.5") || report.out.contains("3 units of 1/2: 1.5"), "{}", report.out);
}

#[test]
fn classes_have_weights() {
    let files = Files::new();
    let json = files.trained(DATA, &["--weight-column", "w", "--class-weight", "a=3"]);
    let digits = dataset("digits.csv");
    let options = ["--class-weight", "balanced", "--method", "local-search", "--node-limit", "1", "--json"];
    assert_eq!(heaviside(&[&["train", &digits][..], &options].concat()).json()["status"], "node-limit");
    // 3 and 1.5 against 2.5.
    assert_eq!((&json["loss"], &json["units"]["unit"]), (&5.into(), &"1/2".into()));
    assert_eq!(json["units"]["classes"], serde_json::json!(["3", "1"]));
    let json = files.trained(DATA, &["--weight-column", "1", "--class-weight", "balanced"]);
    // The a weigh 1, 1 and 1/2, the b 5/2 and 1: of 6 in all, 6/5 and 6/7.
    assert_eq!(json["units"]["classes"], serde_json::json!(["6/5", "6/7"]));
    let json = files.trained(DATA, &["--class-weight", "b=0.5"]);
    assert_eq!(json["units"]["unit"], "1/2");
}

#[test]
fn checks_read_the_weights_again() {
    let files = Files::new();
    let data = files.add("data.csv", DATA);
    let other = files.add("other.csv", &DATA.replace("1,0.5,a", "1,1,a"));
    for (engine, hidden) in [("omt", "0"), ("omt", "2"), ("milp", "0"), ("auto", "2")] {
        let folder = files.path(&format!("proof-{engine}-{hidden}"));
        let model = files.path("model.json");
        let options = ["--weight-column", "w", "--class-weight", "balanced", "--method", engine, "--hidden", hidden];
        let command = [&["train", &data, "--proof", &folder, "--out", &model][..], &options].concat();
        heaviside(&command).ok();
        let json = heaviside(&["check", "network", &model, &data, "--json"]).json();
        assert_eq!((&json["valid"], &json["weights"]["column"]), (&true.into(), &"w".into()));
        assert_eq!(json["weights"]["classes"], serde_json::json!(["6/5", "6/7"]));
        let report = heaviside(&["check", "proof", &folder]);
        assert!(report.ok().contains("column w; classes a 6/5, b 6/7; losses count units of"), "{}", report.out);
        heaviside(&["check", "proof", &folder, "--data", &data]).ok();
        heaviside(&["check", "network", &model, &other]).fails(1, &["data_sha256"]);
        heaviside(&["check", "proof", &folder, "--data", &other]).fails(1, &["not that of the problem"]);
        // Other uses of the model need no weights.
        let new = files.add("new.csv", "class,x\na,0\nb,3\n");
        assert_eq!(heaviside(&["evaluate", &model, &new, "--json"]).json()["errors"], 0);
        heaviside(&["predict", &model, &new]).ok();
    }
}

#[test]
fn parts_are_found_again() {
    let files = Files::new();
    let rows: String = (0..40).map(|i| format!("{},{},{}\n", i * 7 % 40, i % 4, u8::from(i * 7 % 40 > 20))).collect();
    let (data, model) = (files.add("data.csv", &format!("x,w,class\n{rows}")), files.path("model.json"));
    let options = ["--weight-column", "w", "--test", "0.25", "--stratify", "--out", &model, "--json"];
    let json = heaviside(&[&["train", &data][..], &options].concat()).json();
    heaviside(&["check", "network", &model, &data]).ok();
    let test = heaviside(&["evaluate", &model, &data, "--part", "test", "--json"]).json();
    assert_eq!((&test["errors"], &test["points"]), (&json["test"]["errors"], &json["test"]["points"]));
    // Rows of weight 0 are no part of those that trained, and other weights are other data.
    let train = heaviside(&["evaluate", &model, &data, "--part", "train", "--json"]).json();
    assert_eq!((&train["errors"], &train["points"]), (&json["errors"], &json["points"]));
    assert!(train["points"].as_u64() < Some(30));
    let other = files.add("other.csv", &format!("x,w,class\n{}", rows.replace(",3,", ",2,")));
    heaviside(&["evaluate", &model, &other, "--part", "train"]).fails(2, &["not the data"]);
    let without = files.add("without.csv", "x,class\n0,0\n1,1\n");
    heaviside(&["evaluate", &model, &without, "--part", "test"]).fails(2, &["no column of weights \"w\""]);
    heaviside(&["evaluate", &model, &without]).ok();
}

/// A class may have no row that counts: all weigh nothing, or were kept apart. The proof is about what is left.
#[test]
fn classes_without_rows_that_count_are_proven() {
    let files = Files::new();
    let two = files.add("two.csv", "x,w,class\n0,1,a\n1,0,b\n2,2,a\n3,0,b\n");
    let three = files.add("three.csv", "x,w,class\n0,1,a\n1,0,b\n2,2,a\n3,1,c\n2,1,c\n");
    let apart = files.add("apart.csv", "x,class\n0,a\n1,a\n2,b\n3,b\n4,a\n5,b\n6,c\n7,a\n8,a\n");
    let mut proven = 0;
    let mut holds = |data: &str, options: &[&str]| {
        proven += 1;
        let (model, folder) = (files.path(&format!("{proven}.json")), files.path(&format!("proof-{proven}")));
        let command = ["train", data, "--proof", &folder, "--out", &model];
        heaviside(&[&command[..], options].concat()).ok();
        let network = heaviside(&["check", "network", &model, data]);
        assert!(network.ok().contains("(no row that counts)"), "{}", network.out);
        let proof = heaviside(&["check", "proof", &folder]);
        assert!(proof.ok().contains("(no row that counts)"), "{}", proof.out);
        heaviside(&["check", "proof", &folder, "--data", data]).ok();
        folder
    };
    for engine in ["omt", "milp"] {
        for data in [&two, &three] {
            holds(data, &["--method", engine, "--weight-column", "w"]);
            holds(data, &["--method", engine, "--class-weight", "b=0"]);
        }
    }
    // Seed 0 keeps the only row of class c apart.
    let folder = holds(&apart, &["--test", "0.3", "--seed", "0"]);
    // A class that nothing excuses is still refused.
    for name in ["problem.json", "network.json"] {
        let file = std::path::Path::new(&folder).join(name);
        let text = std::fs::read_to_string(&file).expect("a file");
        let whole = text.replace("\"test\":0.3", "\"test\":0.0").replace("\"test\": 0.3", "\"test\": 0.0");
        assert_ne!(whole, text);
        std::fs::write(&file, whole).expect("written");
    }
    heaviside(&["check", "proof", &folder]).fails(1, &["no row has the class `c`"]);
}

/// Only rows that trained have to be multiples of the unit; those kept apart have to have a weight.
#[test]
fn rows_kept_apart_need_no_unit() {
    let files = Files::new();
    let rows = "0,1,a\n1,2,a\n2,0.5,a\n3,1,b\n4,2,b\n5,3,b\n6,1,b\n7,2,a\n8,1,b\n9,1,b\n";
    let data = files.add("unit.csv", &format!("x,w,class\n{rows}"));
    let bad = files.add("bad.csv", &format!("x,w,class\n{}", rows.replace("0.5", "-0.5")));
    for (at, weights, seed) in [(0, "a=1", "0"), (1, "a=1", "6"), (2, "balanced", "0"), (3, "balanced", "3")] {
        let (model, folder) = (files.path(&format!("{at}.json")), files.path(&format!("proof-{at}")));
        let options = ["--class-weight", weights, "--test", "0.2", "--seed", seed, "--proof", &folder, "--out", &model];
        let json = heaviside(&[&["train", &data, "--weight-column", "w", "--json"][..], &options].concat()).json();
        if at < 2 {
            // The row of the weight 1/2 was kept apart.
            assert_eq!(json["units"]["unit"], "1");
        }
        heaviside(&["check", "network", &model, &data]).ok();
        heaviside(&["check", "proof", &folder, "--data", &data]).ok();
        heaviside(&["check", "network", &model, &bad]).fails(2, &["bad.csv:4"]);
    }
}

/// What losses are worth is said wherever they are, and units are written as people do.
#[test]
fn units_are_told_in_short() {
    let files = Files::new();
    let tiny = files.add("tiny.csv", "x,w,class\n0,1e-200,a\n0,1e-200,b\n2,3e-200,b\n");
    let (model, folder) = (files.path("tiny.json"), files.path("tiny-proof"));
    let command = ["train", &tiny, "--weight-column", "w", "--out", &model, "--proof", &folder];
    let report = heaviside(&command);
    assert!(report.ok().contains("bound                 1 unit of 1e-200: 1e-200\n"), "{}", report.out);
    assert!(report.out.contains("5 units of 1e-200 in all") && !report.out.contains("0000"), "{}", report.out);
    let network = heaviside(&["check", "network", &model, &tiny]);
    assert!(network.ok().contains("1 unit of 1e-200: 1e-200, recounted exactly"), "{}", network.out);
    let proof = heaviside(&["check", "proof", &folder]);
    assert!(proof.ok().contains("the least loss is 1 unit of 1e-200: 1e-200"), "{}", proof.out);
    let subnormal = files.add("subnormal.csv", "x,w,class\n0,1e-320,a\n2,1,b\n");
    heaviside(&["train", &subnormal, "--weight-column", "w"]).fails(2, &["subnormal.csv:2", "too close to 0"]);
}

#[test]
fn what_cannot_be_is_refused() {
    let files = Files::new();
    let data = files.add("data.csv", DATA);
    let refused = |options: &[&str], words: &[&str]| {
        heaviside(&[&["train", &data][..], options].concat()).fails(2, words);
    };
    refused(&["--weight-column", "v"], &["data.csv:1", "no column of weights", "x, w, class"]);
    refused(&["--weight-column", "class"], &["is the label"]);
    refused(&["--class-weight", "c=1"], &["--class-weight", "no class c", "a, b"]);
    refused(&["--class-weight", "a=-1"], &["a=-1"]);
    refused(&["--class-weight", "a"], &["CLASS=W"]);
    // What no float prints as would count as another number.
    refused(&["--class-weight", "a=1.00000000000000001"], &["15 digits"]);
    refused(&["--class-weight", "a=1", "--class-weight", "a=2"], &["two weights"]);
    refused(&["--class-weight", "balanced", "--class-weight", "a=2"], &["balanced"]);
    refused(&["--weight-column", "w", "--l0", "0.1", "--method", "milp"], &["whole"]);
    let tiny = files.add("tiny.csv", &DATA.replace("0.5", "0.000000001"));
    heaviside(&["train", &tiny, "--weight-column", "w"]).fails(2, &["round the weights"]);
    let bad = files.add("bad.csv", &DATA.replace("0.5", "-0.5"));
    heaviside(&["train", &bad, "--weight-column", "w"]).fails(2, &["bad.csv:4", "column 2 (w)", "\"-0.5\""]);
}

/// What is called optimal with a price on weights is so for the check as well: up to a millionth of the objective, as docs/model.md says.
#[test]
fn prices_prove_what_the_check_accepts() {
    let files = Files::new();
    for seed in 0..6_u64 {
        let row =
            |i: u64| format!("{},{},{}\n", (i * 7 + seed) % 11, (i * i + 3 * seed) % 7, (i % 3 + i / 4 + seed) % 2);
        let data = files.add("l1.csv", &(0..10).map(row).collect::<String>());
        let model = files.path("l1.json");
        for prices in [&["--l1", "0.5"][..], &["--l1", "0.01", "--weights", "ternary"], &["--l0", "0.1", "--l1", "0.1"]]
        {
            let fixed = ["--epsilon", "0.001", "--scale", "none", "--method", "milp", "--out", &model, "--json"];
            let json = heaviside(&[&["train", &data][..], &fixed, prices].concat()).json();
            assert_eq!(json["status"], "optimal", "{json}");
            heaviside(&["check", "network", &model, &data]).ok();
        }
    }
}

/// A table without a header may have all columns of the training data, or lack that of the weights, or that and the label.
#[test]
fn tables_without_header_may_lack_the_weights() {
    let files = Files::new();
    let model = files.path("model.json");
    // Weights before and behind the label.
    for (columns, label, weight) in [([0, 1, 2, 3], "3", "1"), ([0, 2, 3, 1], "2", "3")] {
        let rows = [["0", "1", "5", "a"], ["1", "2", "4", "a"], ["2", "1", "6", "b"], ["3", "3", "9", "b"]];
        let table = |columns: &[usize]| -> String {
            rows.iter().map(|row| columns.iter().map(|&j| row[j]).collect::<Vec<_>>().join(",") + "\n").collect()
        };
        let data = files.add("data.csv", &table(&columns));
        let options = ["--label", label, "--weight-column", weight, "--header", "no", "--out", &model];
        heaviside(&[&["train", &data][..], &options].concat()).ok();
        let predicted = |columns: &[usize]| {
            let data = files.add("new.csv", &table(columns));
            heaviside(&["predict", &model, &data, "--header", "no", "--json"]).json()["predictions"].clone()
        };
        let without: Vec<usize> = columns.into_iter().filter(|&j| j != 1).collect();
        for table in [&columns[..], &without[..], &[0, 2][..]] {
            assert_eq!(predicted(table), serde_json::json!(["a", "a", "b", "b"]), "{columns:?} {table:?}");
        }
        let data = files.add("new.csv", &table(&without));
        assert_eq!(heaviside(&["evaluate", &model, &data, "--header", "no", "--json"]).json()["errors"], 0);
    }
}
