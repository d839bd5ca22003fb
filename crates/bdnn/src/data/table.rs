//! A delimited text as columns of numbers and, where one is asked for, a column of labels. One row is held at a time;
//! what stays is the numbers.
//!
//! Entry points: [`Table::open`], then [`Table::read`]. The first row stands apart until it is known what it is.

use super::cell::{Cell, classify, hint, is_missing, list, list_cells, shorten, undivided};
use super::error::{Column, DataError, DataProblem};
use super::header::{self, First, Header, Rest};
use super::input::Input;
use super::lexer::{Lexer, Row};
use super::memory;
use super::precision::{Alterations, faithful, is_print};
use super::remarks::Remarks;
use super::schema::{Classes, same_class};
use super::sniff::Form;
use std::collections::BTreeMap;

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

/// Which columns are wanted: those of the features, in their order, that of the label, and that of what a row counts.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) features: Vec<usize>,
    pub(super) label: Option<usize>,
    pub(super) weight: Option<usize>,
    pub(super) drop_missing: bool,
}

/// The wanted columns of all rows.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// Row-major, m x n, finite.
    pub(super) rows: Vec<f64>,
    /// Index into `texts` for each row; empty if no label was wanted.
    pub(super) labels: Vec<u32>,
    /// Distinct label cells, in order of appearance.
    pub(super) texts: Vec<String>,
    /// What each row counts; empty if no weights were wanted.
    pub(super) weights: Vec<f64>,
    /// Line of each row in its file, from 1.
    pub(super) lines: Vec<u64>,
    /// Rows left out for missing values.
    pub(super) dropped: usize,
    pub(super) remarks: Remarks,
    /// What floats changed.
    pub(super) alterations: Alterations,
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

    /// The error for a column `text` of labels or, if so, weights that is not there.
    pub(super) fn no_column(&self, text: &str, header: Header, of_weights: bool) -> DataError {
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
        let problem = if of_weights {
            DataProblem::NoWeights { wanted, available }
        } else {
            DataProblem::NoLabel { wanted, available }
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
                let hint = hint(&text).unwrap_or(if self.header.is_none() && line == self.line {
                    "if the first row is a header, say --header yes"
                } else {
                    "features must be numbers (is this the label? then say --label)"
                });
                DataProblem::NotANumber { column: column(j), text: shorten(&text), hint }
            }
            Fault::Weight(j, text) => DataProblem::Weight { column: column(j), text: shorten(&text) },
            Fault::Memory(bytes) => DataProblem::Memory(bytes),
        };
        self.problem(Some(line), problem)
    }
}

const COMMENT: &str = "if the first line is a comment, leave it out: it is read as the header";

