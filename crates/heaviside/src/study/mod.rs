//! What one looks at in a network that was trained: the plane as it sees it, the rows it gets wrong, and the points that force errors.
//!
//! Entry points: [`Plane::new`] for two features, [`forced`] for networks of one neuron.

mod forced;
mod plane;

pub use budget::Effort;
pub use forced::forced;
pub use plane::{Cell, NeuronLine, Plane, Window};
