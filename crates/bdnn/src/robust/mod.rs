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
mod worst_case;

pub use random::random_attack;
pub use tally::Tally;
pub use worst_case::{Attack, Verdict, WorstCase};

use crate::Stop;
use crate::exact::Inputs;

impl WorstCase<'_> {
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
}
