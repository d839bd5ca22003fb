//! How a network holds out against moved inputs: random attacks, and the worst case decided exactly.
//!
//! Entry points: [`WorstCase`] (is there any point of the closed ball around x that the network gives another class?),
//! [`random_attack`] (the sampled attack of the experiments of arXiv 2110.11382), [`Tally`] (both over labelled rows).
//!
//! # How the worst case is decided
//! Without a hidden layer, each difference of two outputs is linear, and greatest at a vertex of the ball, which is a
//! vector of floats: the exact forward pass at those vertices settles the question. With hidden layers the class
//! depends on the first layer's activations alone. A neuron with |a| beyond r ||w||_* keeps its activation on the whole
//! ball; the others are branched on, depth first. A node is left
//! * when no completion of its activations gives another class, by intervals through the later layers,
//! * when no point of the ball has its activations: multipliers mu (>= 0 on neurons that fire, <= 0 on those that rest)
//!   with sum mu_j a_j(x) + r ||sum mu_j w_j||_* < 0 prove it (or = 0, if a resting neuron takes part: resting is
//!   a < 0, strictly), and
//! * when the point found for it has another class: that is the attack.
//!
//! Points and multipliers are guesses of a floating-point simplex; the search acts only on what the exact forward pass
//! or the inequality above, with rigorous error bounds or in exact arithmetic, has confirmed. Where neither comes, a
//! simplex in rationals decides.
//!
//! Invariants: [`Verdict::Certified`] and [`Verdict::Attackable`] never depend on rounding; results depend on no thread
//! and, unless the caller says stop, on no clock.
//!
//! Reference for branching on activations: Katz et al., Reluplex, CAV 2017; for the simplex with bounds that come and
//! go: Dutertre and de Moura, A fast linear-arithmetic solver for DPLL(T), CAV 2006.

mod confirm;
mod deeper;
mod random;
mod search;
mod tableau;
mod tally;
#[cfg(test)]
mod tests;
mod vertex;

pub use random::random_attack;
pub use tally::Tally;

use crate::exact::{Dyadic, ExactNetwork, Inputs, Neuron, Offset, reach};
use crate::{Rational, Robust, Stop};
use deeper::Deeper;
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
    network: &'a ExactNetwork,
    ball: Robust,
    work: u64,
    /// With hidden layers: what it takes to flip each neuron of the first.
    flips: Vec<Flip>,
    deeper: Option<Deeper>,
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

    /// The verdict for the point `raw` (raw units, length n, finite). Cost: without hidden layers O(C n C); with, a few
    /// products of width and features a node.
    ///
    /// # Panics
    /// If the length is not n.
    #[must_use]
    pub fn decide(&self, raw: &[f64]) -> Verdict {
        self.decide_within(raw, &crate::budget::never)
    }

    /// [`Self::decide`]; [`Verdict::Undecided`] once `stop` says so.
    ///
    /// # Panics
    /// If the length is not n.
    #[must_use]
    pub fn decide_within(&self, raw: &[f64], stop: &Stop<'_>) -> Verdict {
        if stop() {
            return Verdict::Undecided;
        }
        let scaled = self.network.scaled(raw);
        let at = Inputs { scaled: &scaled, raw };
        match &self.deeper {
            None => vertex::decide(self, at),
            Some(deeper) => search::decide(self, deeper, at, stop),
        }
    }

    /// The activations of the first layer that no point of the ball changes; `None` for the others.
    fn fixed(&self, at: Inputs) -> Vec<Option<bool>> {
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

    fn from_floats(delta: &[f64], class: usize) -> Self {
        let exact = |&d: &f64| Rational::try_from(d).expect("moves are finite");
        Self { delta: delta.iter().map(exact).collect(), class }
    }
}
