//! `heaviside train`: the best network of a given shape for a data file, with a proof of how good it is.

mod cube;
mod error_limits;
mod folds;
mod method;
mod network;
mod report;
mod solutions;
mod traced;
mod units;

use crate::args::{CheckpointArgs, CubeArgs, DataArgs, LimitArgs, NetworkArgs, ProblemArgs, SplitArgs, TraceArgs};
use crate::console::Console;
use crate::failure::Failure;
use crate::files;
use crate::format;
use crate::interrupt;
use crate::output::OutputFile;
use crate::progress::{LETTERS, with_legend};
use crate::watch::{Ended, Watch};
use bdnn::data::NEVER;
use clap::Args;
use clap::builder::ArgPredicate;
use folds::FoldArgs;
use heaviside::{Dataset, Model, Trainer};
use method::MethodName;
use solutions::SolutionArgs;
use std::path::PathBuf;

/// Train a network to proven optimality
#[derive(Args, Debug)]
#[command(after_help = with_legend(LETTERS, "Examples:\n  \
    heaviside train iris.csv --positive virginica                     a linear classifier\n  \
    heaviside train iris.csv --hidden 2 --test 0.2 --stratify --out iris.json\n  \
    heaviside train iris.csv --hidden 2 --folds 10 --stratify         accuracy on rows that did not train: mean, deviation\n  \
    heaviside train data.csv --label outcome --hidden 3 --time-limit 60 --json\n  \
    heaviside train iris.csv --positive virginica --proof DIR         then: heaviside check proof DIR\n  \
    heaviside train data.csv --hidden 2 --proof DIR --compress        the same with packed files\n  \
    heaviside train iris.csv --positive virginica --solutions 5       the five best labellings, and what is proven of others
  \
    heaviside train data.csv --weights ternary --method milp --epsilon 0.001\n  \
    heaviside train data.csv --hidden 2 --method milp --proof DIR     then: heaviside check proof DIR\n  \
    heaviside train digits.csv --hidden 50 --method local-search --time-limit 60\n  \
    heaviside train --cube JOBS/cube-0001.json                        one part of what `heaviside cubes` has divided\n  \
    heaviside train digits.csv --hidden 50 --checkpoint run.ckpt      then, after a limit or a signal, the same with --resume run.ckpt\n  \
    heaviside train digits.csv --hidden 50 --weights ternary --method split --validation 0.25 --time-limit 60"))]
#[command(mut_arg("cube", |cube| cube.conflicts_with_all([
    "data", "DataArgs", "RowArgs", "NetworkArgs", "ProblemArgs", "SplitArgs", "FoldArgs", "SolutionArgs", "TraceArgs",
    "CheckpointArgs",
    "method", "start", "out", "compress", "seed", "mip_gap", "set",
])))]
#[command(mut_arg("data", |data| {
    data.required(false).required_unless_present("cube").default_value_if("cube", ArgPredicate::IsPresent, "-")
}))]
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

    /// Write a proof of the bound to this folder, for `check proof`; for its parts VeriPB or, with --method milp, viprchk
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    proof: Option<PathBuf>,

    /// Compress the proof (gzip) as it is written; the checks read it so, VeriPB and viprchk need it unpacked
    #[arg(long, requires = "proof", help_heading = "Output")]
    compress: bool,

    #[command(flatten)]
    trace: TraceArgs,

    #[command(flatten)]
    solutions: SolutionArgs,

    #[command(flatten)]
    folds: FoldArgs,

    #[command(flatten)]
    split: SplitArgs,

    #[command(flatten)]
    cube: CubeArgs,

    #[command(flatten)]
    limits: LimitArgs,

    #[command(flatten)]
    checkpoint: CheckpointArgs,
}

impl TrainArgs {
    /// What it reads and writes.
    pub fn files(&self) -> files::Files<'_> {
        if self.cube.cube.is_some() {
            return self.cube.files().proof("--proof", &self.proof);
        }
        files::Files::default()
            .input("DATA.csv", &self.data.data)
            .input("--start", &self.start)
            .input("--resume", self.checkpoint.only_read())
            .output("--out", &self.out)
            .output("--solutions-dir", &self.solutions.solutions_dir)
            .output("--trace", &self.trace.trace)
            .output("--checkpoint", &self.checkpoint.checkpoint)
            .proof("--proof", &self.proof)
    }
}

impl TrainArgs {
    fn trainer(&self, data: &Dataset) -> Result<Trainer, Failure> {
        let trainer = self.problem.trainer(self.network.trainer(self.data.trainer(Trainer::new(), data)?));
        let trainer = trainer.method(self.method.method(&self.split)?).limits(self.limits.limits());
        let trainer = match &self.start {
            Some(path) => trainer.start(Model::read(path)?),
            None => trainer,
        };
        let trainer = self.solutions.trainer(trainer);
        let trainer = match &self.checkpoint.checkpoint {
            Some(file) => trainer.checkpoint(file, self.checkpoint.checkpoint_every),
            None => trainer,
        };
        let trainer = match self.checkpoint.resume() {
            Some(file) => trainer.resume(file),
            None => trainer,
        };
        let models = self.out.is_some() || self.solutions.solutions_dir.is_some();
        let trainer = if models { trainer } else { trainer.without_model() };
        Ok(match &self.proof {
            Some(folder) => trainer.prove(folder, self.compress),
            None => trainer,
        })
    }

