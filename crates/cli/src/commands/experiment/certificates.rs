//! What certificates cost: each model of a folder solved without one and with one, and the certificate checked. The models are
//! those of DIR/expected.csv, first column; files that cannot be solved (or not exactly) are left out with a note.

use super::models;
use super::table::Table;
use super::trial::Runner;
use crate::args::LimitArgs;
use crate::commands::check::source;
use crate::failure::Failure;
use crate::format;
use milp::{Certificate, Model, Outcome, Quiet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

/// Seconds and sizes of one model.
struct Costs {
    plain: Outcome,
    certified: Outcome,
    /// Both runs, the second with its file; then the check.
    seconds: [f64; 3],
    bytes: u64,
    derivations: u64,
    verdict: String,
}

/// Runs every model of the list.
pub fn run(directory: &Path, limits: &LimitArgs, runner: &Runner<'_>) -> Result<Table, Failure> {
    let mut table = Table::new(&[
        "model",
        "status",
        "nodes",
        "seconds",
        "nodes, certified",
        "seconds, certified",
        "ratio",
        "check",
        "ratio",
        "lines",
        "kB",
        "checker",
    ]);
    let list = directory.join("expected.csv");
    let failure = |error: csv::Error| Failure::Input(format!("{}: {error}", list.display()));
    let mut reader = csv::Reader::from_path(&list).map_err(failure)?;
    let mut accepted = (0, 0);
    for record in reader.records() {
        let record = record.map_err(failure)?;
        let name = record.get(0).unwrap_or_default();
        if runner.stopped() {
            break;
        }
        if !runner.wants(name) {
            continue;
        }
        let path = directory.join(name);
        let Ok(model) = milp::io::read_model(&path) else {
            table.note(format!("{name}: left out, not a model that can be read"));
            continue;
        };
        if !model.special.is_empty() {
            table.note(format!("{name}: left out, it has special constraints, for which a certificate has no lines"));
            continue;
        }
        let costs = measure(&model, &path, limits)?;
        accepted.0 += usize::from(costs.verdict == "accepted");
        accepted.1 += 1;
        let [plain, certified, check] = costs.seconds;
        table.push(vec![
            name.to_owned(),
            costs.certified.status.as_str().to_owned(),
            costs.plain.statistics.nodes.to_string(),
            format!("{plain:.3}"),
            costs.certified.statistics.nodes.to_string(),
            format!("{certified:.3}"),
            format!("{:.1}", certified / plain),
            format!("{check:.3}"),
            format!("{:.1}", check / plain),
            costs.derivations.to_string(),
            format::value((costs.bytes / 1000) as f64),
            costs.verdict,
        ]);
    }
    table.note(format!("{} of {} certificates accepted", accepted.0, accepted.1));
    Ok(table)
}

fn measure(model: &Model, path: &Path, limits: &LimitArgs) -> Result<Costs, Failure> {
    let options = models::options(limits);
    let folder = tempfile::tempdir().map_err(|source| Failure::file(&std::env::temp_dir(), source))?;
    let written = folder.path().join("certificate.vipr");
    let failure = |source| Failure::file(&written, source);
    let start = Instant::now();
    let plain = milp::solve(model, &options, &mut Quiet)?;
    let first = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let mut certificate = Certificate::new(model, folder.path())?;
    let certified = milp::solve_certified(model, &options, &mut Quiet, &mut certificate)?;
    let mut out = BufWriter::new(File::create(&written).map_err(failure)?);
    let proven = certificate.write(model, &mut out)?;
    out.flush().map_err(failure)?;
    let second = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let budget = checker::Budget::default();
    let verdict = match checker::certificate::check(&source::model(path, &budget)?, source::open(&written, &budget)?) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.to_string(),
    };
    let third = start.elapsed().as_secs_f64();
    let bytes = std::fs::metadata(&written).map_err(failure)?.len();
    let seconds = [first, second, third];
    Ok(Costs { plain, certified, seconds, bytes, derivations: proven.derivations, verdict })
}
