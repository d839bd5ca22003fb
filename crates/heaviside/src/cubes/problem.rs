//! `problem.json`: all that a worker has to know, the rows included.

use super::file::{Format, bytes_of, parse, to_bytes};
use super::rows::Rows;
use crate::PROGRAM;
use crate::error::Error;
use crate::parameters::{RowParameters, parameters};
use crate::task::Task;
use bdnn::data::{Dataset, NEVER, Remarks, Scaling, Units, sha256_of};
use bdnn::model::{Claim, Provenance};
use bdnn::{Architecture, Limits, Model, Problem, Scaler, Schema, Training};
use budget::Settings;
use numerics::fraction;
use omt::cubes::Form;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// The content of `problem.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemFile {
    /// Program and version that made the cubes, and the only one that works on them: another may number neurons otherwise.
    pub program: String,
    /// Whether workers write proofs.
    pub proofs: bool,
    /// A lower bound of the whole problem.
    pub bound: u64,
    /// The shape.
    pub architecture: Architecture,
    /// How the scaler was fitted.
    pub scaling: Scaling,
    /// The map from raw to scaled features.
    pub scaler: Scaler,
    /// Features, label and classes.
    pub schema: Schema,
    /// What is trained, on rows of which fingerprint.
    pub training: Provenance,
    /// The distinct points in raw units.
    pub points: Rows,
    /// The point of each training row.
    pub row_points: Vec<usize>,
    /// Its class.
    pub row_classes: Vec<usize>,
    /// What it counts, if rows do not count once each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_units: Option<Vec<u32>>,
}

impl Format for ProblemFile {
    const FORMAT: &'static str = "heaviside-cubes";
}

/// A problem file that was read, and found to be of one piece.
#[derive(Clone, Debug)]
pub struct Known {
    /// What stands there.
    pub file: ProblemFile,
    /// The SHA-256 of its bytes: the name of the problem in all other files.
    pub sha256: String,
    /// What is minimised.
    pub problem: Problem,
    /// The training rows.
    pub(super) data: Dataset,
    pub(super) units: Option<Units>,
}

impl ProblemFile {
    /// Of a task whose cubes are made.
    pub(super) fn of(task: &Task<'_>, bound: u64, proofs: bool) -> Self {
        let (problem, data) = (task.problem(), task.data());
        let points = &problem.points;
        Self {
            program: PROGRAM.to_owned(),
            proofs,
            bound,
            architecture: problem.architecture.clone(),
            scaling: task.scaling(),
            scaler: points.scaler().clone(),
            schema: data.schema.clone(),
            training: task.provenance(),
            points: Rows::of(points.num_features(), (0..points.len()).map(|i| points.raw(i))),
            row_points: points.of_row().to_vec(),
            row_classes: task.split().train.iter().map(|&row| data.labels[row]).collect(),
            row_units: task.units().map(|units| units.of_row.clone()),
        }
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        to_bytes(self)
    }
}

impl Known {
    /// Reads and checks a problem file. Cost O(m n), and a digest.
    ///
    /// # Errors
    /// [`Error::File`], or [`Error::Cubes`] with what does not fit.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = bytes_of(path).map_err(|source| Error::file(path, source))?;
        Self::parse(&bytes, path)
    }

    /// The same of bytes; `path` is their name in messages.
    ///
    /// # Errors
    /// As [`Known::read`].
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, Error> {
        let file: ProblemFile = parse(bytes, path)?;
        let refuse = |what: String| Error::Cubes(format!("{}: {what}", path.display()));
        if file.program != PROGRAM {
            return Err(refuse(format!(
                "was made by {}, and this is {PROGRAM}: use one version for all cubes",
                file.program
            )));
        }
        let (data, units, problem) = file.problem().map_err(refuse)?;
        Ok(Self { sha256: sha256_of(bytes), file, problem, data, units })
    }

    /// Whether it states the problem of a task: the same rows, and the same of everything that was set.
    #[must_use]
    pub fn is_of(&self, task: &Task<'_>) -> bool {
        ProblemFile::of(task, self.file.bound, self.file.proofs) == self.file
    }

    /// Limits with what was set of the engines when the cubes were made.
    #[must_use]
    pub fn limits(&self, limits: &Limits) -> Limits {
        Limits { settings: self.file.settings().unwrap_or_default(), seed: self.file.training.seed, ..limits.clone() }
    }

    /// How formulas are written.
    #[must_use]
    pub fn form(&self) -> Form {
        if self.file.proofs { Form::Provable } else { Form::Ordered }
    }

    /// The network of a run with all that belongs to it.
    pub(super) fn model(&self, training: &Training) -> Option<Model> {
        let Training { status, loss, objective, bound, .. } = *training;
        let file = &self.file;
        Some(Model {
            program: PROGRAM.to_owned(),
            architecture: file.architecture.clone(),
            network: training.network.clone()?,
            scaling: file.scaling,
            scaler: file.scaler.clone(),
            schema: file.schema.clone(),
            training: file.training.clone(),
            claim: Claim { status, loss, objective, bound },
        })
    }
}

