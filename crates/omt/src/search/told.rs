//! What observers want to know of a conflict.

use serde::{Deserialize, Serialize};

/// A clause that was learned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// Its literals.
    pub size: u32,
    /// Levels of decision in it.
    pub glue: u32,
    /// The level where the conflict was met.
    pub level: u32,
    /// The level that the search went back to.
    pub backjump: u32,
}
