//! What a run writes of its search, line by line.

use super::{positive_whole, whole};
use crate::failure::Failure;
use crate::output::{OutputFile, Stream};
use clap::Args;
use std::path::PathBuf;
use trace::{LEAST_LIMIT, Options, Start, Writer};

/// `--trace`, `--trace-every`, `--trace-limit`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub struct TraceArgs {
    /// Write what the search does to this file, a line of JSON for each node, bound, solution, linear program, conflict and core as they come;
    /// packed if the name ends in .gz; `heaviside report` makes pictures of it
    #[arg(long, value_name = "FILE.jsonl")]
    pub trace: Option<PathBuf>,

    /// Of so many conflicts write one
    #[arg(long, value_name = "K", default_value_t = 100, value_parser = positive_whole, requires = "trace")]
    trace_every: u64,

    /// Write at most so many bytes (before packing); once three quarters are written, solutions, bounds and sums alone go on
    #[arg(long, value_name = "BYTES", default_value_t = 1_000_000_000, value_parser = limit, requires = "trace")]
    trace_limit: u64,
}

/// Bytes that hold the sums at least.
fn limit(text: &str) -> Result<u64, String> {
    match whole(text) {
        Ok(bytes) if bytes >= LEAST_LIMIT => Ok(bytes),
        _ => Err(format!("expected a whole number of bytes from {LEAST_LIMIT} to {}", u64::MAX)),
    }
}

/// The trace of a run, being written.
#[derive(Debug)]
pub struct Tracing {
    /// The file, for messages.
    pub file: OutputFile,
    /// What writes it.
    pub writer: Writer<Stream>,
}

impl TraceArgs {
    /// Makes sure that the trace can be written, and leaves what is there as it is.
    pub fn prepare(&self) -> Result<Option<OutputFile>, Failure> {
        self.trace.as_deref().map(OutputFile::prepare).transpose()
    }

    /// Begins the trace: what was in the file is gone. What it says of the run is asked for only if there is a trace.
    pub fn begin(
        &self,
        file: Option<OutputFile>,
        start: impl FnOnce() -> Start<'static>,
    ) -> Result<Option<Tracing>, Failure> {
        let Some(file) = file else { return Ok(None) };
        let options = Options { every: self.trace_every, limit: self.trace_limit };
        let writer = Writer::new(file.stream()?, options, &start());
        Ok(Some(Tracing { file, writer }))
    }
}
