//! The model file: a trained network with everything needed to use it and to check what is claimed of it.
//!
//! Entry points: [`Model::read`] and [`Model::write`]. Reading validates all of it, so a model that exists fits
//! together; it trusts no claim, which [`crate::exact`] and the data settle.

use crate::budget::never;
use crate::data::{Fractions, Sample, Scaling, Schema, Units, same_twice};
use crate::exact::{self, ExactNetwork};
use crate::{Architecture, ErrorLimit, Loss, Network, Problem, Rational, Restrictions, Robust, Scaler, Status};
use numerics::fraction;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The word every model file has in its field `format`.
const FORMAT: &str = "heaviside-model";
/// The version this program writes, and the only one it reads.
const VERSION: u64 = 1;

/// A trained network and its provenance. In JSON the fields `format` and `version` stand beside these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Program and version that wrote the model.
    pub program: String,
    /// The shape.
    pub architecture: Architecture,
    /// Weights and biases, on scaled features.
    pub network: Network,
    /// How the scaler was fitted.
    pub scaling: Scaling,
    /// The map from raw to scaled features, exact: see [`Scaler`].
    pub scaler: Scaler,
    /// Features, label and classes.
    pub schema: Schema,
    /// How it was trained.
    pub training: Provenance,
    /// What is claimed of it.
    pub claim: Claim,
}

/// How a model was trained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The engine, as `--method` names it.
    pub method: String,
    /// What was counted.
    pub loss: Loss,
    /// The margin, `None` for the ideal semantics; scaled units.
    pub epsilon: Option<f64>,
    /// Robust training, if any; scaled units.
    pub robust: Option<Robust>,
    /// Weight of the number of non-zero weights.
    pub l0: f64,
    /// Weight of the sum of absolute weights.
    pub l1: f64,
    /// What may be wrong of some classes, in units; no network was looked for that gets more of them wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub error_limits: Vec<ErrorLimit>,
    /// What its weights keep to; no other network was looked for.
    #[serde(default, skip_serializing_if = "Restrictions::is_none")]
    pub restrictions: Restrictions,
    /// Seed of every random choice, the split included.
    pub seed: u64,
    /// Parameters of the engines that were not as by default.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub settings: BTreeMap<String, String>,
    /// Shares of the data file that were kept apart; with `stratify` and `seed` they name the training rows.
    pub kept_apart: Fractions,
    /// Whether every class was divided in the same proportion.
    pub stratify: bool,
    /// What the rows count, where they do not all count once; losses and bounds are in these units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<RowUnits>,
    /// [`crate::Dataset::sha256_of_units`] of the training rows.
    pub data_sha256: String,
    /// The same of all rows, where some were kept apart: `None` in models of versions that did not store it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all_sha256: Option<String>,
    /// Number of training rows.
    pub rows: usize,
    /// Number of distinct points among them.
    pub distinct_points: usize,
}

/// What rows count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowUnits {
    /// What a unit is worth: `1` or `3/4`.
    pub unit: String,
    /// What a row of each class counts, beside its own weight, likewise; `None` if all classes count the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    /// Sum over all training rows, in units.
    pub total: u64,
}

impl RowUnits {
    /// What the rows `members` of a sample count, whose weights were asked for, if there are any; `None` if one counts no whole number of these
    /// units, or there are no labels that the model knows: then they did not train it.
    #[must_use]
    pub fn of_rows(&self, sample: &Sample, members: &[usize]) -> Option<Units> {
        let rational = |text: &String| fraction(text);
        let labels = sample.labels.as_ref()?;
        let classes = match &self.classes {
            Some(classes) => Some(classes.iter().map(rational).collect::<Option<Vec<_>>>()?),
            None => None,
        };
        let known = classes.as_ref().map_or(usize::MAX, Vec::len);
        let own = |i: usize| sample.weights.as_ref().map_or(1.0, |weights| weights[i]);
        if members.iter().any(|&i| labels[i] >= known) {
            return None;
        }
        Units::counted(members.iter().map(|&i| (own(i), labels[i])), rational(&self.unit)?, classes)
    }

