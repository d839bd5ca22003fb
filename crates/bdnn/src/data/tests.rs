//! Reading, from good files in every dress to every kind of bad one.

use super::*;
use proptest::prelude::*;

fn read(text: &str) -> Result<Dataset, String> {
    read_with(text, &ReadOptions::default())
}

fn read_with(text: &str, options: &ReadOptions) -> Result<Dataset, String> {
    Dataset::parse(text.as_bytes(), "data.csv", options).map_err(|error| error.to_string())
}

fn labelled(label: &str) -> ReadOptions {
    ReadOptions { label: Some(label.to_owned()), ..ReadOptions::default() }
}

#[track_caller]
fn refuses(text: &str, options: &ReadOptions, message: &str) {
    match read_with(text, options) {
        Ok(data) => panic!("read as {data:?}"),
        Err(found) => assert_eq!(found, message),
    }
}

const LABELLED: SampleOptions<'_> = SampleOptions {
    labelled: true,
    label: None,
    weighted: false,
    unseen: false,
    drop_missing: false,
    header: Header::Auto,
};

const PLAIN: &str = "width,height,kind\n1,2.5,cat\n-3e-1,4,dog\n0,0,cat\n";

#[test]
fn reads_names_numbers_and_classes() {
    let data = read(PLAIN).unwrap();
    assert_eq!(data.schema.features, ["width", "height"]);
    assert_eq!((data.schema.label.as_str(), data.schema.label_column, data.schema.named), ("kind", 2, true));
    assert_eq!(data.schema.classes, ["cat", "dog"]);
    assert_eq!(*data.rows, [1.0, 2.5, -0.3, 4.0, 0.0, 0.0]);
    assert_eq!(data.labels, [0, 1, 0]);
    assert_eq!(data.lines, [2, 3, 4]);
    assert_eq!(data.row(1), [-0.3, 4.0]);
}

#[test]
fn dress_does_not_matter() {
    let data = read(PLAIN).unwrap();
    let dresses = [
        PLAIN.replace('\n', "\r\n"),
        PLAIN.replace('\n', "\r"),
        PLAIN.replace(',', ";"),
        PLAIN.replace(',', "\t"),
        PLAIN.replace(',', " , "),
        format!("\u{feff}{PLAIN}"),
        PLAIN.trim_end().to_owned(),
        PLAIN.replace("cat", "\"cat\""),
    ];
    for dress in dresses {
        let mut read = read(&dress).unwrap();
        read.remarks = data.remarks.clone();
        assert_eq!(read, data, "{dress:?}");
    }
    let spaced = read(&PLAIN.replace('\n', "\r\n\r\n")).unwrap();
    assert_eq!((spaced.lines, spaced.rows), (vec![3, 5, 7], data.rows));
}

#[test]
fn without_header_columns_are_numbered() {
    let data = read("1;2;0\n3;4;1\n").unwrap();
    assert_eq!(data.schema.features, ["x1", "x2"]);
    assert_eq!((data.schema.label.as_str(), data.schema.named), ("label", false));
    assert_eq!(data.lines, [1, 2]);
    let first = read_with("a,1,2\nb,3,4\n", &labelled("0")).unwrap();
    assert_eq!((first.schema.features, &first.rows[..]), (vec!["x2".into(), "x3".into()], &[1.0, 2.0, 3.0, 4.0][..]));
}

#[test]
fn label_by_name_or_index() {
    let text = "kind,width,height\ncat,1,2\ndog,3,4\n";
    for label in ["kind", "0", "-3"] {
        let data = read_with(text, &labelled(label)).unwrap();
        assert_eq!((data.schema.label.as_str(), data.schema.classes), ("kind", vec!["cat".into(), "dog".into()]));
    }
    // A name that is a number: looked up as a name first.
    let data = read_with("0,width,height\n5,1,0\n6,3,1\n", &labelled("0")).unwrap();
    assert_eq!((data.schema.label.as_str(), data.labels), ("0", vec![0, 1]));
    let quoted = "kind,width,last\n5,1,0\n6,3,1\n";
    assert_eq!(read_with(quoted, &labelled("-1")).unwrap().schema.label, "last");
}

#[test]
fn quotes_hold_delimiters() {
    let data = read("\"a, b\",kind\n1,\"x, y\"\n2,z\n").unwrap();
    assert_eq!((data.schema.features, data.schema.classes), (vec!["a, b".into()], vec!["x, y".into(), "z".into()]));
}

