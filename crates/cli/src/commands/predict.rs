//! `heaviside predict`: classes for new points.

use crate::args::RowArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::format::plural;
use crate::output::OutputFile;
use crate::summary::DataJson;
use bdnn::{Model, Sample};
use clap::Args;
use heaviside::Classifier;
use serde::Serialize;
use std::io::{self, Write};
use std::path::PathBuf;

/// Predict the class of every point of a data file
///
/// With a header, features are found by their names and other columns are ignored; without one, by position, with or
/// without the label column. Every sign is decided exactly. With --drop-missing the first column is the line of each row in
/// DATA.csv, so that predictions can be told apart.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside predict iris.json new.csv\n  \
    heaviside predict iris.json new.csv --out classes.csv\n  \
    cat new.csv | heaviside predict iris.json - --json")]
pub struct PredictArgs {
    /// Model written by `train --out`
    #[arg(value_name = "MODEL.json")]
    model: PathBuf,

    /// Data file; - for standard input
    #[arg(value_name = "DATA.csv")]
    data: PathBuf,

    /// Write the features and, last, the class of each point to this file [default: standard output]
    #[arg(long, value_name = "P.csv")]
    out: Option<PathBuf>,

    #[command(flatten)]
    rows: RowArgs,
}

impl PredictArgs {
    /// What it reads and writes.
    pub fn files(&self) -> Files<'_> {
        Files::default().input("MODEL.json", &self.model).input("DATA.csv", &self.data).output("--out", &self.out)
    }
}

/// The object of `predict --json`.
#[derive(Serialize)]
struct PredictJson<'a> {
    points: usize,
    predictions: Vec<&'a str>,
    /// The line of each point in the file, from 1.
    lines: &'a [u64],
    data: DataJson,
}

/// Reads, predicts, writes.
pub fn run(args: &PredictArgs, console: &Console) -> Result<(), Failure> {
    let out = args.out.as_deref().map(OutputFile::prepare).transpose()?;
    let classifier = Classifier::load(&args.model)?;
    let model = classifier.model();
    let sample = Sample::read(&args.data, &model.schema, args.rows.sample(false))?;
    let summary = DataJson::of_sample(&sample, &model.schema, &args.data);
    summary.tell(console);
    let classes = classifier.predict(&sample.iter().collect::<Vec<_>>())?;

    let table = |out: &mut dyn Write| write_table(out, (model, &sample), &classes, args.rows.drop_missing);
    match out {
        Some(file) => {
            file.write(table)?;
            console.note(&format!("{} written to {}", plural(classes.len() as u64, "prediction"), file.name()));
        }
        None if !console.is_json() => console.stdout(table)?,
        None => {}
    }
    console.json(&PredictJson { points: sample.len(), predictions: classes, lines: &sample.lines, data: summary })
}

/// A header, then a row a point: its line in the file if rows may lack, its features and its class.
fn write_table(
    out: &mut dyn Write,
    (model, sample): (&Model, &Sample),
    classes: &[&str],
    with_lines: bool,
) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    let label = format!("predicted {}", model.schema.label);
    let mut line = "line".to_owned();
    while model.schema.features.contains(&line) {
        line.push('_');
    }
    let line = with_lines.then_some(line);
    let names = model.schema.features.iter().chain([&label]);
    csv.write_record(line.iter().chain(names))?;
    for ((row, class), line) in sample.iter().zip(classes).zip(&sample.lines) {
        let line = with_lines.then(|| line.to_string());
        csv.write_record(line.into_iter().chain(row.iter().map(|&x| bdnn::shortest(x))).chain([(*class).to_owned()]))?;
    }
    csv.flush()
}
