//! One training problem: points, architecture, loss and semantics.

use crate::{Architecture, Points};
use serde::{Deserialize, Serialize};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Sum over rows and outputs of |y - h^K| (the paper's).
    Hamming,
    /// Number of rows with any wrong output.
    ZeroOne,
}

/// Norm of the perturbation in robust training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Norm {
    /// Every feature moves by at most the radius; the dual norm of the weights is the 1-norm.
    Linf,
    /// The absolute moves add up to at most the radius; the dual norm is the maximum.
    L1,
}

/// Robust training: the first layer's activations must hold on the whole ball around each point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Robust {
    /// Radius r >= 0 in scaled units.
    pub radius: f64,
    /// Norm of the ball.
    pub norm: Norm,
}

/// A training problem. The objective is the loss plus `l0` times the number of non-zero weights plus `l1` times the
/// sum of absolute weights (biases not counted).
#[derive(Clone, Debug)]
pub struct Problem {
    /// The data.
    pub points: Points,
    /// The shape.
    pub architecture: Architecture,
    /// What is counted.
    pub loss: Loss,
    /// `None`: ideal semantics, not firing means a < 0. `Some(eps)`: not firing means a <= -eps, in scaled units.
    pub epsilon: Option<f64>,
    /// Robust training, if any.
    pub robust: Option<Robust>,
    /// Data splitting: the part of each point (length `points.len()`, parts numbered from 0); points of one part share
    /// their activations in every layer. `None`: one part a point.
    pub partition: Option<Vec<usize>>,
    /// Weight of the number of non-zero weights.
    pub l0: f64,
    /// Weight of the sum of absolute weights.
    pub l1: f64,
}

impl Problem {
    /// The plain problem: ideal semantics, not robust, one part a point, no regularisation.
    #[must_use]
    pub fn new(points: Points, architecture: Architecture, loss: Loss) -> Self {
        Self { points, architecture, loss, epsilon: None, robust: None, partition: None, l0: 0.0, l1: 0.0 }
    }

    /// The loss of point `i` when the outputs are `output` (length d_K), all its rows counted.
    #[must_use]
    pub fn point_loss(&self, i: usize, output: &[bool]) -> u64 {
        let counts = self.points.counts(i);
        let of_class = |class: usize| -> u64 {
            let wrong = self.architecture.target(class).iter().zip(output).filter(|(y, h)| y != h).count() as u64;
            match self.loss {
                Loss::Hamming => wrong,
                Loss::ZeroOne => wrong.min(1),
            }
        };
        counts
            .iter()
            .enumerate()
            .filter(|&(_, &count)| count > 0)
            .map(|(c, &count)| u64::from(count) * of_class(c))
            .sum()
    }

    /// The least loss that conflicting labels at equal points force on every function of the features, the bound every
    /// engine starts from. With a partition the parts force at least as much; that is not counted here.
    #[must_use]
    pub fn floor(&self) -> u64 {
        (0..self.points.len()).map(|i| self.point_floor(i)).sum()
    }

    /// The least loss of point `i` over all outputs.
    #[must_use]
    pub fn point_floor(&self, i: usize) -> u64 {
        let counts = self.points.counts(i);
        let total: u64 = counts.iter().map(|&c| u64::from(c)).sum();
        let rows_apart = |j: usize| u64::from(counts[j]).min(total - u64::from(counts[j]));
        match self.loss {
            Loss::Hamming if counts.len() > 2 => (0..counts.len()).map(rows_apart).sum(),
            Loss::Hamming | Loss::ZeroOne => total - counts.iter().max().map_or(0, |&c| u64::from(c)),
        }
    }
}
