//! Which data, read how, and which part of it trains.

use super::{RowArgs, fraction};
use crate::console::visible_name;
use crate::failure::Failure;
use crate::summary::DataJson;
use bdnn::data::{ClassWeights, DataError, Dataset, OneHotColumns, ReadOptions, Scaling, Watch, no_weight, weight_of};
use clap::{ArgGroup, Args, ValueEnum};
use heaviside::{Task, Trainer};
use std::path::PathBuf;

/// The data file and its reading.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Data")]
#[command(group(ArgGroup::new("kept_apart").multiple(true).args(["test", "validation"])))]
#[command(group(ArgGroup::new("divided").multiple(true).args(["test", "validation"])))]
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

    /// Column of what each row counts: a weight of 2 is two such rows, 0 leaves the row out; a name or an index as for --label
    #[arg(long, value_name = "COL", allow_hyphen_values = true)]
    pub weight_column: Option<String>,

    /// What the rows of a class count, beside their weights: CLASS=W, any number of times, 1 for the others; or balanced, for
    /// classes that count the same
    #[arg(long, value_name = "CLASS=W", allow_hyphen_values = true, value_parser = ClassWeight::parse)]
    pub class_weight: Vec<ClassWeight>,

    /// Encode columns of words: a feature COLUMN=VALUE of 0 and 1 for each value. All columns with a cell that is no number, or these (names or
    /// indices as for --label), whatever is in them
    #[arg(long, value_name = "COL,..", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub one_hot: Option<String>,

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
    #[arg(long, requires = "divided")]
    pub stratify: bool,
}

/// One word of `--class-weight`.
#[derive(Clone, Debug, PartialEq)]
pub enum ClassWeight {
    /// All classes count the same.
    Balanced,
    /// Those of this name count so much.
    Of(String, f64),
}

impl ClassWeight {
    fn parse(text: &str) -> Result<Self, String> {
        match text.rsplit_once('=') {
            Some((class, weight)) => match weight_of(weight) {
                Some(weight) => Ok(Self::Of(class.to_owned(), weight)),
                None => Err(no_weight(weight).to_owned()),
            },
            None if text == "balanced" => Ok(Self::Balanced),
            None => Err("expected CLASS=W, such as yes=2.5, or balanced".to_owned()),
        }
    }
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
            weight: self.weight_column.clone(),
            one_hot: self.one_hot(),
            drop_missing: self.rows.drop_missing,
            header: self.rows.header.known(),
        };
        Dataset::read_watched(&self.data, &options, watch)
    }

    fn one_hot(&self) -> OneHotColumns {
        match self.one_hot.as_deref() {
            None => OneHotColumns::None,
            Some("") => OneHotColumns::Text,
            Some(names) => OneHotColumns::Named(names.split(',').map(|name| name.trim().to_owned()).collect()),
        }
    }

    /// What was read, for the rows of `task`; until `watch` says stop.
    pub fn summary(&self, task: &Task<'_>, watch: Watch<'_>) -> Result<DataJson, DataError> {
        let (data, points) = (task.data(), &task.problem().points);
        let whole = points.num_rows() == data.len();
        let distinct = if whole { Some(points.len()) } else { data.num_distinct(watch) };
        let distinct = distinct.ok_or_else(|| DataError::Stopped { file: self.data.clone() })?;
        Ok(DataJson::of(data, distinct, &self.data))
    }

    /// The trainer with this scaling and these parts, for `data` as it was read.
    pub fn trainer(&self, trainer: Trainer, data: &Dataset) -> Result<Trainer, Failure> {
        let trainer = trainer.scaling(self.scaling()).stratify(self.stratify).class_weights(self.class_weights(data)?);
        Ok(trainer.validation(self.validation.unwrap_or_default()).test(self.test.unwrap_or_default()))
    }

    fn class_weights(&self, data: &Dataset) -> Result<ClassWeights, Failure> {
        let refuse = |what: String| Err(Failure::Input(format!("--class-weight: {what}")));
        let classes = &data.schema.classes;
        let mut weights: Vec<Option<f64>> = vec![None; classes.len()];
        for word in &self.class_weight {
            let ClassWeight::Of(class, weight) = word else {
                return if self.class_weight.len() == 1 {
                    Ok(ClassWeights::Balanced)
                } else {
                    refuse("balanced says what all classes count; leave the others out".to_owned())
                };
            };
            let Some(at) = data.schema.class_named(class) else {
                let known: Vec<String> = classes.iter().map(|class| visible_name(class)).collect();
                return refuse(format!(
                    "there is no class {}; the classes are {}",
                    visible_name(class),
                    known.join(", ")
                ));
            };
            if weights[at].replace(*weight).is_some() {
                return refuse(format!("the class {} has two weights", visible_name(class)));
            }
        }
        if weights.iter().all(Option::is_none) {
            return Ok(ClassWeights::Equal);
        }
        Ok(ClassWeights::Given(weights.into_iter().map(|weight| weight.unwrap_or(1.0)).collect()))
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
