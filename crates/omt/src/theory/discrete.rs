//! What decides for neurons with whole weights: a list of dichotomies where there are few weight vectors, bounds on the weights elsewhere.

use super::assertion::{Implied, Lemma, Side, Support};
use super::integers::{Bounded, Integers};
use super::listing::{Listed, Listing};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The neurons of a layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Discrete {
    /// All their dichotomies.
    #[serde(with = "budget::checkpoint::shared")]
    Listing(Arc<Listing>),
    /// Their weights are variables.
    #[serde(with = "budget::checkpoint::shared")]
    Integers(Arc<Integers>),
}

impl Discrete {
    pub(super) fn sites(&self) -> usize {
        match self {
            Self::Listing(listing) => listing.sites(),
            Self::Integers(integers) => integers.sites(),
        }
    }

    pub(super) fn closed_under_complement(&self) -> bool {
        match self {
            Self::Listing(listing) => listing.closed_under_complement(),
            Self::Integers(integers) => integers.closed_under_complement(),
        }
    }

    /// A lemma among assertions (with the first one in it, where weights are variables); `None` if there is none.
    pub(super) fn refute(&self, atoms: &[(u32, Side)]) -> Option<Lemma> {
        match self {
            Self::Listing(listing) => listing.refute(atoms).map(|atoms| Lemma { atoms }),
            Self::Integers(integers) => integers.refute(atoms),
        }
    }

    /// What an assertion about a neuron is of its complement.
    pub(super) fn mirror(&self, (site, side): (u32, Side)) -> (u32, Side) {
        match self {
            Self::Listing(_) => (site, side.flip()),
            Self::Integers(integers) => integers.mirror((site, side)),
        }
    }
}

/// What the assertions about one neuron leave.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Remains {
    Listed(Listed),
    Bounded(Bounded),
}

impl Remains {
    pub(super) fn new(discrete: &Discrete) -> Self {
        match discrete {
            Discrete::Listing(listing) => Self::Listed(Listed::new(listing.clone())),
            Discrete::Integers(integers) => Self::Bounded(Bounded::new(integers.clone())),
        }
    }

    /// All of these assertions but the first `len` are gone.
    pub(super) fn retract(&mut self, asserted: &[(u32, Side)], len: usize) {
        match self {
            Self::Listed(listed) => listed.retract(len),
            Self::Bounded(bounded) => bounded.retract(asserted, len),
        }
    }

    pub(super) fn check(&mut self, asserted: &[(u32, Side)]) -> Result<(), Vec<Support>> {
        match self {
            Self::Listed(listed) => listed.check(asserted),
            Self::Bounded(bounded) => bounded.check(asserted),
        }
    }

    pub(super) fn implied(
        &self,
        asserted: &[(u32, Side)],
        decided: impl Fn(u32) -> bool,
        buffer: &mut Vec<Support>,
        implied: &mut Vec<Implied>,
    ) {
        match self {
            Self::Listed(listed) => listed.implied(asserted, decided, buffer, implied),
            Self::Bounded(bounded) => bounded.implied(decided, buffer, implied),
        }
    }

    /// Weights and bias that meet the assertions checked; `None` if that is not known yet.
    pub(super) fn neuron(&self) -> Option<(Vec<f64>, f64)> {
        match self {
            Self::Listed(listed) => listed.neuron(),
            Self::Bounded(bounded) => bounded.neuron(),
        }
    }
}
