//! `solve`: a linear or mixed-integer model from a file or a text.

use crate::certify::{self, Written};
use crate::errors::{exception, of_solver};
use crate::options::{self, LimitOptions};
use crate::watch::{self, Watch};
use heaviside::{Error, Limits, SearchRow};
use milp::io::Reading;
use milp::{Certificate, Control, Model, Options, Outcome};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What is solved, and how.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SolveOptions {
    /// The file, or where there is none the text.
    path: Option<PathBuf>,
    text: Option<String>,
    /// Values by column; others are 0.
    start: Option<BTreeMap<String, f64>>,
    /// Where to write a certificate.
    certificate: Option<PathBuf>,
    mip_abs_gap: Option<f64>,
    limits: LimitOptions,
}

/// The end of a run; numbers that are infinite are null.
#[derive(Serialize)]
struct End<'a> {
    status: &'static str,
    verified: &'static str,
    objective: Option<f64>,
    bound: f64,
    gap: f64,
    nodes: u64,
    lp_iterations: u64,
    seconds: f64,
    primal_dual_integral: f64,
    max_bound_violation: f64,
    max_row_violation: f64,
    max_integrality_violation: f64,
    maximise: bool,
    columns: Vec<&'a str>,
    values: Option<&'a [f64]>,
    warnings: Vec<String>,
    certificate: Option<Written>,
}

impl Control for &Watch {
    fn should_stop(&self) -> bool {
        self.stopped()
    }

    fn judges(&self) -> bool {
        false
    }

    fn progress(&mut self, row: &SearchRow) {
        self.tell(row);
    }
}

/// Solves; what came of it as JSON, and what was raised meanwhile.
#[pyfunction]
pub fn solve(py: Python<'_>, options: &str, callback: Option<Bound<'_, PyAny>>) -> PyResult<(String, Option<PyErr>)> {
    let options: SolveOptions = options::read(options)?;
    if let Some(name) = options.limits.names().find(|name| !name.starts_with("milp.")) {
        let message = format!("{name}: the MILP solver's parameters begin with 'milp.'");
        return Err(PyValueError::new_err(message));
    }
    let limits = options.limits.limits().map_err(|error| exception(&Error::Setting(error)))?;
    let (done, raised) = watch::run(py, 1, callback.as_ref(), |watch| run(&options, &limits, watch))?;
    Ok((done?, raised))
}

fn run(asked: &SolveOptions, limits: &Limits, watch: &Watch) -> PyResult<String> {
    let began = Instant::now();
    let Reading { model, warnings } = match (&asked.path, &asked.text) {
        (Some(path), _) => milp::io::read(path),
        (None, text) => milp::io::parse(text.as_deref().unwrap_or_default(), None, Path::new("the model")),
    }
    .map_err(|error| of_solver(&error))?;
    let name = asked.path.as_ref().map_or_else(|| "the model".to_owned(), |path| path.display().to_string());
    let warnings = warnings.iter().map(|warning| format!("{name}:{}: {}", warning.line, warning.message)).collect();
    let search = Options {
        time_limit: limits.after(began.elapsed().as_secs_f64()).time,
        memory_limit: limits.memory,
        node_limit: limits.nodes,
        mip_rel_gap: limits.gap,
        mip_abs_gap: asked.mip_abs_gap,
        threads: limits.threads,
        seed: limits.seed,
        start: asked.start.as_ref().map(|start| point(&model, start)).transpose()?,
        parameters: limits.settings.of(),
        ..Options::default()
    };
    let mut control = watch;
    let (outcome, written) = match &asked.certificate {
        None => (milp::solve(&model, &search, &mut control).map_err(|error| of_solver(&error))?, None),
        Some(target) => {
            let mut certificate =
                Certificate::new(&model, certify::folder(target)).map_err(|error| of_solver(&error))?;
            let outcome = milp::solve_certified(&model, &search, &mut control, &mut certificate);
            let outcome = outcome.map_err(|error| of_solver(&error))?;
            let source = (asked.path.as_deref(), asked.text.as_deref().unwrap_or_default());
            let written = certify::write((&model, source), &outcome, certificate, target)?;
            (outcome, Some(written))
        }
    };
    end(&model, &outcome, warnings, written)
}

/// A start, from the values of some columns.
fn point(model: &Model, start: &BTreeMap<String, f64>) -> PyResult<Vec<f64>> {
    let known: BTreeMap<&str, usize> =
        model.variables.iter().enumerate().map(|(j, var)| (var.name.as_str(), j)).collect();
    let mut point = vec![0.0; model.num_vars()];
    for (name, value) in start {
        let Some(&column) = known.get(name.as_str()) else {
            return Err(PyValueError::new_err(format!("start: the model has no column '{name}'")));
        };
        point[column] = *value;
    }
    Ok(point)
}

fn end(model: &Model, outcome: &Outcome, warnings: Vec<String>, certificate: Option<Written>) -> PyResult<String> {
    let end = End {
        status: outcome.status.as_str(),
        verified: outcome.verified.as_str(),
        objective: outcome.objective,
        bound: outcome.bound,
        gap: outcome.gap(),
        nodes: outcome.statistics.nodes,
        lp_iterations: outcome.statistics.lp_iterations,
        seconds: outcome.statistics.seconds,
        primal_dual_integral: outcome.statistics.primal_dual_integral,
        max_bound_violation: outcome.violations.bound,
        max_row_violation: outcome.violations.row,
        max_integrality_violation: outcome.violations.integrality,
        maximise: model.sense == milp::Sense::Maximise,
        columns: model.variables.iter().map(|var| var.name.as_str()).collect(),
        values: outcome.solution.as_deref(),
        warnings,
        certificate,
    };
    serde_json::to_string(&end).map_err(|error| crate::errors::internal(&error.to_string()))
}
