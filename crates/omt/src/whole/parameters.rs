//! What people study of the search for whole weights without hidden layer, set at run time: see [`Parameters`].

budget::parameters! {
    /// Parameters of the branch and bound over boxes of weight vectors.
    pub struct Parameters = "whole" {
        /// Weight vectors that the local search looks at before the first round, for each feature.
        tried_per_feature: u64 = 200, 0..=1_000_000_000;
        /// Values of one weight that it tries at a time.
        values: u32 = 8, 1..=1_000_000;
        /// Boxes explored in one round, at most.
        parts: usize = 16, 1..=100_000;
        /// Nodes below each in the first round; every round allows half as many more.
        first_slice: u64 = 2048, 1..=1_000_000_000;
        /// Nodes below each in a round, at most.
        longest_slice: u64 = 65_536, 1..=1_000_000_000;
        /// Work of the boxes before real weights have a turn, for a lower bound, in multiplications; then each time it has doubled.
        real_after: u64 = 268_435_456, 1..=1_000_000_000_000_000;
        /// Boxes bounded for the single neurons that networks with hidden layers begin with.
        start_nodes: u64 = 4096, 0..=1_000_000_000;
        /// The share of a limit of time that these may take.
        start_share: f64 = 0.1, 0.0..=1.0;
    }
}
