//! The best labellings of the training points, in place of one best network.
//!
//! Weights are real, so networks are never few; what they say about the data is. A *labelling* is the outputs h^K at every distinct point,
//! one point after the other, and two networks are the same solution if they have the same labelling. A [`Pool`] holds the best so
//! far, a network each, and says what is proven of all others.
//!
//! Entry points: [`Pool::offer`], [`Pool::take`] and [`Pool::ranking`] for who searches, [`Pool::close`] for what came of it.
//!
//! Invariant: what has been offered and was not kept loses at least [`Ranking::cutoff`] at any later time, so no search below the cutoff
//! has to know of it.

use crate::exact::{self, ExactNetwork};
use crate::{Network, Problem, Status};
use std::collections::BTreeSet;

/// The outputs at every distinct point, one point after the other: as many for each as the architecture has outputs.
pub type Labelling = Vec<bool>;

/// The labelling of a network, by the exact forward pass. Cost O(points * weights).
///
/// # Panics
/// As [`ExactNetwork::new`]: if the network is not of the problem's shape.
#[must_use]
pub fn labelling(problem: &Problem, network: &Network) -> Labelling {
    let points = &problem.points;
    let exact = ExactNetwork::new(network, points.scaler());
    (0..points.len()).flat_map(|i| exact.outputs(points.raw(i))).collect()
}

/// The loss of a labelling, all rows counted. Cost O(points * outputs).
#[must_use]
pub fn loss(problem: &Problem, labelling: &[bool]) -> u64 {
    let outputs = problem.architecture.outputs();
    labelling.chunks_exact(outputs).enumerate().map(|(i, output)| problem.point_loss(i, output)).sum()
}

/// The losses of the best labellings: which others would change the pool.
///
/// ```
/// use bdnn::pool::Ranking;
///
/// let mut ranking = Ranking::new(2);
/// ranking.add(3);
/// assert_eq!(ranking.cutoff(), None);
/// ranking.add(5);
/// // A labelling that loses 5 would show a tie; once one is known, nothing but a better one is news.
/// assert_eq!(ranking.cutoff(), Some(6));
/// ranking.add(5);
/// assert_eq!(ranking.cutoff(), Some(5));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    wanted: usize,
    /// Ascending; one more than wanted, since the next one shows whether the last has company.
    losses: Vec<u64>,
}

impl Ranking {
    /// The ranking of so many labellings (at least one), none of them known.
    #[must_use]
    pub fn new(wanted: usize) -> Self {
        Self { wanted: wanted.max(1), losses: Vec::new() }
    }

    /// Takes note of a labelling that was not known. Cost O(wanted).
    pub fn add(&mut self, loss: u64) {
        let at = self.losses.partition_point(|&known| known <= loss);
        self.losses.insert(at, loss);
        self.losses.truncate(self.wanted + 1);
    }

    /// Only labellings that lose less are news; `None` while any is. It never rises.
    #[must_use]
    pub fn cutoff(&self) -> Option<u64> {
        let last = *self.losses.get(self.wanted - 1)?;
        Some(if self.losses.get(self.wanted) == Some(&last) { last } else { last + 1 })
    }
}

/// A labelling with a network that has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// Confirmed by the exact forward pass.
    pub network: Network,
    /// Its exact loss.
    pub loss: u64,
    /// What it says about the points.
    pub labelling: Labelling,
}

/// The best labellings found, in the order of their losses.
#[derive(Clone, Debug)]
pub struct Pool {
    ranking: Ranking,
    /// Up to one more than wanted.
    found: Vec<Solution>,
    known: BTreeSet<Labelling>,
}

/// What a search for the best labellings ends with.
#[derive(Clone, Debug)]
pub struct Solutions {
    /// How many were asked for, at least one.
    pub wanted: usize,
    /// Why the search for them ended: [`Status::Optimal`] if all is known that was asked for.
    pub status: Status,
    /// At most as many, in the order of their losses and then as they were found.
    pub list: Vec<Solution>,
    /// Proven: no labelling beside those of the list loses less than this. `None`: there is no other labelling at all.
    pub others: Option<u64>,
    /// Whether a labelling is known that is not on the list and loses as little as the last one there.
    pub tied: bool,
}

impl Pool {
    /// An empty pool of so many labellings (at least one).
    #[must_use]
    pub fn new(wanted: usize) -> Self {
        Self { ranking: Ranking::new(wanted), found: Vec::new(), known: BTreeSet::new() }
    }

