//! `--one-hot`: columns of words as features of 0 and 1, the same in every command.

mod common;

use common::{Files, heaviside};
use serde_json::json;

const DATA: &str = "colour,size,shape,class\nred,1,round,yes\nblue,2,round,no\nred,3,square,yes\ngreen,2.5,square,no\n\
                    blue,1,round,no\nred,2,square,yes\n";

#[test]
fn all_columns_of_words_are_encoded() {
    let files = Files::new();
    let json = files.trained(DATA, &["--one-hot"]);
    let features = ["colour=blue", "colour=green", "colour=red", "size", "shape=round", "shape=square"];
    assert_eq!(json["schema"]["features"], json!(features));
    let columns = json!([
        { "name": "colour", "column": 0, "values": ["blue", "green", "red"] },
        { "name": "shape", "column": 2, "values": ["round", "square"] },
    ]);
    assert_eq!(
        (&json["schema"]["one_hot"], &json["loss"], &json["data"]["features"]),
        (&columns, &0.into(), &6.into())
    );
    let note = "column 1 (colour) is encoded as 3 features, one a value: blue, green, red";
    assert!(json["data"]["notes"].to_string().contains(note), "{}", json["data"]["notes"]);
    // Without the option, it is named.
    let data = files.path("data.csv");
    heaviside(&["train", &data]).fails(2, &["column 1 (colour)", "\"red\" is not a number", "--one-hot"]);
}

#[test]
fn columns_are_named_or_counted() {
    let files = Files::new();
    let json = files.trained(DATA, &["--one-hot=0,shape"]);
    assert_eq!(json["schema"]["one_hot"].as_array().map(Vec::len), Some(2));
    // Numbers are categories if that is asked for, in numerical order.
    let json = files.trained(DATA, &["--one-hot=size,colour,shape"]);
    assert_eq!(json["schema"]["one_hot"][1], json!({ "name": "size", "column": 1, "values": ["1", "2", "2.5", "3"] }));
    let data = files.path("data.csv");
    let refused = |option: &str, words: &[&str]| {
        heaviside(&["train", &data, option]).fails(2, words);
    };
    refused("--one-hot=colour", &["column 3 (shape)", "--one-hot"]);
    refused("--one-hot=taste", &["no column of categories", "\"taste\"", "colour, size, shape, class"]);
    refused("--one-hot=class", &["column 4 (class)", "no feature"]);
    let twice = files.add("twice.csv", "a,a=x,y\nx,1,0\nz,2,1\n");
    heaviside(&["train", &twice, "--one-hot"]).fails(2, &["two columns are called \"a=x\""]);
}

#[test]
fn missing_cells_are_no_values() {
    let files = Files::new();
    let data = files.add("missing.csv", "colour,class\nred,1\n?,0\nblue,0\nnone,1\n");
    heaviside(&["train", &data, "--one-hot=colour"]).fails(2, &["missing.csv:3", "column 1 (colour)", "missing"]);
    let json = heaviside(&["train", &data, "--one-hot=colour", "--drop-missing", "--json"]).json();
    // A word that is missing among numbers may well be a value.
    assert_eq!(json["schema"]["one_hot"][0]["values"], json!(["blue", "none", "red"]));
    assert_eq!((&json["points"], &json["data"]["dropped"]), (&3.into(), &1.into()));
    let json = heaviside(&["train", &data, "--one-hot", "--drop-missing", "--json"]).json();
    assert_eq!((&json["points"], &json["data"]["dropped"]), (&2.into(), &2.into()));
    let typo = files.add("typo.csv", "x,y\n1,0\n2,0\n\"3,5\",1\n4,1\n");
    let report = heaviside(&["train", &typo, "--one-hot"]);
    report.ok();
    assert!(report.err.contains("1 of 4 cells are no numbers (\"3,5\", line 4)"), "{}", report.err);
    let ids: String = (0..1200).map(|i| format!("id{i},{}\n", i % 2)).collect();
    let ids = files.add("ids.csv", &format!("id,y\n{ids}"));
    heaviside(&["train", &ids, "--one-hot"]).fails(2, &["column 1 (id)", "more than 1000 different values"]);
}

