//! `problem.json` of a proof folder: what is claimed of which points.

use crate::error::Error;
use bdnn::data::Dataset;
use bdnn::model::Provenance;
use bdnn::{Architecture, Problem, Scaler, Schema, Stop, Training};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// `problem.json` without its last field.
#[derive(Serialize)]
struct ProblemFile<'a> {
    format: &'static str,
    version: u64,
    architecture: &'a Architecture,
    scaler: &'a Scaler,
    schema: &'a Schema,
    training: &'a Provenance,
    points: Vec<&'a [f64]>,
    row_points: &'a [usize],
    row_classes: Vec<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row_units: Option<&'a [u32]>,
    partition: Option<&'a [usize]>,
}

/// `problem.json`, all but the claim, which a run makes.
pub struct Begun {
    file: File,
    path: PathBuf,
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
    /// What each of them counts, if not once.
    pub units: Option<&'a [u32]>,
    /// How.
    pub provenance: Provenance,
}

impl Source<'_> {
    /// Writes into `folder` what `problem.json` says of any run; `None` if it was told to stop before the end. Cost O(m n).
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be written.
    pub fn begin(&self, folder: &Path, problem: &Problem, stop: &Stop<'_>) -> Result<Option<Begun>, Error> {
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
            row_units: self.units,
            partition: problem.partition.as_deref(),
        };
        let path = folder.join("problem.json");
        let failed = |source| Error::file(&path, source);
        let out = Heeding { file: File::create(&path).map_err(failed)?, stop };
        let mut out = BufWriter::with_capacity(PIECE, out);
        let written = serde_json::to_writer(&mut out, &file).map_err(io::Error::from).and_then(|()| out.flush());
        if stop() {
            return Ok(None);
        }
        let mut file =
            written.and_then(|()| out.into_inner().map_err(io::IntoInnerError::into_error)).map_err(failed)?.file;
        // One more field comes in the place of the brace that closes the object.
        file.seek(SeekFrom::End(-1)).map_err(failed)?;
        Ok(Some(Begun { file, path }))
    }
}

/// Bytes written between two questions.
const PIECE: usize = 1 << 18;

/// A file whose writing ends in an error once it is told to stop.
struct Heeding<'a> {
    file: File,
    stop: &'a Stop<'a>,
}

impl Write for Heeding<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.stop)() { Err(io::Error::other("told to stop")) } else { self.file.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Begun {
    /// Completes the file with the bound that the folder proves; `None` if no network satisfies the problem.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be written.
    pub fn end<B: Serialize>(mut self, training: &Training, bound: Option<B>) -> Result<(), Error> {
        let claim = Claim { bound, loss: training.network.as_ref().map(|_| training.loss) };
        let claim = serde_json::to_string(&claim).map_err(|error| Error::Internal(error.to_string()))?;
        writeln!(self.file, ",\"claim\":{claim}}}").map_err(|source| Error::file(&self.path, source))
    }
}