#[test]
fn class_order() {
    let classes = |labels: &str| {
        let rows: String = labels.split(' ').map(|label| format!("1,{label}\n")).collect();
        read(&rows).unwrap().schema.classes
    };
    assert_eq!(classes("10 9 2"), ["2", "9", "10"]);
    assert_eq!(classes("1.0 0.0 1"), ["0.0", "1.0"]);
    assert_eq!(classes("1 -1"), ["-1", "1"]);
    assert_eq!(classes("10 9 b"), ["10", "9", "b"]);
    assert_eq!(classes("b a"), ["a", "b"]);
    assert_eq!(classes("1 z 1.0"), ["1", "z"]);
}

/// What looks different and is one class is said.
#[test]
fn forms_of_a_class_are_named() {
    let warnings = |labels: &str| {
        let rows: String = labels.split(' ').map(|label| format!("1,{label}\n")).collect();
        read(&rows).unwrap().remarks.warnings.join("; ")
    };
    assert!(warnings("007 8 7 7.0").contains("the labels 007, 7, 7.0 are one number, and so one class, called 007"));
    assert!(warnings("1 z 1.0").contains("the labels 1, 1.0 are one number"));
    assert!(warnings("9007199254740993 1 9007199254740992").contains("differ, but are the same number"));
    let both = warnings("1 1.0 0 0.0");
    assert!(both.contains("the labels 1, 1.0 are one number") && both.contains("the labels 0, 0.0 are one number"));
    assert_eq!(warnings("7 8 7"), "");
    let given = Dataset::from_rows(&[[1.0], [2.0], [3.0]], &["01", "1", "z"]).unwrap();
    assert_eq!((&given.labels[..], given.remarks.warnings.len()), (&[0, 0, 1][..], 1));
}

#[test]
fn one_class_against_the_rest() {
    let positive = |class: &str| ReadOptions { positive: Some(class.to_owned()), ..ReadOptions::default() };
    let three = "1,a\n2,b\n3,c\n";
    let data = read_with(three, &positive("b")).unwrap();
    assert_eq!((&data.schema.classes[..], &data.labels[..]), (&["not b".to_owned(), "b".into()][..], &[0, 1, 0][..]));
    let two = read_with("1,a\n2,b\n", &positive("a")).unwrap();
    assert_eq!((two.schema.classes, two.labels), (vec!["b".to_owned(), "a".into()], vec![1, 0]));
    assert_eq!(read_with("1,0.0\n2,1.0\n3,2.0\n", &positive("1")).unwrap().labels, [0, 1, 0]);
    refuses(three, &positive("d"), "data.csv: no row has the class \"d\"; the classes are a, b, c");
}

#[test]
fn missing_values() {
    let options = ReadOptions { drop_missing: true, ..ReadOptions::default() };
    for missing in ["?", "", "NA", "na", "NaN", " nan "] {
        let text = format!("width,height,kind\n1,2,cat\n3,{missing},dog\n5,6,dog\n");
        refuses(
            &text,
            &ReadOptions::default(),
            "data.csv:3: column 2 (height): missing value; fill it in or pass --drop-missing to leave out such rows",
        );
        let data = read_with(&text, &options).unwrap();
        assert_eq!((&data.rows[..], data.lines, data.dropped), (&[1.0, 2.0, 5.0, 6.0][..], vec![2, 4], 1));
    }
    refuses(
        "1,2,?\n3,4,0\n",
        &ReadOptions::default(),
        "data.csv:1: column 3: missing value; fill it in or pass --drop-missing to leave out such rows",
    );
    refuses("?,1\n?,0\n", &options, "data.csv: every row has a missing value; nothing is left after --drop-missing");
}

