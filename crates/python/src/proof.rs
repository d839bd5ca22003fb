//! `check_proof`: whether a folder proves that no network of its shape has a smaller loss, by the checker, which shares no code with the
//! solver.

use crate::errors::{internal, of_file};
use crate::files;
use crate::watch;
use checker::network::{Binding, Loss, Norm, Options};
use checker::proof::{Folder, check, linear};
use checker::{Budget, Error, Rational, Source};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

/// What was checked.
#[derive(Serialize, Default)]
struct Report {
    /// Why it is not proven, if it is not.
    failure: Option<String>,
    /// Bounds, exact: as fractions. Without one, no network satisfies the conditions.
    bound: Option<String>,
    objective: Option<String>,
    loss: Option<u64>,
    epsilon: Option<String>,
    hidden: Vec<usize>,
    bias: bool,
    /// The largest absolute value of whole weights.
    whole_weights: Option<String>,
    loss_counts: &'static str,
    radius: Option<String>,
    norm: Option<&'static str>,
    l0: String,
    l1: String,
    /// Classes with a limit on their errors, and the most units of their rows that may be wrong.
    error_limits: Vec<(String, u64)>,
    /// What a unit is worth that losses and bounds count in.
    unit: Option<String>,
    rows: usize,
    points: usize,
    lemmas: Option<usize>,
    steps: usize,
    data_compared: bool,
    features: Vec<String>,
    classes: Vec<String>,
    data_sha256: String,
}

/// Checks a proof folder; the report as JSON, and what was raised meanwhile. With `data` (the file of the training rows) the points are
/// compared row by row.
#[pyfunction]
pub fn check_proof(
    py: Python<'_>,
    folder: PathBuf,
    data: Option<PathBuf>,
    drop_missing: bool,
) -> PyResult<(String, Option<PyErr>)> {
    let (report, raised) = watch::run(py, 1, None, |watch| {
        let stop = watch.flag();
        let budget = Budget::stopped_by(move || stop.load(Ordering::Relaxed).then(|| "it was interrupted".to_owned()));
        checked(&folder, data.as_deref(), drop_missing, &budget)
    })?;
    let report = match report {
        Ok(report) => report,
        Err(error) if error.leaves_unproven() => Report { failure: Some(error.to_string()), ..Report::default() },
        Err(error) => {
            let refused = || of_file(&error).unwrap_or_else(|| PyValueError::new_err(error.to_string()));
            return Err(raised.unwrap_or_else(refused));
        }
    };
    Ok((serde_json::to_string(&report).map_err(|error| internal(&error.to_string()))?, raised))
}

fn checked(folder: &Path, data: Option<&Path>, drop_missing: bool, budget: &Budget) -> Result<Report, Error> {
    let file = |name: &str| open(folder, name, budget);
    let data = match data {
        Some(path) => {
            let options = Options { drop_missing, header: None, lines: None };
            Some((opened(path, budget)?, options))
        }
        None => None,
    };
    let network = place(folder, "network.json").exists().then(|| file("network.json")).transpose()?;
    if place(folder, "model.mps").exists() {
        let (problem, model, certificate) = (file("problem.json")?, file("model.mps")?, file("certificate.vipr")?);
        return linear::check(linear::Folder { problem, model, certificate, network, data }).map(Report::linear);
    }
    let (problem, lemmas) = (file("problem.json")?, file("lemmas.jsonl")?);
    let (formula, proof) = (file("formula.opb")?, file("proof.pbp")?);
    check(Folder { problem, lemmas, formula, proof, network, data }).map(Report::boolean)
}

/// The file of this name in the folder, or the packed one beside it.
fn place(folder: &Path, name: &str) -> PathBuf {
    let packed = folder.join(format!("{name}.gz"));
    if packed.exists() { packed } else { folder.join(name) }
}

fn open(folder: &Path, name: &str, budget: &Budget) -> Result<Source<'static>, Error> {
    let (plain, packed) = (folder.join(name), folder.join(format!("{name}.gz")));
    if plain.exists() && packed.exists() {
        let file = folder.display().to_string();
        let what = format!("both {name} and {name}.gz; remove one");
        return Err(Error::Malformed { file, line: 0, what });
    }
    opened(&place(folder, name), budget)
}

fn opened(path: &Path, budget: &Budget) -> Result<Source<'static>, Error> {
    files::open(path, budget).map_err(|reason| Error::Unreadable { file: path.display().to_string(), reason })
}

impl Report {
    fn boolean(report: checker::proof::Report) -> Self {
        let objective = report.loss.map(Rational::from);
        Self {
            bound: report.bound.map(|bound| bound.to_string()),
            objective: objective.as_ref().map(ToString::to_string),
            loss: report.loss,
            rows: report.rows,
            points: report.points,
            lemmas: Some(report.lemmas),
            steps: report.proof.derived,
            data_compared: report.data_compared,
            ..Self::of(report.binding)
        }
    }

    fn linear(report: linear::Report) -> Self {
        Self {
            bound: report.bound.as_ref().map(ToString::to_string),
            objective: report.objective.as_ref().map(ToString::to_string),
            loss: report.loss,
            rows: report.rows,
            points: report.points,
            steps: report.certificate.derivations,
            data_compared: report.data_compared,
            ..Self::of(report.binding)
        }
    }

    fn of(binding: Binding) -> Self {
        let Binding { features, classes, data_sha256, conditions, weights, .. } = binding;
        let name = |class: usize| classes.get(class).cloned().unwrap_or_default();
        let robust = conditions.robust.as_ref();
        Self {
            epsilon: conditions.epsilon.as_ref().map(ToString::to_string),
            radius: robust.map(|(_, radius)| radius.to_string()),
            norm: robust.map(|(norm, _)| match norm {
                Norm::Linf => "linf",
                Norm::L1 => "l1",
            }),
            l0: conditions.l0.to_string(),
            l1: conditions.l1.to_string(),
            error_limits: conditions.error_limits.iter().map(|&(class, most)| (name(class), most)).collect(),
            hidden: conditions.hidden,
            bias: conditions.bias,
            whole_weights: conditions.whole_weights.map(|largest| largest.to_string()),
            loss_counts: match conditions.loss {
                Loss::Hamming => "hamming",
                Loss::ZeroOne => "zero-one",
            },
            unit: weights.map(|weights| weights.unit),
            features,
            classes,
            data_sha256,
            ..Self::default()
        }
    }
}
