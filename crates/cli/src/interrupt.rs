//! Ctrl-C, SIGTERM, the clock and the memory of the process.
//!
//! While a command reads and prepares, nobody could be asked to end: there is nothing to keep yet. Then the first signal, or
//! the end of a limit on time or memory, ends the process at once, with its [`Words`]. From [`attend`] on the command asks
//! [`Interrupt::raised`] in its loops and ends with what it has; a second signal ends the process whatever it does.
//!
//! Entry points: [`install`] first of all, then [`early`] before a command reads (or [`listen`], for what ends in words of its own), [`attend`]
//! when it begins to ask. A signal that comes before the words are known waits for them. The time limit of a command is counted from the
//! start of the process ([`left`]).

use crate::console::to_stderr;
use crate::failure::Failure;
use milp::MemoryLimit;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Exit code of a command that a signal ended before its job was done, as shells report SIGINT.
const KILLED: i32 = 130;
/// Signals within this time are one request: `timeout` and shells signal both a process and its group.
const ONE_REQUEST: Duration = Duration::from_millis(200);
/// Time between two looks at the limits while a command reads.
const LOOK: Duration = Duration::from_millis(20);

static RAISED: AtomicBool = AtomicBool::new(false);
static BEGAN: OnceLock<Instant> = OnceLock::new();
static STATE: Mutex<State> = Mutex::new(State {
    first: None,
    stage: Stage::Unknown,
    words: Words::Nothing("written"),
    listener: None,
    unfinished: Vec::new(),
    proofs: Vec::new(),
});

/// How far the command has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// It is not known yet which it is.
    Unknown,
    /// A signal has come, and waits for that.
    Awaited,
    /// It reads, and is ended at once.
    Early,
    /// It asks.
    Attended,
}

struct State {
    /// When the first signal came.
    first: Option<Instant>,
    stage: Stage,
    words: Words,
    /// Who is told of the first signal instead.
    listener: Option<Box<dyn FnOnce() + Send>>,
    /// Files that go when the process ends at once.
    unfinished: Vec<PathBuf>,
    /// Proof folders that are being written: what stands beside them for that time goes, too.
    proofs: Vec<PathBuf>,
}

/// What a command says that ends before it has begun.
#[derive(Clone, Debug)]
pub enum Words {
    /// It ends with the best so far. Its exit code is 0, as at any limit.
    Best(Early),
    /// It did not do its job, and the exit code says so: nothing is written, merged, ...
    Nothing(&'static str),
}

/// What is said of a result that is not there yet.
#[derive(Clone, Debug)]
pub struct Early {
    /// The object of `--json`, with `STATUS` for the status.
    pub json: Option<&'static str>,
    /// The file of `--log`.
    pub log: Option<PathBuf>,
    /// What the command was to write and does not.
    pub unwritten: Vec<String>,
}

/// A handle to ask whether a signal has come.
#[derive(Clone, Copy, Debug)]
pub struct Interrupt(());

impl Interrupt {
    /// Whether a signal has come.
    pub fn raised(&self) -> bool {
        RAISED.load(Ordering::Relaxed)
    }

