//! `cubes`, `work` and `merge`: exact training in independent pieces, which `distributed.py` hands to executors.

use crate::arrays::{self, Rows};
use crate::errors::exception;
use crate::network::Network;
use crate::options::{self, LimitOptions, Options};
use crate::train::{Names, dataset};
use crate::watch;
use heaviside::cubes::{Known, Made, Plan, Wish, Work, merge as merged, split_again};
use heaviside::{Classifier, Dataset, Error, Limits, Status, Trainer};
use pyo3::prelude::*;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Cubes that are there.
#[derive(Serialize)]
struct MadeJson {
    /// Whether they were there before.
    found: bool,
    /// A margin that nobody asked for.
    added_margin: Option<f64>,
    warnings: Vec<String>,
}

/// What came of a piece of work.
#[derive(Serialize)]
struct WorkedJson {
    closed: bool,
    status: String,
    bound: Option<u64>,
    loss: Option<u64>,
    conflicts: u64,
    seconds: f64,
    /// The open cubes that it was split into, if it was: without any, all of it was refuted meanwhile.
    parts: Option<Vec<String>>,
}

/// A cube that is not closed.
#[derive(Serialize)]
struct OpenJson {
    cube: String,
    status: String,
    bound: u64,
}

/// What all cubes say together.
#[derive(Serialize)]
struct MergedJson {
    status: &'static str,
    loss: Option<u64>,
    bound: Option<u64>,
    leaves: usize,
    closed: usize,
    open: Vec<OpenJson>,
    conflicts: u64,
    seconds: f64,
    proven: bool,
    rule: Option<Vec<String>>,
}

/// JSON, and what was raised meanwhile.
type Told = (String, Option<PyErr>);

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.to_string()))
}

/// The result of a run, or why there is none: what was raised is why it has failed, if it has.
fn told<T>((result, raised): (Result<T, Error>, Option<PyErr>)) -> PyResult<(T, Option<PyErr>)> {
    match result {
        Ok(result) => Ok((result, raised)),
        Err(error) => Err(raised.unwrap_or_else(|| exception(&error))),
    }
}

/// Divides a problem, which is stated as for [`crate::train::train`], into cubes in a folder; `wish`: about how many, and whether with proofs. Cubes of
/// the same problem that are there are left as they are.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // one an argument of Python
pub fn cubes(
    py: Python<'_>,
    rows: &[u8],
    labels: &[u8],
    weights: Option<&[u8]>,
    n: usize,
    classes: Vec<String>,
    names: Option<Names>,
    options: &str,
    wish: (usize, bool),
    folder: PathBuf,
) -> PyResult<Told> {
    let options: Options = options::read(options)?;
    let labels = arrays::labels(labels, classes.len())?;
    let data = dataset((&Rows::new(rows, n)?, weights), &labels, &classes, names)?;
    let trainer = options.trainer(&data.schema)?;
    let wish = Wish { cubes: wish.0, proofs: wish.1 };
    let work = |watch: &watch::Watch| divide(&trainer, &data, wish, &folder, watch);
    told(watch::run(py, options.limits().threads(), None, work)?)
}

fn divide(trainer: &Trainer, data: &Dataset, wish: Wish, folder: &Path, watch: &watch::Watch) -> Result<String, Error> {
    let task = trainer.prepare_watched(data, &|| watch.stopped())?;
    let problem = folder.join("problem.json");
    let found = problem.exists();
    if found {
        let known = Known::read(&problem)?;
        if !known.is_of(&task) || known.file.proofs != wish.proofs {
            let what = "holds cubes of other rows or options; name another folder";
            return Err(Error::Cubes(format!("{}: {what}", folder.display())));
        }
    } else {
        Plan::new(&task, wish, trainer.limits_set(), watch)?.write(folder)?;
    }
    json(&MadeJson { found, added_margin: task.added_margin(), warnings: task.data().remarks.warnings.clone() })
}

/// Searches a cube, with all files beside it, within the limits; what is left open then is split into about `parts` if that is not 0, unless the time
/// of the whole run is over by then (`is_last`).
#[pyfunction]
pub fn work(py: Python<'_>, cube: PathBuf, limits: &str, parts: usize, is_last: bool) -> PyResult<Told> {
    let given: LimitOptions = options::read(limits)?;
    let limits = given.limits().map_err(|error| exception(&error.into()))?;
    told(watch::run(py, given.threads(), None, |watch| search(&cube, &limits, (parts, is_last), watch))?)
}

fn search(
    cube: &Path,
    limits: &Limits,
    (parts, is_last): (usize, bool),
    watch: &watch::Watch,
) -> Result<String, Error> {
    let usual = Work::on(cube)?;
    // What stands at the end of a slice is what goes on.
    let state = usual.state.map(|(path, _)| (path, f64::INFINITY));
    let worked = Work { state, ..usual }.run(limits, watch)?.result;
    let closed = worked.is_closed();
    let is_over = is_last && worked.status == Status::TimeLimit.as_str();
    let is_enough = worked.status == Status::WithinGap.as_str();
    let split = if closed || is_enough || is_over || parts == 0 || watch.stopped() {
        None
    } else {
        let Made { names, .. } = split_again(cube, parts, limits, watch)?;
        Some(names)
    };
    let heaviside::cubes::CubeResult { status, bound, loss, conflicts, seconds, .. } = worked;
    json(&WorkedJson { closed, status, bound, loss, conflicts, seconds, parts: split })
}

/// Puts together what is in a folder of cubes, and their proofs into one folder if one is named.
#[pyfunction]
pub fn merge(
    py: Python<'_>,
    folder: PathBuf,
    proof: Option<PathBuf>,
) -> PyResult<(String, Option<Network>, Option<PyErr>)> {
    let work = |watch: &watch::Watch| together(&folder, proof.as_deref(), watch);
    let ((json, network), raised) = told(watch::run(py, 1, None, work)?)?;
    Ok((json, network, raised))
}

fn together(folder: &Path, proof: Option<&Path>, watch: &watch::Watch) -> Result<(String, Option<Network>), Error> {
    let all = merged(folder, proof, &|| watch.stopped())?;
    let network = all.model.map(|model| Network::from(Classifier::new(model)));
    let open = all.open.into_iter().map(|open| OpenJson { cube: open.name, status: open.status, bound: open.bound });
    let json = json(&MergedJson {
        status: all.status.as_str(),
        loss: all.loss,
        bound: all.bound,
        leaves: all.leaves,
        closed: all.closed,
        open: open.collect(),
        conflicts: all.conflicts,
        seconds: all.seconds,
        proven: all.proof.is_some(),
        rule: network.as_ref().and_then(Network::rule),
    })?;
    Ok((json, network))
}
