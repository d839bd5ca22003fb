//! The folder of a proof (`docs/certificate-format.md`): the problem, what proves the bound, and the network. `heaviside check
//! proof` reads it down to the data; strangers' programs read their parts of it.
//!
//! Entry point: [`Trainer::prove`](crate::Trainer::prove). The files of a run stand in a folder beside the target until the last of
//! them is written; then it takes the target's place.

mod boolean;
mod certificate;
mod folder;
mod problem;
mod terms;

pub(crate) use folder::ProofFolder;
pub use folder::{FILES, unfinished};
pub use problem::{Begun, Source};
pub use terms::Proven;
pub(crate) use terms::{Wanted, write_network};

use crate::choice::EngineName;
use crate::error::Error;
use bdnn::{Model, Problem, Request, Training};

impl Wanted {
    /// Refuses what cannot be proven or may not be written to.
    pub(crate) fn check(&self, engine: EngineName, problem: &Problem) -> Result<(), Error> {
        if engine != EngineName::Milp {
            omt::proof::supports(problem).map_err(Error::Unprovable)?;
        }
        folder::check(&self.folder)
    }

    /// Trains and writes the folder, unless the run ends before its search begins; `model` makes the model of a network and the run.
    pub(crate) fn train(
        &self,
        engine: EngineName,
        source: &Source<'_>,
        request: Request<'_>,
        model: &dyn Fn(&Training) -> Option<Model>,
    ) -> Result<(Training, Option<Proven>), Error> {
        let place = ProofFolder::prepare(&self.folder)?;
        let train = if engine == EngineName::Milp { certificate::train } else { boolean::train };
        let (training, proven) = train(place.work(), self, source, request, model)?;
        if proven.is_some() {
            place.publish()?;
        }
        Ok((training, proven))
    }
}
