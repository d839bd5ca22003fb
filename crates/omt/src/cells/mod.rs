//! Branch and bound over a list of all dichotomies: exact training of one hidden layer of neurons with whole weights.
//!
//! The list of the theory ([`crate::theory::listing`]) is sorted into a binary tree by the sides of single points (`tree`). A node of that
//! tree stands for all dichotomies below it and knows on which points they agree. The search (`search`) takes one node per
//! hidden neuron; the points whose class is decided wrong whatever happens below bound the loss, and the neuron with the
//! most that matters undecided is split. No arithmetic beyond bit operations is left in it.
//!
//! Exactness: the list holds every dichotomy, so bounds hold; networks are confirmed by the exact forward pass, and a list
//! entry that turns out not to be had ends the use of the list. With real weights the dual tree (`dual`) searches the
//! same way over cells that are made when they are needed.

mod search;
mod tree;

pub use search::{CellSearch, Cells, Outcome};
