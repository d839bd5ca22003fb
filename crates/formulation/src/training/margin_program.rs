//! The float counterpart of [`bdnn::separation::separate`]: a linear program for the neuron with given activations.

use crate::tolerances::LEAST_WEIGHTS_SPARE;
use crate::{Size, Use};
use bdnn::separation::{Semantics, Sign};
use bdnn::{Budget, Norm, Robust};
use milp::{Model, Sense, VarId, VarKind};

/// Rows between two questions whether to go on.
const POINTS_AT_ONCE: usize = 256;

/// What the program asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarginGoal {
    /// The largest delta with a - rho >= delta where the neuron fires and a + rho <= -epsilon - delta where it rests.
    LargestMargin,
    /// The least sum of |w_l| that keeps the activations, with the tiny delta that leaves room for rounding.
    LeastWeights,
}

/// The linear program over w, b, delta (and rho = r ||w||_* where there is a ball). It is always feasible for
/// [`MarginGoal::LargestMargin`]; the activations are possible iff its optimum is >= 0 (ideal: > 0).
#[derive(Clone, Debug)]
pub struct MarginProgram {
    /// The program, in the units of the points.
    pub model: Model,
    weights: Vec<VarId>,
    bias: Option<VarId>,
}

impl MarginProgram {
    /// The program for `points` (each of length n) that fire as told; weights have the `signs` given (length n, or none if
    /// all are free). Rows: one a point, and two a weight where |w| is needed. `None` if there is not the memory for it, or once the budget is
    /// over.
    #[must_use]
    pub fn new(
        points: &[&[f64]],
        fires: &[bool],
        signs: &[Sign],
        semantics: &Semantics,
        goal: MarginGoal,
        budget: &Budget<'_>,
    ) -> Option<Self> {
        Size::of_rows(points.len(), features(points)).check(Use::Solve, budget.room()).ok()?;
        let features = features(points);
        let bound = if semantics.epsilon.is_some() { semantics.bound } else { 1.0 };
        let epsilon = semantics.epsilon.unwrap_or(0.0);
        let mut model = Model::new("margin");
        let real = VarKind::Continuous;
        let weights: Vec<VarId> = (0..features)
            .map(|l| {
                let (low, high) = signs.get(l).unwrap_or(&Sign::FREE).range(bound);
                model.add_var(format!("w_{l}"), low, high, 0.0, real)
            })
            .collect();
        let reach = Reach::add(&mut model, &weights, bound, semantics.robust, goal);

        // |w'x| + rho <= this, so no delta and no bias beyond it is ever wanted.
        let norm = points.iter().map(|x| x.iter().map(|x| x.abs()).sum::<f64>()).fold(0.0, f64::max);
        let span = bound * (norm + semantics.robust.map_or(0.0, |robust| robust.radius) * features as f64) + epsilon;
        let bias = semantics.bias.then(|| model.add_var("b", -span, span, 0.0, real));
        let (least, most, cost) = match goal {
            MarginGoal::LargestMargin => (-2.0 * span, 2.0 * span, 1.0),
            MarginGoal::LeastWeights => (LEAST_WEIGHTS_SPARE * epsilon, LEAST_WEIGHTS_SPARE * epsilon, 0.0),
        };
        model.sense = if goal == MarginGoal::LargestMargin { Sense::Maximise } else { Sense::Minimise };
        let delta = model.add_var("delta", least, most, cost, real);

        for (i, (x, &fires)) in points.iter().zip(fires).enumerate() {
            if i % POINTS_AT_ONCE == 0 && budget.stop() {
                return None;
            }
            let sign = if fires { -1.0 } else { 1.0 };
            let mut terms: Vec<(VarId, f64)> = weights.iter().copied().zip(x.iter().copied()).collect();
            terms.extend(bias.map(|b| (b, 1.0)));
            terms.extend(reach.terms.iter().map(|&(var, radius)| (var, sign * radius)));
            // Without bias a = 0 at the origin whatever the weights: it would hold every margin at 0.
            if semantics.bias || !fires || x.iter().any(|&x| x != 0.0) {
                terms.push((delta, sign));
            }
            let (lower, upper) = if fires { (0.0, f64::INFINITY) } else { (f64::NEG_INFINITY, -epsilon) };
            model.add_row(format!("point_{i}"), lower, upper, terms);
        }
        Some(Self { model, weights, bias })
    }

