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
        /// Networks in the pool answer differently at one point in so many, at least.
        different: usize = 200, 1..=1_000_000_000;
        /// Whether wide layers are made of slabs.
        slabs: bool = true;
        /// The round in which that is tried.
        slabs_round: u64 = 6, 0..=1_000_000_000;
        /// The share of a time limit after which that is tried in any case.
        slabs_share: f64 = 0.5, 0.0..=1.0;
        /// Walks that begin at slabs then.
        slab_walks: u64 = 2, 0..=1000;
        /// Multiplications of an exact search beside it that take as long as touching a site.
        site_work: u64 = 32, 1..=1_000_000;
        /// Line searches for the response of a neuron, for each of its weights.
        searches_per_weight: u64 = 2, 0..=10_000;
        /// Line searches for the response of a neuron, at least.
        least_searches: u64 = 60, 1..=100_000;
        /// Line searches for the base neuron of slabs.
        base_searches: u64 = 400, 1..=1_000_000_000;
        /// Groups of points that are tried for a slab: the one that takes most is kept.
        slab_groups: usize = 6, 1..=1_000_000;
        /// Slabs in a row that take no point before an output is given up.
        vain_slabs: usize = 8, 1..=1_000_000_000;
        /// Weights whose lines are searched in a round of line searches, at most, and points that a line may keep in their place.
        line_weights: usize = 32, 1..=1_000_000;
        /// Shakes in a row without a better plane after which line searches return to the best one.
        line_patience: u32 = 8, 1..=1_000_000_000;
        /// Weights that a round of steps changes where planes are not free (whole weights, margins, prices), at most.
        step_weights: usize = 48, 1..=1_000_000;
        /// Shakes in a row without a better plane after which such steps return to the best one.
        step_patience: u32 = 4, 1..=1_000_000_000;
        /// Steps that widen the room between the points of a plane whose margin is not kept, at most.
        widenings: usize = 16, 0..=1_000_000;
        /// Factor of the strengths of shakes, which change a plane by 1%, 5%, 20% or 60% of its length.
        shake: f64 = 1.0, 0.000001..=1000.0;
        /// Factor of the widths that the loss is smoothed over, from a tenth to three times the mean distance from the plane.
        smoothing: f64 = 1.0, 0.000001..=1000.0;
        /// Features up to which directions are measured by a covariance; beyond, by the variance of each.
        covariance: usize = 128, 0..=256;
        /// Local optima in a row without a better one after which a walk returns to its best.
        walk_patience: u32 = 4, 1..=1_000_000_000;
        /// Whether walks of deeper networks learn by gradients first.
        gradients: bool = true;
        /// Batches that a walk learns from, about.
        gradient_steps: usize = 4000, 1..=1_000_000_000;
        /// Epochs that it plans, at least.
        least_epochs: usize = 12, 1..=1_000_000;
        /// Epochs that it plans, at most.
        most_epochs: usize = 200, 1..=1_000_000;
        /// Points of a batch.
        batch: usize = 32, 1..=1_000_000;
        /// The first step length of gradients; it falls to 0.
        learning_rate: f64 = 0.01, 0.000001..=1.0;
        /// What the mean of gradients is multiplied by at each batch (the first decay of Adam).
        gradient_decay: f64 = 0.9, 0.0..=0.9999;
        /// What the mean of their squares is multiplied by (the second decay of Adam).
        square_decay: f64 = 0.999, 0.0..=0.9999;
        /// Share of a weight that a step of length 1 takes away.
        weight_decay: f64 = 0.02, 0.0..=1.0;
        /// Share of its epochs that counts as done where a walk learns on from a network.
        resumed: f64 = 0.5, 0.0..=1.0;
    }
}
