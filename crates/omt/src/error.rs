//! What keeps the engine from starting.

/// Why the engine cannot take a problem.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Reason {
    /// Whole weights are listed, or variables with a literal for each value.
    #[error(
        "neurons of layer {layer} with {inputs} inputs and whole weights up to {bound} have too many values for the \
         search; that is the MILP engine's"
    )]
    IntegerWeights {
        /// B.
        bound: u32,
        /// Number of the layer, from 1.
        layer: usize,
        /// d_(k-1).
        inputs: usize,
    },
    /// Above a wide layer truth tables grow, which those of whole weights cannot yet.
    #[error(
        "hidden layer {layer} has {width} neurons, and layers above have whole weights, which takes at most {most}; that is \
         the MILP engine's"
    )]
    IntegerWidth {
        /// From 1.
        layer: usize,
        /// Its neurons.
        width: usize,
        /// The most that are taken.
        most: usize,
    },
    /// Sums of whole weights are whole, and a margin above 1 leaves some of them undecided.
    #[error("whole weights with a margin of {}, above 1, are the MILP engine's", bdnn::shortest(*epsilon))]
    IntegerMargin {
        /// The margin.
        epsilon: f64,
    },
    /// The objective has more than errors in it.
    #[error("regularisation (l0 = {}, l1 = {}) is the MILP engine's", bdnn::shortest(*l0), bdnn::shortest(*l1))]
    Regularised {
        /// Weight of the number of non-zero weights.
        l0: f64,
        /// Weight of the sum of absolute weights.
        l1: f64,
    },
    /// Weights must keep to something that the search does not know there.
    #[error("{what} is the MILP engine's")]
    Restricted {
        /// What, and where.
        what: &'static str,
    },
    /// Lemmas of a proof hold of weights of any sign, and of all features.
    #[error("proofs where features have directions, a limit on their number or a price are the MILP engine's")]
    RestrictedUnproven,
    /// In a proof every value of a whole weight is a variable; what rests on lists of dichotomies it does not hold.
    #[error(
        "a proof has a variable for each value of a whole weight: neurons of layer {layer} with {inputs} inputs and whole weights up \
         to {bound} have too many"
    )]
    WholeWeightsUnproven {
        /// B.
        bound: u32,
        /// Number of the layer, from 1.
        layer: usize,
        /// d_(k-1).
        inputs: usize,
    },
    /// Sets of features are problems of their own.
    #[error(
        "a limit on the number of features is many problems in one, which are not divided into cubes; train without cubes"
    )]
    SetsOfFeatures,
    /// Their proofs are trees of decisions over points.
    #[error("proofs of cubes are for networks with hidden layers; train without cubes, or make cubes without proofs")]
    SingleNeuronsUnproven,
    /// A proof holds a layer's truth tables in full.
    #[error("a proof writes truth tables in full: hidden layer {layer} has {width} neurons, at most {most} fit")]
    TooWideToProve {
        /// From 1.
        layer: usize,
        /// Its neurons.
        width: usize,
        /// The most that fit.
        most: usize,
    },
}

/// Bad input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The problem makes no sense.
    #[error(transparent)]
    Problem(#[from] bdnn::Error),
    /// The problem is not this engine's.
    #[error("{0}")]
    Unsupported(#[from] Reason),
    /// The engine for single neurons refused.
    #[error(transparent)]
    Linear(#[from] crate::linear::Error),
    /// The start network does not fit the problem.
    #[error("the start network does not fit the problem: {0}")]
    Start(#[from] bdnn::exact::Violation),
    /// A part of the networks that means nothing.
    #[error("the cube does not fit the problem: {0}")]
    Cube(String),
    /// A state to go on with that is none.
    #[error(transparent)]
    Checkpoint(#[from] budget::checkpoint::Unreadable),
    /// A file of the proof folder cannot be written.
    #[error("{}: {source}", file.display())]
    Folder {
        /// The file.
        file: std::path::PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
}
