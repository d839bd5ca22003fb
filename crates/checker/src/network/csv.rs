//! Delimited text as cells: the delimiter is sniffed.
//!
//! Cells end at the delimiter or at the end of the line (LF, CR or CRLF). A cell whose first character after spaces and
//! tabs is a quote is quoted: it ends at the next quote that is not doubled, may hold delimiters and line ends (which
//! count as LF), and only blanks may follow it. Blanks around a cell, in quotes or not, do not count; blank lines are
//! skipped. Columns at the end that are empty in all of the first rows are delimiters that end the lines. The
//! specification is that of the solver's reader; both are held to one table of cases (`tests/csv_cases`).

use crate::number::{self, NumberError, Rational};
use crate::{Error, Source, limits};
use std::iter::Peekable;
use std::str::Chars;

/// One row and the line it starts on.
#[derive(Debug)]
pub(super) struct Row {
    pub line: u64,
    pub cells: Vec<String>,
    /// Whether each cell stood in quotes.
    pub quoted: Vec<bool>,
}

/// Rows of the same width.
#[derive(Debug)]
pub(super) struct Table {
    pub rows: Vec<Row>,
    /// Whether every cell of the first row stands in quotes and no number of the second does.
    pub quoted_header: bool,
}

/// What a cell in a column of numbers is.
#[derive(Debug, PartialEq)]
pub(super) enum Cell {
    /// What [`is_missing`] says, or `none`, `-`, `--` or `.`.
    Missing,
    /// The binary64 nearest to the decimal in the cell.
    Number(Rational),
    /// Infinite, or beyond the limits.
    NotFinite,
    Text,
}

pub(super) fn classify(cell: &str) -> Cell {
    let is = |word: &str| cell.eq_ignore_ascii_case(word);
    if is_missing(cell) || is("none") || is("-") || is("--") || is(".") {
        return Cell::Missing;
    }
    match number::binary64(cell) {
        Ok(value) => Cell::Number(value),
        Err(NumberError::Overflow | NumberError::ExponentTooLarge | NumberError::TooLong) => Cell::NotFinite,
        Err(_) => {
            let word = cell.strip_prefix(['+', '-']).unwrap_or(cell);
            let infinite = word.eq_ignore_ascii_case("inf") || word.eq_ignore_ascii_case("infinity");
            if infinite { Cell::NotFinite } else { Cell::Text }
        }
    }
}

