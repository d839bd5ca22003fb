//! Networks with binary (step) activations: what they are, what data they are trained on, what a loss is.
//!
//! Every [`Engine`] takes a [`Request`] about a [`Problem`] and returns a [`Training`]. The mathematics is in `docs/model.md`; references are
//! to Kurtz and Bah, arXiv 2110.11382 (2021).
//!
//! ```
//! use bdnn::{Architecture, Layer, Loss, Network, Points, Problem, Scaler, WeightDomain, exact};
//!
//! // Three points on a line; the one in the middle has the other class.
//! let points = Points::merge(1, 2, &[0.0, 1.0, 2.0], &[0, 1, 0], Scaler::identity(1));
//! let architecture =
//!     Architecture { inputs: 1, hidden: vec![], classes: 2, bias: true, weights: WeightDomain::Continuous };
//! let problem = Problem::new(points, architecture, Loss::Hamming);
//!
//! // A neuron that fires from 1 on is wrong at 2, by exact arithmetic.
//! let neuron = Layer { inputs: 1, outputs: 1, weights: vec![1.0], biases: vec![-1.0] };
//! assert_eq!(exact::check(&problem, &Network { layers: vec![neuron] }), Ok(1));
//! ```

pub mod architecture;
pub mod budget;
mod chunks;
pub mod data;
mod distinct;
pub mod ending;
pub mod engine;
pub mod error;
pub mod exact;
pub mod learning;
pub mod metrics;
pub mod model;
pub mod network;
mod number;
pub mod outputs;
pub mod pack;
pub mod points;
pub mod pool;
pub mod problem;
pub mod progress;
pub mod restrictions;
pub mod robust;
pub mod scaler;
pub mod separation;
pub mod start;
pub mod telling;
mod text;
pub mod threshold;
pub mod tolerances;
pub mod training;

pub use architecture::{Architecture, LARGEST_INTEGER_BOUND, WeightDomain};
pub use budget::{Budget, Stop};
pub use data::{DataError, Dataset, ReadOptions, Sample, Scaling, Schema};
pub use engine::{Engine, EngineError, Request};
pub use error::Error;
pub use metrics::{Confusion, mean_and_deviation};
pub use model::Model;
pub use network::{Layer, Network};
pub use number::{shortest, significant};
pub use points::Points;
pub use pool::{Solution, Solutions};
pub use problem::{ErrorLimit, Loss, Norm, Problem, Robust};
pub use progress::{After, Event, Interest, Progress, Quiet, SearchRow, Silent, Until, What};
pub use restrictions::{Breach, Direction, Monotone, Restrictions, Trend};
pub use scaler::Scaler;
pub use telling::Telling;
pub use text::acts;
pub use threshold::Threshold;
pub use training::{Companion, Limits, Statistics, Status, Training, Turn};

pub use numerics::Rational;
