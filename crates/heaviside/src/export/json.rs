//! A network as plain JSON: few fields, the units of the data, whole numbers where they are exact.
//!
//! Entry point: [`export`]. All layers have one form, `docs/export.md` describes it.

use super::exported::{Export, ExportOptions, NAME};
use super::inputs::Inputs;
use super::plan::{Plan, Step};
use super::whole::Use;
use crate::PROGRAM;
use crate::error::Error;
use bdnn::Model;
use serde::Serialize;

/// Whole numbers up to here survive readers that know floats alone.
const MOST: i64 = 1 << 53;

#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    version: u32,
    program: &'static str,
    name: &'a str,
    /// What the numbers mean, for who reads the file without its description.
    meaning: &'static str,
    features: Vec<Feature<'a>>,
    label: &'a str,
    classes: &'a [String],
    layers: Vec<Layer<'a>>,
}

#[derive(Serialize)]
struct Feature<'a> {
    name: &'a str,
    /// Of whole features: what the network is exact for.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<(i64, i64)>,
}

#[derive(Serialize)]
struct Layer<'a> {
    whole: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    shift: Option<&'a [f64]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    divisor: Option<&'a [f64]>,
    weights: Vec<Vec<Number>>,
    biases: Vec<Number>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Number {
    Whole(i64),
    Real(f64),
}

const MEANING: &str = "a = weights x + biases, over the reals, with x = (x - shift) / divisor first where a layer has these; a neuron of a layer that is not the last gives 1 if a >= 0, else 0; \
    a single output means the second class if a >= 0, else the first; of several outputs the first with the largest a is the class";

/// Writes the file.
pub(super) fn export(model: &Model, options: &ExportOptions) -> Result<Export, Error> {
    let plan = Plan::new(model, &options.inputs, MOST);
    let range = |j: usize| match &plan.inputs {
        Inputs::Whole(ranges) => ranges.get(j).copied(),
        Inputs::Real => None,
    };
    let features = model.schema.features.iter().enumerate().map(|(j, name)| Feature { name, range: range(j) });
    let file = File {
        format: "heaviside-network",
        version: 1,
        program: PROGRAM,
        name: options.name.as_deref().unwrap_or(NAME),
        meaning: MEANING,
        features: features.collect(),
        label: &model.schema.label,
        classes: &model.schema.classes,
        layers: plan.steps.iter().map(layer).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&file).map_err(|error| Error::Export(error.to_string()))?;
    bytes.push(b'\n');
    // A reader of the file has real numbers to compute with, or floats: that is its choice.
    Ok(plan.exported(bytes, vec![]))
}

fn layer<'a>(step: &Step<'a>) -> Layer<'a> {
    let reals = |values: &[f64]| values.iter().map(|&value| Number::Real(value)).collect();
    match step {
        Step::Real { layer, scaler } => Layer {
            whole: false,
            shift: scaler.map(|scaler| &scaler.shift[..]),
            divisor: scaler.map(|scaler| &scaler.divisor[..]),
            weights: (0..layer.outputs).map(|j| reals(layer.neuron(j))).collect(),
            biases: reals(&layer.biases),
        },
        Step::Whole(whole) => {
            let (factor, biases): (i64, Vec<i64>) = match &whole.then {
                Use::Thresholds(thresholds) => (1, thresholds.iter().map(|threshold| -threshold).collect()),
                Use::Scores { factor, offsets, .. } => (*factor, offsets.clone()),
            };
            let weights = whole.weights.iter().map(|row| row.iter().map(|w| Number::Whole(w * factor)).collect());
            Layer {
                whole: true,
                shift: None,
                divisor: None,
                weights: weights.collect(),
                biases: biases.into_iter().map(Number::Whole).collect(),
            }
        }
    }
}
