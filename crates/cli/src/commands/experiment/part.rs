//! A grid in parts, for arrays of jobs: each run does some of its cells, and their tables become one.

use super::table::Table;
use crate::failure::Failure;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Part K of N, as `K/N`: every N-th cell from the K-th on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Part {
    number: u32,
    of: u32,
}

impl Part {
    /// Whether the cell of this number, from 0, belongs to it.
    pub fn has(self, cell: usize) -> bool {
        cell as u64 % u64::from(self.of) + 1 == u64::from(self.number)
    }
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parsed {
            Some((number, of)) if 1 <= number && number <= of => Ok(Self { number, of }),
            _ => Err("expected a part and how many there are, such as 3/40".to_owned()),
        }
    }
}

impl TryFrom<String> for Part {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Part> for String {
    fn from(Part { number, of }: Part) -> Self {
        format!("{number}/{of}")
    }
}

/// The table of a part, as `--json` prints it.
#[derive(Deserialize)]
struct PartJson {
    part: Part,
    rows: Vec<Map<String, Value>>,
    notes: Vec<String>,
}

/// The tables of parts as one: rows in the order of `cells`, which have the first columns of each, under `table`'s headings.
pub fn gather(files: &[PathBuf], cells: &[Vec<String>], mut table: Table) -> Result<Table, Failure> {
    let mut parts: BTreeMap<Part, &Path> = BTreeMap::new();
    let mut rows: BTreeMap<Vec<String>, (Vec<String>, &Path)> = BTreeMap::new();
    let mut notes: Option<(Vec<String>, &Path)> = None;
    for path in files {
        let refuse = |what: String| Failure::Input(format!("{}: {what}", path.display()));
        let text = std::fs::read(path).map_err(|error| refuse(error.to_string()))?;
        let read: PartJson = serde_json::from_slice(&text)
            .map_err(|error| refuse(format!("is no table of `experiment paper --part K/N --json`: {error}")))?;
        if let Some((other, at)) = parts.iter().find(|(part, _)| part.of != read.part.of || **part == read.part) {
            let (this, other) = (String::from(read.part), String::from(*other));
            return Err(refuse(format!("is part {this}, and {} is part {other}", at.display())));
        }
        parts.insert(read.part, path);
        match &notes {
            Some((known, at)) if *known != read.notes => {
                return Err(refuse(format!("was interrupted, or run with other limits than {}", at.display())));
            }
            Some(_) => {}
            None => notes = Some((read.notes, path)),
        }
        for row in read.rows {
            let row: Vec<String> = table.headings().iter().map(|&heading| text_of(row.get(heading))).collect();
            let cell = row[..cells.first().map_or(0, Vec::len)].to_vec();
            if !cells.contains(&cell) {
                return Err(refuse(format!("has a row of {}, which these options do not have", cell.join(", "))));
            }
            if let Some((_, at)) = rows.insert(cell.clone(), (row, path)) {
                return Err(refuse(format!("has a row of {}, as {} has", cell.join(", "), at.display())));
            }
        }
    }
    cells.iter().filter_map(|cell| rows.remove(cell)).for_each(|(row, _)| table.push(row));
    notes.into_iter().flat_map(|(notes, _)| notes).for_each(|note| table.note(note));
    let of = parts.keys().next().map_or(0, |part| part.of);
    let there: BTreeSet<u32> = parts.keys().map(|part| part.number).collect();
    let missing: Vec<String> =
        (1..=of).filter(|number| !there.contains(number)).map(|number| number.to_string()).collect();
    if !missing.is_empty() {
        table.note(format!("Missing parts of {of}: {}", missing.join(", ")));
    }
    Ok(table)
}

/// A cell of a table again.
fn text_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_all_cells_once() {
        for of in 1..8 {
            for cell in 0..40 {
                let parts = (1..=of).filter(|number| format!("{number}/{of}").parse::<Part>().unwrap().has(cell));
                assert_eq!(parts.count(), 1, "{cell} of {of}");
            }
        }
        for text in ["", "3", "0/4", "5/4", "1/0", "-1/4", "1/4/5", "a/b"] {
            assert!(text.parse::<Part>().is_err(), "{text}");
        }
    }
}
