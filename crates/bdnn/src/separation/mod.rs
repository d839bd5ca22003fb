//! Which activations can one neuron have? Strict linear separability, decided exactly.
//!
//! A neuron with weights w and bias b fires at x when a = w'x + b >= 0. Given the points where it has to fire (F) and
//! where it has to rest (N), [`separate`] returns either weights that do it or a [`Conflict`] that proves there are
//! none, both in exact rationals. [`Semantics`] says what firing and resting mean: ideal (a < 0), with a margin
//! (a <= -epsilon with |w_l| <= B), with or without bias, for all points of a ball around each x.
//!
//! # The program
//! With lambda >= 0 on the points and v = sum_F lambda_i x_i - sum_N lambda_i x_i, linear programming duality says
//!
//! max { gamma : a_i >= 0 on F, a_i <= -gamma on N, |w_l| <= B }
//!     = min { B ||v||_1 : sum_N lambda = 1, with a bias also sum_F lambda = 1 }.
//!
//! The activations are possible iff gamma > 0 (ideal) or gamma >= epsilon (margin). The left side's solution is the
//! neuron; the right side's is the certificate: a convex combination of firing and one of resting points that meet (or
//! come closer than epsilon / B in the 1-norm). A basic solution has at most n + 2 points in it (n + 1 without bias),
//! which is Kirchberger's theorem. For a ball of radius r the pre-activation must clear the term r ||w||_*, and v
//! counts only beyond reach: every |v_l| is reduced by r * (sum_F + sum_N) lambda (l-infinity), or their sum is (l1).
//!
//! References: Kirchberger, Math. Ann. 57 (1903); Mangasarian, Linear and nonlinear separation of patterns by linear
//! programming, Oper. Res. 13 (1965).

mod conflict;
#[cfg(test)]
mod tests;

pub use budget::Effort;
pub use conflict::Conflict;

use crate::{Norm, Problem, Rational, Robust};
use numerics::{RationalLp, Solution};
use serde::{Deserialize, Serialize};

/// What is asked of a neuron.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Semantics {
    /// Whether b is free; otherwise b = 0.
    pub bias: bool,
    /// B: every weight is in [-B, B]. It matters only with a margin.
    pub bound: f64,
    /// `None`: resting means a < 0; `Some(epsilon)`: a <= -epsilon. In the units of the points.
    pub epsilon: Option<f64>,
    /// If given, the activation must be the same for every point of the ball.
    pub robust: Option<Robust>,
}

impl Semantics {
    /// What `problem` asks of the neurons of layer `layer` (counted from 0): only the first sees perturbed inputs.
    #[must_use]
    pub fn of_layer(problem: &Problem, layer: usize) -> Self {
        Self {
            bias: problem.architecture.bias,
            bound: problem.architecture.weights.bound(),
            epsilon: problem.epsilon,
            robust: problem.robust.filter(|robust| layer == 0 && robust.radius > 0.0),
        }
    }

    /// r ||w||_*, what a perturbation can move the pre-activation by.
    #[must_use]
    pub fn reach(&self, weights: &[Rational]) -> Rational {
        let Some(Robust { radius, norm }) = self.robust else { return Rational::ZERO };
        let magnitudes = weights.iter().map(magnitude);
        let dual_norm = match norm {
            Norm::Linf => magnitudes.fold(Rational::ZERO, |sum, w| sum + w),
            Norm::L1 => magnitudes.max().unwrap_or(Rational::ZERO),
        };
        exact(radius) * dual_norm
    }

    /// Whether a neuron whose pre-activation is `value`, with `reach` around it, fires or rests as told.
    fn holds(&self, value: &Rational, reach: &Rational, fires: bool) -> bool {
        match (fires, self.epsilon) {
            (true, _) => value - reach >= Rational::ZERO,
            (false, None) => value + reach < Rational::ZERO,
            (false, Some(epsilon)) => value + reach <= -exact(epsilon),
        }
    }
}

