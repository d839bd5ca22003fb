//! Conflict-driven exact training: optimisation modulo theories over activation patterns.
//!
//! The weights of a network with step activations matter only through the pattern of activations they produce on the
//! data, and a pattern is possible iff each neuron's part of it is strictly linearly separable. So the engine
//! searches over patterns with conflict-driven clause learning ([`search`]), asks a small simplex per neuron whether
//! its part is separable ([`theory`]), and counts errors. Whatever floating point suggests is confirmed in exact
//! arithmetic before the search relies on it.
//!
//! Entry points: [`train`], [`train_beside`] with a heuristic that looks for networks in turns, [`solutions`] for the best labellings, [`supports`]. The engine is described in `docs/omt.md`.
//!
//! Reference: R. Sebastiani and S. Tomasi, Optimization modulo theories with linear rational costs, ACM TOCL 2015.
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
//! let training = omt::train(Request::new(&problem, &Limits::default()))?;
//! assert_eq!((training.loss, training.bound), (0, 0.0));
//! # Ok::<(), omt::Error>(())
//! ```

mod answer;
mod beyond;
mod bounds;
mod case;
pub mod cells;
pub mod cube;
pub mod cubes;
mod dual;
pub mod encode;
mod engine;
mod error;
mod features;
mod few;
mod floats;
mod goal;
pub mod labellings;
pub mod linear;
mod parameters;
pub mod proof;
mod relaxed;
mod route;
pub mod search;
mod single;
mod start;
mod support;
pub mod theory;
mod threads;
pub mod tolerances;
mod turns;
mod whole;

pub use dual::Parameters as DualParameters;
pub use error::{Error, Reason};
pub use labellings::solutions;
pub use parameters::{Parameters, TurnParameters};
pub use route::{Exact, has_few_dimensions, search_of, train, train_beside};
pub use support::supports;
pub use whole::Parameters as WholeParameters;
