//! What is trained, as Python says it: the words are those of the command line.

use crate::errors::exception;
use heaviside::split::{Batches, Reduction, Split};
use heaviside::{
    Allowed, ClassWeights, Direction, Error, Limits, Loss, Method, Model, Norm, PartEngine, Scaling, Schema,
    SettingError, Settings, SplitOptions, Trainer, WeightDomain,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One field an option; what is absent is as by default.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    hidden: Vec<usize>,
    weights: String,
    bias: bool,
    loss: String,
    epsilon: Option<f64>,
    robust: Option<f64>,
    norm: String,
    l0: f64,
    l1: f64,
    scale: String,
    validation: f64,
    stratify: bool,
    method: String,
    /// The JSON of a model.
    start: Option<String>,
    /// The folder of a proof, and whether its files are packed.
    #[serde(default)]
    proof: Option<PathBuf>,
    #[serde(default)]
    compress: bool,
    /// The file of a checkpoint, to go on with if it is there, and the seconds between two states.
    #[serde(default)]
    checkpoint: Option<PathBuf>,
    #[serde(default)]
    checkpoint_every: f64,
    class_weights: Option<ClassOption>,
    /// What may be wrong of some classes of two, by their text.
    max_errors: BTreeMap<String, AllowedOption>,
    /// By feature: 1, -1, or 0 for any direction; empty if all may have any.
    monotone: Vec<i8>,
    max_features: Option<usize>,
    /// The class of two that directions speak of, by its text.
    positive: String,
    solutions: Option<usize>,
    splitting: SplittingOption,
    limits: LimitOptions,
}

/// What rows of a class count: `balanced`, or a weight for each class by its text.
#[derive(Deserialize)]
#[serde(untagged)]
enum ClassOption {
    Word(String),
    Given(BTreeMap<String, f64>),
}

/// Options of data splitting; what is absent is as by default.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SplittingOption {
    split: Option<String>,
    split_engine: Option<String>,
    split_parts: Option<String>,
    split_growth: Option<f64>,
    split_restarts: Option<u32>,
    batch: Option<usize>,
    batch_mode: Option<String>,
    polish: bool,
}

/// A number of rows, or a share of them.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum AllowedOption {
    Rows(u64),
    Share(f64),
}

/// Limits that searches share.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitOptions {
    time_limit: Option<f64>,
    memory_limit: Option<f64>,
    node_limit: Option<u64>,
    mip_gap: f64,
    threads: usize,
    seed: u64,
    settings: BTreeMap<String, String>,
}

/// Reads options; Python has made them, so what does not fit is a value that a user gave.
pub fn read<'o, T: Deserialize<'o>>(json: &'o str) -> PyResult<T> {
    serde_json::from_str(json).map_err(|error| PyValueError::new_err(error.to_string()))
}

impl LimitOptions {
    /// Of all engines.
    pub fn limits(&self) -> Result<Limits, SettingError> {
        let mut settings = Settings::default();
        for (name, value) in &self.settings {
            settings.set(&heaviside::parameters(), name, value)?;
        }
        Ok(Limits {
            time: self.time_limit.unwrap_or(f64::INFINITY),
            memory: self.memory_limit.unwrap_or(f64::INFINITY),
            nodes: self.node_limit.unwrap_or(u64::MAX),
            gap: self.mip_gap,
            threads: self.threads,
            seed: self.seed,
            settings,
        })
    }

    /// Parameters that are set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.settings.keys().map(String::as_str)
    }

    /// 0 for all cores.
    pub fn threads(&self) -> usize {
        self.threads
    }
}

impl Options {
    /// Limits alone.
    pub fn limits(&self) -> &LimitOptions {
        &self.limits
    }

    /// What the classes, which have these names, count.
    fn class_weights(&self, classes: &[String]) -> PyResult<ClassWeights> {
        match &self.class_weights {
            None => Ok(ClassWeights::Equal),
            Some(ClassOption::Word(given)) => word("class_weights", given, [("balanced", ClassWeights::Balanced)]),
            Some(ClassOption::Given(weights)) => {
                let weight = |class: &String| weights.get(class).copied().unwrap_or(1.0);
                Ok(ClassWeights::Given(classes.iter().map(weight).collect()))
            }
        }
    }

