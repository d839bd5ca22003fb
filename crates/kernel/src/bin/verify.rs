//! `heaviside-verify FILE`: checks a kernel file and says what it proves. Exit code 0: it does; 1: it does not, or the check was not finished; 2: the file cannot be
//! read.

use kernel::fault::Kind;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    let [file] = &words[..] else {
        let _ = writeln!(std::io::stderr(), "usage: heaviside-verify FILE, one kernel file");
        return ExitCode::from(2);
    };
    let text = std::fs::read_to_string(file).map_err(|error| (2, error.to_string()));
    let code = |kind| if kind == Kind::Malformed { 2 } else { 1 };
    match text.and_then(|text| kernel::check(&text).map_err(|fault| (code(fault.kind), fault.to_string()))) {
        // Who closes the output early wants no more of it.
        Ok(report) => writeln!(std::io::stdout(), "{report}").map_or(ExitCode::SUCCESS, |()| ExitCode::SUCCESS),
        Err((code, what)) => {
            let _ = writeln!(std::io::stderr(), "heaviside-verify FILE: {}: {what}", file.display());
            ExitCode::from(code)
        }
    }
}
