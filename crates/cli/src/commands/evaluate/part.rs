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
        let mut parts = data::split(labels, classes, training.kept_apart, training.stratify, training.seed)?;
        let mut units = None;
        let mut same = true;
        if let Some(of_model) = &training.units {
            // Rows of weight 0 did not train.
            match of_model.of_rows(sample, &parts.train) {
                Some(found) => {
                    let (train, counted) = found.without_weightless(parts.train);
                    (parts.train, units) = (train, Some(counted));
                }
                None => same = false,
            }
        }
        let all: Vec<usize> = (0..sample.len()).collect();
        let sha256 = |members: &[usize], units| sample.sha256(&model.schema, (members, units));
        same = same
            && sha256(&parts.train, units.as_ref()).as_ref() == Some(&training.data_sha256)
            && training.all_sha256.as_ref().is_none_or(|hash| sha256(&all, None).as_ref() == Some(hash));
        if !same {
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
