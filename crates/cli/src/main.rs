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
mod watch;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

/// Exit code of bad usage, and of output that cannot be written.
const BAD_INPUT: u8 = 2;
/// Exit code of a bug in this program.
const INTERNAL: u8 = 3;

fn main() -> ExitCode {
    if let Err(failure) = interrupt::install() {
        console::to_stderr(&format!("error: {failure}"));
        return ExitCode::from(failure.exit_code());
    }
    let cli = match commands::parse() {
        Ok(cli) => cli,
        Err(error) => return told(&suggestion::sober(error)),
    };
    match std::panic::catch_unwind(|| commands::run(&cli)) {
        Ok(Ok(code)) => ExitCode::from(code),
        Ok(Err(failure)) => {
            console::tell(&failure);
            ExitCode::from(failure.exit_code())
        }
        Err(_) => {
            console::to_stderr("internal error: this is a bug; please report it with the command line and its input");
            ExitCode::from(INTERNAL)
        }
    }
}

/// Prints what the command line itself asks for (help, the version) or does wrong.
fn told(words: &clap::Error) -> ExitCode {
    match words.print().and_then(|()| std::io::stdout().flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            console::to_stderr(&format!("error: standard output: {error}"));
            ExitCode::from(BAD_INPUT)
        }
        _ => ExitCode::from(u8::try_from(words.exit_code()).unwrap_or(BAD_INPUT)),
    }
}
