//! Bad data and bad models: a clear message with its place, exit code 2, never a panic.

mod common;

use common::{Files, heaviside, heaviside_with};
use std::io::Write;

const GOOD: &str = "a,b,class\n0,1,no\n1,0,yes\n0,0,no\n1,1,yes\n";

/// A file, and words that the message must have.
const BAD_DATA: &[(&str, &str, &[&str])] = &[
    ("ragged row", "a,b,class\n0,1,no\n1,yes\n", &["bad.csv:3", "2 columns", "3"]),
    (
        "text in a number column",
        "a,b,class\n0,1,no\n1,x,yes\n",
        &["bad.csv:3", "column 2 (b)", "\"x\"", "not a number"],
    ),
    ("missing value", "a,b,class\n0,?,no\n1,2,yes\n", &["bad.csv:2", "column 2 (b)", "--drop-missing"]),
    ("missing value by name", "a,b,class\n0,1,no\n1,NA,yes\n", &["bad.csv:3", "column 2 (b)", "missing"]),
    ("missing label", "a,b,class\n0,1,no\n1,2,\n", &["bad.csv:3", "column 3 (class)", "missing"]),
    ("infinite value", "a,b,class\n0,1,no\n1,inf,yes\n", &["bad.csv:3", "column 2 (b)", "finite"]),
    ("too large a value", "a,b,class\n0,1,no\n1,1e999,yes\n", &["bad.csv:3", "column 2 (b)", "finite"]),
    ("one class only", "a,b,class\n0,1,no\n1,2,no\n", &["bad.csv", "\"no\"", "two classes"]),
    ("empty file", "", &["bad.csv", "no data row"]),
    ("a header alone", "a,b,class\n", &["bad.csv", "no data row"]),
    ("one column", "a\n1\n2\n", &["bad.csv", "one column"]),
    ("a comment", "# my data\n1,2,0\n3,4,1\n", &["bad.csv:1", "one column", "begins with #"]),
    ("bars", "a|b|class\n0|1|no\n1|2|yes\n", &["bad.csv:1", "one column", "`|` stands here"]),
    ("blanks", "a b class\n0 1 no\n1 2 yes\n", &["bad.csv:1", "one column", "blanks stand here"]),
    ("decimal commas", "a;b;class\n1,288;1;no\n1;2;yes\n", &["bad.csv:2", "\"1,288\"", "replace the decimal comma"]),
    ("bytes", "a,b,class\n0,1,no\n\u{1},\0\0\0\0\u{3},x\n", &["bad.csv", "not of text"]),
];

#[test]
fn bad_data_is_refused_with_its_place() {
    let files = Files::new();
    for command in ["train", "formulate"] {
        for (what, content, words) in BAD_DATA {
            let run = heaviside(&[command, &files.add("bad.csv", content)]);
            assert_eq!(run.code, 2, "{what}: {}{}", run.out, run.err);
            run.fails(2, words);
            assert_eq!(run.out, "", "{what}");
        }
    }
}

/// A quote without its end, or with text behind it, is what is wrong with a file, whatever its delimiter.
#[test]
fn faulty_quotes_are_told_as_such() {
    let files = Files::new();
    for delimiter in [',', ';', '\t'] {
        for (text, line, word) in [
            ("a,\"b,class\n1,2,x\n3,4,y\n", 1, "never closed"),
            ("a,b,class\n1,\"2,x\n3,4,y\n", 2, "never closed"),
            ("a,\"b\" c,class\n1,2,x\n3,4,y\n", 1, "after a closing quote"),
            ("\"a\"b,c\n1,2,x\n", 1, "after a closing quote"),
        ] {
            let data = files.add("quote.csv", &text.replace(',', &delimiter.to_string()));
            heaviside(&["train", &data]).fails(2, &[&format!("quote.csv:{line}: "), word]);
        }
    }
}

