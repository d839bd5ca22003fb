//! What is said of a neuron at a site, and what follows from it.

use serde::{Deserialize, Serialize};

/// Which way a neuron decides at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Side {
    /// Activation at least 0.
    Fires,
    /// Activation below 0, or at most -epsilon.
    Silent,
}

impl Side {
    /// The other side.
    #[must_use]
    pub fn flip(self) -> Self {
        match self {
            Self::Fires => Self::Silent,
            Self::Silent => Self::Fires,
        }
    }

    /// +1 for a lower bound, -1 for an upper bound.
    #[must_use]
    pub fn sign(self) -> i32 {
        match self {
            Self::Fires => 1,
            Self::Silent => -1,
        }
    }
}

/// One inequality that takes part in a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Support {
    /// An assertion at a site.
    Site(u32, Side),
    /// A bound on a column: `Fires` its lower, `Silent` its upper bound. Always there, so no literal stands for it.
    Column(u32, Side),
    /// One of the rows that define the norm of the weights (always at least 0).
    Norm(u32),
}

/// An assertion that the current ones exclude.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Implied {
    /// Site of the excluded assertion.
    pub site: u32,
    /// Side that is excluded.
    pub side: Side,
    /// Where the support starts in the buffer given to [`super::simplex::Separation::implied`].
    pub start: usize,
    /// Length of the support.
    pub len: usize,
}

/// Assertions that exclude each other in exact arithmetic, for every neuron of the layer; no subset of them does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lemma {
    /// The assertions, in the order of their sites.
    pub atoms: Vec<(u32, Side)>,
}
