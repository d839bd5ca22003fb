//! What is said of roundings is true of every reader of the file, row by row.

use crate::compared;
use checker::export::Report;

/// A model file with these layers (weights neuron by neuron, biases) on three features; with `classes` classes.
fn model(layers: &[(&str, &str)], classes: usize) -> String {
    let of = |(weights, biases): &(&str, &str)| {
        let (weights, biases) = (flat(weights), flat(biases));
        (weights.split(',').count() / biases.split(',').count(), biases.split(',').count(), weights, biases)
    };
    let written = |layer: &(&str, &str)| {
        let (inputs, outputs, weights, biases) = of(layer);
        format!("{{\"inputs\": {inputs}, \"outputs\": {outputs}, \"weights\": [{weights}], \"biases\": [{biases}]}}")
    };
    let hidden: Vec<String> = layers[..layers.len() - 1].iter().map(|layer| of(layer).1.to_string()).collect();
    let layers: Vec<String> = layers.iter().map(written).collect();
    let classes: Vec<String> = (0..classes).map(|class| format!("\"{class}\"")).collect();
    format!(
        r#"{{"format": "heaviside-model", "version": 1,
 "architecture": {{"inputs": 3, "hidden": [{}], "classes": {}, "bias": true, "weights": "continuous"}},
 "network": {{"layers": [{}]}}, "scaler": {{"shift": [0, 0, 0], "divisor": [1, 1, 1]}},
 "schema": {{"features": ["a", "b", "c"], "named": true, "label": "y", "label_column": 3, "classes": [{}]}},
 "training": {{"loss": "zero-one", "epsilon": null, "robust": null, "l0": 0, "l1": 0, "data_sha256": "", "rows": 2, "distinct_points": 2}},
 "claim": {{"status": "optimal", "loss": 0, "objective": 0, "bound": 0}}}}"#,
        hidden.join(","),
        classes.len(),
        layers.join(","),
        classes.join(","),
    )
}

fn flat(rows: &str) -> String {
    rows.replace(['[', ']', ' '], "")
}

/// The same as plain JSON.
fn exported(layers: &[(&str, &str)], classes: usize) -> String {
    let written = |(weights, biases): &(&str, &str)| format!("{{\"weights\": [{weights}], \"biases\": [{biases}]}}");
    let layers: Vec<String> = layers.iter().map(written).collect();
    let classes: Vec<String> = (0..classes).map(|class| format!("\"{class}\"")).collect();
    format!(
        r#"{{"format": "heaviside-network", "version": 1, "features": [{{"name": "a"}}, {{"name": "b"}}, {{"name": "c"}}],
 "classes": [{}], "layers": [{}]}}"#,
        classes.join(","),
        layers.join(",")
    )
}

fn report(layers: &[(&str, &str)], classes: usize, row: &str) -> Report {
    let data = format!("a,b,c,y\n{row},1\n");
    let report = compared(&model(layers, classes), exported(layers, classes).as_bytes(), &data).unwrap();
    assert!(report.holds(), "{report:?}");
    report
}

/// Whole weights are not enough: who reads JSON with floats rounds what the row has, and sums beyond 2^53.
#[test]
fn json_is_exact_row_by_row() {
    const WHOLE: [(&str, &str); 1] = [("[1, 1, 1]", "0")];
    for (layers, row, exact, doubtful) in [
        (WHOLE, "1,2,-3", true, false),
        (WHOLE, "0.1,0.2,-0.3", false, true),
        (WHOLE, "0.5,0.25,1", false, false),
        (WHOLE, "9007199254740990,1,1", true, false),
        (WHOLE, "9007199254740991,1,1", false, false),
        (WHOLE, "9007199254740991,-9007199254740991,-1", false, true),
        ([("[1, 1, 0]", "0")], "1,-1,1e300", true, false),
        ([("[1, 1, 1]", "0.5")], "1,1,-3", false, false),
        ([("[1, 1, 1]", "9007199254740991")], "1,0,0", true, false),
        ([("[1, 1, 1]", "9007199254740991")], "1,1,0", false, false),
        ([("[1, 1, 1.5]", "0")], "1,1,0", false, false),
    ] {
        let report = report(&layers, 2, row);
        assert_eq!((report.is_exact, report.doubtful > 0), (exact, doubtful), "{layers:?} at {row}: {report:?}");
    }
}

/// Sums of zeros and ones times whole weights are exact if the bias is whole, too, and everything together is not too large;
/// else they may be rounded in some order.
#[test]
fn later_layers_are_exact_where_every_order_is() {
    // Both neurons of the first layer fire far from 0; so all doubt is that of the second.
    let first = ("[1, 0, 0], [0, 1, 0]", "0, 0");
    for (second, doubtful) in [
        (("[3, -3]", "0"), false),
        (("[3, -3]", "-1e-20"), true),
        (("[3, -3]", "1e-20"), true),
        (("[3, -3]", "0.5"), false),
        (("[3, -2]", "-1"), false),
        (("[0.5, -0.25]", "-0.25"), false),
        (("[0.1, -0.1]", "0"), false),
        (("[0.1, -0.3]", "0.2"), true),
        (("[9007199254740992, -9007199254740991]", "-1"), true),
        (("[4503599627370496, -4503599627370495]", "-1"), false),
        (("[1e300, -1e300]", "0"), true),
    ] {
        // A row of fractions, so that JSON is not exact as it is.
        let report = report(&[first, second], 2, "1.5,1.5,0");
        assert_eq!((report.is_exact, report.doubtful > 0), (false, doubtful), "{second:?}: {report:?}");
    }
}

/// Equal outputs are no doubt where none of them is rounded.
#[test]
fn ties_of_exact_outputs_are_decided() {
    let first = ("[1, 0, 0], [0, 1, 0]", "0, 0");
    for (last, doubtful) in [
        (("[1, 0], [0, 1], [0, 0]", "0, 0, 0"), false),
        (("[1, 0], [0, 1], [0, 0]", "0.5, 0.5, 0"), false),
        (("[1, 0], [0, 1], [0, 0]", "0.1, 0.1, 0"), true),
        (("[1, 0], [0, 1], [0, 0]", "0, 0, 0.1"), false),
        (("[1, 0], [0, 0], [0.1, 0.9]", "0, 0, 0"), true),
    ] {
        let report = report(&[first, last], 3, "1.5,1.5,0");
        assert_eq!(report.doubtful > 0, doubtful, "{last:?}: {report:?}");
    }
}
