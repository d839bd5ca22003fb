//! The folder of a proof (`docs/certificate-format.md`): the problem, what proves the bound, and the network. `heaviside check
//! proof` reads it down to the data; strangers' programs read their parts of it.
//!
//! Entry point: [`Trainer::prove`](crate::Trainer::prove). The files of a run stand in a folder beside the target until the last of
//! them is written; then it takes the target's place.

mod boolean;
mod certificate;
mod folder;
mod problem;

pub use folder::FILES;
pub use problem::Source;

use crate::choice::EngineName;
use crate::error::Error;
use bdnn::{Limits, Model, Network, Problem, Progress, Training};
use folder::ProofFolder;
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
    /// Whether the proof's bound is the engine's, up to the rounding of floats.
    pub certifies: bool,
}

/// What is wanted of a proof folder.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) folder: PathBuf,
    pub(crate) compressed: bool,
}

/// What a run is about, for those who read its proof.
pub(crate) struct Subject<'a> {
    pub(crate) source: Source<'a>,
    pub(crate) problem: &'a Problem,
}

impl Wanted {
    /// Refuses what cannot be proven or may not be written to.
    pub(crate) fn check(&self, engine: EngineName, problem: &Problem) -> Result<(), Error> {
        if engine != EngineName::Milp {
            omt::proof::supports(problem).map_err(Error::Unprovable)?;
        }
        folder::check(&self.folder)
    }

    /// Trains and writes the folder; `model` makes the model of a network and the run.
    pub(crate) fn train(
        &self,
        engine: EngineName,
        subject: &Subject<'_>,
        (limits, start, progress): (&Limits, Option<&Network>, &dyn Progress),
        model: &dyn Fn(&Training) -> Option<Model>,
    ) -> Result<(Training, Proven), Error> {
        let place = ProofFolder::prepare(&self.folder)?;
        let train = if engine == EngineName::Milp { certificate::train } else { boolean::train };
        let (training, proven) = train(place.work(), self, subject, (limits, start, progress), model)?;
        place.publish()?;
        Ok((training, proven))
    }
}

/// Writes `network.json`. The folder proves its own bound, which a limit may have left below what the engine knows.
fn write_network(folder: &Path, model: Option<Model>, bound: Option<f64>) -> Result<(), Error> {
    let Some(mut model) = model else { return Ok(()) };
    model.claim.bound = bound.unwrap_or(model.claim.bound);
    Ok(model.write(&folder.join("network.json"))?)
}