    /// How long ago the first signal came.
    pub fn since(&self) -> Option<Duration> {
        state().first.map(|first| first.elapsed())
    }
}

/// Takes over Ctrl-C and SIGTERM for the rest of the process, and starts its clock; call once, before anything else.
pub fn install() -> Result<(), Failure> {
    BEGAN.get_or_init(Instant::now);
    ctrlc::set_handler(signal).map_err(|error| Failure::Input(format!("cannot watch for Ctrl-C: {error}")))
}

/// Until [`attend`], a signal or the end of a limit, of seconds or of gigabytes (10^9 bytes), ends the process with these
/// words.
pub fn early(words: Words, time_limit: Option<f64>, memory_limit: Option<f64>) {
    let mut state = state();
    state.words = words;
    if std::mem::replace(&mut state.stage, Stage::Early) == Stage::Awaited {
        end_early(&mut state, "interrupted");
    }
    drop(state);
    let time = time_limit.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    if time.is_none() && memory_limit.is_none() {
        return;
    }
    let memory = memory_limit.map(MemoryLimit::gigabytes);
    let over = move || {
        if time.is_some_and(|limit| began().elapsed() >= limit) {
            Some("time-limit")
        } else {
            memory.as_ref().is_some_and(MemoryLimit::exceeded).then_some("memory-limit")
        }
    };
    let watch = move || {
        loop {
            let left = time.map_or(LOOK, |limit| limit.saturating_sub(began().elapsed()));
            std::thread::sleep(left.min(LOOK));
            let mut state = self::state();
            if state.stage == Stage::Attended {
                return;
            }
            if let Some(status) = over() {
                end_early(&mut state, status);
            }
        }
    };
    // Without a thread to watch, the limits hold from the first time that somebody asks.
    let _ = std::thread::Builder::new().name("limits".to_owned()).spawn(watch);
}

/// From here on the first signal is `told`, who sees to the end of the process; nobody asks.
pub fn listen(told: impl FnOnce() + Send + 'static) {
    let mut state = state();
    if std::mem::replace(&mut state.stage, Stage::Early) == Stage::Awaited {
        drop(state);
        return told();
    }
    state.listener = Some(Box::new(told));
}

/// The command asks from here on.
pub fn attend() -> Interrupt {
    state().stage = Stage::Attended;
    Interrupt(())
}

/// Seconds that are left of a limit in seconds from the start of the process; 0 at least.
pub fn left(limit: f64) -> f64 {
    (limit - began().elapsed().as_secs_f64()).max(0.0)
}

/// A file that is of no use unless it is finished: it goes when the process ends at once.
pub fn unfinished(path: &Path) {
    state().unfinished.push(path.to_path_buf());
}

/// A proof folder that this process is going to write.
pub fn unfinished_proof(target: &Path) {
    state().proofs.push(target.to_path_buf());
}

fn began() -> Instant {
    *BEGAN.get_or_init(Instant::now)
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// On a thread of its own, so that it may do what others do.
fn signal() {
    let mut state = state();
    if let Some(told) = state.listener.take() {
        drop(state);
        return told();
    }
    match state.first {
        None if matches!(state.stage, Stage::Unknown | Stage::Awaited) => state.stage = Stage::Awaited,
        None if state.stage == Stage::Attended => {
            state.first = Some(Instant::now());
            drop(state);
            // Said first: a run may end as soon as it asks.
            to_stderr("stopping with the best found so far; again to end at once");
            RAISED.store(true, Ordering::Relaxed);
        }
        None => end_early(&mut state, "interrupted"),
        Some(first) if first.elapsed() < ONE_REQUEST => {}
        Some(_) => end(&mut state, KILLED),
    }
}

fn end_early(state: &mut State, status: &str) -> ! {
    let early = match &state.words {
        Words::Best(early) => early.clone(),
        Words::Nothing(done) => {
            to_stderr(&format!("{status} before the end: nothing is {done}"));
            end(state, KILLED)
        }
    };
    let unwritten = match &early.unwritten[..] {
        [] => String::new(),
        [one] => format!(", and {one} is not written"),
        several => format!(", and {} are not written", several.join(", ")),
    };
    let line = format!("{status}: before the run began; there is no result{unwritten}");
    to_stderr(&line);
    if let Some(mut log) = early.log.and_then(|path| OpenOptions::new().append(true).open(path).ok()) {
        let _ = writeln!(log, "{line}");
    }
    if let Some(json) = early.json {
        let _ = writeln!(std::io::stdout().lock(), "{}", json.replace("STATUS", status));
    }
    end(state, 0)
}

fn end(state: &mut State, code: i32) -> ! {
    for path in state.unfinished.drain(..) {
        let _ = std::fs::remove_file(path);
    }
    for path in state.proofs.drain(..).flat_map(|target| heaviside::proof::unfinished(&target)) {
        let _ = std::fs::remove_dir_all(path);
    }
    std::process::exit(code)
}