    /// The losses so far.
    #[must_use]
    pub fn ranking(&self) -> &Ranking {
        &self.ranking
    }

    /// Labellings that are kept.
    pub fn labellings(&self) -> impl Iterator<Item = &Labelling> {
        self.found.iter().map(|solution| &solution.labelling)
    }

    /// Takes a network whose labelling is new; whether it is. Networks that do not satisfy the problem are not
    /// taken. Cost that of the exact forward pass.
    pub fn offer(&mut self, problem: &Problem, network: &Network) -> bool {
        let Ok(loss) = exact::check(problem, network) else { return false };
        self.take(Solution { network: network.clone(), loss, labelling: labelling(problem, network) })
    }

    /// The same for what is confirmed already.
    pub fn take(&mut self, solution: Solution) -> bool {
        let loss = solution.loss;
        if self.ranking.cutoff().is_some_and(|cutoff| cutoff <= loss) || !self.known.insert(solution.labelling.clone())
        {
            return false;
        }
        self.ranking.add(loss);
        let at = self.found.partition_point(|known| known.loss <= loss);
        self.found.insert(at, solution);
        if self.found.len() > self.ranking.wanted + 1
            && let Some(dropped) = self.found.pop()
        {
            self.known.remove(&dropped.labelling);
        }
        true
    }

    /// The end: all labellings that are not in the pool lose at least `rest`, or there are none (`None`).
    #[must_use]
    pub fn close(self, rest: Option<u64>, status: Status) -> Solutions {
        let Self { ranking: Ranking { wanted, .. }, found: mut list, .. } = self;
        let next = list.get(wanted).map(|solution| solution.loss);
        list.truncate(wanted);
        let others = [rest, next].into_iter().flatten().min();
        let tied = next.is_some() && next == list.last().map(|solution| solution.loss);
        Solutions { wanted, status, list, others, tied }
    }
}

impl Solutions {
    /// Whether the list is proven to be right: no other labelling is better than its last one, and it is as long as was asked for
    /// unless there are no others.
    #[must_use]
    pub fn complete(&self) -> bool {
        match (self.others, self.list.last()) {
            (None, _) => true,
            (Some(others), Some(last)) => self.list.len() == self.wanted && last.loss <= others,
            (Some(_), None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Architecture, Layer, Loss, Points, Scaler, WeightDomain};

    fn problem(labels: &[usize]) -> Problem {
        let rows: Vec<f64> = (0..labels.len()).map(|i| i as f64).collect();
        let points = Points::merge(1, 2, &rows, labels, Scaler::identity(1));
        let architecture =
            Architecture { inputs: 1, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
        Problem::new(points, architecture, Loss::Hamming)
    }

    /// Fires from `at` on.
    fn step(at: f64) -> Network {
        Network { layers: vec![Layer { inputs: 1, outputs: 1, weights: vec![1.0], biases: vec![-at] }] }
    }

    #[test]
    fn the_best_stay_and_company_shows() {
        let problem = problem(&[0, 1, 0, 1]);
        let mut pool = Pool::new(2);
        assert!(pool.offer(&problem, &step(0.0)));
        assert!(!pool.offer(&problem, &step(-0.5)));
        for (at, kept) in [(2.0, true), (3.0, true), (4.0, false), (1.0, true), (0.5, false)] {
            assert_eq!(pool.offer(&problem, &step(at)), kept, "{at}");
        }
        // From 0 to 4 losses are 2, 1, 2, 1, 2.
        let before = pool.clone().close(Some(1), Status::Optimal);
        assert!(before.complete() && !before.tied && before.others == Some(1));
        assert_eq!(before.list.iter().map(|solution| solution.loss).collect::<Vec<_>>(), [1, 1]);
        let after = pool.close(Some(7), Status::Optimal);
        assert_eq!((after.others, after.complete()), (Some(2), true));
        for Solution { network, loss: stated, labelling: labels } in after.list {
            assert_eq!((exact::check(&problem, &network), loss(&problem, &labels)), (Ok(stated), stated));
        }
    }

    #[test]
    fn what_is_proven_decides_what_is_complete() {
        let problem = problem(&[0, 1]);
        let mut pool = Pool::new(3);
        pool.offer(&problem, &step(1.0));
        assert!(!pool.clone().close(Some(0), Status::TimeLimit).complete());
        assert!(pool.clone().close(None, Status::Optimal).complete());
        let empty = Pool::new(0).close(Some(0), Status::TimeLimit);
        assert!(!empty.complete() && empty.wanted == 1);
    }
}
