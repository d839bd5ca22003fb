//! A network as an ONNX graph: opset 13, 64-bit floats, any number of rows.
//!
//! Entry point: [`export`]. Layers in whole numbers are products of whole matrices that floats hold, so no order of the additions that a
//! runtime takes makes a difference; others are scaled, multiplied and added in floats. `ArgMax` takes the first of equal
//! outputs, as the tie rule says.

mod messages;

use super::exported::{Export, ExportOptions, NAME};
use super::plan::{Plan, Step};
use super::whole::Use;
use bdnn::Model;
use messages::{
    ATTRIBUTE_INT, Attribute, DOUBLE, Dimension, Entry, Graph, INT64, Node, OperatorSet, STRING, Shape, Tensor,
    TensorType, Type, ValueInfo,
};
use prost::Message;

/// The version of the operators, and of the format that goes with it.
const OPSET: i64 = 13;
const IR_VERSION: i64 = 7;
/// Whole numbers up to here are floats.
const MOST: i64 = 1 << 53;

/// Names of what goes in and comes out.
const INPUT: &str = "X";
const LABEL: &str = "output_label";
const CLASS: &str = "class_index";

/// Writes the graph.
pub(super) fn export(model: &Model, options: &ExportOptions) -> Export {
    let plan = Plan::new(model, &options.inputs, MOST);
    let mut builder = Builder::default();
    let mut from = INPUT.to_owned();
    for k in 0..plan.steps.len() {
        from = builder.layer(&plan, k, &from);
    }
    builder.labels(&model.schema.classes);
    let features = i64::try_from(model.architecture.inputs).unwrap_or(i64::MAX);
    let is_text = builder.is_text;
    let graph = Graph {
        node: builder.nodes,
        name: Some(options.name.clone().unwrap_or_else(|| NAME.to_owned())),
        initializer: builder.tensors,
        input: vec![value(INPUT, DOUBLE, Some(features), "features in the units of the data")],
        output: vec![
            value(LABEL, if is_text { STRING } else { INT64 }, None, "the class, as it stood in the training data"),
            value(CLASS, INT64, None, "its place among the classes"),
        ],
    };
    let file = messages::Model {
        ir_version: Some(IR_VERSION),
        producer_name: Some("heaviside".to_owned()),
        producer_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        doc_string: Some(description(&plan)),
        graph: Some(graph),
        opset_import: vec![OperatorSet { domain: Some(String::new()), version: Some(OPSET) }],
        metadata_props: metadata(model),
    };
    let bytes = file.encode_to_vec();
    let labels = if is_text { "string" } else { "int64" };
    let details = vec![
        ("input", format!("{INPUT}: float64 [rows, {features}]")),
        ("outputs", format!("{LABEL}: {labels} [rows], {CLASS}: int64 [rows]")),
    ];
    plan.exported(bytes, details)
}

fn description(plan: &Plan<'_>) -> String {
    let Model { architecture, .. } = plan.model;
    let widths: Vec<String> = architecture.widths().iter().map(ToString::to_string).collect();
    format!(
        "A network {} with step activations: a neuron gives 1 if its sum is at least 0, else 0; of several outputs the first of the largest wins.",
        widths.join("-")
    )
}

fn metadata(model: &Model) -> Vec<Entry> {
    let list = |names: &[String]| serde_json::to_string(names).unwrap_or_default();
    let entry = |(key, value): (&str, String)| Entry { key: Some(key.to_owned()), value: Some(value) };
    let entries = [
        ("features", list(&model.schema.features)),
        ("classes", list(&model.schema.classes)),
        ("label", model.schema.label.clone()),
        ("data_sha256", model.training.data_sha256.clone()),
    ];
    entries.into_iter().map(entry).collect()
}

/// A tensor of as many rows as are given, of so many columns if there are any.
fn value(name: &str, kind: i32, columns: Option<i64>, about: &str) -> ValueInfo {
    let rows = Dimension { dim_value: None, dim_param: Some("rows".to_owned()) };
    let columns = columns.map(|columns| Dimension { dim_value: Some(columns), dim_param: None });
    let shape = Shape { dim: [rows].into_iter().chain(columns).collect() };
    ValueInfo {
        name: Some(name.to_owned()),
        kind: Some(Type { tensor_type: Some(TensorType { elem_type: Some(kind), shape: Some(shape) }) }),
        doc_string: Some(about.to_owned()),
    }
}

#[derive(Default)]
struct Builder {
    nodes: Vec<Node>,
    tensors: Vec<Tensor>,
    /// Whether labels are texts.
    is_text: bool,
}

