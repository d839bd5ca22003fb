//! The three places words go: results to standard output, the run to standard error, all of it to `--log`.

use crate::args::GlobalArgs;
use crate::failure::Failure;
use serde::Serialize;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::sync::Mutex;

/// What the options say about talking. Standard output carries the report of a command, or with `--json` one object
/// and nothing else; then the report goes to standard error.
#[derive(Debug)]
pub struct Console {
    json: bool,
    quiet: bool,
    verbose: bool,
    log: Option<Mutex<File>>,
}

impl Console {
    /// Opens the log file, if there is one.
    pub fn new(args: &GlobalArgs) -> Result<Self, Failure> {
        let log = match &args.log {
            Some(path) => Some(Mutex::new(File::create(path).map_err(|source| Failure::file(path, source))?)),
            None => None,
        };
        Ok(Self { json: args.json, quiet: args.quiet, verbose: args.verbose, log })
    }

    /// Whether standard output belongs to one JSON object.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Whether the run is to be silent on standard error.
    pub fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// A line about the run, for standard error unless `-q`, and for the log.
    pub fn note(&self, line: &str) {
        if !self.quiet {
            to_stderr(line);
        }
        self.log(line);
    }

    /// A line that only `-v` shows on standard error; the log has it always.
    pub fn detail(&self, line: &str) {
        if self.verbose && !self.quiet {
            to_stderr(line);
        }
        self.log(line);
    }

    /// Something the user should know even with `-q`.
    pub fn warn(&self, line: &str) {
        let line = format!("warning: {line}");
        to_stderr(&line);
        self.log(&line);
    }

    /// A line for the log alone.
    pub fn log(&self, line: &str) {
        if let Some(log) = &self.log {
            let mut file = log.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            // A full disk must not end the run that the log only tells about.
            let _ = writeln!(file, "{line}");
        }
    }

    /// The report of the command: standard output, or standard error if that belongs to something else.
    pub fn report(&self, text: &str) -> Result<(), Failure> {
        if self.json {
            self.note(text);
            return Ok(());
        }
        self.log(text);
        self.stdout(|out| writeln!(out, "{text}"))
    }

    /// With `--json`, the one object.
    pub fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        if !self.json {
            return Ok(());
        }
        self.stdout(|out| {
            serde_json::to_writer(&mut *out, value)?;
            writeln!(out)
        })
    }

    /// Data for standard output.
    pub fn stdout(&self, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        fill(&mut out).and_then(|()| out.flush()).map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => Failure::BrokenPipe,
            _ => Failure::Stdout(error),
        })
    }
}

/// Writes a line to standard error; a closed one is no reason to stop.
pub fn to_stderr(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
