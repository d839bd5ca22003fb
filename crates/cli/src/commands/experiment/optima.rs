//! Data sets with known optima: DIR/expected.csv has columns file, hidden and zero_one_loss or loss (empty if unknown), and
//! perhaps known: `best` where the loss is the best known and not proven least.

use super::table::Table;
use super::trial::{Runner, Trial};
use crate::failure::Failure;
use crate::format;
use bdnn::Loss;
use bdnn::data::{Dataset, ReadOptions, Scaling};
use serde::Deserialize;
use std::path::Path;

/// The list of data sets, widths and losses.
pub const LIST: &str = "expected.csv";

#[derive(Debug, Deserialize)]
pub struct Expected {
    pub file: String,
    pub hidden: usize,
    #[serde(alias = "loss")]
    zero_one_loss: Option<u64>,
    known: Option<String>,
}

impl Expected {
    /// Whether a trial's end cannot be if the table is right.
    fn contradicts(&self, trial: &Trial) -> bool {
        let least = self.known.as_deref() != Some("best");
        self.zero_one_loss.is_some_and(|known| {
            trial.bound > known as f64 || (trial.proven && trial.loss > known) || (least && trial.loss < known)
        })
    }
}

/// Trains on every data set of the list, with the widths of the list that `wanted` has.
pub fn run(directory: &Path, wanted: impl Fn(usize) -> bool, runner: &Runner<'_>) -> Result<Table, Failure> {
    let mut table =
        Table::new(&["data", "hidden", "known", "loss", "bound", "conflicts", "CPU s", "seconds", "verdict"]);
    let (mut seconds, mut cpu, mut proven, mut all) = (0.0, 0.0, 0, 0);
    for expected in list(&directory.join(LIST))? {
        if runner.stopped() {
            break;
        }
        if !runner.wants(&expected.file) || !wanted(expected.hidden) {
            continue;
        }
        let data = Dataset::read(&directory.join(&expected.file), &ReadOptions::default())?;
        let points = data.points(&data.all(), &Scaling::MinMax.fit(&data, &data.all()));
        let name = expected.file.trim_end_matches(".csv");
        let trial = runner.train(name, points, expected.hidden, Loss::ZeroOne)?;
        let verdict = match (expected.contradicts(&trial), trial.proven) {
            (true, _) => "CONTRADICTS",
            (false, true) => "proven",
            (false, false) => "open",
        };
        all += 1;
        proven += usize::from(trial.proven);
        seconds += trial.seconds;
        cpu += trial.cpu;
        table.push(vec![
            name.to_owned(),
            expected.hidden.to_string(),
            expected.zero_one_loss.map_or_else(|| "?".to_owned(), |known| known.to_string()),
            trial.loss.to_string(),
            format::value(trial.bound),
            trial.conflicts.to_string(),
            format!("{:.3}", trial.cpu),
            format!("{:.3}", trial.seconds),
            verdict.to_owned(),
        ]);
    }
    table.note(format!("{proven} of {all} proven, {cpu:.1} CPU s and {seconds:.1} s in all"));
    Ok(table)
}

pub fn list(path: &Path) -> Result<Vec<Expected>, Failure> {
    let failure = |error: csv::Error| {
        Failure::Input(format!(
            "{}: {error}; expected the columns file, hidden, and zero_one_loss or loss",
            path.display()
        ))
    };
    let mut reader = csv::Reader::from_path(path).map_err(failure)?;
    reader.deserialize().collect::<Result<_, _>>().map_err(failure)
}
