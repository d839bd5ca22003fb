//! The register of proven optima, docs/optima.md: every value proven again in one run, with the file's digest, what the proof takes, the
//! commands that make and check it, and what others have printed.
//!
//! Entry point: [`run`]. What is not proven within the limit stands as an interval; what a run has no data for does not stand at all.

mod list;

use super::proofs::{Proof, prove};
use super::table::Table;
use super::trial::{Runner, Trial};
use crate::failure::Failure;
use crate::format;
use bdnn::data::{Dataset, ReadOptions, Scaling};
use bdnn::{Loss, Points};
use list::{ELSEWHERE, Entry, HERE, REFERENCES, THERE};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// Both tables, with what to know of them.
#[derive(Serialize)]
pub struct Register {
    optima: Table,
    files: Table,
    #[serde(skip)]
    limit: f64,
}

/// One value of the register, as it was proven.
struct Value {
    rows: usize,
    features: usize,
    distinct: usize,
    floor: u64,
    loss: u64,
    bound: f64,
    seconds: f64,
    proof: Option<Proof>,
}

/// Proves every value that the runner wants: of the data under `here`, and of the tables in `there`.
pub fn run(here: &Path, there: Option<&Path>, runner: &Runner<'_>) -> Result<Register, Failure> {
    let mut optima = Table::new(&[
        "data",
        "rows x features",
        "distinct",
        "floor",
        "hidden",
        "least errors",
        "CPU s",
        "proof, steps",
        "proof, MB",
        "printed",
    ]);
    let mut files = Table::new(&["file", "from", "SHA-256"]);
    let mut digests: Vec<PathBuf> = Vec::new();
    let project = HERE.iter().map(|entry| (entry, here));
    let tables = THERE.iter().filter_map(|entry| Some((entry, there?)));
    for (entry, directory) in project.chain(tables) {
        if runner.stopped() {
            break;
        }
        if !runner.wants(entry.file) {
            continue;
        }
        let path = directory.join(entry.file);
        if directory != here && !path.exists() {
            runner.say(&format!("{}: not there, so the register leaves it out", path.display()));
            continue;
        }
        if !digests.contains(&path) {
            files.push(vec![entry.file.to_owned(), source(entry.file), digest(&path)?]);
            digests.push(path.clone());
        }
        optima.push(row(entry, &prove_again(entry, &path, runner)?));
    }
    Ok(Register { optima, files, limit: runner.limits().time })
}

fn prove_again(entry: &Entry, path: &Path, runner: &Runner<'_>) -> Result<Value, Failure> {
    let positive = entry.positive.map(str::to_owned);
    let data = Dataset::read(path, &ReadOptions { positive, drop_missing: true, ..ReadOptions::default() })?;
    let points: Points = data.points(&data.all(), &Scaling::MinMax.fit(&data, &data.all()));
    let (rows, features, distinct) = (points.num_rows(), points.num_features(), points.len());
    let trial = runner.train(&name(entry), points, entry.hidden, Loss::Hamming)?;
    let proof = if trial.proven && !runner.stopped() { prove(&data, entry.hidden, trial.loss, runner)? } else { None };
    let Trial { floor, loss, bound, cpu: seconds, .. } = trial;
    Ok(Value { rows, features, distinct, floor, loss, bound, seconds, proof })
}

fn name(entry: &Entry) -> String {
    match entry.positive {
        Some(class) => format!("{}, {class} against the rest", entry.file),
        None => entry.file.to_owned(),
    }
}

fn row(entry: &Entry, value: &Value) -> Vec<String> {
    let proven = value.bound >= value.loss as f64;
    let least =
        if proven { value.loss.to_string() } else { format!("{} to {}", format::value(value.bound), value.loss) };
    let (steps, size) = match &value.proof {
        Some(proof) => (proof.steps.to_string(), format!("{:.3}", proof.bytes as f64 / 1e6)),
        None => (String::new(), String::new()),
    };
    let printed = entry.printed.map_or_else(String::new, |(value, place)| format!("{value} {place}"));
    vec![
        name(entry),
        format!("{} x {}", value.rows, value.features),
        value.distinct.to_string(),
        value.floor.to_string(),
        entry.hidden.to_string(),
        least,
        format!("{:.2}", value.seconds),
        steps,
        size,
        printed,
    ]
}

/// Where a file comes from.
fn source(file: &str) -> String {
    let elsewhere = ELSEWHERE.iter().find(|(name, _)| *name == file).map(|(_, from)| (*from).to_owned());
    elsewhere.unwrap_or_else(|| format!("datasets/{file}"))
}

/// The SHA-256 of a file's bytes, as `sha256sum` prints it.
fn digest(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).map_err(|source| Failure::file(path, source))?;
    Ok(bdnn::data::sha256_of(&bytes))
}

impl fmt::Display for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = format::value(self.limit);
        writeln!(
            f,
            "# Proven optima\n\n\
             Made by `heaviside experiment register --data DIR --time-limit {limit}`; DIR holds the tables that are not part of the project \
             (below, by name and digest). Every value is proven again in the run that writes the page. To refute one, show a \
             network with fewer errors on the file with this digest (`heaviside check network MODEL.json FILE` counts them in exact arithmetic); \
             to check one without trusting the solver, take the proof:\n\n    \
             heaviside train FILE --hidden D [--positive CLASS] [--drop-missing] --proof DIR --compress\n    \
             heaviside check proof DIR --data FILE\n\n\
             The networks have one hidden layer of so many neurons (0: none, a linear classifier), one output, biases and \
             real weights; a neuron fires if its activation is at least 0, without a margin. Then no positive scaling of the features changes \
             the optimum. *Least errors* counts rows that are classified wrongly; where the limit of {limit} seconds comes first, it is \
             the proven bound and the best found. *Distinct* counts rows with different features, \
             *floor* the errors that rows with the same features and different classes force on every classifier. Rows with missing values are \
             left out. *CPU s* is what the proof of the optimum takes on one thread, start included; *proof* the steps and the megabytes \
             (gzip) of a folder that the independent checker has accepted in the same run, where one was written within the \
             limit.\n"
        )?;
        writeln!(f, "{}", self.optima)?;
        writeln!(f, "*Printed* is what others have stated for the same task:\n")?;
        for (number, reference) in (1..).zip(REFERENCES) {
            writeln!(f, "{number}. {reference}")?;
        }
        write!(f, "\n## Files\n\n{}", self.files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_is_proven() {
        let entry = Entry { file: "a.csv", positive: Some("x"), hidden: 2, printed: Some(("3", "[1]")) };
        let mut value =
            Value { rows: 9, features: 2, distinct: 8, floor: 1, loss: 4, bound: 4.0, seconds: 0.5, proof: None };
        let cells = row(&entry, &value);
        assert_eq!(cells[0], "a.csv, x against the rest");
        assert_eq!(cells[1..7], ["9 x 2", "8", "1", "2", "4", "0.50"]);
        assert_eq!(cells[9], "3 [1]");
        value.bound = 2.0;
        value.proof = Some(Proof { steps: 7, bytes: 1500 });
        assert_eq!(row(&entry, &value)[5..9], ["2 to 4", "0.50", "7", "0.002"]);
    }
}
