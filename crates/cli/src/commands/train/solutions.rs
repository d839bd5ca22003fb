//! `--solutions`: the best labellings in place of one best network, what is said of them, and their files.

use crate::failure::Failure;
use crate::format::{Pairs, plural};
use crate::output::OutputFile;
use bdnn::Rational;
use bdnn::data::shown;
use clap::Args;
use heaviside::{Network, Part, Solutions, Status, Trained, Trainer};
use serde::Serialize;
use std::fs;
use std::path::{Path, PathBuf};

/// `--solutions`, `--solutions-dir`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub struct SolutionArgs {
    /// The K best labellings of the training points, a network each, and what is proven of all others. Two networks are the same
    /// solution if their outputs agree at every training point
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..=MOST))]
    pub solutions: Option<u32>,

    /// Write the model of each of the solutions to this folder (solution-1.json, ..), which must be new or empty
    #[arg(long, value_name = "DIR", requires = "solutions")]
    pub solutions_dir: Option<PathBuf>,
}

/// Most solutions: they are held in memory, and each is excluded by a clause.
const MOST: i64 = 1_000_000;

impl SolutionArgs {
    /// The trainer that lists them.
    pub fn trainer(&self, trainer: Trainer) -> Trainer {
        match self.solutions {
            Some(count) => trainer.solutions(count as usize),
            None => trainer,
        }
    }

    /// Refuses a folder that has something in it, before the run.
    pub fn check(&self) -> Result<(), Failure> {
        let Some(folder) = &self.solutions_dir else { return Ok(()) };
        match fs::read_dir(folder) {
            Ok(entries) => {
                if entries.count() == 0 {
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

    /// Writes the models; gives the folder if there is one.
    pub fn write(&self, trained: &Trained) -> Result<Option<&Path>, Failure> {
        let (Some(folder), models) = (&self.solutions_dir, trained.solution_models()) else { return Ok(None) };
        fs::create_dir_all(folder).map_err(|error| Failure::file(folder, error))?;
        let digits = models.len().to_string().len();
        for (number, model) in (1..).zip(models) {
            let text = model.to_json().map_err(Failure::Internal)?;
            let file = OutputFile::prepare(&folder.join(format!("solution-{number:0digits$}.json")))?;
            file.write(|out| out.write_all(text.as_bytes()))?;
        }
        Ok(Some(folder))
    }
}

/// One of the list in `train --json`.
#[derive(Serialize)]
pub struct SolutionJson<'a> {
    loss: u64,
    errors: Option<usize>,
    accuracy: Option<f64>,
    test: Option<Part>,
    validation: Option<Part>,
    network: &'a Network,
}

/// What is said of the list.
#[derive(Serialize)]
pub struct PoolJson {
    wanted: usize,
    /// Why the search ended.
    status: &'static str,
    complete: bool,
    /// No labelling that is not listed has a smaller loss; `null`: there are no others.
    others: Option<u64>,
    tied: bool,
}

/// The list and what is said of it, if it was asked for.
pub fn json(trained: &Trained) -> (Option<Vec<SolutionJson<'_>>>, Option<PoolJson>) {
    let Some(solutions) = trained.solutions() else { return (None, None) };
    let list = solutions.list.iter().zip(trained.solution_parts()).map(|(solution, parts)| SolutionJson {
        loss: solution.loss,
        errors: parts.train.map(|part| part.errors),
        accuracy: parts.train.map(|part| part.accuracy),
        test: parts.test,
        validation: parts.validation,
        network: &solution.network,
    });
    let pool = PoolJson {
        wanted: solutions.wanted,
        status: solutions.status.as_str(),
        complete: solutions.complete(),
        others: solutions.others,
        tied: solutions.tied,
    };
    (Some(list.collect()), Some(pool))
}

/// The lines of the report; losses count `unit`s, if that is said.
pub fn report(trained: &Trained, such: &str, folder: Option<&Path>, unit: Option<&Rational>, pairs: &mut Pairs) {
    let Some(solutions) = trained.solutions() else { return };
    let unit = unit.filter(|unit| !unit.is_one());
    let unit = unit.map_or(String::new(), |unit| format!(" (in units of {})", shown(unit)));
    pairs.push("solutions", listed(solutions) + &unit);
    pairs.push("other solutions", others(solutions, such) + &unit);
    if let Some(folder) = folder {
        pairs.push("models", format!("{} in {}", plural(solutions.list.len() as u64, "file"), folder.display()));
    }
}

/// How many solutions, with their losses in runs: `4 labellings: loss 1, 2 (3 times)`.
fn listed(solutions: &Solutions) -> String {
    let mut runs: Vec<(u64, usize)> = Vec::new();
    for solution in &solutions.list {
        match runs.last_mut() {
            Some((loss, count)) if *loss == solution.loss => *count += 1,
            _ => runs.push((solution.loss, 1)),
        }
    }
    let word = |(loss, count): &(u64, usize)| match count {
        1 => loss.to_string(),
        count => format!("{loss} ({count} times)"),
    };
    let runs: Vec<String> = runs.iter().map(word).collect();
    let count = plural(solutions.list.len() as u64, "labelling");
    if runs.is_empty() { count } else { format!("{count} of the training points: loss {}", runs.join(", ")) }
}

/// What is proven of all labellings that are not listed, by `such` networks.
fn others(solutions: &Solutions, such: &str) -> String {
    let Some(others) = solutions.others else { return format!("none: networks {such} have no other labelling") };
    let last = solutions.list.last().map(|solution| solution.loss);
    let bound = format!("none of them loses less than {others}");
    if !solutions.complete() {
        let why = match solutions.status {
            Status::Optimal => "some have no weights in floating point".to_owned(),
            status => status.as_str().to_owned(),
        };
        return format!("{bound}, so the list may lack some ({why})");
    }
    match last {
        Some(last) if solutions.tied => format!("{bound}; at least one more loses {last} as well"),
        Some(last) if others > last => bound,
        Some(last) => format!("{bound}; whether one more loses {last} is not known"),
        None => bound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solutions(losses: &[u64], wanted: usize, others: Option<u64>, tied: bool, status: Status) -> Solutions {
        let one = |&loss: &u64| heaviside::Solution { network: Network { layers: vec![] }, loss, labelling: vec![] };
        Solutions { wanted, status, list: losses.iter().map(one).collect(), others, tied }
    }

    #[test]
    fn words_say_what_is_proven() {
        let done = Status::Optimal;
        let told = |losses: &[u64], wanted, bound, tied, status| {
            let solutions = solutions(losses, wanted, bound, tied, status);
            format!("{} / {}", listed(&solutions), others(&solutions, "of this shape"))
        };
        let cases = [
            (
                told(&[1, 2, 2], 3, Some(2), true, done),
                "3 labellings of the training points: loss 1, 2 (2 times) / none of them loses less than 2; at least one more loses 2 as well",
            ),
            (
                told(&[1], 1, Some(2), false, done),
                "1 labelling of the training points: loss 1 / none of them loses less than 2",
            ),
            (
                told(&[0, 3], 5, None, false, done),
                "2 labellings of the training points: loss 0, 3 / none: networks of this shape have no other labelling",
            ),
            (
                told(&[1, 4], 2, Some(2), false, Status::TimeLimit),
                "2 labellings of the training points: loss 1, 4 / none of them loses less than 2, so the list may lack some (time-limit)",
            ),
            (
                told(&[1, 4], 2, Some(4), false, Status::Interrupted),
                "2 labellings of the training points: loss 1, 4 / none of them loses less than 4; whether one more loses 4 is not known",
            ),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }
}