/// Files of another kind than the option asks for: what stands there, and what is wanted.
#[test]
fn files_of_the_wrong_kind_are_told_as_such() {
    let files = Files::new();
    let data = files.add("good.csv", GOOD);
    let model = files.add("model.lp", "minimize\n obj: x\nsubject to\n r: x >= 1\nend\n");
    let empty = files.add("empty.json", "\n");
    for (given, shown) in [(&data, "'a,b,class'"), (&model, "'minimize'"), (&empty, "empty")] {
        let wanted = [shown, "train --out"];
        heaviside(&["train", &data, "--start", given]).fails(2, &wanted);
        heaviside(&["predict", given, &data]).fails(2, &wanted);
        heaviside(&["evaluate", given, &data]).fails(2, &wanted);
    }
    for given in [&data, &model] {
        heaviside(&["solve", &model, "--start", given]).fails(2, &[":1: ", "no column's name and value"]);
    }
    heaviside(&["check", "proof", &data]).fails(2, &["good.csv", "not a folder", "train --proof"]);
}

/// Packed files without their end.
#[test]
fn packed_files_that_are_cut_off_are_told_as_such() {
    let files = Files::new();
    let model = files.path("model.lp.gz");
    heaviside(&["formulate", &files.add("small.csv", GOOD), "--out", &model]).ok();
    let cut = |name: &str, bytes: &[u8]| {
        std::fs::write(files.path(name), &bytes[..bytes.len() / 2]).unwrap();
        files.path(name)
    };
    let cut_model = cut("cut.lp.gz", &std::fs::read(&model).unwrap());
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(GOOD.as_bytes()).unwrap();
    let cut_data = cut("cut.csv.gz", &packer.finish().unwrap());
    let words = [".gz", "damaged or cut off"];
    heaviside(&["train", &cut_data]).fails(2, &words);
    heaviside(&["solve", &cut_model]).fails(2, &words);
    heaviside(&["check", "solution", &cut_model, &files.add("x.sol", "x 1\n")]).fails(2, &words);
}

/// Great numbers print as people write them.
#[test]
fn numbers_in_messages_are_short() {
    let files = Files::new();
    let data = files.add("vast.csv", "1e300,a\n2e300,b\n-1e300,a\n");
    let run = heaviside(&["train", &data, "--header", "no", "--scale", "none", "--method", "milp", "--epsilon", "1"]);
    run.fails(2, &["big-M up to 3e300", "epsilon = 1 ", "scale the data"]);
    assert!(!run.err.contains("00000000"), "{}", run.err);
    let data = files.add("good.csv", GOOD);
    heaviside(&["train", &data, "--hidden", "1000000000"]).fails(2, &["has 4000000000 weights, 32 GB in floats"]);
}

/// Numbers that somebody has chosen print as they are, however small.
#[test]
fn small_margins_are_told() {
    let files = Files::new();
    let (data, model) = (files.add("good.csv", GOOD), files.add("m.lp", "min\n x\nst\n r: x >= 1\nend\n"));
    let run = heaviside(&["train", &data, "--epsilon", "5e-324"]);
    assert!(run.ok().contains("a <= -5e-324"), "{}", run.out);
    let run = heaviside(&["check", "solution", &model, &files.add("x.sol", "x 1\n"), "--tolerance", "1e-310"]);
    assert!(run.ok().contains("tolerance                       1e-310"), "{}", run.out);
}

#[test]
fn unreadable_files_are_named() {
    let files = Files::new();
    heaviside(&["train", &files.path("none.csv")]).fails(2, &["none.csv", "No such file"]);
    for command in [&["train"][..], &["predict", &files.path("")], &["solve"], &["check", "solution", &files.path("")]]
    {
        heaviside(&[command, &[&files.path("")]].concat()).fails(2, &["is a folder; "]);
    }
    heaviside(&["check", "proof", &files.path("none")]).fails(2, &["none: there is no such folder"]);
    heaviside(&["check", "proof", &files.path("")]).fails(2, &["not a proof folder", "problem.json"]);
    heaviside(&["experiment", "models", "--data", &files.path("none")])
        .fails(2, &["none: there is no such folder", "--data"]);
    std::fs::write(files.path("binary.csv"), [0x61, 0xff, 0xfe, 0x0a]).unwrap();
    heaviside(&["train", &files.path("binary.csv")]).fails(2, &["binary.csv", "UTF-8"]);
    heaviside_with(&["train", "-"], "").fails(2, &["no data row"]);
}

