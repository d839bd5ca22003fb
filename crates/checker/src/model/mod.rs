//! Linear models with integer variables, in exact rationals, as the model file states them.
//!
//! Decimals mean themselves: `0.1` is 1/10. What the files mean is in `docs/model-files.md`; the readers share no code with
//! the solver's, and `tests/readers` holds both to one table.

mod linear;
mod lp;
mod mps;
mod text;

pub(crate) use linear::value;
pub use linear::{Column, Model, Remark, Row, Sense, Terms};
pub(crate) use text::{coefficient, shorten};

use crate::{Error, Source, limits};

/// Model file formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// MPS, free or fixed.
    Mps,
    /// CPLEX LP.
    Lp,
}

impl Format {
    /// The format that a file's name ends in (`.mps` or `.lp`, any case, perhaps with `.gz` after), if it tells.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        match name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.')?.1 {
            "mps" => Some(Self::Mps),
            "lp" => Some(Self::Lp),
            _ => None,
        }
    }

    /// LP files open with the direction of their objective.
    fn of_text(text: &str) -> Self {
        let mut lines =
            text.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with(['*', '\\']));
        let word = lines.next().unwrap_or("").to_ascii_lowercase();
        if word.starts_with("min") || word.starts_with("max") { Self::Lp } else { Self::Mps }
    }
}

impl Model {
    /// Reads a model file in the given format, or in the one its first word tells. Memory grows with the file, which
    /// may have [`limits::MODEL_BYTES`].
    ///
    /// # Errors
    /// [`Error::Malformed`] with the line, also for features beyond linear models with integer variables.
    pub fn read(mut source: Source<'_>, format: impl Into<Option<Format>>) -> Result<Self, Error> {
        let text = source.read_lines(limits::MODEL_BYTES)?;
        let read = match format.into().unwrap_or_else(|| Format::of_text(&text)) {
            Format::Mps => mps::read(&text),
            Format::Lp => lp::read(&text),
        };
        read.map_err(|fault| source.malformed_at(fault.line, fault.what))
    }
}
