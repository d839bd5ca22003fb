//! How time and nodes are shared among the rounds and the polishing.

use bdnn::{Limits, Statistics, Status};
use std::time::Instant;

/// No round gets less than this share of what is left for rounds: most of the gain comes early, and engines end by
/// themselves.
const MOST_ROUNDS_PLANNED: u64 = 8;

/// The share of all limits that goes to the rounds where polishing follows.
const ROUNDS_SHARE: f64 = 1.0 / 3.0;

/// The clock and the shares.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    began: Instant,
    /// Seconds and nodes of all rounds.
    time: f64,
    nodes: u64,
    growth: f64,
    points: usize,
}

impl Schedule {
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn new(limits: &Limits, polish: bool, growth: f64, points: usize) -> Self {
        let share = if polish { ROUNDS_SHARE } else { 1.0 };
        let nodes = match limits.nodes {
            u64::MAX => u64::MAX,
            nodes => (nodes as f64 * share).ceil() as u64,
        };
        Self { began: Instant::now(), time: limits.time * share, nodes, growth, points }
    }

    pub(super) fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// The limit that ends the rounds, if one does.
    pub(super) fn exhausted(&self, work: &Statistics) -> Option<Status> {
        if self.seconds() >= self.time {
            Some(Status::TimeLimit)
        } else if work.nodes >= self.nodes {
            Some(Status::NodeLimit)
        } else {
            None
        }
    }

    /// The limits of each of the next round's `batches` at so many parts.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn round(&self, limits: &Limits, work: &Statistics, parts: usize, batches: usize) -> Limits {
        let share = self.rounds_left(parts).saturating_mul(batches as u64).max(1);
        let left = self.nodes.saturating_sub(work.nodes);
        Limits {
            time: (self.time - self.seconds()).max(0.0) / share as f64,
            nodes: if left == u64::MAX { left } else { (left / share).max(1) },
            ..limits.clone()
        }
    }

    /// What is left for polishing, if anything.
    pub(super) fn rest(&self, limits: &Limits, work: &Statistics) -> Option<Limits> {
        let time = limits.time - self.seconds();
        let nodes = if limits.nodes == u64::MAX { u64::MAX } else { limits.nodes.saturating_sub(work.nodes) };
        (time > 0.0 && nodes > 0).then(|| Limits { time, nodes, ..limits.clone() })
    }

    /// Rounds until every part is a point, at most [`MOST_ROUNDS_PLANNED`].
    fn rounds_left(&self, mut parts: usize) -> u64 {
        let mut rounds = 1;
        while parts < self.points && rounds < MOST_ROUNDS_PLANNED {
            parts += splits(parts, self.growth);
            rounds += 1;
        }
        rounds
    }
}

/// How many of so many parts are divided in a round.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn splits(parts: usize, growth: f64) -> usize {
    ((parts as f64 * growth) as usize).max(1)
}