#[test]
fn bad_files() {
    let plain = ReadOptions::default();
    for empty in ["", "\n\r\n \n", "\u{feff}", "width,kind\n"] {
        refuses(empty, &plain, "data.csv: no data row; a data file has one row a point, features and label");
    }
    refuses(
        "1,2,0\n3,4,1\n\n5,6\n",
        &plain,
        "data.csv:4: 2 columns where the first line has 3; quote cells that hold the delimiter",
    );
    refuses(
        "width,height,kind\r\n1,2,cat\r\n1,tall,dog\r\n",
        &plain,
        "data.csv:3: column 2 (height): \"tall\" is not a number; features must be numbers (is this the label? then say \
         --label height; is it a category? then --one-hot=height)",
    );
    refuses(
        "1,x,0\n2,3,1\n",
        &plain,
        "data.csv:1: column 2: \"x\" is not a number; if the first row is a header, say --header yes",
    );
    for text in ["0,5;1\n0,7;2\n", "0,5;a\n0,7;b\n"] {
        refuses(
            text,
            &plain,
            "data.csv:1: column 1: \"0,5\" is not a number; numbers are written with a decimal point: replace the decimal comma \
             (or leave it out if it divides thousands)",
        );
    }
    for infinite in ["inf", "-Infinity", "1e999"] {
        let message = format!(
            "data.csv:2: column 1: \"{infinite}\" is not a finite number in binary64 (at most 1.8e308); correct it or remove the row"
        );
        refuses(&format!("1,0\n{infinite},1\n"), &plain, &message);
    }
    refuses(
        "1,cat\n2,cat\n",
        &plain,
        "data.csv: all rows have the label \"cat\"; training needs at least two classes (is column 2 the label column?)",
    );
    refuses(
        "1\n2\n",
        &plain,
        "data.csv:1: only one column; the delimiter must be `,` `;` or tab, and a label column must stand beside the \
         features",
    );
    refuses(
        "1,9007199254740993\n2,9007199254740992\n",
        &plain,
        "data.csv: all rows have the label \"9007199254740993\"; training needs at least two classes (is column 2 the label column?); \
         the labels 9007199254740993 and 9007199254740992 differ, but are the same number in floating point (binary64), and one class",
    );
    for delimiter in ["sep=;", "SEP=,", "sep=\t", "sep=|"] {
        refuses(
            &format!("{delimiter}\na;b;kind\n1;2;0\n3;4;1\n"),
            &plain,
            "data.csv:1: the line `sep=` tells Excel the delimiter and is no row; leave it out",
        );
    }
    refuses(
        "1,0\r\n2,1\r\n\u{1a}",
        &plain,
        "data.csv:3: 1 column where the first line has 2; this is the Ctrl-Z by which DOS ends files; leave it out",
    );
    refuses("\u{feff}\u{feff}a,b\n1,2\n", &plain, "data.csv:1: two byte order marks; leave out one or both");
    refuses("PAR1\u{15}\u{2}x", &plain, "data.csv: a Parquet file; export the table as CSV");
    for (text, what) in [
        ("%PDF-1.7\n%abc\n1 0 obj\n", "this is a PDF document and no table of text: export the table as CSV"),
        (
            "<!DOCTYPE html>\n<a>1,2</a>\n",
            "this is a page of HTML or XML and no table of text: get the file that it shows",
        ),
        ("\u{1}\u{2}x\n\u{3}\n", "these are bytes and no table of text: export the table as CSV"),
    ] {
        let message = format!(
            "data.csv:1: only one column; the delimiter must be `,` `;` or tab, and a label column must stand beside the features; {what}"
        );
        refuses(text, &plain, &message);
    }
    refuses("a,a,kind\n1,2,0\n", &plain, "data.csv:1: two columns are called \"a\"; rename one");
    let real: String = (0..12).map(|i| format!("1,{i}.5\n")).collect();
    refuses(
        &real,
        &plain,
        "data.csv: 12 classes in 12 rows: is column 2 really the label? choose another with --label, or one class \
         with --positive",
    );
    let not_text = Dataset::parse(b"1,0\n2,\xff\n", "data.csv", &plain).unwrap_err().to_string();
    assert_eq!(
        not_text,
        "data.csv:2: not UTF-8 text (a byte 0xff; is it Latin-1 or Windows-1252?); save the file as UTF-8"
    );
}

#[test]
fn missing_label_column() {
    refuses(
        PLAIN,
        &labelled("species"),
        "data.csv:1: no label column \"species\"; the columns are width, height, kind",
    );
    refuses(
        "1,2\n3,4\n",
        &labelled("species"),
        "data.csv:1: no label column \"species\"; the file has no header; give an index from 0 to 1 or from -2 to -1",
    );
    refuses(
        "1,2\n3,4\n",
        &labelled("-3"),
        "data.csv:1: no label column \"-3\"; an index runs from 0 to 1 or from -2 to -1",
    );
}

