//! `heaviside evaluate`: how well a model does on labelled data, and how well it holds out against attacks.

mod attack;
mod part;

use crate::args::RowArgs;
use crate::console::{Console, visible_name};
use crate::failure::Failure;
use crate::files::Files;
use crate::format::{percent, plural};
use crate::interrupt;
use crate::summary::DataJson;
use attack::{AttackArgs, AttackJson};
use bdnn::data::SampleOptions;
use bdnn::{Confusion, Sample};
use clap::Args;
use heaviside::Classifier;
use part::PartName;
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
    heaviside evaluate iris.json new.csv --label truth               where the label column has another name\n  \
    heaviside evaluate iris.json iris.csv --part test                what train --test kept apart\n  \
    heaviside evaluate iris.json iris.csv --attack 0.05              each feature moves by up to 5% of its range\n  \
    heaviside evaluate iris.json iris.csv --attack 0.1 --norm l1")]
pub struct EvaluateArgs {
    /// Model written by `train --out`
    #[arg(value_name = "MODEL.json")]
    model: PathBuf,

    /// Data file with the label column of the training data; - for standard input
    #[arg(value_name = "DATA.csv")]
    data: PathBuf,

    /// Label column, where it is another than in the training data: a name, or an index from 0, from the end if negative
    #[arg(long, value_name = "COL", allow_hyphen_values = true, help_heading = "Data")]
    label: Option<String>,

    /// Only this part of the file that the model was trained on; the file must be the same
    #[arg(long, value_name = "PART")]
    part: Option<PartName>,

    #[command(flatten)]
    rows: RowArgs,

    #[command(flatten)]
    attack: AttackArgs,
}

impl EvaluateArgs {
    /// How many threads attack, if that is said.
    pub fn threads(&self) -> Option<u16> {
        self.attack.threads()
    }

    /// Seconds for all of it, if that is said.
    pub fn time_limit(&self) -> Option<f64> {
        self.attack.time_limit()
    }

    /// What it reads.
    pub fn files(&self) -> Files<'_> {
        Files::default().input("MODEL.json", &self.model).input("DATA.csv", &self.data)
    }
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
    /// Points of classes that the model does not know, all of them errors; `null` if there are none.
    unseen: Option<&'a Unseen>,
    part: Option<PartName>,
    data: DataJson,
}

/// Points of classes that the model does not know.
#[derive(Serialize)]
struct Unseen {
    classes: Vec<String>,
    points: u64,
    /// How many are predicted as each class of the model.
    predicted: Vec<u64>,
}

/// Predictions against labels.
struct Counts {
    confusion: Confusion,
    unseen: Option<Unseen>,
}

impl Counts {
    /// Labels from C on are those of the classes `unseen`.
    fn of(predictions: &[usize], classes: usize, unseen: &[String], labels: &[usize]) -> Self {
        let mut known = vec![];
        let mut predicted = vec![0; classes];
        for (&class, &label) in predictions.iter().zip(labels) {
            if label < classes {
                known.push((label, class));
            } else {
                predicted[class] += 1;
            }
        }
        let points = predicted.iter().sum();
        let unseen = (points > 0).then(|| Unseen { classes: unseen.to_vec(), points, predicted });
        Self { confusion: Confusion::count(classes, known), unseen }
    }

    fn points(&self) -> u64 {
        self.confusion.total() + self.unseen.as_ref().map_or(0, |unseen| unseen.points)
    }

    fn errors(&self) -> u64 {
        self.confusion.errors() + self.unseen.as_ref().map_or(0, |unseen| unseen.points)
    }

    fn accuracy(&self) -> f64 {
        (self.points() - self.errors()) as f64 / self.points().max(1) as f64
    }

    /// As [`Confusion::precision`], with the points of unseen classes.
    fn precision(&self, class: usize) -> Option<f64> {
        let classes = self.confusion.num_classes();
        let known: u64 = (0..classes).map(|truth| self.confusion.at(truth, class)).sum();
        let predicted = known + self.unseen.as_ref().map_or(0, |unseen| unseen.predicted[class]);
        (predicted > 0).then(|| self.confusion.at(class, class) as f64 / predicted as f64)
    }
}

/// Reads, predicts, compares, reports.
pub fn run(args: &EvaluateArgs, console: &Console) -> Result<(), Failure> {
    let classifier = Classifier::load(&args.model)?;
    let model = classifier.model();
    let label = args.label.as_deref();
    let options =
        SampleOptions { unseen: args.part.is_none(), weighted: args.part.is_some(), label, ..args.rows.sample(true) };
    let sample = Sample::read(&args.data, &model.schema, options)?;
    if args.attack.wanted() {
        // From here on there is something to show.
        interrupt::attend();
    }
    let mut data = DataJson::of_sample(&sample, &model.schema, &args.data);
    if !sample.unseen.is_empty() {
        let (classes, names) = (plural(sample.unseen.len() as u64, "class"), list(&sample.unseen));
        data.warn(format!("{classes} that the model does not know ({names}); their points count as errors"));
    }
    data.tell(console);
    let labels = sample.labels.as_deref().unwrap_or_default();
    let rows: Vec<&[f64]> = sample.iter().collect();
    let (rows, labels) = match args.part {
        None => (rows, labels.to_vec()),
        Some(part) => {
            let members = part.rows(model, &sample, &args.data)?;
            (members.iter().map(|&i| rows[i]).collect(), members.iter().map(|&i| labels[i]).collect())
        }
    };
    let classes = &model.schema.classes;
    let counts = Counts::of(&classifier.predict_indices(&rows)?, classes.len(), &sample.unseen, &labels);
    let attack = args.attack.run(&model.exact(), &rows, &labels);
    let mut text = report(&counts, classes);
    if let Some(attack) = &attack {
        text += "\n\n";
        text += &attack.report();
    }
    console.report(&text)?;
    let (all, confusion) = (0..classes.len(), &counts.confusion);
    console.json(&EvaluateJson {
        points: counts.points(),
        errors: counts.errors(),
        accuracy: counts.accuracy(),
        classes,
        confusion: all.clone().map(|t| all.clone().map(|p| confusion.at(t, p)).collect()).collect(),
        precision: all.clone().map(|class| counts.precision(class)).collect(),
        recall: all.map(|class| confusion.recall(class)).collect(),
        attack,
        unseen: counts.unseen.as_ref(),
        part: args.part,
        data,
    })
}

/// Up to a dozen names.
fn list(names: &[String]) -> String {
    const MOST: usize = 12;
    let more = if names.len() > MOST { ", .." } else { "" };
    names.iter().take(MOST).map(|name| name.escape_debug().to_string()).collect::<Vec<_>>().join(", ") + more
}

/// Accuracy, then the confusion matrix: a row a true class, a column a predicted one.
fn report(counts: &Counts, classes: &[String]) -> String {
    let confusion = &counts.confusion;
    let mut text = format!(
        "accuracy {}: {}, {}\n",
        percent(counts.accuracy()),
        plural(counts.points(), "point"),
        plural(counts.errors(), "error"),
    );
    let classes: Vec<String> = classes.iter().map(|class| visible_name(class)).collect();
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
    if let Some(unseen) = &counts.unseen {
        let mut row = vec!["(not in the model)".to_owned()];
        row.extend(unseen.predicted.iter().map(ToString::to_string));
        row.push(share(Some(0.0)));
        table.push(row);
    }
    let mut last = vec!["precision".to_owned()];
    last.extend((0..classes.len()).map(|p| share(counts.precision(p))));
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