/// Which signs a weight may have; 0 always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// Whether it may be positive.
    pub positive: bool,
    /// Whether it may be negative.
    pub negative: bool,
}

impl Sign {
    /// Any.
    pub const FREE: Self = Self { positive: true, negative: true };
    /// None.
    pub const ZERO: Self = Self { positive: false, negative: false };

    /// The interval of weights within [-bound, bound].
    #[must_use]
    pub fn range(self, bound: f64) -> (f64, f64) {
        (if self.negative { -bound } else { 0.0 }, if self.positive { bound } else { 0.0 })
    }
}

/// Weights and bias of a neuron, exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Separator {
    /// w, length n.
    pub weights: Vec<Rational>,
    /// b, 0 without bias.
    pub bias: Rational,
}

impl Separator {
    /// w'x + b.
    #[must_use]
    pub fn value(&self, point: &[Rational]) -> Rational {
        self.bias.clone() + dot(&self.weights, point)
    }

    /// Whether this neuron does what is asked, by evaluating it at every point.
    #[must_use]
    pub fn holds(&self, points: &[Vec<Rational>], fires: &[bool], semantics: &Semantics) -> bool {
        let reach = semantics.reach(&self.weights);
        let in_box = semantics.epsilon.is_none() || {
            let bound = exact(semantics.bound);
            self.weights.iter().all(|w| magnitude(w) <= bound)
        };
        let bias_allowed = semantics.bias || self.bias.is_zero();
        let separates = || points.iter().zip(fires).all(|(x, &f)| semantics.holds(&self.value(x), &reach, f));
        in_box && bias_allowed && separates()
    }
}

/// The answer to a question of separability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A neuron with these activations, centred between the two sides.
    Separable(Separator),
    /// The proof that there is none.
    Inseparable(Conflict),
}

impl Verdict {
    /// Whether there is such a neuron.
    #[must_use]
    pub fn is_separable(&self) -> bool {
        matches!(self, Self::Separable(_))
    }
}

/// Whether a neuron can fire exactly where `fires` says (one a point; points of equal length n).
///
/// Weights are continuous here; an [`Verdict::Inseparable`] holds all the more for integer ones. Ideal separators are
/// scaled to |w_l| <= 1. Cost: an exact simplex on n + 2 rows (up to twice that for a ball) and a column a point.
///
/// # Panics
/// If the lengths do not fit, or bound, epsilon or radius is not finite.
#[must_use]
pub fn separate(points: &[Vec<Rational>], fires: &[bool], semantics: &Semantics) -> Verdict {
    separate_within(points, fires, semantics, &mut Effort::unlimited()).expect("nothing says stop")
}

/// [`separate`], or `None` once `effort` runs out.
///
/// # Panics
/// As [`separate`].
#[must_use]
pub fn separate_within(
    points: &[Vec<Rational>],
    fires: &[bool],
    semantics: &Semantics,
    effort: &mut Effort<'_>,
) -> Option<Verdict> {
    separate_signed(points, fires, &[], semantics, effort)
}

