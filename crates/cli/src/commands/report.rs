//! `heaviside report`: a search from its trace, to look at and for other programs.

use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::format::{self, Pairs};
use crate::global::is_dash;
use crate::output::OutputFile;
use clap::Args;
use serde::Serialize;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use trace::Reader;
use trace::report::{Run, bak, csv, dot, html, vbc};

/// Traces on one page: more are no longer told apart.
const MOST: usize = 4;

/// Show a search from its trace: as a page to look at, or its tree for other programs
///
/// The page is one file that asks nobody for anything. Several traces stand side by side on the same axes, up to four.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside train data.csv --hidden 2 --trace run.jsonl.gz\n  \
    heaviside report run.jsonl.gz --out run.html                      open it in a browser\n  \
    heaviside report run.jsonl.gz                                     how it ended, in words\n  \
    heaviside report one.jsonl two.jsonl --out both.html              side by side, on the same axes\n  \
    heaviside report run.jsonl.gz --vbc run.vbc --bak run.bak         for VBCTOOL and GrUMPy\n  \
    heaviside report run.jsonl.gz --dot - | dot -Tsvg -o tree.svg     small trees\n  \
    heaviside report run.jsonl.gz --csv nodes.csv                     a row a node")]
pub struct ReportArgs {
    /// Traces written by `train --trace` or `solve --trace`, packed or not; - is standard input
    #[arg(value_name = "TRACE", required = true)]
    traces: Vec<PathBuf>,

    /// Write a page for browsers to this file
    #[arg(long, value_name = "REPORT.html", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Write the tree for VBCTOOL to this file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    vbc: Option<PathBuf>,

    /// Write the tree for GrUMPy to this file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    bak: Option<PathBuf>,

    /// Write the tree for Graphviz to this file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    dot: Option<PathBuf>,

    /// Write a row a node to this file
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    csv: Option<PathBuf>,
}

type Exporter = fn(&Run, &mut dyn Write) -> io::Result<()>;

impl ReportArgs {
    /// What it reads and writes.
    pub fn files(&self) -> Files<'_> {
        let files = self.traces.iter().fold(Files::default(), |files, trace| files.input("TRACE", trace));
        let files = files.output("--out", &self.out);
        self.exports().iter().fold(files, |files, (word, path, _)| files.output(word, *path))
    }

    /// The forms for other programs.
    fn exports(&self) -> [(&'static str, &Option<PathBuf>, Exporter); 4] {
        [("--vbc", &self.vbc, vbc), ("--bak", &self.bak, bak), ("--dot", &self.dot, dot), ("--csv", &self.csv, csv)]
    }
}

/// What `--json` says of a run.
#[derive(Serialize)]
struct RunJson<'a> {
    trace: &'a str,
    status: Option<&'a str>,
    objective: Option<f64>,
    bound: Option<f64>,
    gap: Option<f64>,
    nodes: u64,
    open: u64,
    /// The deepest node.
    depth: Option<u32>,
    /// Sum of 2^-depth over closed leaves, for each root: 1 if no node is lost.
    weight: Option<f64>,
    work: u64,
    seconds: f64,
    remarks: Vec<String>,
}

#[derive(Serialize)]
struct ReportJson<'a> {
    runs: Vec<RunJson<'a>>,
    written: Vec<String>,
}

/// Reads, writes, says how the runs ended.
pub fn run(args: &ReportArgs, console: &Console) -> Result<(), Failure> {
    if args.traces.len() > MOST {
        return Err(Failure::Input(format!("{} traces: a page shows {MOST} at most", args.traces.len())));
    }
    let page = args.out.as_deref().map(OutputFile::prepare).transpose()?;
    let mut exports = vec![];
    for (word, path, exporter) in args.exports() {
        let Some(path) = path else { continue };
        if args.traces.len() > 1 {
            return Err(Failure::Input(format!("{word} takes one trace; {} are named", args.traces.len())));
        }
        exports.push((OutputFile::prepare(path)?, exporter));
    }
    let runs = args.traces.iter().map(|path| read(path)).collect::<Result<Vec<Run>, Failure>>()?;
    let mut written = vec![];
    if let Some(file) = page {
        file.write_packed(html(&runs).as_bytes())?;
        written.push(file.name());
    }
    for (file, exporter) in &exports {
        let run = &runs[0];
        file.write_streamed(|out| exporter(run, out))?.map_err(|source| file.failure(source))?;
        written.push(file.name());
    }
    console.report(&runs.iter().map(|run| words(run, &written)).collect::<Vec<_>>().join("\n\n"))?;
    console.json(&ReportJson { runs: runs.iter().map(json).collect(), written })
}

fn read(path: &Path) -> Result<Run, Failure> {
    let reader = if is_dash(path) { Reader::new("standard input", io::stdin())? } else { Reader::open(path)? };
    Ok(Run::read(reader)?)
}

fn gap(run: &Run) -> f64 {
    budget::relative_gap(run.objective(), run.bound().unwrap_or(f64::NEG_INFINITY))
}

fn words(run: &Run, written: &[String]) -> String {
    let value = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), format::precise);
    let mut pairs = Pairs::default();
    pairs.push("trace", &run.name[..]);
    if let Some(problem) = run.start.problem.name.as_deref() {
        pairs.push("problem", problem);
    }
    pairs.push("status", run.status());
    pairs.push("objective", value(run.objective()));
    pairs.push("bound", format!("{}, gap {}", value(run.bound()), format::percent(gap(run))));
    let nodes = run.nodes();
    if nodes > 0 {
        let depth = run.depth().map_or_else(String::new, |depth| format!(", the deepest at {depth}"));
        pairs.push("nodes", format!("{nodes}, {} open at the end{depth}", run.open()));
    }
    if let Some(weight) = run.weight() {
        pairs.push("tree weight", format::precise(weight));
    }
    pairs.push("work", run.last.1.to_string());
    pairs.push("time", format::seconds(run.last.0));
    for remark in run.remarks() {
        pairs.push("note", remark);
    }
    if !written.is_empty() {
        pairs.push("written to", written.join(", "));
    }
    pairs.to_string()
}

fn json(run: &Run) -> RunJson<'_> {
    RunJson {
        trace: &run.name,
        status: run.finish.as_ref().map(|finish| &finish.status[..]),
        objective: run.objective(),
        bound: run.bound(),
        gap: Some(gap(run)).filter(|gap| gap.is_finite()),
        nodes: run.nodes(),
        open: run.open(),
        depth: run.depth(),
        weight: run.weight(),
        work: run.last.1,
        seconds: run.last.0,
        remarks: run.remarks(),
    }
}
