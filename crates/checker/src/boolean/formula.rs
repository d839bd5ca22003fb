//! Formulas in OPB: an objective and constraints over Boolean variables.

use super::constraint::Sum;
use super::names::Names;
use super::tokens::Tokens;
use crate::{Error, Source};

/// A formula file, read constraint by constraint: at most one objective, `min: .. [constant] ;`, before all constraints,
/// each `[@label] coefficient literal .. >= degree ;`. Comments begin with `*`.
pub(crate) struct Reader<'s> {
    tokens: Tokens<'s>,
    /// Whether a token is read that was not used yet.
    ahead: bool,
}

/// A constraint as it stands in the file.
#[derive(Debug, PartialEq)]
pub(crate) struct Row {
    pub label: Option<String>,
    pub sum: Sum,
    pub degree: i64,
}

impl<'s> Reader<'s> {
    pub fn new(source: Source<'s>) -> Self {
        Self { tokens: Tokens::new(source, b'*'), ahead: false }
    }

    /// The objective and its constant, if the file begins with one.
    pub fn objective(&mut self, names: &mut Names) -> Result<Option<(Sum, i64)>, Error> {
        self.ahead = self.tokens.advance()?;
        if self.tokens.current() != "min" {
            return Ok(None);
        }
        self.ahead = false;
        self.tokens.keyword(":")?;
        let (mut sum, mut constant) = (Sum::new(), None);
        while self.tokens.next("a coefficient or `;`")? != ";" {
            if constant.is_some() {
                return Err(self.tokens.expected("`;` after the constant"));
            }
            let number = self.tokens.integer("a coefficient or `;`")?;
            if self.tokens.next("a literal or `;`")? == ";" {
                constant = Some(number);
                break;
            }
            sum.push((self.tokens.not_zero(number)?, self.tokens.literal(names)?));
        }
        self.tokens.distinct(&sum)?;
        Ok(Some((sum, constant.unwrap_or(0))))
    }

    /// The next constraint, `None` at the end.
    pub fn next(&mut self, names: &mut Names) -> Result<Option<Row>, Error> {
        if !std::mem::take(&mut self.ahead) && !self.tokens.advance()? {
            return Ok(None);
        }
        if self.tokens.current().is_empty() {
            return Ok(None);
        }
        let label = self.tokens.label()?;
        if label.is_some() {
            self.tokens.next("a constraint")?;
        }
        let (sum, degree) = self.tokens.sum(names)?;
        self.tokens.semicolon()?;
        Ok(Some(Row { label, sum, degree }))
    }

    /// A format error at the place that was read last.
    pub fn malformed(&self, what: impl Into<String>) -> Error {
        self.tokens.malformed(what)
    }

    /// A false claim at the place that was read last.
    pub fn refuted(&self, what: impl Into<String>) -> Error {
        self.tokens.refuted(what)
    }
}
