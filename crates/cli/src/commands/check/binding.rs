//! What a checked claim is about, for the report and `--json`: features, label, classes, rows.

use crate::console::visible_name;
use crate::format::{Pairs, plural, value, worth};
use bdnn::data::shown;
use checker::network::{Binding, Conditions, Loss, Norm, Weights};
use checker::{Rational, number};
use serde::Serialize;

/// Names that a line of the report lists; the rest are counted.
const LISTED: usize = 12;

/// The fields that every check of a network or a proof has in its `--json` object.
#[derive(Serialize)]
pub struct BindingJson {
    features: Vec<String>,
    /// Columns of the features in the data file, from 0.
    feature_columns: Option<Vec<usize>>,
    label: String,
    label_column: Option<usize>,
    classes: Vec<ClassJson>,
    rows_in_file: usize,
    #[serde(flatten)]
    conditions: ConditionsJson,
    /// The column of weights and the unit that losses count in; absent where each row counts once.
    #[serde(skip_serializing_if = "Option::is_none")]
    weights: Option<WeightsJson>,
    data_sha256: String,
}

#[derive(Serialize)]
struct WeightsJson {
    column: Option<String>,
    /// What a row of each class counts, beside its own weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    classes: Option<Vec<String>>,
    unit: String,
}

/// Which networks the claim is about, and what it counts.
#[derive(Serialize)]
struct ConditionsJson {
    architecture: ArchitectureJson,
    /// `hamming` or `zero-one`.
    counts: &'static str,
    /// The margin; null: the ideal semantics.
    epsilon: Option<f64>,
    /// Of the perturbation; null: none.
    radius: Option<f64>,
    norm: Option<&'static str>,
    l0: f64,
    l1: f64,
    /// Absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    error_limits: Vec<LimitJson>,
    /// Features that the output follows, absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    monotone: Vec<MonotoneJson>,
    /// Absent where all may have weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_features: Option<u64>,
}

#[derive(Serialize)]
struct ArchitectureJson {
    inputs: usize,
    hidden: Vec<usize>,
    classes: usize,
    bias: bool,
    /// The largest absolute value of whole weights; null: real ones in [-1, 1].
    whole_weights: Option<f64>,
}

impl ConditionsJson {
    fn of(binding: &Binding) -> Self {
        let conditions = &binding.conditions;
        let robust = conditions.robust.as_ref();
        Self {
            architecture: ArchitectureJson {
                inputs: conditions.inputs,
                hidden: conditions.hidden.clone(),
                classes: conditions.classes,
                bias: conditions.bias,
                whole_weights: conditions.whole_weights.as_ref().map(float),
            },
            counts: counts(conditions.loss),
            epsilon: conditions.epsilon.as_ref().map(float),
            radius: robust.map(|(_, radius)| float(radius)),
            norm: robust.map(|&(norm, _)| norm_name(norm)),
            l0: float(&conditions.l0),
            l1: float(&conditions.l1),
            error_limits: limits(binding).map(|(class, most)| LimitJson { class: class.to_owned(), most }).collect(),
            monotone: directions(binding).map(|(feature, direction)| MonotoneJson { feature, direction }).collect(),
            max_features: conditions.max_features,
        }
    }
}

/// The float that a number of the files was read from.
pub fn float(value: &Rational) -> f64 {
    value.to_f64().value()
}

fn counts(loss: Loss) -> &'static str {
    match loss {
        Loss::Hamming => "hamming",
        Loss::ZeroOne => "zero-one",
    }
}

fn norm_name(norm: Norm) -> &'static str {
    match norm {
        Norm::Linf => "linf",
        Norm::L1 => "l1",
    }
}

/// The most units of the rows of a class that may be wrong.
#[derive(Serialize)]
struct LimitJson {
    class: String,
    most: u64,
}

/// A feature and the direction in which the output follows it.
#[derive(Serialize)]
struct MonotoneJson {
    feature: String,
    direction: &'static str,
}

#[derive(Serialize)]
struct ClassJson {
    name: String,
    rows: u64,
}

impl BindingJson {
    pub fn of(binding: &Binding) -> Self {
        let (features, label) = binding.columns.clone().unzip();
        let classes = binding.classes.iter().zip(&binding.class_rows);
        Self {
            features: binding.features.clone(),
            feature_columns: features,
            label: binding.label.clone(),
            label_column: label,
            classes: classes.map(|(name, &rows)| ClassJson { name: name.clone(), rows }).collect(),
            rows_in_file: binding.rows_in_file,
            conditions: ConditionsJson::of(binding),
            weights: binding.weights.clone().map(|Weights { column, classes, unit }| WeightsJson {
                column,
                classes,
                unit,
            }),
            data_sha256: binding.data_sha256.clone(),
        }
    }
}

/// Classes whose errors are limited, and the limits.
fn limits(binding: &Binding) -> impl Iterator<Item = (&str, u64)> {
    let name = |class: usize| binding.classes.get(class).map_or("", String::as_str);
    binding.conditions.error_limits.iter().map(move |&(class, most)| (name(class), most))
}

