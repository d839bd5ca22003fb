//! Checks claims of optimality without trusting who made them.
//!
//! Entry points, one a kind of claim, each a small function that returns a report or the first thing that is wrong:
//! * [`network::check`]: a model file's network makes so many errors on this data file;
//! * [`export::check`]: an exported network gives the classes of the model that it was made from;
//! * [`solution::check`]: this point satisfies this MILP, up to so much;
//! * [`boolean::check`]: this pseudo-Boolean problem has no better solution (VeriPB);
//! * [`proof::check`]: no network has a smaller loss on these points;
//! * [`certificate::check`]: this MILP's optimum is that, or it is infeasible (VIPR).
//!
//! ```
//! use checker::{Format, Model, Rational, Source, solution};
//!
//! let program = "minimize\n cost: x + y\nsubject to\n enough: x + 2 y >= 3\nend\n";
//! let model = Model::read(Source::new("program.lp", program.as_bytes()), Format::Lp)?;
//! let report = solution::check(&model, Source::new("point.sol", &b"x 1\ny 1\n"[..]))?;
//! assert_eq!(report.objective, Rational::from(2));
//! assert_eq!(report.violation(&Rational::ZERO), None);
//! # Ok::<(), checker::Error>(())
//! ```
//!
//! What makes the answer worth something:
//! * every number is an exact rational ([`number`]); there is no floating point in this crate;
//! * it shares no code with the solver: the readers of CSV, JSON and model files are its own, on purpose;
//! * files are hostile until proven otherwise: nothing panics, memory and steps grow with the file and not with a number
//!   written in it ([`limits`], [`Budget`]), and a message names file and line.

#![deny(
    clippy::expect_used,
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unreachable,
    clippy::unwrap_used
)]

pub mod boolean;
mod budget;
pub mod certificate;
mod error;
pub mod export;
mod field;
mod fractions;
mod json;
pub mod limits;
pub mod model;
pub mod network;
pub mod number;
pub mod proof;
pub mod solution;
mod source;

pub use budget::Budget;
pub use error::Error;
pub use model::{Format, Model};
pub use number::Rational;
pub use source::Source;
