//! The proof of the MILP engine: the formulation and the certificate of the run on it.

use super::problem::Source;
use super::terms::{Proven, Wanted, write_network};
use crate::error::Error;
use crate::tolerances::{BELOW, SAME_BOUND};
use bdnn::pack::Packer;
use bdnn::{Model, Problem, Request, Training};
use budget::Instant;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

pub(super) fn train(
    work: &Path,
    wanted: &Wanted,
    source: &Source<'_>,
    request: Request<'_>,
    model: &dyn Fn(&Training) -> Option<Model>,
) -> Result<(Training, Option<Proven>), Error> {
    let problem = request.problem;
    let file = |name: &str| work.join(if wanted.compressed { format!("{name}.gz") } else { name.to_owned() });
    let (program_file, certificate_file) = (file("model.mps"), file("certificate.vipr"));
    let began = Instant::now();
    let problem_file = source.begin(work, problem)?;
    let limits = request.limits.after(began.elapsed().as_secs_f64());
    // A failure to write is kept until the engine is back.
    let mut failure = None;
    let mut built = |program: &milp::Model| {
        let text = milp::io::to_mps(program)?;
        let written = write(&program_file, wanted.compressed, |out| {
            out.write_all(text.as_bytes()).map_err(|e| Error::file(&program_file, e))
        });
        failure = written.err();
        Ok(())
    };
    let (training, proof) = formulation::train_with_proof(request.with_limits(&limits), (work, &mut built))?;
    failure.map_or(Ok(()), Err)?;
    let Some(formulation::Proof { model: program, certificate }) = proof else { return Ok((training, None)) };
    let proven = write(&certificate_file, wanted.compressed, |out| Ok(certificate.write(&program, out)?))?;
    let bound = claim(&proven, problem);
    problem_file.end(&training, bound)?;
    write_network(work, model(&training), bound)?;
    let size = |file: &PathBuf| fs::metadata(file).map_or(0, |data| data.len());
    let claimed = training.bound;
    let proven = Proven {
        folder: wanted.folder.clone(),
        bound,
        lemmas: None,
        steps: proven.derivations,
        bytes: size(&program_file) + size(&certificate_file),
        compressed: wanted.compressed,
        // That there is no network certifies every bound.
        certifies: bound
            .is_none_or(|bound| claimed.is_finite() && bound >= claimed - SAME_BOUND * claimed.abs().max(1.0)),
    };
    Ok((training, Some(proven)))
}

/// Writes a file, packed or not, with what `fill` writes.
fn write<T>(path: &Path, packed: bool, fill: impl FnOnce(&mut dyn Write) -> Result<T, Error>) -> Result<T, Error> {
    let failed = |source: io::Error| Error::file(path, source);
    let mut out = Packer::new(BufWriter::new(File::create(path).map_err(failed)?), packed);
    let filled = fill(&mut out)?;
    out.finish().and_then(|mut out| out.flush()).map_err(failed)?;
    Ok(filled)
}

/// The bound that the folder claims for every network with the margin; `None` if there is none.
fn claim(proven: &milp::Proven, problem: &Problem) -> Option<f64> {
    if proven.infeasible {
        return None;
    }
    let bound = proven.lower.unwrap_or(0.0);
    let bound = if problem.l0 == 0.0 && problem.l1 == 0.0 {
        (bound - SAME_BOUND).ceil()
    } else {
        bound - BELOW * bound.abs().max(1.0)
    };
    Some(bound.max(0.0))
}
