//! What the experiments on trained networks share: data sets, splits of them, shapes, methods, and runs of one by the
//! other.

use super::part::Part;
use super::real::manifest;
use super::trial::Runner;
use crate::args::{non_negative, weights};
use crate::failure::Failure;
use crate::files::Files;
use bdnn::data::{Dataset, Fractions, ReadOptions, Scaling, Split};
use bdnn::exact::ExactNetwork;
use bdnn::{
    Architecture, Limits, Loss, Network, Norm, Problem, Request, Robust, Scaler, Status, Training, WeightDomain,
    mean_and_deviation,
};
use clap::{Args, ValueEnum};
use heaviside::{Auto, Engine, LocalSearch, exact_engine};
use heuristics::split::{Options, Reduction};
use heuristics::{Validation, local_search, split};
use std::path::{Path, PathBuf};

/// The data sets of the paper that `datasets/` has.
const PAPER: [&str; 4] = ["iris", "digits", "boston_housing", "breast_cancer_wisconsin_original"];

/// Options of `paper`, `robust` and `gap`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Grid (paper, robust, gap)")]
pub struct GridArgs {
    /// Another data set; may be repeated (paper, robust)
    #[arg(long, value_name = "DATA.csv")]
    pub file: Vec<PathBuf>,

    /// Numbers of hidden layers (paper)
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_values_t = [1, 2, 3])]
    pub depths: Vec<usize>,

    /// Width of every hidden layer (paper; the first one, robust)
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_values_t = [25, 50, 100], value_parser = width)]
    pub widths: Vec<usize>,

    /// Domains of the weights, as in `train` (paper; the whole ones, whole; the first one, robust)
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "continuous,ternary", value_parser = weights)]
    pub weights: Vec<WeightDomain>,

    /// Methods (paper)
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_value = "exact,local-search,split")]
    pub methods: Vec<Method>,

    /// Write the rows of every split to this file, one JSON object a line, for benches/relu.py (paper)
    #[arg(long, value_name = "FILE.jsonl")]
    pub splits: Option<PathBuf>,

    /// Only every N-th row of the grid from the K-th on, for arrays of jobs (paper; with --json for --gather)
    #[arg(long, value_name = "K/N", conflicts_with_all = ["gather", "splits"])]
    pub part: Option<Part>,

    /// Train nothing: make one table of what runs with --part K/N --json and otherwise the same options have printed to these files (paper)
    #[arg(long, value_name = "PART.json", num_args = 1.., conflicts_with = "splits")]
    pub gather: Vec<PathBuf>,

    /// Radii of robust training, scaled units (robust)
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_values_t = [0.0, 0.05, 0.1], value_parser = non_negative)]
    pub defences: Vec<f64>,

    /// Attack strengths, as multiples of the largest defence radius (robust)
    #[arg(long, value_name = "LIST", value_delimiter = ',', default_values_t = [0.0, 0.5, 1.0, 1.5, 2.0], value_parser = non_negative)]
    pub attacks: Vec<f64>,
}

impl GridArgs {
    /// Adds what they read and write.
    pub fn files<'a>(&'a self, files: Files<'a>) -> Files<'a> {
        let files =
            self.file.iter().fold(files.output("--splits", &self.splits), |files, file| files.input("--file", file));
        self.gather.iter().fold(files, |files, file| files.input("--gather", file))
    }
}

/// How a network is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// Local search for the start, then the engine that `train --method auto` takes; left out where it takes none
    Exact,
    /// Parallel local search, the network chosen on the validation part
    LocalSearch,
    /// Data splitting with k-means, the network chosen on the validation part
    Split,
}

impl Method {
    /// The word used in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::LocalSearch => "local search",
            Self::Split => "splitting",
        }
    }
}

/// A data set under a name.
pub struct Named {
    pub name: String,
    pub path: PathBuf,
    pub data: Dataset,
}

/// The data sets of the paper in `directory` and those given by path, that the runner wants.
pub fn data_sets(directory: &Path, files: &[PathBuf], runner: &Runner<'_>) -> Result<Vec<Named>, Failure> {
    let read = |name: String, path: PathBuf| -> Result<Named, Failure> {
        let data = Dataset::read(&path, &ReadOptions { drop_missing: true, ..ReadOptions::default() })?;
        Ok(Named { name, path, data })
    };
    let mut sets = vec![];
    for entry in manifest(&directory.join("manifest.json"))?.datasets {
        if PAPER.contains(&entry.name.as_str()) && runner.wants(&entry.name) {
            sets.push(read(entry.name, directory.join(entry.file))?);
        }
    }
    for path in files {
        let name = path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        if runner.wants(&name) {
            sets.push(read(name, path.clone())?);
        }
    }
    Ok(sets)
}

/// Half of the rows to train on, a quarter to choose by, a quarter to judge by, every class in proportion; scaling fitted
/// on the training part.
pub struct Parts<'a> {
    pub data: &'a Dataset,
    pub split: Split,
    pub scaler: Scaler,
}

