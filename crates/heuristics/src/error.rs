//! What keeps a heuristic from starting.

/// Bad input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The problem makes no sense.
    #[error(transparent)]
    Problem(#[from] bdnn::Error),
    /// The start network does not satisfy the problem.
    #[error("the start network does not fit the problem: {0}")]
    Start(#[from] bdnn::exact::Violation),
    /// A price on the size of weights where size means nothing.
    #[error(
        "a price on the sum of absolute weights (l1) needs a margin: in the ideal semantics scaling a neuron down changes \
         nothing, so there are no least weights; give an epsilon"
    )]
    NoLeastWeights,
    /// Reduced problems do not count what the whole does.
    #[error("data splitting does not keep limits on the errors of a class: auto, omt, milp and local search do")]
    ErrorLimits,
    /// Reduced problems may have networks that keep to their restrictions where the whole has none.
    #[error(
        "data splitting takes neither directions of features (monotone) nor a limit on their number: auto, milp and local search do"
    )]
    Restrictions,
    /// The system gives no threads.
    #[error("no worker threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// A state to go on with that is none.
    #[error(transparent)]
    Checkpoint(#[from] budget::checkpoint::Unreadable),
    /// A state whose network is not what it says.
    #[error(
        "the network in the checkpoint does not have the loss that it says: it is the checkpoint of another run, or was changed"
    )]
    CheckpointNetwork,
    /// The engine that data splitting trains with failed.
    #[error("{0}")]
    Engine(bdnn::EngineError),
}
