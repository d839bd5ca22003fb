//! Ctrl-C and SIGTERM: the first asks the engine to end with what it has, the second ends the process.

use crate::console::to_stderr;
use crate::failure::Failure;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Exit code after a second signal, as shells report SIGINT.
const KILLED: i32 = 130;
/// Signals within this time are one request: `timeout` and shells signal both a process and its group.
const ONE_REQUEST: Duration = Duration::from_millis(200);

/// A flag that the first signal raises.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Takes over Ctrl-C and SIGTERM for the rest of the process; call once.
    pub fn install() -> Result<Self, Failure> {
        let interrupt = Self::default();
        let raised = interrupt.clone();
        let mut first: Option<Instant> = None;
        ctrlc::set_handler(move || match first {
            None => {
                first = Some(Instant::now());
                raised.0.store(true, Ordering::Relaxed);
                to_stderr("stopping with the best found so far; again to end at once");
            }
            Some(first) if first.elapsed() < ONE_REQUEST => {}
            Some(_) => std::process::exit(KILLED),
        })
        .map_err(|error| Failure::Input(format!("cannot watch for Ctrl-C: {error}")))?;
        Ok(interrupt)
    }

    /// Whether a signal has come.
    pub fn raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
