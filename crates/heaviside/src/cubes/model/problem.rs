//! `problem.json` of a model: all that a worker has to know, the model included.

use super::super::file::{Format, bytes_of, is_of, parse, stated, to_bytes};
use super::super::places::Places;
use crate::PROGRAM;
use crate::error::Error;
use crate::parameters::{CubeParameters, parameters};
use bdnn::Limits;
use bdnn::data::sha256_of;
use budget::Settings;
use milp::io::Reading;
use milp::{Model, Options, Sense, Special};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// A model as its file states it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelText {
    /// The file's name, for messages.
    pub name: String,
    /// `mps` or `lp`.
    pub format: String,
    /// All of it.
    pub text: String,
}

impl ModelText {
    /// Reads a file, packed or not.
    ///
    /// # Errors
    /// [`Error::Cubes`] where the name tells no format, and [`Error::Milp`].
    pub fn of_file(path: &Path) -> Result<Self, Error> {
        let format = match milp::io::Format::of_path(path) {
            Some(milp::io::Format::Mps) => "mps",
            Some(milp::io::Format::Lp) => "lp",
            None => {
                let what = "the ending tells no format of models; end it in .lp or .mps (also with .gz)";
                return Err(Error::Cubes(format!("{}: {what}", path.display())));
            }
        };
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { name, format: format.to_owned(), text: milp::io::read_text(path)? })
    }

    /// The model, with what its author should know of the reading.
    ///
    /// # Errors
    /// [`Error::Milp`] for a text that cannot be understood, [`Error::Cubes`] for another format.
    pub fn read(&self) -> Result<Reading, Error> {
        let format = match self.format.as_str() {
            "mps" => milp::io::Format::Mps,
            "lp" => milp::io::Format::Lp,
            other => return Err(Error::Cubes(format!("{}: {other:?} is no format of models", self.name))),
        };
        Ok(milp::io::parse(&self.text, Some(format), Path::new(&self.name))?)
    }
}

/// The content of `problem.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelFile {
    /// Program and version that made the cubes.
    pub program: String,
    /// The model.
    pub model: ModelText,
    /// A bound of the whole model, in its sense; `null`: nothing is proven.
    #[serde(deserialize_with = "stated")]
    pub bound: Option<f64>,
    /// The relative gap at which workers end.
    pub mip_gap: f64,
    /// The seed of their searches.
    pub seed: u64,
    /// What is set of the solver.
    pub settings: BTreeMap<String, String>,
}

impl Format for ModelFile {
    const FORMAT: &'static str = "heaviside-model-cubes";
}

/// Whether a folder holds the cubes of a model, and not those of a training problem. Cost: the beginning of `problem.json`.
///
/// # Errors
/// [`Error::File`] without `problem.json`.
pub fn is_model(folder: &Path) -> Result<bool, Error> {
    let path = Places::new(folder).problem();
    is_of(&path, ModelFile::FORMAT).map_err(|source| Error::file(&path, source))
}

/// A problem file that was read.
#[derive(Clone, Debug)]
pub struct Known {
    /// What stands there.
    pub file: ModelFile,
    /// The SHA-256 of its bytes: the name of the problem in all other files.
    pub sha256: String,
    /// The model.
    pub model: Model,
    settings: Settings,
}

impl Known {
    /// Reads `problem.json`.
    ///
    /// # Errors
    /// [`Error::File`], [`Error::Cubes`] and [`Error::Milp`] for what does not make a model.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let bytes = bytes_of(path).map_err(|source| Error::file(path, source))?;
        let file: ModelFile = parse(&bytes, path)?;
        let refuse = |what: String| Error::Cubes(format!("{}: {what}", path.display()));
        let settings = settings(&file.settings).map_err(refuse)?;
        if !(file.mip_gap >= 0.0 && file.bound.is_none_or(f64::is_finite)) {
            return Err(refuse("a gap is 0 or more, and a bound a number".to_owned()));
        }
        let model = file.model.read().map_err(|error| refuse(error.to_string()))?.model;
        if model.special != Special::default() {
            return Err(refuse("its model has special constraints, of which there are no cubes".to_owned()));
        }
        Ok(Self { sha256: sha256_of(&bytes), file, model, settings })
    }

    /// The options of a search: limits of a run, all else of the problem.
    pub(super) fn options(&self, limits: &Limits) -> Options {
        let Limits { time, memory, nodes, threads, .. } = *limits;
        Options {
            time_limit: time,
            memory_limit: memory,
            node_limit: nodes,
            mip_rel_gap: self.file.mip_gap,
            threads,
            seed: self.file.seed,
            parameters: self.settings.of(),
            ..Options::default()
        }
    }

    /// Those of a division, which ends after some nodes in any case.
    pub(super) fn options_of_division(&self, limits: &Limits) -> Options {
        let CubeParameters { common_nodes, .. } = self.settings.of();
        let node_limit = if limits.nodes == u64::MAX { common_nodes } else { limits.nodes };
        Options { node_limit, ..self.options(limits) }
    }

    /// 1 where the model is minimised, else -1.
    pub(super) fn sign(&self) -> f64 {
        sign(&self.model)
    }
}

/// 1 where a model is minimised, else -1.
pub(super) fn sign(model: &Model) -> f64 {
    if model.sense == Sense::Maximise { -1.0 } else { 1.0 }
}

fn settings(all: &BTreeMap<String, String>) -> Result<Settings, String> {
    let mut settings = Settings::default();
    for (name, value) in all {
        settings.set(&parameters(), name, value).map_err(|error| error.to_string())?;
    }
    Ok(settings)
}

impl ModelFile {
    /// Of a model whose cubes are made.
    pub(super) fn of(model: &ModelText, bound: f64, limits: &Limits) -> Self {
        Self {
            program: PROGRAM.to_owned(),
            model: model.clone(),
            bound: Some(bound).filter(|bound| bound.is_finite()),
            mip_gap: limits.gap,
            seed: limits.seed,
            settings: limits.settings.iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect(),
        }
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        to_bytes(self)
    }
}
