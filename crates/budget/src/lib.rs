//! What a run may use and how well it used it, the same for every engine: a limit on memory, and the primal-dual integral.
//!
//! Entry points: [`MemoryLimit`], [`GapIntegral`]. Engines make budgets of their own of it (`bdnn::Budget` for threads that share
//! one, `milp::Budget` for one that counts work); this crate knows neither.

mod gap;
mod memory;

pub use gap::{GapIntegral, relative_gap};
pub use memory::{MemoryLimit, free, resident};

/// The clock of every engine: that of the system, and in a browser that of the page.
pub use web_time::Instant;