/// [`separate_within`] by weights with the given `signs` (length n, or none if all are free): each sign that a weight may not have is a condition
/// w'e_l >= 0 or <= 0, whose multiplier is a column of the program of its own.
///
/// # Panics
/// As [`separate`].
#[must_use]
pub fn separate_signed(
    points: &[Vec<Rational>],
    fires: &[bool],
    signs: &[Sign],
    semantics: &Semantics,
    effort: &mut Effort<'_>,
) -> Option<Verdict> {
    assert_eq!(points.len(), fires.len(), "one activation a point");
    if let Some(constant) = constant_neuron(points, fires, semantics) {
        return Some(Verdict::Separable(constant));
    }
    let epsilon = semantics.epsilon.map_or(Rational::ZERO, exact);
    let (values, duals, gamma) = solve(&program(points, fires, signs, semantics, Goal::Decide), effort)?;
    let possible = if semantics.epsilon.is_some() { gamma >= epsilon } else { gamma > Rational::ZERO };
    if !possible {
        return Some(Verdict::Inseparable(Conflict::from_multipliers(&values[..points.len()], fires)));
    }
    let features = points[0].len();
    let weights = |duals: &[Rational]| -> Vec<Rational> { duals[..features].iter().map(|pi| -pi.clone()).collect() };
    if semantics.bias {
        // Half of what gamma has to spare goes to the firing side.
        let bias = (gamma - epsilon) / Rational::from(2) - &duals[features];
        return Some(Verdict::Separable(Separator { weights: weights(&duals), bias }));
    }
    let (_, centred, spare) = solve(&program(points, fires, signs, semantics, Goal::Centre), effort)?;
    let best = if spare > Rational::ZERO { centred } else { duals };
    Some(Verdict::Separable(Separator { weights: weights(&best), bias: Rational::ZERO }))
}

/// The biases a neuron with given weights may have, [low, high] for a margin and [low, high) without: `None` if
/// there is none. Without bias, `None` or [0, 0]. Where one side has no points, the other end alone decides and the
/// interval is that one point (or one below it, for ideal resting).
#[must_use]
pub fn biases(
    points: &[Vec<Rational>],
    fires: &[bool],
    weights: &[Rational],
    semantics: &Semantics,
) -> Option<(Rational, Rational)> {
    let reach = semantics.reach(weights);
    let side =
        |wanted: bool| points.iter().zip(fires).filter(move |&(_, &f)| f == wanted).map(|(x, _)| dot(weights, x));
    if !semantics.bias {
        let holds = points.iter().zip(fires).all(|(x, &f)| semantics.holds(&dot(weights, x), &reach, f));
        return holds.then_some((Rational::ZERO, Rational::ZERO));
    }
    let epsilon = semantics.epsilon.map_or(Rational::ZERO, exact);
    let low = side(true).min().map(|least| &reach - least);
    let high = side(false).max().map(|most| -(most + &reach + epsilon));
    match (low, high) {
        (Some(low), Some(high)) => {
            let some = if semantics.epsilon.is_some() { low <= high } else { low < high };
            some.then_some((low, high))
        }
        (Some(low), None) => Some((low.clone(), low)),
        (None, Some(high)) => {
            let low = if semantics.epsilon.is_some() { high } else { high - Rational::ONE };
            Some((low.clone(), low))
        }
        (None, None) => Some((Rational::ZERO, Rational::ZERO)),
    }
}

