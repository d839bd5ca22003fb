//! A network as one header for C99 and C++: constants and a function, and nothing but `stdint.h`.
//!
//! Entry point: [`export`]. Weights of whole layers stand in as few bits each as all of a layer need (2 for ternary ones, packed four a
//! byte); one loop that unpacks, multiplies and adds serves every layer with such weights. That takes less flash than masks with
//! a population count, which need the same bits and a second loop, and hidden neurons are bytes for it.
//! Layers in floats compute as the forward pass does: (x - shift) / divisor, then bias + w_1 z_1 + .. + w_n z_n from the left.

use super::exported::{Export, ExportOptions, NAME};
use super::inputs::Inputs;
use super::plan::{Plan, Step};
use super::text::{in_comment, listed, literal};
use super::whole::{Range, Use, WholeLayer};
use crate::PROGRAM;
use crate::error::Error;
use bdnn::{Model, shortest};
use std::fmt::Write as _;

/// Sums stay within this, so that no product or sum on the way leaves 64 bits.
const MOST: i64 = 1 << 62;
/// Longest line of constants.
const WIDTH: usize = 110;
/// The most names of features that are listed.
const LISTED: usize = 1000;

/// A type of `stdint.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Int {
    bits: u32,
    signed: bool,
}

impl Int {
    /// The smallest signed type for a range.
    fn signed((low, high): Range) -> Self {
        let holds = |bits: &u32| low >= -1 << (bits - 1) && high < 1_i64 << (bits - 1);
        Self { bits: [8, 16, 32].into_iter().find(holds).unwrap_or(64), signed: true }
    }

    /// The smallest type for a range.
    fn of((low, high): Range) -> Self {
        let holds = |bits: &u32| high < 1 << bits;
        match [8, 16, 32].into_iter().find(holds) {
            Some(bits) if low >= 0 => Self { bits, signed: false },
            _ => Self::signed((low, high)),
        }
    }

    fn range(self) -> Range {
        match (self.bits, self.signed) {
            (64, _) => (i64::MIN, i64::MAX),
            (bits, true) => (-1 << (bits - 1), (1 << (bits - 1)) - 1),
            (bits, false) => (0, (1 << bits) - 1),
        }
    }

    fn name(self) -> String {
        format!("{}int{}_t", if self.signed { "" } else { "u" }, self.bits)
    }

    fn fast(self) -> String {
        format!("{}int_fast{}_t", if self.signed { "" } else { "u" }, self.bits)
    }
}

/// The types of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Types {
    /// Of the features; `None` for doubles.
    input: Option<Int>,
    /// Of activations.
    hidden: Int,
    /// Of sums; at least 16 bits.
    sum: Int,
    /// Of places among weights and neurons.
    place: Int,
    /// Of thresholds or offsets, and bits of a weight, layer by layer.
    layers: Vec<Option<(Int, u32)>>,
}

impl Types {
    fn of(plan: &Plan<'_>) -> Self {
        const BYTE: Int = Int { bits: 8, signed: false };
        let mut sums = (-1 << 15, (1 << 15) - 1);
        let mut include = |range: Range| sums = (sums.0.min(range.0), sums.1.max(range.1));
        let input = match &plan.inputs {
            Inputs::Real => None,
            Inputs::Whole(ranges) => {
                let range = hull(ranges.iter().copied());
                include(range);
                Some(Int::of(range))
            }
        };
        let mut layers = vec![];
        let mut most = 0;
        for (step, layer) in plan.steps.iter().zip(&plan.model.network.layers) {
            most = most.max(layer.weights.len()).max(layer.inputs).max(layer.outputs);
            layers.push(match step {
                Step::Real { .. } => None,
                Step::Whole(whole) => {
                    include(whole.sums);
                    let weights = Int::signed(hull(whole.weights.iter().flatten().map(|&w| (w, w))));
                    let (of, bits) = match &whole.then {
                        Use::Thresholds(all) => (all, bits_of(whole)),
                        Use::Scores { offsets, scores, .. } => {
                            include(*scores);
                            (offsets, bits_of(whole))
                        }
                    };
                    let of = hull(of.iter().map(|&value| (value, value)));
                    include(of);
                    Some((Int::signed(of), bits.unwrap_or(weights.bits)))
                }
            });
        }
        let place = Int { bits: if most < 1 << 16 { 16 } else { 32 }, signed: false };
        // Shared loops take features and activations alike, where that wastes no memory.
        let hidden = input.filter(|input| input.bits <= 16).unwrap_or(BYTE);
        Self { input, hidden, sum: Int::signed(sums), place, layers }
    }
}

