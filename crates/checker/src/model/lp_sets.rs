//! Special ordered sets of LP files: `name: S1:: column:weight ..`.

use super::lp::{Parser, Step};
use super::lp_tokens::Token;
use super::ordered::{Draft, neighbours};
use super::text::{coefficient, shorten};

impl<'t> Parser<'_, 't> {
    /// The neighbours that `S1::` or `S2::` tells, if that comes next.
    fn kind_of_set(&self) -> Option<usize> {
        match (self.ahead(0), self.ahead(1), self.ahead(2)) {
            (Some(Token::Name(word)), Some(Token::Colon), Some(Token::Colon)) => neighbours(word),
            _ => None,
        }
    }

    /// One set; `heading` is the number in the word that opens the section, if there is one.
    pub(super) fn set(&mut self, heading: Option<usize>) -> Step<()> {
        self.spend()?;
        let start = self.line_ahead();
        let label = if self.kind_of_set().is_some() { None } else { self.label() };
        let Some(neighbours) = self.kind_of_set() else {
            return self.unlike("a special ordered set is `name: S1:: column:weight ..`, or S2");
        };
        for _ in 0..3 {
            self.take();
        }
        if heading.is_some_and(|heading| heading != neighbours) {
            return Err("this set is not of the kind that the heading names".to_owned());
        }
        if label.is_some_and(|label| self.set_names.insert(label, ()).is_some()) {
            self.stray = Some(start);
            return Err(format!("two sets are named `{}`", shorten(label.unwrap_or(""))));
        }
        let mut draft = Draft::new(label.unwrap_or(""), neighbours);
        while let Some(Token::Name(name)) = self.peek() {
            if self.labels(0) && matches!(self.ahead(2), Some(Token::Name(_) | Token::Colon)) {
                break;
            }
            self.spend()?;
            let column = self.variable()?;
            if self.peek() != Some(Token::Colon) {
                return self.missing(&format!("`{}` has no weight", shorten(name)));
            }
            self.take();
            let weight = coefficient(&self.number()?)?;
            draft.add(column, name, weight)?;
        }
        self.sets.push(draft.finish());
        Ok(())
    }
}
