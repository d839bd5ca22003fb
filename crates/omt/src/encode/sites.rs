//! Parts of the data as the formulas see them.

use bdnn::budget::never;
use bdnn::{Problem, Stop};

/// Points grouped by part; without a partition each point is a part.
#[derive(Clone, Debug)]
pub struct Sites {
    /// Points of each part.
    pub points: Vec<Vec<u32>>,
    /// Rows of each class in each part, `[part][class]`.
    pub counts: Vec<Vec<u64>>,
    /// Whether every neuron has to take a side at every point even if no penalty depends on it: with a margin,
    /// robustness or a partition.
    pub all_decided: bool,
}

impl Sites {
    /// The parts of `problem`.
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        Self::new_within(problem, &never).expect("nobody says stop")
    }

    /// As [`Self::new`]; `None` once `stop` says so. Cost O(m C).
    #[must_use]
    pub fn new_within(problem: &Problem, stop: &Stop<'_>) -> Option<Self> {
        /// Points between two questions.
        const AT_ONCE: usize = 1 << 12;
        let points = &problem.points;
        let part = |i: usize| problem.partition.as_ref().map_or(i, |p| p[i]);
        let parts = (0..points.len()).map(part).max().map_or(0, |most| most + 1);
        let mut sites = Self {
            points: Vec::with_capacity(parts),
            counts: Vec::with_capacity(parts),
            all_decided: problem.partition.is_some() || problem.epsilon.is_some() || problem.robust.is_some(),
        };
        for part in 0..parts {
            if part % AT_ONCE == 0 && stop() {
                return None;
            }
            sites.points.push(Vec::new());
            sites.counts.push(vec![0; points.num_classes()]);
        }
        for i in 0..points.len() {
            if i % AT_ONCE == 0 && stop() {
                return None;
            }
            sites.points[part(i)].push(u32::try_from(i).unwrap_or(u32::MAX));
            for (sum, &count) in sites.counts[part(i)].iter_mut().zip(points.counts(i)) {
                *sum += u64::from(count);
            }
        }
        Some(sites)
    }

    /// Number of parts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there is no part.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// For two classes: the class to prefer at a part, what the other costs more, and what both cost.
    #[must_use]
    pub fn preference(&self, part: usize) -> (bool, u64, u64) {
        let (zeros, ones) = (self.counts[part][0], self.counts[part][1]);
        (ones > zeros, ones.abs_diff(zeros), ones.min(zeros))
    }
}
