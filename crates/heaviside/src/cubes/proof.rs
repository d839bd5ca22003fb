//! The parts of a proof that workers write, and the proof of all of them.

use super::file::{Format, read, read_if_there, to_bytes, write};
use super::files::recount;
use super::problem::Known;
use super::terms::Term;
use super::tree::CubeFile;
use crate::error::Error;
use crate::proof::{ProofFolder, Proven, Source};
use bdnn::{Companion, Model, Network, Request, Status, Training};
use omt::cubes::Cube;
use omt::proof::{CasePart, Folder, Part, Piece};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// The file of a part that says what it holds.
const PART: &str = "part.json";

/// The content of `part.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PartFile {
    problem: String,
    cube: String,
    terms: Vec<Term>,
    /// The loss of the best network known to the worker: what is refuted is refuted below it.
    loss: Option<u64>,
    /// Whether nothing is left to prove.
    closed: bool,
    cases: Vec<CaseFile>,
    learned: u32,
    counts: u32,
}

/// A case of a part.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    function: usize,
    refuted: bool,
    bound: u64,
}

impl Format for PartFile {
    const FORMAT: &'static str = "heaviside-cube-proof";
}

/// Trains over a cube, and writes its part of the proof in the place of an earlier one.
pub(super) fn train(
    request: Request<'_>,
    cube: &Cube,
    (known, file): (&Known, &CubeFile),
    place: &Path,
    others: &mut dyn Companion,
) -> Result<Training, Error> {
    let parent = place.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."));
    let failed = |source| Error::file(place, source);
    let beside = tempfile::Builder::new().prefix(".heaviside-part-").tempdir_in(parent).map_err(failed)?;
    let work = beside.path().join("part");
    let folder = Folder::create(&work, false)?;
    let (training, part) = omt::proof::train_part(request, cube, &folder, Some(others))?;
    let Some(part) = part else { return Ok(training) };
    let case = |case: CasePart| CaseFile { function: case.function, refuted: case.refuted, bound: case.bound };
    let part = PartFile {
        problem: known.sha256.clone(),
        cube: file.cube.clone(),
        terms: file.terms.clone(),
        loss: training.network.as_ref().map(|_| training.loss),
        closed: matches!(training.status, Status::Optimal | Status::Infeasible),
        cases: part.cases.into_iter().map(case).collect(),
        learned: part.learned,
        counts: part.counts,
    };
    write(&work.join(PART), &to_bytes(&part)?)?;
    let there = read_if_there::<PartFile>(&place.join(PART)).ok().flatten();
    if !part.closed
        && there.is_some_and(|there| there.closed && (&there.problem, &there.terms) == (&part.problem, &part.terms))
    {
        return Ok(training);
    }
    // Another worker on the same cube may come in between: then one of both parts stays.
    for earlier in ["earlier", "later"] {
        match fs::rename(&work, place) {
            Err(error) if matches!(error.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists) => {
                let _ = fs::rename(place, beside.path().join(earlier));
            }
            renamed => return renamed.map(|()| training).map_err(failed),
        }
    }
    fs::rename(&work, place).map(|()| training).map_err(failed)
}

/// Whether the part that stands there is that of a search that came to its end. Results are joined from several sittings, parts are not: one that ended early may have taken the
/// place of another.
pub(super) fn is_closed(place: &Path) -> bool {
    read_if_there::<PartFile>(&place.join(PART)).ok().flatten().is_some_and(|part| part.closed)
}

/// The part of a cube with the loss below which it refutes, if it was written and fits; refused if it is of another cube.
pub(super) fn part(place: &Path, known: &Known, terms: &[Term]) -> Result<Option<(Piece, Option<u64>)>, Error> {
    let path = place.join(PART);
    if !path.is_file() {
        return Ok(None);
    }
    let file: PartFile = read(&path)?;
    if file.problem != known.sha256 || file.terms != terms {
        return Err(Error::Contradiction(format!(
            "{}: is a proof of another cube than the one of its name",
            path.display()
        )));
    }
    let case = |case: CaseFile| CasePart { function: case.function, refuted: case.refuted, bound: case.bound };
    let part = Part { cases: file.cases.into_iter().map(case).collect(), learned: file.learned, counts: file.counts };
    Ok(Some((Piece::Part(place.to_path_buf(), part), file.loss)))
}

/// Writes the proof folder of all parts.
pub(super) fn write_all(
    known: &Known,
    pieces: &[Piece],
    best: Option<&Network>,
    target: &Path,
    stop: &bdnn::Stop<'_>,
) -> Result<Option<Proven>, Error> {
    let place = ProofFolder::prepare(target)?;
    let work = place.work();
    let folder = Folder::create(work, false)?;
    let units = known.units.as_ref().map(|units| &units.of_row[..]);
    let rows = known.data.all();
    let source = Source { data: &known.data, rows: &rows, units, provenance: known.file.training.clone() };
    let Some(begun) = source.begin(work, &known.problem, stop)? else { return Ok(None) };
    let Some(written) = omt::proof::merge(&known.problem, pieces, best, &folder, stop)? else { return Ok(None) };
    let bound = written.bound.map(|bound| bound as f64);
    let loss = best.map(|network| recount(known, network)).transpose().map_err(Error::Internal)?;
    let training = Training {
        status: if written.bound == loss { Status::Optimal } else { Status::NodeLimit },
        network: best.cloned(),
        loss: loss.unwrap_or(0),
        objective: loss.map_or(f64::INFINITY, |loss| loss as f64),
        bound: bound.unwrap_or(f64::INFINITY),
        statistics: bdnn::Statistics::default(),
    };
    begun.end(&training, written.bound)?;
    let model: Option<Model> = known.model(&training);
    crate::proof::write_network(work, model, bound, None)?;
    place.publish()?;
    Ok(Some(Proven {
        folder: target.to_path_buf(),
        bound,
        lemmas: Some(written.lemmas),
        steps: written.steps,
        bytes: written.bytes,
        compressed: false,
        certifies: true,
    }))
}