/// What may be the reason for a row of another width.
fn ragged(row: &Row<'_>, width: usize, trailing: usize) -> &'static str {
    let found = row.len();
    if trailing == 0 && found == width + 1 && row.cell(found - 1).is_empty() {
        "a delimiter ends this line, but not the first"
    } else if trailing == 0 && found == width + 1 && row.line <= 2 {
        "the first line may lack the name of a column of row names; give it one, or write the table without row names"
    } else {
        "quote cells that hold the delimiter"
    }
}

/// Why a row is no point.
enum Fault {
    Ragged { expected: usize, found: usize, hint: &'static str },
    NotTrailing { column: usize, text: String },
    Missing(usize),
    NotFinite(usize, String),
    NotANumber(usize, String),
    Weight(usize, String),
    Memory(u64),
}

/// The columns as they grow.
struct Reading<'w> {
    wanted: &'w Wanted,
    columns: Columns,
    /// Index of each label text, and its rows.
    interned: BTreeMap<String, u32>,
    counts: Vec<usize>,
    alterations: Alterations,
    /// Unfaithful cells of the row at hand.
    altered: Vec<(usize, String, f64)>,
}

/// The first row while it is open.
struct Apart {
    rows: Vec<f64>,
    weight: Option<f64>,
    line: Option<u64>,
    dropped: usize,
    alterations: Alterations,
}

impl<'w> Reading<'w> {
    fn new(wanted: &'w Wanted) -> Self {
        Self {
            wanted,
            columns: Columns::default(),
            interned: BTreeMap::new(),
            counts: vec![],
            alterations: Alterations::default(),
            altered: vec![],
        }
    }

    /// Adds a row, or leaves it out if a value is missing and that is allowed.
    fn add<'c>(&mut self, line: u64, cell: &impl Fn(usize) -> &'c str) -> Result<(), Fault> {
        let (start, n) = (self.columns.rows.len(), self.wanted.features.len());
        memory::reserve(&mut self.columns.rows, n).map_err(Fault::Memory)?;
        memory::reserve(&mut self.columns.lines, 1).map_err(Fault::Memory)?;
        memory::reserve(&mut self.columns.labels, 1).map_err(Fault::Memory)?;
        memory::reserve(&mut self.columns.weights, 1).map_err(Fault::Memory)?;
        self.altered.clear();
        for (k, &j) in self.wanted.features.iter().enumerate() {
            let text = cell(j);
            let Cell::Number(value) = classify(text) else {
                self.columns.rows.truncate(start);
                return self.leave_out(j, cell);
            };
            if !faithful(text, value) {
                self.altered.push((k, text.to_owned(), value));
            }
            self.columns.rows.push(value);
        }
        if let Some(j) = self.wanted.label.filter(|&j| is_missing(cell(j))) {
            self.columns.rows.truncate(start);
            return self.leave_out(j, cell);
        }
        if let Some(j) = self.wanted.weight {
            let text = cell(j);
            match classify(text) {
                Cell::Number(value) if value >= 0.0 && is_print(text, value) => {
                    self.columns.weights.push(value);
                }
                kind => {
                    self.columns.rows.truncate(start);
                    let fault = Fault::Weight(j, text.to_owned());
                    return if kind == Cell::Missing { self.leave_out(j, cell) } else { Err(fault) };
                }
            }
        }
        if let Some(j) = self.wanted.label {
            let text = cell(j);
            let label = self.intern(text);
            self.columns.labels.push(label);
            self.counts[label as usize] += 1;
        }
        self.columns.lines.push(line);
        for (k, text, value) in self.altered.drain(..) {
            self.alterations.add(k, line, &text, value);
        }
        Ok(())
    }

    /// A row with something else than a number in a column `at`. A missing value anywhere comes first.
    fn leave_out<'c>(&mut self, at: usize, cell: &impl Fn(usize) -> &'c str) -> Result<(), Fault> {
        let mut features = self.wanted.features.iter().copied();
        let missing = features.find(|&j| classify(cell(j)) == Cell::Missing);
        let missing = missing.or(self.wanted.label.filter(|&j| is_missing(cell(j))));
        let missing = missing.or(self.wanted.weight.filter(|&j| classify(cell(j)) == Cell::Missing));
        match missing {
            Some(_) if self.wanted.drop_missing => {
                self.columns.dropped += 1;
                Ok(())
            }
            Some(j) => Err(Fault::Missing(j)),
            None if classify(cell(at)) == Cell::NotFinite => Err(Fault::NotFinite(at, cell(at).to_owned())),
            None => Err(Fault::NotANumber(at, cell(at).to_owned())),
        }
    }

    fn intern(&mut self, text: &str) -> u32 {
        if let Some(&label) = self.interned.get(text) {
            return label;
        }
        // Every text takes memory, so there are fewer.
        let label = u32::try_from(self.columns.texts.len()).unwrap_or(u32::MAX);
        self.interned.insert(text.to_owned(), label);
        self.columns.texts.push(text.to_owned());
        self.counts.push(0);
        label
    }

    /// Takes the only row out; the text of its label stays, as the first.
    fn set_apart(&mut self) -> Apart {
        self.columns.labels.clear();
        self.counts.fill(0);
        Apart {
            rows: std::mem::take(&mut self.columns.rows),
            weight: self.columns.weights.pop(),
            line: self.columns.lines.pop(),
            dropped: std::mem::take(&mut self.columns.dropped),
            alterations: std::mem::take(&mut self.alterations),
        }
    }

    /// What the rows are like that are here.
    fn rest(&self) -> Rest {
        let n = self.wanted.features.len();
        let mut ranges = vec![(f64::INFINITY, f64::NEG_INFINITY); n];
        let mut fractions = false;
        for row in self.columns.rows.chunks_exact(n.max(1)) {
            for (range, &x) in ranges.iter_mut().zip(row) {
                *range = (range.0.min(x), range.1.max(x));
                fractions |= x.fract() != 0.0;
            }
        }
        let value = |text: &str| if let Cell::Number(value) = classify(text) { Some(value) } else { None };
        let texts = || self.columns.texts.iter().zip(&self.counts).filter(|(_, count)| **count > 0);
        let first = self.columns.texts.first();
        let same = |text: &str| first.is_some_and(|first| same_class(first, text));
        let numbers = texts().filter(|(text, _)| value(text).is_some()).count();
        let mut of_class: BTreeMap<usize, usize> = BTreeMap::new();
        for (class, count) in Classes::of(&self.columns.texts).of_text.into_iter().zip(&self.counts) {
            *of_class.entry(class).or_default() += count;
        }
        Rest {
            ranges,
            fractions,
            rows: self.columns.lines.len(),
            with_its_label: texts().filter(|(text, _)| same(text)).map(|(_, count)| count).sum(),
            fewest: of_class.into_values().filter(|&count| count > 0).min().unwrap_or(0),
            labels_are_numbers: if numbers == 0 { Some(false) } else { (numbers == texts().count()).then_some(true) },
        }
    }

    /// The row set apart is the header.
    fn forget(&mut self, apart: &Apart) {
        // Its label was interned first; other rows may have it as well.
        if apart.line.is_some() && self.counts.first() == Some(&0) {
            self.columns.texts.remove(0);
            self.columns.labels.iter_mut().for_each(|label| *label -= 1);
        }
    }

    /// The row set apart is the first point.
    fn put_first(&mut self, apart: Apart) {
        self.columns.dropped += apart.dropped;
        let Some(line) = apart.line else { return };
        self.columns.rows.splice(0..0, apart.rows);
        self.columns.lines.insert(0, line);
        self.columns.weights.splice(0..0, apart.weight);
        if self.wanted.label.is_some() {
            self.columns.labels.insert(0, 0);
        }
        self.alterations.put_first(apart.alterations);
    }
}
