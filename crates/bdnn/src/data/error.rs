//! What can be wrong with a data file, with its place and what to do.

use std::path::PathBuf;

/// Data that cannot be read or split.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A data file that cannot be used.
    #[error("{}{}: {problem}", file.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
    File {
        /// The file as the caller named it.
        file: PathBuf,
        /// Line of the file, counted from 1, where one line is to blame.
        line: Option<u64>,
        /// What is wrong.
        problem: DataProblem,
    },
    /// A file that cannot be read or written.
    #[error("{}: {source}", file.display())]
    Io {
        /// The file as the caller named it.
        file: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The caller's watch ended the reading.
    #[error("{}: reading was stopped", file.display())]
    Stopped {
        /// The file as the caller named it.
        file: PathBuf,
    },
    /// Rows in memory that are no data.
    #[error("{0}")]
    Rows(String),
    /// Fractions that leave a part of a split unusable.
    #[error("cannot split the data: {0}")]
    Split(String),
}

/// `1 column`, `2 columns`.
fn columns(count: usize) -> String {
    if count == 1 { "1 column".to_owned() } else { format!("{count} columns") }
}

/// A column of a data file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Counted from 1.
    pub number: usize,
    /// Its name, if the file has a header.
    pub name: Option<String>,
}

impl std::fmt::Display for Column {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(f, "column {} ({name})", self.number),
            None => write!(f, "column {}", self.number),
        }
    }
}

