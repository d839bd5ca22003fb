//! What a search looks for: one best network, or a pool of the best labellings.
//!
//! Entry points: [`Goal::below`] says which losses are of interest, [`Goal::found`] takes note of one. What is of interest only becomes
//! less, so whatever a search has learned under an earlier bound holds under a later one.

use bdnn::pool::{Labelling, Ranking};
use bdnn::{Network, Problem};

/// What a search looks for.
#[derive(Clone, Debug)]
pub(crate) enum Goal {
    /// A network that loses less than this, or any.
    Better(Option<u64>),
    /// Labellings that are not known, as long as they change the ranking.
    Labellings(Ranking),
}

impl Goal {
    /// Losses of interest are below this; `None` if all are.
    pub(crate) fn below(&self) -> Option<u64> {
        match self {
            Self::Better(loss) => *loss,
            Self::Labellings(ranking) => ranking.cutoff(),
        }
    }

    /// Takes note of what was found.
    pub(crate) fn found(&mut self, loss: u64) {
        match self {
            Self::Better(best) => *best = Some(best.map_or(loss, |best| best.min(loss))),
            Self::Labellings(ranking) => ranking.add(loss),
        }
    }

    /// Whether each labelling is looked for, once.
    pub(crate) fn is_pool(&self) -> bool {
        matches!(self, Self::Labellings(_))
    }
}

/// A network that the exact forward pass has confirmed.
pub(crate) struct Confirmed {
    pub(crate) network: Network,
    pub(crate) loss: u64,
    /// What it says about the points, where labellings are looked for.
    pub(crate) labelling: Option<Labelling>,
}

/// What a network has to show to count as what a search has found.
pub(crate) enum Claim<'a> {
    /// A loss of at most this.
    Loss(u64),
    /// This labelling.
    Labelling(&'a Labelling),
}

impl Claim<'_> {
    /// The exact loss of a network that shows what is claimed.
    pub(crate) fn confirm(&self, problem: &Problem, network: &Network) -> Option<u64> {
        let loss = bdnn::exact::check(problem, network).ok()?;
        let shown = match self {
            Self::Loss(claimed) => loss <= *claimed,
            Self::Labelling(labelling) => bdnn::pool::labelling(problem, network) == **labelling,
        };
        shown.then_some(loss)
    }
}
