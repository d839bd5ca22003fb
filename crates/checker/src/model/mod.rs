//! Linear models with integer and semi-continuous variables, special ordered sets and indicators, in exact rationals, as the model file states them.
//!
//! Decimals mean themselves: `0.1` is 1/10. What the files mean is in `docs/model-files.md`; the readers share no code with
//! the solver's, and `tests/readers` holds both to one table.

mod linear;
mod lp;
mod lp_sets;
mod lp_tokens;
mod mps;
mod mps_drafts;
mod mps_special;
mod ordered;
mod text;

pub(crate) use linear::value;
pub use linear::{Column, Model, OrderedSet, Remark, Row, Sense, Terms};
use text::Fault;
pub(crate) use text::{decimal, shorten};

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
    /// The first of what is no bound, row or integrality, in words.
    #[must_use]
    pub fn special(&self) -> Option<String> {
        let semi = self.columns.iter().find(|column| column.semi);
        let semi = semi.map(|column| format!("`{}` is semi-continuous", shorten(&column.name)));
        let set = || Some(format!("`{}` is a special ordered set", shorten(&self.sets.first()?.name)));
        let row = || self.rows.iter().find(|row| row.indicator.is_some());
        semi.or_else(set).or_else(|| Some(format!("row `{}` has an indicator", shorten(&row()?.name))))
    }

    /// Reads a model file in the given format, or in the one its first word tells. Memory grows with the file, which
    /// may have [`limits::MODEL_BYTES`]; time as well, and the budget of the source is asked.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the line, also for features beyond linear models with integer variables;
    /// [`Error::Unfinished`].
    pub fn read(mut source: Source<'_>, format: impl Into<Option<Format>>) -> Result<Self, Error> {
        let text = source.read_lines(limits::MODEL_BYTES)?;
        let read = match format.into().unwrap_or_else(|| Format::of_text(&text)) {
            Format::Mps => mps::read(&text, source.budget()),
            Format::Lp => lp::read(&text, source.budget()),
        };
        read.map_err(|fault| match fault {
            Fault::Wrong { line, what } => source.malformed_at(line, what),
            Fault::Spent(spent) => source.unfinished(spent),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // tests may
mod tests {
    use super::*;
    use crate::Budget;
    use std::cell::Cell;
    use std::fmt::Write as _;
    use std::rc::Rc;

    /// Reads with a budget that ends at the question `last`: what comes of it, and how often it was asked.
    fn read(text: &str, format: Format, last: u64) -> (Result<Model, Error>, u64) {
        let asked = Rc::new(Cell::new(0));
        let counter = Rc::clone(&asked);
        let budget = Budget::stopped_by(move || {
            counter.set(counter.get() + 1);
            (counter.get() >= last).then(|| "enough".to_owned())
        });
        let read = Model::read(Source::new("case", text.as_bytes()).within(&budget), format);
        (read, asked.get())
    }

    /// A stop is heard wherever a reader may be for long: in lines, in one long row, in bounds and lists of names.
    #[test]
    fn reading_can_be_stopped() {
        let names = |before: &str, after: &str| {
            (0..40_000).fold(String::new(), |mut text, j| {
                let _ = write!(text, "{before}x{j}{after}");
                text
            })
        };
        let objective = format!("min\n {}\n", names(" + 3 ", ""));
        let lp = [
            format!("{objective}end\n"),
            format!("{objective}st\n{}end\n", names(" ", " >= 1\n")),
            format!("{objective}bounds\n{}end\n", names(" ", " <= 7\n")),
            format!("{objective}general\n{}\nend\n", names(" ", "")),
        ];
        let mps = format!("ROWS\n N c\nCOLUMNS\n{}BOUNDS\n{}ENDATA\n", names(" ", " c 1\n"), names(" UP B ", " 7\n"));
        for (text, format) in lp.iter().map(|text| (text, Format::Lp)).chain([(&mps, Format::Mps)]) {
            let (model, asked) = read(text, format, u64::MAX);
            assert_eq!(model.map(|model| model.columns.len()).unwrap(), 40_000);
            let of_bytes = text.len() as u64 >> 16;
            assert!(asked >= 2 * of_bytes, "{asked} questions for {} bytes", text.len());
            for last in [1, asked / 2, asked] {
                let (stopped, at) = read(text, format, last);
                assert!(matches!(stopped, Err(Error::Unfinished { .. })) && at == last, "{stopped:?}");
            }
        }
    }
}
