//! Branch and bound over cells: exact training of one hidden layer when the data has few dichotomies.
//!
//! In n dimensions m points have O(m^n) linear dichotomies; for small n they can be listed (`arrangement`) and
//! sorted into a binary tree by the sides of single points (`tree`). A node of that tree stands for all dichotomies
//! below it and knows on which points they agree. The search (`search`) takes one node per hidden neuron; the
//! points whose class is decided wrong whatever happens below bound the loss, and the neuron with the most that
//! matters undecided is split. No arithmetic beyond bit operations is left in it.
//!
//! Exactness: the list holds every dichotomy (and, where points are degenerate or too close to call, possibly more),
//! so bounds hold; networks are confirmed by the exact forward pass, and a list entry that turns out not to be
//! separable ends the use of the list.
//!
//! Reference: the enumeration by hyperplanes through n points goes back to T. M. Cover, Geometrical and statistical
//! properties of systems of linear inequalities, IEEE Trans. EC 1965.

mod arrangement;
mod search;
mod tree;

#[cfg(test)]
mod tests;

pub use search::{CellSearch, Cells, Outcome};
pub(crate) use search::{FEW_CELLS, MOST_CELLS};
