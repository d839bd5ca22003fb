//! The shared data files, where they are present.
#![allow(dead_code)] // each test binary uses its part

use std::path::PathBuf;

/// A folder of the shared data, `None` (with a note) where it is absent.
pub fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("HEAVISIDE_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        |root| PathBuf::from(root).join("data"),
    );
    let path = root.join(folder);
    if !path.is_dir() {
        eprintln!("skipped: {} is not there (set HEAVISIDE_SHARED to the folder that holds data/)", path.display());
        return None;
    }
    Some(path)
}

/// One line of `mps/expected.csv`.
#[derive(Clone, Debug)]
pub struct Expected {
    pub file: String,
    pub kind: String,
    pub status: String,
    pub objective: Option<f64>,
    pub note: String,
}

/// The lines of `mps/expected.csv` (no quoted field but the last).
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
