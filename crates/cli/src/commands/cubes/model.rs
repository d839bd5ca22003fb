//! `cubes MODEL.mps`: cubes of a model.

use super::options::{OF_CUBES, begin, beside, next};
use crate::args::LimitArgs;
use crate::commands::certified::side_of_bounds;
use crate::console::Console;
use crate::failure::Failure;
use crate::files::parent;
use crate::format::{self, Pairs, plural};
use heaviside::cubes::Places;
use heaviside::cubes::model::{Known, Made, ModelText, Plan};
use milp::Model;
use milp::io::Reading;
use serde::Serialize;
use std::path::Path;

/// What goes with a model, beside what goes with a cube.
const OF_MODELS: [&str; 4] = ["--out", "--seed", "--mip-gap", "--set"];

/// The object of `cubes --json` for a model.
#[derive(Serialize)]
struct CubesJson<'a> {
    cubes: usize,
    names: &'a [String],
    closed: usize,
    objective: Option<f64>,
    bound: f64,
    problem: &'a str,
    folder: &'a Path,
}

/// Divides a model into about so many cubes, writes them to a folder, reports.
pub fn run(
    path: &Path,
    (cubes, out): (usize, Option<&Path>),
    limits: &LimitArgs,
    console: &Console,
) -> Result<(), Failure> {
    if let Some(option) = beside(&[&OF_CUBES[..], &OF_MODELS].concat()) {
        return Err(Failure::Input(format!("{option} is an option of data files, not of models: leave it out")));
    }
    let settings = limits.settings();
    let is_other = |name: &str| !name.starts_with("milp.") && !name.starts_with("cubes.");
    if let Some((name, _)) = settings.iter().find(|(name, _)| is_other(name)) {
        let what = "cubes of a model are searched by the MILP solver, whose parameters begin with 'milp.'";
        return Err(Failure::Input(format!("--set {name}: {what}")));
    }
    let Some(folder) = out else {
        return Err(Failure::Input("--out JOBS is missing: the folder for the cubes".to_owned()));
    };
    let text = ModelText::of_file(path)?;
    let Reading { model, warnings } = text.read()?;
    for warning in &warnings {
        console.warn(&format!("{}:{}: {}", path.display(), warning.line, warning.message));
    }
    let (watch, limits) = begin(limits, console);
    let plan = Plan::of(&text, model, cubes, &limits, &mut &watch);
    watch.finish_table();
    let plan = plan?;
    plan.write(folder)?;
    tell(&plan.made(), plan.model(), folder, console)
}

/// A cube of a model is split.
pub fn again(cube: &Path, cubes: usize, limits: &LimitArgs, console: &Console) -> Result<(), Failure> {
    let folder = parent(cube);
    let known = Known::read(&Places::new(folder).problem())?;
    let (watch, limits) = begin(limits, console);
    let made = known.split_again(cube, cubes, &limits, &mut &watch);
    watch.finish_table();
    tell(&made?, &known.model, folder, console)
}

fn tell(made: &Made, model: &Model, folder: &Path, console: &Console) -> Result<(), Failure> {
    let Made { names, closed, objective, bound, problem } = made;
    let mut pairs = Pairs::default();
    pairs.push("cubes", format!("{}, and {} closed on the way", names.len(), plural(*closed as u64, "part")));
    pairs.push("best objective known", objective.map_or_else(|| "none".to_owned(), format::precise));
    pairs.push("bound", format::bound(*bound, side_of_bounds(model)));
    pairs.push("written to", folder.display().to_string());
    next(names, folder, &mut pairs);
    console.report(&pairs.to_string())?;
    let (closed, objective, bound) = (*closed, *objective, *bound);
    console.json(&CubesJson { cubes: names.len(), names, closed, objective, bound, problem, folder })
}
