//! Exact training of single neurons (no hidden layer): the least weight of misclassified points.

mod alternative;
pub mod answer;
mod certify;
pub mod core;
pub mod descent;
pub mod geometry;
mod node;
pub mod search;
pub mod task;
mod train;

pub use self::core::{Core, Member};
pub use answer::{Incumbent, Neuron};
pub use descent::Descent;
pub use geometry::Geometry;
pub use search::{Outcome, Tree, Watch, minimise};
pub use task::Task;
pub use train::{Error, supports, train};

#[cfg(test)]
mod tests;
