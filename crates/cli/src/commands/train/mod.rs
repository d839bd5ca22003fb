//! `heaviside train`: the best network of a given shape for a data file, with a proof of how good it is.

mod certificate;
mod folder;
pub mod method;
mod model;
mod parts;
pub mod problem;
mod proof;
mod report;

use crate::args::{DataArgs, LimitArgs, NetworkArgs, Prepared, ProblemArgs, SplitArgs};
use crate::console::Console;
use crate::failure::Failure;
use crate::files;
use crate::interrupt;
use crate::output::OutputFile;
use crate::progress::{Table, with_legend};
use bdnn::data::NEVER;
use bdnn::{Limits, Model, Network, Problem, Progress, Training, milp_training};
use clap::Args;
use folder::ProofFolder;
use method::{Choice, Engine, MethodName};
use parts::Parts;
use std::path::{Path, PathBuf};

pub use model::PROGRAM;

/// Train a network to proven optimality
#[derive(Args, Debug)]
#[command(after_help = with_legend("Examples:\n  \
    heaviside train iris.csv --positive virginica                     a linear classifier\n  \
    heaviside train iris.csv --hidden 2 --test 0.2 --stratify --out iris.json\n  \
    heaviside train data.csv --label outcome --hidden 3 --time-limit 60 --json\n  \
    heaviside train iris.csv --positive virginica --proof DIR         then: heaviside check proof DIR\n  \
    heaviside train data.csv --hidden 2 --proof DIR --compress        the same with packed files\n  \
    heaviside train data.csv --weights ternary --method milp --epsilon 0.001\n  \
    heaviside train data.csv --hidden 2 --method milp --proof DIR     then: heaviside check proof DIR\n  \
    heaviside train digits.csv --hidden 50 --method local-search --time-limit 60\n  \
    heaviside train digits.csv --hidden 50 --weights ternary --method split --validation 0.25 --time-limit 60"))]
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
    split: SplitArgs,

    #[command(flatten)]
    limits: LimitArgs,
}

impl TrainArgs {
    /// What it reads and writes.
    pub fn files(&self) -> files::Files<'_> {
        files::Files::default()
            .input("DATA.csv", &self.data.data)
            .input("--start", &self.start)
            .output("--out", &self.out)
            .proof("--proof", &self.proof)
    }
}

/// What a run was about and how it ended: all that the report and the JSON tell.
struct Trained<'a> {
    prepared: &'a Prepared,
    problem: &'a Problem,
    choice: Choice,
    training: Training,
    /// How the network does on each part of the data, if there is one.
    parts: Option<Parts>,
    /// Empty where no file asks for them.
    digests: Digests,
}

/// What the data are known by.
#[derive(Default)]
struct Digests {
    /// Of the rows that train.
    training: String,
    /// Of all rows, where some are kept apart.
    all: Option<String>,
}

impl Digests {
    fn of(prepared: &Prepared) -> Self {
        let (data, split) = (&prepared.data, &prepared.split);
        let whole = split.test.is_empty() && split.validation.is_empty();
        Self { training: data.sha256(&split.train), all: (!whole).then(|| data.sha256(&data.all())) }
    }
}

/// Where `--proof` goes, by engine.
struct Folder {
    place: ProofFolder,
    files: Files,
}

enum Files {
    Boolean(omt::proof::Folder),
    Certificate(certificate::Folder),
}

/// What is left to write after the run.
enum Proof {
    Boolean(omt::proof::Written),
    Certificate(Box<milp_training::Proof>),
}

/// What the folder holds in the end.
struct Proven {
    /// The object `proof` of the JSON.
    json: report::ProofJson,
    /// What is proven, and the size.
    summary: String,
    /// Who checks it, and how.
    checks: String,
}

impl TrainArgs {
    /// Seconds from the start of the process.
    pub fn time_limit(&self) -> Option<f64> {
        self.limits.time_limit
    }
}

impl Folder {
    fn prepare(path: &Path, packed: bool, engine: Engine, problem: &Problem) -> Result<Self, Failure> {
        if engine != Engine::Milp {
            proof::supports(problem)?;
        }
        let place = ProofFolder::prepare(path)?;
        let files = match engine {
            Engine::Milp => Files::Certificate(certificate::Folder::new(place.work(), packed)),
            _ => Files::Boolean(omt::proof::Folder::create(place.work(), packed)?),
        };
        Ok(Self { place, files })
    }

