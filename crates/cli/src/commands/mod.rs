//! One file a command; each has its options and a `run`.

use crate::args::GlobalArgs;
use crate::console::Console;
use crate::failure::Failure;
use clap::{Parser, Subcommand};

mod certified;
mod check;
mod evaluate;
mod experiment;
mod formulate;
mod predict;
mod solve;
mod train;

/// Train networks with binary activations to proven optimality.
#[derive(Parser, Debug)]
#[command(name = "heaviside", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 done (also when a limit stopped the run: read the status), 1 a check failed,\n\
    2 bad usage or bad input, 3 internal or numerical failure.\n\n\
    `heaviside COMMAND --help` shows the options of a command and examples.")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    #[command(flatten)]
    global: GlobalArgs,
}

#[derive(Subcommand, Debug)]
enum Command {
    Train(train::TrainArgs),
    Predict(predict::PredictArgs),
    Evaluate(evaluate::EvaluateArgs),
    Formulate(formulate::FormulateArgs),
    Solve(solve::SolveArgs),
    Check(check::CheckArgs),
    Experiment(experiment::ExperimentArgs),
}

/// Runs the command that was asked for.
pub fn run(cli: &Cli) -> Result<(), Failure> {
    let console = Console::new(&cli.global)?;
    match &cli.command {
        Command::Train(args) => train::run(args, &console),
        Command::Predict(args) => predict::run(args, &console),
        Command::Evaluate(args) => evaluate::run(args, &console),
        Command::Formulate(args) => formulate::run(args, &console),
        Command::Solve(args) => solve::run(args, &console),
        Command::Check(args) => check::run(args, &console),
        Command::Experiment(args) => experiment::run(args, &console),
    }
}