#[test]
fn unreadable_file() {
    let error = Dataset::read(Path::new("no/such/file.csv"), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, DataError::Io { .. }));
    assert!(error.to_string().starts_with("no/such/file.csv: "));
}

#[test]
fn samples_follow_the_schema() {
    let schema = read(PLAIN).unwrap().schema;
    let sample = |text: &str, labelled| {
        let options = SampleOptions { labelled, ..SampleOptions::default() };
        Sample::parse(text.as_bytes(), "new.csv", &schema, options).map_err(|error| error.to_string())
    };
    let by_name = sample("kind,note,height,width\ndog,7,2,1\ncat,8,4,3\n", true).unwrap();
    assert_eq!((by_name.rows, by_name.labels), (vec![1.0, 2.0, 3.0, 4.0], Some(vec![1, 0])));
    let bare = sample("1,2\n3,4\n", false).unwrap();
    assert_eq!((bare.rows, bare.labels, bare.lines), (vec![1.0, 2.0, 3.0, 4.0], None, vec![1, 2]));
    assert_eq!(sample("1,2,dog\n", true).unwrap().labels, Some(vec![1]));
    // Labels that are not asked for may be missing or unknown.
    assert_eq!(sample("1,2,?\n3,4,cow\n", false).unwrap().rows, [1.0, 2.0, 3.0, 4.0]);

    assert_eq!(
        sample("1,2,cow\n", true),
        Err("new.csv:1: column 3: the model knows no class \"cow\"; its classes are cat, dog".to_owned())
    );
    assert_eq!(sample("1,2\n", true), Err("new.csv: no label column \"kind\" to compare predictions with; if it has another name, say it with --label".to_owned()));
    assert_eq!(
        sample("width,kind\n1,cat\n", false),
        Err("new.csv:1: no column \"height\"; the model needs this feature; the columns are width, kind".to_owned())
    );
    assert_eq!(
        sample("1,2,3,4\n", false),
        Err("new.csv:1: 4 columns; the model needs its 2 features, with or without the label".to_owned())
    );
    let rest = read_with("1,a\n2,b\n3,c\n", &ReadOptions { positive: Some("b".into()), ..ReadOptions::default() });
    let sample = Sample::parse(b"1,b\n2,unheard of\n", "new.csv", &rest.unwrap().schema, LABELLED).unwrap();
    assert_eq!(sample.labels, Some(vec![1, 0]));
    assert_eq!(sample.iter().collect::<Vec<_>>(), [[1.0], [2.0]]);
}

#[test]
fn fingerprint_sees_values_alone() {
    let hash = |text: &str| {
        let data = read(text).unwrap();
        data.sha256(&data.all())
    };
    let plain = hash(PLAIN);
    // Recomputed with Python's struct and hashlib from the documented form.
    assert_eq!(plain, "9e5022f6950ebe7aee4d11f81ae408b494deeeed4c31cf2b109afc4a2e8b6d36");
    assert_eq!(hash(&PLAIN.replace(',', ";").replace("2.5", "2.50").replace("0,0", "-0,0.0")), plain);
    assert_ne!(hash(&PLAIN.replace("2.5", "2.6")), plain);
    assert_ne!(hash("-3e-1,4,dog\n1,2.5,cat\n0,0,cat\n"), plain);
}

#[test]
fn scaling_is_fitted_on_the_members_alone() {
    let data = read("1,5,0\n3,5,1\n101,7,0\n").unwrap();
    let minmax = Scaling::MinMax.fit(&data, &[0, 1]);
    assert_eq!(minmax, Scaler { shift: vec![1.0, 5.0], divisor: vec![2.0, 1.0] });
    assert_eq!(data.points(&[0, 1, 2], &minmax).scaled(2), [50.0, 2.0]);
    let standard = Scaling::Standard.fit(&data, &[0, 1]);
    assert_eq!(standard, Scaler { shift: vec![2.0, 5.0], divisor: vec![1.0, 1.0] });
    assert_eq!(Scaling::None.fit(&data, &[0, 1]), Scaler::identity(2));
    let wild = read("1.7e308,0\n-1.7e308,1\n").unwrap();
    for scaling in [Scaling::MinMax, Scaling::Standard] {
        assert_eq!(scaling.fit(&wild, &[0, 1]).check(), Ok(()));
    }
}