    /// The weights and the bias in a solution of [`Self::model`].
    #[must_use]
    pub fn decode(&self, solution: &[f64]) -> (Vec<f64>, f64) {
        let weights = self.weights.iter().map(|w| solution[w.index()]).collect();
        (weights, self.bias.map_or(0.0, |b| solution[b.index()]))
    }
}

/// n.
fn features(points: &[&[f64]]) -> usize {
    points.first().map_or(0, |x| x.len())
}

/// rho = r ||w||_* as a sum of terms, from variables above |w_l| (or above all of them).
struct Reach {
    terms: Vec<(VarId, f64)>,
}

impl Reach {
    fn add(model: &mut Model, weights: &[VarId], bound: f64, robust: Option<Robust>, goal: MarginGoal) -> Self {
        let priced = if goal == MarginGoal::LeastWeights { 1.0 } else { 0.0 };
        let mut above = |name: String, cost: f64, weights: &[VarId]| {
            let most = model.add_var(name, 0.0, bound, cost, VarKind::Continuous);
            for (l, &w) in weights.iter().enumerate() {
                let name = |side: &str| format!("{side}_{}_{l}", most.index());
                model.add_row(name("above"), 0.0, f64::INFINITY, [(most, 1.0), (w, -1.0)]);
                model.add_row(name("below"), 0.0, f64::INFINITY, [(most, 1.0), (w, 1.0)]);
            }
            most
        };
        let by_weight = goal == MarginGoal::LeastWeights || robust.is_some_and(|robust| robust.norm == Norm::Linf);
        let magnitudes: Vec<VarId> = if by_weight {
            weights.iter().enumerate().map(|(l, &w)| above(format!("xi_{l}"), priced, &[w])).collect()
        } else {
            vec![]
        };
        let terms = match robust {
            None => vec![],
            Some(Robust { radius, norm: Norm::Linf }) => magnitudes.into_iter().map(|xi| (xi, radius)).collect(),
            Some(Robust { radius, norm: Norm::L1 }) => vec![(above("xi".into(), 0.0, weights), radius)],
        };
        Self { terms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bdnn::{Limits, Silent};

    const IDEAL: Semantics = Semantics { bias: true, bound: 1.0, epsilon: None, robust: None };

    #[test]
    fn the_margin_program_has_one_row_a_point_and_two_a_magnitude() {
        let x: [&[f64]; 2] = [&[0.0, 1.0], &[1.0, 0.0]];
        let limits = Limits::default();
        let budget = Budget::new(&limits, &Silent);
        let program = |signs: &[Sign], semantics: &Semantics, goal| {
            MarginProgram::new(&x, &[true, false], signs, semantics, goal, &budget).expect("no limits")
        };
        let plain = program(&[], &IDEAL, MarginGoal::LargestMargin);
        assert_eq!((plain.model.num_vars(), plain.model.num_rows()), (4, 2));
        let ball = Semantics { robust: Some(Robust { radius: 0.1, norm: Norm::L1 }), ..IDEAL };
        let sparse = program(&[Sign::FREE, Sign::ZERO], &ball, MarginGoal::LeastWeights);
        assert_eq!((sparse.model.num_vars(), sparse.model.num_rows()), (7, 10));
        let none = Limits { memory: 0.0, ..Limits::default() };
        let none = Budget::new(&none, &Silent);
        assert!(MarginProgram::new(&x, &[true, false], &[], &IDEAL, MarginGoal::LargestMargin, &none).is_none());
        assert_eq!((sparse.model.variables[1].lower, sparse.model.variables[1].upper), (0.0, 0.0));
    }
}
