//! How time and nodes are shared among the rounds and the polishing.

use super::options::Options;
use super::parameters::Parameters;
use bdnn::{Limits, Status};
use budget::Instant;

/// The clock and the shares.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    began: Instant,
    /// Seconds and nodes of all rounds.
    time: f64,
    nodes: f64,
    /// Nodes so far; in parts of a node on all points if `by_size`.
    spent: f64,
    /// Whether a node on some of the points counts as their share of one, and rounds get limits in that proportion.
    by_size: bool,
    growth: f64,
    /// Rounds that share what is left, at most.
    planned: usize,
    points: usize,
}

impl Schedule {
    pub(super) fn new(limits: &Limits, options: &Options, points: usize) -> Self {
        let Parameters { rounds_share, rounds_planned, .. } = limits.settings.of();
        let share = if options.polish { rounds_share } else { 1.0 };
        Self {
            began: Instant::now(),
            time: limits.time * share,
            nodes: nodes(limits) * share,
            spent: 0.0,
            by_size: options.nodes_by_size,
            growth: options.growth,
            planned: rounds_planned,
            points,
        }
    }

    pub(super) fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Counts the nodes of an engine's run on so many points.
    pub(super) fn spend(&mut self, nodes: u64, points: usize) {
        self.spent += nodes as f64 * if self.by_size { self.share_of_points(points) } else { 1.0 };
    }

    /// Nodes so far, in parts of one.
    pub(super) fn so_far(&self) -> f64 {
        self.spent
    }

    /// Goes on after so many nodes.
    pub(super) fn go_on(&mut self, spent: f64) {
        self.spent = spent;
    }

    /// Nodes so far, rounded up.
    pub(super) fn spent(&self) -> u64 {
        self.spent.ceil() as u64
    }

    /// The limit that ends the rounds, if one does.
    pub(super) fn exhausted(&self) -> Option<Status> {
        if self.seconds() >= self.time {
            Some(Status::TimeLimit)
        } else if self.spent >= self.nodes {
            Some(Status::NodeLimit)
        } else {
            None
        }
    }

    /// The limits of each of the next round's `batches` at so many parts. A node at least, so that the rounds may spend
    /// a little more than their share.
    pub(super) fn round(&self, limits: &Limits, parts: usize, batches: usize) -> Limits {
        let batches = batches as f64;
        let (left, time) = ((self.nodes - self.spent).max(0.0), (self.time - self.seconds()).max(0.0));
        let sizes = self.sizes_left(parts);
        let (nodes, time) = if self.by_size {
            // As many nodes a round, each of them worth its size.
            let all: f64 = sizes.iter().map(|&size| self.share_of_points(size)).sum();
            (left / all, time * self.share_of_points(parts) / all)
        } else {
            (left / sizes.len() as f64, time / sizes.len() as f64)
        };
        let nodes = if limits.nodes == u64::MAX { u64::MAX } else { ((nodes / batches) as u64).max(1) };
        Limits { time: time / batches, nodes, ..limits.clone() }
    }

    /// What is left for polishing, if anything, when `time` seconds are left.
    pub(super) fn rest(&self, limits: &Limits, time: f64) -> Option<Limits> {
        let nodes = if limits.nodes == u64::MAX { u64::MAX } else { (nodes(limits) - self.spent).max(0.0) as u64 };
        (time > 0.0 && nodes > 0).then(|| Limits { time, nodes, ..limits.clone() })
    }

    fn share_of_points(&self, points: usize) -> f64 {
        points as f64 / self.points.max(1) as f64
    }

    /// Numbers of parts from the next round on until every part is a point, of the rounds planned at most
    /// unless rounds cost what they are worth.
    fn sizes_left(&self, mut parts: usize) -> Vec<usize> {
        let mut sizes = vec![parts];
        while parts < self.points && (self.by_size || sizes.len() < self.planned) {
            parts = parts.saturating_add(splits(parts, self.growth)).min(self.points);
            sizes.push(parts);
        }
        sizes
    }
}

fn nodes(limits: &Limits) -> f64 {
    if limits.nodes == u64::MAX { f64::INFINITY } else { limits.nodes as f64 }
}

/// How many of so many parts are divided in a round.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(super) fn splits(parts: usize, growth: f64) -> usize {
    ((parts as f64 * growth) as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Doubling parts of 64 points, each round as many nodes as it is allowed: the rounds spend their third of the limit,
    /// give or take a node, and the polishing gets what is left.
    #[test]
    fn nodes_are_worth_the_points_they_see() {
        let limits = Limits { nodes: 60, ..Limits::default() };
        let options = Options { growth: 1.0, nodes_by_size: true, ..Options::default() };
        let mut schedule = Schedule::new(&limits, &options, 64);
        let (mut parts, mut granted) = (1, vec![]);
        while parts <= 64 && schedule.exhausted().is_none() {
            let nodes = schedule.round(&limits, parts, 1).nodes;
            granted.push(nodes);
            schedule.spend(nodes, parts);
            parts *= 2;
        }
        // 20 nodes over shares that add up to 127 / 64.
        assert_eq!(granted, [10, 10, 10, 10, 10, 10, 10]);
        assert_eq!((schedule.spent(), schedule.rest(&limits, f64::INFINITY).map(|rest| rest.nodes)), (20, Some(40)));
    }

    #[test]
    fn exact_engines_get_equal_shares() {
        let limits = Limits { nodes: 240, ..Limits::default() };
        let options = Options { growth: 0.0, polish: false, ..Options::default() };
        let mut schedule = Schedule::new(&limits, &options, 1000);
        assert_eq!(schedule.round(&limits, 1, 1).nodes, 30);
        assert_eq!(schedule.round(&limits, 1, 3).nodes, 10);
        schedule.spend(200, 1);
        assert_eq!(schedule.round(&limits, 999, 1).nodes, 20);
        schedule.spend(40, 2);
        assert_eq!(schedule.exhausted(), Some(Status::NodeLimit));
    }
}
