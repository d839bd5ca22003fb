//! `heaviside evaluate`: how well a model does on labelled data, and how well it holds out against attacks.

mod attack;

use crate::console::Console;
use crate::failure::Failure;
use crate::format::{percent, plural};
use attack::{AttackArgs, AttackJson};
use bdnn::{Confusion, Model, Sample};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

/// Evaluate a model on labelled data: accuracy, confusion matrix, robustness
///
/// Every sign is decided exactly, so the figures are those of the network itself. With --attack, the worst case of each
/// point within a ball is decided, not sampled: either no point of the ball gets another class, or one is found.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside evaluate iris.json iris.csv\n  \
    heaviside evaluate iris.json new.csv --json\n  \
    heaviside evaluate iris.json iris.csv --attack 0.05              each feature moves by up to 5% of its range\n  \
    heaviside evaluate iris.json iris.csv --attack 0.1 --norm l1")]
pub struct EvaluateArgs {
    /// Model written by `train --out`
    #[arg(value_name = "MODEL.json")]
    model: PathBuf,

    /// Data file with the label column of the training data; - for standard input
    #[arg(value_name = "DATA.csv")]
    data: PathBuf,

    /// Leave out rows with a missing value (`?`, empty, NA or NaN)
    #[arg(long)]
    drop_missing: bool,

    #[command(flatten)]
    attack: AttackArgs,
}

/// The object of `evaluate --json`; `confusion[t][p]` counts points of class `t` predicted as `p`.
#[derive(Serialize)]
struct EvaluateJson<'a> {
    points: u64,
    errors: u64,
    accuracy: f64,
    classes: &'a [String],
    confusion: Vec<Vec<u64>>,
    precision: Vec<Option<f64>>,
    recall: Vec<Option<f64>>,
    attack: Option<AttackJson>,
}

/// Reads, predicts, compares, reports.
pub fn run(args: &EvaluateArgs, console: &Console) -> Result<(), Failure> {
    let model = Model::read(&args.model)?;
    let sample = Sample::read(&args.data, &model.schema, true, args.drop_missing)?;
    let labels = sample.labels.as_deref().unwrap_or_default();
    let classes = &model.schema.classes;
    let network = model.exact();
    let confusion = Confusion::of(&network, classes.len(), sample.iter(), labels);
    if sample.dropped > 0 {
        console.note(&format!("{} with missing values left out", plural(sample.dropped as u64, "row")));
    }
    let rows: Vec<&[f64]> = sample.iter().collect();
    let attack = args.attack.run(&network, &rows, labels)?;
    let mut text = report(&confusion, classes);
    if let Some(attack) = &attack {
        text += "\n\n";
        text += &attack.report();
    }
    console.report(&text)?;
    let all = 0..classes.len();
    console.json(&EvaluateJson {
        points: confusion.total(),
        errors: confusion.errors(),
        accuracy: confusion.accuracy().unwrap_or_default(),
        classes,
        confusion: all.clone().map(|t| all.clone().map(|p| confusion.at(t, p)).collect()).collect(),
        precision: all.clone().map(|class| confusion.precision(class)).collect(),
        recall: all.map(|class| confusion.recall(class)).collect(),
        attack,
    })
}

/// Accuracy, then the confusion matrix: a row a true class, a column a predicted one.
fn report(confusion: &Confusion, classes: &[String]) -> String {
    let errors = confusion.errors();
    let mut text = format!(
        "accuracy {}: {}, {}\n",
        percent(confusion.accuracy().unwrap_or_default()),
        plural(confusion.total(), "point"),
        plural(errors, "error"),
    );
    let share = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), percent);
    let mut table = vec![vec!["true \\ predicted".to_owned()]];
    table[0].extend(classes.iter().cloned());
    table[0].push("recall".to_owned());
    for (t, class) in classes.iter().enumerate() {
        let mut row = vec![class.clone()];
        row.extend((0..classes.len()).map(|p| confusion.at(t, p).to_string()));
        row.push(share(confusion.recall(t)));
        table.push(row);
    }
    let mut last = vec!["precision".to_owned()];
    last.extend((0..classes.len()).map(|p| share(confusion.precision(p))));
    table.push(last);
    for line in aligned(&table) {
        text += "\n  ";
        text += &line;
    }
    text
}

/// Columns as wide as their widest cell, the first flush left, the others flush right.
fn aligned(table: &[Vec<String>]) -> Vec<String> {
    let columns = table.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |j: usize| table.iter().filter_map(|row| row.get(j)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let cell = |(j, text): (usize, &String)| {
        if j == 0 { format!("{text:<width$}", width = widths[j]) } else { format!("{text:>width$}", width = widths[j]) }
    };
    table.iter().map(|row| row.iter().enumerate().map(cell).collect::<Vec<_>>().join("  ")).collect()
}
