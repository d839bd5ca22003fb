//! The tokens of formula and proof files: words, `;` and `:`.

use super::constraint::{Constraint, Lit, Sum, Term, TooLarge, Var};
use super::names::{Names, is_name_byte};
use crate::model::shorten;
use crate::{Error, Source, limits};

/// A stream of tokens. Words stand between blanks, `;` and `:` may touch them; a comment begins with a word that starts
/// with the comment character and ends with its line.
pub(super) struct Tokens<'s> {
    source: Source<'s>,
    comment: u8,
    buffer: String,
    /// The current token is `buffer[start..end]`.
    start: usize,
    end: usize,
}

impl<'s> Tokens<'s> {
    pub fn new(source: Source<'s>, comment: u8) -> Self {
        Self { source, comment, buffer: String::new(), start: 0, end: 0 }
    }

    /// Takes note of steps beside reading.
    pub fn spend(&self, steps: usize) -> Result<(), Error> {
        self.source.spend(steps)
    }

    /// Takes note of terms that are about to be held beside the constraints of the file.
    pub fn hold(&self, terms: usize) -> Result<(), Error> {
        let held = self.source.budget().hold(terms, size_of::<Term>());
        held.map_err(|spent| self.source.unfinished(spent))
    }

    /// Takes note that they are gone.
    pub fn release(&self, terms: usize) {
        self.source.budget().release(terms, size_of::<Term>());
    }

    /// The token read last; empty at the end of the file.
    pub fn current(&self) -> &str {
        self.buffer.get(self.start..self.end).unwrap_or("")
    }

    /// Reads the next token; false at the end of the file.
    pub fn advance(&mut self) -> Result<bool, Error> {
        self.start = self.end;
        if self.start >= self.buffer.len() {
            self.start = 0;
            if !self.source.next_word(&mut self.buffer, limits::WORD_BYTES, self.comment)? {
                self.end = 0;
                return Ok(false);
            }
        }
        let rest = self.buffer.get(self.start..).unwrap_or("");
        let length = if rest.starts_with([';', ':']) { 1 } else { rest.find([';', ':']).unwrap_or(rest.len()) };
        self.end = self.start + length;
        Ok(true)
    }

    /// The next token; `what` is named if the file ends instead.
    pub fn next(&mut self, what: &str) -> Result<&str, Error> {
        if self.advance()? { Ok(self.current()) } else { Err(self.ends(what)) }
    }

    fn ends(&self, what: &str) -> Error {
        self.malformed(format!("the file ends where {what} should stand"))
    }

    /// Takes the token `expected`.
    pub fn keyword(&mut self, expected: &str) -> Result<(), Error> {
        if self.next(&format!("`{expected}`"))? == expected {
            Ok(())
        } else {
            Err(self.expected(&format!("`{expected}`")))
        }
    }

    /// The current token as an integer: an optional sign, digits, no superfluous zeros.
    pub fn integer(&self, what: &str) -> Result<i64, Error> {
        let word = self.current();
        let digits = word.strip_prefix(['+', '-']).unwrap_or(word);
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
        match word.parse() {
            Ok(value) if plain => Ok(value),
            Err(_) if plain && !digits.is_empty() => Err(self.malformed(TooLarge.to_string())),
            _ => Err(self.expected(what)),
        }
    }

    /// The current token as a literal, a variable's name with or without `~` before it; new names are added.
    pub fn literal(&self, names: &mut Names) -> Result<Lit, Error> {
        let word = self.current();
        let (negated, name) = match word.strip_prefix('~') {
            Some(name) => (true, name),
            None => (false, word),
        };
        match names.add(name) {
            Some(var) => Ok(var.literal(!negated)),
            None => Err(self.expected("a literal")),
        }
    }

    /// The current token as a variable.
    pub fn variable(&self, names: &mut Names) -> Result<Var, Error> {
        names.add(self.current()).ok_or_else(|| self.expected("a variable"))
    }

    /// A constraint whose first token is the current one, in normal form; the token after it is then the current one.
    pub fn constraint(&mut self, names: &mut Names) -> Result<Constraint, Error> {
        let (sum, degree) = self.sum(names)?;
        let sum = sum.into_iter().map(|(coefficient, lit)| (coefficient.into(), lit)).collect();
        Constraint::new(sum, degree.into()).map_err(|large| self.malformed(large.to_string()))
    }

    /// `coefficient literal .. >= degree` from the current token on, no variable twice; the token after it is then the
    /// current one.
    pub fn sum(&mut self, names: &mut Names) -> Result<(Sum, i64), Error> {
        let mut sum = Sum::new();
        while self.current() != ">=" {
            let coefficient = self.integer("a coefficient or `>=`")?;
            self.next("a literal")?;
            sum.push((self.not_zero(coefficient)?, self.literal(names)?));
            self.next("a coefficient or `>=`")?;
        }
        self.next("a right-hand side")?;
        let degree = self.integer("a right-hand side")?;
        self.distinct(&sum)?;
        self.next("`;`")?;
        Ok((sum, degree))
    }

    pub fn not_zero(&self, coefficient: i64) -> Result<i64, Error> {
        if coefficient == 0 { Err(self.malformed("a coefficient of 0")) } else { Ok(coefficient) }
    }

    /// No variable stands twice.
    pub fn distinct(&self, sum: &Sum) -> Result<(), Error> {
        let mut vars: Vec<Var> = sum.iter().map(|(_, lit)| lit.var()).collect();
        vars.sort_unstable();
        if vars.iter().zip(vars.iter().skip(1)).any(|(var, next)| var == next) {
            return Err(self.malformed("a variable stands twice in one sum"));
        }
        Ok(())
    }

    /// The current token as a label without its `@`; `None` if it is none.
    pub fn label(&self) -> Result<Option<String>, Error> {
        match self.current().strip_prefix('@') {
            None => Ok(None),
            Some(label) if !label.is_empty() && label.bytes().all(is_name_byte) => Ok(Some(label.to_owned())),
            Some(_) => Err(self.expected("a label")),
        }
    }

    /// The current token is `;`.
    pub fn semicolon(&self) -> Result<(), Error> {
        if self.current() == ";" { Ok(()) } else { Err(self.expected("`;`")) }
    }

    /// The current token is not what should stand there.
    pub fn expected(&self, what: &str) -> Error {
        if self.end == 0 {
            return self.ends(what);
        }
        self.malformed(format!("expected {what}, found `{}`", shorten(self.current())))
    }

    /// A format error at the current token.
    pub fn malformed(&self, what: impl Into<String>) -> Error {
        self.source.malformed(what)
    }

    /// A false step at the current token.
    pub fn refuted(&self, what: impl Into<String>) -> Error {
        self.source.refuted_at(self.source.line(), what)
    }

    /// A false step on another line.
    pub fn refuted_at(&self, line: u64, what: impl Into<String>) -> Error {
        self.source.refuted_at(line, what)
    }

    pub fn line(&self) -> u64 {
        self.source.line()
    }
}