/// What can be wrong with a data file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DataProblem {
    /// Bytes that are no text: the first of them.
    #[error("not UTF-8 text (a byte 0x{0:02x}; is it Latin-1 or Windows-1252?); save the file as UTF-8")]
    NotText(u8),
    /// Another encoding or kind of file.
    #[error("{0}")]
    Encoding(&'static str),
    /// A packed file that holds too much.
    #[error("more than {0} bytes once unpacked; unpack the file and take what is needed")]
    Unpacked(u64),
    /// A packed file without its end, or with false bytes.
    #[error("the packed file is damaged or cut off; copy it anew")]
    Damaged,
    /// The numbers do not fit into memory.
    #[error("not enough memory for the numbers so far, {0} bytes; use a part of the rows or a machine with more")]
    Memory(u64),
    /// A quote without end.
    #[error("the quote that opens a cell here is never closed; double a quote that belongs to a quoted cell")]
    OpenQuote,
    /// A quote in the middle of a cell.
    #[error("text after a closing quote; double a quote that belongs to a quoted cell")]
    AfterQuote,
    /// No end of a row.
    #[error("a row longer than {0} bytes; is a quote not closed, or is this no table?")]
    LongRow(usize),
    /// The first row may be either.
    #[error("the first row ({0}) may be a header or a point; say which with --header yes or --header no")]
    HeaderOrPoint(String),
    /// A column that was taken for trailing delimiters.
    #[error(
        "column {column} has no name and was empty before, but is \"{text}\" here; name it in a header, or empty it"
    )]
    NotTrailing {
        /// Counted from 1.
        column: usize,
        /// The cell, cut if long.
        text: String,
    },
    /// Nothing but blank lines, or a header alone.
    #[error("no data row; a data file has one row a point, features and label")]
    Empty,
    /// A single column, and what else may divide it or stand in its place.
    #[error(
        "only one column; the delimiter must be `,` `;` or tab, and a label column must stand beside the features{0}"
    )]
    OneColumn(&'static str),
    /// A row of another length.
    #[error("{} where the first line has {expected}; {hint}", columns(*found))]
    Ragged {
        /// Columns of the first line.
        expected: usize,
        /// Columns of this one.
        found: usize,
        /// What may be the reason.
        hint: &'static str,
    },
    /// Text among numbers.
    #[error("{column}: \"{text}\" is not a number; {hint}")]
    NotANumber {
        /// Where.
        column: Column,
        /// The cell, cut if long.
        text: String,
        /// What may be the reason.
        hint: Box<str>,
    },
    /// A number that is not finite.
    #[error("{column}: \"{text}\" is not a finite number in binary64 (at most 1.8e308); correct it or remove the row")]
    NotFinite {
        /// Where.
        column: Column,
        /// The cell, cut if long.
        text: String,
    },
    /// A missing value.
    #[error("{column}: missing value; fill it in or pass --drop-missing to leave out such rows")]
    Missing {
        /// Where.
        column: Column,
    },
    /// Every row has a missing value.
    #[error("every row has a missing value; nothing is left after --drop-missing")]
    AllMissing,
    /// No such label column.
    #[error("no label column {wanted}; {available}")]
    NoLabel {
        /// The column asked for.
        wanted: String,
        /// The columns there are.
        available: String,
    },
    /// No such column of weights.
    #[error("no column of weights {wanted}; {available}")]
    NoWeights {
        /// The column asked for.
        wanted: String,
        /// The columns there are.
        available: String,
    },
    /// No such column of categories.
    #[error("no column of categories {wanted}; {available}")]
    NoOneHot {
        /// The column asked for.
        wanted: String,
        /// The columns there are.
        available: String,
    },
    /// Label or weights as categories.
    #[error("{0} is no feature: it holds the label or the weights; leave it out of --one-hot")]
    NoCategories(Column),
    /// More values than features should be.
    #[error(
        "{column}: more than {most} different values, each a feature of its own, and \"{text}\" is one; is this a name or a number? \
         leave the column out, or correct what is no number"
    )]
    TooManyValues {
        /// Where.
        column: Column,
        /// The most there may be.
        most: usize,
        /// The cell, cut if long.
        text: String,
    },
    /// One column for two purposes.
    #[error("{0} is the label; name another column with --weight-column")]
    LabelAsWeight(Column),
    /// A weight that is none.
    #[error("{column}: \"{text}\" is no weight; {why}")]
    Weight {
        /// Where.
        column: Column,
        /// The cell, cut if long.
        text: String,
        /// What is wrong with it ([`super::no_weight`]).
        why: &'static str,
    },
    /// Nothing counts.
    #[error("{0}: every row has the weight 0; none counts")]
    Weightless(Column),
    /// Two columns of one name.
    #[error("two columns are called \"{0}\"; rename one")]
    DuplicateColumn(String),
    /// A single class.
    #[error(
        "all rows have the label \"{label}\"; training needs at least two classes (is {column} the label column?){merged}"
    )]
    OneClass {
        /// The label.
        label: Box<str>,
        /// Its column.
        column: Column,
        /// What is said of labels that differ and are this class; begins with `; ` if there is anything.
        merged: Box<str>,
    },
    /// Hardly two rows with one label: it is a number to regress on, or the wrong column.
    #[error(
        "{classes} classes in {rows} rows: is {column} really the label? choose another with --label, or one class with \
         --positive"
    )]
    TooManyClasses {
        /// Number of classes.
        classes: usize,
        /// Number of rows.
        rows: usize,
        /// The label column.
        column: Column,
    },
    /// `--positive` names no class.
    #[error("no row has the class \"{wanted}\"; the classes are {available}")]
    NoPositive {
        /// The class asked for.
        wanted: String,
        /// The classes there are.
        available: String,
    },
    /// A label the model does not know.
    #[error("{column}: the model knows no class \"{text}\"; its classes are {known}")]
    UnknownClass {
        /// Where.
        column: Column,
        /// The cell, cut if long.
        text: String,
        /// The model's classes.
        known: String,
    },
    /// Features the model needs.
    #[error("no column {missing}; the model needs {}; the columns are {available}", if *several { "these features" } else { "this feature" })]
    NoFeature {
        /// The features that are not there, quoted.
        missing: String,
        /// Whether they are several.
        several: bool,
        /// The columns there are.
        available: String,
    },
    /// Columns that do not fit the model.
    #[error("{found} columns; the model needs its {features} features, with or without the label")]
    Width {
        /// Columns found.
        found: usize,
        /// Features of the model.
        features: usize,
    },
    /// The label is needed and not there.
    #[error("no label column \"{0}\" to compare predictions with; if it has another name, say it with --label")]
    Unlabelled(String),
}
