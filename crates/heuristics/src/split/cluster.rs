//! Two clusters of weighted points: k-means and k-medians for k = 2.
//!
//! References: Lloyd, Least squares quantization in PCM, IEEE Trans. Inf. Theory 28 (1982); Arthur and Vassilvitskii,
//! k-means++: the advantages of careful seeding, SODA 2007.

use super::parameters::Parameters;
use bdnn::{Points, Stop};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// What a cluster's centre is, and what is added up over its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metric {
    /// Means and squared Euclidean distances.
    Means,
    /// Coordinatewise medians and l1 distances.
    Medians,
}

/// Two centres and the sum of distances to the nearer one.
type Clusters = ([Vec<f64>; 2], f64);

/// Divides `members` in two, in scaled units, each distinct point weighing as many as its rows: the best of `restarts`
/// descents from k-means++ starts. True for the second cluster. Cost O(restarts * min(m, sample) * n + m n) a round
/// (for medians times log m). Once `stop` says so, by the best centres so far.
pub(super) fn divide(
    points: &Points,
    members: &[usize],
    metric: Metric,
    (restarts, parameters): (u32, &Parameters),
    random: &mut ChaCha8Rng,
    stop: &Stop<'_>,
) -> Vec<bool> {
    let rounds = parameters.cluster_rounds;
    let all = Cloud::new(points, members, metric);
    let mut sample = members.to_vec();
    if sample.len() > parameters.cluster_sample {
        sample.shuffle(random);
        sample.truncate(parameters.cluster_sample);
    }
    let cloud = if sample.len() < members.len() { &Cloud::new(points, &sample, metric) } else { &all };
    let mut best: Option<Clusters> = None;
    for restart in 0..restarts.max(1) {
        if restart > 0 && stop() {
            break;
        }
        let found = cloud.descend(cloud.start(random), rounds, stop);
        if best.as_ref().is_none_or(|best| found.1 < best.1) {
            best = Some(found);
        }
    }
    let (centres, _) = best.expect("there is a restart at least");
    let (centres, _) = if sample.len() < members.len() { all.descend(centres, rounds, stop) } else { (centres, 0.0) };
    (0..members.len()).map(|at| all.nearer(at, &centres).0).collect()
}

/// Weighted points in scaled units.
struct Cloud<'a> {
    rows: Vec<&'a [f64]>,
    weights: Vec<f64>,
    metric: Metric,
}

impl<'a> Cloud<'a> {
    fn new(points: &'a Points, members: &[usize], metric: Metric) -> Self {
        let weight = |&i: &usize| points.counts(i).iter().map(|&count| f64::from(count)).sum();
        Self {
            rows: members.iter().map(|&i| points.scaled(i)).collect(),
            weights: members.iter().map(weight).collect(),
            metric,
        }
    }

    fn distance(&self, x: &[f64], y: &[f64]) -> f64 {
        let pairs = x.iter().zip(y);
        match self.metric {
            Metric::Means => pairs.map(|(x, y)| (x - y) * (x - y)).sum(),
            Metric::Medians => pairs.map(|(x, y)| (x - y).abs()).sum(),
        }
    }

    /// Whether the second centre is nearer, and how far the nearer one is. A tie goes to the first.
    fn nearer(&self, at: usize, centres: &[Vec<f64>; 2]) -> (bool, f64) {
        let [first, second] = [0, 1].map(|c| self.distance(self.rows[at], &centres[c]));
        if second < first { (true, second) } else { (false, first) }
    }

    /// k-means++: a first centre by weight, a second by weight times distance.
    fn start(&self, random: &mut ChaCha8Rng) -> [Vec<f64>; 2] {
        let first = draw(&self.weights, random);
        let distances: Vec<f64> =
            (0..self.rows.len()).map(|at| self.weights[at] * self.distance(self.rows[at], self.rows[first])).collect();
        let second = draw(&distances, random);
        [first, second].map(|at| self.rows[at].to_vec())
    }

    /// Alternates between assignment and centres until nothing moves, or so many rounds.
    fn descend(&self, mut centres: [Vec<f64>; 2], rounds: usize, stop: &Stop<'_>) -> Clusters {
        let mut sides: Vec<bool> = vec![];
        let mut total = f64::INFINITY;
        for _ in 0..rounds {
            if stop() {
                break;
            }
            let nearer: Vec<(bool, f64)> = (0..self.rows.len()).map(|at| self.nearer(at, &centres)).collect();
            total = nearer.iter().zip(&self.weights).map(|((_, distance), weight)| weight * distance).sum();
            let assigned: Vec<bool> = nearer.into_iter().map(|(side, _)| side).collect();
            if assigned == sides {
                break;
            }
            sides = assigned;
            for (c, centre) in centres.iter_mut().enumerate() {
                self.recentre(centre, |at| sides[at] == (c == 1), stop);
            }
        }
        (centres, total)
    }