/// The neuron without weights, where that is enough: it fires everywhere, or rests everywhere on its bias.
fn constant_neuron(points: &[Vec<Rational>], fires: &[bool], semantics: &Semantics) -> Option<Separator> {
    let zeros = || vec![Rational::ZERO; points.first().map_or(0, Vec::len)];
    if fires.iter().all(|&f| f) {
        return Some(Separator { weights: zeros(), bias: Rational::ZERO });
    }
    let rests = semantics.bias && fires.iter().all(|&f| !f);
    rests.then(|| Separator { weights: zeros(), bias: -semantics.epsilon.map_or(Rational::ONE, exact) })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Goal {
    /// max gamma: a >= 0 on F, a <= -gamma on N.
    Decide,
    /// max delta: a >= delta on F, a <= -epsilon - delta on N. A neuron without bias cannot be shifted afterwards.
    /// Points at the origin are left out: a = 0 there whatever the weights.
    Centre,
}

/// The dual program of the module's header: rows are the features, then the balance of sums (with bias), then the
/// norm, then the reach of the ball; the first columns are the points' multipliers.
fn program(points: &[Vec<Rational>], fires: &[bool], signs: &[Sign], semantics: &Semantics, goal: Goal) -> RationalLp {
    let features = points[0].len();
    let balance = features;
    let norm = features + usize::from(semantics.bias);
    let first_reach = norm + 1;
    let reaches = match semantics.robust {
        None => 0,
        Some(Robust { norm: Norm::Linf, .. }) => features,
        Some(Robust { norm: Norm::L1, .. }) => 1,
    };
    let mut rhs = vec![Rational::ZERO; first_reach + reaches];
    rhs[norm] = Rational::ONE;
    let mut lp = RationalLp::new(rhs);

    let bound = if semantics.epsilon.is_some() { exact(semantics.bound) } else { Rational::ONE };
    let rest_cost =
        if goal == Goal::Centre { -semantics.epsilon.map_or(Rational::ZERO, exact) } else { Rational::ZERO };
    let radius = semantics.robust.map_or(Rational::ZERO, |robust| exact(robust.radius));
    for (x, &fires) in points.iter().zip(fires) {
        let sign = if fires { Rational::ONE } else { -Rational::ONE };
        let at_origin = x.iter().all(Rational::is_zero);
        let normed = !fires || (goal == Goal::Centre && !at_origin);
        let mut column: Vec<(usize, Rational)> = x.iter().enumerate().map(|(l, x)| (l, &sign * x)).collect();
        if semantics.bias {
            column.push((balance, sign));
        }
        if normed {
            column.push((norm, Rational::ONE));
        }
        column.extend((0..reaches).map(|l| (first_reach + l, -radius.clone())));
        lp.column(if fires { Rational::ZERO } else { rest_cost.clone() }, column);
    }

    // v_l = p_l - q_l within the box's price, or for free within reach.
    let by_sum = matches!(semantics.robust, Some(Robust { norm: Norm::L1, .. }));
    for l in 0..features {
        for sign in [Rational::ONE, -Rational::ONE] {
            match semantics.robust {
                Some(_) if by_sum => {
                    lp.column(Rational::ZERO, [(l, sign), (first_reach, Rational::ONE)]);
                }
                Some(_) => {
                    lp.column(bound.clone(), [(l, sign.clone())]);
                    lp.column(Rational::ZERO, [(l, sign), (first_reach + l, Rational::ONE)]);
                }
                None => {
                    lp.column(bound.clone(), [(l, sign)]);
                }
            }
        }
    }
    for l in 0..reaches {
        lp.column(Rational::ZERO, [(first_reach + l, Rational::ONE)]);
    }
    // As a point that fires where w_l >= 0, or where -w_l >= 0.
    for (l, sign) in signs.iter().enumerate() {
        if !sign.negative {
            lp.column(Rational::ZERO, [(l, Rational::ONE)]);
        }
        if !sign.positive {
            lp.column(Rational::ZERO, [(l, -Rational::ONE)]);
        }
    }
    if by_sum {
        lp.column(bound, [(first_reach, -Rational::ONE)]);
    }
    lp
}

fn solve(lp: &RationalLp, effort: &mut Effort<'_>) -> Option<(Vec<Rational>, Vec<Rational>, Rational)> {
    match lp.solve_within(effort)? {
        Solution::Optimal { values, duals, objective } => Some((values, duals, objective)),
        // Both sides have points (or there is no bias), so weights exist; costs on a simplex are bounded below.
        Solution::Infeasible | Solution::Unbounded => unreachable!("the program has points on the sides it needs"),
    }
}

/// A finite float as the rational it is.
///
/// # Panics
/// If `value` is not finite.
#[must_use]
pub fn exact(value: f64) -> Rational {
    Rational::try_from(value).expect("numbers of a problem are finite")
}

fn magnitude(value: &Rational) -> Rational {
    if *value < Rational::ZERO { -value.clone() } else { value.clone() }
}

fn dot(weights: &[Rational], point: &[Rational]) -> Rational {
    weights.iter().zip(point).fold(Rational::ZERO, |sum, (w, x)| sum + w * x)
}
