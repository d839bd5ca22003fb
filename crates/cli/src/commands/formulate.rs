//! `heaviside formulate`: the MILP of `train --method milp`, as a file for any solver.

use crate::args::{DataArgs, NetworkArgs, ProblemArgs};
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::global::is_stdout;
use crate::output::OutputFile;
use crate::summary::DataJson;
use bdnn::data::NEVER;
use clap::{Args, ValueEnum};
use formulation::{Formulation, FormulationOptions, Size, Use};
use heaviside::{Method, Trainer};
use milp::VarKind;
use milp::io::Format;
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// Write the MILP that trains a network
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside formulate iris.csv --positive virginica --out iris.mps\n  \
    heaviside formulate data.csv --hidden 2 --epsilon 0.001 --out model.lp.gz\n  \
    heaviside formulate data.csv --hidden 2 | heaviside solve -\n\n\
    Variables are named by layer, point and neuron: u_2_17_1 says whether neuron 1 of layer 2 fires on point 17.")]
pub struct FormulateArgs {
    #[command(flatten)]
    data: DataArgs,

    #[command(flatten)]
    network: NetworkArgs,

    #[command(flatten)]
    problem: ProblemArgs,

    /// Seed of the split into parts
    #[arg(long, value_name = "K", default_value_t = 0, help_heading = "Data")]
    seed: u64,

    /// Write the model to this file: .mps or .lp, also with .gz [default: standard output]
    #[arg(long, value_name = "MODEL.mps", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Format of the model [default: what the ending of --out says; mps on standard output]
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    format: Option<FormatName>,
}

/// A format of model files.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    Mps,
    Lp,
}

/// Whether a path leads to something that is there and no file, such as a named pipe.
fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

impl FormulateArgs {
    fn format(&self) -> Result<Format, Failure> {
        match (self.format, &self.out) {
            (Some(FormatName::Mps), _) => Ok(Format::Mps),
            (Some(FormatName::Lp), _) => Ok(Format::Lp),
            (None, Some(path)) if !is_stdout(path) && !is_device(path) => Format::of_path(path).ok_or_else(|| {
                let name = path.display();
                Failure::Input(format!(
                    "--out {name}: the ending tells no format; end it in .mps or .lp (also with .gz), or say --format"
                ))
            }),
            _ => Ok(Format::Mps),
        }
    }

    /// What it reads and writes.
    pub fn files(&self) -> Files<'_> {
        Files::default().input("DATA.csv", &self.data.data).output("--out", &self.out)
    }
}

/// The object of `formulate --json`.
#[derive(Serialize)]
struct FormulateJson {
    rows: usize,
    columns: usize,
    integers: usize,
    nonzeros: usize,
    epsilon: f64,
    points: usize,
    distinct_points: usize,
    data: DataJson,
}

/// Reads, formulates, writes.
pub fn run(args: &FormulateArgs, console: &Console) -> Result<(), Failure> {
    let format = args.format()?;
    let out = match &args.out {
        Some(path) if !is_stdout(path) => Some(OutputFile::prepare(path)?),
        _ => None,
    };
    if out.is_none() && console.is_json() {
        let message = "--json and the model would both go to standard output; give the model a file with --out";
        return Err(Failure::Input(message.to_owned()));
    }
    let data = args.data.read(NEVER)?;
    let trainer = args.problem.trainer(args.network.trainer(args.data.trainer(Trainer::new(), &data)?));
    let task = trainer.method(Method::Milp).seed(args.seed).prepare(&data)?;
    let summary = args.data.summary(&task, NEVER)?;
    summary.tell(console);
    let problem = task.problem();
    Size::of(problem).check(Use::Write, budget::free())?;
    let formulation = Formulation::new(problem, &FormulationOptions::default())?;
    let model = formulation.model();
    let json = FormulateJson {
        rows: model.num_rows(),
        columns: model.num_vars(),
        integers: model.variables.iter().filter(|var| var.kind == VarKind::Integer).count(),
        nonzeros: model.num_nonzeros(),
        epsilon: formulation.epsilon(),
        points: problem.points.num_rows(),
        distinct_points: problem.points.len(),
        data: summary,
    };
    let summary = format!(
        "{} rows, {} columns ({} integer), {} non-zeros; epsilon {}",
        json.rows,
        json.columns,
        json.integers,
        json.nonzeros,
        bdnn::shortest(json.epsilon)
    );
    let text = match format {
        Format::Lp => milp::io::to_lp(model)?,
        Format::Mps => milp::io::to_mps(model)?,
    };
    match out {
        Some(file) => {
            file.write_packed(text.as_bytes())?;
            console.report(&format!("{summary}; written to {}", file.path().display()))?;
        }
        None => {
            console.note(&summary);
            console.stdout(|out| out.write_all(text.as_bytes()))?;
        }
    }
    console.json(&json)
}
