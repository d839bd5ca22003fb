//! Tolerances must not leak through epsilon and big-M.
//!
//! A solver takes u = t for 0 (integrality tolerance t) and a row violated by f (feasibility tolerance). In a rest row
//! this admits a <= -epsilon + t (M + epsilon) + f: with t M near epsilon a neuron "rests" that fires. That is how a
//! proven optimum of 6 comes with a network of 33 errors (Breast Cancer Wisconsin, epsilon = 1e-4, t = 1e-5). Later
//! layers add what their products leak (B t + 2 f each), integer weights what rounding them moves (t ||x||_1), a
//! ball r times the violation of the rows above |W|.

use super::Formulation;
use super::bounds::{LayerBounds, norm1};
use crate::Error;
use crate::tolerances::{LEAK_SHARE, PAIRWISE_POINTS};
use bdnn::{Problem, WeightDomain};

/// Tolerances of a solver: of rows and bounds, and of binaries and integers; both absolute.
#[derive(Clone, Copy)]
struct Tolerances {
    feasibility: f64,
    integrality: f64,
}

/// As [`Formulation::check_tolerances`] for the model that `problem` would have. Cost O(m n) where that is enough to tell.
///
/// # Errors
/// As [`Formulation::check_tolerances`].
pub fn check_tolerances(problem: &Problem, feasibility: f64, integrality: f64) -> Result<(), Error> {
    let tolerances = Tolerances { feasibility, integrality };
    let epsilon = problem.margin();
    let check = |pairwise: bool| {
        let of_layer = |(k, &inputs): (usize, &usize)| match k {
            0 => LayerBounds::first(problem, epsilon, pairwise).largest(),
            _ => LayerBounds::later(problem, inputs, epsilon).largest(),
        };
        let widths = problem.architecture.widths();
        let big_m: Vec<f64> = widths[..widths.len() - 1].iter().enumerate().map(of_layer).collect();
        check(problem, epsilon, &big_m, tolerances)
    };
    // The distance to the corners of the box is never less than that to another point.
    check(false).or_else(|refused| if problem.points.len() <= PAIRWISE_POINTS { check(true) } else { Err(refused) })
}

impl Formulation {
    /// Whether tolerances (`feasibility` of rows and bounds, absolute; `integrality` of binaries and integers) keep
    /// every pre-activation well within epsilon of what the binaries say: all leaks together at most a tenth of it.
    ///
    /// # Errors
    /// [`Error::Tolerances`] for the layer with the largest leak, saying what to change.
    pub fn check_tolerances(&self, feasibility: f64, integrality: f64) -> Result<(), Error> {
        check(&self.problem, self.epsilon, &self.big_m, Tolerances { feasibility, integrality })
    }
}

fn check(problem: &Problem, epsilon: f64, big_m: &[f64], tolerances: Tolerances) -> Result<(), Error> {
    let Tolerances { feasibility, integrality } = tolerances;
    let leaks = big_m.iter().enumerate().map(|(k, &big_m)| (leak(problem, epsilon, (k, big_m), tolerances), k));
    let (leak, k) = leaks.max_by(|x, y| x.0.total_cmp(&y.0)).unwrap_or((0.0, 0));
    if leak <= LEAK_SHARE * epsilon {
        return Ok(());
    }
    // The leak itself grows by `integrality` times epsilon.
    let enough = (leak - integrality * epsilon) / (LEAK_SHARE - integrality).max(f64::MIN_POSITIVE);
    let enough = if enough.is_nan() { f64::INFINITY } else { enough };
    Err(Error::Tolerances { layer: k + 1, integrality, feasibility, leak, epsilon, big_m: big_m[k], enough })
}

/// How far a pre-activation of layer `k` (from 0), whose largest big-M is given, may be off.
fn leak(problem: &Problem, epsilon: f64, (k, big_m): (usize, f64), tolerances: Tolerances) -> f64 {
    let Tolerances { feasibility, integrality } = tolerances;
    let architecture = &problem.architecture;
    let switched = integrality * (big_m + epsilon) + feasibility;
    let inputs = architecture.widths()[k] as f64;
    let whole = matches!(architecture.weights, WeightDomain::Integer(_));
    let rounding = if whole { integrality } else { 0.0 };
    if k > 0 {
        let product = architecture.weights.bound() * integrality + 2.0 * feasibility;
        return switched + inputs * (product + rounding);
    }
    let points = &problem.points;
    let norm = (0..points.len()).map(|i| norm1(points.scaled(i))).fold(0.0, f64::max);
    let radius = problem.robust.map_or(0.0, |robust| robust.radius);
    switched + rounding * norm + radius * inputs * (feasibility + rounding)
}
