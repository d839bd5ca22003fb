//! `heaviside-verify FILE`: checks a kernel file and says what it proves. Exit code 0: it does; 1: it does not, or the check was not finished; 2: the file cannot be
//! read.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [file] = &arguments[..] else {
        eprintln!("usage: heaviside-verify FILE");
        return ExitCode::from(2);
    };
    let name = file.display();
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{name}: {error}");
            return ExitCode::from(2);
        }
    };
    match kernel::check(&text) {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{name}: {fault}");
            ExitCode::from(if fault.kind == kernel::fault::Kind::Malformed { 2 } else { 1 })
        }
    }
}