#[test]
fn duplicates_merge() {
    let data = read("1,2,0\n1,2,1\n-0,2,1\n1,2,1\n0,2,1\n").unwrap();
    let points = data.points(&data.all(), &Scaler::identity(2));
    assert_eq!((points.len(), points.num_rows()), (2, 5));
    assert_eq!((points.counts(0), points.counts(1)), (&[1, 2][..], &[0, 2][..]));
    assert_eq!(points.of_row(), [0, 0, 1, 0, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn never_panics_on_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), drop_missing in any::<bool>()) {
        let options = ReadOptions { drop_missing, ..ReadOptions::default() };
        // An error or data, and the data is sane.
        if let Ok(data) = Dataset::parse(&bytes, "fuzz", &options) {
            prop_assert!(data.rows.iter().all(|x| x.is_finite()));
            prop_assert_eq!(data.rows.len(), data.len() * data.num_features());
        }
    }

    #[test]
    fn never_panics_on_tables(
        text in "([0-9a?.,;\t\"\r\n -]|NaN|inf|1e|\\PC){0,60}",
        label in prop::option::of("-?[0-9a]{1,3}"),
        positive in prop::option::of("[0-9a]"),
        weight in prop::option::of("-?[0-9a]{1,2}"),
        drop_missing in any::<bool>(),
        header in prop::sample::select(vec![Header::Auto, Header::Yes, Header::No]),
        columns in prop::collection::vec("-?[0-9a]{1,2}", 0..3),
        texts in any::<bool>(),
    ) {
        let one_hot = match (texts, columns.is_empty()) {
            (true, _) => OneHotColumns::Text,
            (false, true) => OneHotColumns::None,
            (false, false) => OneHotColumns::Named(columns),
        };
        let options = ReadOptions { label, positive, weight, one_hot, drop_missing, header };
        let schema = read(PLAIN).unwrap().schema;
        // Only panics fail here; either verdict is right for some text.
        let _ = Sample::parse(text.as_bytes(), "fuzz", &schema, SampleOptions { drop_missing, header, ..LABELLED });
        if let Ok(data) = Dataset::parse(text.as_bytes(), "fuzz", &options) {
            prop_assert_eq!(data.rows.len(), data.len() * data.num_features());
            // What was encoded is found again.
            let header = if data.remarks.header { Header::Yes } else { Header::No };
            let same = SampleOptions { drop_missing, header, ..LABELLED };
            if let Ok(sample) = Sample::parse(text.as_bytes(), "fuzz", &data.schema, same) {
                prop_assert_eq!(&sample.rows, &*data.rows);
            }
            prop_assert!(data.num_classes() >= 2);
            prop_assert!(data.labels.iter().all(|&label| label < data.num_classes()));
            prop_assert!(data.rows.iter().all(|x| x.is_finite()));
        }
    }

    #[test]
    fn splits_are_partitions(
        labels in prop::collection::vec(0usize..3, 20..120),
        test in 0.0..0.45,
        validation in 0.0..0.45,
        stratify in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let fractions = Fractions { test, validation };
        let Ok(parts) = split(&labels, 3, fractions, stratify, seed) else { return Ok(()) };
        let mut all = [parts.train.clone(), parts.validation.clone(), parts.test.clone()].concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..labels.len()).collect::<Vec<_>>());
        for (share, part) in [(test, &parts.test), (validation, &parts.validation)] {
            prop_assert_eq!(part.len(), (labels.len() as f64 * share).round() as usize);
            for class in (0..3).filter(|_| stratify) {
                let of_class = |members: &[usize]| members.iter().filter(|&&i| labels[i] == class).count() as f64;
                let quota = of_class(&(0..labels.len()).collect::<Vec<_>>()) * share;
                prop_assert!((of_class(part) - quota).abs() < 1.0 + 1e-9);
            }
        }
        prop_assert_eq!(split(&labels, 3, fractions, stratify, seed).unwrap(), parts);
    }
}

