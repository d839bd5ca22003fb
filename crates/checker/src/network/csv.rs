//! Delimited text as cells: the delimiter and the header are sniffed.
//!
//! Cells may be quoted, a quote inside a quoted cell is doubled; blanks around a cell do not count; blank lines are
//! skipped; lines end with LF, CR or CRLF.

use crate::number::{self, NumberError, Rational};
use crate::{Error, Source, limits};
use std::iter::Peekable;
use std::str::Chars;

/// One row and the line it starts on.
#[derive(Debug)]
pub(super) struct Row {
    pub line: u64,
    pub cells: Vec<String>,
}

/// What a cell is.
#[derive(Debug, PartialEq)]
pub(super) enum Cell {
    /// Empty, `?`, `NA` or `NaN`.
    Missing,
    /// The binary64 nearest to the decimal in the cell.
    Number(Rational),
    /// Infinite, or beyond the limits.
    NotFinite,
    Text,
}

pub(super) fn classify(cell: &str) -> Cell {
    let is = |word: &str| cell.eq_ignore_ascii_case(word);
    if cell.is_empty() || cell == "?" || is("na") || is("nan") {
        return Cell::Missing;
    }
    match number::binary64(cell) {
        Ok(value) => Cell::Number(value),
        Err(NumberError::Overflow | NumberError::ExponentTooLarge | NumberError::TooLong) => Cell::NotFinite,
        Err(_) => {
            let word = cell.trim_start_matches(['+', '-']);
            let infinite = word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity");
            if infinite { Cell::NotFinite } else { Cell::Text }
        }
    }
}

/// All rows, each of the same width.
pub(super) fn read(source: &mut Source<'_>) -> Result<Vec<Row>, Error> {
    let text = source.read_whole(limits::DATA_BYTES)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let rows: Vec<Row> = Records::new(text, delimiter(text)).collect();
    let Some(first) = rows.first() else { return Err(source.malformed_at(0, "no data row")) };
    match rows.iter().find(|row| row.cells.len() != first.cells.len()) {
        Some(row) => {
            let (found, expected) = (row.cells.len(), first.cells.len());
            Err(source.malformed_at(row.line, format!("{found} cells where the first row has {expected}")))
        }
        None => Ok(rows),
    }
}

/// The delimiter under which the first rows look most like a table: equal widths, then numbers, then columns.
fn delimiter(text: &str) -> char {
    const SAMPLE_ROWS: usize = 50;
    let score = |delimiter: char| {
        let rows: Vec<Row> = Records::new(text, delimiter).take(SAMPLE_ROWS).collect();
        let width = rows.first().map_or(0, |row| row.cells.len());
        let even = width > 1 && rows.iter().all(|row| row.cells.len() == width);
        let cells = rows.iter().flat_map(|row| &row.cells);
        let numbers = cells.filter(|cell| matches!(classify(cell), Cell::Number(_))).count();
        (even, numbers, width)
    };
    let mut best = (',', score(','));
    for delimiter in [';', '\t'] {
        let score = score(delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

struct Records<'t> {
    rest: Peekable<Chars<'t>>,
    delimiter: char,
    line: u64,
}

impl<'t> Records<'t> {
    fn new(text: &'t str, delimiter: char) -> Self {
        Self { rest: text.chars().peekable(), delimiter, line: 1 }
    }

    /// The next character, with CRLF and CR as LF.
    fn take(&mut self) -> Option<char> {
        let next = match self.rest.next()? {
            '\r' => {
                self.rest.next_if_eq(&'\n');
                '\n'
            }
            other => other,
        };
        self.line += u64::from(next == '\n');
        Some(next)
    }

    /// One cell, and whether the row goes on after it.
    fn cell(&mut self) -> (String, bool) {
        let mut cell = String::new();
        let mut quoted = self.rest.next_if_eq(&'"').is_some();
        while let Some(next) = self.take() {
            if quoted && next == '"' {
                if self.rest.next_if_eq(&'"').is_some() {
                    cell.push('"');
                } else {
                    quoted = false;
                }
            } else if quoted {
                cell.push(next);
            } else if next == self.delimiter {
                return (cell.trim().to_owned(), true);
            } else if next == '\n' {
                break;
            } else {
                cell.push(next);
            }
        }
        (cell.trim().to_owned(), false)
    }
}

impl Iterator for Records<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            self.rest.peek()?;
            let line = self.line;
            let mut cells = vec![];
            loop {
                let (cell, more) = self.cell();
                cells.push(cell);
                if !more {
                    break;
                }
            }
            if cells.iter().any(|cell| !cell.is_empty()) || cells.len() > 1 {
                return Some(Row { line, cells });
            }
        }
    }
}
