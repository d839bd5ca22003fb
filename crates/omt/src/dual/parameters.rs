//! What people study of the dual tree, set at run time: see [`Parameters`].

budget::parameters! {
    /// Parameters of the search over cells of weight space.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Parameters = "dual" {
        /// Most dimensions in which the tree is searched alone.
        alone_rank: usize = 4, 0..=8;
        /// Most hidden neurons with which it is.
        alone_neurons: usize = 3, 0..=5;
        /// Steps of the tree for single neurons before another engine takes over.
        patience: u64 = 536_870_912, 0..=1_000_000_000_000_000;
        /// Steps of the tree without what a problem asks beyond signs (margins, radii, partitions, no biases), for a lower bound.
        floor: u64 = 268_435_456, 0..=1_000_000_000_000_000;
        /// The share of limits of time and nodes that this may take.
        floor_share: f64 = 0.25, 0.000001..=1.0;
        /// The share of a limit of time that the search without a log may take where a proof is asked for.
        proof_share: f64 = 0.25, 0.000001..=1.0;
        /// The share of what is left of a limit of time that the proof of the search's own bound may take, before smaller ones are tried.
        first_claim: f64 = 0.6, 0.0..=1.0;
        /// Hyperplanes nearest to the middle of a cone that are tried for its split.
        candidates: usize = 16, 1..=1_000_000;
        /// Undecided points of a cone up to which pairs of them are looked at.
        paired: usize = 1000, 0..=10_000;
        /// Tuples that an exploration examines while few are open.
        short: u64 = 32, 1..=1_000_000_000;
        /// Tuples that an exploration examines while many are open.
        long: u64 = 1024, 1..=1_000_000_000;
        /// Steps of an exploration, by what tuples took so far.
        share: u64 = 16_777_216, 1..=1_000_000_000_000_000;
        /// Open tuples that are many.
        many: usize = 64, 1..=1_000_000_000;
        /// Explorations at one time: what these find is known before others begin.
        batch: usize = 16, 1..=1000;
        /// Errors that a flat must have beyond what labels force to become a block, for each weight of a first layer in its dimensions.
        flat_errors: f64 = 1.3333333333333333, 0.0..=1000.0;
        /// Rays of a cone beyond which it is not split, where the tree is not searched alone.
        rays: usize = 1024, 1..=1_000_000_000;
        /// Steps that count as one conflict.
        steps_per_conflict: u64 = 16_384, 1..=1_000_000_000;
    }
}
