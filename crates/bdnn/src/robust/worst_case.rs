//! What is asked, for one network and one ball, and what is answered.

use super::deeper::Deeper;
use crate::exact::{Dyadic, ExactNetwork, Inputs, Neuron, Offset, reach};
use crate::{Rational, Robust};
use std::cmp::Ordering;

/// A perturbation that changes the prediction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attack {
    /// What is added to the point, in scaled units, length n; exact, and within the ball.
    pub delta: Vec<Rational>,
    /// The class predicted there.
    pub class: usize,
}

/// The answer for one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every point of the ball gets the class of its centre.
    Certified,
    /// Some point of the ball gets another class.
    Attackable(Attack),
    /// The work limit came first.
    Undecided,
}

/// Decides worst cases for one network and one ball.
#[derive(Clone, Debug)]
pub struct WorstCase<'a> {
    pub(super) network: &'a ExactNetwork,
    pub(super) ball: Robust,
    pub(super) work: u64,
    /// With hidden layers: what it takes to flip each neuron of the first.
    flips: Vec<Flip>,
    pub(super) deeper: Option<Deeper>,
}

/// The reach of the ball for one neuron of the first layer.
#[derive(Clone, Debug)]
struct Flip {
    /// r ||w||_*.
    up: Offset,
    /// Its negative.
    down: Offset,
}

impl<'a> WorstCase<'a> {
    /// Prepares balls of radius and norm `ball` (scaled units, as in training). `work` limits the nodes of the search
    /// at each point (a decision in rationals counts for several); beyond it the verdict is [`Verdict::Undecided`].
    /// Cost O(weights).
    ///
    /// # Panics
    /// If the radius is negative or not finite.
    #[must_use]
    pub fn new(network: &'a ExactNetwork, ball: Robust, work: u64) -> Self {
        assert!(ball.radius >= 0.0 && ball.radius.is_finite(), "a radius is finite and not negative");
        let hidden = network.layers.len() > 1;
        let flip = |neuron: &Neuron| {
            let rho: Dyadic = reach(ball.radius, ball.norm, neuron.weights());
            Flip { down: Offset::new(rho.negated()), up: Offset::new(rho) }
        };
        let flips = if hidden { network.layers[0].iter().map(flip).collect() } else { vec![] };
        Self { network, ball, work, flips, deeper: hidden.then(|| Deeper::new(&network.layers[1..])) }
    }

    /// The activations of the first layer that no point of the ball changes; `None` for the others.
    pub(super) fn fixed(&self, at: Inputs) -> Vec<Option<bool>> {
        let neurons = self.network.layers[0].iter().zip(&self.flips);
        neurons
            .map(|(neuron, flip)| match neuron.sign(at) {
                Ordering::Less => (neuron.sign_plus(at, &flip.up) == Ordering::Less).then_some(false),
                _ => (neuron.sign_plus(at, &flip.down) != Ordering::Less).then_some(true),
            })
            .collect()
    }
}

impl Attack {
    /// Whether this attack is one on `raw` within `ball`, recomputed in rationals.
    #[must_use]
    pub fn holds(&self, network: &ExactNetwork, raw: &[f64], ball: Robust) -> bool {
        let magnitude = |d: &Rational| if *d < Rational::ZERO { -d.clone() } else { d.clone() };
        let moves = self.delta.iter().map(magnitude);
        let size = match ball.norm {
            crate::Norm::Linf => moves.max().unwrap_or(Rational::ZERO),
            crate::Norm::L1 => moves.fold(Rational::ZERO, |sum, d| sum + d),
        };
        let within = Rational::try_from(ball.radius).is_ok_and(|radius| size <= radius);
        within && self.class != network.predict(raw) && self.class == network.predict_moved_exactly(raw, &self.delta)
    }

    pub(super) fn from_floats(delta: &[f64], class: usize) -> Self {
        let exact = |&d: &f64| Rational::try_from(d).expect("moves are finite");
        Self { delta: delta.iter().map(exact).collect(), class }
    }
}
