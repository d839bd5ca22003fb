//! The words of a certificate, one after the other, with their line.

use crate::budget::Spent;
use crate::model::shorten;
use crate::number::{self, Rational};
use crate::{Budget, Error, Source, limits};

/// A stream of words; a word beginning with `%` starts a comment that ends with its line.
pub(super) struct Words<'s> {
    source: Source<'s>,
    word: String,
    line: u64,
}

impl<'s> Words<'s> {
    pub fn new(source: Source<'s>) -> Self {
        Self { source, word: String::new(), line: 0 }
    }

    /// The budget of the check.
    pub fn budget(&self) -> &Budget {
        self.source.budget()
    }

    /// The check ends at the word read last.
    pub fn unfinished(&self, spent: Spent) -> Error {
        self.source.unfinished(spent)
    }

    /// The line of the word read last.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next word, or `None` at the end of the file.
    pub fn next_or_end(&mut self) -> Result<Option<&str>, Error> {
        let found = self.source.next_word(&mut self.word, limits::WORD_BYTES, b'%')?;
        if found {
            self.line = self.source.line();
        }
        Ok(found.then_some(self.word.as_str()))
    }

    /// The next word; `what` is named if the file ends instead.
    pub fn next(&mut self, what: &str) -> Result<&str, Error> {
        if self.next_or_end()?.is_none() {
            return Err(self.malformed(format!("the file ends where {what} should stand")));
        }
        Ok(&self.word)
    }

    /// Takes the word `expected`.
    pub fn keyword(&mut self, expected: &str) -> Result<(), Error> {
        if self.next(&format!("`{expected}`"))? == expected {
            Ok(())
        } else {
            Err(self.expected(&format!("`{expected}`")))
        }
    }

    /// A count or index, a plain non-negative integer.
    pub fn natural(&mut self, what: &str) -> Result<usize, Error> {
        self.next(what)?;
        self.current_natural(what)
    }

    /// The word read last, as a count or index.
    pub fn current_natural(&self, what: &str) -> Result<usize, Error> {
        let word = &self.word;
        match word.parse() {
            Ok(value) if word.bytes().all(|byte| byte.is_ascii_digit()) => Ok(value),
            _ => Err(self.expected(what)),
        }
    }

    /// A value: decimal or fraction.
    pub fn value(&mut self, what: &str) -> Result<Rational, Error> {
        let value = number::exact(self.next(what)?);
        value.map_err(|error| self.malformed(format!("`{}` as {what}: {error}", shorten(&self.word))))
    }

    /// The word read last is not what should stand there.
    pub fn expected(&self, what: &str) -> Error {
        self.malformed(format!("expected {what}, found `{}`", shorten(&self.word)))
    }

    /// A format error at the word read last.
    pub fn malformed(&self, what: impl Into<String>) -> Error {
        self.source.malformed_at(self.line, what)
    }

    /// A false step at the word read last.
    pub fn refuted(&self, what: impl Into<String>) -> Error {
        self.source.refuted_at(self.line, what)
    }

    /// A false step on the given line.
    pub fn refuted_at(&self, line: u64, what: impl Into<String>) -> Error {
        self.source.refuted_at(line, what)
    }
}