    /// The object of a run that is over before it begins.
    pub fn no_result(&self) -> &'static str {
        if self.cube.cube.is_some() { cube::NO_RESULT } else { NO_RESULT }
    }

    /// What is wrong, with the file that is to blame.
    fn explain(&self, error: heaviside::Error) -> Failure {
        match (error, &self.start) {
            (heaviside::Error::Start(why), Some(path)) => {
                Failure::Input(format!("{}: cannot start from it: {why}", path.display()))
            }
            (error, _) => error.into(),
        }
    }

    /// The limits; that on time counts from the start of the process.
    pub fn limits(&self) -> &LimitArgs {
        &self.limits
    }
}

/// The object of a run that is over before it begins.
const NO_RESULT: &str = r#"{"status":"STATUS","method":null,"loss":null,"bound":0.0,"gap":null,"errors":null,"accuracy":null,"epsilon":null,"points":null,"distinct_points":null,"nodes":0,"conflicts":0,"lp_iterations":0,"seconds":0.0,"network":null,"scaler":null,"schema":null,"test":null,"validation":null,"data":null}"#;

/// Reads, trains, writes the model, reports.
pub fn run(args: &TrainArgs, console: &Console) -> Result<(), Failure> {
    if let Some(cube) = &args.cube.cube {
        return cube::run(&args.cube, cube, (&args.limits, args.proof.as_ref()), console);
    }
    let out = args.out.as_deref().map(OutputFile::prepare).transpose()?;
    let trace_file = args.trace.prepare()?;
    args.solutions.check()?;
    args.checkpoint.check(!args.folds.are_none(), args.trace.trace.is_some())?;
    if let Some(folder) = &args.proof {
        interrupt::unfinished_proof(folder);
    }
    // Until the run begins, its limit and signals end the process (see `interrupt`): nothing has to ask.
    let data = args.data.read(NEVER)?;
    let trainer = args.trainer(&data)?;
    args.folds.check(&trainer, &data)?;
    let task = trainer.prepare(&data).map_err(|error| args.explain(error))?;
    let summary = args.data.summary(&task, NEVER)?;
    summary.tell(console);
    console.note(&report::headline(&task));
    if let (Some(file), Some(seconds)) = (args.checkpoint.resume(), task.resumed_after()) {
        console.note(&format!("resumed from {} after {}", file.display(), format::seconds(seconds)));
    }
    if let Some(warning) = report::added_margin(&task) {
        console.warn(&warning);
    }

    let interrupt = interrupt::attend();
    let watch = Watch::new(
        console,
        interrupt,
        args.trace.begin(trace_file, || {
            traced::start(&args.data.data, &args.limits, [args.start.is_some(), args.proof.is_some()], &task)
        })?,
    );
    let mut limits = args.limits.limits();
    limits.time = args.folds.share(interrupt::left(limits.time));
    if args.folds.are_none() {
        budget::leave_to_the_system();
    }
    let trained = task.train(&limits, &watch);
    watch.finish_table();
    let trained = trained?;
    let training = trained.training();
    let objective = training.network.as_ref().map(|_| training.objective);
    let ended = Ended { status: training.status.as_str(), objective, bound: training.bound };
    watch.network(|| network::network(&task, &trained, interrupt, args.limits.time_limit));
    let traced = watch.finish_trace(ended, traced::statistics(training));

    let written = match (&out, trained.model()) {
        (Some(file), Ok(model)) => {
            let text = model.to_json().map_err(Failure::Internal)?;
            console.hold(file.write(|out| out.write_all(text.as_bytes()))).map(|()| file.path())
        }
        _ => None,
    };
    let folder = console.hold(args.solutions.write(&trained)).flatten();
    // What is trained is written before more is begun.
    let folds = console.hold(args.folds.run(&trainer, &data, &args.limits, console)).flatten();
    if let Some(details) = report::details(&trained) {
        console.detail(&details);
    }
    if let Some(warning) = report::uncertified(&trained) {
        console.warn(&warning);
    }
    if let (Some(folder), None) = (&args.proof, trained.proof()) {
        let (folder, work) = (folder.display(), &training.statistics);
        let why = if work.nodes + work.conflicts + work.lp_iterations > 0 {
            "the run ended before its proof was written down"
        } else {
            "the run ended before its search began: there is nothing to prove"
        };
        console.warn(&format!("{why}, and {folder} is not written"));
    }
    let run = report::Run { task: &task, trained: &trained, folds: folds.as_ref(), data: &summary };
    console.report(&report::report(&run, written, folder))?;
    if let (Some(file), Err(_)) = (&out, trained.model()) {
        console.warn(&format!("no network was found: {} is not written", file.path().display()));
    }
    console.hold(traced);
    console.json(&report::json(&run))
}
