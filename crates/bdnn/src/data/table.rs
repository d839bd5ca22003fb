//! A delimited text file as cells: delimiter, header, byte order mark and line ends sniffed.

use super::cell::{Cell, classify, decimal_comma, shorten};
use super::error::{Column, DataError, DataProblem};
use std::io::Read;
use std::path::Path;

/// One row of a file.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Line of the file, counted from 1.
    pub(super) line: u64,
    /// Cells, trimmed.
    pub(super) cells: Vec<String>,
}

/// A file before anybody knows which column is the label. Every row has the same number of cells, at least 2 columns.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// Name for messages; `-` is standard input.
    pub(super) file: String,
    /// The first row may be a header: see [`Table::take_header`].
    pub(super) rows: Vec<Row>,
    /// Column names, once a header was recognised.
    pub(super) header: Option<Vec<String>>,
}

/// Rows that the delimiter is judged by.
const SAMPLE_ROWS: usize = 50;

impl Table {
    /// Reads `path`, or standard input if it is `-`; at least `least_columns` columns must be there.
    pub(super) fn read(path: &Path, least_columns: usize) -> Result<Self, DataError> {
        let failed = |source| DataError::Io { file: path.to_owned(), source };
        let mut bytes = Vec::new();
        if path.as_os_str() == "-" {
            std::io::stdin().lock().read_to_end(&mut bytes).map_err(failed)?;
        } else {
            bytes = std::fs::read(path).map_err(failed)?;
        }
        Self::parse(&bytes, &path.display().to_string(), least_columns)
    }

    /// Parses the bytes of a file that must have at least `least_columns` columns.
    pub(super) fn parse(bytes: &[u8], file: &str, least_columns: usize) -> Result<Self, DataError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let line = Lines::default().at(bytes, error.valid_up_to());
            problem(file, Some(line), DataProblem::NotText)
        })?;
        let delimiter = sniff_delimiter(text);
        let rows = records(text, delimiter, usize::MAX);
        let table = Self { file: file.to_owned(), rows, header: None };
        let Some(first) = table.rows.first() else { return Err(table.problem(None, DataProblem::Empty)) };
        let expected = first.cells.len();
        if expected < least_columns {
            return Err(table.problem(Some(first.line), DataProblem::OneColumn));
        }
        if let Some(row) = table.rows.iter().find(|row| row.cells.len() != expected) {
            let found = row.cells.len();
            return Err(table.problem(Some(row.line), DataProblem::Ragged { expected, found }));
        }
        Ok(table)
    }

    /// Number of columns.
    pub(super) fn width(&self) -> usize {
        self.header.as_ref().map_or_else(|| self.rows.first().map_or(0, |row| row.cells.len()), Vec::len)
    }

    /// Whether the first row looks like a header when `label` is not a feature: it has text where numbers stand, and
    /// no number. (A row with both is data with an error.)
    pub(super) fn header_looms(&self, label: Option<usize>) -> bool {
        let Some(first) = self.rows.first() else { return false };
        let mut texts = 0;
        for (j, cell) in first.cells.iter().enumerate() {
            match classify(cell) {
                _ if Some(j) == label => {}
                Cell::Number(_) | Cell::NotFinite => return false,
                Cell::Text if decimal_comma(cell) => return false,
                Cell::Text => texts += 1,
                Cell::Missing => {}
            }
        }
        texts > 0
    }

    /// Makes the first row the header. Nameless columns become x1, x2, ..
    pub(super) fn take_header(&mut self) -> Result<(), DataError> {
        let row = self.rows.remove(0);
        let named = |(j, cell): (usize, String)| if cell.is_empty() { format!("x{}", j + 1) } else { cell };
        let names: Vec<String> = row.cells.into_iter().enumerate().map(named).collect();
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(self.problem(Some(row.line), DataProblem::DuplicateColumn(pair[0].clone())));
        }
        self.header = Some(names);
        if self.rows.is_empty() { Err(self.problem(None, DataProblem::Empty)) } else { Ok(()) }
    }

    /// The name of column `j`: x1, x2, .. without a header.
    pub(super) fn name(&self, j: usize) -> String {
        self.header.as_ref().map_or_else(|| format!("x{}", j + 1), |names| names[j].clone())
    }

    /// Column `j` for a message.
    pub(super) fn column(&self, j: usize) -> Column {
        Column { number: j + 1, name: self.header.as_ref().map(|names| names[j].clone()) }
    }

    /// An error in this file.
    pub(super) fn problem(&self, line: Option<u64>, what: DataProblem) -> DataError {
        problem(&self.file, line, what)
    }

    /// Keeps the rows without a missing value in `columns` if `drop`, else refuses the first one with. Returns how
    /// many were dropped.
    pub(super) fn settle_missing(&mut self, columns: &[usize], drop: bool) -> Result<usize, DataError> {
        let before = self.rows.len();
        if drop {
            let whole = |row: &Row| columns.iter().all(|&j| classify(&row.cells[j]) != Cell::Missing);
            self.rows.retain(whole);
            if self.rows.is_empty() {
                return Err(self.problem(None, DataProblem::AllMissing));
            }
        } else {
            for row in &self.rows {
                if let Some(&j) = columns.iter().find(|&&j| classify(&row.cells[j]) == Cell::Missing) {
                    return Err(self.problem(Some(row.line), DataProblem::Missing { column: self.column(j) }));
                }
            }
        }
        Ok(before - self.rows.len())
    }

    /// The finite number in column `j` of `row`; missing values are settled before.
    pub(super) fn number(&self, row: &Row, j: usize) -> Result<f64, DataError> {
        let (column, text) = (self.column(j), shorten(&row.cells[j]));
        match classify(&row.cells[j]) {
            Cell::Number(value) => Ok(value),
            Cell::NotFinite => Err(self.problem(Some(row.line), DataProblem::NotFinite { column, text })),
            Cell::Missing => Err(self.problem(Some(row.line), DataProblem::Missing { column })),
            Cell::Text => {
                let hint = if text.contains([',', ';']) {
                    "; numbers are written with a decimal point, and one delimiter divides all columns"
                } else if self.header.is_none() && self.rows.first().is_some_and(|first| first.line == row.line) {
                    "; a header line must not hold numbers as column names"
                } else {
                    "; features must be numbers (is this the label? then say --label)"
                };
                Err(self.problem(Some(row.line), DataProblem::NotANumber { column, text, hint }))
            }
        }
    }
}

