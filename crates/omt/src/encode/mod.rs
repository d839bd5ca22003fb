//! From a training problem to formulas.
//!
//! With one hidden layer of up to [`functions::MAX_INPUTS`] neurons, two classes and complements, the output neuron is
//! one of a few threshold functions ([`functions::Threshold`]): each makes a formula of its own, with the structure
//! spelled out ([`shallow`]). Every other network makes one formula with truth tables ([`layered`]), which above wide
//! layers grow with the patterns that occur ([`LazyTable`]).
//!
//! A formula's solutions are sets of assertions about neurons; [`Encoding`] says how to read them.

pub mod functions;
mod layered;
mod lazy;
mod shallow;
mod sites;
mod symmetry;
mod weights;

pub use functions::Threshold;
pub use layered::{MAX_TABLE, layered};
pub use lazy::LazyTable;
pub use shallow::{cases, shallow};
pub use sites::Sites;
pub use symmetry::Order;

use crate::search::Formula;

/// A formula and what its parts mean.
#[derive(Clone, Debug)]
pub struct Encoding {
    /// Clauses, objective and neurons. Neurons stand layer by layer.
    pub formula: Formula,
    /// The output neuron, if it is fixed and has no neuron in the formula.
    pub output: Option<Threshold>,
    /// Literal `u[i][j]` of each first-layer neuron j at each part i, `None` where the formula does not care; for
    /// phases.
    pub first_layer: Vec<Vec<Option<crate::search::Lit>>>,
    /// Penalty literals of each part.
    pub penalties: Vec<Vec<crate::search::Lit>>,
    /// Truth tables that grow with the patterns that occur, in the order of the layers.
    pub lazy: Vec<LazyTable>,
}
