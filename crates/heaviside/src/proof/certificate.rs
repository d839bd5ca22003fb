//! The proof of the MILP engine: the formulation and the certificate of the run on it.

use super::terms::{Proven, Subject, Wanted, write_network};
use crate::error::Error;
use crate::tolerances::{BELOW, SAME_BOUND};
use bdnn::{Limits, Model, Network, Problem, Progress, Training};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

pub(super) fn train(
    work: &Path,
    wanted: &Wanted,
    subject: &Subject<'_>,
    (limits, start, progress): (&Limits, Option<&Network>, &dyn Progress),
    model: &dyn Fn(&Training) -> Option<Model>,
) -> Result<(Training, Proven), Error> {
    let problem = subject.problem;
    let (training, proof) = formulation::train_with_proof(problem, limits, start, progress, work)?;
    let formulation::Proof { model: program, certificate } = proof;
    let file = |name: &str| work.join(if wanted.compressed { format!("{name}.gz") } else { name.to_owned() });
    let (program_file, certificate_file) = (file("model.mps"), file("certificate.vipr"));
    let text = milp::io::to_mps(&program)?;
    write(&program_file, wanted.compressed, |out| {
        out.write_all(text.as_bytes()).map_err(|e| Error::file(&program_file, e))
    })?;
    let proven = write(&certificate_file, wanted.compressed, |out| Ok(certificate.write(&program, out)?))?;
    let bound = claim(&proven, problem);
    subject.source.write(work, problem, &training, bound)?;
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
        certifies: bound.unwrap_or(f64::INFINITY) >= claimed - SAME_BOUND * claimed.abs().max(1.0),
    };
    Ok((training, proven))
}

/// Writes a file, packed or not, with what `fill` writes.
fn write<T>(path: &Path, packed: bool, fill: impl FnOnce(&mut dyn Write) -> Result<T, Error>) -> Result<T, Error> {
    let failed = |source: io::Error| Error::file(path, source);
    let mut out = BufWriter::new(File::create(path).map_err(failed)?);
    let filled = if packed {
        let mut encoder = GzEncoder::new(&mut out, Compression::default());
        let filled = fill(&mut encoder)?;
        encoder.finish().map_err(failed)?;
        filled
    } else {
        fill(&mut out)?
    };
    out.flush().map_err(failed)?;
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
