//! What people study of data splitting, set at run time: see [`Parameters`].

budget::parameters! {
    /// Parameters of iterative data splitting.
    pub struct Parameters = "split" {
        /// Rounds that the limits are shared among, at most: most of the gain comes early.
        rounds_planned: usize = 8, 1..=1_000_000;
        /// The share of all limits that goes to the rounds where polishing follows.
        rounds_share: f64 = 0.3333333333333333, 0.0..=1.0;
        /// Rounds of one descent of a clustering, at most.
        cluster_rounds: usize = 60, 1..=1_000_000;
        /// Points that the restarts of a clustering look at, at most; the best of them then sees all.
        cluster_sample: usize = 4096, 2..=1_000_000_000;
        /// Passes of the linear classifier over a part.
        epochs: usize = 100, 1..=1_000_000;
    }
}
