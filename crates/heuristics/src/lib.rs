//! Heuristic training of networks with step activations, for data far beyond the reach of exact search: every network
//! it returns has been recounted exactly.
//!
//! Reference: J. Kurtz and B. Bah, Efficient and Robust Mixed-Integer Optimization Methods for Training Binarized Deep
//! Neural Networks, arXiv 2110.11382 (2021), section 4.
//!
//! ```
//! use bdnn::{Architecture, Limits, Loss, Points, Problem, Request, Scaler, WeightDomain};
//!
//! // Three points on a line; the one in the middle has the other class.
//! let points = Points::merge(1, 2, &[0.0, 1.0, 2.0], &[0, 1, 0], Scaler::identity(1));
//! let architecture =
//!     Architecture { inputs: 1, hidden: vec![2], classes: 2, bias: true, weights: WeightDomain::Continuous };
//! let problem = Problem::new(points, architecture, Loss::Hamming);
//!
//! let limits = Limits { nodes: 10, ..Limits::default() };
//! let training = heuristics::local_search::train(Request::new(&problem, &limits))?;
//! assert_eq!(training.loss, 0);
//! # Ok::<(), heuristics::Error>(())
//! ```

mod error;
pub mod local_search;
pub mod split;
mod tolerances;
mod validation;

pub use error::Error;
pub use validation::Validation;
