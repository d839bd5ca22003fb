//! What stands around the states of the engine that trains on parts, or of the local search that polishes.

use super::batch::Deck;
use super::keeper::Best;
use super::partition::Partition;
use bdnn::{Network, Status};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// A round, and how far it is.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Round {
    pub(super) batches: Vec<Vec<usize>>,
    /// Nodes that each may take.
    pub(super) nodes: u64,
    /// The batch at hand.
    pub(super) at: usize,
    /// The latest network.
    pub(super) start: Option<Network>,
    /// Those of the batches before, with what each weighs in an average.
    pub(super) weighted: Vec<(Network, f64)>,
}

/// How far a run is.
#[derive(Serialize, Deserialize)]
pub(super) enum Stage {
    /// Within a round, or before one.
    Rounds(Option<Round>),
    /// On all points, after rounds that ended so.
    Polish(Status),
}

/// A run but for its engine.
#[derive(Serialize, Deserialize)]
pub(super) struct Frame {
    pub(super) deck: Deck,
    pub(super) random: ChaCha8Rng,
    pub(super) partition: Partition,
    pub(super) best: Option<Best>,
    pub(super) bound: f64,
    pub(super) saw_all: bool,
    pub(super) upper: f64,
    /// Rounds, conflicts and pivots.
    pub(super) counts: [u64; 3],
    pub(super) spent: f64,
    pub(super) stage: Stage,
}
