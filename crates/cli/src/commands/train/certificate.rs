//! `train --method milp --proof DIR` (`docs/certificate-format.md`): the problem, its formulation, the certificate of the run on
//! it, and the network.

use super::report::ProofJson;
use super::{Proven, TrainArgs, Trained, model, problem};
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

/// How far below the nearest float, relative to it (from 1 on), a bound that need not be whole is claimed, so that it is not
/// above the exact one.
const BELOW: f64 = 1e-12;

/// Where the files go.
pub struct Folder {
    path: PathBuf,
    packed: bool,
}

impl Folder {
    /// In a folder that is there.
    pub fn new(path: &Path, packed: bool) -> Self {
        Self { path: path.to_path_buf(), packed }
    }

    /// A file of this name, or packed with `.gz` after it.
    fn file(&self, name: &str) -> Result<OutputFile, Failure> {
        OutputFile::prepare(&self.path.join(if self.packed { format!("{name}.gz") } else { name.to_owned() }))
    }
}

/// Trains; the certificate is in a temporary file of the folder until [`write()`].
pub fn train(
    folder: &Folder,
    problem: &Problem,
    limits: &Limits,
    start: Option<&Network>,
    progress: &dyn Progress,
) -> Result<(Training, Proof), Failure> {
    Ok(milp_training::train_with_proof(problem, limits, start, progress, &folder.path)?)
}

/// Writes problem, model, certificate and network; `target` is where the folder will be.
pub fn write(
    folder: &Folder,
    target: &Path,
    proof: Proof,
    trained: &Trained,
    args: &TrainArgs,
    console: &Console,
) -> Result<Proven, Failure> {
    let Proof { model, certificate } = proof;
    let text = milp::io::to_mps(&model)?;
    let written = folder.file("model.mps")?;
    written.write_packed(text.as_bytes())?;
    let derived = folder.file("certificate.vipr")?;
    let proven = derived.write_streamed(|out| certificate.write(&model, out))??;
    let claim = claim(&proven, trained);
    problem::write(&folder.path, trained, args, claim)?;
    if let Some(network) = &trained.training.network {
        let mut model = model::of(network, trained, args);
        // The folder proves its own bound, which a limit may have left below what the engine knows.
        model.claim.bound = claim.unwrap_or(model.claim.bound);
        let text = model.to_json().map_err(Failure::Internal)?;
        OutputFile::prepare(&folder.path.join("network.json"))?.write(|out| out.write_all(text.as_bytes()))?;
    }
    let claimed = trained.training.bound;
    let bound = claim.unwrap_or(f64::INFINITY);
    let certifies = bound >= claimed - SAME_BOUND * claimed.abs().max(1.0);
    if !certifies {
        let (bound, claimed) = (format::precise(bound), format::precise(claimed));
        console.warn(&format!("exact arithmetic could not certify the bound {claimed}: the proof says {bound}"));
    }
    let shown = claim.map_or_else(
        || "no network satisfies the constraints".to_owned(),
        |bound| format!("objective at least {}", format::precise(bound)),
    );
    let bytes = |file: &OutputFile| fs::metadata(file.path()).map_or(0, |data| data.len());
    let json = ProofJson {
        folder: target.to_path_buf(),
        bound: claim,
        lemmas: None,
        steps: proven.derivations,
        bytes: bytes(&written) + bytes(&derived),
        compressed: folder.packed,
    };
    let summary = format!("{}: {shown}; {}", target.display(), plural(proven.derivations, "derivation"));
    Ok(Proven { json, summary, checks: format!("heaviside check proof {}", target.display()) })
}

/// The bound that the folder claims for every network with the margin; `None` if there is none.
fn claim(proven: &milp::Proven, trained: &Trained) -> Option<f64> {
    if proven.infeasible {
        return None;
    }
    let problem = trained.problem;
    let bound = proven.lower.unwrap_or(0.0);
    let bound = if problem.l0 == 0.0 && problem.l1 == 0.0 {
        (bound - SAME_BOUND).ceil()
    } else {
        bound - BELOW * bound.abs().max(1.0)
    };
    Some(bound.max(0.0))
}