impl<'a> Parts<'a> {
    pub fn new(data: &'a Dataset, seed: u64) -> Result<Self, Failure> {
        let quarters = Fractions { validation: 0.25, test: 0.25 };
        let split = bdnn::data::split(&data.labels, data.num_classes(), quarters, true, seed)?;
        let scaler = Scaling::MinMax.fit(data, &split.train);
        Ok(Self { data, split, scaler })
    }

    /// Hamming loss on the training part, ideal semantics.
    pub fn problem(&self, hidden: &[usize], weights: WeightDomain, defence: f64) -> Problem {
        let architecture = Architecture {
            inputs: self.data.num_features(),
            hidden: hidden.to_vec(),
            classes: self.data.num_classes(),
            bias: true,
            weights,
        };
        let robust = (defence > 0.0).then_some(Robust { radius: defence, norm: Norm::Linf });
        Problem {
            robust,
            ..Problem::new(self.data.points(&self.split.train, &self.scaler), architecture, Loss::Hamming)
        }
    }

    /// Share of the test part that `network` predicts rightly.
    pub fn test_accuracy(&self, network: &Network) -> f64 {
        let exact = ExactNetwork::new(network, &self.scaler);
        let test = &self.split.test;
        let right = test.iter().filter(|&&i| exact.predict(self.data.row(i)) == self.data.labels[i]).count();
        right as f64 / test.len() as f64
    }

    fn validation(&self) -> Validation {
        let members = &self.split.validation;
        Validation {
            rows: members.iter().flat_map(|&i| self.data.row(i)).copied().collect(),
            labels: members.iter().map(|&i| self.data.labels[i]).collect(),
        }
    }
}

/// Trains `problem` by `method`; `None` if the method does not take it.
pub fn train(
    method: Method,
    problem: &Problem,
    parts: &Parts<'_>,
    limits: &Limits,
    runner: &Runner<'_>,
) -> Result<Option<Training>, Failure> {
    let request = Request::new(problem, limits).with_progress(runner);
    match method {
        Method::LocalSearch => Ok(Some(local_search::choose(request, &parts.validation())?)),
        Method::Exact => {
            if exact_engine(problem).is_none() {
                return Ok(None);
            }
            Ok(Some(Auto.train(request).map_err(heaviside::Error::of_engine)?))
        }
        Method::Split => {
            let conditions = problem.robust.is_some() || problem.epsilon.is_some();
            let options = Options {
                growth: 1.0,
                nodes_by_size: true,
                reduction: if conditions { Reduction::Shared } else { Reduction::Centroids },
                validation: Some(parts.validation()),
                ..Options::default()
            };
            let engine = LocalSearch::default();
            Ok(Some(split::train(request, &options, &engine)?))
        }
    }
}

/// Whether a run has proven its network optimal.
pub fn proven(training: &Training) -> bool {
    training.status == Status::Optimal
}

/// `25-25`, or `none`.
pub fn shape(hidden: &[usize]) -> String {
    if hidden.is_empty() {
        return "none".to_owned();
    }
    hidden.iter().map(ToString::to_string).collect::<Vec<_>>().join("-")
}

/// The name of a domain as `--weights` takes it.
pub fn domain(weights: WeightDomain) -> String {
    match weights {
        WeightDomain::Continuous => "continuous".to_owned(),
        WeightDomain::Integer(1) => "ternary".to_owned(),
        WeightDomain::Integer(bound) => format!("integer:{bound}"),
    }
}

/// Mean and standard deviation (of a sample: divided by one less) over repeats.
#[derive(Clone, Debug, Default)]
pub struct Summary(Vec<f64>);

impl Summary {
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn mean(&self) -> f64 {
        mean_and_deviation(&self.0).map_or(0.0, |(mean, _)| mean)
    }

    pub fn deviation(&self) -> f64 {
        mean_and_deviation(&self.0).map_or(0.0, |(_, deviation)| deviation)
    }

    /// `mean ± deviation`, both times `factor`, with so many decimals.
    pub fn text(&self, factor: f64, decimals: usize) -> String {
        format!("{:.decimals$} ± {:.decimals$}", factor * self.mean(), factor * self.deviation())
    }
}

fn width(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&width| width > 0).ok_or_else(|| "expected a positive whole number".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_by_hand() {
        let mut summary = Summary::default();
        [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0].into_iter().for_each(|value| summary.push(value));
        assert_eq!(summary.mean(), 5.0);
        assert!((summary.deviation() - (32.0_f64 / 7.0).sqrt()).abs() < 1e-12);
        assert_eq!(summary.text(100.0, 1), "500.0 ± 213.8");
        let mut one = Summary::default();
        one.push(1.0);
        assert_eq!(one.text(1.0, 0), "1 ± 0");
    }
}
