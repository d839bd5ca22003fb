//! How large a pre-activation can be: big-M and bounds of biases.
//!
//! Write B for the bound of the weights, rho = r ||W_j||_* for the reach of a perturbation (0 beyond the first layer).
//!
//! **Without biases** |a| + rho <= B ||x_i||_1 + max rho, and max rho is r B n (l-infinity) or r B (l1).
//!
//! **With biases** a neuron that fires on every point, or on none, can have W = 0 and b = 0 or b = -epsilon: the same
//! activations with no larger regularisation. Any other fires on some i and rests on some i':
//!
//!   b >= rho - W x_i >= -B max ||x||_1  and  b <= -epsilon - rho - W x_i' <= B max ||x||_1 - epsilon,
//!
//! which bounds b. For the big-M of a firing point i, eliminate b with the point i' that rests:
//! a_i + rho <= W (x_i - x_i') - epsilon <= B ||x_i - x_i'||_1 - epsilon; for a resting i, with the i' that fires,
//! -a_i + rho <= B ||x_i - x_i'||_1. The radius cancels: the point on the other side has already paid for it. So the
//! largest 1-norm distance D_i to another point is enough, at most half of what ||x_i||_1 plus the bias' bound gives on
//! data scaled to [0, 1]. In later layers the points are 0/1 vectors and the distance is at most d_(k-1).

use crate::tolerances::OUTWARD;
use bdnn::{Norm, Points, Problem};

/// Bounds of one layer.
#[derive(Clone, Debug)]
pub(super) struct LayerBounds {
    /// M with a - rho >= -M wherever a neuron rests; one a point in the first layer, a single one later.
    pub resting: Vec<f64>,
    /// M with a + rho <= M wherever a neuron fires.
    pub firing: Vec<f64>,
    /// Bounds of a bias.
    pub bias: (f64, f64),
}

impl LayerBounds {
    /// The bounds of the first layer; cost O(m^2 n) if distances are measured `pairwise`, else O(m n).
    pub(super) fn first(problem: &Problem, epsilon: f64, pairwise: bool) -> Self {
        let points = &problem.points;
        let bound = problem.architecture.weights.bound();
        let norms: Vec<f64> = (0..points.len()).map(|i| norm1(points.scaled(i))).collect();
        if problem.architecture.bias {
            let spread = farthest(points, pairwise).into_iter().map(|distance| bound * distance).collect();
            return Self::with_bias(spread, bound * norms.iter().copied().fold(0.0, f64::max), epsilon);
        }
        let reach = problem.robust.map_or(0.0, |robust| match robust.norm {
            Norm::Linf => robust.radius * bound * points.num_features() as f64,
            Norm::L1 => robust.radius * bound,
        });
        let most: Vec<f64> = norms.into_iter().map(|norm| bound * norm + reach).collect();
        Self { resting: most.clone(), firing: most, bias: (0.0, 0.0) }
    }

    /// The bounds of a later layer, whose inputs are `inputs` zeros and ones.
    pub(super) fn later(problem: &Problem, inputs: usize, epsilon: f64) -> Self {
        let most = problem.architecture.weights.bound() * inputs as f64;
        if problem.architecture.bias {
            return Self::with_bias(vec![most], most, epsilon);
        }
        Self { resting: vec![most], firing: vec![most], bias: (0.0, 0.0) }
    }

    /// `spread`: B times the largest distance to another point; `most`: B times the largest norm of a point. Constant
    /// neurons need room for b = 0 and b = -epsilon.
    fn with_bias(spread: Vec<f64>, most: f64, epsilon: f64) -> Self {
        Self {
            resting: spread.iter().map(|&s| s.max(epsilon)).collect(),
            firing: spread.iter().map(|&s| (s - epsilon).max(0.0)).collect(),
            bias: (-most.max(epsilon), (most - epsilon).max(0.0)),
        }
    }

    /// The largest M of the layer.
    pub(super) fn largest(&self) -> f64 {
        self.resting.iter().chain(&self.firing).copied().fold(0.0, f64::max)
    }
}

/// How much wider rows and bounds have to be for networks that satisfy the problem exactly, at exact coordinates: more than
/// coordinates, distances, norms and sums with epsilon lose by rounding, in any layer. In units of pre-activations.
pub(super) fn outward(problem: &Problem) -> f64 {
    let points = &problem.points;
    let bound = problem.architecture.weights.bound();
    let widest = problem.architecture.widths().into_iter().max().unwrap_or(0) as f64;
    let most = (0..points.len()).map(|i| norm1(points.scaled(i))).fold(widest, f64::max);
    let reach = problem.robust.map_or(0.0, |robust| robust.radius * points.num_features() as f64);
    let needed = OUTWARD * (1.0 + widest / 1000.0) * (1.0 + bound * (most + reach));
    // A power of ten keeps the decimals of the model short.
    10.0_f64.powi(needed.log10().ceil() as i32)
}

/// ||x||_1.
pub(super) fn norm1(x: &[f64]) -> f64 {
    x.iter().map(|x| x.abs()).sum()
}

/// max_i' ||x_i - x_i'||_1 for every point if `pairwise`, else what is never less: the distance to the farthest corner of the data's
/// box.
fn farthest(points: &Points, pairwise: bool) -> Vec<f64> {
    let count = points.len();
    let mut most = vec![0.0_f64; count];
    if pairwise {
        for i in 0..count {
            for k in i + 1..count {
                let distance: f64 = points.scaled(i).iter().zip(points.scaled(k)).map(|(x, y)| (x - y).abs()).sum();
                most[i] = most[i].max(distance);
                most[k] = most[k].max(distance);
            }
        }
        return most;
    }
    let ranges = points.ranges();
    for (i, most) in most.iter_mut().enumerate() {
        *most = points.scaled(i).iter().zip(&ranges).map(|(x, (low, high))| (x - low).max(high - x)).sum();
    }
    most
}
