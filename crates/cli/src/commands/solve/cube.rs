//! `solve --cube`: one cube of a model that `cubes` has divided.

use crate::args::{CubeArgs, LimitArgs};
use crate::console::Console;
use crate::failure::Failure;
use crate::format::{Pairs, plural, precise, seconds};
use crate::interrupt;
use crate::watch::Watch;
use heaviside::cubes::model::{ModelResult, Work, Worked};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The object of `solve --cube --json`.
#[derive(Serialize)]
struct CubeJson<'a> {
    status: &'a str,
    cube: &'a str,
    closed: bool,
    was_closed: bool,
    bound: Option<f64>,
    objective: Option<f64>,
    nodes: u64,
    lp_iterations: u64,
    seconds: f64,
    problem: &'a str,
    result: &'a Path,
    incumbent: &'a Path,
}

/// The object of a cube that was not begun.
pub const NO_RESULT: &str = r#"{"status":"STATUS","cube":null,"closed":false,"was_closed":false,"bound":null,"objective":null,"nodes":0,"lp_iterations":0,"seconds":0.0,"problem":null,"result":null,"incumbent":null}"#;

/// Searches the cube within the limits, and says what came of it.
pub fn run(args: &CubeArgs, cube: &Path, limits: &LimitArgs, console: &Console) -> Result<(), Failure> {
    let usual = Work::on(cube)?;
    let or = |given: Option<&PathBuf>, usual: PathBuf| given.cloned().unwrap_or(usual);
    let work = Work {
        problem: or(args.problem.as_ref(), usual.problem),
        cube: usual.cube,
        incumbent: or(args.incumbent.as_ref(), usual.incumbent),
        result: or(args.result.as_ref(), usual.result),
    };
    // Until the run begins, its limits and signals end the process (see `interrupt`): nothing has to ask.
    let opened = work.open()?;
    let watch = Watch::new(console, interrupt::attend(), None);
    let mut limits = limits.limits();
    limits.time = interrupt::left(limits.time);
    let worked = opened.run(&limits, &mut &watch);
    watch.finish_table();
    let Worked { result, was_closed } = worked?;
    console.report(&report(&result, was_closed, &work))?;
    console.json(&CubeJson {
        status: &result.status,
        cube: &result.cube,
        closed: result.is_closed(),
        was_closed,
        bound: result.bound,
        objective: result.objective,
        nodes: result.nodes,
        lp_iterations: result.lp_iterations,
        seconds: result.seconds,
        problem: &result.problem,
        result: &work.result,
        incumbent: &work.incumbent,
    })
}

fn report(result: &ModelResult, was_closed: bool, work: &Work) -> String {
    let mut pairs = Pairs::default();
    let status = if was_closed { "closed by an earlier run; nothing was left to do" } else { &result.status };
    pairs.push(format!("cube {}", result.cube), status);
    let none = match (result.ray.is_some(), result.is_closed()) {
        (true, _) => "none: better and better points are in this cube",
        (false, true) => "no point in this cube",
        (false, false) => "nothing is proven",
    };
    pairs.push("bound", result.bound.map_or_else(|| none.to_owned(), |bound| bound.to_string()));
    pairs.push("best objective known", result.objective.map_or_else(|| "none".to_owned(), precise));
    pairs.push("work", format!("{} in {}", plural(result.nodes, "node"), seconds(result.seconds)));
    pairs.push("written to", work.result.display().to_string());
    pairs.to_string()
}
