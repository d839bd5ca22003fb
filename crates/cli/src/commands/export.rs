//! `heaviside export`: a network for devices, runtimes and other programs.

use crate::args::RowArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::format::Pairs;
use crate::global::is_stdout;
use crate::output::OutputFile;
use bdnn::{Model, Sample};
use clap::{Args, ValueEnum};
use heaviside::export::{Export, ExportOptions, Format, Inputs, export};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Write a network for devices and other programs
///
/// A C header needs nothing but stdint.h, and no float where weights and features are whole numbers: say with --data or
/// --input-range what the features are. `heaviside check export` compares what was written with the exact predictions.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside export digits.json --format c --data digits.csv --out digits.h\n  \
    heaviside export digits.json --format c --input-range 0:255 --out digits.h\n  \
    heaviside export iris.json --out iris.onnx\n  \
    heaviside export iris.json --format dot | dot -Tsvg -o iris.svg\n  \
    heaviside check export digits.json digits.h digits.csv")]
pub struct ExportArgs {
    /// Model written by `train --out`
    #[arg(value_name = "MODEL.json")]
    model: PathBuf,

    /// Form of the network [default: what the ending of --out says]
    #[arg(long, value_name = "FORMAT")]
    format: Option<FormatName>,

    /// Write it to this file [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// Take types and ranges of the features from these rows, labelled or not: whole numbers, if all of them are
    #[arg(long, value_name = "DATA.csv", conflicts_with = "input_range", help_heading = "Inputs")]
    data: Option<PathBuf>,

    /// Features are whole numbers from LOW to HIGH
    #[arg(long, value_name = "LOW:HIGH", value_parser = range, allow_hyphen_values = true, help_heading = "Inputs")]
    input_range: Option<(i64, i64)>,

    /// What names begin with in C [default: the name of the file]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    #[command(flatten)]
    rows: RowArgs,
}

/// Names of the forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// A header for C99 and C++ (.h)
    C,
    /// A graph of opset 13 in 64-bit floats, for runtimes (.onnx)
    Onnx,
    /// Plain JSON in the units of the data, for other programs (.json)
    Json,
    /// A picture of a small network for Graphviz (.dot)
    Dot,
}

impl FormatName {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "h" => Some(Self::C),
            "onnx" => Some(Self::Onnx),
            "json" => Some(Self::Json),
            "dot" | "gv" => Some(Self::Dot),
            _ => None,
        }
    }

    fn format(self) -> Format {
        match self {
            Self::C => Format::C,
            Self::Onnx => Format::Onnx,
            Self::Json => Format::Json,
            Self::Dot => Format::Dot,
        }
    }
}

/// `LOW:HIGH`
fn range(text: &str) -> Result<(i64, i64), String> {
    let parsed = text.split_once(':').and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
    parsed.filter(|(low, high)| low <= high).ok_or_else(|| "expected LOW:HIGH, whole numbers such as 0:255".to_owned())
}

impl ExportArgs {
    /// What it reads and writes.
    pub fn files(&self) -> Files<'_> {
        Files::default().input("MODEL.json", &self.model).input("--data", &self.data).output("--out", &self.out)
    }

    fn format(&self) -> Result<FormatName, Failure> {
        let found = self.format.or_else(|| self.out.as_deref().and_then(FormatName::of));
        found.ok_or_else(|| {
            let names: Vec<String> = FormatName::value_variants()
                .iter()
                .filter_map(|name| Some(name.to_possible_value()?.get_name().to_owned()))
                .collect();
            Failure::Input(format!("say the form of the network with --format: {}", names.join(", ")))
        })
    }

    /// What the features are.
    fn inputs(&self, model: &Model) -> Result<Inputs, Failure> {
        if let Some((low, high)) = self.input_range {
            return Ok(Inputs::within(low, high, model.architecture.inputs)?);
        }
        let Some(path) = &self.data else { return Ok(Inputs::Real) };
        let sample = Sample::read(path, &model.schema, self.rows.sample(false))?;
        Ok(Inputs::of_rows(sample.iter()))
    }

    fn options(&self, model: &Model) -> Result<ExportOptions, Failure> {
        let path = self.out.as_deref().filter(|path| !is_stdout(path)).unwrap_or(&self.model);
        let options = ExportOptions::new().named_after(path).inputs(self.inputs(model)?);
        Ok(match &self.name {
            Some(name) => options.name(name),
            None => options,
        })
    }
}

/// The object of `export --json`.
#[derive(Serialize)]
struct ExportJson<'a> {
    format: String,
    bytes: usize,
    /// Whether every number is whole, and so every class exact in the stated ranges.
    whole: bool,
    /// The layers, from 1, that are computed in floats.
    real_layers: &'a [usize],
    /// The least and the largest value of each feature; `null` for floats.
    input_ranges: Option<&'a [(i64, i64)]>,
    /// What the report says beside.
    details: BTreeMap<&'static str, &'a str>,
}

/// Reads, writes in another form.
pub fn run(args: &ExportArgs, console: &Console) -> Result<(), Failure> {
    let format = args.format()?;
    let out = match &args.out {
        Some(path) if !is_stdout(path) => Some(OutputFile::prepare(path)?),
        _ => None,
    };
    if out.is_none() && console.is_json() {
        let message = "--json and the network would both go to standard output; give the network a file with --out";
        return Err(Failure::Input(message.to_owned()));
    }
    let model = Model::read(&args.model)?;
    let exported = export(&model, format.format(), &args.options(&model)?)?;
    let mut report = report(&exported);
    match out {
        Some(file) => {
            file.write(|out| out.write_all(&exported.bytes))?;
            report.push("written to", file.name());
            console.report(&report.to_string())?;
        }
        None => {
            console.note(&report.to_string());
            console.stdout(|out| out.write_all(&exported.bytes))?;
        }
    }
    console.json(&ExportJson {
        format: format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default(),
        bytes: exported.bytes.len(),
        whole: exported.real_layers.is_empty(),
        real_layers: &exported.real_layers,
        input_ranges: match &exported.inputs {
            Inputs::Whole(ranges) => Some(ranges),
            _ => None,
        },
        details: exported.details.iter().map(|(word, line)| (*word, &line[..])).collect(),
    })
}

/// What was written and what it is worth.
fn report(exported: &Export) -> Pairs {
    let Export { real_layers, details, .. } = exported;
    let layers: Vec<String> = real_layers.iter().map(ToString::to_string).collect();
    let mut report = Pairs::default();
    let worth = match &layers[..] {
        [] => "whole numbers: exact for all features in the stated ranges".to_owned(),
        layers => format!("layer {} in floats: exact up to rounding, see `heaviside check export`", layers.join(", ")),
    };
    report.push("arithmetic", worth);
    details.iter().for_each(|(word, line)| report.push(*word, &line[..]));
    report
}
