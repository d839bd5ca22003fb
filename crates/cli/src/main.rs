//! The `heaviside` command: `docs/architecture.md` says where things are, [`commands::run`] is where it starts.

mod args;
mod commands;
mod console;
mod failure;
mod files;
mod format;
mod global;
mod interrupt;
mod output;
mod progress;
mod suggestion;
mod summary;

use clap::Parser;
use std::process::ExitCode;

/// Exit code of a bug in this program.
const INTERNAL: u8 = 3;

fn main() -> ExitCode {
    let cli = commands::Cli::try_parse().unwrap_or_else(|error| suggestion::sober(error).exit());
    match std::panic::catch_unwind(|| commands::run(&cli)) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => {
            if failure.exit_code() != 0 {
                console::to_stderr(&format!("error: {failure}"));
            }
            ExitCode::from(failure.exit_code())
        }
        Err(_) => {
            console::to_stderr("internal error: this is a bug; please report it with the command line and its input");
            ExitCode::from(INTERNAL)
        }
    }
}
