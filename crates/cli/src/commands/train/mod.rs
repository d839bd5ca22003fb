//! `heaviside train`: the best network of a given shape for a data file, with a proof of how good it is.

pub mod method;
mod report;

use crate::args::{DataArgs, LimitArgs, NetworkArgs, Prepared, ProblemArgs, SplitArgs};
use crate::console::Console;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::output::OutputFile;
use crate::progress::Table;
use bdnn::model::{Claim, Provenance};
use bdnn::{Model, Network, Problem, Training};
use clap::Args;
use method::{Choice, MethodName};
use std::path::{Path, PathBuf};

/// Train a network to proven optimality
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside train iris.csv --positive virginica                     a linear classifier\n  \
    heaviside train iris.csv --hidden 2 --test 0.2 --stratify --out iris.json\n  \
    heaviside train data.csv --label outcome --hidden 3 --time-limit 60 --json\n  \
    heaviside train data.csv --weights ternary --method milp --epsilon 0.001\n  \
    heaviside train digits.csv --hidden 50 --method local-search --time-limit 60\n  \
    heaviside train digits.csv --hidden 50 --weights ternary --method split --validation 0.25 --time-limit 60")]
pub struct TrainArgs {
    #[command(flatten)]
    data: DataArgs,

    #[command(flatten)]
    network: NetworkArgs,

    #[command(flatten)]
    problem: ProblemArgs,

    /// Engine
    #[arg(long, value_name = "METHOD", default_value = "auto", help_heading = "Search")]
    method: MethodName,

    /// Start from this model, trained on the same data
    #[arg(long, value_name = "MODEL.json", help_heading = "Search")]
    start: Option<PathBuf>,

    /// Write the model to this file
    #[arg(long, value_name = "MODEL.json", help_heading = "Output")]
    out: Option<PathBuf>,

    #[command(flatten)]
    split: SplitArgs,

    #[command(flatten)]
    limits: LimitArgs,
}

/// What a run was about and how it ended: all that the report and the JSON tell.
struct Trained<'a> {
    prepared: &'a Prepared,
    problem: &'a Problem,
    choice: Choice,
    training: Training,
}

/// Reads, trains, writes the model, reports.
pub fn run(args: &TrainArgs, console: &Console) -> Result<(), Failure> {
    let out = args.out.as_deref().map(OutputFile::prepare).transpose()?;
    let prepared = args.data.prepare(args.limits.seed)?;
    let mut problem = args.problem.problem(&prepared, &args.network);
    let choice = method::choose(args.method, &args.split, &prepared, &mut problem)?;
    let start = args.start.as_deref().map(|path| start_network(path, &prepared, &problem)).transpose()?;
    console.note(&report::headline(&prepared, &problem, &choice));

    let table = Table::new(console, Interrupt::install()?);
    let ended = method::train(choice, &problem, &args.limits.limits(), start.as_ref(), &table);
    table.finish();
    let (choice, training) = ended?;
    let trained = Trained { prepared: &prepared, problem: &problem, choice, training };

    let written = match (&out, &trained.training.network) {
        (Some(file), Some(network)) => {
            write_model(file, network, &trained, args)?;
            Some(file.path())
        }
        _ => None,
    };
    if let Some(details) = report::details(&trained) {
        console.detail(&details);
    }
    console.report(&report::report(&trained, written))?;
    if let (Some(file), None) = (&out, written) {
        console.warn(&format!("no network was found: {} is not written", file.path().display()));
    }
    console.json(&report::json(&trained))
}

/// The network of another model, if it was trained on features scaled the same way and has the shape wanted.
fn start_network(path: &Path, prepared: &Prepared, problem: &Problem) -> Result<Network, Failure> {
    let model = Model::read(path)?;
    let refuse = |message: &str| Err(Failure::Input(format!("{}: cannot start from it: {message}", path.display())));
    if model.schema.features != prepared.data.schema.features || model.schema.classes != prepared.data.schema.classes {
        return refuse("its features or classes are not those of the data");
    }
    if model.scaler != prepared.scaler {
        return refuse("its features are scaled otherwise; train on the same rows with the same --scale");
    }
    if model.network.widths() != problem.architecture.widths() {
        return refuse("its layers have other widths");
    }
    Ok(model.network)
}

/// The model with all that is needed to use it and to check the claim.
fn write_model(file: &OutputFile, network: &Network, trained: &Trained, args: &TrainArgs) -> Result<(), Failure> {
    let Trained { prepared, problem, choice, training } = trained;
    let model = Model {
        program: concat!("heaviside ", env!("CARGO_PKG_VERSION")).to_owned(),
        architecture: problem.architecture.clone(),
        network: network.clone(),
        scaling: args.data.scaling(),
        scaler: prepared.scaler.clone(),
        schema: prepared.data.schema.clone(),
        training: Provenance {
            method: choice.engine.as_str().to_owned(),
            loss: problem.loss,
            epsilon: problem.epsilon,
            robust: problem.robust,
            l0: problem.l0,
            l1: problem.l1,
            seed: args.limits.seed,
            kept_apart: args.data.fractions(),
            stratify: args.data.stratify,
            data_sha256: prepared.data.sha256(&prepared.split.train),
            rows: problem.points.num_rows(),
            distinct_points: problem.points.len(),
        },
        claim: Claim {
            status: training.status,
            loss: training.loss,
            objective: training.objective,
            bound: training.bound,
        },
    };
    let text = model.to_json().map_err(Failure::Internal)?;
    file.write(|out| out.write_all(text.as_bytes()))
}
