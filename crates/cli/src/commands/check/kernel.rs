//! `heaviside check kernel`: does this file prove its bound, by the proof kernel alone?

use super::proof::folder_text;
use super::source;
use super::watch::{WatchArgs, watched};
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use clap::Args;
use kernel::fault::Kind;
use serde::Serialize;
use std::path::PathBuf;

/// Check a file for the proof kernel, as `elaborate` writes it
///
/// The same as the program heaviside-verify, which is the kernel and nothing else. With --folder the file's problem and network must be those of the proof folder, which
/// `check proof DIR --data DATA.csv` ties to a data file.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside check kernel iris.kernel\n  \
    heaviside check kernel iris.kernel --folder iris-proof --json")]
pub struct KernelArgs {
    /// The file, also packed by gzip; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The proof folder whose problem the file must state
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,

    #[command(flatten)]
    watch: WatchArgs,
}

impl KernelArgs {
    /// What it reads.
    pub fn files(&self) -> Files<'_> {
        Files::default().input("FILE", &self.file).proof_read("--folder", &self.folder)
    }
}

/// The object of `check kernel --json`; what does not apply is null.
#[derive(Serialize, Default)]
struct KernelJson {
    valid: bool,
    failure: Option<String>,
    /// `optimal`, `bounds`, `bound` or `infeasible`.
    claim: Option<&'static str>,
    bound: Option<i128>,
    loss: Option<i128>,
    points: Option<usize>,
    steps: Option<usize>,
    folder_compared: bool,
}

/// Reads the file, checks, reports.
pub fn run(args: &KernelArgs, console: &Console) -> Result<(), Failure> {
    let shown = args.file.display();
    let checked = watched(&args.watch, console, failure_json, || {
        let bytes = source::bytes(&args.file)?;
        let text = String::from_utf8(bytes).map_err(|_| Failure::Input(format!("{shown}: not UTF-8")))?;
        if let Some(folder) = &args.folder {
            let of = folder_text(folder)?;
            let head = elaborate::problem(&of.problem, of.network.as_deref());
            let head = head.map_err(|error| Failure::Input(format!("{}: {error}", folder.display())))?;
            if !text.starts_with(&head) {
                return Ok(Err(format!("{shown}: problem, claim and network are not those of {}", folder.display())));
            }
        }
        match kernel::check(&text) {
            Ok(report) => Ok(Ok(report)),
            Err(fault) if fault.kind == Kind::Malformed => Err(Failure::Input(format!("{shown}: {fault}"))),
            Err(fault) => Ok(Err(format!("{shown}: {fault}"))),
        }
    })?;
    let report = match checked {
        Ok(report) => report,
        Err(failure) => {
            console.json(&KernelJson { failure: Some(failure.clone()), ..KernelJson::default() })?;
            return Err(Failure::Check(failure));
        }
    };
    console.report(&report.to_string())?;
    let problem = &report.problem;
    let claim = match (problem.bound, problem.reached) {
        (None, _) => "infeasible",
        (Some(_), None) => "bound",
        (Some(bound), Some(loss)) => {
            if bound == loss {
                "optimal"
            } else {
                "bounds"
            }
        }
    };
    console.json(&KernelJson {
        valid: true,
        failure: None,
        claim: Some(claim),
        bound: problem.bound,
        loss: problem.reached,
        points: Some(problem.points.len()),
        steps: Some(report.steps),
        folder_compared: args.folder.is_some(),
    })
}

fn failure_json(what: String) -> String {
    serde_json::json!({ "valid": false, "failure": what }).to_string()
}
