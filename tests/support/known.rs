//! Data sets with known optima: `datasets/optima`.

use crate::files;
use bdnn::{Problem, Scaling};
use std::path::PathBuf;

/// A file of `datasets/optima`.
#[must_use]
pub fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("datasets/optima").join(file)
}

/// A row of its table.
#[derive(Clone, Debug)]
pub struct Known {
    /// The data file.
    pub file: String,
    /// Neurons of the one hidden layer, 0 for none.
    pub hidden: usize,
    /// The least number of training errors, `None` where no other solver has found it.
    pub optimum: Option<u64>,
}

impl Known {
    /// The training problem, features scaled to [0, 1].
    #[must_use]
    pub fn problem(&self) -> Problem {
        let hidden = if self.hidden == 0 { vec![] } else { vec![self.hidden] };
        files::problem(&path(&self.file), Scaling::MinMax, &hidden)
    }
}

/// The rows of the table.
///
/// # Panics
/// If the table cannot be read or has lost rows.
#[must_use]
pub fn optima() -> Vec<Known> {
    let mut reader = csv::Reader::from_path(path("expected.csv")).expect("a readable table");
    let known = |row: csv::StringRecord| Known {
        file: row[0].to_owned(),
        hidden: row[1].parse().expect("a number of hidden neurons"),
        optimum: row[2].parse().ok(),
    };
    let rows: Vec<Known> = reader.records().map(|row| known(row.expect("a row of the table"))).collect();
    assert_eq!(rows.len(), 21);
    rows
}
