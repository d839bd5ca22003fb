//! What a run may use, how well it used it and how it is tuned, the same for every engine.
//!
//! Entry points: [`MemoryLimit`]; [`GapIntegral`]; [`Stop`], a wish to stop, and [`Pace`] and [`Effort`], which ask it now and then;
//! [`Settings`], the parameters that a user has set; [`Aside`], what nobody waits for at the end; [`Event`], what a search tells; [`Checkpoint`], what it would go on with. Engines make budgets of their own of it (`bdnn::Budget` for threads that
//! share one, `milp::Budget` for one that counts work); this crate knows neither.
//!
//! ```
//! use budget::{MemoryLimit, Pace};
//!
//! /// A sum that ends early where it is told to.
//! fn sum(values: &[f64], stop: &mut dyn FnMut() -> bool) -> Option<f64> {
//!     let mut pace = Pace::new(stop);
//!     values.iter().try_fold(0.0, |sum, value| (!pace.spend(1)).then_some(sum + value))
//! }
//!
//! let memory = MemoryLimit::gigabytes(1e3);
//! assert_eq!(sum(&[1.0, 2.0], &mut || memory.exceeded()), Some(3.0));
//! ```

mod aside;
pub mod checkpoint;
mod gap;
mod memory;
pub mod observe;
mod parameters;
mod stop;
mod threads;

pub use aside::{Aside, leave_to_the_system};
pub use checkpoint::{Checkpoint, Keeper};
pub use gap::{GapIntegral, relative_gap, share_open};
pub use memory::{MemoryLimit, free, resident};
pub use observe::{Event, Interest, What};
pub use parameters::{Kind, Parameter, Range, SettingError, Settings, Tunable, Value};
pub use stop::{Effort, Pace, Stop, never};
pub use threads::useful_threads;

/// The clock of every engine: that of the system, and in a browser that of the page.
pub use web_time::Instant;
