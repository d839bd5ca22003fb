//! Conflict-driven exact engine over activation patterns.

pub mod linear;
pub mod tolerances;
