//! `heaviside check export`: does this exported network do what its model does?

use super::source;
use super::watch::{WatchArgs, watched};
use crate::args::RowArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::format::{Pairs, plural};
use checker::Budget;
use checker::export::{Difference, Form, Report, check};
use checker::network::Options;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;

/// Check that an exported network gives the classes of its model on every row
///
/// What was exported is evaluated as the program that it is, nothing compiled: headers in C by the rules of the standard, where a sum
/// that leaves its type is an error; ONNX graphs node by node; floats as IEEE 754 says. The model is evaluated in exact rationals. With floats, rows are
/// counted at which another order of the operations, or fused ones, might give another class.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside check export digits.json digits.h digits.csv\n  \
    heaviside check export digits.json digits.h train.csv test.csv --json")]
pub struct ExportArgs {
    /// Model written by `train --out`
    #[arg(value_name = "MODEL.json")]
    model: PathBuf,

    /// What `export` made of it
    #[arg(value_name = "FILE")]
    exported: PathBuf,

    /// Data files, features and label
    #[arg(value_name = "DATA.csv", required = true)]
    data: Vec<PathBuf>,

    #[command(flatten)]
    rows: RowArgs,

    #[command(flatten)]
    watch: WatchArgs,
}

impl ExportArgs {
    /// What it reads.
    pub fn files(&self) -> Files<'_> {
        let files = Files::default().input("MODEL.json", &self.model).input("FILE", &self.exported);
        self.data.iter().fold(files, |files, data| files.input("DATA.csv", data))
    }
}

/// The object of `check export --json`.
#[derive(Serialize, Default)]
struct ExportJson {
    valid: bool,
    /// All that does not hold, one a line.
    failure: Option<String>,
    format: Option<&'static str>,
    rows: Option<usize>,
    equal: Option<usize>,
    /// Rows with values of categories that the model does not know.
    unknown: Option<usize>,
    /// Whether nothing was rounded for any row.
    exact: Option<bool>,
    /// Rows that another order of roundings might decide otherwise.
    doubtful: Option<usize>,
    differences: Vec<DifferenceJson>,
}

#[derive(Serialize)]
struct DifferenceJson {
    file: String,
    line: u64,
    exact: String,
    exported: String,
}

/// Reads all files, compares, reports.
pub fn run(args: &ExportArgs, console: &Console) -> Result<(), Failure> {
    let budget = Budget::default();
    let checked = watched(&args.watch, console, failure_json, || {
        let open = |path: &PathBuf| source::open(path, &budget);
        let data = args.data.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let header = args.rows.header.of_checker();
        let options = Options { drop_missing: args.rows.drop_missing, header, lines: None };
        Ok(check(open(&args.model)?, open(&args.exported)?, data, &options))
    })?;
    let report = match checked {
        Ok(report) => report,
        Err(error) => {
            if error.leaves_unproven() {
                console.json(&failed(error.to_string()))?;
            }
            return Err(error.into());
        }
    };
    let failure = failure(&report);
    console.report(&text(&report).to_string())?;
    console.json(&json(&report, failure.clone()))?;
    failure.map_or(Ok(()), |failure| Err(Failure::Check(failure)))
}

fn failed(what: String) -> ExportJson {
    ExportJson { failure: Some(what), ..ExportJson::default() }
}

fn failure_json(what: String) -> String {
    serde_json::to_string(&failed(what)).unwrap_or_default()
}

/// What does not hold, one a line.
fn failure(report: &Report) -> Option<String> {
    let mut lines: Vec<String> = report.false_claims.iter().map(ToString::to_string).collect();
    for Difference { file, line, exact, exported } in &report.differences {
        lines.push(format!("{file}:{line}: exactly {exact}, exported {exported}"));
    }
    let more = (report.rows - report.equal) - report.differences.len();
    if more > 0 {
        lines.push(format!("and {} more", plural(more as u64, "row")));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn form(report: &Report) -> &'static str {
    match report.form {
        Form::C => "c",
        Form::Onnx => "onnx",
        Form::Json => "json",
    }
}

fn text(report: &Report) -> Pairs {
    let mut pairs = Pairs::default();
    pairs.push("exported", if report.holds() { "does what the model does" } else { "does not do what the model does" });
    pairs.push("form", form(report));
    pairs.push("rows", format!("{} of {} with the class of the model", report.equal, report.rows));
    if report.unknown > 0 {
        let rows = plural(report.unknown as u64, "row");
        pairs.push("unknown", format!("{rows} with values that the model does not know: their features are 0"));
    }
    let arithmetic = match (report.is_exact, report.doubtful) {
        (true, _) => "whole numbers: nothing was rounded".to_owned(),
        (false, 0) => "floats: no row near enough to a boundary for rounding to decide, in whatever order".to_owned(),
        (false, rows) => {
            format!("floats: {} that roundings in another order might decide otherwise", plural(rows as u64, "row"))
        }
    };
    pairs.push("arithmetic", arithmetic);
    pairs
}

fn json(report: &Report, failure: Option<String>) -> ExportJson {
    let difference = |difference: &Difference| {
        let Difference { file, line, exact, exported } = difference.clone();
        DifferenceJson { file, line, exact, exported }
    };
    ExportJson {
        valid: failure.is_none(),
        failure,
        format: Some(form(report)),
        rows: Some(report.rows),
        equal: Some(report.equal),
        unknown: Some(report.unknown),
        exact: Some(report.is_exact),
        doubtful: Some(report.doubtful),
        differences: report.differences.iter().map(difference).collect(),
    }
}
