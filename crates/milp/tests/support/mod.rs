//! Model files with known answers: those of `tests/models`, and those beside the project, which only ignored tests read.
#![allow(dead_code)] // each test binary uses its part

use std::path::PathBuf;

/// Small models whose answers are known by theory.
pub fn models() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/models")
}

/// A folder of the data beside the project. It must be there: tests that need it are ignored and run by name.
pub fn shared(folder: &str) -> PathBuf {
    let root = std::env::var_os("HEAVISIDE_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        |root| PathBuf::from(root).join("data"),
    );
    let path = root.join(folder);
    assert!(path.is_dir(), "{} is not there; HEAVISIDE_SHARED names the folder that holds data/", path.display());
    path
}

/// One line of `expected.csv`.
#[derive(Clone, Debug)]
pub struct Expected {
    pub file: String,
    pub kind: String,
    pub status: String,
    pub objective: Option<f64>,
    pub note: String,
}

/// The lines of `expected.csv` in a folder (no quoted field but the last).
pub fn expected(folder: &std::path::Path) -> Vec<Expected> {
    let text = std::fs::read_to_string(folder.join("expected.csv")).expect("expected.csv is readable");
    let rows: Vec<Expected> = text
        .lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.splitn(5, ',').collect();
            Expected {
                file: fields[0].into(),
                kind: fields[1].into(),
                status: fields[2].into(),
                objective: fields[3].parse().ok(),
                note: fields[4].trim_matches('"').into(),
            }
        })
        .collect();
    assert!(!rows.is_empty());
    rows
}
