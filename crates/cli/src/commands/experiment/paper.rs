//! The grid of arXiv 2110.11382's experiments: data sets, shapes, domains and methods, repeated over random splits.

use super::gather::gather;
use super::grid::{GridArgs, Method, Named, Parts, Summary, data_sets, domain, proven, shape, train};
use super::table::Table;
use super::trial::Runner;
use crate::failure::Failure;
use crate::output::OutputFile;
use bdnn::WeightDomain;
use serde::Serialize;
use std::path::Path;

/// One split for benches/relu.py: lines of the file, counted from 1.
#[derive(Serialize)]
struct SplitLine<'a> {
    data: &'a str,
    file: &'a Path,
    label_column: usize,
    repeat: u64,
    train: Vec<u64>,
    validation: Vec<u64>,
    test: Vec<u64>,
}

/// Runs the grid.
pub fn run(directory: &Path, repeats: u64, grid: &GridArgs, runner: &Runner<'_>) -> Result<Table, Failure> {
    let sets = data_sets(directory, &grid.file, runner)?;
    if let Some(path) = &grid.splits {
        write_splits(path, &sets, repeats, runner)?;
    }
    let mut table = Table::new(&[
        "data",
        "hidden",
        "weights",
        "method",
        "repeats",
        "test accuracy, %",
        "training loss",
        "proven",
        "seconds",
    ])
    .of_part(grid.part);
    let cells = cells(&sets, grid);
    if !grid.gather.is_empty() {
        return gather(&grid.gather, &cells.iter().map(Cell::columns).collect::<Vec<_>>(), table);
    }
    for (_, cell) in cells.iter().enumerate().filter(|(number, _)| grid.part.is_none_or(|part| part.has(*number))) {
        if runner.stopped() {
            table.note("Interrupted: rows are missing".to_owned());
            break;
        }
        if let Some(row) = cell.run(repeats, runner)? {
            table.push(row);
        }
    }
    let bdnn::Limits { time, nodes, .. } = *runner.limits();
    let limit = match (time.is_finite(), nodes < u64::MAX) {
        (true, true) => format!("at most {time} s and {nodes} nodes a run"),
        (true, false) => format!("at most {time} s a run"),
        (false, true) => format!("at most {nodes} nodes (rounds of local search) a run"),
        (false, false) => "no limit".to_owned(),
    };
    table.note(format!(
        "Mean ± deviation over random splits (half to train on, a quarter to choose by, a quarter to test); \
         hamming loss; {limit}; a method that does not take a shape has no row"
    ));
    Ok(table)
}

/// A row of the table: what is trained, and how.
struct Cell<'a> {
    set: &'a Named,
    hidden: Vec<usize>,
    weights: WeightDomain,
    method: Method,
}

/// The grid, row by row.
fn cells<'a>(sets: &'a [Named], grid: &GridArgs) -> Vec<Cell<'a>> {
    let mut cells = vec![];
    for set in sets {
        for &depth in &grid.depths {
            // A network without hidden layers has one shape.
            let widths = if depth == 0 { grid.widths.get(..1).unwrap_or_default() } else { &grid.widths };
            for &width in widths {
                for &weights in &grid.weights {
                    let cell = |&method| Cell { set, hidden: vec![width; depth], weights, method };
                    cells.extend(grid.methods.iter().map(cell));
                }
            }
        }
    }
    cells
}

impl Cell<'_> {
    /// The first columns of its row.
    fn columns(&self) -> Vec<String> {
        let Self { set, hidden, weights, method } = self;
        vec![set.name.clone(), shape(hidden), domain(*weights), method.as_str().to_owned()]
    }

    /// All repeats; `None` if the method does not take it.
    fn run(&self, repeats: u64, runner: &Runner<'_>) -> Result<Option<Vec<String>>, Failure> {
        let (mut accuracy, mut loss, mut seconds) = (Summary::default(), Summary::default(), Summary::default());
        let mut optimal = 0;
        for repeat in 0..repeats {
            let seed = runner.seed() + repeat;
            let parts = Parts::new(&self.set.data, seed)?;
            let problem = parts.problem(&self.hidden, self.weights, 0.0);
            let limits = bdnn::Limits { seed, ..runner.limits().clone() };
            let Some(training) = train(self.method, &problem, &parts, &limits, runner)? else { return Ok(None) };
            if runner.stopped() {
                break;
            }
            let Some(network) = &training.network else { continue };
            accuracy.push(parts.test_accuracy(network));
            loss.push(training.loss as f64);
            seconds.push(training.statistics.seconds);
            optimal += usize::from(proven(&training));
        }
        if accuracy.is_empty() {
            return Ok(None);
        }
        let mut row = self.columns();
        row.extend([
            accuracy.len().to_string(),
            accuracy.text(100.0, 1),
            loss.text(1.0, 1),
            optimal.to_string(),
            seconds.text(1.0, 2),
        ]);
        runner.say(&row.join(", "));
        Ok(Some(row))
    }
}

fn write_splits(path: &Path, sets: &[Named], repeats: u64, runner: &Runner<'_>) -> Result<(), Failure> {
    let file = OutputFile::prepare(path)?;
    let mut text = vec![];
    for set in sets {
        for repeat in 0..repeats {
            let parts = Parts::new(&set.data, runner.seed() + repeat)?;
            let lines = |members: &[usize]| members.iter().map(|&i| set.data.lines[i]).collect();
            let line = SplitLine {
                data: &set.name,
                file: &set.path,
                label_column: set.data.schema.label_column,
                repeat,
                train: lines(&parts.split.train),
                validation: lines(&parts.split.validation),
                test: lines(&parts.split.test),
            };
            serde_json::to_writer(&mut text, &line).map_err(|error| Failure::Internal(error.to_string()))?;
            text.push(b'\n');
        }
    }
    file.write(|out| out.write_all(&text))?;
    runner.say(&format!("splits written to {}", path.display()));
    Ok(())
}
