//! A trained network in use.

use crate::arrays::{Rows, floats, integers, labels};
use crate::errors::{exception, internal};
use crate::{options, watch};
use heaviside::export::{ExportOptions, Format, Inputs, export};
use heaviside::{Classifier, Error, Model, Robust};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::path::PathBuf;
use std::sync::Arc;

/// Rows up to which one thread predicts faster than several begin.
const FEW_ROWS: usize = 2000;
/// Rows between two looks at signals.
const CHUNK: usize = 1 << 14;

/// A network with all that is needed to use it: a model file in memory.
#[pyclass(frozen, module = "heaviside_nn._native")]
#[derive(Clone)]
pub struct Network {
    classifier: Arc<Classifier>,
}

impl From<Classifier> for Network {
    fn from(classifier: Classifier) -> Self {
        Self { classifier: Arc::new(classifier) }
    }
}

impl Network {
    /// Numbers that `work` makes of the rows, on as many threads as they are worth; it hears of signals between chunks.
    fn on<T: Send>(
        &self,
        py: Python<'_>,
        rows: &[u8],
        work: impl Fn(&Classifier, &[&[f64]]) -> Result<Vec<T>, Error> + Send + Sync,
    ) -> PyResult<Vec<T>> {
        let rows = Rows::new(rows, self.classifier.model().architecture.inputs)?;
        let slices = rows.slices();
        let (done, raised) = watch::run(py, threads(slices.len()), None, |watch| {
            let mut done = Vec::new();
            for chunk in slices.chunks(CHUNK).take_while(|_| !watch.stopped()) {
                done.extend(work(&self.classifier, chunk)?);
            }
            Ok(done)
        })?;
        raised.map_or(Ok(()), Err)?;
        done.map_err(|error: Error| exception(&error))
    }
}

/// Threads for so many rows, 0 for all.
fn threads(rows: usize) -> usize {
    usize::from(rows <= FEW_ROWS)
}

#[pymethods]
impl Network {
    /// Of the text of a model file.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        let model = Model::parse(text.as_bytes()).map_err(PyValueError::new_err)?;
        Ok(Classifier::new(model).into())
    }

    /// Reads a model file.
    #[staticmethod]
    fn load(path: PathBuf) -> PyResult<Self> {
        Classifier::load(path).map(Self::from).map_err(|error| exception(&error))
    }

    /// The text of a model file.
    fn to_json(&self) -> PyResult<String> {
        self.classifier.model().to_json().map_err(|what| internal(&what))
    }

    /// Writes the model file; one that is there is replaced.
    fn save(&self, path: PathBuf) -> PyResult<()> {
        self.classifier.save(path).map_err(|error| exception(&error))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((slf.getattr("from_json")?, (slf.get().to_json()?,)))
    }

    /// The class of each row, by its number, as bytes of 64-bit integers.
    fn predict<'py>(&self, py: Python<'py>, rows: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let classes = self.on(py, rows, |classifier, rows| classifier.predict_indices(rows))?;
        Ok(PyBytes::new(py, &integers(&classes)))
    }

    /// The pre-activations of the outputs at each row, as bytes of binary64.
    fn scores<'py>(&self, py: Python<'py>, rows: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let scores = self.on(py, rows, |classifier, rows| classifier.scores(rows).map(|scores| scores.concat()))?;
        Ok(PyBytes::new(py, &floats(scores)))
    }

    /// How many rows keep their class within `radius`: certified, attackable, undecided; and of the first and the last those that are
    /// predicted rightly.
    fn certify(
        &self,
        py: Python<'_>,
        rows: &[u8],
        classes: &[u8],
        radius: f64,
        norm: &str,
    ) -> PyResult<(usize, usize, usize, usize, usize)> {
        let norm = options::norm(norm)?;
        let classes = labels(classes, self.classifier.classes().len())?;
        let rows = Rows::new(rows, self.classifier.model().architecture.inputs)?;
        let (slices, ball) = (rows.slices(), Robust { radius, norm });
        let (tally, raised) = watch::run(py, 0, None, |watch| {
            self.classifier.certify_rows(&slices, &classes, ball, &|| watch.stopped())
        })?;
        raised.map_or(Ok(()), Err)?;
        let tally = tally.map_err(|error| exception(&error))?;
        Ok((tally.certified, tally.attackable, tally.undecided, tally.robust, tally.open))
    }

    /// The network in another form (c, onnx, json, dot), named after the file that it will be in or as is said: exact for whole numbers in the ranges of these rows, if there are rows and all of them
    /// are whole; and the layers that are computed in floats.
    fn export<'py>(
        &self,
        py: Python<'py>,
        format: &str,
        path: PathBuf,
        name: Option<&str>,
        rows: Option<&[u8]>,
    ) -> PyResult<(Bound<'py, PyBytes>, Vec<usize>)> {
        let format: Format = format.parse().map_err(PyValueError::new_err)?;
        let mut options = ExportOptions::new().named_after(&path);
        if let Some(name) = name {
            options = options.name(name);
        }
        if let Some(rows) = rows {
            let rows = Rows::new(rows, self.classifier.model().architecture.inputs)?;
            options = options.inputs(Inputs::of_rows(rows.slices()));
        }
        let exported = export(self.classifier.model(), format, &options).map_err(|error| exception(&error))?;
        Ok((PyBytes::new(py, &exported.bytes), exported.real_layers))
    }

    /// The network as a rule in the units of the data, if it is small enough to read.
    pub fn rule(&self) -> Option<Vec<String>> {
        self.classifier.rule()
    }
}