    /// The trainer with these options, for data with these classes and features.
    pub fn trainer(&self, schema: &Schema) -> PyResult<Trainer> {
        let classes = &schema.classes;
        let refuse = |message: String| PyValueError::new_err(message);
        let weights: WeightDomain = self.weights.parse().map_err(|what| refuse(format!("weights: {what}")))?;
        let methods = [
            ("auto", Method::Auto),
            ("omt", Method::Omt),
            ("milp", Method::Milp),
            ("local-search", Method::LocalSearch),
            ("split", Method::Split(self.splitting.options()?)),
        ];
        let scalings = [("minmax", Scaling::MinMax), ("standard", Scaling::Standard), ("none", Scaling::None)];
        let limits = self.limits.limits().map_err(|error| exception(&Error::Setting(error)))?;
        let mut trainer = Trainer::new()
            .hidden(&self.hidden)
            .weights(weights)
            .bias(self.bias)
            .loss(word("loss", &self.loss, [("hamming", Loss::Hamming), ("zero-one", Loss::ZeroOne)])?)
            .l0(self.l0)
            .l1(self.l1)
            .scaling(word("scale", &self.scale, scalings)?)
            .validation(self.validation)
            .stratify(self.stratify)
            .class_weights(self.class_weights(classes)?)
            .method(word("method", &self.method, methods)?)
            .limits(limits);
        for (class, &allowed) in &self.max_errors {
            let allowed = match allowed {
                AllowedOption::Rows(rows) => Allowed::Rows(rows),
                AllowedOption::Share(share) => Allowed::Share(share),
            };
            // The order of the classes need not be Python's.
            trainer = match classes.iter().position(|name| name == class) {
                Some(0) => trainer.max_false_positives(allowed),
                Some(1) => trainer.max_false_negatives(allowed),
                _ => return Err(refuse(format!("there is no class '{class}' of two whose errors have a limit"))),
            };
        }
        for (name, sign) in schema.features.iter().zip(&self.monotone).filter(|(_, sign)| **sign != 0) {
            let rises = (*sign > 0) == (classes.last() == Some(&self.positive));
            trainer = trainer.monotone(name, if rises { Direction::Nondecreasing } else { Direction::Nonincreasing });
        }
        if let Some(most) = self.max_features {
            trainer = trainer.max_features(most);
        }
        if let Some(count) = self.solutions {
            trainer = trainer.solutions(count);
        }
        if let Some(epsilon) = self.epsilon {
            trainer = trainer.epsilon(epsilon);
        }
        if let Some(radius) = self.robust {
            trainer = trainer.robust(radius, norm(&self.norm)?);
        }
        if let Some(model) = &self.start {
            trainer = trainer.start(Model::parse(model.as_bytes()).map_err(|what| refuse(format!("start: {what}")))?);
        }
        if let Some(folder) = &self.proof {
            trainer = trainer.prove(folder, self.compress);
        }
        if let Some(file) = &self.checkpoint {
            if self.checkpoint_every.is_nan() || self.checkpoint_every <= 0.0 {
                let given = self.checkpoint_every;
                return Err(refuse(format!("checkpoint_every is {given}: give seconds, more than 0")));
            }
            trainer = if file.exists() { trainer.resume(file) } else { trainer };
            trainer = trainer.checkpoint(file, self.checkpoint_every);
        }
        Ok(trainer)
    }
}

impl SplittingOption {
    fn options(&self) -> PyResult<SplitOptions> {
        let mut options = SplitOptions::default();
        if let Some(name) = &self.split {
            let ways = [("kmeans", Split::KMeans), ("kmedians", Split::KMedians), ("linear", Split::Linear)];
            options.split = word("split", name, ways)?;
        }
        if let Some(name) = &self.split_engine {
            let engines =
                [("local-search", PartEngine::LocalSearch), ("omt", PartEngine::Omt), ("milp", PartEngine::Milp)];
            options.engine = word("split_engine", name, engines)?;
        }
        if let Some(name) = &self.split_parts {
            let parts = [("shared", Reduction::Shared), ("centroids", Reduction::Centroids)];
            options.reduction = Some(word("split_parts", name, parts)?);
        }
        options.growth = self.split_growth;
        options.restarts = self.split_restarts.unwrap_or(options.restarts);
        options.polish = self.polish;
        if let Some(size) = self.batch {
            let modes = [("window", Batches::Window(size)), ("average", Batches::Average(size))];
            options.batches = word("batch_mode", self.batch_mode.as_deref().unwrap_or("window"), modes)?;
        }
        Ok(options)
    }
}

/// The norm of this name.
pub fn norm(name: &str) -> PyResult<Norm> {
    word("norm", name, [("linf", Norm::Linf), ("l1", Norm::L1)])
}

/// What a word means for an option.
fn word<T, const N: usize>(option: &str, given: &str, words: [(&str, T); N]) -> PyResult<T> {
    let known = words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
    let found = words.into_iter().find(|(word, _)| *word == given).map(|(_, meaning)| meaning);
    found.ok_or_else(|| PyValueError::new_err(format!("{option} is '{given}': give one of {known}")))
}

/// What can be set of the engines: name, range, default and what it does, of each.
#[pyfunction]
pub fn parameters() -> Vec<(String, String, String, String)> {
    let row = |parameter: heaviside::Parameter| {
        let heaviside::Parameter { name, range, default, about } = parameter;
        (name.to_owned(), range.to_string(), default.to_string(), about.to_owned())
    };
    heaviside::parameters().into_iter().map(row).collect()
}
