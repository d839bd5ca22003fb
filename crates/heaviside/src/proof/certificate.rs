//! The proof of the MILP engine: the formulation and the certificate of the run on it.

use super::problem::Source;
use super::terms::{Proven, Wanted, write_network};
use crate::error::Error;
use crate::tolerances::{BELOW, SAME_BOUND};
use bdnn::pack::Packer;
use bdnn::{Model, Problem, Request, Status, Training};
use budget::Instant;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Bytes written between two looks at the limits.
const PIECE: usize = 1 << 18;
/// Seconds that writing a certificate may take beyond the limit, which time was kept back from: enough for small ones.
const GRACE: f64 = 0.1;
/// Seconds that it may take after an interrupt.
const PATIENCE: f64 = 0.4;

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
    let budget = bdnn::Budget::new(request.limits, request.progress);
    let stop = || budget.stop();
    let problem_file = source.begin(work, problem, &stop)?;
    let limits = request.limits.after(began.elapsed().as_secs_f64());
    // A failure to write is kept until the engine is back.
    let mut failure = None;
    let mut built = |program: &milp::Model, within: &milp::Budget<'_>| {
        let Some(text) = milp::io::to_mps_within(program, within)? else { return Ok(false) };
        let written = write(&program_file, wanted.compressed, |out| {
            let mut pieces = text.as_bytes().chunks(PIECE);
            pieces.try_for_each(|piece| if within.ask().is_some() { Ok(()) } else { out.write_all(piece) })
        });
        failure = written.map_err(|e| Error::file(&program_file, e)).err();
        Ok(failure.is_none() && within.over().is_none())
    };
    let (mut training, proof) = formulation::train_with_proof(request.with_limits(&limits), (work, &mut built))?;
    failure.map_or(Ok(()), Err)?;
    let (Some(problem_file), Some(proof)) = (problem_file, proof) else { return Ok((training, None)) };
    let formulation::Proof { model: program, certificate } = proof;
    // Of a limit something is left for this; after an interrupt somebody waits.
    let patience = if request.progress.should_stop() { PATIENCE } else { request.limits.time + GRACE };
    let waited = Instant::now();
    let since = if request.progress.should_stop() { waited } else { began };
    let late = || since.elapsed().as_secs_f64() >= patience;
    let within = milp::Budget::default().stopped_by(&late);
    let written =
        write(&certificate_file, wanted.compressed, |out| match certificate.write_within(&program, out, &within) {
            Err(milp::Error::Io { source, .. }) => Err(source),
            proven => Ok(proven),
        });
    let proven = match written {
        Err(source) if source.kind() == ErrorKind::Interrupted => return Ok((training, None)),
        written => written.map_err(|source| Error::file(&certificate_file, source))??,
    };
    let bound = claim(&proven, problem);
    // What closed the certificate may have raised the bound of the search.
    if let (Some(bound), Some(_)) = (bound, &training.network) {
        training = training.with_bound(bound, request.limits.gap);
    }
    problem_file.end(&training, bound)?;
    // That there is no network certifies every bound.
    let same = |claimed: f64| SAME_BOUND * claimed.abs().max(1.0);
    let certifies =
        bound.is_none_or(|bound| training.bound.is_finite() && bound >= training.bound - same(training.bound));
    write_network(work, model(&training), bound, (!certifies).then_some(Status::Unresolved))?;
    let size = |file: &PathBuf| fs::metadata(file).map_or(0, |data| data.len());
    let proven = Proven {
        folder: wanted.folder.clone(),
        bound,
        lemmas: None,
        steps: proven.derivations,
        bytes: size(&program_file) + size(&certificate_file),
        compressed: wanted.compressed,
        certifies,
    };
    Ok((training, Some(proven)))
}

/// Writes a file, packed or not, with what `fill` writes.
fn write<T>(path: &Path, packed: bool, fill: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
    let mut out = Packer::fast(BufWriter::new(File::create(path)?), packed);
    let filled = fill(&mut out)?;
    out.finish()?.flush()?;
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