    /// As a model file has them.
    #[must_use]
    pub fn of(units: &Units) -> Self {
        Self {
            unit: units.unit.to_string(),
            classes: units.classes.as_ref().map(|classes| classes.iter().map(ToString::to_string).collect()),
            total: units.of_row.iter().map(|&units| u64::from(units)).sum(),
        }
    }

    fn check(&self, classes: usize) -> Result<(), String> {
        let positive = |text: &String| fraction(text).is_some_and(|value| value > Rational::ZERO);
        let sane = |text: &String| fraction(text).is_some_and(|value| value >= Rational::ZERO);
        if !positive(&self.unit) {
            return Err(format!("the unit {:?} is no positive rational", self.unit));
        }
        match &self.classes {
            Some(weights) if weights.len() != classes || !weights.iter().all(sane) => {
                Err("a class weight is no rational that is not negative, or there is not one a class".to_owned())
            }
            _ => Ok(()),
        }
    }
}

/// What the engine said of the network on its training rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Why the run ended.
    pub status: Status,
    /// The loss.
    pub loss: u64,
    /// The loss plus regularisation.
    pub objective: f64,
    /// Proven lower bound on the objective.
    pub bound: f64,
}

/// A model file that cannot be used, or a model that cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file cannot be read or written.
    #[error("{}: {source}", file.display())]
    Io {
        /// The file as the caller named it.
        file: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is not a model, or its parts contradict one another.
    #[error("{}: not a valid model: {message}", file.display())]
    Invalid {
        /// The file as the caller named it.
        file: PathBuf,
        /// What is wrong, naming the field.
        message: String,
    },
}

/// What is read first, whatever else the file holds.
#[derive(Deserialize)]
struct Head {
    format: Option<String>,
    version: Option<u64>,
}

/// What a file that is no JSON object begins with, and what is wanted instead.
fn beginning(bytes: &[u8]) -> Option<String> {
    const SHOWN: usize = 30;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let Some(line) = text.lines().map(str::trim).find(|line| !line.is_empty()) else {
        return Some("it is empty; a network is a JSON file, as `heaviside train --out` writes it".to_owned());
    };
    if line.starts_with('{') {
        return None;
    }
    let mut start: String = line.chars().take(SHOWN).collect::<String>().escape_debug().to_string();
    if line.chars().nth(SHOWN).is_some() {
        start.push_str("..");
    }
    Some(format!("it begins with '{start}', but a network is a JSON file, as `heaviside train --out` writes it"))
}

/// What is wrong with JSON; that of a file without its end is known.
fn fault(error: &serde_json::Error) -> String {
    if error.is_eof() { format!("it is cut off ({error}); copy it anew") } else { error.to_string() }
}

/// The whole file, to write.
#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    version: u64,
    #[serde(flatten)]
    model: &'a Model,
}

impl Model {
    /// Reads and validates a model file.
    ///
    /// # Errors
    /// [`ModelError`] with the file and what is wrong.
    pub fn read(path: &Path) -> Result<Self, ModelError> {
        let text = std::fs::read(path).map_err(|source| ModelError::Io { file: path.to_owned(), source })?;
        Self::parse(&text).map_err(|message| ModelError::Invalid { file: path.to_owned(), message })
    }

