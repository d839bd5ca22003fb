//! The problem of one round: a partition, and perhaps a batch of the points.

use super::partition::Partition;
use bdnn::{Points, Problem};

/// How a part stands for its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// All points of a part share their activations in every layer, as in arXiv 2110.11382: every network of the reduced
    /// problem is one of the full problem with the same loss, so its optimum bounds the full optimum from above.
    Shared,
    /// The mean of a part stands for its points, with their labels. A smaller problem, and one with fewer conditions;
    /// what a network of it is worth on the points is only known by counting there.
    Centroids,
}

/// The reduced problem on the points `batch` (ascending).
pub(super) fn problem(full: &Problem, partition: &Partition, batch: &[usize], reduction: Reduction) -> Problem {
    // Parts renumbered in the order of their first point in the batch.
    let mut number = vec![usize::MAX; partition.len()];
    let mut parts = 0;
    let of_point: Vec<usize> = batch
        .iter()
        .map(|&i| {
            let number = &mut number[partition.of_point()[i]];
            if *number == usize::MAX {
                *number = parts;
                parts += 1;
            }
            *number
        })
        .collect();
    let points = match reduction {
        Reduction::Shared => select(&full.points, batch),
        Reduction::Centroids => centroids(&full.points, batch, &of_point, parts),
    };
    let shared = reduction == Reduction::Shared && parts < batch.len();
    Problem { points, partition: shared.then_some(of_point), ..full.clone() }
}

/// The points `batch` alone.
fn select(points: &Points, batch: &[usize]) -> Points {
    if batch.len() == points.len() {
        return points.clone();
    }
    let rows: Vec<f64> = batch.iter().flat_map(|&i| points.raw(i)).copied().collect();
    let counts: Vec<u32> = batch.iter().flat_map(|&i| points.counts(i)).copied().collect();
    weighted(points, &rows, &counts)
}

/// One point a part: the mean of its points, each weighing as many as its rows, in raw units.
fn centroids(points: &Points, batch: &[usize], of_point: &[usize], parts: usize) -> Points {
    let (n, classes) = (points.num_features(), points.num_classes());
    let mut counts = vec![0_u32; parts * classes];
    for (&i, &part) in batch.iter().zip(of_point) {
        let totals = &mut counts[part * classes..(part + 1) * classes];
        totals.iter_mut().zip(points.counts(i)).for_each(|(total, &count)| *total += count);
    }
    let total = |counts: &[u32]| -> f64 { counts.iter().map(|&count| f64::from(count)).sum() };
    let mut rows = vec![0.0; parts * n];
    for (&i, &part) in batch.iter().zip(of_point) {
        // A part of one point keeps it bit by bit: its share is 1.
        let share = total(points.counts(i)) / total(&counts[part * classes..(part + 1) * classes]);
        rows[part * n..(part + 1) * n].iter_mut().zip(points.raw(i)).for_each(|(mean, x)| *mean += share * x);
    }
    weighted(points, &rows, &counts)
}

fn weighted(like: &Points, rows: &[f64], counts: &[u32]) -> Points {
    Points::weighted(like.num_features(), like.num_classes(), rows, counts, like.scaler().clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Architecture, Loss, Scaler, WeightDomain};

    fn full() -> Problem {
        let rows = [0.0, 1.0, 2.0, 3.0, 7.0, 1.0];
        let points = Points::merge(1, 2, &rows, &[0, 1, 1, 0, 1, 1], Scaler { shift: vec![1.0], divisor: vec![6.0] });
        let architecture =
            Architecture { inputs: 1, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
        Problem::new(points, architecture, Loss::ZeroOne)
    }

    fn partition() -> Partition {
        let mut partition = Partition::one(5);
        partition.split(0, &[false, true, true, false, false]);
        partition.split(0, &[false, true, true]);
        partition
    }

    #[test]
    fn shared_parts_keep_the_points() {
        let (full, partition) = (full(), partition());
        let all: Vec<usize> = (0..5).collect();
        let reduced = problem(&full, &partition, &all, Reduction::Shared);
        assert_eq!(reduced.partition, Some(vec![0, 1, 1, 2, 2]));
        assert_eq!(reduced.check().map_err(|e| e.to_string()), Ok(()));
        let reduced = problem(&full, &partition, &[2, 3, 4], Reduction::Shared);
        assert_eq!((reduced.partition, reduced.points.len()), (Some(vec![0, 1, 1]), 3));
        let reduced = problem(&full, &partition, &[1, 4], Reduction::Shared);
        assert_eq!(reduced.partition, None, "no two points share a part");
        assert_eq!((reduced.points.raw(0), reduced.points.counts(0)), (&[1.0][..], &[0, 2][..]));
    }

    #[test]
    fn centroids_are_means_of_rows() {
        let (full, partition) = (full(), partition());
        let all: Vec<usize> = (0..5).collect();
        let points = problem(&full, &partition, &all, Reduction::Centroids).points;
        assert_eq!((points.len(), points.num_rows()), (3, 6));
        let expected = [(0.0, [1, 0]), (4.0 / 3.0, [0, 3]), (5.0, [1, 1])];
        for (i, (mean, counts)) in expected.into_iter().enumerate() {
            assert!((points.raw(i)[0] - mean).abs() < 1e-12);
            assert_eq!(points.counts(i), counts);
        }
    }
}
