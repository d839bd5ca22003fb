//! The readers that are fuzzed, see [`targets`].

pub mod targets;