    fn train(
        &self,
        problem: &Problem,
        limits: &Limits,
        start: Option<&Network>,
        progress: &dyn Progress,
    ) -> Result<(Training, Proof), Failure> {
        match &self.files {
            Files::Boolean(folder) => proof::train(folder, problem, limits, start, progress)
                .map(|(training, written)| (training, Proof::Boolean(written))),
            Files::Certificate(folder) => certificate::train(folder, problem, limits, start, progress)
                .map(|(training, proof)| (training, Proof::Certificate(Box::new(proof)))),
        }
    }

    /// Writes the rest, and puts the folder in its place.
    fn write(self, proof: Proof, trained: &Trained, args: &TrainArgs, console: &Console) -> Result<Proven, Failure> {
        let Self { place, files } = self;
        let target = place.target();
        let proven = match (&files, proof) {
            (Files::Boolean(folder), Proof::Boolean(written)) => proof::write(folder, target, &written, trained, args),
            (Files::Certificate(folder), Proof::Certificate(proof)) => {
                certificate::write(folder, target, *proof, trained, args, console)
            }
            _ => Err(Failure::Internal("a proof of another engine than its folder".to_owned())),
        }?;
        place.publish()?;
        Ok(proven)
    }
}

/// The object of a run that is over before it begins.
pub const NO_RESULT: &str = r#"{"status":"STATUS","method":null,"loss":null,"bound":0.0,"gap":null,"errors":null,"accuracy":null,"epsilon":null,"points":null,"distinct_points":null,"nodes":0,"conflicts":0,"lp_iterations":0,"seconds":0.0,"network":null,"test":null,"validation":null,"data":null}"#;

/// Reads, trains, writes the model, reports.
pub fn run(args: &TrainArgs, console: &Console) -> Result<(), Failure> {
    let out = args.out.as_deref().map(OutputFile::prepare).transpose()?;
    // Until the run begins, its limit and signals end the process (see `interrupt`): nothing has to ask.
    let (prepared, points) = args.data.prepare(args.limits.seed, NEVER)?;
    prepared.summary.tell(console);
    args.network.check(prepared.data.num_features(), prepared.data.num_classes(), points.len())?;
    let mut problem = args.problem.problem(&prepared, points, &args.network);
    problem.check()?;
    let method = if args.proof.is_some() { args.method.that_proves()? } else { args.method };
    let choice = method::choose(method, &args.split, &prepared, &mut problem)?;
    let folder = args.proof.as_deref().map(|path| Folder::prepare(path, args.compress, choice.engine, &problem));
    let folder = folder.transpose()?;
    let start = args.start.as_deref().map(|path| start_network(path, &prepared, &problem)).transpose()?;
    console.note(&report::headline(&prepared, &problem, &choice));

    // What is needed after the run and does not depend on it belongs before it, where the limit sees it.
    let identified = args.out.is_some() || args.proof.is_some();
    let digests = if identified { Digests::of(&prepared) } else { Digests::default() };
    let ending = parts::seconds(&prepared, &problem);
    let table = Table::new(console, interrupt::attend());
    let mut limits = args.limits.limits();
    limits.time = (interrupt::left(limits.time) - ending).max(0.0);
    let ended = match &folder {
        Some(folder) => folder
            .train(&problem, &limits, start.as_ref(), &table)
            .map(|(training, proof)| (choice, training, Some(proof))),
        None => method::train(choice, &problem, &limits, start.as_ref(), &table)
            .map(|(choice, training)| (choice, training, None)),
    };
    table.finish();
    let (choice, training, proof) = ended?;
    let parts = training.network.as_ref().map(|network| Parts::of(&prepared, &problem, network, training.loss));
    let trained = Trained { prepared: &prepared, problem: &problem, choice, training, parts, digests };
    let proven = folder.zip(proof).map(|(folder, proof)| folder.write(proof, &trained, args, console)).transpose()?;

    let written = match (&out, &trained.training.network) {
        (Some(file), Some(network)) => {
            let text = model::of(network, &trained, args).to_json().map_err(Failure::Internal)?;
            file.write(|out| out.write_all(text.as_bytes()))?;
            Some(file.path())
        }
        _ => None,
    };
    if let Some(details) = report::details(&trained) {
        console.detail(&details);
    }
    console.report(&report::report(&trained, written, proven.as_ref()))?;
    if let (Some(file), None) = (&out, written) {
        console.warn(&format!("no network was found: {} is not written", file.path().display()));
    }
    console.json(&report::json(&trained, proven.map(|proven| proven.json)))
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
