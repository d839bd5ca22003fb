//! `heaviside check proof`: does this folder prove that no network of its architecture makes a smaller loss?

use super::binding::{self, BindingJson};
use super::network::training_lines;
use super::source;
use super::watch::{WatchArgs, watched};
use crate::args::RowArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::format::Pairs;
use checker::boolean::Conclusion;
use checker::network::Options;
use checker::proof::{Folder, Report, check, linear};
use checker::{Budget, Error, Rational, Source};
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Check a proof folder written by `train --proof`
///
/// Of the exact engine: every lemma is checked in exact rationals, the formula must hold the structure of the network and the
/// lemmas and nothing else, and every step of the proof must follow by its rule. Of the MILP engine: the model must admit every
/// network with the margin at no higher cost, and every step of its certificate must follow. The network is recounted
/// exactly. No code is shared with the solver. With --data the points are compared with the data file, row by row.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside check proof iris-proof\n  \
    heaviside check proof iris-proof --data iris.csv --json")]
pub struct ProofArgs {
    /// Folder with problem.json, network.json and either lemmas.jsonl, formula.opb, proof.pbp or model.mps, certificate.vipr
    /// (each also with .gz)
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// The data file the network was trained on
    #[arg(long, value_name = "DATA.csv")]
    data: Option<PathBuf>,

    #[command(flatten)]
    rows: RowArgs,

    #[command(flatten)]
    watch: WatchArgs,
}

impl ProofArgs {
    /// What it reads.
    pub fn files(&self) -> Files<'_> {
        Files::default().proof_read("DIR", &self.folder).input("--data", &self.data)
    }
}

/// The object of `check proof --json`; what does not apply is null.
#[derive(Serialize, Default)]
struct ProofJson {
    valid: bool,
    failure: Option<String>,
    /// `optimal`, `bounds`, `bound` or `infeasible`.
    claim: Option<&'static str>,
    /// On the loss, or on the objective if something is regularised.
    bound: Option<serde_json::Number>,
    loss: Option<u64>,
    rows: Option<usize>,
    points: Option<usize>,
    lemmas: Option<usize>,
    constraints: Option<usize>,
    steps: Option<usize>,
    data_compared: Option<bool>,
    #[serde(flatten)]
    binding: Option<BindingJson>,
}

/// Reads the folder, checks, reports.
pub fn run(args: &ProofArgs, console: &Console) -> Result<(), Failure> {
    let shown = args.folder.display();
    let fault = match (args.folder.exists(), args.folder.is_dir()) {
        (false, _) => Some("there is no such folder"),
        (_, false) => Some("not a folder"),
        _ if optional(&args.folder, "problem.json")?.is_none() => {
            Some("not a proof folder, for it has no problem.json")
        }
        _ => None,
    };
    if let Some(fault) = fault {
        return Err(Failure::Input(format!("{shown}: {fault}; name one that `train --proof` has written")));
    }
    let budget = Budget::default();
    let checked = watched(&args.watch, console, failure_json, || checked(args, &budget))?;
    report(checked, console)
}

/// A report, or what the checker says against the folder.
type Checked = Result<(Pairs, ProofJson), Error>;

