//! `export` and `check export`: what is written, what is said of it, what is refused.

mod common;

use common::{Files, dataset, heaviside, keys};

/// A network with whole weights on whole features, and its data.
fn whole(files: &Files) -> (String, String) {
    let data = files.add("d.csv", "a,b,kind\n0,3,low\n1,9,low\n4,1,high\n5,4,high\n-2,0,low\n");
    let model = files.path("m.json");
    heaviside(&["train", &data, "--weights", "ternary", "--scale", "none", "--out", &model, "-q"]).ok();
    (model, data)
}

#[test]
fn whole_networks_are_exact_and_say_so() {
    let files = Files::new();
    let (model, data) = whole(&files);
    let header = files.path("kind.h");
    let json = heaviside(&["export", &model, "--data", &data, "--out", &header, "--json"]).json();
    assert_eq!(keys(&json), ["bytes", "details", "format", "input_ranges", "real_layers", "whole"]);
    assert_eq!((&json["format"], &json["whole"]), (&"c".into(), &true.into()));
    // All values of the type that holds the data, since no sum needs another for that.
    assert_eq!(json["input_ranges"], serde_json::json!([[-128, 127], [-128, 127]]));
    let text = files.read("kind.h");
    assert!(text.contains("static int kind_predict(const int8_t *x)") && !text.contains("double"), "{text}");
    let checked = heaviside(&["check", "export", &model, &header, &data]);
    assert!(checked.ok().contains("5 of 5 with the class of the model"), "{}", checked.out);
    let json = heaviside(&["check", "export", &model, &header, &data, &data, "--json"]).json();
    assert_eq!(
        keys(&json),
        ["differences", "doubtful", "equal", "exact", "failure", "format", "rows", "unknown", "valid"]
    );
    assert_eq!((&json["valid"], &json["rows"], &json["equal"]), (&true.into(), &10.into(), &10.into()));
}

#[test]
fn floats_are_named() {
    let files = Files::new();
    let (data, model, header) = (dataset("iris.csv"), files.path("m.json"), files.path("n.h"));
    heaviside(&["train", &data, "--positive", "virginica", "--out", &model, "-q"]).ok();
    // The features of these flowers are no whole numbers.
    let run = heaviside(&["export", &model, "--data", &data, "--format", "c", "--out", &header]);
    assert!(run.ok().contains("layer 1 in floats"), "{}", run.out);
    let json = heaviside(&["check", "export", &model, &header, &data, "--json"]).json();
    assert_eq!((&json["equal"], &json["exact"]), (&150.into(), &false.into()));
    assert!(json["doubtful"].as_u64().is_some_and(|rows| rows < 5), "{json}");
}

#[test]
fn differences_are_named_and_the_check_fails() {
    let files = Files::new();
    let (model, data) = whole(&files);
    let header = files.path("n.h");
    heaviside(&["export", &model, "--data", &data, "--out", &header, "-q"]).ok();
    let text = files.read("n.h");
    let wrong = files.add("wrong.h", &text.replace(">= n_t1[0]", "< n_t1[0]"));
    let run = heaviside(&["check", "export", &model, &wrong, &data]);
    run.fails(1, &["check failed", "d.csv:2: exactly low, exported high"]);
    let classes = files.add("classes.h", &text.replace("\"low\"", "\"lower\""));
    heaviside(&["check", "export", &model, &classes, &data]).fails(1, &["names of its classes"]);
    let narrow = files.add("narrow.h", &text.replace("int_fast16_t sum = 0", "int_fast16_t sum = 32767"));
    heaviside(&["check", "export", &model, &narrow, &data])
        .fails(1, &["narrow.h:", "leaves the type int16_t", "d.csv:"]);
    for (name, text) in [("none.h", "nothing"), ("half.h", &text[..text.len() / 2])] {
        let file = files.add(name, text);
        heaviside(&["check", "export", &model, &file, &data]).fails(2, &[name]);
    }
    let other = files.add("other.csv", "a,b,kind\n0,300,low\n1,9,high\n");
    heaviside(&["check", "export", &model, &header, &other])
        .fails(2, &["other.csv:2", "300 is none of the type int8_t"]);
}

