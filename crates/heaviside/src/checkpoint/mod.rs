//! Runs that go on where they stood: checkpoints in files.
//!
//! Entry points: [`read`], [`check_target`] and [`Writer`]. What an engine keeps is its own affair ([`budget::checkpoint`]): here are the file
//! ([`file`]) and who keeps the latest state and writes it when it is time ([`Writer`]).

mod digest;
pub mod file;
mod writer;

pub use digest::digest;
pub use file::{Header, check_target, read};
pub use writer::{State, Writer};
