//! From what engines log to files for the proof kernel. Nobody has to trust this crate: the kernel checks what it writes.
//!
//! Entry point: [`elaborate`]. It reads the files of a proof folder of `train --proof` (`docs/certificate-format.md`) and writes a kernel file
//! (`docs/kernel.md`). Lemmas get whole multipliers and stand where they are needed first; propagations get their hints in the order in which each has
//! something to say; what introduces a variable becomes a definition; witnesses, which name every variable, become exchanges of neurons.

mod error;
mod lemmas;
mod names;
mod polish;
mod problem;
mod propagate;
mod state;
mod steps;
mod symmetry;

pub use error::Error;

use kernel::problem::Problem;
use kernel::structure::Structure;
use kernel::tokens::Tokens;
use std::io::Write;

/// The contents of a proof folder of the conflict-driven engine, unpacked. Its `formula.opb` is not needed, for the kernel generates the formula itself.
#[derive(Clone, Copy, Debug)]
pub struct Folder<'f> {
    /// `problem.json`
    pub problem: &'f str,
    /// `lemmas.jsonl`
    pub lemmas: &'f str,
    /// `proof.pbp`
    pub proof: &'f str,
    /// `network.json`, if it is there
    pub network: Option<&'f str>,
}

/// The beginning of the kernel file of a folder, up to its steps: the problem of `problem.json` with the network of `network.json`, if there is one.
///
/// # Errors
/// [`Error::Malformed`]
pub fn problem(problem: &str, network: Option<&str>) -> Result<String, Error> {
    problem::write(
        &read("problem.json", problem)?,
        network.map(|text| read("network.json", text)).transpose()?.as_ref(),
    )
}

fn read(file: &'static str, text: &str) -> Result<serde_json::Value, Error> {
    serde_json::from_str(text).map_err(|error| Error::Malformed { file, what: error.to_string() })
}

/// Writes the kernel file of a folder; `stop` is asked at each step. Cost: about that of the propagations that the proof logs without hints.
///
/// # Errors
/// [`Error`]: where the folder is not one of the conflict-driven engine, or uses what the kernel does not know.
pub fn elaborate(folder: Folder<'_>, out: &mut dyn Write, stop: &dyn Fn() -> bool) -> Result<(), Error> {
    let text = problem(folder.problem, folder.network)?;
    out.write_all(text.as_bytes())?;
    let refused = |fault: kernel::fault::Fault| Error::Problem(fault.to_string());
    // The budget of a file grows with its size, of which the steps are a part.
    let mut tokens = Tokens::new(&text, text.len() + folder.proof.len());
    let problem = Problem::read(&mut tokens).map_err(refused)?;
    let structure = Structure::new(&problem, &tokens.budget).map_err(refused)?;
    let lemmas = lemmas::read(folder.lemmas, &problem)?;
    let mut state = state::State::new(&problem, &structure, lemmas, out).map_err(refused)?;
    for (number, line) in folder.proof.lines().enumerate() {
        if stop() {
            return Err(Error::Stopped);
        }
        steps::step(&mut state, line).map_err(|fault| fault.at(number + 1))?;
    }
    Ok(())
}