#[test]
fn splits_that_make_no_sense() {
    let labels = [0, 0, 0, 1];
    let message = |test, validation, stratify| {
        split(&labels, 2, Fractions { test, validation }, stratify, 1).unwrap_err().to_string()
    };
    assert_eq!(message(1.0, 0.0, false), "cannot split the data: the test fraction 1 is not in [0, 1)");
    assert_eq!(message(f64::NAN, 0.0, false), "cannot split the data: the test fraction NaN is not in [0, 1)");
    assert_eq!(
        message(0.5, 0.5, false),
        "cannot split the data: validation 0.5 and test 0.5 leave nothing to train on"
    );
    assert_eq!(message(0.1, 0.0, true), "cannot split the data: 0.1 of 4 rows leaves the test part empty");
    assert!(message(0.75, 0.0, true).contains("the training part holds"));
    let none = split(&labels, 2, Fractions::default(), true, 1).unwrap();
    assert_eq!((none.train, none.test, none.validation), (vec![0, 1, 2, 3], vec![], vec![]));
    let one = split(&labels, 2, Fractions { test: 0.5, validation: 0.0 }, true, 1);
    assert_ne!(one.unwrap(), split(&labels, 2, Fractions { test: 0.5, validation: 0.0 }, true, 2).unwrap());
}

fn weighed(column: &str) -> ReadOptions {
    ReadOptions { weight: Some(column.to_owned()), ..ReadOptions::default() }
}

#[test]
fn weights_are_a_column_of_their_own() {
    let text = "width,w,kind\n1,2.5,cat\n2,0,dog\n3,1e2,cat\n";
    for column in ["w", "1", "-2"] {
        let data = read_with(text, &weighed(column)).unwrap();
        assert_eq!((&data.schema.features[..], &*data.rows), (&["width".to_owned()][..], &vec![1.0, 2.0, 3.0]));
        assert_eq!(data.weights, Some(vec![2.5, 0.0, 100.0]));
        assert_eq!(data.schema.weight, Some(WeightColumn { name: "w".to_owned(), column: 1 }));
        assert_eq!(data.remarks.notes, ["1 row has the weight 0 and does not count in training"]);
        // Other files need no weights, by name or by position.
        let sample = |text: &str| Sample::parse(text.as_bytes(), "new.csv", &data.schema, SampleOptions::default());
        assert_eq!(sample("kind,width\ncat,7\n").unwrap().rows, [7.0]);
        assert_eq!(sample("w,width\n3,7\n").unwrap().remarks.notes, [""; 0]);
    }
    // The first row is a point, or the weights are named by it.
    let data = read_with("1,2.5,cat\n2,0.5,dog\n", &weighed("1")).unwrap();
    assert_eq!((data.weights, &data.labels[..]), (Some(vec![2.5, 0.5]), &[0, 1][..]));
    let sample = |text: &str| Sample::parse(text.as_bytes(), "new.csv", &data.schema, LABELLED);
    assert_eq!(sample("5,1,dog\n6,1,cat\n").unwrap().rows, [5.0, 6.0]);
    let without = sample("5,dog\n6,cat\n").unwrap();
    assert_eq!((without.rows, without.labels), (vec![5.0, 6.0], Some(vec![1, 0])));
}

#[test]
fn weights_that_are_none_are_refused() {
    for (cell, what) in [
        ("-1", "is no weight"),
        ("x", "is no weight"),
        ("inf", "is no weight"),
        ("1.234567890123456", "at most 15 digits"),
        ("-1e-400", "not negative"),
        // No float prints as these, or too few of their digits.
        ("1e-400", "too close to 0 for floats"),
        ("1e-320", "too close to 0 for floats"),
        ("1.23456789012345e-320", "too close to 0 for floats"),
        ("1e400", "too large for floats"),
        ("", "missing value"),
    ] {
        let text = format!("width,w,kind\n1,1,cat\n2,{cell},dog\n");
        let refused = read_with(&text, &weighed("w")).unwrap_err();
        assert!(refused.starts_with("data.csv:3: column 2 (w): ") && refused.contains(what), "{refused}");
    }
    let text = "width,w,kind\n1,0,cat\n2,0,dog\n";
    refuses(
        text,
        &weighed("kind"),
        "data.csv:1: column 3 (kind) is the label; name another column with --weight-column",
    );
    refuses(text, &weighed("w"), "data.csv: column 2 (w): every row has the weight 0; none counts");
    refuses(text, &weighed("v"), "data.csv:1: no column of weights \"v\"; the columns are width, w, kind");
    let missing = ReadOptions { drop_missing: true, ..weighed("w") };
    let data = read_with("width,w,kind\n1,1,cat\n2,,dog\n3,4,dog\n", &missing).unwrap();
    assert_eq!((data.dropped, data.weights), (1, Some(vec![1.0, 4.0])));
}
