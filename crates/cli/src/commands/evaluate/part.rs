//! `evaluate --part`: the rows of a part of the training run again, or nothing.

use crate::failure::Failure;
use bdnn::{Model, Sample, data};
use clap::ValueEnum;
use serde::Serialize;
use std::path::Path;

/// A part of the data of a training run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PartName {
    /// What was trained on
    Train,
    /// What `train --validation` kept apart
    Validation,
    /// What `train --test` kept apart
    Test,
}

impl PartName {
    /// The rows of `sample`, which must be the file that `model` was trained on, by its fingerprints.
    pub fn rows(self, model: &Model, sample: &Sample, path: &Path) -> Result<Vec<usize>, Failure> {
        let refuse = |message: String| Err(Failure::Input(format!("{}: {message}", path.display())));
        let training = &model.training;
        let labels = sample.labels.as_deref().unwrap_or_default();
        let classes = model.schema.classes.len();
        let parts = data::split(labels, classes, training.kept_apart, training.stratify, training.seed)?;
        let all: Vec<usize> = (0..sample.len()).collect();
        let same = |members: &[usize], hash: &String| sample.sha256(&model.schema, members).as_ref() == Some(hash);
        // With weights the fingerprint of the training rows is one of what they count as well, and that of all rows says who they are.
        if (training.units.is_none() && !same(&parts.train, &training.data_sha256))
            || training.all_sha256.as_ref().is_some_and(|hash| !same(&all, hash))
        {
            return refuse(
                "not the data that the model was trained on (their fingerprint differs); --part needs the same rows, read \
                 with the same --drop-missing and --header"
                    .to_owned(),
            );
        }
        let (rows, option) = match self {
            Self::Train => (parts.train, "--test or --validation"),
            Self::Validation => (parts.validation, "--validation"),
            Self::Test => (parts.test, "--test"),
        };
        if rows.is_empty() {
            return refuse(format!("the model was trained without {option}: there is no such part"));
        }
        Ok(rows)
    }
}
