//! Ctrl-C and SIGTERM: the first asks the engine to end with what it has, the second ends the process.

use crate::failure::Failure;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code after a second signal, as shells report SIGINT.
const KILLED: i32 = 130;

/// A flag that the first signal raises.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Takes over Ctrl-C and SIGTERM for the rest of the process; call once.
    pub fn install() -> Result<Self, Failure> {
        let interrupt = Self::default();
        let raised = interrupt.clone();
        ctrlc::set_handler(move || {
            if raised.0.swap(true, Ordering::Relaxed) {
                std::process::exit(KILLED);
            }
            eprintln!("stopping with the best found so far; again to end at once");
        })
        .map_err(|error| Failure::Input(format!("cannot watch for Ctrl-C: {error}")))?;
        Ok(interrupt)
    }

    /// Whether a signal has come.
    pub fn raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
