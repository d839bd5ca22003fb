//! A delimited text as columns of numbers and, where one is asked for, a column of labels. One row is held at a time;
//! what stays is the numbers.
//!
//! Entry points: [`Table::open`], then [`Table::read`]. The first row stands apart until it is known what it is.

use super::categories::MOST_VALUES;
use super::cell::{hint, list, list_cells, shorten, undivided};
use super::columns::{Columns, Wanted};
use super::error::{Column, DataError, DataProblem};
use super::header::{self, First, Header};
use super::input::Input;
use super::lexer::{Lexer, Row};
use super::reading::{Fault, Reading};
use super::remarks::Remarks;
use super::sniff::Form;
use super::units::no_weight;

/// A file before anybody knows which column is what.
pub(super) struct Table<'a> {
    lexer: Lexer<'a>,
    form: Form,
    /// Line and cells of the first row, trailing columns left out.
    line: u64,
    pub(super) first: Vec<String>,
    /// Column names, once the first row is a header; before, see [`Table::name`].
    pub(super) header: Option<Vec<String>>,
}

/// What a column is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    Label,
    Weights,
    Categories,
}

impl<'a> Table<'a> {
    /// Sniffs the form and takes the first row; at least `least_columns` columns must be there.
    pub(super) fn open(mut input: Input<'a>, least_columns: usize) -> Result<Self, DataError> {
        let form = Form::sniff(&mut input)?;
        let mut lexer = Lexer::new(input, form.delimiter);
        let Some(row) = lexer.next()? else { return Err(lexer.input.problem(None, DataProblem::Empty)) };
        let line = row.line;
        let mut first: Vec<String> = (0..row.len()).map(|j| row.cell(j).to_owned()).collect();
        first.truncate(first.len() - form.trailing.min(first.len()));
        let table = Self { lexer, form, line, first, header: None };
        if table.first.first().is_some_and(|cell| tells_delimiter(cell)) {
            return Err(table.problem(Some(line), DataProblem::Encoding(TELLS_DELIMITER)));
        }
        if table.width() < least_columns {
            let what = table.first.first().map_or("", |cell| undivided(cell));
            return Err(table.problem(Some(line), DataProblem::OneColumn(what)));
        }
        Ok(table)
    }

    /// Number of columns.
    pub(super) fn width(&self) -> usize {
        self.first.len()
    }

    /// What the first row is when the column `label` holds no feature.
    pub(super) fn look(&self, label: Option<usize>, known: Header) -> First {
        match known {
            Header::Yes => First::Header,
            Header::No => First::Point,
            Header::Auto => header::look(&self.first, label, self.form.quoted_header),
        }
    }

    /// The name that the first row gives column `j` if it is a header: x1, x2, .. where it has none.
    pub(super) fn first_name(&self, j: usize) -> String {
        if self.first[j].is_empty() { format!("x{}", j + 1) } else { self.first[j].clone() }
    }

