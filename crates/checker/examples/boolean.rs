//! Checks a formula and a proof alone: `cargo run --release -p heaviside-checker --example boolean FORMULA.opb PROOF.pbp`.

use checker::{Error, Source, boolean};
use std::path::Path;
use std::process::ExitCode;

fn check(formula: &str, proof: &str) -> Result<boolean::Report, Error> {
    boolean::check(Source::open(Path::new(formula))?, Source::open(Path::new(proof))?)
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [formula, proof] = &args[..] else {
        eprintln!("usage: boolean FORMULA.opb PROOF.pbp");
        return ExitCode::from(2);
    };
    match check(formula, proof) {
        Ok(report) => println!("{report:?}"),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(if error.is_refutation() { 1 } else { 2 });
        }
    }
    ExitCode::SUCCESS
}
