//! Which data, read how, and which part of it trains.

use super::{RowArgs, fraction};
use crate::summary::DataJson;
use bdnn::data::{DataError, Dataset, Fractions, ReadOptions, Scaling, Split, Watch};
use bdnn::{Points, Scaler};
use clap::{ArgGroup, Args, ValueEnum};
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

/// A data file, its parts and the scaling fitted on the training part.
#[derive(Debug)]
pub struct Prepared {
    pub data: Dataset,
    pub split: Split,
    pub scaler: Scaler,
    /// What was read.
    pub summary: DataJson,
}

impl DataArgs {
    /// Reads the file, splits it with `seed`, fits the scaling and merges equal rows of the training part; until `watch`
    /// says stop.
    pub fn prepare(&self, seed: u64, watch: Watch<'_>) -> Result<(Prepared, Points), DataError> {
        let options = ReadOptions {
            label: self.label.clone(),
            positive: self.positive.clone(),
            drop_missing: self.rows.drop_missing,
            header: self.rows.header.known(),
        };
        let data = Dataset::read_watched(&self.data, &options, watch)?;
        let stopped = || DataError::Stopped { file: self.data.clone() };
        let split = bdnn::data::split(&data.labels, data.num_classes(), self.fractions(), self.stratify, seed)?;
        let scaler = self.scaling().fit(&data, &split.train);
        let points = data.points_watched(&split.train, &scaler, watch).ok_or_else(stopped)?;
        let whole = split.train.len() == data.len();
        let distinct = if whole { Some(points.len()) } else { data.num_distinct(watch) };
        let summary = DataJson::of(&data, distinct.ok_or_else(stopped)?, &self.data);
        Ok((Prepared { data, split, scaler, summary }, points))
    }

    /// The shares kept apart.
    pub fn fractions(&self) -> Fractions {
        Fractions { validation: self.validation.unwrap_or_default(), test: self.test.unwrap_or_default() }
    }

    /// The kind of scaling.
    pub fn scaling(&self) -> Scaling {
        match self.scale {
            ScaleName::Minmax => Scaling::MinMax,
            ScaleName::Standard => Scaling::Standard,
            ScaleName::None => Scaling::None,
        }
    }
}