    /// Makes the first row the header. Nameless columns become x1, x2, ..
    pub(super) fn take_header(&mut self) -> Result<(), DataError> {
        let names: Vec<String> = (0..self.width()).map(|j| self.first_name(j)).collect();
        let mut sorted: Vec<&String> = names.iter().collect();
        sorted.sort();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(self.problem(Some(self.line), DataProblem::DuplicateColumn(pair[0].clone())));
        }
        self.header = Some(names);
        Ok(())
    }

    /// The name of column `j`: x1, x2, .. without a header.
    pub(super) fn name(&self, j: usize) -> String {
        self.header.as_ref().map_or_else(|| format!("x{}", j + 1), |names| names[j].clone())
    }

    /// What to do about words in column `j`.
    fn no_number(&self, line: u64, j: usize) -> String {
        if self.header.is_none() && line == self.line {
            return "if the first row is a header, say --header yes".to_owned();
        }
        let plain = |name: &&String| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        let name = self.header.as_ref().map(|names| &names[j]).filter(plain);
        let name = name.map_or_else(|| j.to_string(), Clone::clone);
        format!(
            "features must be numbers (is this the label? then say --label {name}; is it a category? then --one-hot={name})"
        )
    }

    /// Column `j` for a message.
    pub(super) fn column(&self, j: usize) -> Column {
        Column { number: j + 1, name: self.header.as_ref().map(|names| names[j].clone()) }
    }

    /// The column of an index, from 0 or, if it is negative, from the end.
    pub(super) fn index(&self, text: &str) -> Option<usize> {
        let (index, width) = (text.parse::<i64>().ok()?, self.width());
        let from_start = if index < 0 { i64::try_from(width).ok()?.checked_add(index)? } else { index };
        usize::try_from(from_start).ok().filter(|&at| at < width)
    }

    /// The error for a column `text` that is not there.
    pub(super) fn no_column(&self, text: &str, header: Header, asked: Asked) -> DataError {
        let width = self.width();
        let range = format!("from 0 to {} or from -{width} to -1", width - 1);
        let is_index = text.parse::<i64>().is_ok();
        let available = match (self.look(None, header) == First::Header, is_index) {
            (true, true) => format!("an index runs {range}, and the columns are {}", list(&self.first)),
            (true, false) => format!("the columns are {}", list(&self.first)),
            (false, true) => format!("an index runs {range}"),
            (false, false) => format!("the file has no header; give an index {range}"),
        };
        let wanted = format!("\"{}\"", shorten(text));
        let problem = match asked {
            Asked::Label => DataProblem::NoLabel { wanted, available },
            Asked::Weights => DataProblem::NoWeights { wanted, available },
            Asked::Categories => DataProblem::NoOneHot { wanted, available },
        };
        self.problem(Some(self.line), problem)
    }

    /// The line of the first row.
    pub(super) fn first_line(&self) -> u64 {
        self.line
    }

    /// An error in this file.
    pub(super) fn problem(&self, line: Option<u64>, what: DataProblem) -> DataError {
        self.lexer.input.problem(line, what)
    }

    /// Reads all rows. If `first` is open it is judged at the end, and becomes a point, the header, or an error.
    pub(super) fn read(&mut self, wanted: &Wanted, first: First) -> Result<Columns, DataError> {
        let mut reading = Reading::new(wanted);
        let mut refused = Ok(());
        if first == First::Header {
            self.take_header()?;
        } else {
            let cells = std::mem::take(&mut self.first);
            let added = reading.add(self.line, &|j| cells[j].as_str());
            self.first = cells;
            refused = added.map_err(|fault| self.refusal(self.line, fault));
        }
        if first == First::Point {
            std::mem::replace(&mut refused, Ok(()))?;
        }
        let apart = (first == First::Open).then(|| reading.set_apart());
        self.rest(&mut reading)?;
        if let Some(apart) = apart {
            let rest = reading.rest();
            match header::judge(&self.first, &wanted.features, wanted.label, &rest) {
                First::Open => {
                    let row = list_cells(&self.first);
                    return Err(self.problem(Some(self.line), DataProblem::HeaderOrPoint(row)));
                }
                First::Header => {
                    self.take_header()?;
                    reading.forget(&apart);
                }
                First::Point => {
                    refused?;
                    reading.put_first(apart);
                }
            }
        }
        let mut columns = reading.columns;
        if columns.lines.is_empty() {
            let empty = if columns.dropped > 0 { DataProblem::AllMissing } else { DataProblem::Empty };
            return Err(self.problem(None, empty));
        }
        columns.rows.shrink_to_fit();
        columns.alterations = reading.alterations;
        columns.alterations.compare(wanted.features.len(), &columns.rows, &columns.lines);
        columns.remarks = Remarks {
            header: self.header.is_some(),
            delimiter: char::from(self.form.delimiter),
            packed: self.lexer.input.packed,
            trailing: self.form.trailing,
            ..Remarks::default()
        };
        Ok(columns)
    }

    /// Adds the rows after the first.
    fn rest(&mut self, reading: &mut Reading<'_>) -> Result<(), DataError> {
        let (width, trailing) = (self.first.len(), self.form.trailing);
        loop {
            let Some(row) = self.lexer.next()? else { return Ok(()) };
            let line = row.line;
            let added = if row.len() != width + trailing {
                let comment = self.header.is_some() && self.first.first().is_some_and(|cell| cell.starts_with('#'));
                let hint = if comment { COMMENT } else { ragged(&row, width, trailing) };
                Err(Fault::Ragged { expected: width + trailing, found: row.len(), hint })
            } else if let Some(j) = (width..width + trailing).find(|&j| !row.cell(j).is_empty()) {
                Err(Fault::NotTrailing { column: j, text: shorten(row.cell(j)) })
            } else {
                reading.add(line, &|j| row.cell(j))
            };
            added.map_err(|fault| self.refusal(line, fault))?;
        }
    }

    /// The error for a row.
    fn refusal(&self, line: u64, fault: Fault) -> DataError {
        let column = |j| self.column(j);
        let problem = match fault {
            Fault::Ragged { expected, found, hint } => DataProblem::Ragged { expected, found, hint },
            Fault::NotTrailing { column, text } => DataProblem::NotTrailing { column: column + 1, text },
            Fault::Missing(j) => DataProblem::Missing { column: column(j) },
            Fault::NotFinite(j, text) => DataProblem::NotFinite { column: column(j), text: shorten(&text) },
            Fault::NotANumber(j, text) => {
                let hint = hint(&text).map_or_else(|| self.no_number(line, j), str::to_owned);
                DataProblem::NotANumber { column: column(j), text: shorten(&text), hint: hint.into() }
            }
            Fault::Weight(j, text) => {
                DataProblem::Weight { column: column(j), why: no_weight(&text), text: shorten(&text) }
            }
            Fault::Values(j, text) => {
                DataProblem::TooManyValues { column: column(j), most: MOST_VALUES, text: shorten(&text) }
            }
            Fault::Memory(bytes) => DataProblem::Memory(bytes),
        };
        self.problem(Some(line), problem)
    }
}

const TELLS_DELIMITER: &str = "the line `sep=` tells Excel the delimiter and is no row; leave it out";

/// Whether a first cell, which the delimiter may have ended, is a line such as `sep=;`.
fn tells_delimiter(cell: &str) -> bool {
    let (word, delimiter) = cell.split_at_checked(4).unwrap_or((cell, ""));
    word.eq_ignore_ascii_case("sep=") && delimiter.chars().count() <= 1
}

const COMMENT: &str = "if the first line is a comment, leave it out: it is read as the header";

/// What may be the reason for a row of another width.
fn ragged(row: &Row<'_>, width: usize, trailing: usize) -> &'static str {
    let found = row.len();
    if found == 1 && row.cell(0) == "\u{1a}" {
        "this is the Ctrl-Z by which DOS ends files; leave it out"
    } else if trailing == 0 && found == width + 1 && row.cell(found - 1).is_empty() {
        "a delimiter ends this line, but not the first"
    } else if trailing == 0 && found == width + 1 && row.line <= 2 {
        "the first line may lack the name of a column of row names; give it one, or write the table without row names"
    } else {
        "quote cells that hold the delimiter"
    }
}
