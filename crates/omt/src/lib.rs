//! Conflict-driven exact engine over activation patterns.

pub mod hitting;
pub mod linear;
pub mod tolerances;
pub mod search;
pub mod theory;
