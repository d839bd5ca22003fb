//! A place among the tokens of an LP file, what stands there, and refusals that name its line.

use super::lp_lexer::{Located, Relation, Token, Tokens};
use super::reading::shorten;

/// What was read, or a line and what is wrong with it.
pub(super) type Parsed<T> = Result<T, (usize, String)>;

/// The next token, and the row, bound or objective that it belongs to.
pub(super) struct Cursor<'t, 'a> {
    tokens: &'t [Located<'a>],
    /// What stands behind them, of which no token is made.
    fault: Option<&'t (usize, String)>,
    pub(super) next: usize,
    /// Where the row, bound or objective at hand begins.
    item: usize,
    pub(super) last_line: usize,
}

impl<'t, 'a> Cursor<'t, 'a> {
    /// At the first token; `last_line` is that of the file.
    pub(super) fn new(tokens: &'t Tokens<'a>, last_line: usize) -> Self {
        Self { tokens: &tokens.all, fault: tokens.fault.as_ref(), next: 0, item: 0, last_line }
    }

    /// A row, bound or objective begins here.
    pub(super) fn begin_item(&mut self) {
        self.item = self.next;
    }

    /// Line of the next token.
    pub(super) fn next_line(&self) -> usize {
        self.line_of(self.next)
    }

    /// The token just taken.
    pub(super) fn last(&self) -> Option<Located<'a>> {
        self.next.checked_sub(1).and_then(|last| self.tokens.get(last)).copied()
    }

    pub(super) fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.next).map(|located| located.token)
    }

    pub(super) fn take(&mut self) -> Option<Token<'a>> {
        let token = self.peek();
        self.next += usize::from(token.is_some());
        token
    }

    pub(super) fn line_of(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(self.last_line, |located| located.line)
    }

    /// Line of the token just taken.
    pub(super) fn line(&self) -> usize {
        self.line_of(self.next.saturating_sub(1))
    }

    /// The error of what stands behind the tokens, for those who have come to their end.
    pub(super) fn end(&self) -> Parsed<()> {
        self.fault.filter(|_| self.next >= self.tokens.len()).map_or(Ok(()), |fault| Err(fault.clone()))
    }

    /// An error at the next token.
    pub(super) fn refuse<T>(&self, message: impl Into<String>) -> Parsed<T> {
        self.end()?;
        Err((self.line_of(self.next), message.into()))
    }

    /// An error at the token just taken.
    pub(super) fn refuse_last<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err((self.line(), message.into()))
    }

    /// An error of something that is missing before the token at `index`: at the end of what stands there of this row or bound,
    /// which may be lines above.
    pub(super) fn refuse_gap<T>(&self, index: usize, message: impl Into<String>) -> Parsed<T> {
        if index >= self.tokens.len() {
            self.end()?;
        }
        let before = index.saturating_sub(1);
        Err((self.line_of(if before >= self.item { before } else { index }), message.into()))
    }

    /// The error of something at the token just taken.
    pub(super) fn located<T>(&self, result: Result<T, String>) -> Parsed<T> {
        result.map_err(|message| (self.line(), message))
    }

    /// Whether the row or bound at hand begins on the line where a number ends the one before it.
    pub(super) fn goes_on(&self) -> bool {
        let before = self.item.checked_sub(1).and_then(|last| self.tokens.get(last));
        before.is_some_and(|of| matches!(of.token, Token::Number(_)) && of.line == self.line_of(self.item))
    }

    /// The label of a row or objective, if there is one.
    pub(super) fn label(&mut self) -> Option<&'a str> {
        let Some(Token::Name(name)) = self.peek() else { return None };
        self.labels_next().then(|| {
            self.next += 2;
            name
        })
    }

    /// The token after so many others.
    pub(super) fn ahead(&self, others: usize) -> Option<Token<'a>> {
        self.tokens.get(self.next + others).map(|located| located.token)
    }

    /// A column and the number that it is compared with, if `column = number ->` comes next.
    pub(super) fn indicator(&mut self) -> Option<(&'a str, &'a str)> {
        let (Some(Token::Name(column)), Some(Token::Relation(Relation::Equal))) = (self.ahead(0), self.ahead(1)) else {
            return None;
        };
        let (Some(Token::Number(value)), Some(Token::Arrow)) = (self.ahead(2), self.ahead(3)) else {
            return None;
        };
        self.next += 4;
        Some((column, value))
    }

    /// Whether a colon follows the next token.
    pub(super) fn labels_next(&self) -> bool {
        self.tokens.get(self.next + 1).is_some_and(|located| located.token == Token::Colon)
    }

    /// The error of an arrow just taken.
    pub(super) fn refuse_arrow<T>(&self) -> Parsed<T> {
        self.refuse_last("'->' follows 'column = 1' or 'column = 0' at the begin of a row, and nothing else")
    }

    /// Whether the product of all signs that stand here is negative, `None` if there are none.
    pub(super) fn sign(&mut self) -> Option<bool> {
        let mut sign = None;
        loop {
            let negative = match self.peek() {
                Some(Token::Plus) => false,
                Some(Token::Minus) => true,
                _ => return sign,
            };
            self.next += 1;
            sign = Some(sign.unwrap_or(false) ^ negative);
        }
    }

    pub(super) fn relation(&mut self) -> Option<Relation> {
        let Some(Token::Relation(relation)) = self.peek() else { return None };
        self.next += 1;
        Some(relation)
    }

    /// A signed number as it is written, and whether its sign is negative.
    pub(super) fn signed(&mut self) -> Parsed<(bool, &'a str)> {
        let negative = self.sign().unwrap_or(false);
        match self.take() {
            Some(Token::Number(text)) => Ok((negative, text)),
            Some(Token::Arrow) => self.refuse_arrow(),
            None => self.refuse_gap(self.next, "the file ends where a number should stand"),
            Some(_) => self.refuse_gap(self.next - 1, "a number is missing here; variables stand left of the relation"),
        }
    }

    /// Whether a signed number and a relation come next.
    pub(super) fn leads_with_side(&self) -> bool {
        let mut rest = self.tokens[self.next..].iter().map(|located| located.token);
        let first = rest.find(|token| !matches!(token, Token::Plus | Token::Minus));
        matches!((first, rest.next()), (Some(Token::Number(_)), Some(Token::Relation(_))))
    }

    /// What is wrong with an expression that no relation follows, which perhaps only `goes_on` behind the number of a row.
    pub(super) fn refuse_no_relation(&self, goes_on: bool) -> Parsed<()> {
        if goes_on {
            let advice = "terms behind the number right of a relation: one number stands there, all else left of it";
            return Err((self.line_of(self.item), advice.into()));
        }
        let same_line = self.next > 0 && self.line_of(self.next) == self.line_of(self.next - 1);
        match self.peek() {
            Some(Token::Number(text) | Token::Name(text)) if same_line => {
                self.refuse(format!("a sign or a relation (<=, >= or =) is missing before '{}'", shorten(text)))
            }
            _ => self.refuse_gap(self.next, "a relation (<=, >= or =) is missing after this expression"),
        }
    }
}
