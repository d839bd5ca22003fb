//! Heaviside's solver for models that are written with [good_lp].
//!
//! Entry point: [`heaviside`], the name to give to `using`. good_lp shows its models to crates outside of it by one door alone, that for solvers
//! which are other programs (`lp_solvers`): there [`reader`] takes the model, whose numbers are written with all their digits, and everything else is done in this process,
//! with the floats as they are.
//!
#![doc = include_str!("../README.md")]

mod problem;
mod reader;
mod solution;

pub use problem::{Problem, heaviside};
pub use solution::HeavisideSolution;

/// The solver itself: its options, outcomes and words.
pub use milp;