#[test]
fn labels_and_classes_that_are_not_there() {
    let files = Files::new();
    let data = files.add("good.csv", GOOD);
    heaviside(&["train", &data, "--label", "outcome"]).fails(2, &["good.csv", "\"outcome\"", "a, b, class"]);
    heaviside(&["train", &data, "--label", "-7"]).fails(2, &["good.csv", "\"-7\""]);
    heaviside(&["train", &data, "--label", "9"]).fails(2, &["\"9\"", "from 0 to 2 or from -3 to -1", "a, b, class"]);
    heaviside(&["train", &data, "--positive", "maybe"]).fails(2, &["\"maybe\"", "no, yes"]);
}

#[test]
fn missing_values_can_be_dropped() {
    let files = Files::new();
    let data = files.add("gaps.csv", "a,b,class\n0,?,no\n0,1,no\n1,0,yes\n");
    let run = heaviside(&["train", &data, "--drop-missing", "--json"]);
    assert_eq!(run.json()["points"], 2);
    assert!(run.err.contains("1 row with missing values left out"), "{}", run.err);
    let all = files.add("all.csv", "a,b,class\n?,1,no\n1,?,yes\n");
    heaviside(&["train", &all, "--drop-missing"]).fails(2, &["all.csv", "every row"]);
}

#[test]
fn options_that_make_no_sense() {
    let files = Files::new();
    let data = files.add("good.csv", GOOD);
    let refused: &[&[&str]] = &[
        &["--hidden", "2,0"],
        &["--hidden=-1"],
        &["--weights", "real"],
        &["--weights", "integer:0"],
        &["--loss", "hinge"],
        &["--method", "guess"],
        &["--split", "means"],
        &["--epsilon", "0"],
        &["--epsilon", "nan"],
        &["--robust=-1"],
        &["--norm", "l1"],
        &["--norm", "l2", "--robust", "0.1"],
        &["--scale", "log"],
        &["--test", "1.5"],
        &["--stratify"],
        &["--l0=-1"],
        &["--l1", "inf"],
        &["--time-limit", "0"],
        &["--threads", "0"],
        &["--seed", "x"],
        &["--mip-gap=-1"],
        // Also where nothing but a blank stands between.
        &["--test", "-0.1"],
        &["--epsilon", "-1e-9"],
        &["--epsilon", "-inf"],
        &["--validation", "-1"],
        &["--max-features", "-1"],
        &["--split-growth", "-1", "--split", "kmeans"],
        &["--split-restarts", "-1", "--split", "kmeans"],
        &["--batch", "-1"],
        &["--solutions", "-1"],
        &["--trace-every", "-1", "--trace", "x"],
    ];
    for options in refused {
        let run = heaviside(&[&["train", &data], *options].concat());
        run.fails(2, &[options[0].split('=').next().unwrap()]);
        assert!(!run.err.contains("unexpected argument"), "{}", run.err);
    }
    let model = files.add("m.lp", "min\n x\nst\n r: x >= 1\nend\n");
    heaviside(&["solve", &model, "--solutions", "-1"]).fails(2, &["--solutions", "'-1'"]);
    heaviside(&["check", "solution", &model, &data, "--tolerance", "-1"]).fails(2, &["--tolerance", "0 or more"]);
    // What is refused is not what is asked for.
    for (option, text, wanted) in [
        ("--folds", "1000000000000", "from 2 to 4294967295"),
        ("--max-features", "99999999999999999999", "from 1 to 18446744073709551615"),
        ("--epsilon", "1e-400", "from 5e-324 to 1.8e308"),
        ("--l1", "1e400", "0 or more, up to 1.8e308"),
    ] {
        heaviside(&["train", &data, option, text]).fails(2, &[option, wanted]);
    }
    heaviside(&["train", &data, "--test", "0.6", "--validation", "0.5"]).fails(2, &["nothing to train on"]);
}

#[test]
fn results_that_cannot_be_written_are_refused_before_the_run() {
    let files = Files::new();
    let data = files.add("good.csv", GOOD);
    let run = heaviside(&["train", &data, "--out", &files.path("no/such/model.json")]);
    run.fails(2, &["no/such/model.json"]);
    assert!(!run.err.contains("training"), "{}", run.err);
    heaviside(&["train", &data, "--out", &files.path("")]).fails(2, &["irectory"]);
    heaviside(&["formulate", &data, "--out", &files.path("no/such/model.mps")]).fails(2, &["no/such/model.mps"]);
}