/// The bits of a weight where several share a byte.
fn bits_of(whole: &WholeLayer) -> Option<u32> {
    let fits = |bits: &u32| whole.weights.iter().flatten().all(|w| (-1 << (bits - 1)..1 << (bits - 1)).contains(w));
    [2, 4].into_iter().find(fits)
}

fn hull(ranges: impl IntoIterator<Item = Range>) -> Range {
    ranges.into_iter().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or((0, 0))
}

/// Writes the header.
pub(super) fn export(model: &Model, options: &ExportOptions) -> Result<Export, Error> {
    let name = options.name.as_deref().unwrap_or(NAME);
    check_name(name)?;
    let plan = widened(Plan::new(model, &options.inputs, MOST));
    let header = Header { name, types: Types::of(&plan), plan: &plan };
    let (text, details) = (header.text(), header.details());
    Ok(plan.exported(text.into_bytes(), details))
}

/// The same for all values of the features' type, if that takes no larger types.
fn widened(plan: Plan<'_>) -> Plan<'_> {
    let types = Types::of(&plan);
    let (Some(input), Inputs::Whole(ranges)) = (types.input.filter(|input| input.bits < 64), &plan.inputs) else {
        return plan;
    };
    let wide = Plan::new(plan.model, &Inputs::Whole(vec![input.range(); ranges.len()]), MOST);
    if Types::of(&wide) == types { wide } else { plan }
}

fn check_name(name: &str) -> Result<(), Error> {
    const MOST_CHARS: usize = 60;
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts && name.len() <= MOST_CHARS && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(());
    }
    let what = format!(
        "the name {name:?} cannot begin names in C: take up to {MOST_CHARS} letters, digits and underscores, a letter first"
    );
    Err(Error::Export(what))
}

struct Header<'a> {
    name: &'a str,
    plan: &'a Plan<'a>,
    types: Types,
}

/// Writing into a string cannot fail.
macro_rules! put {
    ($out:expr, $($words:tt)*) => { writeln!($out, $($words)*).expect("strings take it") };
}

