//! ONNX graphs mean what the standard says, for any number of rows at once, or are refused.

use crate::{DATA, NETWORK, compared, fault};
use checker::{Budget, Source, export, network::Options};

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = vec![];
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), varint(value.len() as u64), value.to_vec()].concat()
}

fn text(field: u64, value: &str) -> Vec<u8> {
    bytes(field, value.as_bytes())
}

fn attribute(name: &str, value: u64) -> Vec<u8> {
    bytes(5, &[text(1, name), number(3, value), number(20, 2)].concat())
}

/// A node in a graph, and more fields of it.
fn node(operator: &str, inputs: &[&str], output: &str, more: &[u8]) -> Vec<u8> {
    let inputs: Vec<u8> = inputs.iter().flat_map(|name| text(1, name)).collect();
    bytes(1, &[inputs, text(2, output), text(4, operator), more.to_vec()].concat())
}

fn doubles(name: &str, sizes: &[u64], values: &[f64]) -> Vec<u8> {
    let sizes: Vec<u8> = sizes.iter().flat_map(|&size| number(1, size)).collect();
    let values: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    bytes(5, &[sizes, number(2, 11), text(8, name), bytes(10, &values)].concat())
}

fn whole(name: &str, sizes: &[u64], values: &[u64]) -> Vec<u8> {
    let sizes: Vec<u8> = sizes.iter().flat_map(|&size| number(1, size)).collect();
    let values: Vec<u8> = values.iter().flat_map(|&value| varint(value)).collect();
    bytes(5, &[sizes, number(2, 7), text(8, name), bytes(7, &values)].concat())
}

fn dimension(size: Option<u64>) -> Vec<u8> {
    bytes(1, &size.map_or_else(|| text(2, "rows"), |size| number(1, size)))
}

/// An input (11) or output (12).
fn value(field: u64, name: &str, of: u64, sizes: &[Option<u64>]) -> Vec<u8> {
    let shape: Vec<u8> = sizes.iter().flat_map(|&size| dimension(size)).collect();
    let tensor = [number(1, of), bytes(2, &shape)].concat();
    bytes(field, &[text(1, name), bytes(2, &bytes(1, &tensor))].concat())
}

/// The fields of a model but its graph, and those of the graph, by names for those who change them.
struct Graph {
    model: Vec<Vec<u8>>,
    fields: Vec<(&'static str, Vec<u8>)>,
}

impl Graph {
    /// The network of [`NETWORK`]: x + 1/2 >= 0, then that - 1 >= 0.
    fn new() -> Self {
        Self {
            model: vec![number(1, 7), bytes(8, &[text(1, ""), number(2, 13)].concat())],
            fields: vec![
                ("w1", doubles("w1", &[1, 1], &[1.0])),
                ("b1", doubles("b1", &[1], &[0.5])),
                ("w2", doubles("w2", &[1, 1], &[1.0])),
                ("t2", doubles("t2", &[1], &[1.0])),
                ("zero", doubles("zero", &[1], &[0.0])),
                ("columns", whole("columns", &[1], &[1])),
                ("labels", whole("labels", &[2], &[0, 1])),
                ("X", value(11, "X", 11, &[None, Some(1)])),
                ("output_label", value(12, "output_label", 7, &[None])),
                ("class_index", value(12, "class_index", 7, &[None])),
                ("MatMul1", node("MatMul", &["X", "w1"], "s1", &[])),
                ("Add", node("Add", &["s1", "b1"], "v1", &[])),
                ("GreaterOrEqual1", node("GreaterOrEqual", &["v1", "zero"], "f1", &[])),
                ("Cast1", node("Cast", &["f1"], "a1", &attribute("to", 11))),
                ("MatMul2", node("MatMul", &["a1", "w2"], "s2", &[])),
                ("GreaterOrEqual2", node("GreaterOrEqual", &["s2", "t2"], "f2", &[])),
                ("Cast2", node("Cast", &["f2"], "column", &attribute("to", 7))),
                ("Squeeze", node("Squeeze", &["column", "columns"], "class_index", &[])),
                ("Gather", node("Gather", &["labels", "class_index"], "output_label", &attribute("axis", 0))),
            ],
        }
    }