/// Features with a direction.
fn directions(binding: &Binding) -> impl Iterator<Item = (String, &'static str)> {
    let name = |feature: usize| binding.features.get(feature).cloned().unwrap_or_default();
    let words = |rises: bool| if rises { "nondecreasing" } else { "nonincreasing" };
    binding.conditions.monotone.iter().map(move |&(feature, rises)| (name(feature), words(rises)))
}

/// A loss or a bound, and what it is worth where rows have weights.
pub fn counted(binding: &Binding, number: &Rational) -> String {
    let unit = binding.weights.as_ref().and_then(|weights| weights.unit.parse().ok());
    worth(number::brief(number), number.to_f64().value(), unit.as_ref())
}

/// A rational as people write it.
fn short(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |value| shown(&value))
}

/// The lines on the networks that the claim is about; what is as usual is left out.
fn networks(conditions: &Conditions, pairs: &mut Pairs) {
    let layers = std::iter::once(conditions.inputs).chain(conditions.hidden.iter().copied());
    let shape: Vec<String> = layers.chain([conditions.outputs()]).map(|width| width.to_string()).collect();
    let weights = match &conditions.whole_weights {
        None => "real weights in [-1, 1]".to_owned(),
        Some(largest) => format!("whole weights of at most {}", number::brief(largest)),
    };
    let biases = if conditions.bias { "" } else { ", no biases" };
    pairs.push("networks", format!("{}, {weights}{biases}", shape.join("-")));
    if conditions.outputs() > 1 {
        let what = match conditions.loss {
            Loss::Hamming => "each output counts",
            Loss::ZeroOne => "each row counts, however many outputs are wrong",
        };
        pairs.push("counted", format!("{}: {what}", counts(conditions.loss)));
    }
    if let Some(epsilon) = &conditions.epsilon {
        let epsilon = value(float(epsilon));
        pairs.push("margin", format!("epsilon {epsilon}: what does not fire has a <= -{epsilon}"));
    }
    if let Some((norm, radius)) = &conditions.robust {
        pairs.push("robust", format!("radius {}, {}", value(float(radius)), norm_name(*norm)));
    }
    if conditions.has_prices() {
        let (l0, l1) = (value(float(&conditions.l0)), value(float(&conditions.l1)));
        pairs.push("prices", format!("{l0} for each weight that is not 0, {l1} for each unit of absolute weight"));
    }
}

/// The lines of the report.
pub fn text(binding: &Binding, pairs: &mut Pairs) {
    networks(&binding.conditions, pairs);
    let column = |at: Option<usize>| at.map_or(String::new(), |at| format!(" (column {})", at + 1));
    let columns = |j: usize| binding.columns.as_ref().and_then(|(features, _)| features.get(j).copied());
    let features = binding.features.iter().enumerate().map(|(j, name)| format!("{name}{}", column(columns(j))));
    pairs.push("features", listed(features));
    let at = binding.columns.as_ref().map(|(_, label)| *label);
    pairs.push("label", format!("{}{}", binding.label, column(at)));
    let classes = binding.classes.iter().zip(&binding.class_rows).enumerate().map(|(class, (name, &rows))| {
        let others = if binding.positive && class == 0 { ", every other label" } else { "" };
        let rows = if rows == 0 { "no row that counts".to_owned() } else { plural(rows, "row") };
        format!("{name} ({rows}{others})")
    });
    pairs.push("classes", listed(classes));
    let (rows, all) = (binding.rows, binding.rows_in_file);
    let of = if all > rows { format!(", the training part of {all}") } else { String::new() };
    pairs.push("rows", format!("{rows}{of}"));
    if !binding.conditions.error_limits.is_empty() {
        let units = if binding.weights.is_some() { " units" } else { "" };
        let limit = |(class, most): (&str, u64)| format!("at most {most}{units} of class {}", visible_name(class));
        pairs.push("errors", limits(binding).map(limit).collect::<Vec<_>>().join(", "));
    }
    if !binding.conditions.monotone.is_empty() {
        let said = directions(binding).map(|(feature, direction)| format!("{direction} in {}", visible_name(&feature)));
        pairs.push("monotone", listed(said.collect::<Vec<_>>().into_iter()));
    }
    if let Some(most) = binding.conditions.max_features {
        pairs.push("sparse", format!("at most {} with weights", plural(most, "feature")));
    }
    if let Some(Weights { column, classes, unit }) = &binding.weights {
        let column = column.as_ref().map_or(String::new(), |name| format!("column {}; ", visible_name(name)));
        let of_class = |(name, weight): (&String, &String)| format!("{} {}", visible_name(name), short(weight));
        let classes = classes.as_ref().map_or(String::new(), |weights| {
            let weights: Vec<String> = binding.classes.iter().zip(weights).map(of_class).collect();
            format!("classes {}; ", weights.join(", "))
        });
        pairs.push("weights", format!("{column}{classes}losses count units of {}", short(unit)));
    }
    pairs.push("data hash", binding.data_sha256.clone());
}

fn listed(mut items: impl ExactSizeIterator<Item = String>) -> String {
    let all = items.len();
    let first: Vec<String> = items.by_ref().take(LISTED).collect();
    let rest = if all > LISTED { format!(" and {} more", all - LISTED) } else { String::new() };
    format!("{}{rest}", first.join(", "))
}
