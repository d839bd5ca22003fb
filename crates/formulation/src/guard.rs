//! Tolerances must not leak through epsilon and big-M.
//!
//! A solver takes u = t for 0 (integrality tolerance t) and a row violated by f (feasibility tolerance). In a rest row
//! this admits a <= -epsilon + t (M + epsilon) + f: with t M near epsilon a neuron "rests" that fires. That is how a
//! proven optimum of 6 comes with a network of 33 errors (Breast Cancer Wisconsin, epsilon = 1e-4, t = 1e-5). Later
//! layers add what their products leak (B t + 2 f each), integer weights what rounding them moves (t ||x||_1), a
//! ball r times the violation of the rows above |W|.

use super::Formulation;
use super::bounds::norm1;
use crate::Error;
use crate::tolerances::LEAK_SHARE;
use bdnn::WeightDomain;

impl Formulation {
    /// Whether tolerances (`feasibility` of rows and bounds, absolute; `integrality` of binaries and integers) keep
    /// every pre-activation well within epsilon of what the binaries say: all leaks together at most a tenth of it.
    ///
    /// # Errors
    /// [`Error::Tolerances`] for the layer with the largest leak, saying what to change.
    pub fn check_tolerances(&self, feasibility: f64, integrality: f64) -> Result<(), Error> {
        let leaks = (0..self.big_m.len()).map(|k| (self.leak(k, feasibility, integrality), k));
        let (leak, k) = leaks.max_by(|x, y| x.0.total_cmp(&y.0)).unwrap_or((0.0, 0));
        if leak <= LEAK_SHARE * self.epsilon {
            return Ok(());
        }
        // The leak itself grows by `integrality` times epsilon.
        let enough = (leak - integrality * self.epsilon) / (LEAK_SHARE - integrality).max(f64::MIN_POSITIVE);
        let (epsilon, big_m) = (self.epsilon, self.big_m[k]);
        Err(Error::Tolerances { layer: k + 1, integrality, feasibility, leak, epsilon, big_m, enough })
    }

    /// How far a pre-activation of layer `k` (from 0) may be off.
    fn leak(&self, k: usize, feasibility: f64, integrality: f64) -> f64 {
        let architecture = &self.problem.architecture;
        let switched = integrality * (self.big_m[k] + self.epsilon) + feasibility;
        let inputs = self.structure.layers[k].inputs as f64;
        let whole = matches!(architecture.weights, WeightDomain::Integer(_));
        let rounding = if whole { integrality } else { 0.0 };
        if k > 0 {
            let product = architecture.weights.bound() * integrality + 2.0 * feasibility;
            return switched + inputs * (product + rounding);
        }
        let points = &self.problem.points;
        let norm = (0..points.len()).map(|i| norm1(points.scaled(i))).fold(0.0, f64::max);
        let radius = self.problem.robust.map_or(0.0, |robust| robust.radius);
        switched + rounding * norm + radius * inputs * (feasibility + rounding)
    }
}
