//! Problems from a seed.

use bdnn::{Architecture, Loss, Norm, Points, Problem, Robust, Scaler, WeightDomain};
use heaviside::Trainer;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// A stream of problems; the same seed gives the same.
#[derive(Clone, Debug)]
pub struct Source {
    rng: ChaCha8Rng,
}

impl Source {
    /// The stream of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { rng: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// A whole number in `low..=high`.
    pub fn whole(&mut self, low: usize, high: usize) -> usize {
        self.rng.random_range(low..=high)
    }

    /// True once in `times`.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.whole(1, times) == 1
    }

    /// [`Self::points`] with a row of every class at least (`rows >= classes`): the check refuses classes without rows.
    pub fn points_of_all(&mut self, rows: usize, features: usize, classes: usize) -> Points {
        loop {
            let points = self.points(rows, features, classes);
            if (0..classes).all(|class| (0..points.len()).any(|i| points.counts(i)[class] > 0)) {
                return points;
            }
        }
    }

    /// Points on a grid of quarters in [-1, 1] (ties, collinear points and duplicates are common), or real ones.
    pub fn points(&mut self, rows: usize, features: usize, classes: usize) -> Points {
        let grid = self.one_in(2);
        let value = |source: &mut Self| -> f64 {
            if grid { source.whole(0, 8) as f64 / 4.0 - 1.0 } else { source.rng.random_range(-1.0..1.0) }
        };
        let data: Vec<f64> = (0..rows * features).map(|_| value(self)).collect();
        let labels: Vec<usize> = (0..rows).map(|_| self.whole(0, classes - 1)).collect();
        Points::merge(features, classes, &data, &labels, Scaler::identity(features))
    }

    /// A problem with the plain semantics and epsilon = 1e-4 on `points`; loss by chance.
    pub fn problem(&mut self, points: Points, hidden: &[usize], weights: WeightDomain, bias: bool) -> Problem {
        let (inputs, classes) = (points.num_features(), points.num_classes());
        let architecture = Architecture { inputs, hidden: hidden.to_vec(), classes, bias, weights };
        let loss = if self.one_in(2) { Loss::Hamming } else { Loss::ZeroOne };
        Problem { epsilon: Some(1e-4), ..Problem::new(points, architecture, loss) }
    }

    /// A ball of radius k/16, k = 1..4.
    pub fn robust(&mut self) -> Robust {
        let norm = if self.one_in(2) { Norm::Linf } else { Norm::L1 };
        Robust { radius: self.whole(1, 4) as f64 / 16.0, norm }
    }

    /// A partition into at most `parts` parts, numbered in order of appearance.
    pub fn partition(&mut self, points: usize, parts: usize) -> Vec<usize> {
        let raw: Vec<usize> = (0..points).map(|_| self.whole(0, parts - 1)).collect();
        let mut names: Vec<usize> = vec![];
        raw.iter()
            .map(|part| {
                names.iter().position(|name| name == part).unwrap_or_else(|| {
                    names.push(*part);
                    names.len() - 1
                })
            })
            .collect()
    }

    /// A problem of the kind number `case`, small enough to enumerate.
    #[must_use]
    pub fn small_problem(&mut self, case: usize) -> Problem {
        let weights =
            [WeightDomain::Continuous, WeightDomain::Integer(1), WeightDomain::Integer(2)][[0, 0, 1, 2][case % 4]];
        let bias = !self.one_in(3);
        let classes = if self.one_in(4) { 3 } else { 2 };
        let deep = [&[2, 2][..], &[1, 2], &[2, 1], &[3, 1]];
        let (hidden, rows, features) = match self.whole(0, 5) {
            0 => (&[][..], self.whole(2, 8), self.whole(1, 3)),
            1 => (&[1][..], self.whole(2, 8), self.whole(1, 3)),
            2 | 3 => (&[2][..], self.whole(2, 7), self.whole(1, 2)),
            4 => (&[3][..], self.whole(2, 5), self.whole(1, 2)),
            _ => (deep[self.whole(0, 3)], self.whole(2, 5), 1),
        };
        let rows = if classes == 3 || weights != WeightDomain::Continuous { rows.min(5) } else { rows };
        let points = self.points(rows, features, classes);
        let mut problem = self.problem(points, hidden, weights, bias);
        if !self.one_in(3) {
            problem.epsilon = None;
        }
        if self.one_in(3) {
            problem.robust = Some(self.robust());
        }
        if self.one_in(4) {
            problem.partition = Some(self.partition(problem.points.len(), 3));
        }
        problem
    }
}

/// A trainer on one thread, of the shape that `case` says: whole weights, no biases and each output counted by itself, now and then.
pub fn trainer(source: &mut Source, case: usize) -> Trainer {
    let trainer = Trainer::new().threads(1).hidden([&[][..], &[2], &[1], &[2, 1]][case % 4]);
    let trainer = if source.one_in(3) { trainer.weights(WeightDomain::Integer(1)) } else { trainer };
    let trainer = if source.one_in(4) { trainer.bias(false) } else { trainer };
    if source.one_in(2) { trainer.loss(Loss::ZeroOne) } else { trainer }
}