    /// Parses and validates the bytes of a model file. Numbers come back bit by bit as they were written.
    ///
    /// # Errors
    /// What is wrong, naming the field or the line.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let head: Head = serde_json::from_slice(bytes).map_err(|error| beginning(bytes).unwrap_or(fault(&error)))?;
        if head.format.as_deref() != Some(FORMAT) {
            return Err(format!("the field \"format\" must be \"{FORMAT}\""));
        }
        if head.version != Some(VERSION) {
            let found = head.version.map_or_else(|| "missing".to_owned(), |version| version.to_string());
            return Err(format!("the version is {found}; this program reads version {VERSION}"));
        }
        let model: Self = serde_json::from_slice(bytes).map_err(|error| fault(&error))?;
        model.check()?;
        Ok(model)
    }

    /// The model as JSON text.
    ///
    /// # Errors
    /// What is wrong with the model, as [`Model::check`].
    pub fn to_json(&self) -> Result<String, String> {
        self.check()?;
        let file = File { format: FORMAT, version: VERSION, model: self };
        let mut text = serde_json::to_string_pretty(&file).map_err(|error| error.to_string())?;
        text.push('\n');
        Ok(text)
    }

    /// Writes the model file.
    ///
    /// # Errors
    /// [`ModelError`] with the file and what is wrong.
    pub fn write(&self, path: &Path) -> Result<(), ModelError> {
        let text = self.to_json().map_err(|message| ModelError::Invalid { file: path.to_owned(), message })?;
        std::fs::write(path, text).map_err(|source| ModelError::Io { file: path.to_owned(), source })
    }

    /// The network prepared for exact evaluation on raw features.
    #[must_use]
    pub fn exact(&self) -> ExactNetwork {
        ExactNetwork::new(&self.network, &self.scaler)
    }

    /// Whether all parts are sane and fit together.
    ///
    /// # Errors
    /// What is wrong, naming the field.
    pub fn check(&self) -> Result<(), String> {
        let field = |name: &'static str| move |message: String| format!("{name}: {message}");
        self.architecture.check().map_err(field("architecture"))?;
        exact::domain(&self.architecture, &self.network, &never)
            .map_err(|violation| format!("network: {violation}"))?;
        self.scaler.check().map_err(field("scaler"))?;
        if self.scaler.shift.len() != self.architecture.inputs {
            let (given, wanted) = (self.scaler.shift.len(), self.architecture.inputs);
            return Err(format!("scaler: {given} features, but the network has {wanted} inputs"));
        }
        self.check_schema().map_err(field("schema"))?;
        self.training.check().map_err(field("training"))?;
        let units = self.training.units.as_ref();
        units.map_or(Ok(()), |units| units.check(self.architecture.classes)).map_err(field("training"))?;
        check_limits(&self.training.error_limits, self.architecture.classes).map_err(field("training"))?;
        self.training.restrictions.check(&self.architecture).map_err(field("training"))?;
        self.training
            .restrictions
            .broken_by(&self.network)
            .map_or(Ok(()), |breach| Err(format!("network: {breach}")))?;
        for (name, value) in [("objective", self.claim.objective), ("bound", self.claim.bound)] {
            if !value.is_finite() {
                return Err(format!("claim: {name} is {value}"));
            }
        }
        Ok(())
    }

    fn check_schema(&self) -> Result<(), String> {
        let Schema { features, label_column, weight, one_hot, classes, positive, .. } = &self.schema;
        if features.len() != self.architecture.inputs {
            return Err(format!(
                "{} features, but the network has {} inputs",
                features.len(),
                self.architecture.inputs
            ));
        }
        let columns = self.schema.num_feature_columns() + 1 + usize::from(weight.is_some());
        if *label_column >= columns {
            return Err(format!("label_column {label_column} is beyond the last of {columns} columns"));
        }
        if let Some(weight) =
            weight.as_ref().filter(|weight| weight.column >= columns || weight.column == *label_column)
        {
            return Err(format!("no column {} of weights beside features and label", weight.column));
        }
        if weight.is_some() && self.training.units.is_none() {
            return Err("a column of weights, but no units in training".to_owned());
        }
        self.schema.check_one_hot(columns)?;
        if one_hot.iter().any(|one_hot| same_twice(&one_hot.values).is_some()) {
            return Err("two values of a column of categories are one".to_owned());
        }
        if classes.len() != self.architecture.classes {
            let (given, wanted) = (classes.len(), self.architecture.classes);
            return Err(format!("{given} classes, but the network tells {wanted} apart"));
        }
        for (what, names) in [("features", features), ("classes", classes)] {
            let mut sorted: Vec<&String> = names.iter().collect();
            sorted.sort();
            if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(format!("two {what} are called {:?}", pair[0]));
            }
        }
        if let Some((one, other)) = same_twice(classes) {
            return Err(format!(
                "the classes {one:?} and {other:?} are one: labels that are numbers count by their value"
            ));
        }
        if positive.as_ref().is_some_and(|positive| classes.len() != 2 || classes[1] != *positive) {
            return Err("with a positive class there are two classes, and the second is it".to_owned());
        }
        Ok(())
    }
}