    /// Another field in the place of one, or of several.
    fn with(mut self, name: &str, field: Vec<u8>) -> Self {
        let place = self.fields.iter_mut().find(|(other, _)| *other == name);
        place.unwrap_or_else(|| panic!("{name}")).1 = field;
        self
    }

    /// More behind a field.
    fn and(self, name: &str, field: &[u8]) -> Self {
        let old = self.fields.iter().find(|(other, _)| *other == name).map(|(_, old)| old.clone()).unwrap();
        self.with(name, [&old[..], field].concat())
    }

    /// Another field of the model.
    fn model(mut self, field: Vec<u8>) -> Self {
        self.model.push(field);
        self
    }

    fn file(&self) -> Vec<u8> {
        let graph: Vec<u8> = self.fields.iter().flat_map(|(_, field)| field.clone()).collect();
        [self.model.concat(), bytes(7, &graph)].concat()
    }
}

#[test]
fn graphs_of_other_forms_mean_the_same() {
    for (what, graph) in [
        ("as it is exported", Graph::new()),
        (
            "the other name of the domain",
            Graph::new().with("Add", node("Add", &["s1", "b1"], "v1", &text(7, "ai.onnx"))),
        ),
        ("names and descriptions", Graph::new().model(text(6, "a network")).and("Add", &text(2, "graph"))),
        ("rows beside a row", Graph::new().with("b1", doubles("b1", &[1, 1], &[0.5]))),
        ("a number beside a row", Graph::new().with("b1", doubles("b1", &[], &[0.5]))),
    ] {
        let report = compared(NETWORK, &graph.file(), DATA).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(report.holds() && report.rows == 2, "{what}");
    }
}

/// Everything that a runtime reads and the checker does not understand is refused, and so is what readers read differently.
#[test]
fn graphs_that_may_mean_something_else_are_refused() {
    let new = Graph::new;
    let set = |domain: &str, version| bytes(8, &[text(1, domain), number(2, version)].concat());
    let again = |name: &str| new().fields.into_iter().find(|(other, _)| *other == name).unwrap().1;
    let first = |graph: Graph, set: Vec<u8>| Graph { model: vec![number(1, 7), set], ..graph };
    for (what, graph, words) in [
        ("two sets of operators", new().model(set("", 13)), "version 13 alone"),
        ("two versions", new().model(set("", 9)), "version 13 alone"),
        ("operators of others", new().model(set("com.other", 1)), "version 13 alone"),
        ("another version", first(new(), set("", 14)), "version 13 alone"),
        ("another domain", first(new(), set("com.other", 13)), "version 13 alone"),
        ("a version twice", first(new(), bytes(8, &[number(2, 9), number(2, 13)].concat())), "field 2 twice"),
        ("functions of its own", new().model(bytes(25, &text(1, "MatMul"))), "field 25 that is not exported"),
        ("training", new().model(bytes(20, &[])), "field 20 that is not exported"),
        ("another graph", new().model(bytes(7, &[])), "field 7 twice"),
        ("a domain", new().with("Add", node("Add", &["s1", "b1"], "v1", &text(7, "com.other"))), "domain com.other"),
        ("an overload", new().with("Add", node("Add", &["s1", "b1"], "v1", &text(8, "f"))), "field 8 that"),
        ("two operators", new().with("Add", node("Sub", &["s1", "b1"], "v1", &text(4, "Add"))), "field 4 twice"),
        ("sparse constants", new().and("b1", &bytes(15, &[])), "field 15 that"),
        ("quantised constants", new().and("b1", &bytes(14, &[])), "field 14 that"),
        ("a constant twice", new().and("b1", &again("b1")), "two constants"),
        ("another type of input", new().with("X", value(11, "X", 1, &[None, Some(1)])), "64-bit floats"),
        ("other features", new().with("X", value(11, "X", 11, &[None, Some(2)])), "takes 2 features, not 1"),
        ("so many rows", new().with("X", value(11, "X", 11, &[Some(2), Some(1)])), "any number of rows"),
        ("any features", new().with("X", value(11, "X", 11, &[None, None])), "any number of rows"),
        ("no shape", new().with("X", value(11, "X", 11, &[])), "any number of rows"),
        ("no type", new().with("X", bytes(11, &text(1, "X"))), "no type"),
        ("two inputs", new().and("X", &value(11, "Y", 11, &[None, Some(1)])), "not one input"),
        ("a constant input", new().with("X", value(11, "w1", 11, &[None, Some(1)])), "an input and a constant"),
        ("another type of label", new().with("output_label", value(12, "output_label", 8, &[None])), "of their types"),
        ("another type of class", new().with("class_index", value(12, "class_index", 11, &[None])), "of their types"),
        (
            "a column of classes",
            new().with("class_index", value(12, "class_index", 7, &[None, Some(1)])),
            "of their types",
        ),
        ("a third output", new().and("class_index", &value(12, "s1", 11, &[None])), "of their types"),
        ("an output less", new().with("class_index", vec![]), "of their types"),
        (
            "other ties",
            new().with("Cast2", node("ArgMax", &["s2"], "column", &attribute("select_last_index", 1))),
            "a form of it",
        ),
        (
            "an attribute more",
            new().with("Add", node("Add", &["s1", "b1"], "v1", &attribute("axis", 1))),
            "a form of it",
        ),
        (
            "an attribute twice",
            new().with("Cast1", node("Cast", &["f1"], "a1", &[attribute("to", 7), attribute("to", 11)].concat())),
            "two attributes to",
        ),
        (
            "an attribute of another type",
            new().with(
                "Cast1",
                node("Cast", &["f1"], "a1", &bytes(5, &[text(1, "to"), number(3, 11), number(20, 1)].concat())),
            ),
            "no whole number",
        ),
        (
            "an attribute that refers",
            new().with(
                "Cast1",
                node("Cast", &["f1"], "a1", &bytes(5, &[text(1, "to"), number(3, 11), text(21, "t")].concat())),
            ),
            "field 21 that",
        ),
        ("a column beside a row", new().with("b1", doubles("b1", &[1, 1, 1], &[0.5])), "beside one of [1, 1]"),
        ("two beside one", new().with("b1", doubles("b1", &[2], &[0.5, 0.5])), "beside one of [1, 1]"),
        ("a list of axes", new().with("columns", whole("columns", &[], &[1])), "a form of it"),
        ("a table of labels", new().with("labels", whole("labels", &[2, 1], &[0, 1])), "which is no list"),
        ("a matrix of another shape", new().with("w2", doubles("w2", &[1], &[1.0])), "no row of floats and matrix"),
        (
            "elements of another type",
            new().with("w2", bytes(5, &[number(1, 1), number(2, 11), text(8, "w2"), bytes(7, &[1])].concat())),
            "elements",
        ),
        (
            "raw elements",
            new().with("w2", bytes(5, &[number(1, 1), number(2, 11), text(8, "w2"), bytes(9, &[0; 8])].concat())),
            "field 9 that",
        ),
        (
            "rows among each other",
            new().with("MatMul2", node("MatMul", &["a1", "a1"], "s2", &[])),
            "not of rows and constants",
        ),
        (
            "constants alone",
            new().with("MatMul2", node("MatMul", &["w1", "w2"], "s2", &[])),
            "not of rows and constants",
        ),
        ("an output before", new().with("MatMul1", node("MatMul", &["v1", "w1"], "s1", &[])), "nothing made before"),
        ("an output twice", new().with("Add", node("Add", &["s1", "b1"], "s1", &[])), "no name of its own"),
        (
            "an output that is a constant",
            new().with("Add", node("Add", &["s1", "b1"], "t2", &[])),
            "no name of its own",
        ),
        ("an output that is the input", new().with("Add", node("Add", &["s1", "b1"], "X", &[])), "no name of its own"),
    ] {
        let message = fault(NETWORK, &graph.file(), DATA).unwrap_or_else(|| panic!("{what}"));
        assert!(message.contains(words), "{what}: {message}");
    }
}

/// [n, 1] beside [1, n] is a table in a runtime.
#[test]
fn columns_beside_rows_are_refused() {
    let model = NETWORK.replace("\"hidden\": [1]", "\"hidden\": [2]");
    let model = model.replace(
        "\"outputs\": 1, \"weights\": [1], \"biases\": [0.5]",
        "\"outputs\": 2, \"weights\": [1, 1], \"biases\": [0.5, 0.5]",
    );
    let model = model.replace(
        "{\"inputs\": 1, \"outputs\": 1, \"weights\": [1], \"biases\": [-1]}",
        "{\"inputs\": 2, \"outputs\": 1, \"weights\": [1, 0], \"biases\": [-1]}",
    );
    let graph = |sizes: &[u64]| {
        let graph = Graph::new()
            .with("w1", doubles("w1", &[1, 2], &[1.0, 1.0]))
            .with("w2", doubles("w2", &[2, 1], &[1.0, 0.0]));
        graph.with("b1", doubles("b1", sizes, &[0.5, 0.5])).file()
    };
    for sizes in [&[2][..], &[1, 2]] {
        assert!(compared(&model, &graph(sizes), DATA).unwrap().holds());
    }
    for sizes in [&[2, 1][..], &[1, 1, 2], &[2, 1, 1]] {
        let message = fault(&model, &graph(sizes), DATA).unwrap();
        assert!(message.contains("beside one of [1, 2]"), "{message}");
    }
}

/// A sum that is rounded to a whole number is not exact for that.
#[test]
fn whole_sums_may_be_rounded() {
    for (x, bias, exact) in [
        ("3", 2.0, true),
        ("3", 0.5, false),
        ("9007199254740991", 1.0, true),
        ("9007199254740992", 1.0, false),
        ("9007199254740992", 2.0, false),
        ("-9007199254740992", 1.0, true),
    ] {
        let model = NETWORK.replace("\"biases\": [0.5]", &format!("\"biases\": [{bias:?}]"));
        let graph = Graph::new().with("b1", doubles("b1", &[1], &[bias]));
        let report = compared(&model, &graph.file(), &format!("a,b\n{x},0\n")).unwrap();
        assert!(report.holds());
        assert_eq!(report.is_exact, exact, "{x} + {bias}");
    }
}

/// Tensors between nodes ask for memory, and let it go with their row.
#[test]
fn tensors_are_held() {
    let wide = vec![1.0; 5000];
    let mut graph =
        Graph::new().with("w1", doubles("w1", &[1, 5000], &wide)).with("w2", doubles("w2", &[5000, 1], &wide));
    let model = NETWORK.replace("\"hidden\": [1]", "\"hidden\": [5000]");
    let list = |value: &str| vec![value; 5000].join(",");
    let model = model.replace(
        "\"outputs\": 1, \"weights\": [1], \"biases\": [0.5]",
        &format!("\"outputs\": 5000, \"weights\": [{}], \"biases\": [{}]", list("1"), list("0.5")),
    );
    let model = model.replace(
        "\"inputs\": 1, \"outputs\": 1, \"weights\": [1],",
        &format!("\"inputs\": 5000, \"outputs\": 1, \"weights\": [{}],", list("1")),
    );
    let held = |graph: &Graph, budget: &Budget| {
        let source =
            |name: &str, bytes: Vec<u8>| Source::new(name.to_owned(), std::io::Cursor::new(bytes)).within(budget);
        let data = vec![source("data.csv", DATA.into())];
        export::check(source("m.json", model.clone().into()), source("m.onnx", graph.file()), data, &Options::default())
    };
    let budget = Budget::default();
    assert!(held(&graph, &budget).unwrap().holds());
    assert!((5000 * 40..5000 * 200).contains(&budget.most_held()), "{budget:?}");
    // Many nodes of few bytes on a wide row.
    let many: Vec<u8> = (0..20_000).flat_map(|at| node("Add", &["s1", "b1"], &format!("n{at}"), &[])).collect();
    graph = graph.and("Add", &many);
    let error = held(&graph, &Budget::default()).unwrap_err();
    assert!(error.to_string().contains("bytes of memory"), "{error}");
}
