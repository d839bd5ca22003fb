//! The other files of cubes of a model: the best point, what came of a cube.

use super::super::file::{Format, parse, read_if_there, stated, to_bytes, write};
use super::super::shared::{Best, Seen};
use super::super::terms::Term;
use super::part::AtMost;
use super::point::{Point, PointFile};
use super::problem::Known;
use crate::error::Error;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What a tree says of its closed leaves: no point there is better than `bound`, and by more than the gap none than `objective`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Below {
    /// In the sense of the model.
    pub bound: f64,
    /// The objective of the best point known, a fraction.
    pub objective: String,
}

/// `incumbent.json`: the best point known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelIncumbent {
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// Its objective, the nearest float.
    pub objective: f64,
    /// The point.
    pub point: PointFile,
}

/// `cube-NAME.result.json`: what came of a cube.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelResult {
    /// Program and version of the worker.
    pub program: String,
    /// The SHA-256 of `problem.json`.
    pub problem: String,
    /// The cube's name.
    pub cube: String,
    /// Its conditions.
    pub terms: Vec<Term<AtMost>>,
    /// `closed`: no point of the cube is better than `point` by more than the gap; `unbounded`: by `point` and `ray`; or why the search ended before:
    /// `time-limit`, `node-limit`, `memory-limit`, `interrupted`, `unresolved`.
    pub status: String,
    /// No point of the cube is better, in the sense of the model; `null`: closed, there is none, otherwise nothing is proven.
    #[serde(deserialize_with = "stated")]
    pub bound: Option<f64>,
    /// The objective of `point`, the nearest float.
    #[serde(deserialize_with = "stated")]
    pub objective: Option<f64>,
    /// The best point that the worker knew, in the cube or not.
    #[serde(deserialize_with = "stated")]
    pub point: Option<PointFile>,
    /// A direction by the names of columns, in fractions, along which the objective improves for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ray: Option<BTreeMap<String, String>>,
    /// Branch-and-bound nodes.
    pub nodes: u64,
    /// Pivots.
    pub lp_iterations: u64,
    /// Wall seconds of the search.
    pub seconds: f64,
}

impl Format for ModelIncumbent {
    const FORMAT: &'static str = "heaviside-model-incumbent";
}

impl Format for ModelResult {
    const FORMAT: &'static str = "heaviside-model-cube-result";
}

/// The word of a cube that is done.
pub(super) const CLOSED: &str = "closed";
/// That of one without an end.
pub(super) const UNBOUNDED: &str = "unbounded";

impl ModelResult {
    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.status == CLOSED || self.status == UNBOUNDED
    }

    /// What no point of the cube is below, where the objective times `sign` is minimised.
    pub(super) fn least(&self, sign: f64) -> f64 {
        let none = if self.status == CLOSED { f64::INFINITY } else { f64::NEG_INFINITY };
        self.bound.map_or(none, |bound| sign * bound)
    }

    /// Writes it, with what another worker has proven and found; if that has closed the cube, its result counts, and is returned.
    pub(super) fn write(mut self, path: &Path, known: &Known) -> Result<Self, Error> {
        let objective = |one: &Self| one.objective.map_or(f64::INFINITY, |objective| known.sign() * objective);
        if let Some(there) = read_if_there::<Self>(path)?
            && there.problem == self.problem
            && there.terms == self.terms
        {
            if there.is_closed() {
                return Ok(there);
            }
            if !self.is_closed() && there.least(known.sign()) > self.least(known.sign()) {
                self.bound = there.bound;
            }
            if !self.is_closed() && objective(&there) < objective(&self) {
                (self.objective, self.point) = (there.objective, there.point);
            }
        }
        write(path, &to_bytes(&self)?)?;
        Ok(self)
    }

    /// The point, recounted.
    pub(super) fn point(&self, known: &Known) -> Result<Option<Point>, String> {
        match (&self.point, self.objective) {
            (Some(file), Some(objective)) => recounted(known, file, objective).map(Some),
            (None, None) => Ok(None),
            _ => Err("has a point without an objective, or an objective without a point".to_owned()),
        }
    }
}

fn recounted(known: &Known, file: &PointFile, objective: f64) -> Result<Point, String> {
    let point = Point::read(file, &known.model)?;
    let found = point.near();
    if found == objective {
        Ok(point)
    } else {
        Err(format!("its point has the objective {found} in the model, and not {objective}, as it says"))
    }
}

impl Best for Known {
    type Found = Point;

    fn sha256(&self) -> &str {
        &self.sha256
    }

    fn parse(&self, bytes: &[u8]) -> Result<Seen<Point>, String> {
        let file: ModelIncumbent = parse(bytes, Path::new("")).map_err(|_| "holds no point of a model".to_owned())?;
        self.check(Some(&file.problem))?;
        let found = recounted(self, &file.point, file.objective)?;
        Ok(Seen { found, is_incumbent: true })
    }

    fn is_better(&self, one: &Point, other: &Point) -> bool {
        one.beats(&other.objective, self.model.sense)
    }

    fn to_bytes(&self, found: &Point) -> Result<Vec<u8>, Error> {
        incumbent(&self.sha256, &self.model, found)
    }
}

/// The bytes of `incumbent.json`.
pub(super) fn incumbent(problem: &str, model: &milp::Model, point: &Point) -> Result<Vec<u8>, Error> {
    let file = ModelIncumbent { problem: problem.to_owned(), objective: point.near(), point: point.file(model) };
    to_bytes(&file)
}
