//! What traces cost: each model of a folder solved without and with `--trace`, in processes of their own and in turns.
//!
//! The models are those of DIR/expected.csv, or all of the folder. Seconds are CPU seconds of a whole process, of which the least of
//! the repeats counts; they are read from `/proc` in hundredths, so runs of less than [`COARSE`] seconds stand in the table and not in the mean.

use super::cpu;
use super::models;
use super::table::Table;
use super::trial::Runner;
use crate::args::LimitArgs;
use crate::failure::Failure;
use std::path::Path;
use std::process::{Command, Stdio};

/// Seconds below which hundredths are too coarse for a ratio.
const COARSE: f64 = 0.3;

/// What the runs of one model came to.
struct Costs {
    status: String,
    nodes: u64,
    plain: f64,
    traced: f64,
    bytes: u64,
}

/// Runs every model `repeats` times without and with a trace.
pub fn run(directory: &Path, repeats: u64, limits: &LimitArgs, runner: &Runner<'_>) -> Result<Table, Failure> {
    let mut table = Table::new(&["model", "status", "nodes", "seconds", "seconds, traced", "ratio", "kB"]);
    let folder = tempfile::tempdir().map_err(|source| Failure::file(&std::env::temp_dir(), source))?;
    let trace = folder.path().join("trace.jsonl");
    let (mut logarithms, mut counted) = (0.0, 0);
    for (name, _) in models::models(directory)? {
        if runner.stopped() {
            break;
        }
        if !runner.wants(&name) {
            continue;
        }
        let Some(costs) = measure(&directory.join(&name), &trace, repeats, limits)? else {
            table.note(format!("{name}: left out, not a model that can be solved"));
            continue;
        };
        let Costs { status, nodes, plain, traced, bytes } = costs;
        let ratio = traced / plain;
        if plain >= COARSE {
            logarithms += ratio.ln();
            counted += 1;
        }
        runner.say(&format!("{name}: {nodes} nodes, {plain:.2} s, traced {traced:.2} s"));
        let shown = if plain >= COARSE { format!("{ratio:.3}") } else { "-".to_owned() };
        let figures =
            [nodes.to_string(), format!("{plain:.2}"), format!("{traced:.2}"), shown, (bytes / 1000).to_string()];
        table.push([name, status].into_iter().chain(figures).collect());
    }
    if counted > 0 {
        let mean = (logarithms / f64::from(counted)).exp();
        table.note(format!(
            "{counted} models of {COARSE} CPU s and more: traces cost a factor of {mean:.3} (geometric mean)"
        ));
    }
    Ok(table)
}

/// `None` if the model cannot be solved.
fn measure(model: &Path, trace: &Path, repeats: u64, limits: &LimitArgs) -> Result<Option<Costs>, Failure> {
    let mut costs = Costs { status: String::new(), nodes: 0, plain: f64::INFINITY, traced: f64::INFINITY, bytes: 0 };
    for _ in 0..repeats {
        for traced in [false, true] {
            let Some((seconds, said)) = solve(model, traced.then_some(trace), limits)? else { return Ok(None) };
            let least = if traced { &mut costs.traced } else { &mut costs.plain };
            *least = least.min(seconds);
            costs.status = said["status"].as_str().unwrap_or_default().to_owned();
            costs.nodes = said["nodes"].as_u64().unwrap_or(0);
        }
    }
    costs.bytes = std::fs::metadata(trace).map_err(|source| Failure::file(trace, source))?.len();
    Ok(Some(costs))
}

/// CPU seconds of a process that solves the model, and what it says; `None` if it says nothing.
fn solve(model: &Path, trace: Option<&Path>, limits: &LimitArgs) -> Result<Option<(f64, serde_json::Value)>, Failure> {
    let program = std::env::current_exe().map_err(|source| Failure::file(Path::new("heaviside"), source))?;
    let mut command = Command::new(&program);
    command.arg("solve").arg(model).args(["--json", "--quiet"]).stdin(Stdio::null());
    if let Some(nodes) = limits.node_limit {
        command.args(["--node-limit", &nodes.to_string()]);
    }
    if let Some(seconds) = limits.time_limit {
        command.args(["--time-limit", &seconds.to_string()]);
    }
    if let Some(trace) = trace {
        command.arg("--trace").arg(trace);
    }
    let before = cpu::seconds_of_children();
    let output = command.output().map_err(|source| Failure::file(&program, source))?;
    let seconds = cpu::seconds_of_children() - before;
    Ok(serde_json::from_slice(&output.stdout).ok().map(|said| (seconds.max(f64::MIN_POSITIVE), said)))
}
