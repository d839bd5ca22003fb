//! `train --proof DIR`: the proof folder (`docs/certificate-format.md`). The engine writes lemmas, formula and proof; here
//! stand the problem and the network.

use super::{TrainArgs, Trained, model};
use crate::failure::Failure;
use crate::format::plural;
use bdnn::model::Provenance;
use bdnn::{Architecture, Limits, Network, Problem, Progress, Scaler, Schema, Training};
use omt::proof::{Folder, Written};
use serde::Serialize;
use std::fs;
use std::path::Path;

/// `problem.json`.
#[derive(Serialize)]
struct ProblemFile<'a> {
    format: &'static str,
    version: u64,
    architecture: &'a Architecture,
    scaler: &'a Scaler,
    schema: &'a Schema,
    training: &'a Provenance,
    points: Vec<&'a [f64]>,
    row_points: &'a [usize],
    row_classes: Vec<usize>,
    partition: Option<&'a [usize]>,
    claim: Claim,
}

#[derive(Serialize)]
struct Claim {
    bound: Option<u64>,
    loss: Option<u64>,
}

/// The folder, made before the run, once it is clear that there will be a proof.
pub fn prepare(path: &Path, problem: &Problem) -> Result<Folder, Failure> {
    omt::proof::supports(problem).map_err(|lack| Failure::Input(format!("--proof does not apply: {lack}")))?;
    let folder = Folder::create(path)?;
    // Nothing of an older proof may stand beside the new one.
    for name in ["problem.json", "network.json", "lemmas.jsonl", "formula.opb", "proof.pbp"] {
        for name in [name.to_owned(), format!("{name}.gz")] {
            let file = path.join(name);
            match fs::remove_file(&file) {
                Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Failure::file(&file, source));
                }
                _ => {}
            }
        }
    }
    Ok(folder)
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

/// Writes problem and network; returns the line of the report.
pub fn write(folder: &Folder, written: &Written, trained: &Trained, args: &TrainArgs) -> Result<String, Failure> {
    let Trained { prepared, problem, training, .. } = trained;
    let points = &problem.points;
    let provenance = model::provenance(trained, args);
    let file = ProblemFile {
        format: "heaviside-proof",
        version: 1,
        architecture: &problem.architecture,
        scaler: points.scaler(),
        schema: &prepared.data.schema,
        training: &provenance,
        points: (0..points.len()).map(|i| points.raw(i)).collect(),
        row_points: points.of_row(),
        row_classes: prepared.split.train.iter().map(|&row| prepared.data.labels[row]).collect(),
        partition: problem.partition.as_deref(),
        claim: Claim { bound: written.bound, loss: training.network.as_ref().map(|_| training.loss) },
    };
    let text = serde_json::to_string(&file).map_err(|error| Failure::Internal(error.to_string()))?;
    let save = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).map_err(|source| Failure::file(&path, source))
    };
    save("problem.json", &(text + "\n"))?;
    if let Some(network) = &training.network {
        let mut model = model::of(network, trained, args);
        // The folder proves its own bound, which a limit may have left below what the engine knows.
        model.claim.bound = written.bound.map_or(model.claim.bound, |bound| bound as f64);
        save("network.json", &model.to_json().map_err(Failure::Internal)?)?;
    }
    let bound = written
        .bound
        .map_or_else(|| "no network satisfies the constraints".to_owned(), |b| format!("loss at least {b}"));
    Ok(format!(
        "{}: {bound}; {}, {}, {:.1} MB",
        folder.path().display(),
        plural(written.lemmas, "lemma"),
        plural(written.steps, "step"),
        written.bytes as f64 / 1e6
    ))
}
