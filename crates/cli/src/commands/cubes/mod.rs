//! `heaviside cubes`: a training problem, or a model, divided into parts that are searched one by one.

mod model;
mod options;

use crate::args::{DataArgs, LimitArgs, NetworkArgs, ProblemArgs, at_least_one};
use crate::console::Console;
use crate::failure::Failure;
use crate::files::{Files, parent};
use crate::format::{Pairs, plural};
use bdnn::data::NEVER;
use clap::Args;
use heaviside::cubes::{Known, Made, Places, Plan, Wish};
use heaviside::{Method, Model, Trainer};
use options::{OF_CUBES, begin, beside, next};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Divide a training problem, or a model, into cubes, which any scheduler can search
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    heaviside cubes data.csv --hidden 2 --cubes 64 --out JOBS\n  \
    parallel -j 8 heaviside train --threads 1 --cube {} ::: JOBS/cube-????.json\n  \
    heaviside merge JOBS --out model.json\n  \
    heaviside cubes JOBS/cube-0007.json --cubes 4                     split one that takes long\n  \
    heaviside cubes data.csv --hidden 2 --cubes 16 --out JOBS --proof   then: heaviside merge JOBS --proof DIR\n  \
    heaviside cubes model.mps --cubes 64 --out JOBS                   then: heaviside solve --cube JOBS/cube-0001.json, ..\n\n\
    docs/scale.md describes the files.")]
#[command(mut_arg("data", |data| {
    data.value_name("DATA.csv|MODEL.mps|CUBE.json").help("Data file, as `train` takes it; or a model (.mps, .lp), or a cube to split again")
}))]
pub struct CubesArgs {
    #[command(flatten)]
    data: DataArgs,

    /// Cubes wanted; there may be fewer
    #[arg(long, value_name = "N", default_value = "16", value_parser = at_least_one)]
    cubes: usize,

    /// Folder to write them to, made if it is not there
    #[arg(long, value_name = "JOBS", help_heading = "Output")]
    out: Option<PathBuf>,

    /// Whoever trains a cube writes its part of a proof, for `merge --proof`
    #[arg(long, help_heading = "Output")]
    proof: bool,

    #[command(flatten)]
    network: NetworkArgs,

    #[command(flatten)]
    problem: ProblemArgs,

    /// Start from this model, trained on the same data
    #[arg(long, value_name = "MODEL.json", help_heading = "Search")]
    start: Option<PathBuf>,

    #[command(flatten)]
    limits: LimitArgs,
}

impl CubesArgs {
    /// What it reads.
    pub fn files(&self) -> Files<'_> {
        Files::default()
            .input("DATA.csv", &self.data.data)
            .input("--start", &self.start)
            .cubes("--out", self.out.as_deref().unwrap_or_else(|| parent(&self.data.data)))
    }

    /// The limits; that on time counts from the start of the process.
    pub fn limits(&self) -> &LimitArgs {
        &self.limits
    }
}

/// The object of `cubes --json`.
#[derive(Serialize)]
struct CubesJson<'a> {
    cubes: usize,
    names: &'a [String],
    closed: usize,
    loss: Option<u64>,
    bound: u64,
    problem: &'a str,
    folder: &'a Path,
}

/// Divides, writes, reports.
pub fn run(args: &CubesArgs, console: &Console) -> Result<(), Failure> {
    let first = &args.data.data;
    if first.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        return again(args, first, console);
    }
    if milp::io::Format::of_path(first).is_some() {
        return model::run(first, (args.cubes, args.out.as_deref()), &args.limits, console);
    }
    let Some(folder) = &args.out else {
        return Err(Failure::Input("--out JOBS is missing: the folder for the cubes".to_owned()));
    };
    let data = args.data.read(NEVER)?;
    let trainer = args.problem.trainer(args.network.trainer(args.data.trainer(Trainer::new(), &data)?));
    let trainer = trainer.method(Method::Omt).limits(args.limits.limits());
    let trainer = match &args.start {
        Some(path) => trainer.start(Model::read(path)?),
        None => trainer,
    };
    let task = trainer.prepare(&data)?;
    args.data.summary(&task, NEVER)?.tell(console);
    let (watch, limits) = begin(&args.limits, console);
    let wish = Wish { cubes: args.cubes, proofs: args.proof };
    let plan = Plan::new(&task, wish, &limits, &watch);
    watch.finish_table();
    let plan = plan?;
    plan.write(folder)?;
    tell(&plan.made(), folder, console)
}

/// A cube that is split.
fn again(args: &CubesArgs, cube: &Path, console: &Console) -> Result<(), Failure> {
    if let Some(option) = beside(&OF_CUBES) {
        return Err(Failure::Input(format!(
            "{option} is an option of data files; a cube has its problem, and its folder"
        )));
    }
    let folder = parent(cube);
    if heaviside::cubes::model::is_model(folder)? {
        return model::again(cube, args.cubes, &args.limits, console);
    }
    let known = Known::read(&Places::beside(cube).problem())?;
    let (watch, limits) = begin(&args.limits, console);
    let made = known.split_again(cube, args.cubes, &limits, &watch);
    watch.finish_table();
    tell(&made?, folder, console)
}

fn tell(made: &Made, folder: &Path, console: &Console) -> Result<(), Failure> {
    let Made { names, closed, loss, bound, problem } = made;
    let mut pairs = Pairs::default();
    pairs.push("cubes", format!("{}, and {} refuted on the way", names.len(), plural(*closed as u64, "part")));
    pairs.push("best loss known", loss.map_or_else(|| "none".to_owned(), |loss| loss.to_string()));
    pairs.push("bound", bound.to_string());
    pairs.push("written to", folder.display().to_string());
    next(names, folder, &mut pairs);
    console.report(&pairs.to_string())?;
    console.json(&CubesJson { cubes: names.len(), names, closed: *closed, loss: *loss, bound: *bound, problem, folder })
}