/// Whether a cell of any column is missing.
pub(super) fn is_missing(cell: &str) -> bool {
    const WORDS: [&str; 9] = ["?", "na", "n/a", "#n/a", "<na>", "nan", "-nan", "+nan", "null"];
    cell.is_empty() || WORDS.iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// The value of a cell that is a number.
pub(super) fn number(cell: &str) -> Option<Rational> {
    if let Cell::Number(value) = classify(cell) { Some(value) } else { None }
}

/// Whether a cell is a number but for its decimal comma.
pub(super) fn decimal_comma(cell: &str) -> bool {
    cell.contains(',') && matches!(classify(&cell.replacen(',', ".", 1)), Cell::Number(_))
}

fn is_number(cell: &str) -> bool {
    matches!(classify(cell), Cell::Number(_)) || decimal_comma(cell)
}

/// Rows that the form is judged by.
const SAMPLE_ROWS: usize = 50;

/// All rows, without trailing delimiters.
pub(super) fn read(source: &mut Source<'_>) -> Result<Table, Error> {
    let text = source.read_whole(limits::DATA_BYTES)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.starts_with('\u{feff}') {
        return Err(source.malformed_at(1, "a byte order mark where the text should begin"));
    }
    let delimiter = delimiter(text);
    let mut rows = Records::new(text, delimiter)
        .collect::<Result<Vec<Row>, Fault>>()
        .map_err(|(line, what)| source.malformed_at(line, what))?;
    let Some(first) = rows.first() else { return Err(source.malformed_at(0, "no data row")) };
    let expected = first.cells.len();
    if let Some(row) = rows.iter().find(|row| row.cells.len() != expected) {
        let found = row.cells.len();
        return Err(source.malformed_at(row.line, format!("{found} cells where the first row has {expected}")));
    }
    let sample = rows.get(..SAMPLE_ROWS).unwrap_or(&rows);
    let empty = |row: &Row, column: usize| row.cells.get(column).is_some_and(String::is_empty);
    let width = (1..expected).rev().find(|&column| !sample.iter().all(|row| empty(row, column)));
    let width = width.map_or(1, |last| last + 1).min(expected);
    for row in &mut rows {
        if let Some(cell) = row.cells.iter().skip(width).find(|cell| !cell.is_empty()) {
            let what = format!("`{}` in a column without name that was empty before", crate::model::shorten(cell));
            return Err(source.malformed_at(row.line, what));
        }
        row.cells.truncate(width);
        row.quoted.truncate(width);
    }
    let quoted_header = matches!(&rows[..], [first, second, ..] if quotes_header(first, second));
    Ok(Table { rows, quoted_header })
}

fn quotes_header(first: &Row, second: &Row) -> bool {
    let cells = |row: &Row| row.cells.iter().cloned().zip(row.quoted.clone()).collect::<Vec<_>>();
    let (first, second) = (cells(first), cells(second));
    first.iter().all(|(cell, quoted)| *quoted || cell.is_empty())
        && first.iter().any(|(_, quoted)| *quoted)
        && second.iter().any(|(cell, quoted)| !quoted && is_number(cell))
        && second.iter().all(|(cell, quoted)| !quoted || !is_number(cell))
}

/// The delimiter under which the first rows look most like a table: equal widths, then numbers (decimal commas
/// included), then columns, then the one that is rarer in text. Rows end at what is none.
fn delimiter(text: &str) -> char {
    let score = |delimiter: char| {
        let rows: Vec<Row> = Records::new(text, delimiter).take(SAMPLE_ROWS).map_while(Result::ok).collect();
        let width = rows.first().map_or(0, |row| row.cells.len());
        let even = width > 1 && rows.iter().all(|row| row.cells.len() == width);
        let numbers = rows.iter().flat_map(|row| &row.cells).filter(|cell| is_number(cell)).count();
        (even, numbers, width)
    };
    let mut best = ('\t', score('\t'));
    for delimiter in [';', ','] {
        let score = score(delimiter);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// The line of what is no row, and why.
type Fault = (u64, &'static str);

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

    fn skip_blanks(&mut self) {
        let delimiter = self.delimiter;
        while self.rest.next_if(|&next| next == ' ' || (next == '\t' && delimiter != '\t')).is_some() {}
    }

    /// One cell, whether it stood in quotes, and whether the row goes on after it.
    fn cell(&mut self) -> Result<(String, bool, bool), Fault> {
        self.skip_blanks();
        let opened = self.line;
        let mut cell = String::new();
        let quoted = self.rest.next_if_eq(&'"').is_some();
        if quoted {
            loop {
                match self.take() {
                    None => return Err((opened, "a quote that is never closed")),
                    Some('"') if self.rest.next_if_eq(&'"').is_some() => cell.push('"'),
                    Some('"') => break,
                    Some(next) => cell.push(next),
                }
            }
            self.skip_blanks();
        }
        loop {
            let line = self.line;
            let more = match self.take() {
                None | Some('\n') => false,
                Some(next) if next == self.delimiter => true,
                Some(_) if quoted => return Err((line, "text after a closing quote")),
                Some(next) => {
                    cell.push(next);
                    continue;
                }
            };
            return Ok((cell.trim().to_owned(), quoted, more));
        }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<Row, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.rest.peek()?;
            let line = self.line;
            let (mut cells, mut quotes) = (vec![], vec![]);
            loop {
                let (cell, quoted, more) = match self.cell() {
                    Ok(cell) => cell,
                    Err(fault) => return Some(Err(fault)),
                };
                cells.push(cell);
                quotes.push(quoted);
                if !more {
                    break;
                }
            }
            if cells.iter().any(|cell| !cell.is_empty()) || cells.len() > 1 {
                return Some(Ok(Row { line, cells, quoted: quotes }));
            }
        }
    }
}