fn checked(args: &ProofArgs, budget: &Budget) -> Result<Checked, Failure> {
    let network = optional(&args.folder, "network.json")?;
    let data = match &args.data {
        None => None,
        Some(path) => {
            let rows = source::bytes(path)?;
            // Other rows than the training rows may stand in the file; which ones, the network says.
            let lines = match &network {
                Some(model) => training_lines(&source::bytes(model)?, path, &rows, args.rows)?,
                None => None,
            };
            let options =
                Options { drop_missing: args.rows.drop_missing, header: args.rows.header.of_checker(), lines };
            let data = Source::new(path.display().to_string(), std::io::Cursor::new(rows));
            Some((data.within(budget), options))
        }
    };
    let is_linear = optional(&args.folder, "model.mps")?.is_some();
    if is_linear && optional(&args.folder, "formula.opb")?.is_some() {
        let folder = args.folder.display();
        return Err(Failure::Input(format!("{folder}: both model.mps and formula.opb; a folder holds one proof")));
    }
    Ok(if is_linear {
        let model = open(&args.folder, "model.mps", budget)?;
        let certificate = open(&args.folder, "certificate.vipr", budget)?;
        let problem = open(&args.folder, "problem.json", budget)?;
        let network = network.as_deref().map(|path| source::open(path, budget)).transpose()?;
        let folder = linear::Folder { problem, model, certificate, network, data };
        linear::check(folder).map(|report| (linear_text(&report), linear_json(&report)))
    } else {
        check(files(&args.folder, data, budget)?).map(|report| (text(&report), json(&report)))
    })
}

fn failure(what: String) -> ProofJson {
    ProofJson { failure: Some(what), ..ProofJson::default() }
}

fn failure_json(what: String) -> String {
    serde_json::to_string(&failure(what)).unwrap_or_default()
}

fn report(checked: Checked, console: &Console) -> Result<(), Failure> {
    match checked {
        Ok((pairs, json)) => {
            console.report(&pairs.to_string())?;
            console.json(&json)
        }
        Err(error) => {
            if error.leaves_unproven() {
                console.json(&failure(error.to_string()))?;
            }
            Err(error.into())
        }
    }
}

/// The files of a folder of the exact engine, opened.
pub fn files(
    folder: &Path,
    data: Option<(Source<'static>, Options)>,
    budget: &Budget,
) -> Result<Folder<'static>, Failure> {
    let network = optional(folder, "network.json")?;
    Ok(Folder {
        problem: open(folder, "problem.json", budget)?,
        lemmas: open(folder, "lemmas.jsonl", budget)?,
        formula: open(folder, "formula.opb", budget)?,
        proof: open(folder, "proof.pbp", budget)?,
        network: network.as_deref().map(|path| source::open(path, budget)).transpose()?,
        data,
    })
}

/// The files of a folder of the exact engine as text, but for its formula.
pub struct FolderText {
    pub problem: String,
    pub lemmas: String,
    pub proof: String,
    pub network: Option<String>,
}

/// Reads them.
pub fn folder_text(folder: &Path) -> Result<FolderText, Failure> {
    let text = |path: PathBuf| {
        let not_text = |_| Failure::Input(format!("{}: not UTF-8", path.display()));
        String::from_utf8(source::bytes(&path)?).map_err(not_text)
    };
    let why = if optional(folder, "certificate.vipr")?.is_some() {
        "the proof is a certificate of a linear model, which `heaviside check proof` checks; kernel files come of the proofs that `train --method omt` writes"
    } else {
        "name a folder that `train --proof` has written with the exact engine"
    };
    let needed = |name: &str| {
        let missing = || Failure::Input(format!("{}: no {name}; {why}", folder.display()));
        text(optional(folder, name)?.ok_or_else(missing)?)
    };
    Ok(FolderText {
        problem: needed("problem.json")?,
        lemmas: needed("lemmas.jsonl")?,
        proof: needed("proof.pbp")?,
        network: optional(folder, "network.json")?.map(text).transpose()?,
    })
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

fn open(folder: &Path, name: &str, budget: &Budget) -> Result<Source<'static>, Failure> {
    source::open(&optional(folder, name)?.unwrap_or_else(|| folder.join(name)), budget)
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
    let counted = |loss: u64| binding::counted(&report.binding, &loss.into());
    let proven = match (report.bound, report.loss) {
        (None, _) => "no network satisfies the constraints".to_owned(),
        (Some(bound), Some(loss)) if bound == loss => format!("the least loss is {}", counted(loss)),
        (Some(bound), Some(loss)) => format!("the least loss is between {} and {}", counted(bound), counted(loss)),
        (Some(bound), None) => format!("the least loss is at least {}", counted(bound)),
    };
    pairs.push("proven", proven);
    let parts = if report.parts == report.points { String::new() } else { format!(", {} parts", report.parts) };
    pairs.push("points", format!("{} distinct of {} rows{parts}", report.points, report.rows));
    binding::text(&report.binding, &mut pairs);
    pairs.push("data", if report.data_compared { "compared row by row" } else { "as in problem.json" });
    pairs.push("unavoidable", format!("{} for rows with the same features", counted(report.unavoidable)));
    pairs.push("lemmas", format!("{}, each checked in rationals", report.lemmas));
    let proof = &report.proof;
    let limited = !report.binding.conditions.error_limits.is_empty();
    let of = if limited { "structure, limits and lemmas" } else { "structure and lemmas" };
    pairs.push("formula", format!("{} constraints: {of}, nothing else", proof.constraints));
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
        claim: Some(claim(report)),
        bound: report.bound.map(Into::into),
        loss: report.loss,
        binding: Some(BindingJson::of(&report.binding)),
        rows: Some(report.rows),
        points: Some(report.points),
        lemmas: Some(report.lemmas),
        constraints: Some(report.proof.constraints),
        steps: Some(report.proof.derived),
        data_compared: Some(report.data_compared),
        ..ProofJson::default()
    }
}

