//! `heaviside check network`: does this network have the loss that its model file claims?

use super::binding::{self, BindingJson};
use super::source;
use super::watch::{WatchArgs, watched};
use crate::args::RowArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::format::{Pairs, percent};
use bdnn::{Model, Sample, data};
use checker::network::{Options, Report, check};
use checker::{Budget, Source, number};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Check that a network has the loss its model file claims
///
/// The training part of the data file is found again and compared by its hash; then every sign is recounted in exact
/// rationals, with the margin and the balls of robust training where the model claims them. The recount shares no code
/// with the solver. The bound is not checked: that takes a proof.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside check network iris.json iris.csv\n  \
    heaviside check network iris.json iris.csv --json")]
pub struct NetworkArgs {
    /// Model written by `train --out`
    #[arg(value_name = "MODEL.json")]
    model: PathBuf,

    /// The data file it was trained on; - for standard input
    #[arg(value_name = "DATA.csv")]
    data: PathBuf,

    #[command(flatten)]
    rows: RowArgs,

    #[command(flatten)]
    watch: WatchArgs,
}

impl NetworkArgs {
    /// What it reads.
    pub fn files(&self) -> Files<'_> {
        Files::default().input("MODEL.json", &self.model).input("DATA.csv", &self.data)
    }
}

/// The object of `check network --json`.
#[derive(Serialize)]
struct NetworkJson {
    valid: bool,
    /// All claims that do not hold, one a line.
    failure: Option<String>,
    claimed_loss: u64,
    loss: u64,
    errors: u64,
    accuracy: f64,
    points: usize,
    #[serde(flatten)]
    binding: BindingJson,
}

/// Reads both files, recounts, reports.
pub fn run(args: &NetworkArgs, console: &Console) -> Result<(), Failure> {
    let budget = Budget::default();
    let report = watched(&args.watch, console, failure_json, || {
        let (model, data) = (source::bytes(&args.model)?, source::bytes(&args.data)?);
        let lines = training_lines(&model, &args.data, &data, args.rows)?;
        let options = Options { drop_missing: args.rows.drop_missing, header: args.rows.header.of_checker(), lines };
        let (model, data) = (source_of(&args.model, &model, &budget), source_of(&args.data, &data, &budget));
        Ok(check(model, data, &options)?)
    })?;
    let failures: Vec<String> = report.false_claims.iter().map(ToString::to_string).collect();
    let failure = (!failures.is_empty()).then(|| failures.join("\n"));
    console.report(&text(&report).to_string())?;
    console.json(&json(&report, failure.clone()))?;
    failure.map_or(Ok(()), |failure| Err(Failure::Check(failure)))
}

fn source_of<'a>(path: &Path, bytes: &'a [u8], budget: &Budget) -> Source<'a> {
    Source::new(path.display().to_string(), bytes).within(budget)
}

fn failure_json(what: String) -> String {
    serde_json::json!({ "valid": false, "failure": what }).to_string()
}

/// The lines of the training rows if other rows were kept apart. Nothing rests on this being right: only the training
/// rows have the fingerprint that the model file states, and the checker compares it. So what is wrong with the model is left
/// for the checker to say, too.
pub(super) fn training_lines(
    model: &[u8],
    rows_path: &Path,
    rows: &[u8],
    how: RowArgs,
) -> Result<Option<Vec<u64>>, Failure> {
    let Ok(model) = Model::parse(model) else { return Ok(None) };
    let training = &model.training;
    if training.kept_apart == data::Fractions::default() {
        return Ok(None);
    }
    let sample = Sample::parse(rows, &rows_path.display().to_string(), &model.schema, how.sample(true))?;
    let (labels, classes) = (sample.labels.unwrap_or_default(), model.schema.classes.len());
    let members = data::split(&labels, classes, training.kept_apart, training.stratify, training.seed)?.train;
    Ok(Some(members.into_iter().filter_map(|i| sample.lines.get(i).copied()).collect()))
}

fn accuracy(report: &Report) -> f64 {
    1.0 - report.errors as f64 / report.rows as f64
}

fn text(report: &Report) -> Pairs {
    let mut pairs = Pairs::default();
    pairs.push("claim", if report.false_claims.is_empty() { "holds" } else { "does not hold" });
    let counted = |loss: u64| binding::counted(&report.binding, &loss.into());
    pairs.push("claimed loss", counted(report.claimed_loss));
    pairs.push("loss", format!("{}, recounted exactly", counted(report.loss)));
    if report.claimed_status == "optimal" {
        pairs.push("bound", "not checked here: that no network is better, a proof folder says (`check proof`)");
    }
    let (errors, rows) = (report.errors, report.rows);
    pairs.push("predictions", format!("{errors} of {rows} wrong, accuracy {}", percent(accuracy(report))));
    binding::text(&report.binding, &mut pairs);
    // The nearest pre-activations to 0 on either side.
    for (what, value) in [("fires from", &report.least_firing), ("rests up to", &report.largest_resting)] {
        if let Some(value) = value {
            pairs.push(what, number::brief(value));
        }
    }
    pairs
}

fn json(report: &Report, failure: Option<String>) -> NetworkJson {
    NetworkJson {
        valid: failure.is_none(),
        failure,
        claimed_loss: report.claimed_loss,
        loss: report.loss,
        errors: report.errors,
        accuracy: accuracy(report),
        points: report.rows,
        binding: BindingJson::of(&report.binding),
    }
}
