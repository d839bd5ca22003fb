//! Random data sets: points uniform in [-1, 1]^n, labelled by a parity of random half-spaces, some labels flipped.

use bdnn::{Points, Scaler};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What a random data set is like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// m.
    pub points: usize,
    /// n.
    pub features: usize,
    /// Half-spaces of the teacher, and hidden neurons of the network that is trained.
    pub neurons: usize,
    /// Share of the labels that are flipped; at 0.5 the labels are coin flips.
    pub noise: f64,
}

impl Recipe {
    /// The data set of this seed. The half-spaces pass through a point uniform in [-1/2, 1/2]^n, so that they cut the
    /// cube.
    pub fn make(&self, seed: u64) -> Points {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n = self.features;
        let planes: Vec<(Vec<f64>, f64)> = (0..self.neurons)
            .map(|_| {
                let normal: Vec<f64> = (0..n).map(|_| rng.random_range(-1.0..1.0)).collect();
                let offset = normal.iter().map(|w| w * rng.random_range(-0.5..0.5)).sum();
                (normal, offset)
            })
            .collect();
        let rows: Vec<f64> = (0..self.points * n).map(|_| rng.random_range(-1.0..1.0)).collect();
        let label = |x: &[f64]| {
            let fires =
                |(normal, offset): &&(Vec<f64>, f64)| normal.iter().zip(x).map(|(w, x)| w * x).sum::<f64>() >= *offset;
            planes.iter().filter(fires).count() % 2
        };
        let labels: Vec<usize> =
            rows.chunks_exact(n).map(|x| label(x) ^ usize::from(rng.random_bool(self.noise))).collect();
        Points::merge(n, 2, &rows, &labels, Scaler::identity(n))
    }
}
