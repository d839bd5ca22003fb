//! Rows of text under headings: Markdown for people, an array of objects for programs.

use super::part::Part;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use std::fmt;

/// A table; every row has one cell a heading.
#[derive(Clone, Debug)]
pub struct Table {
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
    part: Option<Part>,
}

impl Table {
    /// A table without rows.
    pub fn new(headings: &[&'static str]) -> Self {
        Self { headings: headings.to_vec(), rows: vec![], notes: vec![], part: None }
    }

    /// The same, of one part of a grid.
    pub fn of_part(self, part: Option<Part>) -> Self {
        Self { part, ..self }
    }

    /// What stands above the columns.
    pub fn headings(&self) -> &[&'static str] {
        &self.headings
    }

    /// Adds a row; missing cells are empty.
    pub fn push(&mut self, mut row: Vec<String>) {
        row.resize(self.headings.len(), String::new());
        self.rows.push(row);
    }

    /// Adds a line under the table.
    pub fn note(&mut self, line: String) {
        self.notes.push(line);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |j: usize, heading: &str| {
            self.rows.iter().map(|row| row[j].chars().count()).max().unwrap_or(0).max(heading.chars().count())
        };
        let widths: Vec<usize> = self.headings.iter().enumerate().map(|(j, heading)| width(j, heading)).collect();
        let line = |f: &mut fmt::Formatter<'_>, cells: &mut dyn Iterator<Item = &str>| {
            for (cell, width) in cells.zip(&widths) {
                write!(f, "| {cell:width$} ")?;
            }
            writeln!(f, "|")
        };
        line(f, &mut self.headings.iter().copied())?;
        let rules: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();
        line(f, &mut rules.iter().map(String::as_str))?;
        for row in &self.rows {
            line(f, &mut row.iter().map(String::as_str))?;
        }
        for note in &self.notes {
            write!(f, "\n{note}")?;
        }
        Ok(())
    }
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        if let Some(part) = &self.part {
            object.serialize_entry("part", part)?;
        }
        object.serialize_entry("rows", &Rows(self))?;
        object.serialize_entry("notes", &self.notes)?;
        object.end()
    }
}

struct Rows<'a>(&'a Table);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.rows.len()))?;
        for row in &self.0.rows {
            rows.serialize_element(&Record(&self.0.headings, row))?;
        }
        rows.end()
    }
}

/// One row by its headings; cells that read as numbers are numbers.
struct Record<'a>(&'a [&'static str], &'a [String]);

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_map(Some(self.0.len()))?;
        for (heading, cell) in self.0.iter().zip(self.1) {
            match (cell.parse::<i64>(), cell.parse::<f64>()) {
                (Ok(whole), _) => record.serialize_entry(heading, &whole)?,
                (_, Ok(number)) if number.is_finite() => record.serialize_entry(heading, &number)?,
                _ => record.serialize_entry(heading, cell)?,
            }
        }
        record.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_and_json_say_the_same() {
        let mut table = Table::new(&["data", "loss"]);
        table.push(vec!["iris".into(), "1".into()]);
        table.push(vec!["x".into()]);
        table.note("two rows".into());
        assert_eq!(table.to_string(), "| data | loss |\n| ---- | ---- |\n| iris | 1    |\n| x    |      |\n\ntwo rows");
        let json = serde_json::to_value(&table).unwrap();
        assert_eq!(json["rows"][0]["loss"], 1);
        assert_eq!(json["rows"][1]["loss"], "");
        assert_eq!(json["notes"][0], "two rows");
    }
}
