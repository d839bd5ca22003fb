//! One file a command; each has its options and a `run`.

use crate::args::LimitArgs;
use crate::console::Console;
use crate::failure::Failure;
use crate::files::Files;
use crate::global::GlobalArgs;
use crate::interrupt::{self, Early, Words};
use clap::{CommandFactory, Parser, Subcommand};
use std::ffi::{OsStr, OsString};

mod certified;
mod check;
mod completions;
mod cubes;
mod elaborate;
mod evaluate;
mod experiment;
mod export;
mod formulate;
mod man;
mod merge;
mod parameters;
mod predict;
mod report;
mod solve;
mod train;
mod values;

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
    Train(Box<train::TrainArgs>), // it has twice as many options as any other
    Cubes(Box<cubes::CubesArgs>),
    Merge(merge::MergeArgs),
    Predict(predict::PredictArgs),
    Evaluate(evaluate::EvaluateArgs),
    Export(export::ExportArgs),
    Formulate(formulate::FormulateArgs),
    Solve(solve::SolveArgs),
    Parameters(parameters::ParametersArgs),
    Report(report::ReportArgs),
    Check(check::CheckArgs),
    Elaborate(elaborate::ElaborateArgs),
    Experiment(experiment::ExperimentArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Reads the command line of this process.
pub fn parse() -> Result<Cli, clap::Error> {
    Cli::try_parse_from(with_numbers(std::env::args_os()))
}

/// A negative number is the value of the option before it, which says what it takes: no option begins like a number.
fn with_numbers(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut joined: Vec<OsString> = Vec::new();
    let mut are_files = false;
    for word in words {
        are_files |= word == "--";
        match joined.last_mut() {
            Some(option) if !are_files && is_negative(&word) && is_option(option) => {
                option.push("=");
                option.push(word);
            }
            _ => joined.push(word),
        }
    }
    joined
}

/// Whether a word is an option without a value.
fn is_option(word: &OsStr) -> bool {
    word.to_str().is_some_and(|word| word.len() > 2 && word.starts_with("--") && !word.contains('='))
}

/// Whether a word begins like a negative number, or is one.
fn is_negative(word: &OsStr) -> bool {
    let number = word.to_str().and_then(|word| word.strip_prefix('-'));
    let begins = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    number.is_some_and(|rest| begins(rest) || rest.parse::<f64>().is_ok())
}

/// Runs the command that was asked for, and gives its exit code.
pub fn run(cli: &Cli) -> Result<u8, Failure> {
    let files = cli.command.files();
    let end_early = |limits: &LimitArgs, json| {
        let json = cli.global.json.then_some(json);
        let words = Early { json, log: cli.global.log.clone(), unwritten: files.unwritten() };
        interrupt::early(Words::Best(words), limits.time_limit, limits.memory_limit);
    };
    match &cli.command {
        Command::Train(args) => end_early(args.limits(), args.no_result()),
        Command::Solve(args) => end_early(args.limits(), args.no_result()),
        Command::Evaluate(args) => interrupt::early(Words::Nothing("written"), args.time_limit(), None),
        // Checks listen for themselves: what they have not finished is not proven.
        Command::Check(_) => {}
        Command::Cubes(args) => {
            let limits = args.limits();
            interrupt::early(Words::Nothing("written"), limits.time_limit, limits.memory_limit);
        }
        Command::Merge(_) => interrupt::early(Words::Nothing("merged"), None, None),
        _ => interrupt::early(Words::Nothing("written"), None, None),
    }
    if let Some(count) = cli.command.threads() {
        bind_threads(count)?;
    }
    let stdout_taken = files.take_stdout();
    files.check(&cli.global)?;
    let console = Console::new(&cli.global, stdout_taken)?;
    let done = match &cli.command {
        Command::Train(args) => train::run(args, &console),
        Command::Cubes(args) => cubes::run(args, &console),
        Command::Merge(args) => merge::run(args, &console),
        Command::Predict(args) => predict::run(args, &console),
        Command::Evaluate(args) => evaluate::run(args, &console),
        Command::Export(args) => export::run(args, &console),
        Command::Formulate(args) => formulate::run(args, &console),
        Command::Solve(args) => solve::run(args, &console),
        Command::Parameters(args) => parameters::run(args, &console),
        Command::Report(args) => report::run(args, &console),
        Command::Check(args) => check::run(args, &console),
        Command::Elaborate(args) => elaborate::run(args, &console),
        Command::Experiment(args) => experiment::run(args, &console),
        Command::Completions(args) => completions::run(args, Cli::command(), &console),
        Command::Man(args) => man::run(args, Cli::command(), &console),
    };
    Ok(console.finish(done))
}

/// Binds whatever has no pool of its own (exact forward passes, learning) to this number of threads; call once.
fn bind_threads(count: u16) -> Result<(), Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(budget::useful_threads(count.into()));
    pool.build_global().map_err(|error| Failure::Input(format!("--threads {count}: {error}; ask for fewer")))
}

impl Command {
    /// The number of threads that was asked for.
    fn threads(&self) -> Option<u16> {
        match self {
            Self::Train(args) => args.limits().threads,
            Self::Cubes(args) => args.limits().threads,
            Self::Solve(args) => args.limits().threads,
            Self::Evaluate(args) => args.threads(),
            Self::Experiment(args) => args.threads(),
            Self::Merge(_)
            | Self::Predict(_)
            | Self::Export(_)
            | Self::Formulate(_)
            | Self::Parameters(_)
            | Self::Report(_)
            | Self::Check(_)
            | Self::Elaborate(_)
            | Self::Completions(_)
            | Self::Man(_) => None,
        }
    }

    /// What it reads and writes.
    fn files(&self) -> Files<'_> {
        match self {
            Self::Train(args) => args.files(),
            Self::Cubes(args) => args.files(),
            Self::Merge(args) => args.files(),
            Self::Predict(args) => args.files(),
            Self::Evaluate(args) => args.files(),
            Self::Export(args) => args.files(),
            Self::Formulate(args) => args.files(),
            Self::Solve(args) => args.files(),
            Self::Parameters(_) | Self::Completions(_) | Self::Man(_) => Files::default(),
            Self::Report(args) => args.files(),
            Self::Check(args) => args.files(),
            Self::Elaborate(args) => args.files(),
            Self::Experiment(args) => args.files(),
        }
    }
}
