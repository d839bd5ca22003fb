//! What is wanted of a proof, and what comes of it.

use crate::error::Error;
use bdnn::{Model, Status};
use std::path::{Path, PathBuf};

/// What a proof folder holds in the end.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Proven {
    /// Where it is.
    pub folder: PathBuf,
    /// What is proven: no network has a smaller objective. `None` if no network satisfies the problem.
    pub bound: Option<f64>,
    /// With the conflict-driven engine.
    pub lemmas: Option<u64>,
    /// Steps of the proof, or derivations of the certificate.
    pub steps: u64,
    /// On disk, of what proves the bound.
    pub bytes: u64,
    /// Whether files are packed (gzip).
    pub compressed: bool,
    /// Whether the proof's bound is the engine's, up to the rounding of floats. A limit of time may leave less time for the proof than it takes.
    pub certifies: bool,
}

/// What is wanted of a proof folder.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) folder: PathBuf,
    pub(crate) compressed: bool,
}

/// Writes `network.json`. The folder proves its own bound, which a limit may have left below what the engine knows: `short` is then the status that an
/// optimum has here.
pub(crate) fn write_network(
    folder: &Path,
    model: Option<Model>,
    bound: Option<f64>,
    short: Option<Status>,
) -> Result<(), Error> {
    let Some(mut model) = model else { return Ok(()) };
    model.claim.bound = bound.unwrap_or(model.claim.bound);
    let closed = [Status::Optimal, Status::WithinGap].contains(&model.claim.status);
    model.claim.status = short.filter(|_| closed).unwrap_or(model.claim.status);
    Ok(model.write(&folder.join("network.json"))?)
}
