//! What a caller chooses of data splitting.

use super::batch::Batches;
use super::reduced::Reduction;
use crate::Validation;

/// How a part is divided in two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// By 2-means in scaled units.
    KMeans,
    /// By 2-medians in the l1 norm, scaled units.
    KMedians,
    /// By a linear classifier of the part's most frequent class against the others.
    Linear,
}

/// Options of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// How parts are divided.
    pub split: Split,
    /// Restarts of a clustering.
    pub restarts: u32,
    /// Parts divided in a round, as a share of all parts; one at least, so 0 is the paper's one a round.
    pub growth: f64,
    /// How a part stands for its points.
    pub reduction: Reduction,
    /// The points a round sees.
    pub batches: Batches,
    /// Whether the engine's work is in proportion to the points of a reduced problem, as that of local search: then a node
    /// on some of the points counts as their share of one, and rounds get limits in that proportion.
    pub nodes_by_size: bool,
    /// Whether local search on all points follows.
    pub polish: bool,
    /// The network is chosen by its accuracy on these rows.
    pub validation: Option<Validation>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            split: Split::KMeans,
            restarts: 25,
            growth: 0.0,
            reduction: Reduction::Shared,
            batches: Batches::All,
            nodes_by_size: false,
            polish: true,
            validation: None,
        }
    }
}
