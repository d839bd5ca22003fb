//! Heuristic training of networks with step activations, for data far beyond the reach of exact search: every network
//! it returns has been recounted exactly.
//!
//! Reference: J. Kurtz and B. Bah, Efficient and Robust Mixed-Integer Optimization Methods for Training Binarized Deep
//! Neural Networks, arXiv 2110.11382 (2021), section 4.

mod error;
pub mod local_search;
pub mod split;
mod tolerances;
mod validation;

pub use error::Error;
pub use validation::Validation;