impl ProblemFile {
    fn settings(&self) -> Result<Settings, String> {
        let mut settings = Settings::default();
        for (name, value) in &self.training.settings {
            settings.set(&parameters(), name, value).map_err(|error| error.to_string())?;
        }
        Ok(settings)
    }

    /// The rows, what they count, and the problem, if everything fits together.
    fn problem(&self) -> Result<(Dataset, Option<Units>, Problem), String> {
        let Self { architecture, schema, training, .. } = self;
        let settings = self.settings()?;
        architecture.check()?;
        self.scaler.check()?;
        let (n, m, classes) = (architecture.inputs, self.row_points.len(), schema.classes.len());
        let fits = self.scaler.shift.len() == n
            && schema.features.len() == n
            && classes == architecture.classes
            && (self.points.is_empty() || self.points.width() == n)
            && self.row_points.iter().all(|&point| point < self.points.len())
            && self.row_classes.len() == m
            && self.row_classes.iter().all(|&class| class < classes)
            && self.row_units.as_ref().is_none_or(|units| units.len() == m && !units.contains(&0))
            && self.row_units.is_some() == training.units.is_some();
        if !fits {
            return Err("its rows, classes, features and layers do not fit together".to_owned());
        }
        // The file says how many there are, and may say anything.
        let mut rows = Vec::new();
        self.row_points.iter().for_each(|&point| rows.extend_from_slice(self.points.row(point)));
        let data = Dataset {
            schema: schema.clone(),
            rows: Arc::new(rows),
            labels: self.row_classes.clone(),
            weights: None,
            lines: (1..=m as u64).collect(),
            dropped: 0,
            remarks: Remarks::default(),
        };
        let units = match (&self.row_units, &training.units) {
            (Some(of_row), Some(units)) => {
                let rational = |text: &String| fraction(text).ok_or_else(|| format!("{text}: is no fraction"));
                let classes = units.classes.as_ref().map(|all| all.iter().map(rational).collect()).transpose()?;
                Some(Units { of_row: of_row.clone(), unit: rational(&units.unit)?, classes })
            }
            _ => None,
        };
        let members = data.all();
        if data.sha256_of_units(&members, units.as_ref()) != training.data_sha256 {
            return Err(format!("its rows are not those of the fingerprint {}", training.data_sha256));
        }
        let of_row = units.as_ref().map(|units| &units.of_row[..]);
        let points = data.points_of_units(&members, of_row, &self.scaler, NEVER).ok_or("never stopped")?;
        let RowParameters { sorted } = settings.of();
        let points = if sorted { points.sorted() } else { points };
        if points.len() != self.points.len() || (0..points.len()).any(|i| points.raw(i) != self.points.row(i)) {
            return Err("its points are not the distinct ones of its rows, in their order".to_owned());
        }
        let problem = Problem {
            epsilon: training.epsilon,
            robust: training.robust,
            l0: training.l0,
            l1: training.l1,
            error_limits: training.error_limits.clone(),
            restrictions: training.restrictions.clone(),
            ..Problem::new(points, architecture.clone(), training.loss)
        };
        problem.check().map_err(|error| error.to_string())?;
        Ok((data, units, problem))
    }
}