impl Header<'_> {
    fn text(&self) -> String {
        let mut out = String::new();
        let guard = self.name.to_uppercase();
        let (inputs, classes) = (self.plan.model.architecture.inputs, self.plan.model.architecture.classes);
        self.comment(&mut out);
        put!(out, "#ifndef {guard}_H\n#define {guard}_H\n\n#include <stdint.h>\n");
        put!(out, "#define {guard}_INPUTS {inputs}\n#define {guard}_CLASSES {classes}\n");
        let names = self.plan.model.schema.classes.iter().map(|class| literal(class));
        put!(out, "static const char *const {}_classes[{classes}] = {{\n{}}};\n", self.name, listed(names, WIDTH));
        for k in 0..self.plan.steps.len() {
            self.constants(&mut out, k);
        }
        let mut known = vec![];
        for k in 0..self.plan.steps.len() {
            let sum = self.sum_function(k);
            if let Some(sum) = sum.filter(|sum| !known.contains(sum)) {
                self.sum(&mut out, &sum);
                known.push(sum);
            }
        }
        self.predict(&mut out);
        put!(out, "\n#endif");
        out
    }

    fn comment(&self, out: &mut String) {
        let Model { schema, architecture, training, .. } = self.plan.model;
        let widths: Vec<String> = architecture.widths().iter().map(ToString::to_string).collect();
        let name = self.name;
        put!(out, "/*\n * {name}: a network with step activations, {}, written by {PROGRAM}.\n *", widths.join("-"));
        put!(out, " *   int {name}_predict(const {} *x)\n *", self.input_type());
        put!(
            out,
            " * gives the class of a point, by its place in {name}_classes. x holds {} features,",
            schema.features.len()
        );
        match &self.plan.inputs {
            Inputs::Real => put!(out, " * in the units of the data they come from:"),
            Inputs::Whole(_) => put!(out, " * whole numbers in the units of the data they come from:"),
        }
        put!(out, " *");
        for (j, feature) in schema.features.iter().enumerate().take(LISTED) {
            let range = match &self.plan.inputs {
                Inputs::Real => String::new(),
                Inputs::Whole(ranges) => format!(", {} to {}", ranges[j].0, ranges[j].1),
            };
            put!(out, " *   x[{j}] {}{range}", in_comment(feature));
        }
        if schema.features.len() > LISTED {
            put!(out, " *   and so on, in the order of the data");
        }
        if !schema.one_hot.is_empty() {
            put!(out, " *\n * A feature COLUMN=VALUE is 1 where the column has this value, else 0.");
        }
        put!(out, " *");
        let real = self.plan.real_layers();
        if real.is_empty() {
            put!(
                out,
                " * Exact: all numbers are whole, and for inputs in these ranges no sum leaves its type, also where int has 16 bits."
            );
        } else {
            let layers: Vec<String> = real.iter().map(ToString::to_string).collect();
            put!(
                out,
                " * Layer {} in doubles: a sum that is 0 up to rounding may get the wrong sign. All other numbers are whole.",
                layers.join(", ")
            );
        }
        put!(out, " * Ties: a sum of 0 fires; of equal outputs the first wins.");
        put!(out, " * Trained on {} rows, SHA-256 {}.\n */", training.rows, training.data_sha256);
    }

    fn input_type(&self) -> String {
        self.types.input.map_or("double".to_owned(), Int::name)
    }

    /// The weights of layer `k` + 1 and what its sums are compared with or added to.
    fn constants(&self, out: &mut String, k: usize) {
        let (name, at) = (self.name, k + 1);
        let mut doubles = |what: &str, values: &[f64]| {
            let text = listed(values.iter().map(|&value| double(value)), WIDTH);
            put!(out, "static const double {name}_{what}[{}] = {{\n{text}}};\n", values.len());
        };
        match (&self.plan.steps[k], self.types.layers[k]) {
            (Step::Real { layer, scaler }, _) => {
                if let Some(scaler) = scaler {
                    doubles("shift", &scaler.shift);
                    doubles("divisor", &scaler.divisor);
                }
                doubles(&format!("w{at}"), &layer.weights);
                doubles(&format!("b{at}"), &layer.biases);
            }
            (Step::Whole(whole), Some((of, bits))) => {
                let weights: Vec<i64> = whole.weights.iter().flatten().copied().collect();
                let (inputs, outputs) = (whole.inputs, whole.weights.len());
                put!(out, "/* Layer {at}: {outputs} x {inputs} weights{}. */", packing(bits));
                let (kind, packed) = if bits < 8 {
                    ("uint8_t".to_owned(), packed(&weights, bits))
                } else {
                    (Int { bits, signed: true }.name(), weights)
                };
                let text = listed(packed.iter().map(ToString::to_string), WIDTH);
                put!(out, "static const {kind} {name}_w{at}[{}] = {{\n{text}}};\n", packed.len());
                let (what, letter, values) = match &whole.then {
                    Use::Thresholds(values) => ("A neuron fires if its sum is at least this", 't', values),
                    Use::Scores { offsets, .. } => ("Added to the scores", 'b', offsets),
                };
                let text = listed(values.iter().map(ToString::to_string), WIDTH);
                put!(
                    out,
                    "/* {what}. */\nstatic const {} {name}_{letter}{at}[{}] = {{\n{text}}};\n",
                    of.name(),
                    values.len()
                );
            }
            (Step::Whole(_), None) => {}
        }
    }

    /// Name of the function that sums for layer `k` + 1, the type of its inputs, and bits of a weight.
    fn sum_function(&self, k: usize) -> Option<(String, Int, u32)> {
        let (_, bits) = self.types.layers[k]?;
        let element = if k == 0 { self.types.input? } else { self.types.hidden };
        let shared = self.types.input.is_none_or(|input| input == element);
        Some((format!("{}_sum{bits}{}", self.name, if shared { "" } else { "h" }), element, bits))
    }

    fn sum(&self, out: &mut String, (function, element, bits): &(String, Int, u32)) {
        let (sum, place) = (self.types.sum.fast(), self.types.place.fast());
        let (weights, weight) = match bits {
            2 => ("uint8_t".to_owned(), format!("({sum})((((w[k >> 2] >> ((k & 3) << 1)) & 3) ^ 2) - 2)")),
            4 => ("uint8_t".to_owned(), format!("({sum})((((w[k >> 1] >> ((k & 1) << 2)) & 15) ^ 8) - 8)")),
            &bits => (Int { bits, signed: true }.name(), format!("({sum})w[k]")),
        };
        put!(out, "/* The sum of n numbers, each times its weight; the weights begin at place k. */");
        put!(out, "static {sum} {function}(const {} *x, {place} n, const {weights} *w, {place} k)", element.name());
        put!(out, "{{\n    {sum} sum = 0;\n    for ({place} i = 0; i < n; i++, k++)");
        put!(out, "        sum += {weight} * ({sum})x[i];\n    return sum;\n}}\n");
    }

    fn predict(&self, out: &mut String) {
        let name = self.name;
        put!(out, "/* The class of the point x. */");
        put!(out, "static int {name}_predict(const {} *x)\n{{", self.input_type());
        let last = self.plan.steps.len() - 1;
        let place = self.types.place.fast();
        for (k, step) in self.plan.steps.iter().enumerate() {
            let outputs = self.plan.model.network.layers[k].outputs;
            let from = if k == 0 { "x".to_owned() } else { format!("h{k}") };
            let from = self.scaled(out, step, &from);
            let kind = if matches!(step, Step::Whole(_)) { self.types.sum.fast() } else { "double".to_owned() };
            if k < last {
                let hidden = self.types.hidden.name();
                put!(out, "    {hidden} h{}[{outputs}];\n    for ({place} j = 0; j < {outputs}; j++) {{", k + 1);
                let value = self.value(out, k, &from, true);
                put!(out, "        h{}[j] = ({hidden})({value});\n    }}", k + 1);
            } else if outputs == 1 {
                let value = self.value(out, k, &from, false);
                put!(out, "    return {value};");
            } else {
                put!(out, "    int best = 0;\n    {kind} most = 0;\n    for ({place} j = 0; j < {outputs}; j++) {{");
                let value = self.value(out, k, &from, true);
                put!(out, "        {kind} score = {value};\n        if (j == 0 || score > most) {{");
                put!(
                    out,
                    "            most = score;\n            best = (int)j;\n        }}\n    }}\n    return best;"
                );
            }
        }
        put!(out, "}}");
    }

    /// Scales the inputs of a layer in doubles, if that changes them; gives their name.
    fn scaled(&self, out: &mut String, step: &Step<'_>, from: &str) -> String {
        let Step::Real { layer, scaler: Some(_) } = step else { return from.to_owned() };
        let (n, name, place) = (layer.inputs, self.name, self.types.place.fast());
        put!(out, "    double z[{n}];\n    for ({place} i = 0; i < {n}; i++)");
        put!(out, "        z[i] = (x[i] - {name}_shift[i]) / {name}_divisor[i];");
        "z".to_owned()
    }

    /// Whether neuron j fires, or its score if it is one of several outputs: an expression, after what leads to it. Of `many` neurons
    /// this is within a loop over j.
    fn value(&self, out: &mut String, k: usize, from: &str, many: bool) -> String {
        let (name, at) = (self.name, k + 1);
        let is_score = at == self.plan.steps.len() && self.plan.model.network.layers[k].outputs > 1;
        let n = self.plan.model.network.layers[k].inputs;
        let (j, row, indent) = if many { ("j", format!("j * {n}"), "        ") } else { ("0", "0".to_owned(), "    ") };
        match (&self.plan.steps[k], self.sum_function(k)) {
            (Step::Whole(whole), Some((function, ..))) => {
                let sum = format!("{function}({from}, {n}, {name}_w{at}, {row})");
                match &whole.then {
                    Use::Thresholds(_) => format!("{sum} >= {name}_t{at}[{j}]"),
                    Use::Scores { factor: 1, .. } => format!("{sum} + {name}_b{at}[{j}]"),
                    Use::Scores { factor, .. } => format!("{sum} * {factor} + {name}_b{at}[{j}]"),
                }
            }
            (Step::Real { .. }, _) => {
                let place = self.types.place.fast();
                let weight = if many { format!("{name}_w{at}[{row} + i]") } else { format!("{name}_w{at}[i]") };
                put!(out, "{indent}double a = {name}_b{at}[{j}];\n{indent}for ({place} i = 0; i < {n}; i++)");
                if k == 0 {
                    put!(out, "{indent}    a += {weight} * {from}[i];");
                } else {
                    put!(out, "{indent}    if ({from}[i])\n{indent}        a += {weight};");
                }
                if is_score { "a".to_owned() } else { "a >= 0.0".to_owned() }
            }
            (Step::Whole(_), None) => String::new(),
        }
    }

    /// What to know of the header, a line each.
    fn details(&self) -> Vec<(&'static str, String)> {
        let mut bytes = 0;
        for ((types, step), layer) in
            self.types.layers.iter().zip(&self.plan.steps).zip(&self.plan.model.network.layers)
        {
            let (weights, neurons) = (layer.weights.len(), layer.outputs);
            bytes += match (types, step) {
                (Some((of, bits)), _) => (weights * *bits as usize).div_ceil(8) + neurons * of.bits as usize / 8,
                (None, Step::Real { scaler, .. }) => 8 * (weights + neurons + scaler.map_or(0, |_| 2 * layer.inputs)),
                (None, Step::Whole(_)) => 0,
            };
        }
        let mut details = vec![("features", self.input_type())];
        if let Inputs::Whole(ranges) = &self.plan.inputs {
            let (low, high) = hull(ranges.iter().copied());
            details =
                vec![("features", format!("{}, {low} to {high}", self.input_type())), ("sums", self.types.sum.fast())];
        }
        details.push(("constants", format!("{bytes} bytes")));
        details
    }
}

/// How so many bits a weight are packed.
fn packing(bits: u32) -> &'static str {
    match bits {
        2 => ", four a byte from the lowest bits: 1, 0 and -1 are 1, 0 and 3",
        4 => ", two a byte from the lowest bits, in two's complement",
        _ => "",
    }
}

/// Weights of 2 or 4 bits in bytes.
fn packed(weights: &[i64], bits: u32) -> Vec<i64> {
    let byte = |weights: &[i64]| weights.iter().rev().fold(0, |byte, w| byte << bits | w & ((1 << bits) - 1));
    weights.chunks(8 / bits as usize).map(byte).collect()
}

/// A double that a compiler reads back bit by bit.
fn double(value: f64) -> String {
    let text = shortest(value);
    if text.contains(['.', 'e']) { text } else { text + ".0" }
}
