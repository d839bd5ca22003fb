//! The proof that no neuron has the activations asked for.

use super::{Semantics, Sign, dot, exact};
use crate::{Norm, Rational, Robust};

/// Multipliers of points that must fire and of points that must rest, all positive, whose weighted sums meet (or come
/// too close for the margin). At most n + 2 points in all when it comes from [`super::separate`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Points that fire with their multipliers; these add up to 1 with a bias.
    pub firing: Vec<(usize, Rational)>,
    /// Points that rest with their multipliers; these add up to 1.
    pub resting: Vec<(usize, Rational)>,
}

impl Conflict {
    /// The positive ones of `multipliers` (one a point), sorted by side.
    pub(super) fn from_multipliers(multipliers: &[Rational], fires: &[bool]) -> Self {
        let side = |wanted: bool| -> Vec<(usize, Rational)> {
            let positive = multipliers.iter().enumerate().filter(|(_, lambda)| !lambda.is_zero());
            positive.filter(|&(i, _)| fires[i] == wanted).map(|(i, lambda)| (i, lambda.clone())).collect()
        };
        Self { firing: side(true), resting: side(false) }
    }

    /// Number of points in the proof.
    #[must_use]
    pub fn len(&self) -> usize {
        self.firing.len() + self.resting.len()
    }

    /// Whether there is no point in it (then it proves nothing).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.firing.is_empty() && self.resting.is_empty()
    }

    /// Whether this proves that no neuron fires at `firing` and rests at `resting`. For any neuron, adding up its
    /// pre-activations with these multipliers gives
    /// sum_F lambda a - sum_N lambda a = w'v (+ b (sum_F - sum_N)), while firing and resting would make it at least
    /// rho (sum_F + sum_N) + epsilon sum_N, rho = r ||w||_*: a contradiction when max over w of w'v - rho (..) is less.
    #[must_use]
    pub fn holds(&self, points: &[Vec<Rational>], semantics: &Semantics) -> bool {
        self.holds_signed(points, &[], semantics)
    }

    /// [`Self::holds`] of neurons whose weights have these signs (one a weight, or none if all are free).
    #[must_use]
    pub fn holds_signed(&self, points: &[Vec<Rational>], signs: &[Sign], semantics: &Semantics) -> bool {
        let total = |side: &[(usize, Rational)]| side.iter().fold(Rational::ZERO, |sum, (_, lambda)| sum + lambda);
        let (firing, resting) = (total(&self.firing), total(&self.resting));
        let positive = self.firing.iter().chain(&self.resting).all(|(_, lambda)| *lambda > Rational::ZERO);
        let balanced = !semantics.bias || firing == resting;
        if !positive || !balanced || resting.is_zero() {
            return false;
        }
        let beyond = self.beyond_reach(points, signs, semantics, &(&firing + &resting));
        match semantics.epsilon {
            None => beyond.is_zero(),
            Some(epsilon) => exact(semantics.bound) * beyond < exact(epsilon) * resting,
        }
    }

    /// max over ||w||_inf <= 1 of w'v - r ||w||_* `total`.
    fn beyond_reach(
        &self,
        points: &[Vec<Rational>],
        signs: &[Sign],
        semantics: &Semantics,
        total: &Rational,
    ) -> Rational {
        let features = points.first().map_or(0, Vec::len);
        let component = |l: usize| {
            let side = |side: &[(usize, Rational)]| {
                let multipliers: Vec<Rational> = side.iter().map(|(_, lambda)| lambda.clone()).collect();
                let values: Vec<Rational> = side.iter().map(|&(i, _)| points[i][l].clone()).collect();
                dot(&multipliers, &values)
            };
            let v = side(&self.firing) - side(&self.resting);
            let sign = signs.get(l).unwrap_or(&Sign::FREE);
            let most = if sign.positive { v.clone().max(Rational::ZERO) } else { Rational::ZERO };
            if sign.negative { most.max(-v) } else { most }
        };
        let reach = semantics.robust.map_or(Rational::ZERO, |robust| exact(robust.radius) * total);
        let left = |distance: Rational| (distance - &reach).max(Rational::ZERO);
        let components = (0..features).map(component);
        match semantics.robust {
            Some(Robust { norm: Norm::L1, .. }) => left(components.fold(Rational::ZERO, |sum, v| sum + v)),
            _ => components.map(left).fold(Rational::ZERO, |sum, v| sum + v),
        }
    }
}
