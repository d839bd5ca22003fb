//! Sets of points that agree in some features: in what is left of the features a network has fewer weights to fit them with, and errors that all points
//! together hide are soon proven where the dual tree can search.
//!
//! Entry point: [`choose`].

use crate::dual;
use bdnn::{Network, Problem, Stop};

/// A flat, and the loss of the best network there.
pub(super) struct Flat {
    pub(super) members: Vec<usize>,
    pub(super) loss: u64,
}

/// Disjoint flats for the dual tree, one after the other, each of those points that are left. A flat grows narrower by the value of a feature that keeps most
/// of what `network` loses, until it has few enough dimensions. Those of fewest points come first: they are solved soonest. Cost O(m n) for each
/// value that is taken.
pub(super) fn choose(
    problem: &Problem,
    network: &Network,
    parameters: &dual::Parameters,
    stop: &Stop<'_>,
) -> Vec<Flat> {
    let Some(patterns) = bdnn::exact::patterns_within(&problem.points, network, stop) else { return vec![] };
    let loss = |i: usize| problem.point_loss(i, patterns[i].last().map_or(&[], |outputs| outputs));
    let excess: Vec<u64> = (0..problem.points.len()).map(|i| loss(i) - problem.point_floor(i)).collect();
    let weights = (problem.architecture.widths()[1] * (parameters.alone_rank + 1)) as u64;
    // A weight fits about one error.
    let least = (weights as f64 * parameters.flat_errors) as u64;
    let mut rest: Vec<usize> = (0..problem.points.len()).collect();
    let mut flats = vec![];
    while let Some(members) = densest(problem, &excess, &rest, least, parameters, stop) {
        rest.retain(|i| members.binary_search(i).is_err());
        flats.push(Flat { loss: members.iter().map(|&i| loss(i)).sum(), members });
    }
    flats.sort_by_key(|flat| flat.members.len());
    flats
}

/// One flat of `points` that costs more than `least`; `None` where narrowing comes to none, or once `stop` says so.
fn densest(
    problem: &Problem,
    excess: &[u64],
    points: &[usize],
    least: u64,
    parameters: &dual::Parameters,
    stop: &Stop<'_>,
) -> Option<Vec<usize>> {
    let value = |i: usize, feature: usize| problem.points.raw(i)[feature];
    let mut members = points.to_vec();
    let mut features: Vec<usize> = (0..problem.points.num_features()).collect();
    while !stop() && members.iter().map(|&i| excess[i]).sum::<u64>() > least {
        let part = Problem { points: problem.points.pick(&members), ..problem.clone() };
        if dual::promises(&part, parameters, stop) {
            return Some(members);
        }
        features.retain(|&j| members.iter().any(|&i| value(i, j) != value(members[0], j)));
        let mut best: Option<(u64, usize, f64)> = None;
        for &j in &features {
            if stop() {
                return None;
            }
            let costly = members.iter().filter(|&&i| excess[i] > 0);
            let mut values: Vec<(f64, u64)> = costly.map(|&i| (value(i, j), excess[i])).collect();
            values.sort_by(|a, b| a.0.total_cmp(&b.0));
            let same = values.chunk_by(|a, b| a.0 == b.0);
            let sums = same.map(|same| (same.iter().map(|(_, cost)| cost).sum::<u64>(), same[0].0));
            // Of equal ones the first feature, and its largest value.
            if let Some((cost, value)) = sums.max_by_key(|&(cost, _)| cost)
                && best.is_none_or(|(most, ..)| cost > most)
            {
                best = Some((cost, j, value));
            }
        }
        let (_, feature, common) = best?;
        members.retain(|&i| value(i, feature) == common);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Layer, Loss, Points, Scaler, WeightDomain};
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Points of eight features, of which all but the first take one of two values: a network that is always wrong for a class loses many of
    /// them on every flat.
    fn problem() -> Problem {
        let (len, n) = (400, 8);
        let mixed = |i: usize, j: usize| (i * (2 * j + 7)) / 11 % 2;
        let value = |i: usize, j: usize| if j == 0 { i as f64 } else { mixed(i, j) as f64 };
        let rows: Vec<f64> = (0..len).flat_map(|i| (0..n).map(move |j| value(i, j))).collect();
        let labels: Vec<usize> = (0..len).map(|i| i % 2).collect();
        let points = Points::merge(n, 2, &rows, &labels, Scaler::identity(n));
        let weights = WeightDomain::Continuous;
        let architecture = Architecture { inputs: n, hidden: vec![1], classes: 2, bias: true, weights };
        Problem::new(points, architecture, Loss::ZeroOne)
    }

    /// Told to stop at any question, the choice ends with fewer flats, each as it would be; every feature that is looked at is a question.
    #[test]
    fn choosing_ends_where_it_is_told_to() {
        let problem = problem();
        let network = Network { layers: vec![Layer::zeros(8, 1), Layer::zeros(1, 1)] };
        let parameters = dual::Parameters { alone_rank: 2, ..dual::Parameters::default() };
        let chosen = |patience: usize| {
            let asked = AtomicUsize::new(0);
            let stop = || asked.fetch_add(1, Ordering::Relaxed) >= patience;
            let flats = choose(&problem, &network, &parameters, &stop);
            (flats.into_iter().map(|flat| flat.members).collect::<Vec<_>>(), asked.into_inner())
        };
        let (whole, questions) = chosen(usize::MAX);
        assert!(whole.len() > 2 && questions > 8 * whole.len(), "{} flats, {questions} questions", whole.len());
        for patience in 0..questions {
            let (flats, asked) = chosen(patience);
            // Once more by each that hears of it from another.
            assert!(asked <= patience + 3, "{asked} after {patience}");
            assert!(flats.len() <= whole.len() && flats.iter().all(|flat| whole.contains(flat)), "after {patience}");
            assert!(patience > questions / 2 || flats.len() < whole.len());
        }
    }
}
