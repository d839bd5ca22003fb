//! `merge` for cubes of a model.

use super::open::list;
use crate::commands::certified::side_of_bounds;
use crate::commands::values::Values;
use crate::console::Console;
use crate::failure::Failure;
use crate::format::{self, Pairs, plural, seconds};
use crate::interrupt;
use crate::output::OutputFile;
use budget::never;
use heaviside::cubes::OpenCube;
use heaviside::cubes::model::{Answer, Merged, Point, merge};
use serde::Serialize;
use std::path::Path;

/// The object of `merge --json` for a model.
#[derive(Serialize)]
struct MergeJson<'a> {
    status: &'static str,
    verified: &'static str,
    objective: Option<f64>,
    /// With all digits, where the float has not got them.
    #[serde(skip_serializing_if = "Option::is_none")]
    exact_objective: Option<String>,
    bound: f64,
    gap: f64,
    leaves: usize,
    closed: usize,
    open: Vec<OpenJson<'a>>,
    nodes: u64,
    lp_iterations: u64,
    seconds: f64,
    solution: Option<Values<'a>>,
}

#[derive(Serialize)]
struct OpenJson<'a> {
    cube: &'a str,
    status: &'a str,
    bound: f64,
}

/// Reads, compares, writes, reports.
pub fn run(folder: &Path, solution: Option<&Path>, console: &Console) -> Result<(), Failure> {
    let file = solution.map(OutputFile::prepare).transpose()?;
    // Until something is written, a signal ends the process (see `interrupt`): nothing has to ask.
    let merged = merge(folder, &never)?;
    interrupt::attend();
    let Merged { answer, verified, model, point, objective, bound, leaves, closed, open, .. } = &merged;
    let written = match (&file, point) {
        (Some(file), Some(point)) => {
            let text = milp::io::to_solution(model, &point.values, point.exact.as_deref());
            console.hold(file.write(|out| out.write_all(text.as_bytes()))).map(|()| file.name())
        }
        (Some(file), None) => {
            console.warn(&format!("no solution is known: {} is not written", file.name()));
            None
        }
        (None, _) => None,
    };
    let exact = |point: &Point| milp::io::unrounded_objective(model, &point.values, point.exact.as_deref());
    let exact_objective = point.as_ref().filter(|_| *answer != Answer::Unbounded).and_then(exact);
    console.report(&report(&merged, exact_objective.as_deref(), written))?;
    console.json(&MergeJson {
        status: answer.as_str(),
        verified: verified.as_str(),
        objective: *objective,
        exact_objective,
        bound: *bound,
        gap: merged.gap(),
        leaves: *leaves,
        closed: *closed,
        open: open
            .iter()
            .map(|OpenCube { name, status, bound }| OpenJson { cube: name, status, bound: *bound })
            .collect(),
        nodes: merged.nodes,
        lp_iterations: merged.lp_iterations,
        seconds: merged.seconds,
        solution: point.as_ref().map(|point| Values { model, point: &point.values }),
    })
}

fn report(merged: &Merged, exact: Option<&str>, written: Option<String>) -> String {
    let Merged { answer, verified, objective, bound, leaves, closed, open, .. } = merged;
    let side = side_of_bounds(&merged.model);
    let mut pairs = Pairs::default();
    pairs.push("status", answer.as_str());
    pairs.push("verified", verified.as_str());
    pairs.push("objective", format::objective(*objective, exact));
    pairs
        .push("bound", if *answer == Answer::Infeasible { "no point".to_owned() } else { format::bound(*bound, side) });
    pairs.push("gap", format::percent(merged.gap()));
    pairs.push("closed", format!("{closed} of {leaves} leaves"));
    list(open, |bound| format::bound(*bound, side), &mut pairs);
    pairs.push("work", format!("{} in {}, added up", plural(merged.nodes, "node"), seconds(merged.seconds)));
    if let Some(name) = written {
        pairs.push("written to", name);
    }
    pairs.to_string()
}
