//! The end of a check that is not finished: `--time-limit`, Ctrl-C, SIGTERM.
//!
//! A check reads and says what it found; it has nothing to keep. So nobody in it need be asked to end: when the time is up or a
//! signal comes, the process says that the check was not finished, and ends with exit code 1, whatever it is doing.

use crate::args::positive;
use crate::console::{Console, to_stderr};
use crate::failure::Failure;
use crate::interrupt;
use clap::Args;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Exit code of a check that was not finished: the claim is not proven.
const UNPROVEN: i32 = 1;

/// `--time-limit`
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Limits")]
pub struct WatchArgs {
    /// Give up after S seconds: the claim is then not proven, and the exit code 1
    #[arg(long, value_name = "S", value_parser = positive)]
    time_limit: Option<f64>,
}

/// A check that is watched. Its end is said once: by the check, or by the watch.
pub struct Watch(Arc<Mutex<bool>>);

impl WatchArgs {
    /// Starts the clock and listens for signals; `json` tells a failure as the command's `--json` object.
    pub fn start(&self, console: &Console, json: fn(String) -> String) -> Watch {
        let watch = Watch(Arc::new(Mutex::new(false)));
        let is_json = console.is_json();
        let unfinished = |said: &Arc<Mutex<bool>>| {
            let said = Arc::clone(said);
            move |why: &str| end(&said, why, is_json.then_some(json))
        };
        let interrupted = unfinished(&watch.0);
        interrupt::listen(move || interrupted("it was interrupted"));
        let limit = self.time_limit.and_then(|seconds| Some((seconds, Duration::try_from_secs_f64(seconds).ok()?)));
        if let Some((seconds, limit)) = limit {
            let late = unfinished(&watch.0);
            let clock = move || {
                std::thread::sleep(limit);
                late(&format!("the time limit of {seconds} s is over"));
            };
            // Without a thread for the clock the check goes on to its end.
            if let Err(error) = std::thread::Builder::new().name("clock".to_owned()).spawn(clock) {
                console.warn(&format!("no clock for the time limit: {error}"));
            }
        }
        watch
    }
}

/// Ends the process, if the check has not said how it ended.
fn end(said: &Mutex<bool>, why: &str, json: Option<fn(String) -> String>) {
    let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
    if !*said {
        *said = true;
        let what = format!("the check was not finished: {why}");
        to_stderr(&format!("error: {what}"));
        if let Some(json) = json {
            let _ = writeln!(std::io::stdout().lock(), "{}", json(what));
        }
        std::process::exit(UNPROVEN);
    }
}

impl Watch {
    /// The check has ended by itself: from here on the time limit says nothing.
    pub fn finish(self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }
}

/// Runs a check under the clock.
pub fn watched<T>(
    args: &WatchArgs,
    console: &Console,
    json: fn(String) -> String,
    check: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let watch = args.start(console, json);
    let checked = check();
    watch.finish();
    checked
}