/// Whether a network with so many classes can keep to these limits.
fn check_limits(limits: &[ErrorLimit], classes: usize) -> Result<(), String> {
    let twice = |(at, limit): (usize, &ErrorLimit)| limits[..at].iter().any(|other| other.class == limit.class);
    if limits.iter().any(|limit| classes != 2 || limit.class >= classes) || limits.iter().enumerate().any(twice) {
        return Err("error_limits are for two classes, one for each at most".to_owned());
    }
    Ok(())
}

impl Provenance {
    /// Rows of this digest under an engine of this name, all else as nothing was asked for: ideal semantics, no regularisation, no
    /// limits, seed 0, default parameters, no row kept apart, each counted once. `rows` and `distinct_points` are 0 until they are set.
    #[must_use]
    pub fn new(method: &str, loss: Loss, data_sha256: String) -> Self {
        Self {
            method: method.to_owned(),
            loss,
            epsilon: None,
            robust: None,
            l0: 0.0,
            l1: 0.0,
            error_limits: vec![],
            restrictions: Restrictions::default(),
            seed: 0,
            settings: BTreeMap::new(),
            kept_apart: Fractions::default(),
            stratify: false,
            units: None,
            data_sha256,
            all_sha256: None,
            rows: 0,
            distinct_points: 0,
        }
    }

    /// The same of rows whose problem is known.
    #[must_use]
    pub fn of(method: &str, problem: &Problem, data_sha256: String) -> Self {
        Self {
            epsilon: problem.epsilon,
            robust: problem.robust,
            l0: problem.l0,
            l1: problem.l1,
            error_limits: problem.error_limits.clone(),
            restrictions: problem.restrictions.clone(),
            rows: problem.points.num_rows(),
            distinct_points: problem.points.len(),
            ..Self::new(method, problem.loss, data_sha256)
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.epsilon.is_some_and(|epsilon| !epsilon.is_finite() || epsilon <= 0.0) {
            return Err("epsilon must be null or positive and finite".to_owned());
        }
        if self.robust.is_some_and(|robust| !robust.radius.is_finite() || robust.radius < 0.0) {
            return Err("the radius must be finite and not negative".to_owned());
        }
        if [self.l0, self.l1].iter().any(|weight| !weight.is_finite() || *weight < 0.0) {
            return Err("l0 and l1 must be finite and not negative".to_owned());
        }
        let Fractions { validation, test } = self.kept_apart;
        if [validation, test, validation + test].iter().any(|share| !(0.0..1.0).contains(share)) {
            return Err("the shares kept_apart must be in [0, 1) and leave rows to train on".to_owned());
        }
        for (name, hash) in [("data_sha256", Some(&self.data_sha256)), ("all_sha256", self.all_sha256.as_ref())] {
            let digits = |hash: &String| hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            if hash.is_some_and(|hash| hash.len() != 64 || !digits(hash)) {
                return Err(format!("{name} must be 64 lower-case hexadecimal digits"));
            }
        }
        if self.distinct_points > self.rows {
            return Err("more distinct_points than rows".to_owned());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
