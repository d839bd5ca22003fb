//! Real data sets, as DIR/manifest.json lists them, with several widths of one hidden layer; or, without that file, as DIR/expected.csv lists
//! data and widths ([`optima`]).

use super::optima;
use super::table::Table;
use super::trial::Runner;
use crate::failure::Failure;
use crate::format;
use bdnn::Loss;
use bdnn::data::{Dataset, ReadOptions, Scaling};
use serde::Deserialize;
use std::path::Path;

/// The list of data sets with their sources.
const MANIFEST: &str = "manifest.json";

#[derive(Debug, Deserialize)]
pub struct Manifest {
    pub datasets: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
pub struct Entry {
    pub name: String,
    pub file: String,
}

/// Trains on every data set with two classes; on one with more, each class against the rest and all classes at once
/// (hamming loss), except that data with more than `MANY_CLASSES` are left to `train`.
pub fn run(directory: &Path, widths: &[usize], runner: &Runner<'_>) -> Result<Table, Failure> {
    if !directory.join(MANIFEST).exists() && directory.join(optima::LIST).exists() {
        return optima::run(directory, |hidden| widths.contains(&hidden), runner);
    }
    let mut table =
        Table::new(&["data", "points", "features", "hidden", "loss", "bound", "gap", "conflicts", "CPU s", "seconds"]);
    for (name, data) in tasks(directory, runner)? {
        let points = data.points(&data.all(), &Scaling::MinMax.fit(&data, &data.all()));
        for &hidden in widths {
            if runner.stopped() {
                return Ok(table);
            }
            let trial = runner.train(&name, points.clone(), hidden, Loss::Hamming)?;
            table.push(vec![
                name.clone(),
                points.num_rows().to_string(),
                points.num_features().to_string(),
                hidden.to_string(),
                trial.loss.to_string(),
                format::value(trial.bound),
                format::percent(budget::relative_gap(Some(trial.loss as f64), trial.bound)),
                trial.conflicts.to_string(),
                format!("{:.2}", trial.cpu),
                format!("{:.2}", trial.seconds),
            ]);
        }
    }
    Ok(table)
}

/// Every data set that the runner wants, as [`run`] takes them.
pub fn tasks(directory: &Path, runner: &Runner<'_>) -> Result<Vec<(String, Dataset)>, Failure> {
    const MANY_CLASSES: usize = 3;
    let mut tasks = vec![];
    for entry in manifest(&directory.join(MANIFEST))?.datasets {
        if !runner.wants(&entry.name) {
            continue;
        }
        let path = directory.join(&entry.file);
        let read = |positive: Option<String>| {
            Dataset::read(&path, &ReadOptions { positive, drop_missing: true, ..ReadOptions::default() })
        };
        let whole = read(None)?;
        let classes = whole.schema.classes.clone();
        if classes.len() > MANY_CLASSES {
            continue;
        }
        tasks.push((entry.name.clone(), whole));
        if classes.len() > 2 {
            for class in classes {
                tasks.push((format!("{}: {class}", entry.name), read(Some(class))?));
            }
        }
    }
    Ok(tasks)
}

pub fn manifest(path: &Path) -> Result<Manifest, Failure> {
    let text = std::fs::read_to_string(path).map_err(|source| Failure::file(path, source))?;
    serde_json::from_str(&text).map_err(|error| Failure::Input(format!("{}: {error}", path.display())))
}
