//! `heaviside elaborate`: a proof folder as one file for the proof kernel.

use super::check::proof::folder_text;
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::output::OutputFile;
use clap::Args;
use elaborate::Error;
use serde::Serialize;
use std::path::PathBuf;

/// Turn a proof folder of the exact engine into a file for the proof kernel
///
/// The kernel (`check kernel`, or the program heaviside-verify by itself) is small enough to be read. Every step gets what the kernel wants to see:
/// whole multipliers, hints, goals. What comes out is checked before it is written.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside elaborate iris-proof --out iris.kernel\n  \
    heaviside check kernel iris.kernel --folder iris-proof")]
pub struct ElaborateArgs {
    /// Folder with problem.json, lemmas.jsonl, proof.pbp and perhaps network.json (each also with .gz)
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// File to write; - for standard output
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl ElaborateArgs {
    /// What it reads and writes.
    pub fn files(&self) -> Files<'_> {
        Files::default().proof_read("DIR", &self.folder).output("--out", &self.out)
    }
}

/// The object of `elaborate --json`.
#[derive(Serialize)]
struct ElaborateJson {
    steps: usize,
    bytes: usize,
}

/// Reads the folder, writes the file.
pub fn run(args: &ElaborateArgs, console: &Console) -> Result<(), Failure> {
    let out = OutputFile::prepare(&args.out)?;
    let text = folder_text(&args.folder)?;
    let folder = elaborate::Folder {
        problem: &text.problem,
        lemmas: &text.lemmas,
        proof: &text.proof,
        network: text.network.as_deref(),
    };
    let mut bytes = Vec::new();
    elaborate::elaborate(folder, &mut bytes, &|| false).map_err(|error| match error {
        Error::Write(source) => Failure::File { path: args.out.clone(), source },
        error => Failure::Input(format!("{}: {error}", args.folder.display())),
    })?;
    let checked = String::from_utf8(bytes).map_err(|error| Failure::Internal(error.to_string()))?;
    let report = kernel::check(&checked).map_err(|fault| {
        Failure::Check(format!("{}: the kernel does not accept what it becomes: {fault}", args.folder.display()))
    })?;
    out.write(|out| out.write_all(checked.as_bytes()))?;
    console.report(&format!("{report}\nwritten to {}", out.name()))?;
    console.json(&ElaborateJson { steps: report.steps, bytes: checked.len() })
}
