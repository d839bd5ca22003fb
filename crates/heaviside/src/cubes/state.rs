//! A cube's checkpoint: what its search goes on with after a limit or `kill -9`.

use super::problem::Known;
use super::tree::CubeFile;
use crate::PROGRAM;
use crate::checkpoint::file::Header;
use crate::checkpoint::{State, read};
use crate::error::Error;
use bdnn::data::sha256_of;
use bdnn::{Progress, SearchRow};
use budget::Instant;
use budget::checkpoint::{decode, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The command that runs, as the header names it.
const COMMAND: &str = "train --cube";

/// What earlier sittings have done, and the state in which the last one left the engine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Past {
    /// What limits on nodes count here.
    pub(super) conflicts: u64,
    pub(super) seconds: f64,
    pub(super) engine: Option<Vec<u8>>,
}

/// What names the search of a cube.
fn run(known: &Known, cube: &CubeFile) -> Map<String, Value> {
    let terms = sha256_of(json!(cube.terms).to_string().as_bytes());
    let entries = [("problem_sha256", &known.sha256), ("cube", &cube.cube), ("conditions_sha256", &terms)];
    entries.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect()
}

impl Past {
    /// What the checkpoint of this cube holds; nothing without a file.
    pub(super) fn read(path: &Path, known: &Known, cube: &CubeFile) -> Result<Self, Error> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let (header, state) = read(path)?;
        let refuse = |why: String| Error::Checkpoint(format!("{}: {why}; move it away", path.display()));
        let found = header.differences(PROGRAM, COMMAND, &run(known, cube));
        if !found.is_empty() {
            return Err(refuse(format!("the checkpoint of another search ({})", found.join("; "))));
        }
        decode(&state).map_err(|error| refuse(error.to_string()))
    }
}

/// Hears of a sitting, for its checkpoints.
pub(super) struct Sitting<'a> {
    progress: &'a dyn Progress,
    began: Instant,
    run: Map<String, Value>,
    past: (u64, f64),
    row: Mutex<Option<SearchRow>>,
}

impl<'a> Sitting<'a> {
    pub(super) fn new(progress: &'a dyn Progress, known: &Known, cube: &CubeFile, past: &Past) -> Self {
        let (run, past) = (run(known, cube), (past.conflicts, past.seconds));
        Self { progress, began: Instant::now(), run, past, row: Mutex::default() }
    }

    /// Seconds since it began.
    pub(super) fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    fn row(&self) -> Option<SearchRow> {
        *self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Progress for Sitting<'_> {
    fn outer(&self) -> Option<&dyn Progress> {
        Some(self.progress)
    }

    fn row(&self, row: &SearchRow) {
        *self.row.lock().unwrap_or_else(PoisonError::into_inner) = Some(*row);
        self.progress.row(row);
    }
}

impl State for Sitting<'_> {
    fn file(&self, engine: Option<&[u8]>) -> (Header, Vec<u8>) {
        let row = self.row();
        let past = Past {
            conflicts: row.map_or(self.past.0, |row| row.conflicts),
            seconds: self.past.1 + self.seconds(),
            engine: engine.map(<[u8]>::to_vec),
        };
        let known = (row.and_then(|row| row.incumbent), row.map(|row| row.bound));
        let header = Header::new(COMMAND, self.run.clone(), past.seconds, known);
        (header, encode(&past).unwrap_or_default())
    }

    fn warn(&self, message: &str) {
        self.progress.warn(message);
    }
}
