//! Neurons with whole weights: what all searches for them share, and the exact training of single ones.
//!
//! With whole weights nothing has to be left to rounding. A [`Lattice`] holds points, radius and margin in whole multiples of one unit; the
//! best threshold of a weight vector is a sweep over its sums (`cut`). A network without hidden layer is one such neuron an output
//! (`train`): branch and bound over boxes of weight vectors (`tree`), each bounded by the sums its points may hope for (`grid`), from
//! an incumbent that a local search finds (`descent`). Where boxes say little, real weights bound the whole ones (`floor`).
//!
//! Entry points: `applies`, `train`; `start` for networks with hidden layers. Invariant: costs are those of exact sums, bounds hold of every neuron of a box.

mod cut;
mod descent;
mod floor;
mod grid;
mod lattice;
mod output;
mod parameters;
mod start;
mod train;
mod tree;

pub(crate) use lattice::Lattice;
pub use parameters::Parameters;
pub(crate) use start::start;
pub(crate) use train::{applies, train};
