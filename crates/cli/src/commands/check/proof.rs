//! `heaviside check proof`: does this folder prove that no network of its architecture makes a smaller loss?

use super::network::training_lines;
use super::source;
use crate::console::Console;
use crate::failure::Failure;
use crate::format::Pairs;
use checker::Source;
use checker::boolean::Conclusion;
use checker::network::Options;
use checker::proof::{Folder, Report, check};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Check a proof folder written by `train --proof`
///
/// Every lemma is checked in exact rationals, the formula must hold the structure of the network and the lemmas and
/// nothing else, every step of the proof must follow by its rule, and the network is recounted exactly. No code is shared
/// with the solver. With --data the points are compared with the data file, row by row.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside check proof iris-proof\n  \
    heaviside check proof iris-proof --data iris.csv --json")]
pub struct ProofArgs {
    /// Folder with problem.json, lemmas.jsonl, formula.opb, proof.pbp (each also with .gz) and network.json
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// The data file the network was trained on
    #[arg(long, value_name = "DATA.csv")]
    data: Option<PathBuf>,

    /// Leave out rows of the data file with a missing value, as in training
    #[arg(long, requires = "data")]
    drop_missing: bool,
}

/// The object of `check proof --json`.
#[derive(Serialize)]
struct ProofJson {
    valid: bool,
    failure: Option<String>,
    /// `optimal`, `bounds`, `bound` or `infeasible`.
    claim: Option<&'static str>,
    bound: Option<u64>,
    loss: Option<u64>,
    rows: Option<usize>,
    points: Option<usize>,
    lemmas: Option<usize>,
    constraints: Option<usize>,
    steps: Option<usize>,
    data_compared: Option<bool>,
}

/// Reads the folder, checks, reports.
pub fn run(args: &ProofArgs, console: &Console) -> Result<(), Failure> {
    let network = optional(&args.folder, "network.json")?;
    let data = match &args.data {
        None => None,
        Some(path) => {
            let rows = source::bytes(path)?;
            // Other rows than the training rows may stand in the file; which ones, the network says.
            let lines = match &network {
                Some(model) => training_lines(model, &source::bytes(model)?, path, &rows, args.drop_missing)?,
                None => None,
            };
            let options = Options { drop_missing: args.drop_missing, lines };
            Some((Source::new(path.display().to_string(), std::io::Cursor::new(rows)), options))
        }
    };
    let folder = Folder {
        problem: open(&args.folder, "problem.json")?,
        lemmas: open(&args.folder, "lemmas.jsonl")?,
        formula: open(&args.folder, "formula.opb")?,
        proof: open(&args.folder, "proof.pbp")?,
        network: network.as_deref().map(source::open).transpose()?,
        data,
    };
    match check(folder) {
        Ok(report) => {
            console.report(&text(&report).to_string())?;
            console.json(&json(&report))
        }
        Err(error) => {
            if error.is_refutation() {
                console.json(&refused(error.to_string()))?;
            }
            Err(error.into())
        }
    }
}

/// The file of this name in the folder, or the one with `.gz` after it, if there is one.
fn optional(folder: &Path, name: &str) -> Result<Option<PathBuf>, Failure> {
    let (plain, packed) = (folder.join(name), folder.join(format!("{name}.gz")));
    match (plain.exists(), packed.exists()) {
        (true, true) => Err(Failure::Input(format!("{}: both {name} and {name}.gz; remove one", folder.display()))),
        (true, false) => Ok(Some(plain)),
        (false, true) => Ok(Some(packed)),
        (false, false) => Ok(None),
    }
}

fn open(folder: &Path, name: &str) -> Result<Source<'static>, Failure> {
    source::open(&optional(folder, name)?.unwrap_or_else(|| folder.join(name)))
}

/// What is proven, in a word.
fn claim(report: &Report) -> &'static str {
    match (report.bound, report.loss) {
        (None, _) => "infeasible",
        (Some(bound), Some(loss)) if bound == loss => "optimal",
        (Some(_), Some(_)) => "bounds",
        (Some(_), None) => "bound",
    }
}

fn text(report: &Report) -> Pairs {
    let mut pairs = Pairs::default();
    let proven = match (report.bound, report.loss) {
        (None, _) => "no network satisfies the constraints".to_owned(),
        (Some(bound), Some(loss)) if bound == loss => format!("the least loss is {loss}"),
        (Some(bound), Some(loss)) => format!("the least loss is between {bound} and {loss}"),
        (Some(bound), None) => format!("the least loss is at least {bound}"),
    };
    pairs.push("proven", proven);
    let parts = if report.parts == report.points { String::new() } else { format!(", {} parts", report.parts) };
    pairs.push("points", format!("{} distinct of {} rows{parts}", report.points, report.rows));
    pairs.push("data", if report.data_compared { "compared row by row" } else { "as in problem.json" });
    pairs.push("unavoidable", format!("{} for rows with the same features", report.offset));
    pairs.push("lemmas", format!("{}, each checked in rationals", report.lemmas));
    let proof = &report.proof;
    pairs.push("formula", format!("{} constraints: structure and lemmas, nothing else", proof.constraints));
    pairs.push("proof", format!("{} constraints derived, at most {} at once", proof.derived, proof.most_alive));
    if let Conclusion::Bounds { lower: Some(lower), .. } = proof.conclusion {
        pairs.push("objective", format!("at least {lower}"));
    }
    pairs.push("network", if report.loss.is_some() { "recounted exactly" } else { "none" });
    pairs
}

fn json(report: &Report) -> ProofJson {
    ProofJson {
        valid: true,
        failure: None,
        claim: Some(claim(report)),
        bound: report.bound,
        loss: report.loss,
        rows: Some(report.rows),
        points: Some(report.points),
        lemmas: Some(report.lemmas),
        constraints: Some(report.proof.constraints),
        steps: Some(report.proof.derived),
        data_compared: Some(report.data_compared),
    }
}

fn refused(failure: String) -> ProofJson {
    ProofJson {
        valid: false,
        failure: Some(failure),
        claim: None,
        bound: None,
        loss: None,
        rows: None,
        points: None,
        lemmas: None,
        constraints: None,
        steps: None,
        data_compared: None,
    }
}