#[test]
fn every_form_is_written_by_its_ending() {
    let files = Files::new();
    let (data, model) = (dataset("iris.csv"), files.path("m.json"));
    heaviside(&["train", &data, "--hidden", "2", "--node-limit", "20", "--out", &model, "-q"]).ok();
    for (name, format) in [("n.h", "c"), ("n.onnx", "onnx"), ("n.json", "json"), ("n.dot", "dot")] {
        let out = files.path(name);
        let json = heaviside(&["export", &model, "--out", &out, "--json"]).json();
        assert_eq!((&json["format"], &json["real_layers"]), (&format.into(), &serde_json::json!([1])), "{name}");
        if format == "dot" {
            heaviside(&["check", "export", &model, &out, &data]).fails(2, &["a picture"]);
            continue;
        }
        let json = heaviside(&["check", "export", &model, &out, &data, "--json"]).json();
        assert_eq!((&json["format"], &json["rows"], &json["equal"]), (&format.into(), &150.into(), &150.into()));
    }
    // One network is no other's: the check of a model against the export of another fails.
    let other = files.path("o.json");
    heaviside(&["train", &data, "--node-limit", "20", "--out", &other, "-q"]).ok();
    for name in ["n.h", "n.onnx", "n.json"] {
        heaviside(&["check", "export", &other, &files.path(name), &data]).fails(1, &["check failed"]);
    }
    let digits = files.path("digits.json");
    heaviside(&[
        "train",
        &dataset("digits.csv"),
        "--method",
        "local-search",
        "--node-limit",
        "1",
        "--out",
        &digits,
        "-q",
    ])
    .ok();
    heaviside(&["export", &digits, "--format", "dot"]).fails(2, &["take json"]);
}

/// Values of categories are 0 and 1, whatever is said of the others.
#[test]
fn categories_are_whole() {
    let files = Files::new();
    let (model, header) = (files.path("m.json"), files.path("n.h"));
    let colours = files.add("c.csv", "colour,form,kind\nred,round,no\nred,long,yes\nblue,round,no\ngreen,long,yes\n");
    let whole = ["--one-hot", "--weights", "ternary", "--scale", "none", "-q"];
    heaviside(&[&["train", &colours, "--out", &model], &whole[..]].concat()).ok();
    let json = heaviside(&["export", &model, "--out", &header, "--json"]).json();
    assert_eq!((&json["whole"], &json["input_ranges"][0]), (&true.into(), &serde_json::json!([0, 255])));
    assert!(files.read("n.h").contains("colour=red") && files.read("n.h").contains("COLUMN=VALUE"));
    let json = heaviside(&["check", "export", &model, &header, &colours, "--json"]).json();
    assert_eq!((&json["valid"], &json["equal"], &json["exact"]), (&true.into(), &4.into(), &true.into()));
    let mixed = files.add("d.csv", "colour,size,kind\nred,3000,no\nred,9,yes\nblue,4000,no\ngreen,5,yes\n");
    heaviside(&[&["train", &mixed, "--out", &model], &whole[..]].concat()).ok();
    let out = files.path("n.json");
    let json = heaviside(&["export", &model, "--input-range", "0:5000", "--out", &out, "--json"]).json();
    assert_eq!(json["input_ranges"], serde_json::json!([[0, 1], [0, 1], [0, 1], [0, 5000]]));
    heaviside(&["check", "export", &model, &out, &mixed]).ok();
}

#[test]
fn nothing_is_overwritten_and_nothing_guessed() {
    let files = Files::new();
    let (model, data) = whole(&files);
    heaviside(&["export", &model, "--format", "c", "--out", &model]).fails(2, &["would overwrite MODEL.json"]);
    heaviside(&["export", &model, "--format", "c", "--data", &data, "--out", &data])
        .fails(2, &["would overwrite --data"]);
    heaviside(&["export", &model, "--out", &files.path("n.xyz")]).fails(2, &["--format"]);
    heaviside(&["export", &model]).fails(2, &["--format"]);
    heaviside(&["export", &model, "--format", "c", "--json"]).fails(2, &["--json"]);
    heaviside(&["export", &model, "--format", "c", "--name", "2nd"]).fails(2, &["\"2nd\""]);
    heaviside(&["export", &model, "--format", "c", "--input-range", "5:1"]).fails(2, &["LOW:HIGH"]);
    heaviside(&["export", &files.path("none.json"), "--format", "c"]).fails(2, &["none.json"]);
    heaviside(&["export", &data, "--format", "c"]).fails(2, &["d.csv", "JSON"]);
    let run = heaviside(&["export", &model, "--format", "c", "--input-range", "-100:100"]);
    assert!(run.ok().starts_with("/*") && run.err.contains("int8_t, -128 to 127"), "{}", run.err);
}
