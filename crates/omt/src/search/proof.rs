//! The seam for proof logging: everything a checker must be told, in the order it was derived.

use super::literal::Lit;
use crate::theory::Lemma;
use serde::{Deserialize, Serialize};

/// A constraint by the number its log gave it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Step(pub u32);

impl Step {
    /// The constraint cost <= bound.
    pub const COUNTER: Self = Self(0);
}

/// Receives each derivation step. A learned clause has the RUP property with respect to its antecedents alone: with all
/// its literals false, unit propagation through them in the order given ends in a conflict.
pub trait ProofSink: Send {
    /// Whether anybody listens; if not, no antecedents are collected.
    fn listens(&self) -> bool;
    /// A clause of the formula, by its number there.
    fn problem(&mut self, index: usize) -> Step;
    /// A limit of the formula, by its number there.
    fn limit(&mut self, _index: usize) -> Step {
        Step::default()
    }
    /// A literal that everything learned is under.
    fn assumed(&mut self) -> Step {
        Step::default()
    }
    /// A theory lemma, confirmed in exact arithmetic, and its clause for one neuron of the layer or, if `flipped`, for the
    /// neuron's complement. Its multipliers are [`crate::theory::Geometry::multipliers`].
    fn lemma(&mut self, layer: usize, lemma: &Lemma, neuron: usize, flipped: bool, clause: &[Lit]) -> Step;
    /// A clause learned from a conflict or implied at level 0; empty when the formula is refuted.
    fn learned(&mut self, clause: &[Lit], antecedents: &[Step]) -> Step;
    /// A learned clause or lemma instance is forgotten.
    fn deleted(&mut self, step: Step);
    /// From here on solutions must cost at most `bound`.
    fn bound(&mut self, bound: u64);
    /// The new variable of `output` stands for "at least `least` of `inputs` are true".
    fn counts(&mut self, _inputs: &[Lit], _least: usize, _output: Lit) {}
    /// A clause that follows from such definitions: two shares of the inputs of a count (its last literal) make it true.
    fn sum(&mut self, _clause: &[Lit], _left: Share<'_>, _right: Share<'_>) -> Step {
        Step::default()
    }
    /// The bound rises by `weight`: one of these penalties must be paid, by the clause `step`, and each is charged as much.
    fn core(&mut self, _penalties: &[Lit], _weight: u64, _step: Step) {}
    /// Of the penalties of this core (counted from 0) those beyond the first are charged: `weight` if at least `least` are
    /// paid, which `output` counts.
    fn charged(&mut self, _core: usize, _least: usize, _output: Lit, _weight: u64) {}
}

/// At least `least` of `inputs`, as the literal `count` says (`None` if `least` is 0).
#[derive(Clone, Copy, Debug)]
pub struct Share<'a> {
    /// Some of the inputs of a count.
    pub inputs: &'a [Lit],
    /// How many of them.
    pub least: usize,
    /// The literal that holds then; of a single input, the input itself.
    pub count: Option<Lit>,
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
    fn listens(&self) -> bool {
        false
    }
    fn problem(&mut self, _index: usize) -> Step {
        Step::default()
    }
    fn lemma(&mut self, _layer: usize, _lemma: &Lemma, _neuron: usize, _flipped: bool, _clause: &[Lit]) -> Step {
        Step::default()
    }
    fn learned(&mut self, _clause: &[Lit], _antecedents: &[Step]) -> Step {
        Step::default()
    }
    fn deleted(&mut self, _step: Step) {}
    fn bound(&mut self, _bound: u64) {}
}
