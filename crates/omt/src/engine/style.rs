//! How formulas are written and searched: as parameters say, or as a proof can follow.

use crate::Parameters;
use crate::encode::{self, Order};
use bdnn::Problem;

/// How formulas are written and searched. Tests take other ways to the same answers, proofs the ways they can follow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// One formula per output function where that applies.
    pub(crate) functions: bool,
    /// Widest layer whose truth tables are whole.
    pub(crate) widest_table: usize,
    /// Search over the list of all dichotomies, where there is one.
    pub(crate) cells: bool,
    /// Search the dual tree where there are few dimensions.
    pub(crate) dual: bool,
    /// Steps of the dual tree after which the run ends if that is all there is (`u64::MAX` for never), since another engine waits.
    pub(crate) patience: u64,
    /// Conflicts after which a case is split; `u64::MAX` for never.
    pub(crate) split_after: u64,
    /// Raise the lower bound by cores.
    pub(crate) cores: bool,
    /// Bound nodes of the downward search by look-ahead.
    pub(crate) look_ahead: bool,
    /// Order of interchangeable neurons.
    pub(crate) order: Order,
    /// Add up the bounds of blocks of the data.
    pub(crate) blocks: bool,
    /// Decide the outputs at all points, for a pool of labellings or for limits on errors.
    pub(crate) labels: bool,
    /// List the dichotomies of whole weights where that is affordable; else weights are variables.
    pub(crate) listed: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self::of(&Parameters::default())
    }
}

impl Style {
    /// The style of a run that nothing restricts.
    pub(crate) fn of(parameters: &Parameters) -> Self {
        let Parameters { cells, dual, split_after, cores, look_ahead, samples: blocks, .. } = *parameters;
        let (widest_table, order) = (encode::MAX_TABLE, Order::Full);
        Self {
            functions: true,
            widest_table,
            cells,
            dual,
            patience: u64::MAX,
            split_after,
            cores,
            look_ahead,
            order,
            blocks,
            labels: false,
            listed: true,
        }
    }

    /// The same without what knows of nothing but losses, where a problem limits errors as well, and without what knows of no signs of weights,
    /// where weights have some.
    pub(crate) fn of_problem(self, problem: &Problem) -> Self {
        if problem.error_limits.is_empty() && problem.restrictions.is_none() {
            return self;
        }
        let labels = self.labels || !problem.error_limits.is_empty();
        Self { cells: false, dual: false, blocks: false, labels, ..self }
    }

    /// The style of a run for a pool of labellings: what tells nothing of labellings beyond the best is left out.
    pub(crate) fn of_pool(parameters: &Parameters) -> Self {
        Self { cells: false, blocks: false, labels: true, ..Self::of(parameters) }
    }
}
