//! The certificate of a run of `solve`: written, checked by code that shares nothing with the solver, and only then named.
//!
//! Entry point: [`write`]. What the checker refuses gets no name: it would be a bug.

use crate::errors::{internal, of_file, of_solver};
use crate::files;
use checker::certificate::Claim;
use checker::{Budget, Error, Format, Source};
use flate2::Compression;
use flate2::write::GzEncoder;
use milp::{Certificate, Model, Outcome};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Serialize;
use std::io::{self, BufReader, BufWriter, Seek, Write};
use std::path::Path;

/// What a certificate proves; bounds with the constant of the objective, null where there are none.
#[derive(Serialize)]
pub struct Written {
    path: String,
    claim: &'static str,
    lower: Option<f64>,
    upper: Option<f64>,
    derivations: u64,
    /// Whether the checker has accepted it; if not, why it could not come to an end.
    checked: bool,
    unfinished: Option<String>,
    /// Whether it proves the status of the run and, up to the rounding of floats, its bound.
    proves_status: bool,
}

/// The folder that a file is in.
pub fn folder(target: &Path) -> &Path {
    target.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

/// Writes the certificate to `target`, packed if its name ends in `.gz`. The model comes with the file or the text it was read from.
pub fn write(
    (model, source): (&Model, (Option<&Path>, &str)),
    outcome: &Outcome,
    certificate: Certificate,
    target: &Path,
) -> PyResult<Written> {
    let failed = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", target.display()));
    let mut plain = tempfile::tempfile_in(folder(target)).map_err(failed)?;
    let mut out = BufWriter::new(&plain);
    let proven = certificate.write(model, &mut out).map_err(|error| of_solver(&error))?;
    out.flush().map_err(failed)?;
    drop(out);
    plain.rewind().map_err(failed)?;
    let accepted = check(source, target, BufReader::new(plain.try_clone().map_err(failed)?));
    let unfinished = match accepted {
        Ok(claim) if claim == (proven.infeasible, proven.unbounded) => None,
        Ok(_) => return Err(internal("the certificate claims another thing than its writer")),
        Err(error) if error.is_refutation() => {
            return Err(internal(&format!("the certificate fails its check: {error}")));
        }
        Err(error) if error.leaves_unproven() => Some(error.to_string()),
        Err(error) => return Err(of_file(&error).unwrap_or_else(|| PyValueError::new_err(error.to_string()))),
    };
    plain.rewind().map_err(failed)?;
    let named = tempfile::NamedTempFile::new_in(folder(target)).map_err(failed)?;
    copy(&plain, named.as_file(), target.extension().is_some_and(|end| end == "gz")).map_err(failed)?;
    named.persist(target).map_err(|error| failed(error.error))?;
    Ok(Written {
        path: target.display().to_string(),
        claim: proven.claim(),
        lower: proven.lower,
        upper: proven.upper,
        derivations: proven.derivations,
        checked: unfinished.is_none(),
        unfinished,
        proves_status: proven.confirms(model, outcome),
    })
}

fn copy(plain: &std::fs::File, out: &std::fs::File, packed: bool) -> io::Result<()> {
    let mut from = BufReader::new(plain);
    if packed {
        let mut packer = GzEncoder::new(BufWriter::new(out), Compression::default());
        io::copy(&mut from, &mut packer)?;
        packer.finish()?.flush()
    } else {
        let mut out = BufWriter::new(out);
        io::copy(&mut from, &mut out)?;
        out.flush()
    }
}

/// Whether what is accepted is infeasibility, or that there is no bound.
fn check(
    (path, text): (Option<&Path>, &str),
    target: &Path,
    certificate: impl io::BufRead,
) -> Result<(bool, bool), Error> {
    let budget = Budget::default();
    let model = match path {
        Some(path) => {
            let name = path.display().to_string();
            let opened = files::open(path, &budget);
            let opened = opened.map_err(|reason| Error::Unreadable { file: name.clone(), reason })?;
            checker::Model::read(opened, Format::of_name(&name))?
        }
        None => checker::Model::read(Source::new("the model", text.as_bytes()).within(&budget), None)?,
    };
    let certificate = Source::new(target.display().to_string(), certificate).within(&budget);
    let claim = checker::certificate::check(&model, certificate)?.claim;
    Ok((claim == Claim::Infeasible, claim == Claim::Unbounded))
}
