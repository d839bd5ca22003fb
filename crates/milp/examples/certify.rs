//! Solves each model file named on the command line without and with a certificate, and prints what that costs: seconds of
//! both runs, and what the certificate (`FILE.vipr` in the folder named by `OUT`) claims. `SECONDS`, `NODES` and `GAP` as in the
//! example `solve`.
//!
//! `OUT=/tmp cargo run --release -p milp --example certify -- FILE..`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use milp::io::read_model;
use milp::{Certificate, Options, Quiet, solve, solve_certified};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let number = |name: &str, default: f64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let folder = PathBuf::from(std::env::var("OUT").unwrap_or_else(|_| ".".into()));
    let options = Options {
        mip_abs_gap: Some(number("GAP", 1e-6)),
        time_limit: number("SECONDS", 60.0),
        node_limit: number("NODES", 1e18) as u64,
        ..Options::default()
    };
    for file in std::env::args().skip(1) {
        let model = read_model(Path::new(&file))?;
        let name = Path::new(&file).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let plain = solve(&model, &options, &mut Quiet)?;
        let start = Instant::now();
        let mut certificate = Certificate::new(&model, &folder)?;
        let outcome = solve_certified(&model, &options, &mut Quiet, &mut certificate)?;
        let solved = start.elapsed().as_secs_f64();
        let path = folder.join(format!("{name}.vipr"));
        let mut out = BufWriter::new(File::create(&path)?);
        let proven = certificate.write(&model, &mut out)?;
        out.flush()?;
        println!(
            "{name:<20} {:<11} {:<20} {:>6} nodes {:>6.2} s | {:<11} {:<20} {:>6} nodes {solved:>6.2} s {:>6.2} s {} unresolved | {proven:?} {} kB",
            plain.status.as_str(),
            plain.bound,
            plain.statistics.nodes,
            plain.statistics.seconds,
            outcome.status.as_str(),
            outcome.bound,
            outcome.statistics.nodes,
            start.elapsed().as_secs_f64(),
            outcome.statistics.unresolved,
            std::fs::metadata(&path)?.len() / 1000,
        );
    }
    Ok(())
}