impl Builder {
    fn node(&mut self, operator: &str, inputs: &[&str], output: &str, attributes: &[(&str, i64)]) -> String {
        let attribute =
            |&(name, i): &(&str, i64)| Attribute { name: Some(name.to_owned()), i: Some(i), kind: Some(ATTRIBUTE_INT) };
        self.nodes.push(Node {
            input: inputs.iter().map(|&name| name.to_owned()).collect(),
            output: vec![output.to_owned()],
            name: Some(format!("{operator}_{output}")),
            op_type: Some(operator.to_owned()),
            attribute: attributes.iter().map(attribute).collect(),
        });
        output.to_owned()
    }

    fn doubles(&mut self, name: &str, dims: &[usize], values: Vec<f64>) {
        let dims = dims.iter().map(|&size| i64::try_from(size).unwrap_or(i64::MAX)).collect();
        let (data_type, name) = (Some(DOUBLE), Some(name.to_owned()));
        self.tensors.push(Tensor { dims, data_type, name, double_data: values, ..Tensor::default() });
    }

    fn whole(&mut self, name: &str, dims: &[i64], values: Vec<i64>) {
        let (data_type, name) = (Some(INT64), Some(name.to_owned()));
        self.tensors.push(Tensor { dims: dims.to_vec(), data_type, name, int64_data: values, ..Tensor::default() });
    }

    /// Layer `k` + 1 on the tensor `from`; the name of its activations, or of the class at the end.
    fn layer(&mut self, plan: &Plan<'_>, k: usize, from: &str) -> String {
        let at = k + 1;
        let layer = &plan.model.network.layers[k];
        let (n, d) = (layer.inputs, layer.outputs);
        let name = |what: &str| format!("{what}_{at}");
        let (weights, side, is_bound) = match &plan.steps[k] {
            Step::Real { layer, .. } => {
                let weights: Vec<Vec<f64>> = (0..d).map(|j| layer.neuron(j).to_vec()).collect();
                (weights, layer.biases.clone(), false)
            }
            Step::Whole(whole) => {
                let floats = |values: &[i64], factor: i64| {
                    values.iter().map(|&value| (value * factor) as f64).collect::<Vec<f64>>()
                };
                let (factor, side, is_bound) = match &whole.then {
                    Use::Thresholds(thresholds) => (1, floats(thresholds, 1), true),
                    Use::Scores { factor, offsets, .. } => (*factor, floats(offsets, 1), false),
                };
                (whole.weights.iter().map(|row| floats(row, factor)).collect(), side, is_bound)
            }
        };
        let mut from = from.to_owned();
        if let Step::Real { scaler: Some(scaler), .. } = &plan.steps[k] {
            self.doubles("shift", &[n], scaler.shift.clone());
            self.doubles("divisor", &[n], scaler.divisor.clone());
            from = self.node("Sub", &[&from, "shift"], "shifted", &[]);
            from = self.node("Div", &[&from, "divisor"], "scaled", &[]);
        }
        let transposed = (0..n).flat_map(|i| weights.iter().map(move |row| row[i])).collect();
        self.doubles(&name("weights"), &[n, d], transposed);
        let sums = self.node("MatMul", &[&from, &name("weights")], &name("sums"), &[]);
        let is_scores = at == plan.steps.len() && d > 1;
        let what = if is_bound { "thresholds" } else { "biases" };
        self.doubles(&name(what), &[d], side);
        let values = if is_bound { sums } else { self.node("Add", &[&sums, &name(what)], &name("values"), &[]) };
        if is_scores {
            return self.node("ArgMax", &[&values], CLASS, &[("axis", 1), ("keepdims", 0)]);
        }
        let bound = if is_bound {
            name(what)
        } else {
            self.doubles(&name("zero"), &[1], vec![0.0]);
            name("zero")
        };
        let fires = self.node("GreaterOrEqual", &[&values, &bound], &name("fires"), &[]);
        if at < plan.steps.len() {
            return self.node("Cast", &[&fires], &name("activations"), &[("to", i64::from(DOUBLE))]);
        }
        let column = self.node("Cast", &[&fires], "class_column", &[("to", i64::from(INT64))]);
        self.whole("columns", &[1], vec![1]);
        self.node("Squeeze", &[&column, "columns"], CLASS, &[])
    }

    /// The names of the classes, whole numbers if all of them are.
    fn labels(&mut self, classes: &[String]) {
        let whole = |class: &String| class.parse::<i64>().ok().filter(|value| value.to_string() == *class);
        let count = i64::try_from(classes.len()).unwrap_or(i64::MAX);
        match classes.iter().map(whole).collect::<Option<Vec<i64>>>() {
            Some(labels) => self.whole("labels", &[count], labels),
            None => {
                self.is_text = true;
                let string_data = classes.iter().map(|class| class.clone().into_bytes()).collect();
                let (data_type, name) = (Some(STRING), Some("labels".to_owned()));
                self.tensors.push(Tensor { dims: vec![count], data_type, name, string_data, ..Tensor::default() });
            }
        }
        self.node("Gather", &["labels", CLASS], LABEL, &[("axis", 0)]);
    }
}
