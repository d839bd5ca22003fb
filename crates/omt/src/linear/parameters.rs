//! What people study of the engine for single neurons, set at run time: see [`Parameters`].

use serde::{Deserialize, Serialize};

budget::parameters! {
    /// Parameters of the search for the best neuron.
    #[derive(serde::Serialize, serde::Deserialize)]
    pub struct Parameters = "linear" {
        /// Points tried, at most, when a node is branched.
        candidates: usize = 40, 1..=1_000_000;
        /// Line searches of the first descent.
        first_lines: u64 = 3000, 0..=1_000_000_000;
        /// Line searches from a hyperplane of the tree that is better than the best one.
        later_lines: u64 = 60, 0..=1_000_000_000;
        /// Nodes after which the latest hyperplane of the tree is followed.
        follow_nodes: u64 = 16, 1..=1_000_000_000;
        /// Line searches that follow it.
        follow_lines: u64 = 400, 0..=1_000_000_000;
        /// Line searches of one descent, times the points, at most.
        most_lines: u64 = 4_000_000, 1..=1_000_000_000_000_000;
        /// Line searches, for each coordinate, by which pairs of output codes are put in order.
        order_lines: u64 = 20, 1..=1_000_000_000;
        /// Shakes in a row without a better hyperplane after which line searches return to the best one.
        line_patience: u32 = 6, 1..=1_000_000_000;
        /// Factor of the strengths of shakes, which change coordinates by 2%, 10% or 40% of the length.
        shake: f64 = 1.0, 0.000001..=1000.0;
        /// Points in a row that probing the root may leave undecided before it ends.
        vain_probes: usize = 30, 0..=1_000_000_000;
        /// Coordinates, the bias among them, from which on the tree is that over the program of cores.
        program_from: usize = 11, 0..=1_000_000_000;
        /// Rounds of separation at the root of a program.
        root_rounds: usize = 400, 1..=1_000_000_000;
        /// Rounds of separation at later nodes.
        rounds: usize = 10, 1..=1_000_000_000;
        /// Rounds in a row that may gain too little before separation ends.
        vain_rounds: usize = 3, 1..=1_000_000_000;
        /// Gain of a round, in errors, below which it is too little.
        least_gain: f64 = 0.02, 0.0..=1_000_000.0;
        /// Cores looked for in each half of a round.
        cores_at_once: usize = 10, 1..=1_000_000;
        /// Cost of a point, at random up to this, beside its value in the program, in the second half of a round: other cores are found.
        core_noise: f64 = 0.08, 0.0..=1000.0;
        /// What the cost of a point grows by with each core that has it: the next one is another.
        core_diversity: f64 = 0.3, 0.0..=1000.0;
        /// Violated cores that are known and enter the program at one time, the most violated ones.
        clauses_at_once: usize = 15, 1..=1_000_000;
        /// By how much they must be violated.
        clause_violation: f64 = 0.05, 0.0001..=0.9;
        /// Rows of the program beyond which those that are not tight leave it.
        program_rows: usize = 350, 100..=1_000_000_000;
        /// Cores that are kept beside the program, at most.
        cores_kept: usize = 40_000, 1000..=1_000_000_000;
        /// Points that the bound of a node may decide before it is bounded again.
        forced: usize = 3, 0..=1_000_000_000;
        /// Whether the bounds of disjoint blocks of points are added up.
        blocks: bool = true;
        /// Work of the whole's tree before blocks join, in multiplications.
        blocks_after: u64 = 268_435_456, 0..=1_000_000_000_000_000;
        /// Work of the whole's tree, or of blocks, before it is the turn of the others.
        turn: u64 = 67_108_864, 1..=1_000_000_000_000_000;
        /// Work of whichever has the larger bound, for each unit of the other's.
        lead: u64 = 8, 1..=1_000_000;
        /// Turns of the whole's tree between two walks from the best neuron.
        walk_turns: u64 = 32, 1..=1_000_000_000;
        /// Points of a block at first, for each coordinate.
        block_points: usize = 7, 1..=1_000_000;
        /// Blocks of which one is dealt to the others once their trees are over.
        blocks_together: usize = 6, 2..=1_000_000;
        /// Line searches for the neuron that the tree of a block has to beat.
        block_lines: u64 = 300, 1..=1_000_000_000;
        /// Work of a block in a turn, at least, in multiplications.
        block_turn: u64 = 4_194_304, 1..=1_000_000_000_000_000;
    }
}

/// How one search goes on: from which seed, and as which parameters say.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Conduct {
    /// Of every random choice.
    pub seed: u64,
    /// What else is arbitrary.
    pub parameters: Parameters,
}

impl Conduct {
    /// What the limits of a run say.
    pub(crate) fn of(limits: &bdnn::Limits) -> Self {
        Self { seed: limits.seed, parameters: limits.settings.of() }
    }

    /// The same for a part of the whole, with a seed of its own.
    pub(super) fn of_block(&self, k: usize) -> Self {
        Self { seed: self.seed.wrapping_add(k as u64), parameters: self.parameters }
    }
}
