//! Runs that go on where they stood: checkpoints in files.
//!
//! Entry points: [`Trainer::checkpoint`](crate::Trainer::checkpoint) and [`Trainer::resume`](crate::Trainer::resume); [`read`],
//! [`check_target`] and [`Writer`] for other commands. What an engine keeps is its own affair ([`budget::checkpoint`]): here are the file
//! (`file`), who keeps the latest state and writes it when it is time ([`Writer`]), and the part of a run between its start or its resumption
//! and its end (`sitting`).

mod digest;
pub mod file;
pub(crate) mod sitting;
mod writer;

pub use digest::digest;
pub use file::{Header, check_target, read};
pub use writer::{State, Writer};
