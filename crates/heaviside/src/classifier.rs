//! A trained network in use.

use crate::error::Error;
use crate::rule::rule;
use bdnn::exact::ExactNetwork;
use bdnn::robust::{Tally, WorstCase};
use bdnn::{Confusion, Dataset, Model, Norm, Robust, Stop};
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
        self.check_rows(rows)?;
        Ok(rows.par_iter().map(|row| self.exact.predict(row.as_ref())).collect())
    }

    /// The pre-activations of the outputs at each row, one (of two classes) or as many as there are classes a row: as floats that
    /// mean the exact prediction ([`bdnn::exact::ExactNetwork::scores`]).
    ///
    /// # Errors
    /// As [`Classifier::predict`].
    pub fn scores<R: AsRef<[f64]> + Sync>(&self, rows: &[R]) -> Result<Vec<Vec<f64>>, Error> {
        self.check_rows(rows)?;
        Ok(rows.par_iter().map(|row| self.exact.scores(row.as_ref())).collect())
    }

    /// The network as a rule in the units of the data, a line a neuron; `None` where it is too large to read ([`rule`]).
    #[must_use]
    pub fn rule(&self) -> Option<Vec<String>> {
        let Model { network, scaler, schema, .. } = &self.model;
        rule(network, scaler, &schema.features, &schema.classes)
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
        let rows: Vec<&[f64]> = (0..data.len()).map(|i| data.row(i)).collect();
        self.certify_rows(&rows, &self.labels(data)?, Robust { radius, norm }, &bdnn::budget::never)
    }

    /// As [`Classifier::certify`], for rows in raw units and a class each, by its position in [`Classifier::classes`]. What `stop`
    /// leaves is undecided.
    ///
    /// # Errors
    /// As [`Classifier::predict`], and [`Error::Rows`] for a radius that is negative or not finite, or where rows and labels are not as
    /// many.
    pub fn certify_rows<R: AsRef<[f64]> + Sync>(
        &self,
        rows: &[R],
        labels: &[usize],
        ball: Robust,
        stop: &Stop<'_>,
    ) -> Result<Tally, Error> {
        let Robust { radius, .. } = ball;
        if !(radius.is_finite() && radius >= 0.0) {
            return Err(Error::Rows(format!("the radius {} must be finite and not negative", bdnn::shortest(radius))));
        }
        if rows.len() != labels.len() {
            return Err(Error::Rows(format!("{} rows with {} labels; give one label a row", rows.len(), labels.len())));
        }
        self.check_rows(rows)?;
        let case = WorstCase::new(&self.exact, ball, WORST_CASE_NODES);
        Ok(Tally::all(&case, rows.len(), |i| (rows[i].as_ref(), labels[i]), stop))
    }

    /// Whether a network can take such rows.
    fn check_rows<R: AsRef<[f64]>>(&self, rows: &[R]) -> Result<(), Error> {
        for (i, row) in rows.iter().enumerate() {
            let (row, wanted) = (row.as_ref(), self.model.architecture.inputs);
            if row.len() != wanted {
                return Err(Error::Rows(format!("row {i} has {} features, the model {wanted}", row.len())));
            }
            if let Some(j) = row.iter().position(|x| !x.is_finite()) {
                return Err(Error::Rows(format!("row {i}: feature {j} is {}, which is not finite", row[j])));
            }
        }
        Ok(())
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
