//! The tables of all parts of a grid as one.

use super::part::Part;
use super::table::Table;
use crate::failure::Failure;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

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
        if let Some((other, at)) =
            parts.iter().find(|(part, _)| part.place().1 != read.part.place().1 || **part == read.part)
        {
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
    let of = parts.keys().next().map_or(0, |part| part.place().1);
    let there: BTreeSet<u32> = parts.keys().map(|part| part.place().0).collect();
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
