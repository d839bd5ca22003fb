//! A picture of a small network for Graphviz: features, neurons, classes, and the weights between.
//!
//! Entry point: [`export`]. Weights are in the units of the data; those of neurons in whole numbers are these, others are rounded. A
//! neuron's label says from which sum on it fires. Weights below 0 are dashed.

use super::exported::{Export, ExportOptions, NAME};
use super::plan::{Plan, Step};
use super::whole::{Affine, Use};
use crate::error::Error;
use bdnn::{Model, acts, significant};
use std::fmt::Write as _;

/// The most weights of a picture that can be read.
const MOST_EDGES: usize = 300;
/// Digits of numbers that are rounded.
const DIGITS: usize = 4;
/// Whole numbers beyond this say less than rounded ones.
const MOST: i64 = 1_000_000;

/// Writes the picture.
pub(super) fn export(model: &Model, options: &ExportOptions) -> Result<Export, Error> {
    let weights = model.network.layers.iter().flat_map(|layer| &layer.weights);
    let edges = weights.filter(|w| **w != 0.0).count();
    if edges > MOST_EDGES {
        return Err(Error::Export(format!(
            "a picture of {edges} weights shows nothing; up to {MOST_EDGES} can be drawn: take json for larger networks"
        )));
    }
    let plan = Plan::new(model, &options.inputs, MOST);
    let mut out = String::new();
    let name = options.name.as_deref().unwrap_or(NAME);
    put(&mut out, format_args!("digraph {} {{", quoted(name)));
    put(
        &mut out,
        format_args!(
            "  rankdir=LR; ranksep=1.5; node [fontname=\"sans-serif\"]; edge [fontname=\"sans-serif\", fontsize=10, arrowsize=0.6];"
        ),
    );
    let used = |j: usize| (0..model.network.layers[0].outputs).any(|of| model.network.layers[0].neuron(of)[j] != 0.0);
    for (j, feature) in model.schema.features.iter().enumerate().filter(|(j, _)| used(*j)) {
        put(&mut out, format_args!("  n0_{j} [shape=plaintext, label={}];", quoted(feature)));
    }
    for k in 0..plan.steps.len() {
        draw(&mut out, &plan, k);
    }
    out += "}\n";
    Ok(plan.exported(out.into_bytes(), vec![("weights", format!("{edges}; `dot -Tsvg` of Graphviz draws them"))]))
}

fn put(out: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(out, "{line}").expect("strings take it");
}

/// The neurons of layer `k` + 1 and the weights that lead to them.
fn draw(out: &mut String, plan: &Plan<'_>, k: usize) {
    let (layers, classes) = (&plan.model.network.layers, &plan.model.schema.classes);
    let is_last = k + 1 == layers.len();
    let (weights, sides) = numbers(plan, k);
    for (j, (row, side)) in weights.iter().zip(&sides).enumerate() {
        let (shape, label) = match (is_last, layers[k].outputs) {
            (true, 1) => ("box", format!("{} if ≥ {side}\nelse {}", classes[1], classes[0])),
            (true, _) => ("box", format!("{}\n+ {side}", classes[j])),
            (false, _) => ("circle", format!("≥ {side}")),
        };
        put(out, format_args!("  n{}_{j} [shape={shape}, label={}];", k + 1, quoted(&label)));
        for (i, (weight, is_negative)) in row.iter().enumerate().filter(|(_, (weight, _))| weight != "0") {
            let style = if *is_negative { "dashed, color=\"#b03030\"" } else { "solid, color=\"#205090\"" };
            put(out, format_args!("  n{k}_{i} -> n{}_{j} [label={}, style={style}];", k + 1, quoted(weight)));
        }
    }
}

/// A weight as it is shown, and whether it is below 0.
type Shown = (String, bool);

/// The weights of a layer, and the threshold of each neuron, or what is added to an output.
fn numbers(plan: &Plan<'_>, k: usize) -> (Vec<Vec<Shown>>, Vec<String>) {
    match &plan.steps[k] {
        Step::Whole(whole) => {
            let (factor, sides) = match &whole.then {
                Use::Thresholds(thresholds) => (1, thresholds),
                Use::Scores { factor, offsets, .. } => (*factor, offsets),
            };
            let shown = |w: &i64| ((w * factor).to_string(), *w < 0);
            (
                whole.weights.iter().map(|row| row.iter().map(shown).collect()).collect(),
                sides.iter().map(i64::to_string).collect(),
            )
        }
        Step::Real { layer, scaler } => {
            let is_scores = k + 1 == plan.steps.len() && layer.outputs > 1;
            let rounded = |value: f64| significant(value, DIGITS);
            let neuron = |neuron: &Affine| {
                let (coefficients, constant) = neuron.to_floats();
                let row = coefficients.into_iter().map(|c| (rounded(c), c < 0.0)).collect();
                (row, rounded(if is_scores { constant } else { -constant }))
            };
            Affine::of(layer, *scaler).iter().map(neuron).unzip()
        }
    }
}

/// A name in quotes, as the language takes it.
fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out += "\\n",
            c if acts(c) => {
                out.extend(c.escape_default().flat_map(|c| if c == '\\' { vec!['\\', '\\'] } else { vec![c] }))
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
