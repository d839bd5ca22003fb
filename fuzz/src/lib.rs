//! What is fuzzed: readers of files ([`targets`]) and incremental interfaces ([`sequences`]).

pub mod sequences;
pub mod targets;
