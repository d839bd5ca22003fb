//! `train --cube`: one cube of a problem that `cubes` has divided.

use crate::args::{CubeArgs, LimitArgs};
use crate::console::Console;
use crate::failure::Failure;
use crate::format::{Pairs, plural, seconds};
use crate::interrupt;
use crate::watch::Watch;
use heaviside::cubes::{CubeResult, Work, Worked};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The files of the worker.
fn work(args: &CubeArgs, cube: &Path, proof: Option<&PathBuf>) -> Result<Work, Failure> {
    let usual = Work::on(cube)?;
    let or = |given: Option<&PathBuf>, usual: PathBuf| given.cloned().unwrap_or(usual);
    // Where results go, something may be written.
    let state = usual.state.map(|(state, every)| match (&args.result, state.file_name()) {
        (Some(result), Some(name)) => (result.with_file_name(name), every),
        _ => (state, every),
    });
    Ok(Work {
        state,
        problem: or(args.problem.as_ref(), usual.problem),
        cube: usual.cube,
        incumbent: or(args.incumbent.as_ref(), usual.incumbent),
        result: or(args.result.as_ref(), usual.result),
        proof: or(proof, usual.proof),
    })
}

/// The object of `train --cube --json`.
#[derive(Serialize)]
struct CubeJson<'a> {
    status: &'a str,
    cube: &'a str,
    closed: bool,
    was_closed: bool,
    bound: Option<u64>,
    loss: Option<u64>,
    nodes: u64,
    conflicts: u64,
    lp_iterations: u64,
    seconds: f64,
    problem: &'a str,
    result: &'a Path,
    incumbent: &'a Path,
    proof: Option<&'a Path>,
}

/// The object of a cube that was not begun.
pub const NO_RESULT: &str = r#"{"status":"STATUS","cube":null,"closed":false,"was_closed":false,"bound":0,"loss":null,"nodes":0,"conflicts":0,"lp_iterations":0,"seconds":0.0,"problem":null,"result":null,"incumbent":null,"proof":null}"#;

/// Searches the cube within the limits, and says what came of it; `proof` is the folder for its part of a proof, if one is named.
pub fn run(
    args: &CubeArgs,
    cube: &Path,
    (limits, proof): (&LimitArgs, Option<&PathBuf>),
    console: &Console,
) -> Result<(), Failure> {
    let work = work(args, cube, proof)?;
    // Until the run begins, its limits and signals end the process (see `interrupt`): nothing has to ask.
    let opened = work.open()?;
    let interrupt = interrupt::attend();
    let watch = Watch::new(console, interrupt, None);
    let mut limits = limits.limits();
    limits.time = interrupt::left(limits.time);
    budget::leave_to_the_system();
    let worked = opened.run(&limits, &watch);
    watch.finish_table();
    let Worked { result, was_closed } = worked?;
    let proof = work.proof.is_dir().then_some(&*work.proof);
    console.report(&report(&result, was_closed, &work))?;
    console.json(&CubeJson {
        status: &result.status,
        cube: &result.cube,
        closed: result.is_closed(),
        was_closed,
        bound: result.bound,
        loss: result.loss,
        nodes: result.nodes,
        conflicts: result.conflicts,
        lp_iterations: result.lp_iterations,
        seconds: result.seconds,
        problem: &result.problem,
        result: &work.result,
        incumbent: &work.incumbent,
        proof,
    })
}

fn report(result: &CubeResult, was_closed: bool, work: &Work) -> String {
    let mut pairs = Pairs::default();
    let status = if was_closed { "closed by an earlier run; nothing was left to do" } else { &result.status };
    pairs.push(format!("cube {}", result.cube), status);
    pairs.push("bound", result.bound.map_or_else(|| "no network in this cube".to_owned(), |bound| bound.to_string()));
    pairs.push("best loss known", result.loss.map_or_else(|| "none".to_owned(), |loss| loss.to_string()));
    pairs.push("work", format!("{} in {}", plural(result.conflicts, "conflict"), seconds(result.seconds)));
    pairs.push("written to", work.result.display().to_string());
    pairs.to_string()
}
