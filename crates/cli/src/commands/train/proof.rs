//! `train --proof DIR`: the proof folder (`docs/certificate-format.md`). The engine writes lemmas, formula and proof;
//! here the network is added.

use super::report::ProofJson;
use super::{Proven, TrainArgs, Trained, model, problem};
use crate::failure::Failure;
use crate::format::plural;
use bdnn::{Limits, Network, Problem, Progress, Training};
use omt::proof::{Folder, Written};
use std::fs;
use std::path::Path;

/// Refuses problems that no proof speaks of.
pub fn supports(problem: &Problem) -> Result<(), Failure> {
    omt::proof::supports(problem).map_err(|lack| Failure::Input(format!("--proof does not apply: {lack}")))
}

/// Runs the engine.
pub fn train(
    folder: &Folder,
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    progress: &dyn Progress,
) -> Result<(Training, Written), Failure> {
    Ok(omt::proof::train(problem, limits, start, progress, folder)?)
}

/// Writes problem and network; `target` is where the folder will be.
pub fn write(
    folder: &Folder,
    target: &Path,
    written: &Written,
    trained: &Trained,
    args: &TrainArgs,
) -> Result<Proven, Failure> {
    problem::write(folder.path(), trained, args, written.bound)?;
    let training = &trained.training;
    if let Some(network) = &training.network {
        let mut model = model::of(network, trained, args);
        // The folder proves its own bound, which a limit may have left below what the engine knows.
        model.claim.bound = written.bound.map_or(model.claim.bound, |bound| bound as f64);
        let path = folder.path().join("network.json");
        let text = model.to_json().map_err(Failure::Internal)?;
        fs::write(&path, text).map_err(|source| Failure::file(&path, source))?;
    }
    let bound = written
        .bound
        .map_or_else(|| "no network satisfies the constraints".to_owned(), |b| format!("loss at least {b}"));
    let dir = target.display();
    let summary = format!(
        "{dir}: {bound}; {}, {}, {:.1} MB",
        plural(written.lemmas, "lemma"),
        plural(written.steps, "step"),
        written.bytes as f64 / 1e6
    );
    let veripb = format!("veripb {dir}/formula.opb {dir}/proof.pbp");
    let veripb = if folder.packed() { format!("gunzip {dir}/*.gz, then {veripb}") } else { veripb };
    let json = ProofJson {
        folder: target.to_path_buf(),
        bound: written.bound.map(|bound| bound as f64),
        lemmas: Some(written.lemmas),
        steps: written.steps,
        bytes: written.bytes,
        compressed: folder.packed(),
    };
    Ok(Proven { json, summary, checks: format!("heaviside check proof {dir}; for its Boolean part {veripb}") })
}
