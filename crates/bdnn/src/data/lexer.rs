//! Delimited text as rows of cells.
//!
//! Entry point: [`Lexer::next`]. Cells end at the delimiter or at the end of the line (LF, CR or CRLF). A cell whose first
//! character after spaces and tabs is a quote is quoted: it ends at the next quote that is not doubled, may hold
//! delimiters and line ends (which count as LF), and only blanks may follow it. Blanks around a cell, in quotes or
//! not, do not count; blank lines are skipped. As RFC 4180, which knows neither blanks nor other line ends.
//! The same specification is read a second time, on purpose, by the checker's `network::csv`.

use super::error::{DataError, DataProblem};
use super::input::Input;

/// Longest row in bytes; a longer one is a quote that was never closed, or no table.
pub(super) const ROW_BYTES: usize = 1 << 24;

/// Where a cell lies: in the row's text, or in its unquoted text.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: usize,
    end: usize,
    quoted: bool,
}

/// The rows of an input.
pub(super) struct Lexer<'a> {
    pub(super) input: Input<'a>,
    pub(super) delimiter: u8,
    cells: Cells,
    line: u64,
}

/// Scratch space for the cells of a row.
#[derive(Debug, Default)]
struct Cells {
    spans: Vec<Span>,
    unquoted: Vec<u8>,
}

/// One row.
pub(super) struct Row<'r> {
    /// The line it starts on, from 1.
    pub(super) line: u64,
    text: &'r str,
    unquoted: &'r str,
    spans: &'r [Span],
}

impl<'r> Row<'r> {
    /// Number of cells.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Cell `j` without blanks around it.
    pub(super) fn cell(&self, j: usize) -> &'r str {
        let Span { start, end, quoted } = self.spans[j];
        let text = if quoted { self.unquoted } else { self.text };
        text.get(start..end).unwrap_or_default().trim()
    }

    /// Whether cell `j` stood in quotes.
    pub(super) fn quoted(&self, j: usize) -> bool {
        self.spans[j].quoted
    }

    /// A line with nothing on it.
    fn is_blank(&self) -> bool {
        self.len() == 1 && self.cell(0).is_empty()
    }
}

/// What the start of a window is.
enum Scan {
    /// A row that takes so many bytes and ends so many lines.
    Row { bytes: usize, lines: u64 },
    /// Not yet a whole row.
    More,
    /// Nothing is left.
    End,
    /// No row, so many lines after its start.
    Fault { lines: u64, problem: DataProblem },
}

impl<'a> Lexer<'a> {
    pub(super) fn new(input: Input<'a>, delimiter: u8) -> Self {
        Self { input, delimiter, cells: Cells::default(), line: 1 }
    }

    /// The next row that is not blank; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, DataError> {
        let (bytes, line) = loop {
            match self.cells.scan(self.input.window(), self.input.ended(), self.delimiter) {
                Scan::Row { bytes, lines } => {
                    let line = self.line;
                    self.line += lines;
                    self.input.consume(bytes);
                    if self.cells.spans.len() > 1 || !self.consumed(bytes, line)?.is_blank() {
                        break (bytes, line);
                    }
                }
                Scan::End => return Ok(None),
                Scan::Fault { lines, problem } => return Err(self.input.problem(Some(self.line + lines), problem)),
                Scan::More if self.input.window().len() > ROW_BYTES => {
                    return Err(self.input.problem(Some(self.line), DataProblem::LongRow(ROW_BYTES)));
                }
                Scan::More => self.input.more(self.input.window().len())?,
            }
        };
        self.consumed(bytes, line).map(Some)
    }

    /// The row that the last `bytes` consumed are.
    fn consumed(&self, bytes: usize, line: u64) -> Result<Row<'_>, DataError> {
        let bytes = self.input.consumed(bytes);
        self.cells.row(bytes, line).map_err(|at| {
            let problem = DataProblem::NotText(bytes.get(at).copied().unwrap_or_default());
            self.input.problem(Some(line + line_ends(&bytes[..at])), problem)
        })
    }
}

impl Cells {
    /// The cells as text; the error is the offset of what is none.
    fn row<'r>(&'r self, bytes: &'r [u8], line: u64) -> Result<Row<'r>, usize> {
        let text = std::str::from_utf8(bytes).map_err(|error| error.valid_up_to())?;
        let unquoted = std::str::from_utf8(&self.unquoted).unwrap_or_default();
        Ok(Row { line, text, unquoted, spans: &self.spans })
    }

