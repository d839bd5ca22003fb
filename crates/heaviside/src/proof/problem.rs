//! `problem.json` of a proof folder: what is claimed of which points.

use crate::error::Error;
use bdnn::data::Dataset;
use bdnn::model::Provenance;
use bdnn::{Architecture, Problem, Scaler, Schema, Training};
use serde::Serialize;
use std::fs;
use std::path::Path;

/// `problem.json`; bounds are of type `B`.
#[derive(Serialize)]
struct ProblemFile<'a, B> {
    format: &'static str,
    version: u64,
    architecture: &'a Architecture,
    scaler: &'a Scaler,
    schema: &'a Schema,
    training: &'a Provenance,
    points: Vec<&'a [f64]>,
    row_points: &'a [usize],
    row_classes: Vec<usize>,
    partition: Option<&'a [usize]>,
    claim: Claim<B>,
}

#[derive(Serialize)]
struct Claim<B> {
    bound: Option<B>,
    loss: Option<u64>,
}

/// Where the points of a problem come from.
pub struct Source<'a> {
    /// All rows.
    pub data: &'a Dataset,
    /// Those that train.
    pub rows: &'a [usize],
    /// How.
    pub provenance: Provenance,
}

impl Source<'_> {
    /// Writes `problem.json` into `folder`, with the bound that the folder proves; `None` if no network satisfies the problem.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be written.
    pub fn write<B: Serialize>(
        &self,
        folder: &Path,
        problem: &Problem,
        training: &Training,
        bound: Option<B>,
    ) -> Result<(), Error> {
        let points = &problem.points;
        let file = ProblemFile {
            format: "heaviside-proof",
            version: 1,
            architecture: &problem.architecture,
            scaler: points.scaler(),
            schema: &self.data.schema,
            training: &self.provenance,
            points: (0..points.len()).map(|i| points.raw(i)).collect(),
            row_points: points.of_row(),
            row_classes: self.rows.iter().map(|&row| self.data.labels[row]).collect(),
            partition: problem.partition.as_deref(),
            claim: Claim { bound, loss: training.network.as_ref().map(|_| training.loss) },
        };
        let text = serde_json::to_string(&file).map_err(|error| Error::Internal(error.to_string()))?;
        let path = folder.join("problem.json");
        fs::write(&path, text + "\n").map_err(|source| Error::file(&path, source))
    }
}
