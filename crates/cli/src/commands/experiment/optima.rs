//! Data sets with known optima: DIR/expected.csv has columns file, hidden and zero_one_loss (empty if unknown).

use super::table::Table;
use super::trial::Runner;
use crate::failure::Failure;
use crate::format;
use bdnn::Loss;
use bdnn::data::{Dataset, ReadOptions, Scaling};
use serde::Deserialize;
use std::path::Path;

#[derive(Debug, Deserialize)]
pub struct Expected {
    pub file: String,
    pub hidden: usize,
    zero_one_loss: Option<u64>,
}

/// Trains on every data set of the list.
pub fn run(directory: &Path, runner: &Runner<'_>) -> Result<Table, Failure> {
    let mut table = Table::new(&["data", "hidden", "known", "loss", "bound", "conflicts", "seconds", "verdict"]);
    let (mut seconds, mut proven, mut all) = (0.0, 0, 0);
    for expected in list(&directory.join("expected.csv"))? {
        if runner.stopped() {
            break;
        }
        if !runner.wants(&expected.file) {
            continue;
        }
        let data = Dataset::read(&directory.join(&expected.file), &ReadOptions::default())?;
        let points = data.points(&data.all(), &Scaling::MinMax.fit(&data, &data.all()));
        let name = expected.file.trim_end_matches(".csv");
        let trial = runner.train(name, points, expected.hidden, Loss::ZeroOne)?;
        let verdict = match expected.zero_one_loss {
            Some(known) if trial.bound > known as f64 || (trial.proven && trial.loss != known) => "CONTRADICTS",
            _ if trial.proven => "proven",
            _ => "open",
        };
        all += 1;
        proven += usize::from(trial.proven);
        seconds += trial.seconds;
        table.push(vec![
            name.to_owned(),
            expected.hidden.to_string(),
            expected.zero_one_loss.map_or_else(|| "?".to_owned(), |known| known.to_string()),
            trial.loss.to_string(),
            format::value(trial.bound),
            trial.conflicts.to_string(),
            format!("{:.3}", trial.seconds),
            verdict.to_owned(),
        ]);
    }
    table.note(format!("{proven} of {all} proven, {seconds:.1} s in all"));
    Ok(table)
}

pub fn list(path: &Path) -> Result<Vec<Expected>, Failure> {
    let failure = |error: csv::Error| {
        Failure::Input(format!("{}: {error}; expected the columns file, hidden, zero_one_loss", path.display()))
    };
    let mut reader = csv::Reader::from_path(path).map_err(failure)?;
    reader.deserialize().collect::<Result<_, _>>().map_err(failure)
}
