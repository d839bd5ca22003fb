//! `heaviside experiment`: the tables and figures of docs/benchmarks.md, reproduced.
//!
//! An experiment is a list of [`trial::Trial`]s run one after the other on one thread (unless `--threads` says otherwise), a
//! [`Table`] of their ends, and for some a figure.

mod branching;
mod certificates;
mod cpu;
mod exercises;
mod gap;
mod gather;
mod grid;
mod growth;
mod inputs;
mod legend;
mod limits;
mod models;
mod optima;
mod paper;
mod part;
mod plot;
mod proofs;
mod real;
mod register;
mod robust;
mod synthetic;
mod table;
mod traces;
mod tradeoff;
mod trial;
mod whole;

use crate::args::LimitArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::global::is_stdout;
use crate::interrupt;
use crate::output::OutputFile;
use bdnn::Limits;
use clap::{Args, ValueEnum};
use grid::GridArgs;
use std::path::PathBuf;
use table::Table;
use trial::Runner;

/// Reproduce a table or a figure of docs/benchmarks.md
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside experiment optima                     every data set that datasets/optima/expected.csv names, against its known optimum\n  \
    heaviside experiment real --time-limit 60       datasets/ with 0 to 4 hidden neurons\n  \
    heaviside experiment whole --hidden 0,2 --time-limit 20   datasets/ with whole weights
  \
    heaviside experiment growth --figure growth.svg how the cost grows with points, features, neurons and noise\n  \
    heaviside experiment paper --time-limit 10 --repeats 3 --depths 1 --widths 25 --splits splits.jsonl\n  \
    heaviside experiment robust --widths 25 --time-limit 10 --figure robust.svg\n  \
    heaviside experiment gap --data datasets/optima --time-limit 60\n  \
    heaviside experiment models --data DIR --time-limit 60    linear and mixed-integer models, against known optima\n  \
    heaviside experiment branching --data DIR --node-limit 100000   rules of branching on your own models
  \
    heaviside experiment register --data DIR --time-limit 60 > docs/optima.md
  \
    heaviside experiment limits --only skewed        do limits hold, on these inputs\n  \
    heaviside experiment proofs --data datasets/optima --repeats 3 --veripb ~/.cargo/bin/veripb\n\n\
    The table is Markdown on standard output; with --json its rows are one object. Times are wall seconds.")]
pub struct ExperimentArgs {
    /// Which one
    #[arg(value_name = "NAME")]
    name: Name,

    /// Directory of the data: files with an expected.csv (optima, real, gap, proofs), or files with a manifest.json (real, whole, gap,
    /// proofs, paper, robust), or MPS and LP files with an expected.csv (certificates; branching, models and traces, where it may be missing)
    /// [default: ten models by seed for branching, datasets/optima for optima, crates/milp/tests/models for certificates, models and traces, datasets for the others; in a checkout]
    #[arg(long, value_name = "DIR", help_heading = "Data")]
    data: Option<PathBuf>,

    /// Only trials whose data name contains TEXT
    #[arg(long, value_name = "TEXT", help_heading = "Data")]
    only: Option<String>,

    /// Widths of the one hidden layer to try, 0 for none (real, whole, gap, proofs)
    #[arg(long, value_name = "WIDTHS", value_delimiter = ',', default_values_t = [0, 1, 2, 3, 4], help_heading = "Network")]
    hidden: Vec<usize>,

    /// Random data sets a setting (growth), random splits a setting (paper, robust), runs of which the fastest counts
    /// (models, proofs, traces) [default: 5 for growth, 1 for models and proofs, 3 for traces, else 10]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = "Data")]
    repeats: Option<u64>,

    #[command(flatten)]
    grid: GridArgs,

    /// Let VeriPB check, too (proofs)
    #[arg(long, value_name = "PROGRAM", help_heading = "Output")]
    veripb: Option<PathBuf>,

    /// Write the figure as SVG to this file (growth, robust)
    #[arg(long, value_name = "FILE.svg", help_heading = "Output")]
    figure: Option<PathBuf>,

    #[command(flatten)]
    limits: LimitArgs,
}

impl ExperimentArgs {
    /// Trials run on one thread unless more are asked for.
    pub fn threads(&self) -> Option<u16> {
        Some(self.limits.threads.unwrap_or(1))
    }

    /// What it reads and writes.
    pub fn files(&self) -> Files<'_> {
        let files = Files::default().output("--figure", &self.figure).data("--data", &self.data);
        self.grid.files(files)
    }
}

