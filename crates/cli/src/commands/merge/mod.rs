//! `heaviside merge`: the answer from cubes.

mod model;
mod open;

use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::format::{Pairs, plural, seconds};
use crate::interrupt;
use crate::output::OutputFile;
use budget::never;
use clap::Args;
use heaviside::cubes::{self, Merged, OpenCube};
use heaviside::{Network, Status};
use serde::Serialize;
use std::path::PathBuf;

/// Put together what came of cubes: the best network, or the best point of a model, and the bound that all of them prove
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside merge JOBS --out model.json\n  \
    heaviside merge JOBS --proof DIR                                  then: heaviside check proof DIR\n  \
    heaviside merge JOBS --solution best.sol                          of a model\n\n\
    Exit code 1: files contradict each other. Cubes that are missing or unfinished are listed, and the bound is what is proven.")]
pub struct MergeArgs {
    /// Folder that `heaviside cubes` has written
    #[arg(value_name = "JOBS")]
    folder: PathBuf,

    /// Write the model to this file
    #[arg(long, value_name = "MODEL.json")]
    out: Option<PathBuf>,

    /// Write the proof of all cubes to this folder, for `check proof` and VeriPB
    #[arg(long, value_name = "DIR")]
    proof: Option<PathBuf>,

    /// Of cubes of a model: write the best solution to FILE
    #[arg(long, value_name = "FILE.sol", conflicts_with_all = ["out", "proof"])]
    solution: Option<PathBuf>,
}

impl MergeArgs {
    /// What it writes.
    pub fn files(&self) -> Files<'_> {
        Files::default()
            .cubes("JOBS", self.folder.as_path())
            .output("--out", &self.out)
            .output("--solution", &self.solution)
            .proof("--proof", &self.proof)
    }
}

/// The object of `merge --json`.
#[derive(Serialize)]
struct MergeJson<'a> {
    status: &'static str,
    loss: Option<u64>,
    bound: Option<u64>,
    leaves: usize,
    closed: usize,
    open: Vec<OpenJson<'a>>,
    conflicts: u64,
    seconds: f64,
    network: Option<&'a Network>,
    proof: Option<ProofJson<'a>>,
}

#[derive(Serialize)]
struct OpenJson<'a> {
    cube: &'a str,
    status: &'a str,
    bound: u64,
}

impl<'a> OpenJson<'a> {
    fn of(cube: &'a OpenCube) -> Self {
        Self { cube: &cube.name, status: &cube.status, bound: cube.bound }
    }
}

#[derive(Serialize)]
struct ProofJson<'a> {
    folder: &'a PathBuf,
    bound: Option<f64>,
    steps: u64,
    bytes: u64,
}

/// Reads, compares, writes, reports.
pub fn run(args: &MergeArgs, console: &Console) -> Result<(), Failure> {
    let is_model = cubes::model::is_model(&args.folder)?;
    let options = [("--out", &args.out, true), ("--proof", &args.proof, true), ("--solution", &args.solution, false)];
    if let Some((option, ..)) = options.iter().find(|(_, path, of_networks)| path.is_some() && *of_networks == is_model)
    {
        let (folder, of) =
            (args.folder.display(), if is_model { "a model: name --solution" } else { "networks: name --out" });
        return Err(Failure::Input(format!("{option}: {folder} holds cubes of {of}, or leave it out")));
    }
    if is_model {
        return model::run(&args.folder, args.solution.as_deref(), console);
    }
    let out = args.out.as_deref().map(OutputFile::prepare).transpose()?;
    if let Some(folder) = &args.proof {
        interrupt::unfinished_proof(folder);
    }
    // Until something is written, a signal ends the process (see `interrupt`): nothing has to ask.
    let gathered = cubes::gather(&args.folder, args.proof.is_some(), &never)?;
    let interrupt = interrupt::attend();
    let merged = match &args.proof {
        Some(folder) => gathered.prove(folder, &|| interrupt.raised())?,
        None => gathered.into_merged(),
    };
    let written = match (&out, &merged.model) {
        (Some(file), Some(model)) => {
            let text = model.to_json().map_err(Failure::Internal)?;
            console.hold(file.write(|out| out.write_all(text.as_bytes()))).map(|()| file.name())
        }
        (Some(file), None) => {
            console.warn(&format!("there is no network: {} is not written", file.name()));
            None
        }
        _ => None,
    };
    if let (Some(folder), None) = (&args.proof, &merged.proof) {
        console.warn(&format!("stopped before the proof was written: there is no {}", folder.display()));
    }
    console.report(&report(&merged, written))?;
    let proof = merged.proof.as_ref();
    console.json(&MergeJson {
        status: status(merged.status),
        loss: merged.loss,
        bound: merged.bound,
        leaves: merged.leaves,
        closed: merged.closed,
        open: merged.open.iter().map(OpenJson::of).collect(),
        conflicts: merged.conflicts,
        seconds: merged.seconds,
        network: merged.network.as_ref(),
        proof: proof.map(|proof| ProofJson {
            folder: &proof.folder,
            bound: proof.bound,
            steps: proof.steps,
            bytes: proof.bytes,
        }),
    })
}

/// The status in words: what no cube decides is unfinished.
fn status(status: Status) -> &'static str {
    match status {
        Status::Optimal | Status::Infeasible => status.as_str(),
        _ => "unfinished",
    }
}

fn report(merged: &Merged, written: Option<String>) -> String {
    let mut pairs = Pairs::default();
    pairs.push("status", status(merged.status));
    pairs.push("loss", merged.loss.map_or_else(|| "no network is known".to_owned(), |loss| loss.to_string()));
    pairs.push("bound", merged.bound.map_or_else(|| "there is no network".to_owned(), |bound| bound.to_string()));
    pairs.push("closed", format!("{} of {} leaves", merged.closed, merged.leaves));
    open::list(&merged.open, ToString::to_string, &mut pairs);
    pairs.push("work", format!("{} in {}, added up", plural(merged.conflicts, "conflict"), seconds(merged.seconds)));
    if let Some(proof) = &merged.proof {
        let bound = proof.bound.map_or_else(|| "there is no network".to_owned(), |bound| format!("bound {bound}"));
        pairs.push("proof", format!("{bound}, {} in {}", plural(proof.steps, "step"), proof.folder.display()));
    }
    if let Some(name) = written {
        pairs.push("written to", name);
    }
    pairs.to_string()
}
