//! Reading and writing model and solution files; what they mean is in `docs/model-files.md`.
//!
//! [`read`], [`read_model`] and [`write_model`] choose the format by extension (`.mps`, `.lp`, each also with `.gz`); the
//! path `-` is standard input or output. [`parse`], [`parse_mps`], [`parse_lp`], [`to_mps`], [`to_lp`] work on text in
//! memory. Whatever is read and written again is the same model, bit for bit, and with the same [`crate::Decimals`].
//!
//! Invariants: a reader never panics and never guesses; what it does not understand is an [`Error::Parse`] with file,
//! line and advice, and what readers elsewhere take otherwise is a [`Warning`]. What goes beyond linear models and
//! [`crate::Special`] (quadratic terms, general constraints) is refused rather than ignored.
//! The checker reads the same files with code of its own; `tests/readers` holds both to one table.

mod lp_columns;
mod lp_cursor;
mod lp_headings;
mod lp_lexer;
mod lp_reader;
mod lp_sets;
mod lp_writer;
mod mps_drafts;
mod mps_lines;
mod mps_reader;
mod mps_special;
mod mps_writer;
mod number;
mod reading;
mod solution;
mod text;
mod weighted;
mod writable;

use std::path::Path;

use crate::{Error, Model};
pub use text::read_text;
use text::{prepare, write_text};

pub use lp_writer::to_lp;
pub use mps_writer::{to_mps, to_mps_within};
pub use reading::{Reading, Warning};
pub use solution::{parse_solution, read_solution, to_solution, unrounded, unrounded_objective, write_solution};

/// A model file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Mathematical Programming System, fixed or free.
    Mps,
    /// The CPLEX LP format.
    Lp,
}

impl Format {
    /// The format that the extension names, before `.gz`; `None` for any other.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        match name.rsplit_once('.')?.1 {
            "mps" => Some(Self::Mps),
            "lp" => Some(Self::Lp),
            _ => None,
        }
    }

    /// Guesses the format of a text without a telling name: LP files open with the sense of their objective.
    fn of_text(text: &str) -> Self {
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with(['*', '\\']));
        let word = line.unwrap_or("").split_whitespace().next().unwrap_or("").to_ascii_lowercase();
        if word.starts_with("min") || word.starts_with("max") { Self::Lp } else { Self::Mps }
    }
}

/// Reads a model; `-` is standard input. Files without `.mps` or `.lp` in their name are told apart by their first
/// word. Numbers with more digits than a float holds stand in [`Model::decimals`].
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Parse`] when it cannot be understood.
pub fn read(path: &Path) -> Result<Reading, Error> {
    parse(&read_text(path)?, Format::of_path(path), path)
}

/// Like [`read`], without the warnings.
///
/// # Errors
/// Those of [`read`].
pub fn read_model(path: &Path) -> Result<Model, Error> {
    read(path).map(|reading| reading.model)
}

/// Reads a text in the given format, or in the one that its first word tells; `path` is used in messages only.
///
/// # Errors
/// [`Error::Parse`] with the line and what to do.
pub fn parse(text: &str, format: Option<Format>, path: &Path) -> Result<Reading, Error> {
    let text = prepare(text, path)?;
    match format.unwrap_or_else(|| Format::of_text(&text)) {
        Format::Mps => mps_reader::read(&text, path),
        Format::Lp => lp_reader::read(&text, path),
    }
}

/// Reads a text in MPS format; `path` is used in messages only.
///
/// # Errors
/// [`Error::Parse`] with the line and what to do.
pub fn parse_mps(text: &str, path: &Path) -> Result<Model, Error> {
    parse(text, Some(Format::Mps), path).map(|reading| reading.model)
}

/// Reads a text in LP format; `path` is used in messages only.
///
/// # Errors
/// [`Error::Parse`] with the line and what to do.
pub fn parse_lp(text: &str, path: &Path) -> Result<Model, Error> {
    parse(text, Some(Format::Lp), path).map(|reading| reading.model)
}

/// Writes a model; `-` is standard output. Names other than `.lp` (and `.lp.gz`) mean MPS.
///
/// # Errors
/// [`Error::Io`] when the file cannot be written, [`Error::Model`] when a name cannot stand in that format.
pub fn write_model(model: &Model, path: &Path) -> Result<(), Error> {
    let text = match Format::of_path(path).unwrap_or(Format::Mps) {
        Format::Mps => to_mps(model)?,
        Format::Lp => to_lp(model)?,
    };
    write_text(&text, path)
}