    /// Moves a centre to the mean or median of its points; one without points stays.
    fn recentre(&self, centre: &mut [f64], inside: impl Fn(usize) -> bool, stop: &Stop<'_>) {
        let own: Vec<usize> = (0..self.rows.len()).filter(|&at| inside(at)).collect();
        let weight: f64 = own.iter().map(|&at| self.weights[at]).sum();
        if weight == 0.0 {
            return;
        }
        match self.metric {
            Metric::Means => {
                centre.fill(0.0);
                for &at in &own {
                    let share = self.weights[at] / weight;
                    centre.iter_mut().zip(self.rows[at]).for_each(|(c, x)| *c += share * x);
                }
            }
            Metric::Medians => {
                for (k, c) in centre.iter_mut().enumerate().take_while(|_| !stop()) {
                    let mut values: Vec<(f64, f64)> =
                        own.iter().map(|&at| (self.rows[at][k], self.weights[at])).collect();
                    values.sort_by(|a, b| a.0.total_cmp(&b.0));
                    let mut below = 0.0;
                    let median = values.iter().find(|(_, w)| {
                        below += w;
                        2.0 * below >= weight
                    });
                    *c = median.map_or(*c, |&(value, _)| value);
                }
            }
        }
    }
}

/// An index with probability in proportion to its weight; any index if all weights are 0.
fn draw(weights: &[f64], random: &mut ChaCha8Rng) -> usize {
    let total: f64 = weights.iter().sum();
    let mut left = random.random_range(0.0..1.0) * total;
    for (at, weight) in weights.iter().enumerate() {
        if left < *weight {
            return at;
        }
        left -= weight;
    }
    weights.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::Scaler;
    use rand::SeedableRng;

    fn line(values: &[f64], copies: &[u32]) -> Points {
        let counts: Vec<u32> = copies.iter().flat_map(|&c| [c, 0]).collect();
        Points::weighted(1, 2, values, &counts, Scaler::identity(1))
    }

    fn sides(points: &Points, metric: Metric) -> Vec<bool> {
        let members: Vec<usize> = (0..points.len()).collect();
        let sides =
            divide(points, &members, metric, (25, &Parameters::default()), &mut ChaCha8Rng::seed_from_u64(7), &|| {
                false
            });
        // The clusters have no order.
        if sides[0] { sides.iter().map(|s| !s).collect() } else { sides }
    }

    /// The least sum over all cuts of a line, by brute force: a cluster of a line is an interval.
    #[test]
    fn restarts_find_the_best_cut_of_a_line() {
        let values: Vec<f64> = [0, 1, 2, 9, 11, 12, 30, 31].map(f64::from).to_vec();
        let points = line(&values, &[1; 8]);
        let cost = |part: &[f64]| {
            let mean = part.iter().sum::<f64>() / part.len() as f64;
            part.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>()
        };
        let best = (1..8).min_by(|&a, &b| {
            let total = |cut: usize| cost(&values[..cut]) + cost(&values[cut..]);
            total(a).total_cmp(&total(b))
        });
        let found = sides(&points, Metric::Means);
        assert_eq!(found.iter().position(|&second| second), best);
    }

    #[test]
    fn rows_weigh() {
        // Means: 0 and 3 with a heavy 3 attract 6 to their side or not.
        assert_eq!(sides(&line(&[0.0, 4.0, 9.0], &[1, 1, 1]), Metric::Means), [false, false, true]);
        assert_eq!(sides(&line(&[0.0, 4.0, 9.0], &[50, 1, 1]), Metric::Means), [false, true, true]);
        assert_eq!(sides(&line(&[0.0, 4.0, 9.0], &[50, 1, 1]), Metric::Medians), [false, false, true]);
    }

    #[test]
    fn equal_points_are_no_trap() {
        let points = Points::weighted(1, 2, &[1.0], &[3, 1], Scaler::identity(1));
        assert_eq!(
            divide(
                &points,
                &[0],
                Metric::Means,
                (3, &Parameters::default()),
                &mut ChaCha8Rng::seed_from_u64(0),
                &|| false
            ),
            [false]
        );
    }
}
