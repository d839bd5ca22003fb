//! Who keeps the latest state of a run, and writes it to a file when it is time.

use super::file::{self, Header};
use budget::{Instant, Keeper};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Seconds between two states in memory at most, so that a run that is told to end loses little; and how many times as long as a state takes to be
/// made.
const FRESH: f64 = 1.0;
const RARELY: f64 = 50.0;

/// What is written of a run that goes on: the header without the state, and the file's content with it.
pub trait State: Sync {
    /// The header as it is now, and all that is kept beside the engine's state, which comes last; `None` for no state yet.
    fn file(&self, engine: Option<&[u8]>) -> (Header, Vec<u8>);

    /// The file could not be written, and the run goes on.
    fn warn(&self, message: &str);
}

/// Keeps the latest state in memory, and in a file every so many seconds.
pub struct Writer<'a> {
    path: PathBuf,
    /// Seconds between two files.
    every: f64,
    state: &'a dyn State,
    kept: Mutex<Kept>,
}

struct Kept {
    latest: Option<Vec<u8>>,
    /// When the latest state was kept, and when a file was written; the start of the run before.
    fresh: Instant,
    written: Instant,
    /// When somebody heard that it is time, and what the state took to be made.
    asked: Option<Instant>,
    cost: f64,
    warned: bool,
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Writer").field("path", &self.path).field("every", &self.every).finish_non_exhaustive()
    }
}

impl<'a> Writer<'a> {
    /// To this file, every so many seconds. The latest state is that of the engine in which an earlier sitting has left it, if there was one, until
    /// there is a later one: a sitting may be too short for any.
    #[must_use]
    pub fn new((path, every): (PathBuf, f64), state: &'a dyn State, resumed: Option<&[u8]>) -> Self {
        let now = Instant::now();
        let latest = resumed.map(<[u8]>::to_vec);
        let kept = Kept { latest, fresh: now, written: now, asked: None, cost: 0.0, warned: false };
        Self { path, every, state, kept: Mutex::new(kept) }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is a state of the engine: the one to go on with, or a later one.
    #[must_use]
    pub fn has_state(&self) -> bool {
        self.kept().latest.is_some()
    }

    /// Writes the latest state: the run is over before its own end.
    pub fn close(&self) {
        let mut kept = self.kept();
        self.write(&mut kept);
    }

    fn write(&self, kept: &mut Kept) {
        let (header, state) = self.state.file(kept.latest.as_deref());
        if let Err(error) = file::write(&self.path, &header, &state)
            && !std::mem::replace(&mut kept.warned, true)
        {
            let path = self.path.display();
            self.state.warn(&format!(
                "{path}: {error}: no checkpoint is written, what stood there stands, and the run goes on"
            ));
        }
        kept.written = Instant::now();
    }
}

impl Keeper for Writer<'_> {
    fn is_due(&self) -> bool {
        let mut kept = self.kept();
        let wait = self.every.min(FRESH).max((RARELY * kept.cost).min(self.every));
        let due = kept.fresh.elapsed().as_secs_f64() >= wait;
        if due {
            kept.asked = Some(Instant::now());
        }
        due
    }

    fn keep(&self, state: Vec<u8>) {
        let mut kept = self.kept();
        kept.latest = Some(state);
        kept.cost = kept.asked.take().map_or(0.0, |asked| asked.elapsed().as_secs_f64());
        kept.fresh = Instant::now();
        if kept.written.elapsed().as_secs_f64() >= self.every {
            self.write(&mut kept);
        }
    }
}
