//! Options of every command: what is said, and where.

use clap::Args;
use std::path::{Path, PathBuf};

/// `--json`, `--log`, `-q`, `-v`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub struct GlobalArgs {
    /// Print one JSON object on standard output, and nothing else there
    #[arg(long, global = true)]
    pub json: bool,

    /// Write the progress table and all reports to FILE as well, details included
    #[arg(long, value_name = "FILE", global = true)]
    pub log: Option<PathBuf>,

    /// No progress table and no notes on standard error
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// More details on standard error
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// Whether a path stands for standard input or output.
pub fn is_dash(path: &Path) -> bool {
    path == Path::new("-")
}

/// Whether an output goes to standard output: the file that a shell has put there is not replaced by its other names either.
pub fn is_stdout(path: &Path) -> bool {
    is_dash(path) || ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}
