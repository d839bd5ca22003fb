//! Options of data splitting.

use super::non_negative;
use clap::{Args, ValueEnum};
use heaviside::split::{Batches, Reduction, Split};
use heaviside::{PartEngine, SplitOptions};

/// What `--method split` takes beside the shared options.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Data splitting (--method split)")]
pub struct SplitArgs {
    /// How a part is divided in two [default: kmeans]
    #[arg(long, value_name = "HOW")]
    split: Option<SplitName>,

    /// Engine for the reduced problems [default: local-search]
    #[arg(long, value_name = "METHOD")]
    split_engine: Option<SplitEngineName>,

    /// What a part is to the engine [default: shared for exact engines and under margin or radius, else centroids]
    #[arg(long, value_name = "KIND")]
    split_parts: Option<PartsName>,

    /// Parts divided a round, as a share of all parts; one at least [default: 0 for exact engines, 1 for local search]
    #[arg(long, value_name = "G", value_parser = non_negative)]
    split_growth: Option<f64>,

    /// Restarts of a clustering [default: 25]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    split_restarts: Option<u32>,

    /// Train each round on a batch of so many points
    #[arg(long, value_name = "SIZE", value_parser = clap::value_parser!(u32).range(1..))]
    batch: Option<u32>,

    /// Which batches [default: window]
    #[arg(long, value_name = "MODE", requires = "batch")]
    batch_mode: Option<BatchName>,

    /// Do not end with local search on all points
    #[arg(long)]
    no_polish: bool,
}

/// Names of the ways to divide a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SplitName {
    /// 2-means with k-means++ starts
    Kmeans,
    /// 2-medians, l1 distances
    Kmedians,
    /// A linear classifier of the part's most frequent class
    Linear,
}

/// Names of the engines for reduced problems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SplitEngineName {
    /// Parallel local search
    #[default]
    LocalSearch,
    /// Conflict-driven search
    Omt,
    /// The MILP
    Milp,
}

/// Names of the reductions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PartsName {
    /// All points of a part share their activations: every network is feasible for all points, with the same loss
    Shared,
    /// The mean of a part stands for its points: smaller problems, losses counted on all points afterwards
    Centroids,
}

/// Names of the batch modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BatchName {
    /// One random window of the points a round
    Window,
    /// All windows in turn, their networks averaged with their accuracies as weights
    Average,
}

impl SplitArgs {
    /// An option that makes sense only with `--method split`, if one is given.
    pub fn given(&self) -> Option<&'static str> {
        [
            (self.split.is_some(), "--split"),
            (self.split_engine.is_some(), "--split-engine"),
            (self.split_parts.is_some(), "--split-parts"),
            (self.split_growth.is_some(), "--split-growth"),
            (self.split_restarts.is_some(), "--split-restarts"),
            (self.batch.is_some(), "--batch"),
            (self.no_polish, "--no-polish"),
        ]
        .into_iter()
        .find_map(|(given, name)| given.then_some(name))
    }

    /// The options as the library takes them.
    pub fn options(&self) -> SplitOptions {
        let mut options = SplitOptions::default();
        options.engine = match self.split_engine.unwrap_or_default() {
            SplitEngineName::LocalSearch => PartEngine::LocalSearch,
            SplitEngineName::Omt => PartEngine::Omt,
            SplitEngineName::Milp => PartEngine::Milp,
        };
        options.split = match self.split {
            Some(SplitName::Kmeans) | None => Split::KMeans,
            Some(SplitName::Kmedians) => Split::KMedians,
            Some(SplitName::Linear) => Split::Linear,
        };
        options.restarts = self.split_restarts.unwrap_or(options.restarts);
        options.growth = self.split_growth;
        options.reduction = self.split_parts.map(|parts| match parts {
            PartsName::Shared => Reduction::Shared,
            PartsName::Centroids => Reduction::Centroids,
        });
        let size = self.batch.map(|size| size as usize);
        options.batches = match (size, self.batch_mode) {
            (None, _) => Batches::All,
            (Some(size), Some(BatchName::Window) | None) => Batches::Window(size),
            (Some(size), Some(BatchName::Average)) => Batches::Average(size),
        };
        options.polish = !self.no_polish;
        options
    }
}
