//! What an observer is to hear next of the tree, and what it heard last; [`super::telling`] tells it.

use ::budget::observe::{Ending, Interest};

/// What is to be told of the node at hand, and what was told last.
#[derive(Default)]
pub(crate) struct Listener {
    pub interest: Interest,
    /// Number of the node at hand, 0 outside of the tree.
    pub node: u64,
    /// Its depth.
    pub depth: u32,
    /// What closes it.
    pub ending: Option<Ending>,
    /// Its fractional columns: sum of their distances from whole numbers, and how many they are.
    pub frac: Option<(f64, u32)>,
    /// The last bound told.
    pub bound: Option<f64>,
    /// Simplex iterations up to the last relaxation told.
    pub iterations: u64,
}

impl Listener {
    pub fn new(interest: Interest) -> Self {
        Self { interest, ..Self::default() }
    }

    /// The node at hand from now on.
    pub fn enter(&mut self, node: u64, depth: u32) {
        (self.node, self.depth) = (node, depth);
        (self.ending, self.frac) = (None, None);
    }

    /// Notes what closes the node at hand; what is found first counts.
    pub fn note(&mut self, ending: Ending) {
        self.ending.get_or_insert(ending);
    }
}
