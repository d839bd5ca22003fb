//! `train --method milp --proof DIR`: the formulation, the certificate of the run on it, and the network.

use super::{TrainArgs, Trained, model};
use crate::console::Console;
use crate::failure::Failure;
use crate::format::{self, plural};
use crate::output::OutputFile;
use bdnn::milp_training::{self, Proof};
use bdnn::{Limits, Network, Problem, Progress, Training};
use std::fs;
use std::path::{Path, PathBuf};

/// Differences up to this, relative to the bound (from 1 on), are what floats make of the same bound.
const SAME_BOUND: f64 = 1e-6;

/// The folder, made if it is not there.
pub fn prepare(path: &Path) -> Result<PathBuf, Failure> {
    fs::create_dir_all(path).map_err(|source| Failure::file(path, source))?;
    Ok(path.to_path_buf())
}

/// Trains; the certificate is in a temporary file of the folder until [`write()`].
pub fn train(
    folder: &Path,
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    progress: &dyn Progress,
) -> Result<(Training, Proof), Failure> {
    Ok(milp_training::train_with_proof(problem, limits, start, progress, folder)?)
}

/// Writes model, certificate and network; returns the line of the report.
pub fn write(
    folder: &Path,
    proof: Proof,
    trained: &Trained,
    args: &TrainArgs,
    console: &Console,
) -> Result<String, Failure> {
    let file = |name: &str| OutputFile::prepare(&folder.join(name));
    let Proof { model, certificate } = proof;
    let text = milp::io::to_mps(&model)?;
    let written = file("model.mps")?;
    written.write(|out| out.write_all(text.as_bytes()))?;
    // The certificate speaks of the decimals of this file.
    milp::io::read_model_exactly(written.path())?;
    let proven = file("certificate.vipr")?.write_streamed(|out| certificate.write(&model, out))??;
    if let Some(network) = &trained.training.network {
        let text = model::of(network, trained, args).to_json().map_err(Failure::Internal)?;
        file("network.json")?.write(|out| out.write_all(text.as_bytes()))?;
    }
    let claimed = trained.training.bound;
    let bound = proven.lower.unwrap_or(f64::NEG_INFINITY);
    let certifies = proven.infeasible || bound >= claimed - SAME_BOUND * claimed.abs().max(1.0);
    if !certifies {
        let (bound, claimed) = (format::precise(bound), format::precise(claimed));
        console.warn(&format!("exact arithmetic could not certify the bound {claimed}: the proof says {bound}"));
    }
    let bound = if proven.infeasible {
        "no network satisfies the constraints".to_owned()
    } else {
        format!("objective at least {}", format::precise(bound))
    };
    Ok(format!("{}: {bound}; {}", folder.display(), plural(proven.derivations, "derivation")))
}
