//! `--method`.

use crate::args::SplitArgs;
use crate::failure::Failure;
use clap::ValueEnum;
use heaviside::Method;

/// What `--method` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MethodName {
    /// A short local search, then the conflict-driven engine wherever it applies, else the MILP; local search alone where exact search
    /// would not end, and in turns beside it without hidden layers. The report says which and why
    Auto,
    /// Conflict-driven search over activation patterns
    Omt,
    /// The MILP that `formulate` writes, every incumbent recounted exactly
    Milp,
    /// Parallel local search, at any size; --node-limit counts its rounds. Proves nothing beyond the loss that conflicting
    /// labels force. With --validation the network that does best there is kept. Without limits it ends when 32 rounds,
    /// and as many as there were until the last better network, bring nothing better
    LocalSearch,
    /// Iterative data splitting: train on few parts of the data, split where the loss is, again and again; with
    /// --validation, the network that does best there is kept. Proves no more than its engine proves on all points
    Split,
}

impl MethodName {
    /// The method with its options.
    pub fn method(self, splitting: &SplitArgs) -> Result<Method, Failure> {
        if let (Some(option), true) = (splitting.given(), self != Self::Split) {
            return Err(Failure::Input(format!("{option} is an option of --method split")));
        }
        Ok(match self {
            Self::Auto => Method::Auto,
            Self::Omt => Method::Omt,
            Self::Milp => Method::Milp,
            Self::LocalSearch => Method::LocalSearch,
            Self::Split => Method::Split(splitting.options()),
        })
    }
}
