//! `solve --checkpoint` and `--resume`: the part of a run between its start, or its resumption, and its end.

use crate::args::CheckpointArgs;
use crate::console::Console;
use crate::failure::Failure;
use budget::checkpoint::{decode, encode};
use budget::{Checkpoint, GapIntegral, Interest, Keeper};
use heaviside::PROGRAM;
use heaviside::checkpoint::{self, Header, State, Writer};
use milp::{Control, Event, Judgement, Outcome, ProgressRow, Status};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The command that runs, as the header names it.
const COMMAND: &str = "solve";

/// What a checkpoint has beside the state of the search.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Past {
    /// Seconds of all sittings, and the primal-dual integral.
    pub seconds: f64,
    pub integral: f64,
}

/// What was heard of the run.
#[derive(Default)]
struct Heard {
    gaps: GapIntegral,
    best: Option<f64>,
    bound: Option<f64>,
}

/// A run with checkpoints.
pub struct Sitting<'a> {
    args: &'a CheckpointArgs,
    console: &'a Console,
    began: Instant,
    run: Map<String, Value>,
    past: Past,
    /// The state that the run begins with.
    resumed: Option<Vec<u8>>,
    heard: Mutex<Heard>,
}

impl<'a> Sitting<'a> {
    /// A run that `run` says what another has to have in common with to go on with its state, if it has checkpoints: reads the one to go on
    /// with.
    pub fn begin(
        of: &'a CheckpointArgs,
        console: &'a Console,
        run: impl FnOnce() -> Result<Map<String, Value>, Failure>,
    ) -> Result<Option<Self>, Failure> {
        if of.checkpoint.is_none() && of.resume().is_none() {
            return Ok(None);
        }
        let run = run()?;
        if let Some(path) = &of.checkpoint {
            checkpoint::check_target(path, of.resume())?;
        }
        let (mut past, mut resumed) = (Past::default(), None);
        if let Some(path) = of.resume() {
            let (header, state) = checkpoint::read(path)?;
            let differences = header.differences(PROGRAM, COMMAND, &run);
            let refuse = |why: String| Err(Failure::Input(format!("{}: {why}", path.display())));
            if !differences.is_empty() {
                return refuse(format!("this is the checkpoint of another run: {}", differences.join("; ")));
            }
            match decode(&state) {
                Ok(parts) => (past, resumed) = parts,
                Err(error) => return refuse(error.to_string()),
            }
        }
        Ok(Some(Self { args: of, console, began: Instant::now(), run, past, resumed, heard: Mutex::default() }))
    }

    /// What earlier sittings took.
    pub fn past(&self) -> Past {
        self.past
    }

    /// Whether there were any.
    pub fn is_resumed(&self) -> bool {
        self.args.resume().is_some()
    }

    /// Solves with `solve`, and keeps the last state if the run has not come to its own end.
    pub fn solve(
        &self,
        control: &mut dyn Control,
        solve: impl FnOnce(&mut dyn Control, Checkpoint<'_>) -> Result<Outcome, milp::Error>,
    ) -> Result<Outcome, milp::Error> {
        let resume = self.resumed.as_deref();
        let writer = |path: PathBuf| Writer::new((path, self.args.checkpoint_every), self, resume);
        let writer = self.args.checkpoint.clone().map(writer);
        let keeper = writer.as_ref().map(|writer| writer as &dyn Keeper);
        let outcome = solve(&mut Listener { sitting: self, control }, Checkpoint { keeper, resume })?;
        let is_limit =
            matches!(outcome.status, Status::TimeLimit | Status::NodeLimit | Status::MemoryLimit | Status::Interrupted);
        if let Some(writer) = writer.filter(|_| is_limit) {
            writer.close();
        }
        Ok(outcome)
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State for Sitting<'_> {
    fn file(&self, engine: Option<&[u8]>) -> (Header, Vec<u8>) {
        let heard = self.heard();
        let seconds = self.began.elapsed().as_secs_f64();
        let past =
            Past { seconds: self.past.seconds + seconds, integral: self.past.integral + heard.gaps.until(seconds) };
        let header = Header::new(COMMAND, self.run.clone(), past.seconds, (heard.best, heard.bound));
        (header, encode(&(past, engine)).unwrap_or_default())
    }

    fn warn(&self, message: &str) {
        self.console.warn(message);
    }
}

/// Hears of the run what the header says of it, and of rows how long all sittings have taken.
struct Listener<'a> {
    sitting: &'a Sitting<'a>,
    control: &'a mut dyn Control,
}

impl Control for Listener<'_> {
    fn should_stop(&self) -> bool {
        self.control.should_stop()
    }

    fn judge(&mut self, candidate: &[f64]) -> Judgement {
        self.control.judge(candidate)
    }

    fn judges(&self) -> bool {
        self.control.judges()
    }

    fn interest(&self) -> Interest {
        self.control.interest()
    }

    fn columns(&mut self, names: &mut dyn Iterator<Item = &str>) {
        self.control.columns(names);
    }

    fn event(&mut self, event: &Event) {
        self.control.event(event);
    }

    fn progress(&mut self, row: &ProgressRow) {
        let mut heard = self.sitting.heard();
        heard.gaps.note(row.seconds, row.bound, row.incumbent);
        (heard.best, heard.bound) = (row.incumbent, Some(row.bound));
        drop(heard);
        self.control.progress(&ProgressRow { seconds: row.seconds + self.sitting.past.seconds, ..*row });
    }
}