/// What is proven of networks with a margin, in a word.
fn linear_claim(report: &linear::Report) -> &'static str {
    match (&report.bound, &report.objective) {
        (None, _) => "infeasible",
        (Some(bound), Some(objective)) if bound == objective => "optimal",
        (Some(_), Some(_)) => "bounds",
        (Some(_), None) => "bound",
    }
}

fn linear_text(report: &linear::Report) -> Pairs {
    let mut pairs = Pairs::default();
    let what = if report.binding.conditions.has_prices() { "objective" } else { "loss" };
    let counted = |number: &Rational| binding::counted(&report.binding, number);
    let proven = match (&report.bound, &report.objective) {
        (None, _) => "no network satisfies the constraints".to_owned(),
        (Some(bound), Some(reached)) if bound == reached => format!("the least {what} is {}", counted(reached)),
        (Some(bound), Some(reached)) => {
            format!("the least {what} is between {} and {}", counted(bound), counted(reached))
        }
        (Some(bound), None) => format!("the least {what} is at least {}", counted(bound)),
    };
    pairs.push("proven", proven);
    let parts = if report.parts == report.points { String::new() } else { format!(", {} parts", report.parts) };
    pairs.push("points", format!("{} distinct of {} rows{parts}", report.points, report.rows));
    binding::text(&report.binding, &mut pairs);
    pairs.push("data", if report.data_compared { "compared row by row" } else { "as in problem.json" });
    let (columns, rows) = report.size;
    pairs.push("model", format!("{columns} columns, {rows} rows: each admits every network"));
    let certificate = &report.certificate;
    let alive = certificate.most_alive;
    pairs.push("derivations", format!("{}, at most {alive} constraints at once", certificate.derivations));
    pairs.push("network", if report.loss.is_some() { "recounted exactly" } else { "none" });
    pairs
}

fn linear_json(report: &linear::Report) -> ProofJson {
    ProofJson {
        valid: true,
        claim: Some(linear_claim(report)),
        bound: report.bound.as_ref().and_then(|bound| match u64::try_from(bound.clone()) {
            Ok(whole) => Some(whole.into()),
            Err(_) => serde_json::Number::from_f64(binding::float(bound)),
        }),
        loss: report.loss,
        binding: Some(BindingJson::of(&report.binding)),
        rows: Some(report.rows),
        points: Some(report.points),
        constraints: Some(report.size.1),
        steps: Some(report.certificate.derivations),
        data_compared: Some(report.data_compared),
        ..ProofJson::default()
    }
}