    /// Finds the cells of the first row of `bytes`.
    fn scan(&mut self, bytes: &[u8], ended: bool, delimiter: u8) -> Scan {
        self.spans.clear();
        self.unquoted.clear();
        if bytes.is_empty() {
            return if ended { Scan::End } else { Scan::More };
        }
        let (mut at, mut lines) = (0, 0);
        loop {
            let mut start = at;
            while bytes.get(start).is_some_and(|&byte| byte == b' ' || (byte == b'\t' && delimiter != b'\t')) {
                start += 1;
            }
            if bytes.get(start) == Some(&b'"') {
                let opened = lines;
                let from = self.unquoted.len();
                match self.quoted(bytes, start + 1, &mut lines) {
                    Some(end) => at = end,
                    None if ended => return Scan::Fault { lines: opened, problem: DataProblem::OpenQuote },
                    None => return Scan::More,
                }
                self.spans.push(Span { start: from, end: self.unquoted.len(), quoted: true });
                while bytes.get(at).is_some_and(|&byte| byte == b' ' || (byte == b'\t' && delimiter != b'\t')) {
                    at += 1;
                }
                if bytes.get(at).is_some_and(|&byte| byte != delimiter && byte != b'\n' && byte != b'\r') {
                    return Scan::Fault { lines, problem: DataProblem::AfterQuote };
                }
            } else {
                let rest = &bytes[start..];
                let length = rest.iter().position(|&byte| byte == delimiter || byte == b'\n' || byte == b'\r');
                let length = length.unwrap_or(rest.len());
                self.spans.push(Span { start, end: start + length, quoted: false });
                at = start + length;
            }
            match bytes.get(at) {
                Some(b'\n') => return Scan::Row { bytes: at + 1, lines: lines + 1 },
                Some(b'\r') => match bytes.get(at + 1) {
                    Some(b'\n') => return Scan::Row { bytes: at + 2, lines: lines + 1 },
                    None if !ended => return Scan::More,
                    _ => return Scan::Row { bytes: at + 1, lines: lines + 1 },
                },
                Some(_) => at += 1,
                None if ended => return Scan::Row { bytes: at, lines },
                None => return Scan::More,
            }
        }
    }

    /// Copies what stands in quotes from `at` on; where the text after the closing quote starts.
    fn quoted(&mut self, bytes: &[u8], mut at: usize, lines: &mut u64) -> Option<usize> {
        loop {
            match *bytes.get(at)? {
                b'"' if bytes.get(at + 1) == Some(&b'"') => {
                    self.unquoted.push(b'"');
                    at += 2;
                }
                b'"' => return Some(at + 1),
                b'\r' | b'\n' => {
                    at += if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') { 2 } else { 1 };
                    self.unquoted.push(b'\n');
                    *lines += 1;
                }
                byte => {
                    self.unquoted.push(byte);
                    at += 1;
                }
            }
        }
    }
}

/// Lines that end in `bytes`.
fn line_ends(bytes: &[u8]) -> u64 {
    let ends = |(i, &byte): (usize, &u8)| byte == b'\n' || (byte == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
    bytes.iter().enumerate().filter(|&pair| ends(pair)).count() as u64
}

/// What the first rows of a text are under a delimiter.
pub(super) struct Sample {
    /// Owned cells, each with whether it stood in quotes.
    pub(super) rows: Vec<Vec<(String, bool)>>,
    /// Whether the limit was reached or the text is over, or no more can be known.
    pub(super) whole: bool,
    /// Whether they end at what is no row.
    pub(super) faulty: bool,
}

/// At most `limit` rows of a text.
pub(super) fn sample(bytes: &[u8], ended: bool, delimiter: u8, limit: usize) -> Sample {
    let (mut cells, mut rows, mut at) = (Cells::default(), vec![], 0);
    while rows.len() < limit {
        match cells.scan(&bytes[at..], ended, delimiter) {
            Scan::Row { bytes: taken, .. } => {
                let Ok(row) = cells.row(&bytes[at..at + taken], 0) else {
                    return Sample { rows, whole: true, faulty: false };
                };
                if !row.is_blank() {
                    rows.push((0..row.len()).map(|j| (row.cell(j).to_owned(), row.quoted(j))).collect());
                }
                at += taken;
            }
            Scan::More => return Sample { rows, whole: false, faulty: false },
            Scan::End => return Sample { rows, whole: true, faulty: false },
            Scan::Fault { .. } => return Sample { rows, whole: true, faulty: true },
        }
    }
    Sample { rows, whole: true, faulty: false }
}