#[test]
fn models_that_are_none() {
    let files = Files::new();
    let data = files.add("good.csv", GOOD);
    let model = files.path("good.json");
    heaviside(&["train", &data, "--out", &model]).ok();
    let text = files.read("good.json");
    let bad = [
        ("empty.json", String::new(), "empty.json"),
        ("text.json", "hello".to_owned(), "text.json"),
        ("other.json", "{\"a\": 1}".to_owned(), "format"),
        ("future.json", text.replacen("\"version\": 1", "\"version\": 99", 1), "99"),
        ("cut.json", text[..text.len() / 2].to_owned(), "cut off"),
    ];
    for command in ["predict", "evaluate"] {
        heaviside(&[command, &files.path("none.json"), &data]).fails(2, &["none.json", "No such file"]);
        for (name, content, word) in &bad {
            heaviside(&[command, &files.add(name, content), &data]).fails(2, &[name, word]);
        }
    }
    heaviside(&["check", "network", &files.path("other.json"), &data]).fails(2, &["other.json"]);
}

#[test]
fn data_that_does_not_fit_the_model() {
    let files = Files::new();
    let data = files.add("good.csv", GOOD);
    let model = files.path("good.json");
    heaviside(&["train", &data, "--out", &model]).ok();
    let narrow = files.add("narrow.csv", "1\n0\n");
    heaviside(&["predict", &model, &narrow]).fails(2, &["narrow.csv", "2 features"]);
    let renamed = files.add("renamed.csv", "a,c,class\n0,1,no\n");
    heaviside(&["predict", &model, &renamed]).fails(2, &["renamed.csv", "\"b\""]);
    let unknown = files.add("unknown.csv", "a,b,class\n0,1,no\n0,1,perhaps\n");
    let run = heaviside(&["evaluate", &model, &unknown, "--json"]);
    assert!(run.err.contains("unknown.csv: 1 class that the model does not know (perhaps)"), "{}", run.err);
    let json = run.json();
    assert_eq!((&json["points"], &json["errors"], &json["unseen"]["points"]), (&2.into(), &1.into(), &1.into()));
    assert_eq!(json["unseen"]["classes"][0], "perhaps");
    assert!(json["data"]["warnings"].to_string().contains("does not know (perhaps)"), "as on standard error");
    heaviside(&["check", "network", &model, &unknown]).fails(2, &["unknown.csv:3", "perhaps"]);
    heaviside(&["predict", &model, &unknown]).ok();
    let unlabelled = files.add("unlabelled.csv", "a,b\n0,1\n");
    heaviside(&["evaluate", &model, &unlabelled]).fails(2, &["unlabelled.csv", "class"]);
    heaviside(&["predict", &model, &unlabelled]).ok();
    // The label may have another name.
    let other = files.add("other.csv", "truth,b,a\nno,1,0\nyes,0,1\nno,1,1\n");
    heaviside(&["evaluate", &model, &other]).fails(2, &["no label column \"class\"", "--label"]);
    for label in ["truth", "0", "-3"] {
        assert_eq!(heaviside(&["evaluate", &model, &other, "--label", label, "--json"]).json()["errors"], 1, "{label}");
    }
    heaviside(&["evaluate", &model, &other, "--label", "none"]).fails(2, &["\"none\"", "truth, b, a"]);
    let bare = files.add("bare.csv", "no,0,1\nyes,1,0\n");
    assert_eq!(heaviside(&["evaluate", &model, &bare, "--label", "0", "--json"]).json()["errors"], 0);
    heaviside(&["evaluate", &model, &bare, "--label", "7"]).fails(2, &["\"7\"", "from 0 to 2"]);
    // Names that a header of numbers does not have are missed as others are.
    let numbered = files.add("numbered.csv", "1,2,3\n0.5,1,no\n1,0,yes\n");
    heaviside(&["predict", &model, &numbered, "--header", "yes"]).fails(2, &["no column \"a\", \"b\""]);
    heaviside(&["predict", &model, &numbered]).fails(2, &["1, 2, 3", "--header"]);
    let text = files.add("text.csv", "a,b\n0,1\n0,one\n");
    heaviside(&["predict", &model, &text]).fails(2, &["text.csv:3", "one"]);
}
