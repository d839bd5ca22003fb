//! What reading a file comes to: a model with warnings, and what both readers say alike.

use crate::Model;

/// Something in a file that is read one way here and another way elsewhere, or that says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Line, counted from 1.
    pub line: usize,
    /// What is there, how it is read, and what to write to be understood everywhere.
    pub message: String,
}

/// Places of a file that call for the same warning: the first one has it, and how many others there are.
#[derive(Default)]
pub(super) struct Alike {
    first: Option<Warning>,
    others: usize,
}

impl Alike {
    /// Notes a place, and what stands there should it be the first.
    pub(super) fn note(&mut self, line: usize, message: impl FnOnce() -> String) {
        if self.first.is_some() {
            self.others += 1;
        } else {
            self.first = Some(Warning { line, message: message() });
        }
    }

    /// A bound whose number counts as infinity.
    pub(super) fn note_open_bound(&mut self, line: usize, text: &str) {
        self.note(line, || format!("a bound of {} counts as infinity, as from 1e20 on in most solvers", shorten(text)));
    }

    /// The warning of bounds, rows, .. (`what`), and what to do about them.
    pub(super) fn warning(self, what: &str, advice: &str) -> Option<Warning> {
        let Warning { line, message } = self.first?;
        let others = match self.others {
            0 => String::new(),
            1 => format!(" (and one further {what})"),
            others => format!(" (and {others} further {what}s)"),
        };
        Some(Warning { line, message: format!("{message}{others}; {advice}") })
    }

    /// The warning of bounds that count as infinite.
    pub(super) fn of_open_bounds(self) -> Option<Warning> {
        self.warning("bound", "write inf if that is meant, else state it as a row")
    }
}

/// What is to be said of a semi-continuous column whose lower bound is not above 0.
pub(super) fn about_semi_continuous(name: &str) -> String {
    format!(
        "'{}' is semi-continuous and its lower bound is not above 0: it is 0 or within its bounds, as they stand; some readers \
         take a lower bound of 1 where none is given, or refuse one below 0",
        shorten(name)
    )
}

/// What to do about it.
pub(super) const OF_SEMI_CONTINUOUS: &str = "give a lower bound above 0, or leave it an ordinary column";

/// Whether a line has nothing but blanks and control characters: old editors close a file with one.
pub(super) fn is_blank(line: &str) -> bool {
    line.chars().all(|c| c.is_whitespace() || c.is_control())
}

/// Of text behind the word that ends a file.
pub(super) fn after_end(line: usize, word: &str) -> Warning {
    Warning { line, message: format!("what follows '{word}' is not read: does it belong before it?") }
}

/// A model as its file states it, and what its author should know of the reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The model.
    pub model: Model,
    /// By line.
    pub warnings: Vec<Warning>,
}

/// At most forty characters of a text that goes into a message.
pub(super) fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.into(),
    }
}
