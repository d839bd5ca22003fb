//! The three places words go: results to standard output, the run to standard error, all of it to `--log`.
//!
//! Names come from files that others may have made: whatever goes to a terminal or a log has its control characters
//! written out ([`visible`]).

use crate::failure::Failure;
use crate::global::{GlobalArgs, is_stdout};
use bdnn::acts;
use serde::Serialize;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// What the options say about talking. Standard output carries the report of a command, or one object with `--json`, or
/// data that an option sends there (`--out -`), and nothing else; the report then goes to standard error.
#[derive(Debug)]
pub struct Console {
    json: bool,
    quiet: bool,
    verbose: bool,
    /// Standard output belongs to data.
    stdout_taken: bool,
    log: Option<Log>,
    /// The gravest exit code of what failed beside the result, see [`Console::hold`].
    held: Mutex<u8>,
}

/// Where `--log` writes.
#[derive(Debug)]
struct Log {
    path: PathBuf,
    /// `None` for standard output.
    file: Option<Mutex<File>>,
    /// The first line that could not be written.
    failed: Mutex<Option<io::Error>>,
}

impl Console {
    /// Opens the log file, if there is one; `stdout_taken` if data go to standard output.
    pub fn new(args: &GlobalArgs, stdout_taken: bool) -> Result<Self, Failure> {
        let open = |path: &PathBuf| -> Result<Log, Failure> {
            let file = if is_stdout(path) {
                None
            } else {
                Some(Mutex::new(File::create(path).map_err(|source| Failure::file(path, source))?))
            };
            Ok(Log { path: path.clone(), file, failed: Mutex::default() })
        };
        let log = args.log.as_ref().map(open).transpose()?;
        Ok(Self {
            json: args.json,
            quiet: args.quiet,
            verbose: args.verbose,
            stdout_taken,
            log,
            held: Mutex::default(),
        })
    }

    /// What comes of a step beside the result, such as writing it to a file: a failure is told and counts at the end ([`Console::finish`]), so
    /// that the result is told all the same.
    pub fn hold<T>(&self, done: Result<T, Failure>) -> Option<T> {
        match done {
            Ok(value) => Some(value),
            Err(failure) => {
                tell(&failure);
                let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
                *held = (*held).max(failure.exit_code());
                None
            }
        }
    }

    /// The exit code of a command that came to `done`: the gravest of that, of what was held, and of whether all of the log could be
    /// written, which is asked at the end, for a log must not end the run that it tells about. All failures have been told then.
    pub fn finish(self, done: Result<(), Failure>) -> u8 {
        self.hold(done);
        if let Some(log) = &self.log {
            let failed = log.failed.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.hold(failed.map_or(Ok(()), |source| match log.file {
                None => Err(Failure::stdout(source)),
                Some(_) => Err(Failure::file(&log.path, source)),
            }));
        }
        self.held.into_inner().unwrap_or_else(PoisonError::into_inner)
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
        let Some(log) = &self.log else { return };
        let line = visible(line);
        let written = match &log.file {
            Some(file) => writeln!(file.lock().unwrap_or_else(PoisonError::into_inner), "{line}"),
            None => writeln!(io::stdout().lock(), "{line}"),
        };
        if let Err(error) = written {
            log.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }

    /// The report of the command: standard output, or standard error if that belongs to something else.
    pub fn report(&self, text: &str) -> Result<(), Failure> {
        if self.json || self.stdout_taken {
            self.note(text);
            return Ok(());
        }
        self.log(text);
        if self.log.as_ref().is_some_and(|log| log.file.is_none()) {
            return Ok(());
        }
        self.stdout(|out| writeln!(out, "{}", visible(text)))
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
        fill(&mut out).and_then(|()| out.flush()).map_err(Failure::stdout)
    }
}

/// Tells of a failure, unless nothing is left to say.
pub fn tell(failure: &Failure) {
    if failure.exit_code() != 0 {
        to_stderr(&format!("error: {failure}"));
    }
}

/// Writes a line to standard error; a closed one is no reason to stop.
pub fn to_stderr(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", visible(line));
}

/// The text with every character that would act on a terminal written as its escape, line feeds apart.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| c != '\n' && acts(c)) {
        return text.into();
    }
    text.chars()
        .fold(String::with_capacity(text.len()), |mut out, c| {
            if c != '\n' && acts(c) {
                out.extend(c.escape_default())
            } else {
                out.push(c)
            }
            out
        })
        .into()
}

/// A name of a file's making within a line: line feeds are written out as well.
pub fn visible_name(name: &str) -> String {
    visible(name).replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_on_a_terminal() {
        assert_eq!(visible("a line\nand größer 変数"), "a line\nand größer 変数");
        assert_eq!(visible("\u{1b}[31mred\u{7}\r\t"), "\\u{1b}[31mred\\u{7}\\r\\t");
        assert_eq!(visible("\u{202e}txt\u{9b}2J"), "\\u{202e}txt\\u{9b}2J");
        assert_eq!(visible_name("yes\n  status  optimal"), "yes\\n  status  optimal");
    }
}
