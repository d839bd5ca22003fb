//! `train`: rows, labels and options in; what came of it as JSON, the network, and what was raised meanwhile, out.

use crate::arrays::{self, Rows};
use crate::errors::exception;
use crate::network::Network;
use crate::options::{self, Options};
use crate::watch;
use heaviside::{Classifier, Dataset, Error, LimitedErrors, Part, Task, Trained, Trainer};
use pyo3::prelude::*;
use serde::Serialize;

/// The end of a run; numbers that are infinite are null.
#[derive(Serialize)]
struct End {
    status: &'static str,
    reason: Option<String>,
    method: &'static str,
    why: String,
    loss: Option<u64>,
    objective: f64,
    bound: f64,
    gap: f64,
    epsilon: Option<f64>,
    /// A margin that nobody asked for.
    added_margin: Option<f64>,
    points: usize,
    distinct_points: usize,
    nodes: u64,
    conflicts: u64,
    lp_iterations: u64,
    seconds: f64,
    primal_dual_integral: f64,
    train: Option<Part>,
    validation: Option<Part>,
    error_limits: Vec<Limited>,
    solutions: Option<Pool>,
    proof: Option<Proof>,
    rule: Option<Vec<String>>,
    warnings: Vec<String>,
}

/// The errors of a class and their limit, in units where rows have weights.
#[derive(Serialize)]
struct Limited {
    class: String,
    most: u64,
    errors: Option<u64>,
    total: u64,
}

/// What is known of the solutions: their losses, and of all others.
#[derive(Serialize)]
struct Pool {
    losses: Vec<u64>,
    /// Whether it is proven that no other labelling is better than the last of the list.
    complete: bool,
    /// No other labelling loses less; null if there is provably none.
    others: Option<u64>,
    /// Whether others are known to be as good as the last one.
    tied: bool,
}

/// What a folder proves.
#[derive(Serialize)]
struct Proof {
    folder: String,
    bound: Option<f64>,
    lemmas: Option<u64>,
    steps: u64,
    bytes: u64,
    compressed: bool,
    certifies: bool,
}

/// Names of the columns.
pub type Names = (Vec<String>, String);

/// What a run came to: its end as JSON, the network, and those of all solutions if they were asked for.
type Came = (String, Option<Network>, Vec<Network>);

/// The report as JSON, the network, those of all solutions, and what was raised meanwhile.
type Made = (String, Option<Network>, Vec<Network>, Option<PyErr>);

/// Trains. `labels` are numbers of `classes`, `weights` what each row counts, if not one; `names` are those of the features and of the label, if the columns have any.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // one an argument of Python
pub fn train(
    py: Python<'_>,
    rows: &[u8],
    labels: &[u8],
    weights: Option<&[u8]>,
    n: usize,
    classes: Vec<String>,
    names: Option<Names>,
    options: &str,
    callback: Option<Bound<'_, PyAny>>,
) -> PyResult<Made> {
    let options: Options = options::read(options)?;
    let labels = arrays::labels(labels, classes.len())?;
    let data = dataset((&Rows::new(rows, n)?, weights), &labels, &classes, names)?;
    let trainer = options.trainer(&data.schema)?;
    let work = |watch: &watch::Watch| run(&trainer, &data, watch);
    let (trained, raised) = watch::run(py, options.limits().threads(), callback.as_ref(), work)?;
    match trained {
        Ok((end, network, solutions)) => Ok((end, network, solutions, raised)),
        // What was raised is why the run has failed, if it has.
        Err(error) => Err(raised.unwrap_or_else(|| exception(&error))),
    }
}

/// The rows, what each counts if not one, and their classes.
pub fn dataset(
    (rows, weights): (&Rows, Option<&[u8]>),
    labels: &[usize],
    classes: &[String],
    names: Option<Names>,
) -> PyResult<Dataset> {
    let weights = weights.map(arrays::numbers).transpose()?;
    let data = unweighted(rows, labels, classes, names);
    let data = match weights {
        None => data,
        Some(weights) => data.and_then(|data| Ok(data.with_weights(weights)?)),
    };
    data.map_err(|error| exception(&error))
}

fn unweighted(rows: &Rows, labels: &[usize], classes: &[String], names: Option<Names>) -> Result<Dataset, Error> {
    let labels: Vec<&String> = labels.iter().map(|&label| &classes[label]).collect();
    let data = Dataset::from_rows(&rows.slices(), &labels)?;
    if data.num_classes() < classes.len() {
        // Two labels that are one number.
        return Err(Error::Rows(data.remarks.warnings.join("; ")));
    }
    Ok(match names {
        Some((features, label)) => data.with_names(&features, &label)?,
        None => data,
    })
}

fn run(trainer: &Trainer, data: &Dataset, watch: &watch::Watch) -> Result<Came, Error> {
    let began = std::time::Instant::now();
    let task = trainer.prepare_watched(data, &|| watch.stopped())?;
    let limits = trainer.limits_set().after(began.elapsed().as_secs_f64());
    let trained = task.train(&limits, watch)?;
    let network = trained.classifier().ok().map(Network::from);
    let solutions =
        trained.solution_models().iter().cloned().map(|model| Network::from(Classifier::new(model))).collect();
    let json = serde_json::to_string(&end(&task, &trained)).map_err(|error| Error::Internal(error.to_string()))?;
    Ok((json, network, solutions))
}

fn end(task: &Task<'_>, trained: &Trained) -> End {
    let (problem, statistics, parts) = (task.problem(), trained.statistics(), trained.parts());
    let proof = trained.proof().map(|proven| Proof {
        folder: proven.folder.display().to_string(),
        bound: proven.bound,
        lemmas: proven.lemmas,
        steps: proven.steps,
        bytes: proven.bytes,
        compressed: proven.compressed,
        certifies: proven.certifies,
    });
    let (points, schema) = (&problem.points, &task.data().schema);
    let limited = |limit: &LimitedErrors| {
        let LimitedErrors { class, most, errors, total, .. } = *limit;
        Limited { class: schema.classes[class].clone(), most, errors, total }
    };
    let rule = trained.network().and_then(|network| {
        let network = heaviside::without_specks(network, points);
        heaviside::rule(&network, points.scaler(), &schema.features, &schema.classes)
    });
    let solutions = trained.solutions().map(|solutions| Pool {
        losses: solutions.list.iter().map(|solution| solution.loss).collect(),
        complete: solutions.complete(),
        others: solutions.others,
        tied: solutions.tied,
    });
    End {
        status: trained.status().as_str(),
        reason: trained.training().doubt(),
        method: trained.choice().engine.as_str(),
        why: trained.choice().reason.clone(),
        loss: trained.loss(),
        objective: trained.objective(),
        bound: trained.bound(),
        gap: trained.gap(),
        epsilon: problem.epsilon,
        added_margin: task.added_margin(),
        points: problem.points.num_rows(),
        distinct_points: problem.points.len(),
        nodes: statistics.nodes,
        conflicts: statistics.conflicts,
        lp_iterations: statistics.lp_iterations,
        seconds: statistics.seconds,
        primal_dual_integral: statistics.primal_dual_integral,
        train: parts.and_then(|parts| parts.train),
        validation: parts.and_then(|parts| parts.validation),
        error_limits: trained.limited_errors().iter().map(limited).collect(),
        solutions,
        proof,
        rule,
        warnings: task.data().remarks.warnings.clone(),
    }
}
