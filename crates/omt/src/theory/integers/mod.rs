//! Neurons with whole weights too many to list: bounds on the weights, and inequalities between pairs of points.
//!
//! The weights are variables of the search, in order encoding: beside the points a layer has *sites* "w_l >= v", whose literals the formula
//! orders ([`crate::encode`]). With a bias, which is real, a neuron fires at x and rests at y iff w (x - y) - 2 r ||w||_* is at least the margin, or
//! positive: so a pattern is possible iff every pair of a firing and a resting point passes this test. Without a bias each point has a test of its
//! own. A test is linear (concave with a radius) in each weight, so bounds on the weights bound it; what fails is a conflict of two points and the
//! bounds that matter, and what would fail is excluded.
//!
//! Guesses are made in words, with a doubt where coordinates do not fit; lemmas are confirmed in exact whole numbers, and of the bounds in them only those
//! stay that are needed, as weak as they may be. Once all weights are fixed the tests are exact, so the theory is complete.
//!
//! References: O. Ohrimenko, P. Stuckey and M. Codish, Propagation via lazy clause generation, Constraints 14 (2009); N. Tamura et al., Compiling
//! finite linear CSP into SAT, Constraints 14 (2009).

mod layer;
mod state;
mod test;
#[cfg(test)]
mod tests;

pub use layer::{Integers, Meaning, affordable};
pub(super) use state::Bounded;
