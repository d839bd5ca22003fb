//! Which data, read how, and which part of it trains.

use super::{RowArgs, fraction};
use crate::summary::DataJson;
use bdnn::data::{DataError, Dataset, ReadOptions, Scaling, Watch};
use clap::{ArgGroup, Args, ValueEnum};
use heaviside::{Task, Trainer};
use std::path::PathBuf;

/// The data file and its reading.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Data")]
#[command(group(ArgGroup::new("kept_apart").multiple(true).args(["test", "validation"])))]
pub struct DataArgs {
    /// Data file: one point a row, features and label, with `,` `;` or tab between; - for standard input
    #[arg(value_name = "DATA.csv", help_heading = None::<&'static str>)]
    pub data: PathBuf,

    /// Label column: a name, or an index from 0, from the end if negative [default: the last column]
    #[arg(long, value_name = "COL", allow_hyphen_values = true)]
    pub label: Option<String>,

    /// Train this class against the rest
    #[arg(long, value_name = "CLASS", allow_hyphen_values = true)]
    pub positive: Option<String>,

    #[command(flatten)]
    pub rows: RowArgs,

    /// Feature scaling, fitted on the training part and stored in the model
    #[arg(long, value_name = "KIND", default_value = "minmax")]
    pub scale: ScaleName,

    /// Keep this part of the points apart, and report the accuracy on it
    #[arg(long, value_name = "F", value_parser = fraction)]
    pub test: Option<f64>,

    /// Keep another part apart, to choose options by
    #[arg(long, value_name = "F", value_parser = fraction)]
    pub validation: Option<f64>,

    /// Divide every class in the same proportion
    #[arg(long, requires = "kept_apart")]
    pub stratify: bool,
}

/// Names of the scalings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScaleName {
    /// Each feature's range becomes [0, 1]
    Minmax,
    /// Each feature gets mean 0 and standard deviation 1
    Standard,
    /// Features stay as they are
    None,
}

impl DataArgs {
    /// Reads the file, until `watch` says stop.
    pub fn read(&self, watch: Watch<'_>) -> Result<Dataset, DataError> {
        let options = ReadOptions {
            label: self.label.clone(),
            positive: self.positive.clone(),
            drop_missing: self.rows.drop_missing,
            header: self.rows.header.known(),
        };
        Dataset::read_watched(&self.data, &options, watch)
    }

    /// What was read, for the rows of `task`; until `watch` says stop.
    pub fn summary(&self, task: &Task<'_>, watch: Watch<'_>) -> Result<DataJson, DataError> {
        let (data, points) = (task.data(), &task.problem().points);
        let whole = points.num_rows() == data.len();
        let distinct = if whole { Some(points.len()) } else { data.num_distinct(watch) };
        let distinct = distinct.ok_or_else(|| DataError::Stopped { file: self.data.clone() })?;
        Ok(DataJson::of(data, distinct, &self.data))
    }

    /// The trainer with this scaling and these parts.
    pub fn trainer(&self, trainer: Trainer) -> Trainer {
        let trainer = trainer.scaling(self.scaling()).stratify(self.stratify);
        trainer.validation(self.validation.unwrap_or_default()).test(self.test.unwrap_or_default())
    }

    /// The kind of scaling.
    fn scaling(&self) -> Scaling {
        match self.scale {
            ScaleName::Minmax => Scaling::MinMax,
            ScaleName::Standard => Scaling::Standard,
            ScaleName::None => Scaling::None,
        }
    }
}