fn problem(file: &str, line: Option<u64>, problem: DataProblem) -> DataError {
    DataError::File { file: file.into(), line, problem }
}

/// The delimiter under which a sample of rows looks most like a table: equal widths first, then numbers, then columns;
/// on a tie the one that is rarer in text. A decimal comma counts as part of a number here, so that such a file is
/// refused for its numbers rather than cut at them.
fn sniff_delimiter(text: &str) -> u8 {
    let is_number = |cell: &&String| matches!(classify(cell), Cell::Number(_)) || decimal_comma(cell);
    let score = |delimiter: u8| {
        let rows = records(text, delimiter, SAMPLE_ROWS);
        let width = rows.first().map_or(0, |row| row.cells.len());
        let even = width > 1 && rows.iter().all(|row| row.cells.len() == width);
        let numbers = rows.iter().flat_map(|row| &row.cells).filter(is_number).count();
        (even, numbers, width)
    };
    let mut best = (b'\t', score(b'\t'));
    for delimiter in [b';', b','] {
        let found = score(delimiter);
        if found > best.1 {
            best = (delimiter, found);
        }
    }
    best.0
}

/// The first `limit` rows; blank lines are skipped.
fn records(text: &str, delimiter: u8, limit: usize) -> Vec<Row> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut lines = Lines::default();
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    // Reading from memory that is valid UTF-8, with any width allowed, has nothing left to fail on.
    while rows.len() < limit && reader.read_record(&mut record).unwrap_or(false) {
        let start = record.position().map_or(0, csv::Position::byte);
        let line = lines.at(text.as_bytes(), usize::try_from(start).unwrap_or(usize::MAX));
        if record.iter().all(str::is_empty) && record.len() == 1 {
            continue;
        }
        rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
    }
    rows
}

/// Line numbers of growing offsets, with every kind of line end.
#[derive(Default)]
struct Lines {
    offset: usize,
    ended: u64,
}

impl Lines {
    /// The line, from 1, of the first character at or after `start` that ends no line.
    fn at(&mut self, bytes: &[u8], start: usize) -> u64 {
        while let Some(&byte) = bytes.get(self.offset) {
            let ends = byte == b'\n' || (byte == b'\r' && bytes.get(self.offset + 1) != Some(&b'\n'));
            if self.offset >= start && byte != b'\n' && byte != b'\r' {
                break;
            }
            self.ended += u64::from(ends);
            self.offset += 1;
        }
        self.ended + 1
    }
}
