//! A trained network in use.

use crate::error::Error;
use bdnn::exact::ExactNetwork;
use bdnn::robust::{Tally, WorstCase};
use bdnn::{Confusion, Dataset, Model, Norm, Robust};
use rayon::prelude::*;
use std::path::Path;

/// Nodes of the search for the worst case of one row; beyond, it is undecided.
const WORST_CASE_NODES: u64 = 20_000;

/// A network that predicts, by the exact forward pass; a model file in memory.
///
/// ```
/// use heaviside::{Classifier, Dataset, Norm, Trainer};
///
/// let rows = [[1.0], [2.0], [4.0], [5.0]];
/// let data = Dataset::from_rows(&rows, &["low", "low", "high", "high"])?;
/// let classifier = Trainer::new().fit(&data)?.classifier()?;
/// let file = std::env::temp_dir().join(format!("heaviside-{}.json", std::process::id()));
/// classifier.save(&file)?;
/// let loaded = Classifier::load(&file)?;
/// # std::fs::remove_file(&file).unwrap();
/// assert_eq!(loaded.predict(&[[0.0], [9.0]])?, ["low", "high"]);
/// assert_eq!(loaded.evaluate(&data)?.errors(), 0);
/// // No move of a feature by up to 5% of its range changes a prediction; by 90% some do.
/// assert_eq!(loaded.certify(&data, 0.05, Norm::Linf)?.certified, 4);
/// assert_eq!(loaded.certify(&data, 0.9, Norm::Linf)?.attackable, 4);
/// # Ok::<(), heaviside::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Classifier {
    model: Model,
    exact: ExactNetwork,
}

impl Classifier {
    /// The network of a model.
    #[must_use]
    pub fn new(model: Model) -> Self {
        Self { exact: model.exact(), model }
    }

    /// Reads a model file, as `heaviside train --out` and [`Classifier::save`] write it, and makes sure that it fits together.
    ///
    /// # Errors
    /// [`Error::Model`] with the file and what is wrong.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self::new(Model::read(path.as_ref())?))
    }

    /// Writes the model file; one that is there is replaced.
    ///
    /// # Errors
    /// [`Error::Model`] with the file and what is wrong.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        Ok(self.model.write(path.as_ref())?)
    }

    /// All of the model.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Names of the classes, in class order.
    #[must_use]
    pub fn classes(&self) -> &[String] {
        &self.model.schema.classes
    }

    /// The class of each row (n features in raw units), by its name.
    ///
    /// # Errors
    /// [`Error::Rows`] if a row has another number of features, or one that is not finite.
    pub fn predict<R: AsRef<[f64]> + Sync>(&self, rows: &[R]) -> Result<Vec<&str>, Error> {
        let classes = self.predict_indices(rows)?;
        Ok(classes.into_iter().map(|class| self.model.schema.classes[class].as_str()).collect())
    }

    /// As [`Classifier::predict`], by position in [`Classifier::classes`].
    ///
    /// # Errors
    /// As [`Classifier::predict`].
    pub fn predict_indices<R: AsRef<[f64]> + Sync>(&self, rows: &[R]) -> Result<Vec<usize>, Error> {
        for (i, row) in rows.iter().enumerate() {
            let (row, wanted) = (row.as_ref(), self.model.architecture.inputs);
            if row.len() != wanted {
                return Err(Error::Rows(format!("row {i} has {} features, the model {wanted}", row.len())));
            }
            if let Some(j) = row.iter().position(|x| !x.is_finite()) {
                return Err(Error::Rows(format!("row {i}: feature {j} is {}, which is not finite", row[j])));
            }
        }
        Ok(rows.par_iter().map(|row| self.exact.predict(row.as_ref())).collect())
    }

    /// Predictions against labels.
    ///
    /// # Errors
    /// [`Error::Rows`] if the data have other features, or a class that the model does not know.
    pub fn evaluate(&self, data: &Dataset) -> Result<Confusion, Error> {
        let labels = self.labels(data)?;
        let predicted: Vec<usize> = (0..data.len()).into_par_iter().map(|i| self.exact.predict(data.row(i))).collect();
        Ok(Confusion::count(self.classes().len(), labels.into_iter().zip(predicted)))
    }

    /// Decides for every row, exactly, whether some input within `radius` of it (scaled units: a share of a feature's range,
    /// unless scaled otherwise) gets another class. Rows whose search takes more than 20,000 nodes are undecided.
    ///
    /// # Errors
    /// As [`Classifier::evaluate`], and [`Error::Rows`] for a radius that is negative or not finite.
    pub fn certify(&self, data: &Dataset, radius: f64, norm: Norm) -> Result<Tally, Error> {
        if !(radius.is_finite() && radius >= 0.0) {
            return Err(Error::Rows(format!("the radius {} must be finite and not negative", bdnn::shortest(radius))));
        }
        let labels = self.labels(data)?;
        let case = WorstCase::new(&self.exact, Robust { radius, norm }, WORST_CASE_NODES);
        Ok(Tally::all(&case, data.len(), |i| (data.row(i), labels[i]), &bdnn::budget::never))
    }

    /// The class of each row of `data` in the order of the model's.
    fn labels(&self, data: &Dataset) -> Result<Vec<usize>, Error> {
        let (ours, theirs) = (&self.model.schema, &data.schema);
        if ours.features != theirs.features {
            return Err(Error::Rows("the features of the data are not those of the model".to_owned()));
        }
        let class = |name: &String| {
            let known = ours.classes.iter().position(|class| class == name).or_else(|| ours.class_of(name));
            known.ok_or_else(|| Error::Rows(format!("the model knows no class \"{name}\"")))
        };
        let classes = theirs.classes.iter().map(class).collect::<Result<Vec<_>, _>>()?;
        Ok(data.labels.iter().map(|&label| classes[label]).collect())
    }
}