/// Names of the experiments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Data sets with known optima: is each proven, and how fast
    Optima,
    /// Real data sets: loss and bound for several widths
    Real,
    /// Real data sets with whole weights: loss and bound for several bounds on the weights and several widths
    Whole,
    /// How the cost grows with points, features, neurons and noise
    Growth,
    /// The grid of the paper: test accuracy, training loss and seconds for shapes, domains and methods
    Paper,
    /// Accuracy against attacks, random and worst, for several radii of robust training
    Robust,
    /// Local search against proven optima
    Gap,
    /// A branching rule of one's own, a plug-in, against those of the solver
    Branching,
    /// MPS and LP files solved without and with certificates, which are checked: what that costs
    Certificates,
    /// MPS and LP files of a folder: status, known optimum, seconds, and what verifying costs
    Models,
    /// MPS and LP files solved without and with a trace: what that costs (Linux)
    Traces,
    /// Every command on large inputs: the limit asked for and the time taken, and how long a signal takes (Linux)
    Limits,
    /// Data sets trained on without and with a proof, which is checked: what that costs
    Proofs,
    /// The page docs/optima.md: values proven again, with digests, proofs and what others have printed. --data: tables that are not part of
    /// the project
    Register,
}

impl Name {
    /// Where its data are in a checkout, which is where experiments run.
    fn data(self) -> PathBuf {
        match self {
            Self::Optima => "datasets/optima",
            Self::Certificates | Self::Models | Self::Traces => "crates/milp/tests/models",
            _ => "datasets",
        }
        .into()
    }
}

/// Runs the experiment, prints its table, writes its figure.
pub fn run(args: &ExperimentArgs, console: &Console) -> Result<(), Failure> {
    let figure = match &args.figure {
        Some(path) if !matches!(args.name, Name::Growth | Name::Robust) || is_stdout(path) => {
            let message = format!(
                "--figure {}: only the experiments growth and robust have a figure, and it needs a file",
                path.display()
            );
            return Err(Failure::Input(message));
        }
        Some(path) => Some(OutputFile::prepare(path)?),
        None => None,
    };
    let limits = Limits { threads: args.threads().map_or(0, usize::from), ..args.limits.limits() };
    let runner = Runner::new(limits, args.only.clone(), interrupt::attend(), console);
    let data = args.data.clone().unwrap_or_else(|| args.name.data());
    let needs_folder = match args.name {
        Name::Growth | Name::Limits | Name::Register => false,
        Name::Branching => args.data.is_some(),
        _ => true,
    };
    if needs_folder && !data.is_dir() {
        let shown = data.display();
        let message = format!("{shown}: there is no such folder; run in a checkout, or name the data with --data");
        return Err(Failure::Input(message));
    }
    let table: Table = match args.name {
        Name::Optima => optima::run(&data, |_| true, &runner)?,
        Name::Real => real::run(&data, &args.hidden, &runner)?,
        Name::Whole => whole::run(&data, &args.grid.weights, &args.hidden, &runner)?,
        Name::Growth => {
            let curves = growth::run(args.repeats.unwrap_or(5), &runner)?;
            if let Some(file) = &figure {
                file.write_packed(plot::panels(&curves, args.limits.limits().time).as_bytes())?;
                console.note(&format!("figure written to {}", file.path().display()));
            }
            growth::table(&curves)
        }
        Name::Paper => paper::run(&data, args.repeats.unwrap_or(10), &args.grid, &runner)?,
        Name::Robust => {
            let curves = robust::run(&data, args.repeats.unwrap_or(10), &args.grid, &runner)?;
            if let Some(file) = &figure {
                file.write_packed(tradeoff::panels(&curves)?.as_bytes())?;
                console.note(&format!("figure written to {}", file.path().display()));
            }
            robust::table(&curves, &args.grid)
        }
        Name::Gap => gap::run(&data, &args.hidden, &runner)?,
        Name::Branching => branching::run(args.data.as_deref(), &args.limits, &runner)?,
        Name::Certificates => certificates::run(&data, &args.limits, &runner)?,
        Name::Models => models::run(&data, args.repeats.unwrap_or(1), &args.limits, &runner)?,
        Name::Traces => traces::run(&data, args.repeats.unwrap_or(3), &args.limits, &runner)?,
        Name::Limits => limits::run(&data, &runner)?,
        Name::Proofs => {
            let setting = proofs::Setting { repeats: args.repeats.unwrap_or(1), veripb: args.veripb.as_deref() };
            proofs::run(&data, &args.hidden, &setting, &runner)?
        }
        Name::Register => {
            let page = register::run(&Name::Real.data(), args.data.as_deref(), &runner)?;
            console.report(&page.to_string())?;
            return console.json(&page);
        }
    };
    console.report(&table.to_string())?;
    console.json(&table)
}
