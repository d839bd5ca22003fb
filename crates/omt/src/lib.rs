//! Conflict-driven exact engine over activation patterns.
