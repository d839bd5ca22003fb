//! The seam for proof logging: everything a checker must be told, in the order it was derived.

use super::literal::Lit;
use crate::theory::Lemma;

/// Receives each derivation step. A learned clause has the RUP property with respect to the formula, the lemma
/// clauses and learned clauses told so far, and the constraint cost <= bound.
pub trait ProofSink: Send {
    /// A theory lemma of `layer` and its clause for one neuron, confirmed in exact arithmetic; its multipliers are
    /// [`crate::theory::Geometry::multipliers`].
    fn lemma(&mut self, layer: usize, lemma: &Lemma, clause: &[Lit]);
    /// A clause learned from a conflict; empty when the formula is refuted.
    fn learned(&mut self, clause: &[Lit]);
    /// A learned clause or lemma instance is forgotten.
    fn deleted(&mut self, clause: &[Lit]);
    /// From here on solutions must cost at most `bound`.
    fn bound(&mut self, bound: u64);
}

/// A copy of a solver continues on a part of the problem, and its steps are no part of the first one's log.
impl Clone for Box<dyn ProofSink> {
    fn clone(&self) -> Self {
        Box::new(NoProof)
    }
}

/// Drops everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProof;

impl ProofSink for NoProof {
    fn lemma(&mut self, _layer: usize, _lemma: &Lemma, _clause: &[Lit]) {}
    fn learned(&mut self, _clause: &[Lit]) {}
    fn deleted(&mut self, _clause: &[Lit]) {}
    fn bound(&mut self, _bound: u64) {}
}
