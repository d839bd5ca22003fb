//! `--solutions`: the best solutions in place of one, what is said of the others, and their files.

use crate::commands::values::Values;
use crate::console::Console;
use crate::failure::Failure;
use crate::format::{self, Pairs, Side, plural};
use crate::output::OutputFile;
use clap::Args;
use milp::pool::{Pool, supports};
use milp::{Model, Sense};
use serde::Serialize;
use std::fs;
use std::path::PathBuf;

/// `--solutions`, `--solutions-dir`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub struct PoolArgs {
    /// The K best solutions, and what is proven of all others. Two are the same if all integer columns agree
    ///
    /// Continuous columns have the best values beside them. The search goes on past the best solution, without presolve and on one thread, and ends when
    /// no better one than the last of K is left, or none at all. Models without integer columns are refused, and those with semi-continuous columns,
    /// special ordered sets or indicators.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..=MOST))]
    pub solutions: Option<u32>,

    /// Write each of the solutions to this folder (solution-1.sol, ..), which must be new or empty
    #[arg(long, value_name = "DIR", requires = "solutions")]
    pub solutions_dir: Option<PathBuf>,
}

/// Most solutions: they are held in memory.
const MOST: i64 = 1_000_000;

impl PoolArgs {
    /// Refuses, before the run, a folder that has something in it, and models of which one solution alone is found.
    pub fn check(&self, model: &Model) -> Result<(), Failure> {
        if self.solutions.is_some() {
            supports(model)?;
        }
        let Some(folder) = &self.solutions_dir else { return Ok(()) };
        match fs::read_dir(folder) {
            Ok(mut entries) => {
                if entries.next().is_none() {
                    return Ok(());
                }
                let folder = folder.display();
                Err(Failure::Input(format!(
                    "--solutions-dir {folder}: there are files in it; choose a new or empty folder"
                )))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Failure::file(folder, error)),
        }
    }

    /// Writes the solutions, if there is a folder for them.
    pub fn write(&self, model: &Model, pool: &Pool, console: &Console) -> Result<(), Failure> {
        let Some(folder) = &self.solutions_dir else { return Ok(()) };
        fs::create_dir_all(folder).map_err(|error| Failure::file(folder, error))?;
        let digits = pool.solutions.len().to_string().len();
        for (number, solution) in (1..).zip(&pool.solutions) {
            let file = OutputFile::prepare(&folder.join(format!("solution-{number:0digits$}.sol")))?;
            let text = milp::io::to_solution(model, &solution.point, solution.exact.as_deref());
            file.write(|out| out.write_all(text.as_bytes()))?;
        }
        console.note(&format!("  {} written to {}", plural(pool.solutions.len() as u64, "solution"), folder.display()));
        Ok(())
    }
}

/// One of the list in `solve --json`.
#[derive(Serialize)]
pub struct SolutionJson<'a> {
    objective: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exact_objective: Option<String>,
    verified: &'static str,
    solution: Values<'a>,
}

/// What is said of the list.
#[derive(Serialize)]
pub struct PoolJson {
    wanted: usize,
    /// Why the search ended.
    status: &'static str,
    complete: bool,
    /// No solution that is not listed is better; `null`: there are no others, or, where the list is not complete, nothing is proven.
    others: Option<f64>,
    nodes: u64,
    lp_iterations: u64,
    seconds: f64,
}

/// The list and what is said of it.
pub fn json<'a>(model: &'a Model, pool: &'a Pool) -> (Vec<SolutionJson<'a>>, PoolJson) {
    let list = pool.solutions.iter().map(|solution| SolutionJson {
        objective: solution.objective,
        exact_objective: milp::io::unrounded_objective(model, &solution.point, solution.exact.as_deref()),
        verified: solution.verified.as_str(),
        solution: Values { model, point: &solution.point },
    });
    let told = PoolJson {
        wanted: pool.wanted,
        status: pool.status.as_str(),
        complete: pool.complete(),
        others: pool.others.filter(|others| others.is_finite()),
        nodes: pool.statistics.nodes,
        lp_iterations: pool.statistics.lp_iterations,
        seconds: pool.statistics.seconds,
    };
    (list.collect(), told)
}

/// The lines of the report.
pub fn report(model: &Model, pool: &Pool, pairs: &mut Pairs) {
    pairs.push("solutions", listed(pool));
    pairs.push("other solutions", others(pool, model.sense));
}

/// How many, with their objectives in runs: `4 solutions: objective 9, 8 (3 times)`.
fn listed(pool: &Pool) -> String {
    let mut runs: Vec<(String, usize)> = Vec::new();
    for objective in pool.solutions.iter().map(|solution| format::precise(solution.objective)) {
        match runs.last_mut() {
            Some((last, count)) if *last == objective => *count += 1,
            _ => runs.push((objective, 1)),
        }
    }
    let more = runs.len().saturating_sub(RUNS);
    let word = |(objective, count): &(String, usize)| match count {
        1 => objective.clone(),
        count => format!("{objective} ({count} times)"),
    };
    let mut words: Vec<String> = runs.iter().take(RUNS).map(word).collect();
    if more > 0 {
        words.push(format!("and {more} more values"));
    }
    let count = plural(pool.solutions.len() as u64, "solution");
    if runs.is_empty() { count } else { format!("{count}: objective {}", words.join(", ")) }
}

/// Values of the objective that the report names.
const RUNS: usize = 20;

/// What is proven of all solutions that are not listed.
fn others(pool: &Pool, sense: Sense) -> String {
    let Some(others) = pool.others else { return "none: no other values of the integer columns make one".to_owned() };
    let (side, word) = if sense == Sense::Minimise { (Side::Below, "below") } else { (Side::Above, "above") };
    let proven = if others.is_finite() {
        format!("none of them has an objective {word} {}", format::bound(others, side))
    } else {
        "nothing is proven of them".to_owned()
    };
    if pool.complete() { proven } else { format!("{proven}, so the list may lack some ({})", pool.status.as_str()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use milp::pool::Solution;
    use milp::{Statistics, Status, Verified};

    #[test]
    fn words_say_what_is_proven() {
        let told = |objectives: &[f64], others_are: Option<f64>, status: Status, sense: Sense| {
            let one = |&objective: &f64| Solution { point: vec![], exact: None, objective, verified: Verified::Exact };
            let solutions = objectives.iter().map(one).collect();
            let pool = Pool { solutions, wanted: 3, status, others: others_are, statistics: Statistics::default() };
            format!("{} / {}", listed(&pool), others(&pool, sense))
        };
        let (done, low, high) = (Status::Optimal, Sense::Minimise, Sense::Maximise);
        let cases = [
            (
                told(&[1.0, 2.0, 2.0], Some(2.0), done, low),
                "3 solutions: objective 1, 2 (2 times) / none of them has an objective below 2",
            ),
            (
                told(&[9.0], None, done, high),
                "1 solution: objective 9 / none: no other values of the integer columns make one",
            ),
            (
                told(&[9.0], Some(9.5), Status::NodeLimit, high),
                "1 solution: objective 9 / none of them has an objective above 9.5, so the list may lack some (node-limit)",
            ),
            (
                told(&[], Some(f64::NEG_INFINITY), Status::TimeLimit, low),
                "0 solutions / nothing is proven of them, so the list may lack some (time-limit)",
            ),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }
}