#[test]
fn models_encode_other_tables_alike() {
    let files = Files::new();
    let (data, model, folder) = (files.add("data.csv", DATA), files.path("model.json"), files.path("proof"));
    heaviside(&["train", &data, "--one-hot", "--out", &model, "--proof", &folder]).ok();
    // Other columns in another order, and values that the model has not seen.
    let new =
        files.add("new.csv", "shape,note,size,colour\nround,a,1,red\nsquare,b,2,teal\nround,c,2,blue\noval,d,2,teal\n");
    let report = heaviside(&["predict", &model, &new]);
    let rows: Vec<&str> = report.ok().lines().collect();
    assert_eq!(rows[0], "colour=blue,colour=green,colour=red,size,shape=round,shape=square,predicted class");
    assert!(rows[1].starts_with("0,0,1,1,1,0,") && rows[2].starts_with("0,0,0,2,0,1,"), "{rows:?}");
    assert!(rows[4].starts_with("0,0,0,2,0,0,"), "{rows:?}");
    let warning = "column colour: 2 rows have values that the model does not know (teal)";
    assert!(report.err.contains(warning) && report.err.contains("(oval)"), "{}", report.err);
    assert_eq!(heaviside(&["evaluate", &model, &data, "--json"]).json()["errors"], 0);
    let lacking = files.add("lacking.csv", "size,shape\n1,round\n");
    heaviside(&["predict", &model, &lacking]).fails(2, &["no column \"colour\"", "size, shape"]);
    // The checker has an encoder of its own.
    let json = heaviside(&["check", "network", &model, &data, "--json"]).json();
    assert_eq!((&json["valid"], &json["features"][2]), (&true.into(), &"colour=red".into()));
    assert_eq!(json["feature_columns"], json!([0, 0, 0, 1, 2, 2]), "a column for each feature");
    let report = heaviside(&["check", "network", &model, &data]);
    assert!(report.ok().contains("colour=red (column 1), size (column 2), shape=round (column 3)"), "{}", report.out);
    heaviside(&["check", "proof", &folder, "--data", &data]).ok();
    let other = files.add("other.csv", &DATA.replace("green", "blue"));
    heaviside(&["check", "network", &model, &other]).fails(1, &["data_sha256"]);
    let unknown = files.add("unknown.csv", &DATA.replace("green", "teal"));
    heaviside(&["check", "network", &model, &unknown]).fails(2, &["unknown.csv:5", "knows no value `teal`"]);
}

#[test]
fn tables_without_header_are_encoded_by_position() {
    let files = Files::new();
    let rows = &DATA[DATA.find('\n').unwrap() + 1..];
    let (data, model) = (files.add("bare.csv", rows), files.path("model.json"));
    heaviside(&["train", &data, "--header", "no", "--one-hot=0,2", "--out", &model]).ok();
    assert_eq!(heaviside(&["evaluate", &model, &data, "--header", "no", "--json"]).json()["errors"], 0);
    heaviside(&["check", "network", &model, &data, "--header", "no"]).ok();
    let features = files.add("features.csv", "red,1,round\nblue,9,square\n");
    let json = heaviside(&["predict", &model, &features, "--header", "no", "--json"]).json();
    assert_eq!(json["predictions"], json!(["yes", "no"]));
}

#[test]
fn formulations_have_the_features() {
    let files = Files::new();
    let (data, out) = (files.add("data.csv", DATA), files.path("model.lp"));
    heaviside(&["formulate", &data, "--one-hot", "--out", &out]).ok();
    assert!(std::fs::read_to_string(&out).unwrap().contains("w_1_0_5"));
}
