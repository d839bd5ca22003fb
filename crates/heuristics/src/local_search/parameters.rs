//! What people study of local search, set at run time: see [`Parameters`].

budget::parameters! {
    /// Parameters of local search.
    pub struct Parameters = "local-search" {
        /// Walks side by side, fewer where networks are large.
        walks: usize = 8, 1..=1000;
        /// Work of a walk in the first round, in touched sites; it doubles with each round.
        first_slice: u64 = 64_000, 1..=1_000_000_000_000;
        /// Work of a walk in a round, for each point, at most.
        slice_per_point: u64 = 4000, 1..=1_000_000_000;
        /// Work of a walk in a round, at most.
        largest_slice: u64 = 4_000_000, 1..=1_000_000_000_000;
        /// Rounds without a better network after which a run ends, beside as many as there were until the last one.
        patience: u64 = 32, 1..=1_000_000_000;
        /// Rounds without a better network after which a walk starts elsewhere, four times as many for the best one.
        stale: u64 = 6, 1..=1_000_000_000;
        /// Rounds that a run goes on after its gap is met, while walks still learn what predicts better.
        grace: u64 = 8, 0..=1_000_000_000;
        /// Different networks that are kept as starts.
        pool: usize = 16, 1..=100_000;
        /// Whether wide layers are made of slabs.
        slabs: bool = true;
        /// The round in which that is tried.
        slabs_round: u64 = 6, 0..=1_000_000_000;
        /// Line searches for the response of a neuron, for each of its weights.
        searches_per_weight: u64 = 2, 0..=10_000;
        /// Line searches for the response of a neuron, at least.
        least_searches: u64 = 60, 1..=100_000;
        /// Local optima in a row without a better one after which a walk returns to its best.
        walk_patience: u32 = 4, 1..=1_000_000_000;
        /// Whether walks of deeper networks learn by gradients first.
        gradients: bool = true;
        /// Batches that a walk learns from, about.
        gradient_steps: usize = 4000, 1..=1_000_000_000;
        /// Points of a batch.
        batch: usize = 32, 1..=1_000_000;
        /// The first step length of gradients; it falls to 0.
        learning_rate: f64 = 0.01, 0.000001..=1.0;
    }
}
